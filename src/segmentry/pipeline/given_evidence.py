"""The evidence for segments that were given, not found: re-runs, twins and gaps that start from their means.

Copies of the data and re-runs are K-means, which the given segments need not be: they are held to what
can be found, so they never look better here than they are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from segmentry.pipeline.resample import BORDERS, FRESH, HALVES, STARTS, TWINS, WEIGHTS
from segmentry.records.arrays import Floats, Ints
from segmentry.records.evaluation import FEWEST
from segmentry.records.evidence import Border, Budget, KEvidence, Resampled, SegmentStability, Twins
from segmentry.stages.choose import Rule
from segmentry.stages.clustering import batched_kmeans
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.clustering.limits import one_thread
from segmentry.stages.evidence import borders, separation, silhouette, stability, twins
from segmentry.stages.features.sampling import stratified

BACK = Rule().stable_jaccard
"""Overlap from which a segment comes back when the customers are drawn again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Customers with the segments that they were given.

    Attributes:
        points: n x p scaled features in canonical order, without gaps.
        labels: n segment numbers from 0, each of them in use.
        means: k x p means of the segments.
    """

    points: Floats
    labels: Ints
    means: Floats

    @classmethod
    def of(cls, points: Floats, labels: Ints) -> "Labelled":
        """The customers, with the means of their segments."""
        sums = np.stack([np.bincount(labels, weights=column) for column in points.T], axis=1)
        return cls(points=points, labels=labels, means=sums / np.bincount(labels)[:, None])

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.means)

    @property
    def large(self) -> Ints:
        """The numbers of the segments that have customers enough to be judged."""
        return np.flatnonzero(np.bincount(self.labels, minlength=self.k) >= FEWEST)

    def only(self, segments: Ints) -> "Labelled":
        """The customers of some segments, which are numbered anew."""
        inside = np.isin(self.labels, segments)
        return replace(
            self,
            points=self.points[inside],
            labels=np.searchsorted(segments, self.labels[inside]),
            means=self.means[segments],
        )

    def at(self, chosen: Ints) -> "Labelled":
        """Some of the customers; the means stay those of all."""
        return replace(self, points=self.points[chosen], labels=self.labels[chosen])

    @property
    def warm(self) -> batched_kmeans.Singles:
        """The means as re-runs start from them."""
        return self.means.astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What was measured for given segments.

    Attributes:
        evidence: The evidence, as there is for each number of segments that is found.
        budget: The work that was done; its customers are those that there were.
        silhouettes: k mean silhouettes; NaN where no customer of a segment was looked at.
        eta_squared: p shares of variance that lie between the segments.
        between: p shares of all that lies between the segments.
        alone: p shares of customers whose segment one feature tells by itself.
    """

    evidence: KEvidence
    budget: Budget
    silhouettes: Floats
    eta_squared: Floats
    between: Floats
    alone: Floats


def appraise(given: Labelled, judged_on: Ints, budget: Budget, *, seed: int) -> Appraisal:
    """Everything that is measured for given segments.

    Re-runs and twins leave the smallest ones out: a start at a handful of customers would grow into others.

    Args:
        given: The customers and their segments, at least two of which are large.
        judged_on: Positions of the customers that silhouettes are computed on.
        budget: How much work to do.
        seed: The random seed.
    """
    row, means = _measured(given, judged_on, seed)
    large = given.only(given.large)
    chosen = stratified(large.labels, size=budget.customers, seed=seed)
    few = stratified(large.labels[chosen], size=budget.twin_customers, seed=seed)
    with one_thread():
        seen = _resampled(large.at(chosen), large.at(chosen[few]), budget, seed)
    shares = twins.variance_between(given.points, given.labels)
    spread = shares * given.points.var(axis=0)
    return Appraisal(
        evidence=replace(row, resampled=_numbered(seen, given.large.tolist())),
        budget=replace(budget, customers=len(chosen), twin_customers=len(few), references=0, restarts=0),
        silhouettes=means,
        eta_squared=shares,
        between=spread / spread.sum() if spread.sum() > 0 else spread,
        alone=_told_alone(large.at(chosen)),
    )


