"""BIC of Gaussian mixtures: one vote of the panel, never the last word (METHOD 3.1).

It is the best single judge of round and long groups, and finds too many in skewed or discrete data.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats, Ints

SHAPES = ("spherical", "diag", "tied", "full")
FLOOR = 1e-4
"""Added to every variance (METHOD 3.1)."""

ITERATIONS = 100
"""Passes of expectation-maximisation at most, scikit-learn's default."""

WORSE = 2
"""A shape is followed until its BIC has risen for this many k in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """The best mixture of one k.

    Attributes:
        bic: Its BIC; lower is better.
        shape: The shape of its covariances.
    """

    bic: float
    shape: str


def mixtures(
    points: Floats, labelings: Mapping[int, Ints], *, restarts: int, seed: int
) -> dict[int, Mixture]:
    """The lowest BIC of each k over four shapes of covariance.

    Every mixture starts from the K-means segments, and ``restarts`` times from customers drawn by chance.

    Args:
        points: n x p scaled features.
        labelings: n labels for each k, ascending from 1.
        restarts: Further starts.
        seed: The random seed.
    """
    best: dict[int, Mixture] = {}
    for shape in SHAPES:
        for k, bic in _followed(points, labelings, shape, (restarts, seed)):
            if k not in best or bic < best[k].bic:
                best[k] = Mixture(bic=bic, shape=shape)
    return best


def _followed(
    points: Floats, labelings: Mapping[int, Ints], shape: str, chance: tuple[int, int]
) -> Iterator[tuple[int, float]]:
    """BIC by k of one shape, until it keeps rising."""
    lowest, worse = np.inf, 0
    for k, labels in labelings.items():
        found = _bic(points, labels, k, shape, chance)
        yield k, found
        worse = 0 if found < lowest else worse + 1
        lowest = min(lowest, found)
        if worse > WORSE:
            return


def _bic(points: Floats, labels: Ints, k: int, shape: str, chance: tuple[int, int]) -> float:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    restarts, seed = chance
    counts = np.maximum(np.bincount(labels, minlength=k), 1)
    means = _means(points, labels, k)
    common = {
        "covariance_type": shape,
        "reg_covar": FLOOR,
        "max_iter": ITERATIONS,
        "init_params": "random_from_data",
        "random_state": seed,
    }
    warm = GaussianMixture(
        k,
        weights_init=counts / counts.sum(),
        means_init=means,
        precisions_init=_precisions(points, labels, means, shape),
        **common,
    )
    models = [warm] if k == 1 or not restarts else [warm, GaussianMixture(k, n_init=restarts, **common)]
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
        return min(float(model.fit(points).bic(points)) for model in models)


def _means(points: Floats, labels: Ints, k: int) -> Floats:
    """The segments' means; the mean of all for an empty segment."""
    everyone = points.mean(axis=0)
    inside = [labels == number for number in range(k)]
    return np.stack([points[own].mean(axis=0) if own.any() else everyone for own in inside])


def _precisions(points: Floats, labels: Ints, means: Floats, shape: str) -> Floats:
    """The inverse covariances of the segments, in the form that a shape asks for."""
    k, p = means.shape
    away = points - means[labels]
    counts = np.maximum(np.bincount(labels, minlength=k), 1)
    variances = (
        np.stack([np.bincount(labels, weights=column**2, minlength=k) / counts for column in away.T], axis=1)
        + FLOOR
    )
    if shape == "spherical":
        return np.asarray(1 / variances.mean(axis=1))
    if shape == "diag":
        return np.asarray(1 / variances)
    if shape == "tied":
        return np.asarray(np.linalg.inv(away.T @ away / len(points) + FLOOR * np.eye(p)))
    full = [
        away[labels == number].T @ away[labels == number] / counts[number] + FLOOR * np.eye(p)
        for number in range(k)
    ]
    return np.linalg.inv(np.stack(full))
