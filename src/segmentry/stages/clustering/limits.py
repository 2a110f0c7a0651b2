"""What an algorithm may cost: checked before it is fitted, and told in plain words."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from segmentry.records.arrays import Floats

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

GIB = 2**30
"""Bytes in a gibibyte."""


EACH = 3
"""Customers that a segment needs at least: an average of fewer would come near to being one of them."""

SECONDS = 60
"""About as long as one fit may take, on one core."""


def too_few(n: int, k: int) -> str | None:
    """Why n customers do not make k segments; None when they do.

    >>> too_few(7, 3)
    'needs 3 customers a segment: 7 do not make 3 segments'
    """
    if n >= EACH * k:
        return None
    return f"needs {EACH} customers a segment: {n:,} do not make {k:,} segment{'s' * (k != 1)}"


def too_many_pairs(n: int, most: int, size: int) -> str | None:
    """Why an algorithm that looks at every pair of customers is not fitted; None when it can be.

    Args:
        n: Customers.
        most: The most that it is fitted on (METHOD 5).
        size: Bytes that it keeps of each ordered pair.

    >>> too_many_pairs(60_000, 10_000, 4)
    'needs all pairs of 60,000 customers at once (13.4 GiB); it is fitted up to 10,000'
    """
    if n <= most:
        return None
    needed = f"{n * n * size / GIB:,.1f} GiB"
    return f"needs all pairs of {n:,} customers at once ({needed}); it is fitted up to {most:,}"


def too_slow(n: int, seconds: float) -> str | None:
    """Why an algorithm that would take so long is not fitted; None when it can be.

    Args:
        n: Customers.
        seconds: About how long it takes on all of them.

    >>> too_slow(2_000_000, 400)
    'would take about 7 minutes on 2,000,000 customers; it is fitted when it takes less than a minute'
    """
    if seconds <= SECONDS:
        return None
    minutes = f"{seconds / 60:,.0f} minute{'s' * (seconds >= 90)}"  # noqa: PLR2004 - one minute and a half
    return f"would take about {minutes} on {n:,} customers; it is fitted when it takes less than a minute"


def possible(points: Floats, k: int) -> int:
    """K, or the number of different points where that is less."""
    return min(k, len(np.unique(points, axis=0)))


def one_thread() -> AbstractContextManager[object]:
    """Small products on one thread: a second one would only wait, and sums keep one order."""
    limited: AbstractContextManager[object] = _libraries().limit(limits=1)
    return limited


@cache
def _libraries() -> "ThreadpoolController":
    """The libraries that have threads, looked for once: that takes as long as a small fit."""
    import sklearn.cluster  # noqa: F401 - it brings the last of them
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def calmly() -> Iterator[None]:
    """One thread, so that sums keep one order; a fit that has not settled is judged like any other."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with one_thread(), warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
        yield
