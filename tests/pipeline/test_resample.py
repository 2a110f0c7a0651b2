"""Re-runs: many K-means at once, twins, gaps, stability and borders, each against an independent source."""

from itertools import combinations

import numpy as np
import pytest
from diptest import dipstat, diptest
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import adjusted_rand_score, pairwise_distances_argmin, silhouette_score
from sklearn.mixture import GaussianMixture

from segmentry.pipeline.resample import rerun
from segmentry.stages.clustering import batched_kmeans
from segmentry.stages.evidence import borders, flow, gap, mixtures, silhouette, stability, twins
from segmentry.stages.evidence.budgets import EFFORTS
from segmentry.stages.evidence.unimodal import one_hump
from segmentry.stages.features.sampling import stratified

QUICK = EFFORTS["quick"]


def blobs(n: int = 300, p: int = 2, k: int = 3, spread: float = 1.0, seed: int = 0) -> NDArray[np.float64]:
    """Standardised round groups."""
    points, _ = make_blobs(n, p, centers=k, cluster_std=spread, random_state=seed)
    return np.asarray((points - points.mean(axis=0)) / points.std(axis=0))


@pytest.mark.parametrize("k", [2, 5])
def test_many_runs_at_once_end_where_single_runs_end(k: int) -> None:
    """scikit-learn's weighted Lloyd from the same seeds is the oracle."""
    points = blobs(400, 4, 5, 3.0)
    weights = stability.bootstrap_weights(400, 6, seed=1)
    draws = batched_kmeans.drawn(points, weights)
    starts = batched_kmeans.seeds(draws, k, np.random.default_rng(0))
    ours = batched_kmeans.refit(draws, [starts]).inertia
    theirs = [
        KMeans(k, init=start, n_init=1, tol=1e-6).fit(points, sample_weight=row).inertia_
        for start, row in zip(starts, weights, strict=True)
    ]
    assert ours == pytest.approx(theirs, rel=2e-3)


def test_each_data_set_of_its_own_is_solved_as_if_alone() -> None:
    """A batch of different crowds gives what each gives by itself."""
    crowds = np.stack([blobs(200, 3, 3, seed=seed) for seed in range(4)])
    together = batched_kmeans.refit(
        batched_kmeans.drawn(crowds),
        [batched_kmeans.seeds(batched_kmeans.drawn(crowds), 3, np.random.default_rng(5))],
    )
    labels = batched_kmeans.nearest(batched_kmeans.drawn(crowds).points, together.centres)
    for one, crowd in enumerate(crowds):
        alone = batched_kmeans.refit(batched_kmeans.drawn(crowd[None]), [together.centres[one][None]])
        assert alone.inertia[0] == pytest.approx(together.inertia[one], rel=1e-4)
        assert adjusted_rand_score(labels[one], KMeans(3, n_init=10, random_state=0).fit(crowd).labels_) > 0.9


def test_a_point_between_two_centres_counts_once() -> None:
    """Ties are common in counts: the first centre gets the point, so the counts add up."""
    points = np.array([[0.0], [1.0], [2.0]])
    found = batched_kmeans.refit(
        batched_kmeans.drawn(points[None]), [np.array([[0.0], [2.0]], dtype=np.float32)]
    )
    assert found.centres[0].ravel().tolist() == [0.5, 2.0]


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_single_hump_is_as_near_as_the_dip_allows(seed: int) -> None:
    """Hartigan's dip is half the way at least: dip <= distance <= 2 x dip (diptest is the oracle)."""
    rng = np.random.default_rng(seed)
    values = np.concatenate([rng.normal(0, 1, 150), rng.normal(4, 1, 100 + 40 * seed)])
    hump = one_hump(values)
    ordered = np.sort(values)
    fitted = np.interp(ordered, hump.values, hump.heights)
    steps = np.arange(1, len(values) + 1) / len(values)
    distance = np.maximum(np.abs(fitted - steps), np.abs(fitted - steps + 1 / len(values))).max()
    dip = dipstat(values)
    assert dip - 1e-9 <= distance <= 2 * dip + 2 / len(values)
    assert (np.diff(hump.heights) >= 0).all()
    assert hump.heights[0] <= 1 / len(values)
    assert hump.heights[-1] == pytest.approx(1.0)


def test_a_hump_of_one_value_is_that_value() -> None:
    """A constant feature has a constant twin."""
    assert one_hump(np.full(9, 3.0)).at(np.array([0.0, 0.4, 1.0])).tolist() == [3.0, 3.0, 3.0]


