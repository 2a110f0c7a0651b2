"""The gap test: is there empty space between two neighbouring segments? (METHOD 3.3)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Flags, Floats, Ints, frozen
from segmentry.records.dip import dip_p
from segmentry.records.evidence import LEVEL, Border

SPLITS = 5
"""How often customers are halved for the gap test (METHOD 3.3)."""

FEWEST, ADJACENT = 20, 0.1
"""Neighbours share at least this many customers, and this part of the smaller of the two."""

NOTABLE = 0.2
"""A border counts against a segment if it holds at least this part of its customers."""

TIED = 100
"""A feature with at most this many values is tied: its values are spread before they are projected."""

REACH = 1.25
"""How far a border is drawn beyond the two centres, which lie at -1 and 1."""

BINS = 40
"""Bars of the picture of a border."""


Refit = Callable[[NDArray[np.float32]], Floats]
"""Gives centres (R x k x p) for weights (R x n), close to those that are judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderCrowd:
    """The customers that borders are looked for among.

    Attributes:
        points: m x p scaled features, by which customers are assigned.
        spread: The same with tied values spread out, which are projected.
    """

    points: Floats
    spread: Floats


def crowd(points: Floats, *, seed: int) -> BorderCrowd:
    """The customers, with the values of tied features spread over half the gap to their neighbours.

    Args:
        points: m x p scaled features.
        seed: The random seed.
    """
    rng = np.random.default_rng(seed)
    spread = points.copy()
    for j in range(points.shape[1]):
        jitter = rng.random(len(points))
        distinct, place = np.unique(points[:, j], return_inverse=True)
        if 1 < len(distinct) <= TIED:
            gaps = np.diff(distinct)
            below, above = np.concatenate([gaps[:1], gaps]) / 2, np.concatenate([gaps, gaps[-1:]]) / 2
            spread[:, j] += jitter * (below + above)[place] - below[place]
    return BorderCrowd(points=points, spread=spread)


def two_nearest(points: Floats, centres: Floats) -> tuple[Ints, Ints]:
    """The nearest and the second nearest of k >= 2 centres for each of n points."""
    squared = (centres**2).sum(axis=1) - 2 * points @ centres.T
    order = np.argpartition(squared, 1, axis=1)[:, :2]
    rows = np.arange(len(points))
    swapped = squared[rows, order[:, 0]] > squared[rows, order[:, 1]]
    first = np.where(swapped, order[:, 1], order[:, 0])
    return first, np.where(swapped, order[:, 0], order[:, 1])


def neighbours(first: Ints, second: Ints, k: int) -> Mapping[tuple[int, int], int]:
    """Pairs of segments that share enough customers to be neighbours, and how many they share.

    A segment that shares enough with no other is paired with the one that it shares most with.
    """
    low, high = np.minimum(first, second), np.maximum(first, second)
    shared = np.bincount(low * k + high, minlength=k * k).reshape(k, k)
    sizes = np.bincount(first, minlength=k)
    pairs = {
        (a, b)
        for a, b in combinations(range(k), 2)
        if shared[a, b] >= max(FEWEST, ADJACENT * min(sizes[a], sizes[b]))
    }
    both = shared + shared.T
    alone = set(range(k)) - {one for pair in pairs for one in pair}
    closest = {one: int(both[one].argmax()) for one in alone if both[one].any()}
    pairs |= {(min(pair), max(pair)) for pair in closest.items()}
    return {(a, b): int(shared[a, b]) for a, b in sorted(pairs)}


def borders(among: BorderCrowd, centres: Floats, refit: Refit, *, seed: int) -> tuple[Border, ...]:
    """Every pair of neighbours, tested.

    The customers are split in halves; centres from one half place the other, so that the place of
    the border is not chosen where it looks empty. Only customers on the pair's side of every other
    centre are looked at: their region is convex, and any log-concave crowd seen through it has one
    hump. Hartigan's dip refuses one hump; p = min(1, 2 x median over splits), Holm over pairs.

    Args:
        among: m customers.
        centres: k x p centres of the segments.
        refit: Makes centres from weighted customers, in the order of ``centres``.
        seed: The random seed.

    Returns:
        One record a pair, in the order of the segments.
    """
    k = len(centres)
    if k == 1:
        return ()
    pairs = neighbours(*two_nearest(among.points, centres), k)
    if not pairs:
        return ()
    found = _p_values(among, list(pairs), refit, seed)
    corrected = holm(found)
    return tuple(
        _border(among, centres, pair, (shared, p, p_holm))
        for (pair, shared), p, p_holm in zip(pairs.items(), found, corrected, strict=True)
    )


