"""One contract for every algorithm: same seed same labels, a fair refusal, and a scorer that says the same."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal
from sklearn.cluster import (
    HDBSCAN,
    AgglomerativeClustering,
    Birch,
    BisectingKMeans,
    KMeans,
    SpectralClustering,
)
from sklearn.metrics import adjusted_rand_score, pairwise_distances
from sklearn.mixture import GaussianMixture
from support.factories import make_run

from segmentry.edges.run_folder import codec, store
from segmentry.edges.run_folder.manifest import Clock, manifest_of, write_manifest
from segmentry.errors import ModelError, UsageError
from segmentry.pipeline.algorithms import settle, ship
from segmentry.pipeline.sweep import prepare
from segmentry.records.algorithms import CATALOG, EVERY
from segmentry.records.customers import PLACEMENTS, Placement
from segmentry.records.model import Model
from segmentry.records.scorers import SCORERS, Centroids, Gaussians, Prototypes, row, rows
from segmentry.records.solution import Clustering
from segmentry.settings import Settings
from segmentry.stages.clustering import birch, kmedoids
from segmentry.stages.clustering.catalog import ALGORITHMS
from segmentry.stages.clustering.mixture import Mixture
from segmentry.stages.clustering.prototypes import numbered, prototypes
from segmentry.stages.columns.parsing_sql import value_sql
from segmentry.stages.features.recipe import Given
from segmentry.stages.scoring.score import place, score
from segmentry.stages.scoring.scoring_sql import has_no_sql, scoring_sql

Points = NDArray[np.float64]
ANYWHERE = np.inf

every_algorithm = pytest.mark.parametrize("name", list(ALGORITHMS))


def in_order(points: Points) -> Points:
    return points[np.lexsort(points.T)]


def blobs(n: int = 300, k: int = 3, p: int = 3, seed: int = 0) -> Points:
    """Groups that nobody can miss."""
    rng = np.random.default_rng(seed)
    return in_order(rng.normal(size=(n, p)) + 9 * (np.arange(n) % k)[:, None])


def touching(n: int = 400, seed: int = 1) -> Points:
    """Groups that touch."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 4)) + 1.5 * rng.integers(0, 3, size=(n, 1)) * np.array([1, -1, 0.5, 0])
    return in_order((points - points.mean(axis=0)) / points.std(axis=0))


def with_gaps(points: Points, share: float = 0.3) -> Points:
    gappy = np.array(points)
    gappy[np.random.default_rng(2).random(gappy.shape) < share] = np.nan
    return gappy


def fit(name: str, points: Points, k: int = 3, seed: int = 0) -> Clustering:
    return ALGORITHMS[name]()(points, k=k, seed=seed)


def placed(points: Points, fitted: Clustering) -> NDArray[np.int64]:
    return place(points, fitted.scorer, reach=ANYWHERE).segment


@every_algorithm
def test_the_same_seed_gives_the_same_segments(name: str) -> None:
    first, again = (fit(name, touching(), seed=3) for _ in range(2))
    assert first.scorer == again.scorer
    np.testing.assert_array_equal(first.labels, again.labels)


@every_algorithm
def test_the_order_of_customers_changes_nothing(name: str, columns: Callable[..., tuple[Given, ...]]) -> None:
    """The workflow's canonical order sees to it."""
    values = np.array(touching(250))
    ids = np.array([f"c{number:04d}" for number in range(len(values))], dtype=object)
    shuffled = np.random.default_rng(4).permutation(len(values))
    settings, given = Settings(), columns(values.shape[1])
    ready = prepare(values, ids, given, settings)
    other = prepare(values[shuffled], ids[shuffled], given, settings)
    one, same = fit(name, ready.points), fit(name, other.points)
    assert one.scorer == same.scorer


@pytest.fixture
def columns() -> Callable[..., tuple[Given, ...]]:
    from segmentry.records.columns import Column, Format, Kind, Role

    def made(p: int) -> tuple[Given, ...]:
        return tuple(
            Given(
                column=Column(
                    name=f"x{j}",
                    feature=f"x{j}",
                    format=Format(kind=Kind.NUMBER),
                    role=Role.SEGMENTATION,
                    reason="",
                )
            )
            for j in range(p)
        )

    return made