def test_twins_keep_the_spread_and_the_links_and_lose_the_groups() -> None:
    """Means, deviations and rank correlations are kept; two humps become one (dip test)."""
    rng = np.random.default_rng(3)
    group = rng.integers(2, size=2_000)[:, None]
    points = rng.normal(size=(2_000, 2)) + group * np.array([6.0, 5.0])
    twin = twins.make_twins(points, 1, seed=0)[0]
    assert twin.mean(axis=0) == pytest.approx(points.mean(axis=0), abs=0.15)
    assert twin.std(axis=0) == pytest.approx(points.std(axis=0), rel=0.15)
    ranks = [spearmanr(one).statistic for one in (twin, points)]
    assert ranks[0] == pytest.approx(ranks[1], abs=0.2)
    assert diptest(points[:, 0])[1] < 0.001
    assert diptest(twin[:, 0])[1] > 0.05


def test_variance_between_segments_is_eta_squared() -> None:
    """One-way ANOVA's sums of squares by hand."""
    points = np.array([[0.0, 1.0], [2.0, 1.0], [10.0, 1.0], [12.0, 1.0]])
    assert twins.variance_between(points, np.array([0, 0, 1, 1])).tolist() == [100 / 104, 0.0]


def test_the_gap_is_the_mean_log_ratio() -> None:
    """By hand: references e and e^3, inertia 1: gap 2, sd 1, error sqrt(1.5)."""
    assert gap.gap(1.0, np.exp([1.0, 3.0])) == (pytest.approx(2.0), pytest.approx(np.sqrt(1.5)))
    assert np.isnan(gap.gap(0.0, np.array([1.0]))[0])


def test_boxes_follow_the_crowd_s_own_axes() -> None:
    """A box around a long cloud is long the same way: its correlation is the cloud's."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(500, 1)) * [[3.0, 3.0]] + rng.normal(size=(500, 2))
    box = gap.boxes(points, 1, seed=0)[0]
    assert np.corrcoef(box.T)[0, 1] == pytest.approx(np.corrcoef(points.T)[0, 1], abs=0.1)
    assert (box.max(axis=0) - box.min(axis=0)) == pytest.approx(np.ptp(points, axis=0), rel=0.35)


def test_jaccard_prediction_strength_and_slsa_by_hand() -> None:
    """Small tables that can be checked on paper."""
    table = np.array([[[6.0, 2.0], [1.0, 9.0]]])
    assert stability.jaccards(table)[0].tolist() == [6 / 9, 9 / 12]
    assert stability.prediction_strength(table)[0] == pytest.approx((6 * 5 + 2 * 1) / (8 * 7))
    parents, children = np.array([0, 0, 1, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    assert stability.inherited(parents, children, 3).tolist() == [1.0, 1.0, 1.0]
    mixed = stability.inherited(np.array([0, 1, 0, 1]), np.array([0, 0, 1, 2]), 3)
    assert mixed.tolist() == [pytest.approx(0.0), 1.0, 1.0]
    assert np.isnan(stability.inherited(parents, children[:6] % 2, 2)).all()


def test_customers_come_back_as_often_as_they_do_whatever_the_segments_are_called() -> None:
    """By hand: one re-run with the numbers swapped, one with a customer lost, one as it was."""
    own = np.array([0, 0, 0, 1, 1, 1])
    labels = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]])
    tables = stability.crossed(own, labels, 2)
    assert stability.returning(own, labels, tables) == pytest.approx([1, 1, 2 / 3, 1, 1, 1])


def test_who_is_farther_from_a_border_never_comes_back_less_often() -> None:
    """scikit-learn's isotonic regression of the bands' means is the oracle."""
    rng = np.random.default_rng(0)
    margins = rng.random(2_000)
    shares = np.clip(0.5 + margins + rng.normal(0, 0.3, 2_000), 0, 1)
    corners = stability.returns_by_margin(margins, shares)
    band = np.searchsorted(stability.BANDS, margins, side="right")
    counts = np.bincount(band)
    at = np.bincount(band, weights=margins) / counts
    means = np.bincount(band, weights=shares) / counts
    oracle = IsotonicRegression().fit(at, means, sample_weight=counts).predict(at)
    assert corners[0] == (0.0, min(0.5, corners[1][1]))
    assert [share for _, share in corners[1:]] == pytest.approx(oracle.round(4).tolist())
    assert [margin for margin, _ in corners] == sorted({margin for margin, _ in corners})


def test_rand_indices_are_scikit_learn_s() -> None:
    """adjusted_rand_score is the oracle, for agreement, chance and a single segment."""
    rng = np.random.default_rng(0)
    one = rng.integers(4, size=200)
    others = np.stack(
        [one, rng.integers(4, size=200), (one + 1) % 4, np.where(rng.random(200) < 0.2, 0, one)]
    )
    ours = stability.rand_indices(stability.crossed(one, others, 4))
    assert ours == pytest.approx([adjusted_rand_score(one, other) for other in others])


def test_half_splits_are_halves_and_their_opposites() -> None:
    """Each row has half of the customers, its partner the other half."""
    weights = stability.halves(11, 3, seed=0)
    assert weights.sum(axis=1).tolist() == [5.0] * 3 + [6.0] * 3
    assert (weights[:3] + weights[3:] == 1).all()


def test_holm_is_the_step_down_rule() -> None:
    """Holm 1979 by hand."""
    assert borders.holm([0.04, 0.01, 0.03, 0.5]) == pytest.approx([0.09, 0.04, 0.09, 0.5])
    assert borders.holm([]) == []


def two_crowds(apart: float, n: int = 600, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two round groups so many deviations apart, and their centres."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 3))
    points[n // 2 :, 0] += apart
    centres = KMeans(2, n_init=5, random_state=0).fit(points).cluster_centers_
    return points, centres


def halves(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points left and right of their middle."""
    right = points[:, 0] > np.median(points[:, 0])
    return points[~right], points[right]


