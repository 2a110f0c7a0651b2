"""Read-only arrays, so that a frozen record is frozen all the way down."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.object_]


def frozen(values: ArrayLike) -> Floats:
    """A read-only float64 view of the values; the caller's array stays writable.

    >>> frozen([1, 2]).flags.writeable
    False
    """
    view = np.asarray(values, dtype=np.float64).view()
    view.flags.writeable = False
    return view


def frozen_ints(values: ArrayLike) -> Ints:
    """A read-only int64 view of the values."""
    view = np.asarray(values, dtype=np.int64).view()
    view.flags.writeable = False
    return view
