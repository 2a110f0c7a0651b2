"""Several algorithms on the same customers: comparable columns, and one rule for leaving K-means."""

from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import silhouette_score

from segmentry.errors import UsageError
from segmentry.pipeline.algorithms import Compare, recommend
from segmentry.records.algorithms import ALGORITHMS, named
from segmentry.records.comparison import AlgorithmRow, Comparison
from segmentry.stages.clustering.kmeans import KMeans, assign

Points = NDArray[np.float64]


def three_blobs(n: int = 300) -> Points:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(n, 3)) + 7 * (np.arange(n) % 3)[:, None]
    return points[np.lexsort(points.T)]


def one_cloud(n: int = 300) -> Points:
    points = np.random.default_rng(1).normal(size=(n, 3))
    return points[np.lexsort(points.T)]


def compared(points: Points, k: int = 3, **options: Any) -> Comparison:
    centres = KMeans()(points, ks=(k,), seed=0)[0].centres
    return Compare(**{"replicates": 3, **options})(points, centres, seed=0)


@pytest.fixture(scope="module")
def clear() -> Comparison:
    return compared(three_blobs(), own_ks=(1, 2, 3, 4))


def test_clear_groups_are_the_same_story_for_every_algorithm(clear: Comparison) -> None:
    assert [one.name for one in clear.algorithms] == list(ALGORITHMS)
    assert clear.recommended == "kmeans"
    assert clear.sentence == "All methods tell the same story (ARI >= 0.9): we keep the simplest."
    assert clear.customers == 300
    assert np.array(clear.between).shape == (len(ALGORITHMS), len(ALGORITHMS))
    assert np.min(clear.between) > 0.9
    for row in clear.algorithms:
        assert row.k == 3
        assert row.worst_jaccard > 0.9
        assert row.agreement > 0.9
        assert row.rule_fidelity > 0.95
        assert row.like_consensus > 0.95
        assert row.scorer_agreement > 0.95
        assert row.smallest >= 90
        assert row.coverage > 0.95


def test_columns_of_one_family_are_for_that_family(clear: Comparison) -> None:
    rows = {one.name: one for one in clear.algorithms}
    assert {name for name, row in rows.items() if row.bic is not None} == {"mixture"}
    assert {name for name, row in rows.items() if row.icl is not None} == {"mixture"}
    assert {name for name, row in rows.items() if row.inertia is not None} == {"kmeans", "bisecting"}
    assert {name for name, row in rows.items() if row.own_k is not None} == {"mixture", "hdbscan"}
    assert rows["mixture"].own_k == 3
    assert {name for name, row in rows.items() if row.shipped} == {"kmeans"}
    assert {row.scorer for row in rows.values()} == {"centroid", "posterior", "prototypes"}


def test_silhouettes_are_those_of_scikit_learn(clear: Comparison) -> None:
    points = three_blobs()
    centres = KMeans()(points, ks=(3,), seed=0)[0].centres
    expected = silhouette_score(points, assign(points, centres)[0])
    assert clear.algorithms[0].silhouette == pytest.approx(expected)


def test_noise_counts_as_nothing_and_hides_what_it_would_flatter() -> None:
    rng = np.random.default_rng(3)
    points = np.vstack([three_blobs(), rng.uniform(-15, 30, size=(40, 3))])
    found = compared(points[np.lexsort(points.T)], names=("hdbscan",), replicates=0)
    row = found.algorithms[1]
    assert 0.8 < row.coverage < 0.97
    assert row.silhouette < row.coverage
    assert isnan(row.calinski_harabasz)
    assert isnan(row.davies_bouldin)
    assert isnan(row.worst_jaccard)


def test_one_cloud_is_cut_otherwise_by_everyone_and_k_means_is_kept() -> None:
    found = compared(one_cloud())
    assert found.recommended == "kmeans"
    assert "we keep the simplest" in found.sentence
    assert "the same story" not in found.sentence
    assert min(row.like_kmeans for row in found.judged) < 0.8


def test_the_same_seed_compares_alike() -> None:
    first, again = (compared(one_cloud(120), names=("ward", "mixture", "kmedoids")) for _ in range(2))
    assert first == again


def test_what_is_left_out_says_why() -> None:
    found = compared(three_blobs(60), names=("kprototypes", "hdbscan", "latent_class"), replicates=1)
    reasons = {row.name: row.not_judged for row in found.algorithms}
    assert reasons["kprototypes"] == named("kprototypes").for_words
    assert reasons["kmeans"] == reasons["hdbscan"] == ""
    assert [row.name for row in found.judged] == ["kmeans", "hdbscan"]
    assert len(found.between) == 2


def test_an_algorithm_that_does_not_fit_says_why_and_stops_nobody() -> None:
    found = compared(three_blobs(30), names=("hdbscan", "ward"), replicates=1)
    assert found.algorithms[1].not_judged == "looks for segments of 20 customers or more: 30 are too few"
    assert not found.algorithms[2].not_judged


def test_a_name_that_is_in_no_catalog_is_an_error() -> None:
    with pytest.raises(UsageError, match="Did you mean 'ward'"):
        compared(three_blobs(30), names=("wart",))


def row(name: str, **numbers: Any) -> AlgorithmRow:
    """As good as K-means, and the same."""
    usual = {
        "k": 3,
        "worst_jaccard": 0.7,
        "rule_fidelity": 0.8,
        "like_kmeans": 1.0,
        "coverage": 1.0,
        "smallest": 50,
    }
    return AlgorithmRow(name=name, **{**usual, **numbers})


KMEANS = row("kmeans")
BETTER = row("mixture", like_kmeans=0.6, worst_jaccard=0.76, rule_fidelity=0.84)


def test_another_algorithm_is_recommended_when_it_wins_both() -> None:
    name, sentence = recommend([KMEANS, BETTER], 20)
    assert name == "mixture"
    assert sentence.startswith("The Gaussian mixture divides the customers otherwise (ARI 0.60 with K-means)")
    assert "0.76 against 0.70" in sentence
    assert "84% against 80%" in sentence


@pytest.mark.parametrize(
    "numbers",
    [
        {"like_kmeans": 0.85},
        {"worst_jaccard": 0.74},
        {"rule_fidelity": 0.82},
        {"coverage": 0.94},
        {"smallest": 19},
        {"k": 2},
        {"worst_jaccard": float("nan")},
    ],
)
def test_one_wish_that_is_not_met_keeps_k_means(numbers: dict[str, float]) -> None:
    name, sentence = recommend([KMEANS, replace(BETTER, **numbers)], 20)  # type: ignore[arg-type]
    assert name == "kmeans"
    assert "the simplest" in sentence


def test_the_sentence_is_true_for_the_case_at_hand() -> None:
    assert recommend([KMEANS], 1).sentence == "No other algorithm was judged: we keep K-means."
    assert recommend([KMEANS, row("ward", not_judged="too large")], 1).sentence.startswith(
        "No other algorithm"
    )
    assert (
        "nearly the same story (ARI >= 0.85)"
        in recommend([KMEANS, row("ward", like_kmeans=0.856)], 1).sentence
    )
    assert recommend([KMEANS, row("ward", like_kmeans=0.5)], 1).sentence.startswith(
        "Ward divides the customers otherwise (ARI 0.50 with K-means), but is not clearly"
    )
    others = [row("ward", like_kmeans=0.5), row("spectral", like_kmeans=0.4), row("birch", like_kmeans=0.95)]
    assert recommend([KMEANS, *others], 1).sentence.startswith(
        "Ward and spectral clustering divide the customers otherwise (ARI from 0.40 with K-means), but none is"
    )
