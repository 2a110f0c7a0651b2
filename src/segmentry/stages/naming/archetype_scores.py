"""How much each segment is like each archetype, and which archetype goes to which (METHOD 7.3)."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints
from segmentry.records.catalogs import Archetype, Level, TraitMatch
from segmentry.records.matching import best_pairs
from segmentry.records.segment import FeatureProfile

FLAT = 0.1
"""Centres that differ by less than this many standard deviations of the customers do not differ."""
FEWEST_TRAITS = 2
"""Known traits below which an archetype is no candidate (METHOD 7.3)."""

MILD, STRONG = 0.5, 1.2
"""How far from the other segments low and high begin, and very low and very high."""
BARRED = -2.0
"""Below any cosine: a name that is ruled out loses to every other."""
IMPOSSIBLE = -1e6
"""A score that no assignment chooses."""

SAME = 9
"""Decimals to which two segments are the same."""

DIRECTION = {Level.LOW: -1.0, Level.MID: 0.0, Level.HIGH: 1.0}

Scores = Callable[[Floats], Floats]
"""From (..., k, t) standings to (..., k, a) scores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where each segment stands among the segments.

    Attributes:
        traits: The t canonical traits that some feature carries, in alphabetical order.
        z: k x t: the centres on these traits, more of the trait upwards, centred and scaled to
            unit standard deviation across the segments; 0 where the segments do not differ.
        means: k x t: the segments' means in the columns' own units; NaN where the column only
            stands in for the trait.
    """

    traits: tuple[str, ...]
    z: Floats
    means: Floats


def standing(
    centres: Floats,
    features: Sequence[str],
    matches: Sequence[TraitMatch],
    profiles: Sequence[Sequence[FeatureProfile]],
) -> Standing:
    """Where each segment stands on each trait.

    Args:
        centres: k x p centres in scaled units.
        features: The p feature names.
        matches: Which trait each feature carries, and which way round.
        profiles: The profiles of each segment, for its means.

    >>> days = TraitMatch(feature="recency_days", trait="recency", score=1.0, sign=-1)
    >>> standing(np.array([[2.0], [0.0]]), ["recency_days"], [days], [(), ()]).z.tolist()
    [[-1.0], [1.0]]
    """
    by_feature = [{one.feature: one.mean for one in row} for row in profiles]
    means = [
        {match.trait: row[match.feature] for match in matches if match.feature in row and not match.proxy}
        for row in by_feature
    ]
    return standing_of(centres, features, matches, means)


def standing_of(
    centres: Floats,
    features: Sequence[str],
    matches: Sequence[TraitMatch],
    means: Sequence[Mapping[str, float]],
) -> Standing:
    """The same from the means by trait, in the columns' own units, as far as they are known."""
    ordered = sorted((match for match in matches if match.feature in features), key=lambda one: one.trait)
    columns = [list(features).index(one.feature) for one in ordered]
    signs = np.array([one.sign for one in ordered], dtype=np.float64)
    rows = [[row.get(one.trait, math.nan) for one in ordered] for row in means]
    return Standing(
        traits=tuple(one.trait for one in ordered),
        z=_across_segments(centres[:, columns] * signs),
        means=np.array(rows, dtype=np.float64).reshape(len(means), len(ordered)),
    )


def _across_segments(values: Floats) -> Floats:
    """Centred and scaled over the last axis but one; 0 where there is next to no spread."""
    centred = values - values.mean(axis=-2, keepdims=True)
    spread = centred.std(axis=-2, keepdims=True)
    scaled: Floats = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > FLAT)
    return scaled


def candidates(catalog: Sequence[Archetype], traits: Sequence[str]) -> tuple[Archetype, ...]:
    """The archetypes of which at least two traits are known, among them all that define it."""
    return tuple(
        one
        for one in catalog
        if not one.by_rule
        and sum(trait in traits for trait in one.traits) >= FEWEST_TRAITS
        and all(trait in traits for trait in one.defining)
    )


def expected(archetypes: Sequence[Archetype], traits: Sequence[str]) -> Floats:
    """What each archetype says of each trait: -1 low, 0 mid or not mentioned, 1 high (a x t)."""
    rows = [
        [DIRECTION[archetype.traits.get(trait, Level.MID)] for trait in traits] for archetype in archetypes
    ]
    return np.array(rows, dtype=np.float64).reshape(len(archetypes), len(traits))


def overall(archetypes: Sequence[Archetype], traits: Sequence[str]) -> Scores:
    """Stage 1, the whole catalog: z.e / (|z over all traits| |e|).

    An archetype that says little is penalised: a cosine over only the one or two traits it
    mentions is about 1 or -1 and would let it win everything.
    """
    says = expected(archetypes, traits)
    size = np.linalg.norm(says, axis=1)

    def scores(z: Floats) -> Floats:
        length = np.linalg.norm(z, axis=-1, keepdims=True) * size
        return _ratio(z @ says.T, length)

    return scores


def relative(archetypes: Sequence[Archetype], traits: Sequence[str]) -> Scores:
    """Stage 2, among a few archetypes: the cosine over the traits that the archetype mentions.

    What the archetypes expect (low 0, mid or not mentioned 0.5, high 1) is centred and scaled
    across them, as the segments are across segments.
    """
    mentions = np.array(
        [[trait in archetype.traits for trait in traits] for archetype in archetypes], dtype=np.float64
    )
    says = _across_segments((expected(archetypes, traits) + 1) / 2) * mentions
    size = np.linalg.norm(says, axis=1)

    def scores(z: Floats) -> Floats:
        return _ratio(z @ says.T, np.sqrt(z**2 @ mentions.T) * size)

    return scores


