"""Kneedle's elbow in the inertia: drawn because people look for it, never a vote.

The rule is written out here because the library for it imports two plotting and signal packages,
which take longer than the whole sweep; the library is the oracle of the tests.
"""

from collections.abc import Sequence

import numpy as np

SENSITIVITY = 1.0
"""Kneedle's S (Satopaa et al. 2011; METHOD 3.1)."""

STRAIGHT = 1e-9
"""A curve that bends less than this is a straight line, but for rounding."""


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """The elbow of a decreasing, convex curve (Satopaa et al. 2011, sensitivity 1).

    With both axes scaled to 0..1 and the curve turned upside down, d is its height above the
    diagonal. A local maximum of d is the elbow when d falls below it by the mean step in x before the
    next one; after a local minimum, when d falls below 0. It depends on the range of k and can never say 1: METHOD 3.1 says why it has no
    vote.

    Args:
        ks: The numbers of segments, ascending.
        inertias: Their inertias.

    Returns:
        The first elbow; None when there is none.

    >>> elbow([2, 3, 4, 5, 6], [100, 40, 35, 31, 28])
    3
    >>> elbow([2, 3], [2.0, 1.0]) is None
    True
    """
    x, y = np.asarray(ks, dtype=float), np.asarray(inertias, dtype=float)
    if len(x) < 3 or np.ptp(y) == 0:  # noqa: PLR2004 - a bend needs three points
        return None
    x, y = (x - x.min()) / np.ptp(x), (y - y.min()) / np.ptp(y)
    d = (1 - y) - x
    if np.abs(d).max() < STRAIGHT:
        return None
    drop = SENSITIVITY * float(np.abs(np.diff(x)).mean())
    beside = np.pad(d, 1, mode="edge")
    rises_to, falls_to = d >= np.maximum(beside[:-2], beside[2:]), d <= np.minimum(beside[:-2], beside[2:])
    peak, threshold = None, 0.0
    for i in range(len(d) - 1):
        if rises_to[i]:
            peak, threshold = i, d[i] - drop
        if falls_to[i]:
            threshold = 0.0
        if peak is not None and d[i + 1] < threshold:
            return int(ks[peak])
    return None