def one_audience(points: Floats) -> KEvidence:
    """The row of one segment, which any number of them is held against."""
    return KEvidence(
        k=1,
        inertia=float(((points - points.mean(axis=0)) ** 2).sum()),
        silhouette=nan,
        silhouette_low=nan,
        silhouette_high=nan,
        silhouette_macro=nan,
        calinski_harabasz=nan,
        davies_bouldin=nan,
        smallest=len(points),
    )


def _measured(given: Labelled, judged_on: Ints, seed: int) -> tuple[KEvidence, Floats]:
    """What is measured on the segments as they are, and each one's mean silhouette."""
    apart = ((given.points - given.means[given.labels]) ** 2).sum(axis=1)
    whole, within = one_audience(given.points), float(apart.sum())
    row = replace(
        whole,
        k=given.k,
        inertia=within,
        calinski_harabasz=separation.calinski_harabasz(
            total=whole.inertia, within=within, k=given.k, n=len(apart)
        ),
        davies_bouldin=separation.davies_bouldin(np.sqrt(apart), given.labels, given.means),
        smallest=int(np.bincount(given.labels).min()),
    )
    seen = given.at(judged_on)
    if len(np.unique(seen.labels)) == 1:
        return row, np.full(given.k, nan)
    scores = silhouette.silhouettes(seen.points, [seen.labels])[0]
    reach = silhouette.intervals(seen.points, [seen.labels], seed=seed)[0]
    micro, macro = float(scores.mean()), silhouette.macro(scores, seen.labels)
    counts = np.bincount(seen.labels, minlength=given.k)
    sums = np.bincount(seen.labels, weights=scores, minlength=given.k)
    means = np.divide(sums, counts, out=np.full(given.k, nan), where=counts > 0)
    return replace(
        row,
        silhouette=micro,
        silhouette_low=micro - reach.micro,
        silhouette_high=min(micro + reach.micro, 1.0),
        silhouette_macro=macro,
        macro_low=macro - reach.macro,
        macro_high=min(macro + reach.macro, 1.0),
    ), means


def _resampled(given: Labelled, fewer: Labelled, budget: Budget, seed: int) -> Resampled:
    """What re-runs on other draws of the customers say of the given segments."""
    overlaps, agreement = _bootstrap(given, budget.pairs, seed)
    tested = tuple(_believed(one, overlaps.mean(axis=0)) for one in _borders(given, seed))
    return Resampled(
        twins=_twins(fewer, budget.twins, seed),
        prediction_strength=_predicted(given, budget.halves, seed),
        agreement=twins.spread(agreement),
        segments=tuple(_segments(given, overlaps, tested)),
        borders=tested,
    )


def _numbered(seen: Resampled, numbers: Sequence[int]) -> Resampled:
    """The same with the segments' numbers as they were given."""
    return replace(
        seen,
        segments=tuple(replace(one, segment=numbers[one.segment]) for one in seen.segments),
        borders=tuple(
            replace(one, first=numbers[one.first], second=numbers[one.second]) for one in seen.borders
        ),
    )


def _twins(given: Labelled, count: int, seed: int) -> Twins:
    """The given segments beside as many that are found in copies without groups (METHOD 3.2)."""
    copies = twins.make_twins(given.points, count, seed=seed + TWINS)
    draws = batched_kmeans.drawn(copies)
    rng = np.random.default_rng([seed, STARTS])
    fresh = [batched_kmeans.seeds(draws, given.k, rng) for _ in range(FRESH)]
    labels = batched_kmeans.nearest(draws.points, batched_kmeans.refit(draws, [given.warm, *fresh]).centres)
    return twins.compare_with_twins(
        _silhouette(given.points, given.labels),
        [_silhouette(copies[one], labels[one]) for one in range(count)],
        np.stack([twins.variance_between(copies[one], labels[one]) for one in range(count)]),
        twins.variance_between(given.points, given.labels),
    )


