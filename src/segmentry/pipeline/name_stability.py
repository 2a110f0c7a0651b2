"""Do the names stay when the customers are drawn again? (METHOD 7.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.catalogs import TraitMatch
from segmentry.records.moments import Baseline, Moments
from segmentry.records.segment import FeatureProfile
from segmentry.stages.clustering import batched_kmeans
from segmentry.stages.evidence import stability
from segmentry.stages.features.sampling import stratified
from segmentry.stages.naming import NameSegments
from segmentry.stages.profiling.profile import baseline, profiles_of

DRAWS: Mapping[str, int] = {"quick": 33, "standard": 100, "thorough": 100}
"""How often customers are drawn again, by effort."""

CUSTOMERS = 5_000
"""How many customers are drawn again at most: a share of draws needs no more, and stays within seconds."""

FRESH = 2
"""Fresh starts of every re-run, beside the warm one, as in all re-runs."""

WEIGHTS = 101
"""What the seed is combined with for the draws, so that they share no chance with other questions."""

STARTS = 102
"""The same for the fresh starts."""


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
        return replace(
            self,
            points=self.points[chosen],
            values=self.values[chosen],
            segment=self.segment[chosen],
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
    wholes = [
        baseline(feature, column, flag=flag)
        for feature, column, flag in zip(crowd.features, crowd.values.T, crowd.flags, strict=True)
    ]
    tables = stability.crossed(crowd.segment, labels, crowd.k)
    wanted = [_said(name) for name in names]
    same = np.zeros(crowd.k)
    for draw in range(draws):
        profiles = _profiles(crowd, wholes, labels[draw], weights[draw])
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
    crowd: Crowd, wholes: Sequence[Baseline], labels: batched_kmeans.Labels, weights: batched_kmeans.Singles
) -> list[tuple[FeatureProfile, ...]]:
    """The profiles as far as names rest on them: without quartiles and importance."""
    inside = (labels[:, None] == np.arange(crowd.k)) * weights[:, None].astype(np.float64)
    known = ~np.isnan(crowd.values)
    middles = np.array([whole.mean for whole in wholes])
    centred = np.where(known, crowd.values - middles, 0.0)
    sums = np.stack([inside.T @ known, inside.T @ centred, inside.T @ centred**2], axis=-1).tolist()
    columns = [
        profiles_of(
            whole,
            [Moments.from_sums(*sums[segment][at], about=whole.mean) for segment in range(crowd.k)],
            [0.0] * crowd.k,
        )
        for at, whole in enumerate(wholes)
    ]
    return list(zip(*columns, strict=True))
