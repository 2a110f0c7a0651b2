"""Ranks, and the test that rests on them, without a library that takes half a second to load.

Every table is explored and audited, by processes that need nothing else of SciPy.
"""

from math import erfc, sqrt

import numpy as np

from segmentry.records.arrays import Floats


def ranked(values: Floats) -> Floats:
    """Ranks from 1, ties at their mean, NaN where missing.

    >>> ranked(np.array([5.0, 2.0, np.nan, 5.0]))
    array([2.5, 1. , nan, 2.5])
    """
    known = ~np.isnan(values)
    _, place, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    found = np.full(len(values), np.nan)
    found[known] = (counts.cumsum() - (counts - 1) / 2)[place]
    return found


def rank_sum_p(one: Floats, other: Floats) -> float:
    """The two-sided p-value of the rank-sum test, by the normal approximation.

    With the correction for ties and for continuity (Mann and Whitney 1947, Annals of Mathematical
    Statistics 18, 50-60; ties: Lehmann 1975, Nonparametrics, 1.4).

    Args:
        one: m values of one group, none missing; several, so that the approximation holds.
        other: n values of the other.

    >>> round(rank_sum_p(np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.0, 5.0, 6.0, 7.0])), 3)
    0.081
    """
    both = np.concatenate([one, other])
    m, n, total = len(one), len(other), len(both)
    _, ties = np.unique(both, return_counts=True)
    spread = sqrt(m * n / 12 * (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1))))
    if spread == 0:
        return 1.0
    above = float(ranked(both)[:m].sum()) - m * (m + 1) / 2
    away = max(above, m * n - above) - m * n / 2 - 1 / 2
    return min(1.0, erfc(away / spread / sqrt(2)))