@every_algorithm
def test_a_customer_alone_is_placed_as_among_others(name: str) -> None:
    points = touching()
    fitted = fit(name, points)
    new = np.vstack([with_gaps(points), points[:20] + 30, np.full((1, points.shape[1]), np.nan)])
    together = place(new, fitted.scorer, reach=2.0)
    for at in range(0, len(new), 3):
        alone = place(new[at : at + 1], fitted.scorer, reach=2.0)
        for field in ("segment", "rival", "distance", "confidence", "out_of_range", "placement"):
            np.testing.assert_array_equal(
                getattr(alone, field)[0], getattr(together, field)[at], err_msg=field
            )


@every_algorithm
def test_clear_groups_are_found_and_the_scorer_agrees(name: str) -> None:
    points = blobs()
    fitted = fit(name, points)
    scored = placed(points, fitted)
    truth = np.round(points.mean(axis=1) / 9)
    assert fitted.k == 3
    assert adjusted_rand_score(truth, scored) > 0.99
    assert (scored == fitted.labels).mean() >= 0.95


@every_algorithm
def test_confidence_is_a_share_and_gaps_leave_customers_their_places(name: str) -> None:
    points = blobs()
    fitted = fit(name, points)
    gappy = with_gaps(points)
    gappy[np.isnan(gappy).all(axis=1), 0] = 0.0
    found = place(gappy, fitted.scorer, reach=ANYWHERE)
    assert ((found.confidence >= 0) & (found.confidence <= 1)).all()
    assert (found.segment >= 0).mean() > 0.95
    there = (found.segment >= 0) & (np.isnan(gappy).mean(axis=1) < 0.5)
    assert (found.segment == fitted.labels)[there].mean() > 0.95


@every_algorithm
def test_a_scorer_keeps_no_customer(name: str) -> None:
    points = touching()
    scorer = fit(name, points).scorer
    if isinstance(scorer, Prototypes):
        assert len(scorer.points) <= 200
    if isinstance(scorer, Prototypes | Centroids):
        assert pairwise_distances(scorer.matrix, points).min() > 1e-6
    assert scorer.kind in SCORERS


@every_algorithm
def test_a_scorer_comes_back_from_json_as_it_was(name: str) -> None:
    settled = settle(fit(name, touching()), touching())
    model = named(make_run(k=3, p=4, n=60).model, settled.scorer, settled.centres)
    again = codec.loads(codec.dumps(model), Model, where="the test")
    assert again == model
    assert again.scorer == settled.scorer
    values = np.random.default_rng(0).normal(size=(50, 4)) * 3
    np.testing.assert_array_equal(score(values, again).segment, score(values, model).segment)


def named(model: Model, scorer: Any, centres: Any) -> Model:
    names = tuple(f"Segment {number}" for number in range(1, len(centres) + 1))
    return replace(model, centres=rows(centres), names=names, scorer=scorer)


@every_algorithm
@pytest.mark.parametrize("k", [1, 2])
def test_one_and_two_segments(name: str, k: int) -> None:
    points = blobs(k=2)
    fitted = fit(name, points, k=k)
    assert fitted.k == (2 if name == "hdbscan" else k)
    assert set(placed(points, fitted)) == set(range(fitted.k))


@every_algorithm
def test_customers_who_are_alike_do_not_disturb(name: str) -> None:
    """Three different customers, forty of each; and four segments asked of them."""
    points = np.repeat([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]], 40, axis=0)
    for k in (3, 4):
        settled = settle(fit(name, points, k=k), points)
        assert settled.scorer.k == len(settled.centres) <= k
        assert len(np.unique(settled.labels[settled.labels >= 0])) == len(settled.centres)


@every_algorithm
@pytest.mark.parametrize("n", [9, 10, 12, 41])
def test_few_customers_are_divided_or_refused_in_words(name: str, n: int) -> None:
    points = touching(n, seed=5)
    reason = ALGORITHMS[name]().refusal(n, 4, 3)
    if reason is None:
        settled = settle(fit(name, points), points)
        assert 1 <= settled.scorer.k <= 3
    else:
        assert name == "hdbscan"


@every_algorithm
def test_too_many_customers_are_refused_in_words_before_anything_is_done(name: str) -> None:
    algorithm = ALGORITHMS[name]()
    assert algorithm.refusal(2_000, 5, 4) is None
    assert "3 segments" in str(algorithm.refusal(5, 5, 3)) or name == "hdbscan"
    reason = algorithm.refusal(20_000_000, 20, 5)
    assert reason is not None or name == "kmeans"
    if reason:
        assert "20,000,000 customers" in reason
        with pytest.raises(UsageError, match="Choose another one: "):
            ship(name, np.broadcast_to(0.0, (20_000_000, 20)), k=5, seed=0)


