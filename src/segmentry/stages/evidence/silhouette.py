"""Silhouettes for every k from one set of pairwise distances, in bounded memory (Rousseeuw 1987)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints

EXACT_UP_TO, SAMPLE = 10_000, 5_000
"""Customers up to which every pair is looked at, and how many stand for more of them."""

Singles: TypeAlias = NDArray[np.float32]

CELLS = 4_000_000
"""Distances held at once: 32 MB."""

DRAWS, DRAWN_FROM = 25, 2_000
"""Bootstrap samples behind an interval, and the customers they are drawn from at most."""

NORMAL = 1.96
"""Standard errors to either side of a 95 % interval."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The 95 % intervals of a mean silhouette: over customers, and over the segments' means.

    Attributes:
        micro: How far the mean over customers reaches to either side.
        macro: How far the mean of the segments' means does.
    """

    micro: float
    macro: float


def intervals(points: Floats, labelings: Sequence[Ints], *, seed: int) -> list[Interval]:
    """How far the mean silhouettes may be off, by the bootstrap.

    s / sqrt(m) is too small (it covers 80-89 % where 95 % is meant): a and b of every customer
    rest on the same sample. So customers are drawn again and both are worked out anew, leaving out
    the customer itself. Above 2,000 customers the draws are from every m-th, and the
    interval is narrowed by the square root of the numbers.

    Args:
        points: m x p scaled features, in an order that has nothing to do with the segments' quality.
        labelings: Arrays of m labels from 0; each with at least two segments.
        seed: The random seed.
    """
    m = len(points)
    few = np.arange(0, m, -(-m // DRAWN_FROM))
    rng = np.random.default_rng(seed)
    drawn = np.stack(
        [np.bincount(rng.integers(len(few), size=len(few)), minlength=len(few)) for _ in range(DRAWS)]
    ).astype(np.float32)
    every = slice(0, len(few))
    apart = _distances(points[few], np.einsum("ij,ij->i", points[few], points[few]), every).astype(np.float32)
    narrow = NORMAL * np.sqrt(len(few) / m)
    found = []
    for labels in labelings:
        micro, macro_ = narrow * _means(apart, labels[few], drawn).std(axis=1)
        found.append(Interval(micro=float(micro), macro=float(macro_)))
    return found


def _means(apart: Singles, labels: Ints, drawn: Singles) -> Floats:
    """The micro and the macro mean of each draw: 2 x B.

    Args:
        apart: m x m distances.
        labels: m labels.
        drawn: B x m times that each customer was drawn.
    """
    names, own = np.unique(labels, return_inverse=True)
    inside = (own[:, None] == np.arange(len(names))).astype(np.float32)
    members = drawn.T[:, :, None] * inside[:, None, :]
    m, draws, k = members.shape
    totals = (apart @ members.reshape(m, -1)).reshape(m, draws, k)
    counts = members.sum(axis=0)
    scores = _weighted(totals, counts, own, drawn.T)
    sums = np.einsum("mbk,mb->bk", members, scores)
    filled = counts > 0
    means = np.divide(sums, counts, out=np.zeros_like(sums), where=filled)
    return np.stack([sums.sum(axis=1) / counts.sum(axis=1), means.sum(axis=1) / filled.sum(axis=1)])


def _weighted(totals: Singles, counts: Singles, own: Ints, weights: Singles) -> Singles:
    """The silhouette of each customer in each draw (m x B), itself left out of its own neighbours."""
    here = np.arange(len(own))
    others = counts[:, own].T - weights
    a = totals[here, :, own] / np.maximum(others, 1)
    means = np.where(counts > 0, totals / np.maximum(counts, 1), np.inf)
    means[here, :, own] = np.inf
    b = means.min(axis=2)
    larger = np.maximum(a, b)
    good = (larger > 0) & (others > 0) & np.isfinite(b)
    return np.asarray(np.divide(b - a, larger, out=np.zeros_like(a), where=good))


def macro(scores: Floats, labels: Ints) -> float:
    """The mean of the segments' mean silhouettes: small bad segments count (arXiv 2401.05831).

    >>> macro(np.array([1.0, 1.0, 1.0, 0.0]), np.array([0, 0, 0, 1]))
    0.5
    """
    counts = np.bincount(labels)
    sums = np.bincount(labels, weights=scores)
    return float((sums[counts > 0] / counts[counts > 0]).mean())
