"""Calinski-Harabasz and Davies-Bouldin: how far apart the segments lie for their width."""

import numpy as np

from segmentry.records.arrays import Floats, Ints


def calinski_harabasz(*, total: float, within: float, k: int, n: int) -> float:
    """(B / (k - 1)) / (W / (n - k)), from the total and the within sum of squares.

    Calinski & Harabasz 1974; NaN at k = 1, infinity when nothing is left within.

    >>> calinski_harabasz(total=10.0, within=2.0, k=2, n=6)
    16.0
    """
    if k == 1 or n <= k:
        return float("nan")
    if within <= 0:
        return float("inf")
    return ((total - within) / (k - 1)) / (within / (n - k))


def davies_bouldin(distances: Floats, labels: Ints, centres: Floats) -> float:
    """The mean over segments of the worst (s_i + s_j) / d_ij (Davies & Bouldin 1979).

    Args:
        distances: n distances to the own centre.
        labels: n labels from 0.
        centres: k x p centres.

    Returns:
        The index; smaller is better, NaN at k = 1.
    """
    k = len(centres)
    if k == 1:
        return float("nan")
    counts = np.maximum(np.bincount(labels, minlength=k), 1)
    widths = np.bincount(labels, weights=distances, minlength=k) / counts
    apart = np.sqrt(((centres[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    ratios = np.divide(widths[:, None] + widths[None, :], apart, out=np.full((k, k), np.inf), where=apart > 0)
    np.fill_diagonal(ratios, 0.0)
    return float(ratios.max(axis=1).mean())
