"""The gap statistic: is the inertia lower than in a box without groups? (Tibshirani et al. 2001)."""

from collections.abc import Sequence

import numpy as np

from segmentry.records.arrays import Floats


def boxes(points: Floats, count: int, *, seed: int, groups: Sequence[Sequence[int]] = ()) -> Floats:
    """Uniform references in the box around the customers, turned to their principal axes.

    Two-valued features have no box: the answers of each column are dealt out anew, as they are.

    Args:
        points: n x p scaled features.
        count: How many references.
        seed: The random seed.
        groups: Positions of two-valued features, by column.

    Returns:
        count x n x p.
    """
    dealt = [one for group in groups for one in group]
    if not dealt:
        return _boxes(points, count, seed)
    others = [number for number in range(points.shape[1]) if number not in dealt]
    rng = np.random.default_rng([seed, len(dealt)])
    drawn = np.empty((count, *points.shape))
    if others:
        drawn[:, :, others] = _boxes(points[:, others], count, seed)
    for one in drawn:
        for group in groups:
            one[:, list(group)] = points[rng.permutation(len(points))][:, list(group)]
    return drawn


def _boxes(points: Floats, count: int, seed: int) -> Floats:
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    turned = centred @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    drawn = np.random.default_rng(seed).random((count, len(points), len(low)))
    return np.asarray((low + drawn * (high - low)) @ axes)


def gap(inertia: float, references: Floats) -> tuple[float, float]:
    """Gap(k) = mean log W* - log W, and its error s_k = sd * sqrt(1 + 1/B).

    Args:
        inertia: W of the customers.
        references: B inertias of the references.

    >>> gap(1.0, np.array([np.e, np.e]))
    (1.0, 0.0)
    """
    if inertia <= 0 or (references <= 0).any():
        return float("nan"), float("nan")
    logs = np.log(references)
    return float(logs.mean() - np.log(inertia)), float(logs.std() * np.sqrt(1 + 1 / len(logs)))
