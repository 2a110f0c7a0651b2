"""The gap statistic: is the inertia lower than in a box without groups? (Tibshirani et al. 2001)."""

import numpy as np

from segmentry.records.arrays import Floats


def boxes(points: Floats, count: int, *, seed: int) -> Floats:
    """Uniform references in the box around the customers, turned to their principal axes.

    Args:
        points: n x p scaled features.
        count: How many references.
        seed: The random seed.

    Returns:
        count x n x p.
    """
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
