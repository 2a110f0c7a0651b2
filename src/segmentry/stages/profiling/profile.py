"""What sets each segment apart: effect sizes, marker variables, importance and example customers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Self

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints
from segmentry.records.columns import Kind
from segmentry.records.customers import Assignment
from segmentry.records.model import Model, Placer
from segmentry.records.moments import Baseline, Moments, eta_squared, joined
from segmentry.records.rounding import rounded
from segmentry.records.segment import FeatureProfile, PopulationProfile

TYPICAL = 3
"""Customers nearest to the centre that are shown beside the medoid (METHOD 6.6)."""

BORDERLINE = 10
"""Borderline customers that are listed by their id; all of them are counted."""

MEDOID_AMONG = 100
"""The medoid is looked for among this many customers nearest to the centre: all pairs of a segment are too many."""

MEDOID_FROM = 1_000
"""And compared with this many of the segment's customers, spread evenly by their distance from the centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfiledCustomers:
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

    @classmethod
    def by(cls, model: Model | Placer, values: Floats, segment: Ints) -> Self:
        """The customers as a model places them.

        Args:
            model: The model.
            values: n x p raw values of its features.
            segment: n segment numbers from 0; -1 for none.
        """
        recipe = model.recipe
        return cls(
            features=recipe.features,
            flags=tuple(step.format.kind is Kind.FLAG for step in recipe.steps),
            values=recipe.possible(values),
            segment=segment,
            k=len(model.centres),
        )

    def within(self, index: int) -> list[Moments]:
        """A feature in each segment."""
        values = self.values[:, index]
        known = ~np.isnan(values)
        return [Moments.of(values[known & (self.segment == segment)]) for segment in range(self.k)]


def populations(placed: ProfiledCustomers, traits: dict[str, str]) -> tuple[PopulationProfile, ...]:
    """Each feature over all customers, with the share of its variance that lies between segments.

    eta squared = SSB / SST over the placed customers with a value.
    """
    return tuple(
        _population(placed, index, traits.get(feature)) for index, feature in enumerate(placed.features)
    )


def _population(placed: ProfiledCustomers, index: int, trait: str | None) -> PopulationProfile:
    values = placed.values[:, index]
    everybody = Moments.of(values[~np.isnan(values)])
    whole = baseline(placed.features[index], values, flag=placed.flags[index])
    q25, median, q75 = everybody.quartiles
    return PopulationProfile(
        feature=whole.feature,
        flag=whole.flag,
        mean=whole.mean,
        median=median,
        q25=q25,
        q75=q75,
        q05=whole.q05,
        q95=whole.q95,
        sd=whole.sd,
        eta_squared=eta_squared(placed.within(index)),
        trait=trait,
    )


def baseline(feature: str, values: Floats, *, flag: bool) -> Baseline:
    """What the segments are compared with: all n values of a feature, NaN where missing."""
    known = values[~np.isnan(values)]
    q05, q95 = np.quantile(known, (0.05, 0.95)).tolist() if len(known) else (nan, nan)
    return Baseline(
        feature=feature,
        flag=flag,
        mean=float(known.mean()) if len(known) else nan,
        sd=float(known.std()) if len(known) else nan,
        q05=q05,
        q95=q95,
        lowest=float(known.min()) if len(known) else nan,
    )


def profiles(
    placed: ProfiledCustomers, centres: Floats, everyone: Floats
) -> tuple[tuple[FeatureProfile, ...], ...]:
    """The profile of every feature in every segment (METHOD 6.1, 6.2, 6.4a).

    Args:
        placed: The customers.
        centres: k x p centres in scaled units.
        everyone: The p means of all fitted customers in scaled units.

    Returns:
        k tuples of p profiles.
    """
    importance = importances(centres, everyone)
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
            replace(feature, permuted=None if np.isnan(share) else float(rounded(share)))
            for feature, share in zip(features, shares, strict=True)
        )
        for features, shares in zip(found, permuted, strict=True)
    )


def _feature_profiles(placed: ProfiledCustomers, index: int, importance: Floats) -> list[FeatureProfile]:
    """One feature in every segment."""
    whole = baseline(placed.features[index], placed.values[:, index], flag=placed.flags[index])
    return profiles_of(whole, placed.within(index), importance.tolist())


def profiles_of(
    whole: Baseline, within: Sequence[Moments], importance: Sequence[float]
) -> list[FeatureProfile]:
    """One feature in every segment, each compared with everybody and with all other segments.

    Args:
        whole: The feature over all customers.
        within: The feature in each of k segments.
        importance: k shares of the distance from the population's centre.
    """
    return [
        FeatureProfile.from_moments(whole, own, joined([*within[:at], *within[at + 1 :]]), share)
        for at, (own, share) in enumerate(zip(within, importance, strict=True))
    ]


def importances(centres: Floats, everyone: Floats) -> Floats:
    """Each feature's share of the squared distance of a segment's centre from the population's (METHOD 6.4a).

    Args:
        centres: k x p centres in scaled units.
        everyone: The p means of all fitted customers in scaled units.

    Returns:
        k x p shares; 0 where a centre is the population's.
    """
    squared = (centres - everyone) ** 2
    totals = squared.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(squared, totals, out=np.zeros_like(squared), where=totals > 0))


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
    return np.asarray(
        [medoid, *[position for position in ordered[: TYPICAL + 1] if position != medoid][:TYPICAL]]
    )


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
        centres: k x p centres, features in the order of their content.

    Returns:
        The k found numbers in their canonical order.
    """
    k = len(centres)
    sizes = np.bincount(segment[segment >= 0], minlength=k)
    worth = np.zeros(k)
    if value is not None:
        own = [value[(segment == number) & ~np.isnan(value)] for number in range(k)]
        worth = np.array([values.mean() if len(values) else -np.inf for values in own])
    return sorted(range(k), key=lambda number: (-worth[number], -sizes[number], tuple(centres[number])))