def test_memory_is_told_in_gibibytes() -> None:
    assert ALGORITHMS["kmedoids"]().refusal(60_000, 5, 3) == (
        "needs all pairs of 60,000 customers at once (13.4 GiB); it is fitted up to 10,000"
    )


def test_a_package_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kmedoids, "find_spec", lambda _: None)
    assert "pip install 'segmentry[algorithms]'" in str(ALGORITHMS["kmedoids"]().refusal(100, 3, 3))


def test_everything_in_the_catalog_has_words_for_people() -> None:
    assert len(EVERY) == len(CATALOG)
    for entry in CATALOG:
        assert EVERY[entry.name] is entry
        assert all((entry.title, entry.heading, entry.good_for, entry.up_to))


def test_the_catalog_is_read_without_importing_an_algorithm() -> None:
    """Settings and the command line take their words from it, and must start at once."""
    code = (
        "import sys; from segmentry.records import algorithms; print(algorithms.CHOICES); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    choices, loaded = done.stdout.splitlines()
    assert all(name in choices for name in EVERY)
    assert not {"numpy", "sklearn", "segmentry.stages.clustering.ward"} & set(loaded.split())


def test_an_algorithm_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'ward'"):
        ship("wards", blobs(), k=3, seed=0)


def test_noise_is_in_no_segment_and_says_so() -> None:
    rng = np.random.default_rng(3)
    points = in_order(np.vstack([blobs(400), rng.uniform(-15, 35, size=(40, 3))]))
    fitted = fit("hdbscan", points)
    found = place(points, fitted.scorer, reach=ANYWHERE)
    noise = found.segment < 0
    assert 20 <= noise.sum() <= 60
    assert (fitted.labels == found.segment).mean() >= 0.95
    assert set(found.placement[noise]) == {PLACEMENTS.index(Placement.NOISE)}
    assert (found.confidence[noise] == 0).all()
    assert set(found.levels()[noise]) == {"low"}
    assert np.isnan(found.distance[noise]).all()
    assert (found.rival[noise] >= 0).all()
    assert (found.rival_distance[noise] > 0).all()


def test_where_nothing_is_dense_hdbscan_makes_one_segment() -> None:
    fitted = fit("hdbscan", in_order(np.random.default_rng(0).uniform(size=(500, 4))))
    assert fitted.own_k == 1
    assert set(fitted.labels) == {0}


def test_a_mixture_places_by_the_exact_marginal_of_what_is_known() -> None:
    """SciPy's multivariate normal over the observed features is the oracle, posteriors by Bayes."""
    points = touching()
    scorer = fit("mixture", points).scorer
    assert isinstance(scorer, Gaussians)
    for point in with_gaps(points)[:60]:
        seen = ~np.isnan(point)
        if not seen.any():
            continue
        joint = np.array(
            [
                weight
                * multivariate_normal(np.array(mean)[seen], np.array(cov)[np.ix_(seen, seen)]).pdf(
                    point[seen]
                )
                for weight, mean, cov in zip(scorer.weights, scorer.means, scorer.covariances, strict=True)
            ]
        )
        found = place(point[None], scorer, reach=ANYWHERE)
        order = np.argsort(-joint)
        assert found.segment[0] == order[0]
        assert found.rival[0] == order[1]
        assert found.confidence[0] == pytest.approx(1 - joint[order[1]] / joint[order[0]], abs=1e-9)


def test_a_mixture_without_gaps_scores_as_scikit_learn_does() -> None:
    """scikit-learn's own mixture is the oracle of labels, BIC and (by its posteriors) ICL."""
    points = touching(600)
    fitted = fit("mixture", points)
    scorer = fitted.scorer
    assert isinstance(scorer, Gaussians)
    np.testing.assert_array_equal(placed(points, fitted), fitted.labels)
    outside = GaussianMixture(
        3,
        covariance_type=scorer.shape,
        reg_covar=1e-4,
        n_init=10,
        random_state=0,
    ).fit(points)
    assert fitted.bic is not None
    assert fitted.icl is not None
    assert fitted.bic <= outside.bic(points) * 1.002
    assert fitted.icl >= fitted.bic


def test_bic_finds_the_number_of_clear_groups() -> None:
    assert Mixture(own_ks=(1, 2, 3, 4, 5))(blobs(), k=2, seed=0).own_k == 3


def test_k_medoids_are_as_good_as_the_packages_best() -> None:
    """The sum of distances to the medoids, by the package itself from other starts, is the oracle."""
    import kmedoids as package

    points = touching()
    away = pairwise_distances(points)
    labels = fit("kmedoids", points).labels
    ours = sum(
        away[np.ix_(inside, inside)].sum(axis=1).min() for inside in (labels == one for one in range(3))
    )
    theirs = min(package.fasterpam(away, 3, random_state=seed, n_cpu=1).loss for seed in range(10, 13))
    assert ours <= theirs * 1.01


def test_groups_of_fewer_than_three_are_not_kept() -> None:
    """Two customers far away would be a segment whose prototype is one of them, or nearly."""
    points = in_order(np.vstack([blobs(200, k=2), [[90.0, 90.0, 90.0], [91.0, 90.0, 90.0]]]))
    fitted = fit("ward", points)
    assert fitted.k == 2
    assert (fitted.labels == 2).sum() == 2
    assert settle(fitted, points).scorer.k == 2
    assert numbered(np.array([5, 7, 7, 7, -1])).tolist() == [1, 0, 0, 0, -1]


def test_segments_that_nobody_is_in_are_dropped() -> None:
    points = blobs()
    centres = rows([[0, 0, 0], [500, 500, 500], [9, 9, 9], [18, 18, 18]])
    settled = settle(
        Clustering(labels=np.zeros(300, dtype=np.int64), scorer=Centroids(centres=centres)), points
    )
    assert settled.scorer == Centroids(centres=(centres[0], *centres[2:]))
    np.testing.assert_array_equal(settled.labels, place(points, settled.scorer, reach=ANYWHERE).segment)
    turned = settled.taken([2, 0, 1])
    np.testing.assert_array_equal(turned.labels, place(points, turned.scorer, reach=ANYWHERE).segment)
    np.testing.assert_allclose(turned.centres[0], points[settled.labels == 2].mean(axis=0))


@every_algorithm
def test_segments_and_features_may_change_their_order(name: str) -> None:
    points = touching()
    scorer = fit(name, points).scorer
    order = list(range(scorer.k))[::-1]
    before, after = (place(points, one, reach=ANYWHERE) for one in (scorer, scorer.taken(order)))
    inside = before.segment >= 0
    np.testing.assert_array_equal(scorer.k - 1 - after.segment[inside], before.segment[inside])
    turned = place(points[:, ::-1], scorer.columns([3, 2, 1, 0]), reach=ANYWHERE)
    np.testing.assert_array_equal(turned.segment, before.segment)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Centroids(centres=((0.0, 1.0), (2.0,))),
        lambda: Centroids(centres=((np.nan,),)),
        lambda: Prototypes(points=((0.0,), (1.0,)), segments=(0, 2)),
        lambda: Prototypes(points=((0.0,),) * 201, segments=(0,) * 201),
        lambda: Prototypes(points=((0.0,),), segments=(0,), reach=(1.0, 2.0)),
        lambda: Gaussians(weights=(1.0,), means=((0.0,),), covariances=(((-1.0,),),), shape="full"),
        lambda: Gaussians(weights=(0.5, 0.5), means=((0.0,),), covariances=(((1.0,),),), shape="full"),
    ],
)
def test_a_scorer_that_cannot_place_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ModelError, match="do not fit each other"):
        wrong()


