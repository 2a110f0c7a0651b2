"""Hartigan and Hartigan's dip (1985): how far values are from having one hump, and how often chance gets so far.

Hartigan, J. A. and Hartigan, P. M. (1985). The dip test of unimodality. Annals of Statistics 13(1), 70-84.
"""

from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats, Ints, frozen
from segmentry.records.dip_quantiles import CHANCES, QUANTILES, SIZES

TABLE = frozen(np.array(QUANTILES))

FEWEST = 4
"""Up to three values are always as close to one hump as values can be."""

FEW_LEFT = 8
"""When a pass over a hull removes fewer than one point in this many, a walk from point to point follows."""

STRIDE = 32
"""Where there are more points than its square, only every point at this distance is looked at first."""


def dip_p(values: Floats) -> float:
    """How often as many values of one hump are as far from it as these: the p-value of the dip test.

    The one hump is the uniform distribution, which is the hardest to tell from two (Hartigan and Hartigan).
    The quantiles of sqrt(n) x dip under it are simulated (``dip_quantiles``). Between two sizes they
    are interpolated along 1 / sqrt(n), and above the largest they are those of the largest. Where the dip is
    beyond every quantile, p is the smallest chance that the table tells.

    Args:
        values: Any numbers, in any order.

    >>> groups = np.concatenate([np.linspace(0, 1, 50), np.linspace(4, 5, 50)])
    >>> dip_p(groups) < 0.001, dip_p(np.linspace(0, 1, 100))
    (True, 1.0)
    """
    n = len(values)
    if n < FEWEST:
        return 1.0
    place = float(np.interp(-1 / np.sqrt(n), -1 / np.sqrt(SIZES), np.arange(len(SIZES))))
    smaller, larger = int(place), min(int(place) + 1, len(SIZES) - 1)
    quantiles = TABLE[smaller] + (place - smaller) * (TABLE[larger] - TABLE[smaller])
    return float(np.interp(np.sqrt(n) * dip(values), quantiles, CHANCES, left=1.0))


def dip(values: Floats) -> float:
    """The smallest distance between the values' distribution and any that has one hump.

    The distance of two distributions is the largest difference between their cumulative shares. One
    hump: the cumulative share is convex up to some place and concave from there on.

    The search is that of the article. Between two ends, at first the smallest and the largest value, the
    greatest convex minorant and the least concave majorant of the cumulative share are drawn. Where they
    are furthest apart is where the hump must be, between a corner of the one and a corner of the other;
    these become the ends. To their left the distribution must be convex, to their right concave: how far
    it is from that is the dip so far. It ends when the two curves are nowhere further apart than that.

    Args:
        values: At least one number, in any order.

    >>> dip(np.array([1.0, 2.0, 3.0, 4.0])), dip(np.array([0.0, 0.0, 1.0, 1.0])), dip(np.array([7.0, 7.0]))
    (0.125, 0.25, 0.0)
    """
    places = np.sort(values)
    n = len(places)
    if places[0] == places[-1]:
        return 0.0
    ranks = np.arange(1, n + 1)
    furthest, low, high = 1.0, 0, n
    while True:
        tube = _tube(places[low:high], ranks[low:high])
        if tube.widest <= furthest:
            break
        furthest = max(furthest, tube.left, tube.right)
        if tube.end - tube.start == high - low:
            break
        low, high = low + tube.start, low + tube.end
    return furthest / (2 * n)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tube:
    """What the convex minorant and the concave majorant between two ends say, in numbers of values.

    Attributes:
        widest: How far they are apart at most.
        start: The position of the first value of the hump that follows.
        end: The position after its last value.
        left: How far the cumulative number is above the minorant, at most, up to the hump.
        right: How far it is below the majorant, at most, from the hump on.
    """

    widest: float
    start: int
    end: int
    left: float
    right: float


def _tube(places: Floats, ranks: Ints) -> _Tube:
    """The two curves over sorted values, and the ends of the hump.

    The cumulative number rises by one at each value: the minorant is drawn below where each rise begins
    (rank - 1), the majorant above where it ends (rank). Equal values are thought of as next to each other.
    """
    under, over = _minorant(places, ranks), _minorant(places, -ranks)
    lower, upper = _drawn(places, ranks, under), _drawn(places, ranks, over)
    apart = upper - lower
    at_under, at_over = apart[under].max(), apart[over].max()
    if at_under > at_over:
        start = int(under[apart[under].argmax()])
        last = int(over[np.searchsorted(over, start)])
    else:
        last = int(over[apart[over].argmax()])
        start = int(under[np.searchsorted(under, last, side="right") - 1])
    return _Tube(
        widest=float(max(at_under, at_over)) + 1,
        start=start,
        end=last + 1,
        left=float((ranks - lower)[: start + 1].max()) + 1,
        right=float((upper - ranks)[last:].max()) + 1,
    )


def _drawn(places: Floats, ranks: Ints, corners: Ints) -> Floats:
    """The heights at all places of the curve that has these corners."""
    steps = np.diff(corners)
    begins = corners[:-1].repeat(steps)
    ways = np.diff(places[corners])
    within = np.arange(corners[-1]) - begins
    along = np.where((ways > 0).repeat(steps), places[:-1] - places[begins], within)
    shares = along / np.where(ways > 0, ways, steps).repeat(steps)
    return np.append(ranks[begins] + shares * np.diff(ranks[corners]).repeat(steps), ranks[-1])


def _minorant(places: Floats, heights: Ints) -> Ints:
    """The positions of the corners of the greatest convex curve below points, from left to right.

    A point above the convex curve below any of the points is no corner: first every ``STRIDE``-th point
    rules out most of the others. A point that is not below the line between its neighbours is no corner
    either, whoever its neighbours are: all such points go at once, over and over. Where a pass takes few,
    the rest is walked from left to right.
    """
    kept = np.arange(len(places))
    if len(kept) > STRIDE**2:
        few = np.append(kept[:-1:STRIDE], len(kept) - 1)
        few = few[_minorant(places[few], heights[few])]
        kept = np.flatnonzero(heights <= np.interp(places, places[few], heights[few]))
        kept = np.union1d(kept, few)
    while len(kept) > 2:  # noqa: PLR2004 - two points are always corners
        x, y = places[kept], heights[kept]
        rises, ways = np.diff(y), np.diff(x)
        corners = rises[:-1] * ways[1:] < rises[1:] * ways[:-1]
        if corners.all():
            break
        kept = kept[np.concatenate([[True], corners, [True]])]
        if (len(corners) - corners.sum()) * FEW_LEFT < len(corners):
            return _walked(places, heights, kept)
    return kept


def _walked(places: Floats, heights: Ints, kept: Ints) -> Ints:
    """The same corners, by one walk over the points that are left."""
    corners: list[tuple[int, float, int]] = []
    for at, x, y in zip(kept.tolist(), places[kept].tolist(), heights[kept].tolist(), strict=True):
        while len(corners) > 1:
            (_, x1, y1), (_, x2, y2) = corners[-2:]
            if (y2 - y1) * (x - x2) < (y - y2) * (x2 - x1):
                break
            corners.pop()
        corners.append((at, x, y))
    return np.array([at for at, _, _ in corners])
