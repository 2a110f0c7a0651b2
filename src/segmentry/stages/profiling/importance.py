"""How many customers would be elsewhere if one feature told nothing: the permutation importance (METHOD 6.4b)."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.model import TIE

Moved: TypeAlias = Callable[[Sequence[int], Floats], Ints]
"""The segments of all customers when some of their features, by position, have other values."""

REPEATS = 30
"""How often a feature is shuffled (METHOD 6.4b)."""


def permuted(points: Floats, groups: Sequence[Sequence[int]], moved: Moved, *, k: int, seed: int) -> Floats:
    """The share of each segment's customers who change segment when a feature is shuffled.

    Known values go round among the customers who have one; who lacks it goes on lacking it. The words
    of one column are shuffled together, and share the result.

    Args:
        points: n x p scaled features, NaN where missing, the customers in an order of their own.
        groups: Positions of the features that are shuffled together, each feature once.
        moved: Where everybody is when some features have other values.
        k: The number of segments.
        seed: The random seed.

    Returns:
        k x p means over 30 shuffles; NaN for a segment without customers.

    >>> points = np.repeat([[0.0, 0.0], [9.0, 0.0]], 500, axis=0)
    >>> to_nearest = by_centres(points, np.array([[0.0, 0.0], [9.0, 0.0]]))
    >>> permuted(points, [[0], [1]], to_nearest, k=2, seed=0).round(1).tolist()
    [[0.5, 0.0], [0.5, 0.0]]
    """
    segment = moved((), points[:, :0])
    members = np.bincount(segment[segment >= 0], minlength=k).astype(np.float64)
    changed = np.zeros((k, points.shape[1]))
    for number, group in enumerate(groups):
        rng = np.random.default_rng([seed, number])
        columns = points[:, list(group)]
        known = np.flatnonzero(~np.isnan(columns).any(axis=1))
        for _ in range(REPEATS):
            other = columns.copy()
            other[known] = columns[rng.permutation(known)]
            gone = (moved(group, other) != segment) & (segment >= 0)
            changed[:, list(group)] += np.bincount(segment[gone], minlength=k)[:, None]
    members[members == 0] = np.nan
    return np.asarray(changed / REPEATS / members[:, None])


def by_centres(points: Floats, centres: Floats) -> Moved:
    """Where customers are when the nearest centre places them: only what changed is taken anew.

    What is missing leaves every distance alike, so the factor for it changes nothing here.

    Args:
        points: n x p scaled features, NaN where missing.
        centres: k x p centres.
    """
    parts = np.nan_to_num((points[:, None, :] - centres) ** 2)
    total = parts.sum(axis=2)

    def moved(group: Sequence[int], columns: Floats) -> Ints:
        squared = total
        if len(group):
            squared = total.copy()
            for at, j in enumerate(group):
                squared += np.nan_to_num((columns[:, at, None] - centres[:, j]) ** 2) - parts[:, :, j]
        smallest = squared.min(axis=1, keepdims=True)
        return np.asarray((squared <= smallest * (1 + TIE) + TIE**2).argmax(axis=1))

    return moved


def by_scorer(points: Floats, place: Callable[[Floats], Ints]) -> Moved:
    """Where customers are by whatever places them."""

    def moved(group: Sequence[int], columns: Floats) -> Ints:
        other = points.copy()
        other[:, list(group)] = columns
        return place(other)

    return moved
