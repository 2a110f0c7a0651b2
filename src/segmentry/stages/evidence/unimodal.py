"""The nearest crowd with one hump: what a feature would look like without groups in it."""

from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Hump:
    """A distribution with one hump, as the corners of its distribution function.

    Attributes:
        values: Corners, ascending; a value that stands twice is an atom.
        heights: The distribution function there, from 0 to 1.
    """

    values: Floats
    heights: Floats

    def at(self, chances: Floats) -> Floats:
        """The quantiles at these probabilities."""
        return np.interp(chances, self.heights, self.values)


def one_hump(values: Floats) -> Hump:
    """The distribution with one hump that comes nearest to the values (METHOD 3.2).

    For a mode, the distribution function is the greatest convex minorant of the empirical one to
    its left and the least concave majorant to its right, with an atom at the mode where they do
    not meet. The distance to the left of a mode grows with the mode and that to its right shrinks,
    so the mode with the smallest largest distance is found by halving.

    Args:
        values: n values.

    Returns:
        The distribution; all of it at one point when the values are equal.
    """
    distinct, counts = np.unique(values, return_counts=True)
    upper = np.cumsum(counts) / len(values)
    lower = np.concatenate([[0.0], upper[:-1]])
    if len(distinct) == 1:
        return Hump(values=np.repeat(distinct, 2), heights=np.array([0.0, 1.0]))
    low, high = 0, len(distinct) - 1
    while low < high:
        middle = (low + high) // 2
        before, after = _distances(distinct, lower, upper, middle)
        low, high = (middle + 1, high) if before < after else (low, middle)
    best = min({max(low - 1, 0), low}, key=lambda mode: max(_distances(distinct, lower, upper, mode)))
    left, right = _left(distinct, lower, upper, best), _right(distinct, upper, best)
    return Hump(
        values=np.concatenate([distinct[: best + 1], distinct[best:]]),
        heights=np.maximum.accumulate(np.clip(np.concatenate([left, right]), 0.0, 1.0)),
    )


def _distances(distinct: Floats, lower: Floats, upper: Floats, mode: int) -> tuple[float, float]:
    """How far the two sides of a mode lie from the empirical distribution."""
    before = _distance(_left(distinct, lower, upper, mode), upper[: mode + 1], lower[: mode + 1])
    return before, _distance(_right(distinct, upper, mode), upper[mode:], lower[mode:], from_mode=True)


def _left(distinct: Floats, lower: Floats, upper: Floats, mode: int) -> Floats:
    """The convex side: up to just below the mode's own step."""
    heights = upper[: mode + 1].copy()
    heights[mode] = lower[mode]
    return _hull(distinct[: mode + 1], heights)


def _right(distinct: Floats, upper: Floats, mode: int) -> Floats:
    """The concave side: from the top of the mode's own step, as the convex side of its mirror image."""
    return 1 - _hull(-distinct[mode:][::-1], 1 - upper[mode:][::-1])[::-1]


def _hull(places: Floats, heights: Floats) -> Floats:
    """The greatest convex minorant at the places: its slopes are the isotonic regression of the steps'."""
    if len(places) < 3:  # noqa: PLR2004 - two points are their own hull
        return heights
    from scipy.optimize import isotonic_regression

    wide = np.diff(places)
    slopes = isotonic_regression(np.diff(heights) / wide, weights=wide).x
    return np.asarray(heights[0] + np.concatenate([[0.0], np.cumsum(slopes * wide)]))


def _distance(side: Floats, upper: Floats, lower: Floats, *, from_mode: bool = False) -> float:
    """How far a side lies from the steps at most; at the mode an atom takes up the step."""
    above, below = np.abs(side - upper), np.abs(side - lower)
    mode = 0 if from_mode else len(side) - 1
    above[mode] = below[mode] = 0.0
    return float(max(above.max(), below.max()))
