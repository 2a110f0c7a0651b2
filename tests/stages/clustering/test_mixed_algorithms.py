"""Algorithms for answers in words: latent classes and K-prototypes."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from segmentry.edges.run_folder.codec import dumps, loads
from segmentry.errors import ModelError
from segmentry.pipeline.algorithms import Compare
from segmentry.records.columns import Format, Kind
from segmentry.records.model import Model
from segmentry.records.recipe import FeatureStep, Recipe
from segmentry.records.scorers import LatentClasses, Prototypes
from segmentry.stages.clustering.catalog import MIXED
from segmentry.stages.clustering.kmeans import KMeans
from segmentry.stages.clustering.kprototypes import KPrototypes, cost
from segmentry.stages.clustering.latent_class import LatentClass
from segmentry.stages.evidence import gap, twins
from segmentry.stages.scoring.score import place

Points = NDArray[np.float64]
GROUPS = ((0, 1, 2), (3, 4, 5), (6, 7), (8,))
"""Three words, three words, two words and a rest, and a yes/no answer; the last feature is a number."""

mixed_algorithms = pytest.mark.parametrize("name", list(MIXED))


def answers(n: int = 500, seed: int = 0) -> tuple[Points, NDArray[np.int64]]:
    """Three kinds of customers, ordered by their answers."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    columns = []
    for at, group in enumerate(GROUPS):
        count = len(group) + (at > 1)
        said = np.where(rng.random(n) < 0.85, (truth + at) % count, rng.integers(0, count, n))
        columns.append(np.eye(count)[said][:, : len(group)])
    points = np.hstack([*columns, rng.normal(size=(n, 1)) + truth[:, None]])
    order = np.lexsort(points.T)
    return points[order], truth[order]


@mixed_algorithms
def test_kinds_of_customers_are_found_by_what_they_say(name: str) -> None:
    points, truth = answers()
    found = MIXED[name](groups=GROUPS)(points, k=3, seed=0)
    assert adjusted_rand_score(truth, found.labels) > 0.75
    placed = place(points, found.scorer, reach=np.inf)
    assert (placed.segment == found.labels).mean() > 0.97


@mixed_algorithms
def test_the_same_seed_gives_the_same_segments(name: str) -> None:
    points, _ = answers()
    first, again = (MIXED[name](groups=GROUPS)(points, k=3, seed=4) for _ in range(2))
    np.testing.assert_array_equal(first.labels, again.labels)
    assert first.scorer == again.scorer


@mixed_algorithms
def test_numbers_alone_are_refused_in_words(name: str) -> None:
    assert "needs " in str(MIXED[name]().refusal(500, 5, 3))
    assert MIXED[name](groups=GROUPS).refusal(500, 10, 3) is None
    assert "2 customers" not in str(MIXED[name](groups=GROUPS).refusal(2, 10, 3))
    assert "minutes" in str(MIXED[name](groups=GROUPS).refusal(20_000_000, 10, 5))


def test_a_table_with_more_numbers_than_answers_is_none_for_latent_classes() -> None:
    assert LatentClass(groups=((0,),)).refusal(500, 5, 3) == (
        "needs features that are mostly of two values: 1 of 5 are"
    )


def test_bic_finds_how_many_kinds_there_are() -> None:
    points, _ = answers()
    found = LatentClass(groups=GROUPS, own_ks=(1, 2, 3, 4, 5))(points, k=4, seed=0)
    assert found.own_k == 3
    assert found.icl >= found.bic


def test_one_class_has_the_likelihood_of_the_shares() -> None:
    """The entropy of the answers, by hand; the prior adds one customer of everybody's kind."""
    points = np.array([[1.0], [1.0], [1.0], [0.0]])
    found = LatentClass(groups=((0,),)).bics(points, {1: np.zeros(4, dtype=int)}, seed=0)
    likelihood = 3 * np.log(0.75) + np.log(0.25)
    assert found[1] == pytest.approx(np.log(4) - 2 * likelihood)


def test_more_classes_are_never_less_likely() -> None:
    """A class has 2 + 2 + 2 + 1 free shares, a mean and a variance: BIC gives the likelihood away."""
    points, _ = answers()
    model = LatentClass(groups=GROUPS)
    bics = [model(points, k=k, seed=0).bic or 0.0 for k in (1, 2, 3, 4)]
    likelihoods = [((10 * k - 1) * np.log(len(points)) - bic) / 2 for k, bic in enumerate(bics, 1)]
    assert all(fewer < more for fewer, more in pairwise(likelihoods))


def test_what_is_missing_of_a_customer_changes_nothing_that_is_known() -> None:
    """Within a class columns are independent: the chance is the product of what is known."""
    points, _ = answers()
    scorer = LatentClass(groups=GROUPS)(points, k=3, seed=0).scorer
    assert isinstance(scorer, LatentClasses)
    one = points[:1].copy()
    one[0, 3:] = np.nan
    placed = place(one, scorer, reach=np.inf)
    word = int(one[0, :3].argmax())
    chances = np.array(scorer.weights) * np.array(scorer.means)[:, word]
    ranked = np.sort(chances)[::-1]
    assert placed.segment[0] == chances.argmax()
    assert placed.confidence[0] == pytest.approx(1 - ranked[1] / ranked[0])


