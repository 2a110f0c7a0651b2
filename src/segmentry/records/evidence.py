"""The evidence for each number of segments."""

from dataclasses import dataclass
from math import isfinite, nan

from segmentry.records.arrays import Floats
from segmentry.records.verdict import VerdictKind

LATENT_CLASS = "latent class"
"""What a mixture is called that is one of latent classes."""

GROUPED, LEAST_LIFT, CLEAR_LIFT = 0.15, 0.012, 0.05
"""Customers count as grouped from this share of the twins' silhouette on; never below the second lift, always from the third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A number that was measured again and again: its mean and where the middle of it lies.

    Attributes:
        mean: The mean.
        low, high: The 5th and the 95th percentile.
        lower, upper: The quartiles.
    """

    mean: float
    low: float
    lower: float
    upper: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentStability:
    """How one segment fares when the customers are drawn again (METHOD 4).

    Attributes:
        segment: Segment number from 0, in the order of the centres.
        customers: Its customers among those the evidence was taken from.
        jaccard: Its Jaccard overlap with the most similar segment of each re-run (SLSW).
        inherited: SLSA: 1 when all its members come from one segment of the solution with one
            segment less; NaN at k = 2.
        separated: Whether there is empty space between it and its neighbours (METHOD 3.3).
    """

    segment: int
    customers: int
    jaccard: Spread
    inherited: float
    separated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """Two neighbouring segments, and whether there is empty space between them (METHOD 3.3).

    Attributes:
        first, second: Segment numbers from 0.
        customers: Customers whose two nearest centres are these.
        p: The p-value of Hartigan's dip test against one hump, before Holm's correction.
        p_holm: After it.
        empty: Whether there is empty space: one hump is refused, and no crowded way leads round.
        places: 41 bin edges along the line from the first centre (-0.5) to the second (0.5).
        counts: 40 counts of the customers on the two centres' side of every other one.
        thinness: How crowded the best way between the two is at its thinnest; NaN where it was not measured.
    """

    first: int
    second: int
    customers: int
    p: float
    p_holm: float
    empty: bool
    places: Floats
    counts: Floats
    thinness: float = nan


LEVEL = 0.05
"""The level of the gap test, after Holm (METHOD 3.3)."""

EMPTY, CONNECTED = 0.5, 0.8
"""A way at most this crowded at its thinnest is empty space; from the second on, it joins one connected body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """The most crowded way between two segments, whatever its shape.

    Attributes:
        first, second: Segment numbers from 0.
        thinness: How crowded the way is at its thinnest, as a share of how crowded it is around a typical
            customer of the sparser of the two.
    """

    first: int
    second: int
    thinness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """The same number of segments found in copies of the data without groups (METHOD 3.2).

    Attributes:
        silhouette: Of the customers, on the sample that the twins are compared with.
        twin: Silhouettes of the twins.
        p: (1 + twins at least as high) / (twins + 1).
        own_eta_squared: p values: each feature's share of variance that lies between the customers' segments,
            on the scaled features, as in the twins.
        eta_squared: p values: the same between the twins' segments, their mean.
        eta_squared_high: The same, the 95th percentile.
    """

    silhouette: float
    twin: Spread
    p: float
    eta_squared: tuple[float, ...]
    eta_squared_high: tuple[float, ...]
    own_eta_squared: tuple[float, ...] = ()

    @property
    def lift(self) -> float:
        """How much tighter the customers' segments are than the twins'."""
        return self.silhouette - self.twin.mean

    @property
    def bar(self) -> float:
        """The lift from which customers count as grouped: silhouettes shrink as features are added, and lifts too."""
        return min(max(GROUPED * self.twin.mean, LEAST_LIFT), CLEAR_LIFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampled:
    """What re-runs on other draws of the customers say of one number of segments (METHOD 3.1, 4).

    Attributes:
        twins: The comparison with the no-groups twins.
        prediction_strength: Mean over half splits of the worst segment's share of pairs kept together.
        agreement: Adjusted Rand index of pairs of bootstrap solutions.
        segments: Each segment's stability.
        borders: Each pair of neighbouring segments.
        returns: How often customers come back to their segment in re-runs, by their margin 1 - d1 / d2:
            the corners of a line, margin and share; empty when not measured.
        bridges: The way between each pair of segments; empty when not measured.
    """

    twins: Twins
    prediction_strength: float
    agreement: Spread
    segments: tuple[SegmentStability, ...]
    borders: tuple[Border, ...]
    returns: tuple[tuple[float, float], ...] = ()
    bridges: tuple[Bridge, ...] = ()

    @property
    def some_space(self) -> bool:
        """Whether some border looks empty along the straight line, and some way between segments is thin."""
        thin = [way.thinness <= EMPTY for way in self.bridges]
        dipped = any(border.p_holm < LEVEL for border in self.borders)
        return dipped and any(thin) if thin else any(border.empty for border in self.borders)

    @property
    def thinnest(self) -> float:
        """How crowded the thinnest of the ways between two segments is; 0 where ways were not measured."""
        return min((way.thinness for way in self.bridges), default=0.0)

    @property
    def busiest(self) -> Bridge | None:
        """The most crowded way between two segments; None where ways were not measured."""
        return max(self.bridges, key=lambda bridge: bridge.thinness, default=None)

    @property
    def worst_jaccard(self) -> float:
        """The mean Jaccard of the least stable segment."""
        return min(segment.jaccard.mean for segment in self.segments)

    @property
    def separated_share(self) -> float:
        """The share of customers in segments with empty space around them."""
        total = sum(segment.customers for segment in self.segments)
        return sum(segment.customers for segment in self.segments if segment.separated) / max(total, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KEvidence:
    """What was measured at one number of segments.

    Attributes:
        k: The number of segments.
        inertia: Sum of squared distances to the own centre over all fitted customers.
        silhouette: Mean over customers (micro); NaN at k = 1.
        silhouette_low, silhouette_high: Its 95 % bootstrap interval.
        silhouette_macro: Mean of the segment means.
        macro_low, macro_high: Its 95 % bootstrap interval.
        calinski_harabasz: (B / (k - 1)) / (W / (n - k)); NaN at k = 1.
        davies_bouldin: Mean over segments of the worst (s_i + s_j) / d_ij; NaN at k = 1.
        smallest: Customers in the smallest segment.
        gap, gap_error: The gap statistic and its standard error; NaN when not measured.
        bic: The lowest BIC of the Gaussian mixtures; NaN when not measured.
        mixture: The shape of that mixture's covariances, ``latent class`` where columns in words make it
            one of latent classes; empty when not measured.
        resampled: What re-runs say; None at k = 1 and where not measured.
        chosen: Whether this is the shipped solution.
    """

    k: int
    inertia: float
    silhouette: float
    silhouette_low: float
    silhouette_high: float
    silhouette_macro: float
    calinski_harabasz: float
    davies_bouldin: float
    smallest: int
    macro_low: float = nan
    macro_high: float = nan
    gap: float = nan
    gap_error: float = nan
    bic: float = nan
    mixture: str = ""
    resampled: Resampled | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SilhouetteCurve:
    """The silhouettes of one segment, as quantiles from the highest to the lowest.

    Attributes:
        segment: Segment number from 0, in canonical order.
        customers: How many customers it was measured on.
        mean: Their mean.
        quantiles: 101 values, at 100 %, 99 %, ... 0 %.
    """

    segment: int
    customers: int
    mean: float
    quantiles: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFlow:
    """Customers who go from a segment of one solution to a segment of the next.

    Attributes:
        k: The number of segments of the next solution.
        parent: Segment of the solution with k - 1, from 0, in the order they are drawn.
        child: Segment of the solution with k, from 0, in the order they are drawn.
        customers: How many.
    """

    k: int
    parent: int
    child: int
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much work the evidence rests on.

    Attributes:
        effort: quick, standard or thorough.
        customers: Customers that were drawn again, at most; fewer than all are a stratified sample.
        twins: No-groups twins, each of at most ``twin_customers``.
        twin_customers: Customers in a twin.
        references: Boxes that the gap statistic compares with.
        halves: Half splits of the prediction strength.
        pairs: Pairs of bootstrap samples.
        restarts: Starts of each Gaussian mixture.
    """

    effort: str
    customers: int
    twins: int
    twin_customers: int
    references: int
    halves: int
    pairs: int
    restarts: int