def _ratio(dot: Floats, length: Floats) -> Floats:
    return np.divide(dot, length, out=np.zeros_like(dot), where=length > 0)


def barred(archetypes: Sequence[Archetype], where: Standing) -> NDArray[np.bool_]:
    """Which names are ruled out for which segments, by ``avoid_if`` and ``at_most`` (k x a)."""
    out = np.zeros((len(where.z), len(archetypes)), dtype=np.bool_)
    for column, archetype in enumerate(archetypes):
        for trait, level in archetype.avoid_if.items():
            if trait in where.traits:
                out[:, column] |= _reaches(where.z[:, where.traits.index(trait)], level)
        for trait, limit in archetype.at_most.items():
            if trait in where.traits:
                out[:, column] |= ~(where.means[:, where.traits.index(trait)] <= limit)
    return out


def _reaches(z: Floats, level: Level) -> NDArray[np.bool_]:
    limits = {
        Level.VERY_LOW: z <= -STRONG,
        Level.LOW: z <= -MILD,
        Level.MID: np.abs(z) < MILD,
        Level.HIGH: z >= MILD,
        Level.VERY_HIGH: z >= STRONG,
    }
    return limits[level]


def points_right(level: Level, z: float) -> bool:
    """Whether a segment stands where the name says: its sign, or near the middle for mid."""
    return abs(z) <= MILD if level is Level.MID else z * DIRECTION[level] > 0


def softly(archetype: Archetype, where: Standing, segment: int) -> float:
    """How literally a description holds (METHOD 7.4): 1 minus the mean distance between level and standing.

    Low is 0, mid 0.5 and high 1; a standing of -1 or less is 0, of 1 or more 1. Defining traits count
    twice, traits that no column carries not at all.
    """
    known = [trait for trait in archetype.traits if trait in where.traits]
    z = where.z[segment, [where.traits.index(trait) for trait in known]]
    says = np.array([DIRECTION[archetype.traits[trait]] for trait in known])
    weights = np.array([2.0 if trait in archetype.defining else 1.0 for trait in known])
    away = np.abs(np.clip(z, -1, 1) - says) / 2
    return float(1 - (weights * away).sum() / weights.sum())


def one_to_one(scores: Floats, z: Floats) -> Ints:
    """The archetype of each segment, each at most once, with the largest sum; -1 for none.

    A segment that is like none of those left (a score of 0 or less) gets none, so that it does
    not take one away from a segment that is. Ties are broken by where the segments stand and by
    the order of the catalog, never by the order of the segments.
    """
    k, known = scores.shape
    order = np.lexsort(np.round(z, SAME).T[::-1]) if z.size else np.arange(k)
    with_none = np.column_stack([np.round(scores[order], SAME), np.zeros((k, k))])
    rows, columns = best_pairs(with_none)
    chosen = np.full(k, -1, dtype=np.int64)
    chosen[order[rows]] = np.where((columns < known) & (with_none[rows, columns] > 0), columns, -1)
    return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """The best other way to give out the same archetypes in which a segment loses its own.

    Attributes:
        mean: The mean score of that assignment; minus infinity when there is no other.
        margin: How much it loses for each segment that it renames; infinity when there is no other.
    """

    mean: float
    margin: float


def rivals(scores: Floats, chosen: Ints) -> tuple[Rival, ...]:
    """For each segment, the best assignment in which it has another archetype or none.

    The loss is counted per renamed segment: as a mean over all k segments, one perfect name
    among many could never clear any margin (at k = 10 two swapped names lose a tenth of what they
    lose at k = 1).
    """
    return tuple(_rival(scores, chosen, segment) for segment in range(len(scores)))


def _rival(scores: Floats, chosen: Ints, segment: int) -> Rival:
    named = np.flatnonzero(chosen >= 0)
    if chosen[segment] < 0:
        return Rival(mean=-math.inf, margin=math.inf)
    changed = scores.copy()
    changed[segment, chosen[segment]] = IMPOSSIBLE
    rows, columns = best_pairs(changed)
    if changed[rows, columns].min() <= IMPOSSIBLE:
        return Rival(mean=-math.inf, margin=math.inf)
    other = np.full(len(scores), -1, dtype=np.int64)
    other[rows] = columns
    loss = float(scores[named, chosen[named]].sum() - scores[rows, columns].sum())
    renamed = np.count_nonzero((other != chosen) & (chosen >= 0))
    return Rival(mean=float(scores[rows, columns].mean()), margin=loss / renamed)


def chance(scores: Scores, shape: tuple[int, int], *, seed: int, draws: int = 1000) -> Floats:
    """The mean score of the best assignment when the segments stand at random, ``draws`` times.

    Args:
        scores: How they are scored.
        shape: Segments and traits.
        seed: The random seed.
        draws: How many random sets of segments.
    """
    from scipy.optimize import linear_sum_assignment

    z = _across_segments(np.random.default_rng(seed).normal(size=(draws, *shape)))
    drawn = scores(z)
    return np.array([float(one[linear_sum_assignment(one, maximize=True)].mean()) for one in drawn])
