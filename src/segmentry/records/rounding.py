"""Numbers as they are written: 12 significant digits, so that files and memory agree."""

import numpy as np
from numpy.typing import ArrayLike

from segmentry.records.arrays import Floats

DIGITS = 12


def rounded(values: ArrayLike) -> Floats:
    """The values to 12 significant digits.

    >>> float(rounded(1 / 3))
    0.333333333333
    """
    array = np.asarray(values, dtype=np.float64)
    flat = [float(f"{value:.{DIGITS}g}") for value in array.ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(array.shape)
