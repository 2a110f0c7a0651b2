"""What sets each segment apart: effect sizes, marker variables, importance and example customers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints
from segmentry.records.customers import Assignment
from segmentry.records.rounding import rounded
from segmentry.records.segment import FeatureProfile, PopulationProfile

MARKER_SHARE_OF_RANGE, MARKER_RATIO, MARKER_D = 0.25, 0.5, 0.5
CLEARLY_ABOVE_ZERO = 0.1
TYPICAL, BORDERLINE = 3, 10
MEDOID_AMONG, MEDOID_FROM = 100, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The customers to be profiled.

    Attributes:
        features: The p names.
        flags: p flags: whether the feature is two-valued.
        values: n x p raw values, NaN where missing.
        segment: n segment numbers from 0; -1 for those who could not be placed.
        k: The number of segments.
    """

    features: tuple[str, ...]
    flags: tuple[bool, ...]
    values: Floats
    segment: Ints
    k: int


def populations(placed: Placed, traits: dict[str, str]) -> tuple[PopulationProfile, ...]:
    """Each feature over all customers, with the share of its variance that lies between segments.

    eta squared = SSB / SST over the placed customers with a value.
    """
    return tuple(
        _population(placed, index, traits.get(feature)) for index, feature in enumerate(placed.features)
    )


def _population(placed: Placed, index: int, trait: str | None) -> PopulationProfile:
    values = placed.values[:, index]
    present = values[~np.isnan(values)]
    q05, q25, median, q75, q95 = _quantiles(present, (0.05, 0.25, 0.5, 0.75, 0.95))
    return PopulationProfile(
        feature=placed.features[index],
        flag=placed.flags[index],
        mean=_mean(present),
        median=median,
        q25=q25,
        q75=q75,
        q05=q05,
        q95=q95,
        sd=float(present.std()) if len(present) else float("nan"),
        eta_squared=eta_squared(values, placed.segment, placed.k),
        trait=trait,
    )


def eta_squared(values: Floats, segment: Ints, k: int) -> float:
    """Between-segment sum of squares over the total; 0 for a constant.

    >>> eta_squared(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1]), 2)
    1.0
    """
    known = ~np.isnan(values) & (segment >= 0)
    x, group = values[known], segment[known]
    if len(x) == 0:
        return 0.0
    centred = x - x.mean()
    total = float((centred**2).sum())
    counts = np.bincount(group, minlength=k)
    sums = np.bincount(group, weights=centred, minlength=k)
    between = float((sums**2 / np.maximum(counts, 1)).sum())
    return min(between / total, 1.0) if total > 0 else 0.0


def profiles(placed: Placed, centres: Floats, everyone: Floats) -> tuple[tuple[FeatureProfile, ...], ...]:
    """The profile of every feature in every segment (METHOD 6.1, 6.2, 6.4a).

    Args:
        placed: The customers.
        centres: k x p centres in scaled units.
        everyone: The p means of all fitted customers in scaled units.

    Returns:
        k tuples of p profiles.
    """
    squared = (centres - everyone) ** 2
    totals = squared.sum(axis=1, keepdims=True)
    importance = np.divide(squared, totals, out=np.zeros_like(squared), where=totals > 0)
    columns = [
        _feature_profiles(placed, index, importance[:, index]) for index in range(len(placed.features))
    ]
    return tuple(tuple(column[segment] for column in columns) for segment in range(placed.k))