def _silhouette(points: Floats, labels: NDArray[np.integer]) -> float:
    """The mean silhouette; 0 where all are in one segment."""
    if len(np.unique(labels)) == 1:
        return 0.0
    return float(silhouette.silhouettes(points, [labels.astype(np.int64)])[0].mean())


def _refit(given: Labelled) -> Callable[[NDArray[np.float32]], batched_kmeans.Singles]:
    """Re-runs on weighted customers, started from the segments' means."""
    points = given.points.astype(np.float32)
    return lambda weights: batched_kmeans.refit(batched_kmeans.drawn(points, weights), [given.warm]).centres


def _bootstrap(given: Labelled, pairs: int, seed: int) -> tuple[Floats, Floats]:
    """Each segment's overlap with itself in each pair of draws, and how far the pairs agree."""
    weights = stability.bootstrap_weights(len(given.points), 2 * pairs, seed=seed + WEIGHTS)
    labels = batched_kmeans.nearest(given.points.astype(np.float32), _refit(given)(weights))
    overlaps = stability.jaccards(stability.crossed(given.labels, labels, given.k))
    between = [stability.crossed(labels[one], labels[one + pairs][None], given.k)[0] for one in range(pairs)]
    return (overlaps[:pairs] + overlaps[pairs:]) / 2, stability.rand_indices(np.stack(between))


def _predicted(given: Labelled, splits: int, seed: int) -> float:
    """The worst segment's share of pairs that segments found in the other half keep together."""
    weights = stability.halves(len(given.points), splits, seed=seed + HALVES)
    labels = batched_kmeans.nearest(given.points.astype(np.float32), _refit(given)(weights))
    tables = stability.crossed(given.labels, np.roll(labels, splits, axis=0), given.k, weights)
    return float(stability.prediction_strength(tables).mean())


def _borders(given: Labelled, seed: int) -> tuple[Border, ...]:
    refit = _refit(given)
    return borders.borders(
        borders.crowd(given.points, seed=seed + BORDERS),
        given.means,
        lambda weights: refit(weights).astype(np.float64),
        seed=seed + BORDERS,
    )


def _believed(border: Border, overlaps: Floats) -> Border:
    """The border, empty only beside a segment that comes back: else the gap is between others than these."""
    back = max(overlaps[border.first], overlaps[border.second]) >= BACK
    return replace(border, empty=border.empty and bool(back))


def _segments(given: Labelled, overlaps: Floats, tested: Sequence[Border]) -> Iterator[SegmentStability]:
    """The stability of each segment that has customers enough to be judged."""
    sizes = np.bincount(given.labels, minlength=given.k)
    near = np.bincount(np.concatenate(borders.two_nearest(given.points, given.means)), minlength=given.k)
    apart = borders.separated(tested, near.tolist())
    back = overlaps.mean(axis=0) >= BACK
    for one in given.large.tolist():
        yield SegmentStability(
            segment=one,
            customers=int(sizes[one]),
            jaccard=twins.spread(overlaps[:, one]),
            inherited=nan,
            separated=apart[one] and bool(back[one]),
        )


def _told_alone(given: Labelled) -> Floats:
    """For each feature the share of customers whose segment k - 1 cuts of it tell."""
    from sklearn.tree import DecisionTreeClassifier

    found = []
    for column in given.points.T:
        tree = DecisionTreeClassifier(max_leaf_nodes=given.k, random_state=0)
        found.append(tree.fit(column[:, None], given.labels).score(column[:, None], given.labels))
    return np.array(found)


def nearest_mean(given: Labelled) -> Ints:
    """The segment whose mean is nearest, for each customer."""
    return assign(given.points, given.means)[0]
