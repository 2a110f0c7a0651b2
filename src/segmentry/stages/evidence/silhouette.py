"""Silhouettes for every k from one set of pairwise distances, in bounded memory (Rousseeuw 1987)."""

from collections.abc import Sequence

import numpy as np

from segmentry.records.arrays import Floats, Ints

EXACT_UP_TO, SAMPLE = 10_000, 5_000
"""Customers up to which every pair is looked at, and how many stand for more of them."""

CELLS = 4_000_000
"""Distances held at once: 32 MB."""

WIDENING = 1.4
"""The normal interval covers only 80-89 % because a and b share the sample (measured); widened
by this factor it covers the nominal 95 %."""


def silhouettes(points: Floats, labelings: Sequence[Ints]) -> list[Floats]:
    """The silhouette of every point under each labeling.

    s = (b - a) / max(a, b), a the mean distance to the others of the own segment, b the smallest
    mean distance to another segment; 0 for a segment of one. Distances are computed once.

    Args:
        points: m x p scaled features.
        labelings: Arrays of m labels from 0; each with at least two segments.

    Returns:
        One array of m silhouettes per labeling.

    >>> silhouettes(np.array([[0.0], [1.0], [10.0]]), [np.array([0, 0, 1])])[0].round(2)
    array([0.9 , 0.89, 0.  ])
    """
    sizes = [int(labels.max()) + 1 for labels in labelings]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    members = np.zeros((len(points), offsets[-1]))
    for labels, offset in zip(labelings, offsets[:-1], strict=True):
        members[np.arange(len(points)), labels + offset] = 1.0
    counts = members.sum(axis=0)
    scores = [np.empty(len(points)) for _ in labelings]
    norms = np.einsum("ij,ij->i", points, points)
    step = max(64, CELLS // len(points))
    for start in range(0, len(points), step):
        rows = slice(start, start + step)
        totals = _distances(points, norms, rows) @ members
        for score, labels, lo, hi in zip(scores, labelings, offsets[:-1], offsets[1:], strict=True):
            score[rows] = _block(totals[:, lo:hi], counts[lo:hi], labels[rows])
    return scores


def _distances(points: Floats, norms: Floats, rows: slice) -> Floats:
    squared = norms[rows, None] + norms - 2 * (points[rows] @ points.T)
    np.maximum(squared, 0.0, out=squared)
    np.sqrt(squared, out=squared)
    start = rows.start
    block = np.arange(len(squared))
    squared[block, start + block] = 0.0
    return squared


def _block(totals: Floats, counts: Floats, labels: Ints) -> Floats:
    """Silhouettes of some points from their summed distances to each segment."""
    here = np.arange(len(labels))
    own = counts[labels]
    a = totals[here, labels] / np.maximum(own - 1, 1)
    means = totals / np.maximum(counts, 1)
    means[:, counts == 0] = np.inf
    means[here, labels] = np.inf
    b = means.min(axis=1)
    larger = np.maximum(a, b)
    scores = np.divide(b - a, larger, out=np.zeros(len(labels)), where=(larger > 0) & (own > 1))
    return np.asarray(scores)


def interval(scores: Floats) -> tuple[float, float]:
    """The 95 % interval of the mean silhouette, widened for the shared sample."""
    reach = 1.96 * WIDENING * float(scores.std()) / np.sqrt(len(scores))
    mean = float(scores.mean())
    return float(mean - reach), float(min(mean + reach, 1.0))


def macro(scores: Floats, labels: Ints) -> float:
    """The mean of the segments' mean silhouettes: small bad segments count (arXiv 2401.05831).

    >>> macro(np.array([1.0, 1.0, 1.0, 0.0]), np.array([0, 0, 0, 1]))
    0.5
    """
    counts = np.bincount(labels)
    sums = np.bincount(labels, weights=scores)
    return float((sums[counts > 0] / counts[counts > 0]).mean())
