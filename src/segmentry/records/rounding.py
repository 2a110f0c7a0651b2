"""Numbers as they are written: 12 significant digits, so that files and memory agree."""

import numpy as np
from numpy.typing import ArrayLike

from segmentry.records.arrays import Floats

DIGITS = 12
"""Significant digits: more than any measure has, fewer than rounding disturbs."""

EXACT_POWER = 22
"""Powers of ten up to here are exact doubles, so that dividing by them gives the nearest decimal."""
TINY, HUGE = 1e-10, 1e30
"""Numbers beyond these are rounded by way of their text."""


def rounded(values: ArrayLike) -> Floats:
    """The values to 12 significant digits; zero, NaN and infinity stay what they are.

    >>> float(rounded(1 / 3)), float(rounded(-1234567.00000000789))
    (0.333333333333, -1234567.0)
    """
    array = np.array(values, dtype=np.float64)
    size = np.abs(array)
    usual = (size >= TINY) & (size <= HUGE)
    rare = np.isfinite(array) & ~usual & (array != 0)
    array[rare] = [float(f"{value:.{DIGITS}g}") for value in array[rare]]
    some = array[usual]
    power = DIGITS - 1 - np.floor(np.log10(np.abs(some))).astype(np.int64)
    up = np.power(10.0, np.clip(power, 0, EXACT_POWER))
    down = np.power(10.0, np.clip(-power, 0, EXACT_POWER))
    array[usual] = np.rint(some * up / down) * down / up
    return array
