"""The evidence for each number of segments, and the verdict that rests on it."""

from dataclasses import dataclass
from enum import StrEnum

from segmentry.records.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class KEvidence:
    """What was measured at one number of segments.

    Attributes:
        k: The number of segments.
        inertia: Sum of squared distances to the own centre over all fitted customers.
        silhouette: Mean over customers (micro); NaN at k = 1.
        silhouette_low, silhouette_high: Its 95 % bootstrap interval.
        silhouette_macro: Mean of the segment means.
        calinski_harabasz: (B / (k - 1)) / (W / (n - k)); NaN at k = 1.
        davies_bouldin: Mean over segments of the worst (s_i + s_j) / d_ij; NaN at k = 1.
        smallest: Customers in the smallest segment.
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
    """

    by_k: tuple[KEvidence, ...]
    elbow: int | None
    fitted: int
    silhouette_customers: int
    curves: tuple[SilhouetteCurve, ...]
    near_ties: tuple[int, ...] = ()

    def at(self, k: int) -> KEvidence:
        """The row of one k."""
        return next(row for row in self.by_k if row.k == k)


class VerdictKind(StrEnum):
    """What kind of segments these are (METHOD 3.4)."""

    NATURAL = "natural"
    PARTLY_NATURAL = "partly_natural"
    DISTINCT_OVERLAPPING = "distinct_overlapping"
    REPRODUCIBLE_CUT = "reproducible_cut"
    CONSTRUCTIVE = "constructive"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The recommendation about k.

    Attributes:
        kind: What kind of segments these are.
        k: The number of segments.
        runner_up: The next best k; None when nothing else was tried.
        confidence: high, medium, low or not_judged.
        sentence: The verdict in words.
    """

    kind: VerdictKind
    k: int
    runner_up: int | None
    confidence: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmRow:
    """How one algorithm did on the shared customers.

    Attributes:
        name: Its name in the catalog.
        k: Its number of segments.
        silhouette: Mean silhouette.
        inertia: Sum of squared distances; None outside the K-means family.
        smallest: Customers in its smallest segment.
        scores_new_customers: Whether it can place a customer it has not seen.
        shipped: Whether the run ships it.
    """

    name: str
    k: int
    silhouette: float
    inertia: float | None
    smallest: int
    scores_new_customers: bool
    shipped: bool