def judged(points: NDArray[np.float64], centres: NDArray[np.float64]) -> tuple[borders.Border, ...]:
    """The borders, refitted as the workflow does."""

    def refit(weights: NDArray[np.float32]) -> NDArray[np.float64]:
        return batched_kmeans.refit(
            batched_kmeans.drawn(points, weights), [centres.astype(np.float32)]
        ).centres.astype(float)

    return borders.borders(borders.crowd(points, seed=0), centres, refit, seed=0)


def test_empty_space_is_found_between_two_crowds_and_not_inside_one() -> None:
    """Two groups six deviations apart; then one group cut in two, twenty times over."""
    [border] = judged(*two_crowds(6.0))
    assert border.empty
    assert border.p_holm < 0.001
    assert border.customers == 600
    assert border.counts.sum() == 600
    refused = [judged(*two_crowds(0.0, 300, seed))[0].empty for seed in range(20)]
    assert sum(refused) <= 1


@pytest.mark.parametrize("away", [8, 30])
def test_a_group_far_from_two_that_touch_has_empty_space_around_it(away: int) -> None:
    """Beside a crowd that is cut in two: few of the crowd, or none, have the far centre as their second nearest."""
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal([-away, 0], 1, (100, 2)), rng.normal(0, [1.5, 1], (200, 2))])
    centres = np.stack([part.mean(axis=0) for part in (points[:100], *halves(points[100:]))])
    empty = {(one.first, one.second): one.empty for one in judged(points, centres)}
    assert empty == {(0, 1): True, (1, 2): False}


def test_one_hump_cut_in_many_has_no_empty_space() -> None:
    """Log-concave crowds cut by K-means: the dip's own level is 5 %, and twice the median is far stricter."""
    tested = [
        border.empty
        for seed in range(8)
        for shape in ("normal", "uniform", "logistic")
        for k in (3, 5)
        for points in [getattr(np.random.default_rng(seed), shape)(size=(400, 3))]
        for border in judged(points, KMeans(k, n_init=3, random_state=0).fit(points).cluster_centers_)
    ]
    assert len(tested) > 150
    assert not any(tested)


def test_customers_on_a_pair_s_side_are_nearer_to_the_line_s_nearest_place_than_to_any_other_centre() -> None:
    """The nearest place by trying ten thousand of them; a convex region that holds both ends."""
    points, centres = (
        np.random.default_rng(0).normal(size=(500, 3)),
        np.random.default_rng(1).normal(size=(5, 3)),
    )
    for a, b in combinations(range(5), 2):
        inside = borders.on_their_side(points, centres, (a, b))
        line = centres[a] + np.linspace(0, 1, 10_001)[:, None] * (centres[b] - centres[a])
        others = np.delete(centres, [a, b], axis=0)
        nearest = line[pairwise_distances_argmin(others, line)]
        expected = [
            np.linalg.norm(points - place, axis=1) < np.linalg.norm(points - other, axis=1)
            for place, other in zip(nearest, others, strict=True)
        ]
        assert (inside != np.all(expected, axis=0)).sum() <= 1
        assert borders.on_their_side(centres[[a, b]], centres, (a, b)).all()
        within = points[inside]
        assert borders.on_their_side(
            (within[:, None] + within[None]).reshape(-1, 3) / 2, centres, (a, b)
        ).all()


def test_tied_counts_are_no_empty_space() -> None:
    """Whole numbers have gaps between all values: spread out, one crowd stays one crowd."""
    points = np.random.default_rng(0).poisson(6, size=(800, 2)).astype(float)
    centres = KMeans(2, n_init=5, random_state=0).fit(points).cluster_centers_
    assert not judged(points, centres)[0].empty


