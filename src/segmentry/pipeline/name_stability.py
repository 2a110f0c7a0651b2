"""Do the names stay when the customers are drawn again? (METHOD 7.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.catalogs import TraitMatch
from segmentry.records.segment import FeatureProfile
from segmentry.stages.clustering import batched_kmeans
from segmentry.stages.evidence import stability
from segmentry.stages.features.sampling import stratified
from segmentry.stages.naming import NameSegments
from segmentry.stages.profiling.profile import MARKER_D, Spread, spread_of

DRAWS: Mapping[str, int] = {"quick": 33, "standard": 100, "thorough": 100}
"""How often customers are drawn again, by effort."""

CUSTOMERS, FRESH = 5_000, 2
"""How many customers at most, and the fresh starts of each re-run."""

WEIGHTS, STARTS = 101, 102
"""What the seed is combined with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The customers who are drawn again.

    Attributes:
        features: The p feature names.
        flags: p flags: whether the feature is two-valued.
        matches: Which trait each feature carries.
        points: m x p scaled features without gaps.
        values: m x p raw values, NaN where missing.
        segment: m segments from 0; -1 for none.
        centres: k x p centres in scaled units.
        refitted: Whether K-means made the segments, and so makes them anew from every draw; else
            the customers stay where they are and only the means move.
    """

    features: tuple[str, ...]
    flags: tuple[bool, ...]
    matches: Sequence[TraitMatch]
    points: Floats
    values: Floats
    segment: Ints
    centres: Floats
    refitted: bool

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.centres)

    def some(self, chosen: Ints) -> "Crowd":
        """Some of them."""
        return Crowd(
            features=self.features,
            flags=self.flags,
            matches=self.matches,
            points=self.points[chosen],
            values=self.values[chosen],
            segment=self.segment[chosen],
            centres=self.centres,
            refitted=self.refitted,
        )


def name_stability(crowd: Crowd, names: Sequence[str], namer: NameSegments, draws: int) -> Floats:
    """The share of draws in which each segment gets the name that it has.

    From every draw segments are made and named anew; each segment is then compared with the one of the
    draw that most of its customers are in, one to one.

    Args:
        crowd: The customers.
        names: The k names that the numbers give.
        namer: What names segments.
        draws: How often customers are drawn again.

    Returns:
        k shares.
    """
    crowd = crowd.some(np.flatnonzero(crowd.segment >= 0))
    crowd = crowd.some(stratified(crowd.segment, size=CUSTOMERS, seed=namer.seed))
    weights = stability.bootstrap_weights(len(crowd.points), draws, seed=namer.seed + WEIGHTS)
    centres, labels = _drawn_again(crowd, weights, namer.seed)
    spreads = [spread_of(column) for column in crowd.values.T]
    tables = stability.crossed(crowd.segment, labels, crowd.k)
    wanted = [_said(name) for name in names]
    same = np.zeros(crowd.k)
    for draw in range(draws):
        profiles = _profiles(crowd, spreads, labels[draw], weights[draw])
        found = namer.derived(centres[draw], crowd.features, crowd.matches, profiles)
        for segment, at in enumerate(_partners(tables[draw])):
            same[segment] += _said(found[at]) == wanted[segment]
    return np.asarray(same / draws)


def _said(name: str) -> frozenset[str]:
    """What a name says, in whatever order: the first of two traits may change with the second."""
    return frozenset(name.casefold().split(", "))


def _drawn_again(
    crowd: Crowd, weights: batched_kmeans.Singles, seed: int
) -> tuple[Floats, batched_kmeans.Labels]:
    """The centres of every draw, and where everybody would be."""
    points = np.ascontiguousarray(crowd.points, dtype=np.float32)
    if crowd.refitted:
        draws, rng = batched_kmeans.drawn(points, weights), np.random.default_rng([seed, STARTS])
        starts = [
            crowd.centres.astype(np.float32),
            *(batched_kmeans.seeds(draws, crowd.k, rng) for _ in range(FRESH)),
        ]
        centres = batched_kmeans.refit(draws, starts).centres
        return centres.astype(np.float64), batched_kmeans.nearest(points, centres)
    inside = (crowd.segment[:, None] == np.arange(crowd.k)).astype(np.float64)
    counts = weights @ inside
    sums = np.einsum("rn,nk,np->rkp", weights, inside, crowd.points, optimize=True)
    means = np.divide(sums, counts[:, :, None], out=np.zeros_like(sums), where=counts[:, :, None] > 0)
    moved = crowd.centres + means - _means(crowd, inside)
    return moved, np.broadcast_to(crowd.segment.astype(np.int16), weights.shape)


def _means(crowd: Crowd, inside: Floats) -> Floats:
    return np.asarray(inside.T @ crowd.points / np.maximum(inside.sum(axis=0), 1)[:, None])


def _partners(table: Floats) -> list[int]:
    """For each segment the one of the draw that it shares most customers with, one to one."""
    from scipy.optimize import linear_sum_assignment

    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
    overlap = np.divide(table, union, out=np.zeros_like(table), where=union > 0)
    return [int(one) for one in linear_sum_assignment(overlap, maximize=True)[1]]


def _profiles(
    crowd: Crowd, spreads: Sequence[Spread], labels: batched_kmeans.Labels, weights: batched_kmeans.Singles
) -> list[tuple[FeatureProfile, ...]]:
    """The profiles as far as names rest on them: means, effect sizes and markers (METHOD 6.1, 6.2)."""
    inside = (labels[:, None] == np.arange(crowd.k)) * weights[:, None].astype(np.float64)
    known = ~np.isnan(crowd.values)
    middle = np.array([one.mean for one in spreads])
    centred = np.where(known, crowd.values - middle, 0.0)
    n, total, squares = inside.T @ known, inside.T @ centred, inside.T @ centred**2
    rest_n, rest_total, rest_squares = (one.sum(axis=0) - one for one in (n, total, squares))
    own_mean, rest_mean = _ratio(total, n), _ratio(rest_total, rest_n)
    within = squares - total * own_mean + rest_squares - rest_total * rest_mean
    pooled = np.sqrt(np.maximum(_ratio(within, n + rest_n - 2), 0))
    d = np.clip(_ratio(own_mean - rest_mean, pooled), -99, 99)
    return [
        tuple(
            FeatureProfile(
                feature=feature,
                flag=crowd.flags[j],
                n=int(n[segment, j]),
                mean=float(own_mean[segment, j] + middle[j]),
                median=float("nan"),
                q25=float("nan"),
                q75=float("nan"),
                index=spreads[j].index(float(own_mean[segment, j] + middle[j])),
                cohens_d=float(d[segment, j]),
                marker=spreads[j].marks(float(own_mean[segment, j] + middle[j]))
                and abs(float(d[segment, j])) >= MARKER_D,
                importance=0.0,
            )
            for j, feature in enumerate(crowd.features)
        )
        for segment in range(crowd.k)
    ]


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