def test_a_model_and_its_scorer_must_fit() -> None:
    model = make_run(k=3, p=4, n=60).model
    with pytest.raises(ModelError, match="do not fit each other"):
        replace(model, scorer=Centroids(centres=((0.0,) * 4,) * 2))
    text = codec.dumps(replace(model, scorer=Centroids(centres=model.centres)))
    with pytest.raises(ModelError, match="no scorer is of the kind 'magic'"):
        codec.loads(text.replace('"centroid"', '"magic"'), Model, where="model.json")


def test_a_model_of_centres_alone_is_written_as_ever() -> None:
    assert "scorer" not in json.loads(codec.dumps(make_run(k=3, p=4, n=60).model))


def test_centres_of_a_scorer_are_those_that_sql_uses() -> None:
    """DuckDB says the same as Python where the scorer's centres are not the segments' means."""
    model = make_run(k=3, p=4, n=60).model
    moved = replace(model, scorer=Centroids(centres=rows(model.centre_matrix * 0.7 + 0.1)))
    steps = model.recipe.steps
    spread = np.random.default_rng(0).normal(size=(200, 4))
    values = np.array([one.centre for one in steps]) + spread * [one.scale for one in steps]
    features = {name: pa.array(values[:, j]) for j, name in enumerate(model.recipe.features)}
    table = pa.table({"customer_id": pa.array(range(200)), **features})
    engine = duckdb.connect()
    engine.register("customers", table)
    by_sql = engine.sql(scoring_sql(moved, value_sql)).to_arrow_table()
    found = score(values, moved)
    assert by_sql["segment"].to_pylist() == [moved.names[one] for one in found.segment]
    assert (found.segment != score(values, model).segment).any()