SAME_ISLANDS = 0.8
"""Agreement from which K-means finds the same islands when it makes as many segments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Islands that HDBSCAN finds and the recommended segments cut through: groups that are not round, or fewer.

    Attributes:
        k: How many there are.
        coverage: The share of customers in one of them.
        agreement: Adjusted Rand index with the recommended segments.
        at_its_number: The same with as many segments by K-means; 0 where that was not tried.
        jaccard: In half-samples, the mean overlap of the least stable island with itself.
        same: Half-samples with as many islands.
        reruns: Half-samples.
    """

    k: int
    coverage: float
    agreement: float
    at_its_number: float
    jaccard: float
    same: int
    reruns: int

    @property
    def is_number(self) -> bool:
        """Whether it is another number of segments rather than another shape: K-means finds them too."""
        return self.at_its_number >= SAME_ISLANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Features that have one hump and nothing to do with any other, and the verdict without them.

    Attributes:
        features: Their names.
        of: How many features there are.
        k: The number of segments without them; None where too few features are left to judge.
        kind: What kind of segments these are.
    """

    features: tuple[str, ...]
    of: int
    k: int | None = None
    kind: VerdictKind = VerdictKind.NOT_JUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The evidence for every k that was tried.

    Attributes:
        by_k: One row per k, ascending.
        elbow: Kneedle's elbow in the inertia; None when there is none. Drawn, never a vote.
        fitted: Customers that the solutions rest on.
        silhouette_customers: Customers that the silhouettes were computed on.
        curves: The silhouettes of the shipped segments; empty at k = 1.
        near_ties: Values of k whose best two solutions are nearly equal in inertia but differ
            in who is where: their labels are not reproducible.
        budget: How much work the resampled evidence rests on; None when there is none.
        flows: How customers move from each solution to the next.
        islands: Customers in each island that is too small for a segment.
        shape: Islands that the recommended segments cut through; None where none were found.
        quiet: Features that have to do with nothing else; None where there are none.
    """

    by_k: tuple[KEvidence, ...]
    elbow: int | None
    fitted: int
    silhouette_customers: int
    curves: tuple[SilhouetteCurve, ...]
    near_ties: tuple[int, ...] = ()
    budget: Budget | None = None
    flows: tuple[SegmentFlow, ...] = ()
    islands: tuple[int, ...] = ()
    shape: Shape | None = None
    quiet: Quiet | None = None

    def at(self, k: int) -> KEvidence:
        """The row of one k."""
        return next(row for row in self.by_k if row.k == k)

    @property
    def judged(self) -> tuple[KEvidence, ...]:
        """The rows that re-runs were made for, ascending."""
        return tuple(row for row in self.by_k if row.resampled is not None)

    @property
    def with_gap(self) -> tuple[KEvidence, ...]:
        """The rows that have a gap statistic, ascending; k = 1 is among them."""
        return tuple(row for row in self.by_k if isfinite(row.gap))