def test_a_segment_is_separated_when_all_its_notable_borders_are_empty() -> None:
    """A border that holds less than a fifth of a segment does not count against it."""
    empty, touching = (judged(*two_crowds(apart))[0] for apart in (6.0, 0.0))
    assert borders.separated([empty], [600, 600]) == [True, True]
    assert borders.separated([touching], [600, 600]) == [False, False]
    assert borders.separated([touching], [600, 9_000]) == [False, False]


def test_every_segment_has_a_neighbour() -> None:
    """Eight groups in a ring have each other as second nearest, and the one in their middle has a few of each."""
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    centres = np.vstack([[0.0, 0.0], 12 * np.stack([np.cos(turns), np.sin(turns)], axis=1)])
    points = np.repeat(centres, 60, axis=0) + np.random.default_rng(0).normal(size=(540, 2))
    first, second = borders.two_nearest(points, centres)
    shared = [((first == 0) & (second == one) | (first == one) & (second == 0)).sum() for one in range(1, 9)]
    assert max(shared) < 20
    tested = judged(points, centres)
    assert [border.second for border in tested if border.first == 0] == [1 + int(np.argmax(shared))]
    assert borders.separated(tested, [120] * 9) == [True] * 9


def test_a_border_seen_from_the_other_side_is_mirrored() -> None:
    """Turned twice it is the same."""
    [border] = judged(*two_crowds(6.0))
    other = borders.turned(border)
    assert other.counts.tolist() == border.counts[::-1].tolist()
    assert (other.first, other.second) == (border.second, border.first)
    assert borders.turned(other).places.tolist() == border.places.tolist()


def test_the_lowest_bic_is_scikit_learn_s() -> None:
    """The best of four shapes and ten starts of the library is the oracle; ours is not above it."""
    points = blobs(400, 3, 4)
    labels = {
        k: KMeans(k, n_init=5, random_state=0).fit(points).labels_.astype(np.int64) for k in range(1, 6)
    }
    ours = mixtures.mixtures(points, labels, restarts=1, seed=0)
    for k in (1, 4):
        theirs = min(
            GaussianMixture(k, covariance_type=shape, n_init=10, reg_covar=1e-4, random_state=0)
            .fit(points)
            .bic(points)
            for shape in mixtures.SHAPES
        )
        assert ours[k].bic <= theirs + 0.5
    assert min(ours, key=lambda k: ours[k].bic) == 4


def test_flows_keep_the_shipped_numbers_and_lose_nobody() -> None:
    """At each step everybody goes somewhere; the shipped segments have the numbers they are shipped with."""
    points = blobs(300, 2, 4)
    labels = {
        k: KMeans(k, n_init=5, random_state=0).fit(points).labels_.astype(np.int64) for k in range(1, 6)
    }
    order = [2, 0, 1]
    found = flow.flows(labels, 3, order)
    assert {one.k for one in found} == {3, 4, 5}
    for k in (3, 4, 5):
        assert sum(one.customers for one in found if one.k == k) == 300
    sizes = [sum(one.customers for one in found if one.k == 3 and one.child == place) for place in range(3)]
    assert sizes == np.bincount(labels[3])[order].tolist()


def test_a_stratified_sample_keeps_the_shares() -> None:
    """To the nearest customer, the same for the same seed."""
    labels = np.repeat([0, 1, 2], [700, 250, 50])
    chosen = stratified(labels, size=100, seed=4)
    assert np.bincount(labels[chosen]).tolist() == [70, 25, 5]
    assert chosen.tolist() == stratified(labels, size=100, seed=4).tolist()


def test_the_silhouette_s_interval_covers_the_truth() -> None:
    """Of 40 samples of a known crowd at least 36 intervals (of 95 %) hold the mean over many customers."""
    rng = np.random.default_rng(1)

    def crowd(n: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        labels = rng.integers(3, size=n)
        return rng.normal(size=(n, 2)) + labels[:, None] * [2.5, 1.0], labels

    truth = silhouette_score(*crowd(8_000))
    held = 0
    for _ in range(40):
        points, labels = crowd(150)
        [reach] = silhouette.intervals(points, [labels], seed=0)
        held += abs(silhouette_score(points, labels) - truth) <= reach.micro
    assert held >= 36


def test_the_same_customers_give_the_same_evidence() -> None:
    """Same points and seed: the same numbers; and a smooth crowd has no lift, three groups have."""
    points = blobs(300, 3, 3)
    centres = {k: KMeans(k, n_init=5, random_state=0).fit(points).cluster_centers_ for k in range(1, 5)}
    one, other = (rerun(points, centres, QUICK, seed=0) for _ in range(2))
    assert one.by_k[3].twins == other.by_k[3].twins
    assert one.gaps == other.gaps
    assert one.by_k[3].twins.lift > 0.2
    assert one.by_k[3].worst_jaccard > 0.98
    assert one.by_k[3].prediction_strength > 0.9
    assert one.budget.customers == 300