def _p_values(among: BorderCrowd, pairs: Sequence[tuple[int, int]], refit: Refit, seed: int) -> list[float]:
    n = len(among.points)
    rng = np.random.default_rng(seed)
    half = np.zeros((SPLITS, n), dtype=np.float32)
    for row in half:
        row[rng.permutation(n)[: n // 2]] = 1.0
    centres = refit(np.concatenate([half, 1 - half]))
    found: dict[tuple[int, int], list[float]] = {pair: [] for pair in pairs}
    for split in range(SPLITS):
        seen = {pair: [] for pair in pairs}  # type: dict[tuple[int, int], list[Floats]]
        for own, other in ((split, half[split] == 0), (split + SPLITS, half[split] == 1)):
            for pair, scores in _between(among, centres[own], other, pairs):
                seen[pair].append(scores)
        for pair in pairs:
            found[pair].append(_dip_p(np.concatenate(seen[pair])))
    return [min(1.0, 2 * float(np.median(found[pair]))) for pair in pairs]


def _between(
    among: BorderCrowd, centres: Floats, chosen: Flags, pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], Floats]]:
    points, spread = among.points[chosen], among.spread[chosen]
    for a, b in pairs:
        yield (a, b), along(spread[on_their_side(points, centres, (a, b))], centres[a], centres[b])


def on_their_side(points: Floats, centres: Floats, pair: tuple[int, int]) -> Flags:
    """Who is on the pair's side of every other centre: a convex region that holds the line between the pair.

    Another centre is cut off halfway from the nearest place on that line, at a right angle to the
    shortest way there, so that both ends and all between them stay inside (the projection theorem).

    Args:
        points: n x p.
        centres: k x p.
        pair: Two of the centres.
    """
    start, end = centres[pair[0]], centres[pair[1]]
    others = np.delete(centres, pair, axis=0)
    way = end - start
    length = float(way @ way)
    share = (others - start) @ way / (length if length > 0 else 1.0)
    nearest = start + np.clip(share, 0, 1)[:, None] * way
    outward, halfway = others - nearest, (others + nearest) / 2
    return np.asarray((points @ outward.T < (halfway * outward).sum(axis=1)).all(axis=1))


def along(points: Floats, start: Floats, end: Floats) -> Floats:
    """Where points lie on the line between two centres: -0.5 at the first, 0.5 at the second.

    >>> along(np.array([[0.0], [1.0]]), np.array([0.0]), np.array([2.0]))
    array([-0.5,  0. ])
    """
    way = end - start
    length = float(way @ way)
    return (points - (start + end) / 2) @ way / (length if length > 0 else 1.0)


def _dip_p(scores: Floats) -> float:
    if len(scores) < FEWEST:
        return 1.0
    return dip_p(scores)


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's correction (1979): the i-th smallest of m times m - i + 1, never falling.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    found, highest = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, ps[i] * (len(ps) - rank)))
        found[i] = highest
    return found


def _border(
    among: BorderCrowd, centres: Floats, pair: tuple[int, int], tested: tuple[int, float, float]
) -> Border:
    shared, p, p_holm = tested
    inside = on_their_side(among.points, centres, pair)
    scores = along(among.spread[inside], centres[pair[0]], centres[pair[1]])
    counts, places = np.histogram(np.clip(scores, -REACH, REACH), bins=BINS, range=(-REACH, REACH))
    return Border(
        first=pair[0],
        second=pair[1],
        customers=shared,
        p=p,
        p_holm=p_holm,
        empty=p_holm < LEVEL,
        places=frozen(places),
        counts=frozen(counts),
    )


def turned(border: Border) -> Border:
    """The same border seen from the other side."""
    return replace(
        border,
        first=border.second,
        second=border.first,
        places=frozen(-border.places[::-1]),
        counts=frozen(border.counts[::-1]),
    )


def separated(found: Sequence[Border], sizes: Sequence[int]) -> list[bool]:
    """Which segments have empty space on every border that holds a notable part of them; on all where none does.

    Args:
        found: The tested borders.
        sizes: How many customers have each segment's centre among their two nearest.
    """
    told: list[bool] = []
    for segment, size in enumerate(sizes):
        own = [one for one in found if segment in {one.first, one.second}]
        notable = [one for one in own if one.customers >= NOTABLE * size]
        told.append(bool(own) and all(one.empty for one in notable or own))
    return told