def with_permuted(
    found: tuple[tuple[FeatureProfile, ...], ...], permuted: Floats
) -> tuple[tuple[FeatureProfile, ...], ...]:
    """The profiles with the permutation importance beside the other one (METHOD 6.4b), k x p."""
    return tuple(
        tuple(
            replace(one, permuted=None if np.isnan(share) else float(rounded(share)))
            for one, share in zip(features, shares, strict=True)
        )
        for features, shares in zip(found, permuted, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where and how far everybody's values of a feature lie: what a segment's mean is held against.

    Attributes:
        mean: Everybody's mean; NaN when nobody has a value.
        width: From the 5th to the 95th percentile.
        ratio_scale: Whether shares of the mean mean something.
    """

    mean: float
    width: float
    ratio_scale: bool

    def marks(self, mean: float) -> bool:
        """Whether a segment's mean lies far enough from everybody's to mark it (METHOD 6.1)."""
        away = abs(mean - self.mean)
        far = away >= MARKER_SHARE_OF_RANGE * self.width
        return bool(far or (self.ratio_scale and away / self.mean >= MARKER_RATIO))

    def index(self, mean: float) -> float | None:
        """A segment's mean where everybody's is 100; None where shares of the mean mean nothing."""
        return 100 * mean / self.mean if self.ratio_scale else None


def spread_of(values: Floats) -> Spread:
    """Where and how far some values lie, those that are known."""
    known = values[~np.isnan(values)]
    mean, spread = _mean(known), float(known.std()) if len(known) else float("nan")
    low, high = _quantiles(known, (0.05, 0.95))
    return Spread(
        mean=mean,
        width=high - low,
        ratio_scale=len(known) > 0 and known.min() >= 0 and mean > CLEARLY_ABOVE_ZERO * spread,
    )


def _feature_profiles(placed: Placed, index: int, importance: Floats) -> list[FeatureProfile]:
    """One feature in every segment."""
    values = placed.values[:, index]
    known = ~np.isnan(values)
    spread = spread_of(values)
    found = []
    for segment in range(placed.k):
        inside = known & (placed.segment == segment)
        rest = known & (placed.segment != segment) & (placed.segment >= 0)
        own = values[inside]
        mean, d = _mean(own), cohens_d(own, values[rest])
        q25, median, q75 = _quantiles(own, (0.25, 0.5, 0.75))
        found.append(
            FeatureProfile(
                feature=placed.features[index],
                flag=placed.flags[index],
                n=len(own),
                mean=mean,
                median=median,
                q25=q25,
                q75=q75,
                index=spread.index(mean) if len(own) else None,
                cohens_d=d,
                marker=spread.marks(mean) and abs(d) >= MARKER_D,
                importance=float(importance[segment]),
            )
        )
    return found


def cohens_d(own: Floats, rest: Floats) -> float:
    """Cohen's d with the pooled standard deviation; 0 when either side has fewer than two.

    Where both sides are constant the difference is infinitely many standard deviations; it is
    reported as 99, with its sign, so that it can be written to JSON.

    >>> round(cohens_d(np.array([2.0, 4.0, 6.0]), np.array([1.0, 3.0, 5.0])), 2)
    0.5
    """
    if min(len(own), len(rest)) < 2:  # noqa: PLR2004 - a variance needs two
        return 0.0
    n, m = len(own), len(rest)
    pooled = np.sqrt(((n - 1) * own.var(ddof=1) + (m - 1) * rest.var(ddof=1)) / (n + m - 2))
    difference = float(own.mean() - rest.mean())
    if pooled <= 0:
        return float(np.sign(difference)) * 99.0
    return float(np.clip(difference / pooled, -99.0, 99.0))


def nearest(assignment: Assignment, segment: int) -> Ints:
    """Positions of the segment's customers with every feature known, the nearest to the centre first."""
    inside = np.flatnonzero((assignment.segment == segment) & (assignment.missing_share == 0))
    return np.asarray(inside[np.argsort(assignment.distance[inside], kind="stable")])


def typical(ordered: Ints, points_of: Callable[[Ints], Floats]) -> Ints:
    """The medoid, who is the least far from all the others, and the three customers nearest to the centre.

    The medoid is looked for among the 100 nearest to the centre, and held against 1,000 of the others.

    Args:
        ordered: Positions of a segment's customers, the nearest to the centre first.
        points_of: Gives the scaled features of some positions.
    """
    if not len(ordered):
        return ordered
    candidates = points_of(ordered[:MEDOID_AMONG])
    others = points_of(ordered[np.unique(np.linspace(0, len(ordered) - 1, MEDOID_FROM).round().astype(int))])
    gaps = ((candidates**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)) - 2 * candidates @ others.T
    medoid = ordered[int(np.sqrt(np.maximum(gaps, 0.0)).sum(axis=1).round(9).argmin())]
    return np.asarray([medoid, *[one for one in ordered[: TYPICAL + 1] if one != medoid][:TYPICAL]])


def borderline(assignment: Assignment, segment: int) -> Ints:
    """Positions of the customers near a border, least sure first."""
    inside = np.flatnonzero(
        (assignment.segment == segment) & assignment.near_border & (assignment.rival >= 0)
    )
    return np.asarray(inside[np.argsort(assignment.confidence[inside], kind="stable")])


def canonical_order(segment: Ints, value: NDArray[np.float64] | None, centres: Floats) -> list[int]:
    """The segments by value per customer, then by size, then by centre: run to run the same.

    Args:
        segment: n segment numbers from 0, as found.
        value: n values; NaN where unknown; None without a value measure.
        centres: k x p centres.

    Returns:
        The k found numbers in their canonical order.
    """
    k = len(centres)
    sizes = np.bincount(segment[segment >= 0], minlength=k)
    worth = np.zeros(k)
    if value is not None:
        worth = np.array([_mean(value[(segment == one) & ~np.isnan(value)]) for one in range(k)])
        worth = np.nan_to_num(worth, nan=-np.inf)
    return sorted(range(k), key=lambda one: (-worth[one], -sizes[one], tuple(centres[one])))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _quantiles(values: Floats, at: Sequence[float]) -> list[float]:
    if len(values) == 0:
        return [float("nan")] * len(at)
    return [float(one) for one in np.quantile(values, at)]