def test_a_word_that_nobody_had_says_nothing() -> None:
    points, _ = answers()
    scorer = LatentClass(groups=GROUPS)(points, k=3, seed=0).scorer
    unseen, unknown = points[:40].copy(), points[:40].copy()
    unseen[:, 0:3] = 0.0
    unknown[:, 0:3] = np.nan
    ours, theirs = (place(one, scorer, reach=np.inf) for one in (unseen, unknown))
    np.testing.assert_array_equal(ours.segment, theirs.segment)
    np.testing.assert_allclose(ours.confidence, theirs.confidence, atol=1e-9)


def test_the_order_of_features_and_their_weight_change_nobodys_class() -> None:
    points, _ = answers()
    model = LatentClass(groups=GROUPS)
    found = model(points, k=3, seed=0)
    order = list(np.random.default_rng(1).permutation(10))
    turned = place(points[:, order], found.scorer.columns(order), reach=np.inf)
    np.testing.assert_array_equal(turned.segment, place(points, found.scorer, reach=np.inf).segment)
    lighter = points * np.where(np.arange(10) < 6, 0.7, 1.0)
    again = model(lighter, k=3, seed=0)
    assert adjusted_rand_score(place(lighter, again.scorer, reach=np.inf).segment, found.labels) == 1.0


def test_latent_classes_are_written_and_read_and_refused_when_damaged() -> None:
    points, _ = answers()
    scorer = LatentClass(groups=GROUPS)(points, k=3, seed=0).scorer
    assert isinstance(scorer, LatentClasses)
    steps = tuple(
        FeatureStep(column=f"c{at}", feature=f"c{at}", format=Format(kind=Kind.FLAG)) for at in range(10)
    )
    model = Model(
        id_name="id",
        recipe=Recipe(steps=steps),
        centres=scorer.means,
        names=("a", "b", "c"),
        reach=9.0,
        as_of=None,
        scorer=scorer,
    )
    assert loads(dumps(model), Model, where="model.json") == model
    assert scorer.taken([2, 0]).k == 2
    assert sum(scorer.taken([2, 0]).weights) == pytest.approx(1)
    with pytest.raises(ModelError):
        LatentClasses(weights=(1.0,), means=((0.7, 0.7),), variances=((0, 0),), groups=((0, 1),), yes=(1, 1))


def test_k_prototypes_are_as_good_as_the_kmodes_packages() -> None:
    """The oracle: the same cost function, the library's best of 5 starts."""
    from kmodes.kprototypes import KPrototypes as Library

    points, _ = answers(200, seed=2)
    words = [points[:, list(group)] @ np.arange(1, len(group) + 1) for group in GROUPS]
    table = np.column_stack([points[:, 9], *words]).astype(object)
    theirs = Library(3, gamma=1.0, n_init=5, random_state=0, init="Cao").fit(table, categorical=[1, 2, 3, 4])
    labels = KPrototypes(groups=GROUPS, starts=20)(points, k=3, seed=0).labels
    assert cost(points, np.asarray(theirs.labels_, dtype=int), GROUPS, 1.0) == pytest.approx(theirs.cost_)
    assert cost(points, labels, GROUPS, 1.0) <= theirs.cost_ + 1e-9


def test_k_prototypes_keep_averages_and_no_customers() -> None:
    points, _ = answers()
    assert isinstance(KPrototypes(groups=GROUPS)(points, k=3, seed=0).scorer, Prototypes)


def test_copies_without_groups_give_every_answer_as_often_and_one_to_a_column() -> None:
    points, _ = answers()
    for copy in twins.make_twins(points, 3, seed=0, groups=GROUPS):
        np.testing.assert_allclose(copy[:, :9].sum(axis=0), points[:, :9].sum(axis=0))
        assert set(np.unique(copy[:, :9])) == {0.0, 1.0}
        for group in GROUPS:
            assert copy[:, list(group)].sum(axis=1).max() <= 1


def test_references_of_the_gap_deal_the_answers_of_a_column_out_anew() -> None:
    points, _ = answers()
    for drawn in gap.boxes(points, 2, seed=0, groups=GROUPS):
        for group in GROUPS:
            given, dealt = points[:, list(group)], drawn[:, list(group)]
            np.testing.assert_array_equal(
                np.sort(given @ np.arange(1, len(group) + 1)), np.sort(dealt @ np.arange(1, len(group) + 1))
            )
        together = np.corrcoef(drawn[:, 0], drawn[:, 5])[0, 1]
        assert abs(together) < 0.15


def test_they_are_compared_with_k_means_where_there_are_words() -> None:
    points, _ = answers(300)
    centres = KMeans()(points, ks=(3,), seed=0)[0].centres
    names = ("kprototypes", "latent_class")
    found = Compare(names=names, replicates=2, own_ks=(2, 3, 4), groups=GROUPS)(points, centres, seed=0)
    rows = {one.name: one for one in found.algorithms}
    assert not any(one.not_judged for one in rows.values())
    assert all(one.scorer_agreement > 0.97 for one in rows.values())
    assert rows["latent_class"].own_k == 3
    assert rows["latent_class"].scorer == "classes"
    assert rows["kprototypes"].worst_jaccard > 0.5
