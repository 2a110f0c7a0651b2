"""The evidence for segments that were given, not found: re-runs, twins and gaps that start from their means.

Copies of the data and re-runs are K-means, which the given segments need not be: they are held to what
can be found, so they never look better here than they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from segmentry.pipeline.evidence import Divided, with_silhouettes
from segmentry.pipeline.resample import Partitions, abreast, resampled
from segmentry.records.arrays import Floats, Ints
from segmentry.records.evaluation import FEWEST
from segmentry.records.evidence import Budget, KEvidence, Resampled
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.clustering.limits import one_thread
from segmentry.stages.evidence import twins
from segmentry.stages.features.sampling import stratified


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
    divided = _divided(given, judged_on, seed)
    large = given.only(given.large)
    chosen = stratified(large.labels, size=budget.customers, seed=seed)
    few = stratified(large.labels[chosen], size=budget.twin_customers, seed=seed)
    among = large.at(chosen)
    partition = Partitions(
        points=among.points,
        centres={large.k: large.means},
        labels={large.k: among.labels},
        seed=seed,
        given=True,
    )
    with one_thread(), abreast(among.points) as pool:
        seen = resampled(pool, partition, partition.some(few), budget)[large.k]
    shares = twins.variance_between(given.points, given.labels)
    spread = shares * given.points.var(axis=0)
    return Appraisal(
        evidence=replace(
            divided.row(one_audience(given.points).inertia), resampled=_numbered(seen, given.large.tolist())
        ),
        budget=replace(budget, customers=len(chosen), twin_customers=len(few), references=0, restarts=0),
        silhouettes=_mean_silhouettes(divided),
        eta_squared=shares,
        between=spread / spread.sum() if spread.sum() > 0 else spread,
        alone=_told_alone(among),
    )


def one_audience(points: Floats) -> KEvidence:
    """The row of one segment, which any number of them is compared with."""
    everybody = np.zeros(len(points), dtype=np.int64)
    squared = ((points - points.mean(axis=0)) ** 2).sum(axis=1)
    total = float(((points - points.mean(axis=0)) ** 2).sum())
    whole = Divided(
        centres=points.mean(axis=0, keepdims=True),
        inertia=total,
        labels=everybody,
        squared=squared,
        seen=everybody,
    )
    return whole.row(total)


def _divided(given: Labelled, judged_on: Ints, seed: int) -> Divided:
    """The segments as they are."""
    squared = ((given.points - given.means[given.labels]) ** 2).sum(axis=1)
    seen = given.at(judged_on)
    way = Divided(
        centres=given.means,
        inertia=float(squared.sum()),
        labels=given.labels,
        squared=squared,
        seen=seen.labels,
    )
    return with_silhouettes([way], seen.points, seed)[0]


def _mean_silhouettes(divided: Divided) -> Floats:
    """Each segment's mean silhouette; NaN where nobody of it was looked at."""
    k, means = len(divided.centres), np.full(len(divided.centres), nan)
    if divided.silhouettes is None:
        return means
    counts = np.bincount(divided.seen, minlength=k)
    sums = np.bincount(divided.seen, weights=divided.silhouettes, minlength=k)
    return np.asarray(np.divide(sums, counts, out=means, where=counts > 0))


def _numbered(seen: Resampled, numbers: Sequence[int]) -> Resampled:
    """The same with the segments' numbers as they were given, of those with customers enough in the sample."""
    return replace(
        seen,
        segments=tuple(
            replace(segment, segment=numbers[segment.segment])
            for segment in seen.segments
            if segment.customers >= FEWEST
        ),
        borders=tuple(
            replace(border, first=numbers[border.first], second=numbers[border.second])
            for border in seen.borders
        ),
        bridges=tuple(
            replace(way, first=numbers[way.first], second=numbers[way.second]) for way in seen.bridges
        ),
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
