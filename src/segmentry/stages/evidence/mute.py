"""Mute features: one hump, and no link with any other feature, so that they hide groups and cannot hold any."""

from itertools import combinations

import numpy as np

from segmentry.records.arrays import Flags, Floats
from segmentry.records.dip import dip_p
from segmentry.records.evidence import LEVEL

PARTS = 5
"""Each feature is cut into so many parts with as many customers: links of any shape show in their table."""


def mute(points: Floats) -> Flags:
    """Which of p features have one hump and nothing to do with any other.

    What has one hump and is independent of everything else holds no groups, but adds to every distance.

    Args:
        points: n x p features with tied values spread out, at most some 5,000 customers.
    """
    p = points.shape[1]
    silent = np.ones(p, dtype=bool)
    cells = np.stack([_parts(column) for column in points.T])
    for a, b in combinations(range(p), 2):
        if _independence(cells[a], cells[b]) * p * (p - 1) / 2 < LEVEL:
            silent[[a, b]] = False
    return np.array([quiet and dip_p(points[:, at]) >= LEVEL for at, quiet in enumerate(silent)])


def _parts(column: Floats) -> Floats:
    edges = np.quantile(column, np.arange(1, PARTS) / PARTS)
    return np.searchsorted(edges, column, side="right").astype(np.float64)


def _independence(first: Floats, second: Floats) -> float:
    """The p-value of the chi-squared test that two cut features have nothing to do with each other."""
    from scipy.stats import chi2

    table = np.bincount((first * PARTS + second).astype(np.int64), minlength=PARTS**2).reshape(PARTS, PARTS)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    freedom = (table.shape[0] - 1) * (table.shape[1] - 1)
    if freedom == 0:
        return 1.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(chi2.sf(((table - expected) ** 2 / expected).sum(), freedom))