@pytest.mark.parametrize("name", ["mixture", "ward"])
def test_what_has_no_sql_is_not_written_and_the_manifest_says_why(name: str, tmp_path: Path) -> None:
    run = make_run(k=3, p=4, n=60)
    settled = settle(fit(name, touching()), touching())
    other = replace(run, model=named(run.model, settled.scorer, run.model.centre_matrix))
    for one, where in ((run, tmp_path / "kmeans"), (other, tmp_path / name)):
        where.mkdir()
        store.write_tables(one, where)
        clock = Clock(started="", finished="", seconds={})
        write_manifest(manifest_of(one, versions={"segmentry": "0"}, clock=clock), where)
    manifest = json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8"))
    assert not (tmp_path / name / "scoring.sql").exists()
    assert manifest["scoring_sql"] == f"not written: {has_no_sql(settled.scorer)}"
    assert (tmp_path / "kmeans" / "scoring.sql").exists()
    assert "scoring_sql" not in json.loads((tmp_path / "kmeans" / "run.json").read_text(encoding="utf-8"))
    with pytest.raises(ModelError, match="cannot be written as SQL"):
        scoring_sql(other.model, value_sql)
    written = (tmp_path / name / "model.json").read_text(encoding="utf-8")
    assert codec.loads(written, Model, where="model.json").scorer == settled.scorer


def test_three_round_groups_need_three_prototypes() -> None:
    points = blobs()
    assert len(prototypes(points, numbered(np.round(points.mean(axis=1) / 9).astype(np.int64))).points) == 3


def test_a_prototype_averages_at_least_three_customers() -> None:
    """Labels by chance ask for as many prototypes as there can be."""
    points = touching(300)
    labels = np.random.default_rng(0).integers(0, 2, size=300)
    scorer = prototypes(points, labels)
    assert scorer.k == 2
    assert len(scorer.points) <= 100


def outside(name: str, points: Points, k: int, fitted: Clustering) -> Any:
    """scikit-learn's own labels (the package's, for K-medoids), with the parameters that ours takes."""
    n = len(points)
    size = max(20, round(0.02 * n))
    if name == "kmedoids":
        return fitted.labels  # it is the package itself that labels: what is compared is the scorer
    if name == "birch":
        most = min(500, n // 5)
        threshold = birch.threshold_for(points[:: max(1, n // 5_000)], most)
        return Birch(threshold=threshold, n_clusters=k).fit_predict(points)
    made: dict[str, Callable[[], Any]] = {
        "kmeans": lambda: KMeans(k, n_init=100, random_state=0),
        "bisecting": lambda: BisectingKMeans(k, n_init=5, random_state=0),
        "mixture": lambda: GaussianMixture(k, random_state=0),
        "ward": lambda: AgglomerativeClustering(k),
        "hdbscan": lambda: HDBSCAN(min_cluster_size=size, copy=True),
        "spectral": lambda: SpectralClustering(k, affinity="nearest_neighbors", random_state=0),
    }
    if name not in made:
        pytest.skip(f"no other implementation of {name} is known here")
    return made[name]().fit_predict(points)


THREE_CUSTOMERS = {("birch", "aggregation")}
"""Where the scorer places three of 788 customers otherwise than the algorithm, for the worse by 0.0005."""


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore:Graph is not fully connected:UserWarning")
@pytest.mark.parametrize(
    ("group", "k"), [("hepta", 7), ("lsun", 3), ("r15", 15), ("s1", 15), ("aggregation", 7), ("iris", 3)]
)
@every_algorithm
def test_labelled_groups_are_found_as_well_as_outside(real: Path, name: str, group: str, k: int) -> None:
    points = np.loadtxt(real / "labelled" / f"{group}.data.gz")
    truth = np.loadtxt(real / "labelled" / f"{group}.labels.gz").astype(int)
    order = np.lexsort(points.T)
    points = ((points - points.mean(axis=0)) / points.std(axis=0))[order]
    fitted = fit(name, points, k=k)
    ours = adjusted_rand_score(truth[order], placed(points, fitted))
    theirs = adjusted_rand_score(truth[order], outside(name, points, k, fitted))
    assert ours >= theirs - (0.001 if (name, group) in THREE_CUSTOMERS else 1e-9)


def test_numbers_of_a_scorer_have_twelve_digits() -> None:
    assert row([1 / 3]) == (0.333333333333,)
