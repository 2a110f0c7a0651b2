"""Moments of a sample that more than one stage speaks of."""

import numpy as np

from segmentry.records.arrays import Floats

NOISE = 1e-12
"""A spread below this share of the mean is rounding, not spread."""


def skewness(values: Floats) -> float:
    """The moment coefficient of skewness; 0 for a constant.

    >>> round(skewness(np.array([0.0, 0.0, 3.0])), 3)
    0.707
    """
    centred = values - values.mean()
    spread = float(np.sqrt((centred**2).mean()))
    if spread <= NOISE * max(1.0, abs(float(values.mean()))):
        return 0.0
    return float((centred**3).mean()) / spread**3
