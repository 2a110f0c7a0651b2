"""Do the same segments come back when the customers are drawn again? (METHOD 3.1, 4)."""

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats

Labels = NDArray[np.integer]

BANDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7)
"""Margins that customers are put together by: close where borders are, where most is to be learned."""


def bootstrap_weights(n: int, draws: int, *, seed: int) -> NDArray[np.float32]:
    """How often each of n customers is drawn in each bootstrap sample: draws x n."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(n, size=(draws, n))
    return np.stack([np.bincount(one, minlength=n) for one in drawn]).astype(np.float32)


def halves(n: int, splits: int, *, seed: int) -> NDArray[np.float32]:
    """Half splits of n customers as weights: 2 x splits rows, each half below its other half."""
    rng = np.random.default_rng(seed)
    first = np.zeros((splits, n), dtype=np.float32)
    for row in first:
        row[rng.permutation(n)[: n // 2]] = 1.0
    return np.concatenate([first, 1 - first])


def crossed(one: Labels, other: Labels, k: int, weights: NDArray[np.float32] | None = None) -> Floats:
    """How many customers are in each pair of segments: R contingency tables.

    Args:
        one: n labels, or R x n.
        other: R x n labels.
        k: The number of segments.
        weights: R x n; None for 1 each.

    Returns:
        R x k x k counts, rows by ``one``.
    """
    cells = one.astype(np.int64) * k + other
    tables = np.empty((len(cells), k * k))
    for row, cell in enumerate(cells):
        tables[row] = np.bincount(cell, weights=None if weights is None else weights[row], minlength=k * k)
    return tables.reshape(-1, k, k)


def jaccards(tables: Floats) -> Floats:
    """The overlap of each segment with the most similar new one: |A and B| / |A or B| (Hennig 2007).

    Args:
        tables: R contingency tables, rows by the segments that are judged.

    Returns:
        R x k.

    >>> jaccards(np.array([[[8.0, 2.0], [0.0, 10.0]]])).round(2)
    array([[0.8 , 0.83]])
    """
    union = tables.sum(axis=2, keepdims=True) + tables.sum(axis=1, keepdims=True) - tables
    shares = np.divide(tables, union, out=np.zeros_like(tables), where=union > 0)
    return np.asarray(shares.max(axis=2))


def returning(own: Labels, labels: Labels, tables: Floats) -> Floats:
    """The share of re-runs in which each customer is in the same segment again.

    The segments of a re-run are matched one to one with those that are judged, so that most customers
    stay (Hungarian method, Kuhn 1955).

    Args:
        own: n labels.
        labels: R x n labels of the re-runs.
        tables: Their R contingency tables, rows by ``own``.

    Returns:
        n shares.
    """
    from scipy.optimize import linear_sum_assignment

    back = np.zeros(len(own))
    for again, table in zip(labels, tables, strict=True):
        back += linear_sum_assignment(-table)[1][own] == again
    return np.asarray(back / len(labels))


def returns_by_margin(margins: Floats, shares: Floats) -> tuple[tuple[float, float], ...]:
    """How often customers come back, by how far they are from a border: a line that never falls.

    The mean share of each band of margins, pooled where it would fall (isotonic regression, Barlow and
    others 1972). On the border itself it is a half: either side is as good.

    Args:
        margins: n margins 1 - d1 / d2, from 0 on the border to 1 at the centre.
        shares: n shares of re-runs in which the customer is in the same segment.

    Returns:
        The line's corners: margin and share.

    >>> returns_by_margin(np.array([0.02, 0.04, 0.5]), np.array([0.7, 0.8, 1.0]))
    ((0.0, 0.5), (0.03, 0.75), (0.5, 1.0))
    """
    from scipy.optimize import isotonic_regression

    band = np.searchsorted(BANDS, margins, side="right")
    counts = np.bincount(band)
    filled = np.flatnonzero(counts)
    at = np.bincount(band, weights=margins)[filled] / counts[filled]
    share = isotonic_regression(
        np.bincount(band, weights=shares)[filled] / counts[filled], weights=counts[filled]
    ).x
    corners = [(round(float(x), 4), round(float(y), 4)) for x, y in zip(at, share, strict=True)]
    return ((0.0, min(0.5, corners[0][1])), *(corner for corner in corners if corner[0] > 0))


def rand_indices(tables: Floats) -> Floats:
    """The adjusted Rand index of each contingency table (Hubert & Arabie 1985).

    >>> rand_indices(np.array([[[5.0, 0.0], [0.0, 5.0]]]))
    array([1.])
    """
    pairs = _pairs(tables).sum(axis=(1, 2))
    rows, columns = _pairs(tables.sum(axis=2)).sum(axis=1), _pairs(tables.sum(axis=1)).sum(axis=1)
    expected = rows * columns / _pairs(tables.sum(axis=(1, 2)))
    highest = (rows + columns) / 2
    apart = highest - expected
    return np.asarray(np.divide(pairs - expected, apart, out=np.ones_like(apart), where=apart != 0))


def prediction_strength(tables: Floats) -> Floats:
    """The worst segment's share of pairs that the other half keeps together (Tibshirani & Walther 2005).

    Args:
        tables: R contingency tables of one half: rows by its own segments, columns by the other
            half's centres.

    Returns:
        R values; a segment of fewer than two customers has no pairs and is left out.

    >>> prediction_strength(np.array([[[3.0, 1.0], [0.0, 4.0]]]))
    array([0.5])
    """
    sizes = tables.sum(axis=2)
    together = (tables * (tables - 1)).sum(axis=2)
    pairs = sizes * (sizes - 1)
    shares = np.divide(together, pairs, out=np.ones_like(pairs), where=pairs > 0)
    return np.asarray(shares.min(axis=1))


def _pairs(counts: Floats) -> Floats:
    return counts * (counts - 1) / 2


def inherited(parents: Labels, children: Labels, k: int) -> Floats:
    """SLSA: whether a segment's members come from one segment of the solution before.

    SLSA = 1 - (-sum p_j ln p_j) / ln(k - 1), p_j the share of its members who come from segment j
    of the solution with k - 1 segments (Dolnicar & Leisch 2017).

    Args:
        parents: n labels of the solution with k - 1 segments.
        children: n labels of the solution with k.
        k: The number of segments; above 2.

    Returns:
        k values from 0 to 1; NaN for an empty segment and at k = 2, where there is one parent.
    """
    if k <= 2:  # noqa: PLR2004 - one parent says nothing
        return np.full(k, np.nan)
    table = np.bincount(children.astype(np.int64) * (k - 1) + parents, minlength=k * (k - 1)).reshape(
        k, k - 1
    )
    sizes = table.sum(axis=1, keepdims=True)
    shares = np.divide(table, sizes, out=np.full(table.shape, np.nan), where=sizes > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(1 + (shares * logs).sum(axis=1) / np.log(k - 1))
