"""Features that tell the same story share one weight, so that a theme is not counted twice (METHOD 2.5)."""

from collections.abc import Sequence

import numpy as np

from segmentry.records.arrays import Floats, Ints

OVERALL, WITHIN = 0.9, 0.7
"""Correlations from which features share a theme: over all customers, and within segments."""


def themes(points: Floats, labels: Ints, groups: Sequence[Sequence[int]] = ()) -> tuple[tuple[int, ...], ...]:
    """Groups of features that move together.

    Strong correlation over all customers is often made by the segments themselves, and weighting
    it down would take away what tells them apart. So what counts is the correlation *within* segments,
    after a first fit; over all customers only one of .9 does. Average linkage on 1 - |r|.

    Args:
        points: n x p scaled features.
        labels: n segments of the first fit.
        groups: Features that are the words of one column: they shut each other out by nature, so
            that they move together says nothing.

    Returns:
        The themes of at least two features, as ascending positions.

    >>> spend = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    >>> themes(np.column_stack([spend, spend + 0.1, [1, 0, 1, 1, 0, 1]]), np.zeros(6, dtype=int))
    ((0, 1),)
    """
    p = points.shape[1]
    if p < 2:  # noqa: PLR2004 - a theme takes two
        return ()
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    within = _correlations(_residuals(points, labels))
    overall = _correlations(_ranks(points)) * (WITHIN / OVERALL)
    apart = 1 - np.maximum(within, overall)
    for group in groups:
        apart[np.ix_(group, group)] = 1.0
    np.fill_diagonal(apart, 0.0)
    groups = fcluster(linkage(squareform(apart, checks=False), "average"), 1 - WITHIN, "distance")
    found = (np.flatnonzero(groups == one).tolist() for one in np.unique(groups))
    return tuple(sorted(tuple(one) for one in found if len(one) > 1))


def _residuals(points: Floats, labels: Ints) -> Floats:
    counts = np.maximum(np.bincount(labels), 1)
    means = np.stack([np.bincount(labels, weights=column) / counts for column in points.T], axis=1)
    return np.asarray(points - means[labels])


def _ranks(points: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(points, axis=0))


def _correlations(values: Floats) -> Floats:
    """Absolute correlations; 0 with a constant."""
    centred = values - values.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    unit = np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > 0)
    return np.asarray(np.minimum(np.abs(unit.T @ unit), 1.0))


def weights(found: Sequence[Sequence[int]], p: int) -> Floats:
    """The weight of each of p features: 1 / sqrt(m) in a theme of m.

    >>> weights([(0, 2)], 3).round(3).tolist()
    [0.707, 1.0, 0.707]
    """
    weight = np.ones(p)
    for theme in found:
        weight[list(theme)] = 1 / np.sqrt(len(theme))
    return weight
