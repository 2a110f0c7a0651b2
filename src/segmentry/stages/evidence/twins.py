"""The no-groups twin: the same spread, skew and links between measures, the groups ironed out.

It is the reference that every claim of groups is held against (METHOD 3.2).
"""

from collections.abc import Sequence

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.evidence import Spread, Twins
from segmentry.stages.evidence.unimodal import one_hump

LEAST_EIGENVALUE = 1e-6
"""Eigenvalues of the twin's correlation matrix are no smaller (METHOD 3.2)."""


def make_twins(points: Floats, count: int, *, seed: int, groups: Sequence[Sequence[int]] = ()) -> Floats:
    """Copies of the customers without groups.

    Each feature gets the nearest distribution with one hump; the features are linked by the
    correlations of their normal scores. Answers stay answers, each as often as it is given.

    Args:
        points: n x p scaled features.
        count: How many twins.
        seed: The random seed.
        groups: Positions of two-valued features, by column.

    Returns:
        count x n x p.
    """
    from scipy.special import ndtr

    n, p = points.shape
    answers = [one for group in groups for one in group]
    humps = {j: one_hump(points[:, j]) for j in range(p) if j not in answers}
    root = _root(normal_scores(points), answers)
    rng = np.random.default_rng(seed)
    twins = np.empty((count, n, p))
    for number in range(count):
        scores = rng.standard_normal((n, p)) @ root.T
        for j, hump in humps.items():
            twins[number, :, j] = hump.at(ndtr(scores[:, j]))
        for group in map(list, groups):
            yes = np.where(points[:, group].any(axis=0), points[:, group].max(axis=0), 1.0)
            twins[number][:, group] = yes * _dealt(scores[:, group], points[:, group].sum(axis=0) / yes)
    return twins


def _dealt(scores: Floats, counts: Floats) -> Floats:
    """One answer each at most: every answer goes to the highest scores for it among those without one.

    >>> _dealt(np.array([[2.0, 3.0], [1.0, 2.0], [0.0, 1.0]]), np.array([1.0, 1.0])).tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    dealt = np.zeros(scores.shape)
    left = np.arange(len(scores))
    for j, many in enumerate(np.rint(counts).astype(int)):
        order = np.argsort(-scores[left, j], kind="stable")
        dealt[left[order[:many]], j] = 1.0
        left = left[np.sort(order[many:])]
    return dealt


def normal_scores(points: Floats) -> Floats:
    """The features' values as normal quantiles of their ranks, ties at their mean rank."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    return np.asarray(ndtri((rankdata(points, axis=0) - 0.5) / len(points)))


def _root(scores: Floats, answers: Sequence[int] = ()) -> Floats:
    """A square root of the scores' correlation matrix, made positive.

    A link that is cut to yes and no shows less: what was r is sin(pi r / 2) beneath two such
    features and about r sqrt(pi / 2) beneath one (Sheppard 1899, Pearson 1909; exact for halves).
    """
    spread = scores.std(axis=0)
    varied = (scores - scores.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    linked = np.atleast_2d(varied.T @ varied / len(varied))
    if answers:
        linked[answers] *= np.sqrt(np.pi / 2)
        linked[:, answers] *= np.sqrt(np.pi / 2)
        both = np.ix_(answers, answers)
        linked[both] = np.sin(linked[both])
        linked = np.clip(linked, -1.0, 1.0)
    values, vectors = np.linalg.eigh(linked)
    root = vectors * np.sqrt(np.maximum(values, LEAST_EIGENVALUE))
    lengths = np.sqrt((root**2).sum(axis=1, keepdims=True))
    return np.asarray(root / np.where(lengths > 0, lengths, 1.0))


def compare_with_twins(silhouette: float, twins: Sequence[float], shares: Floats, own: Floats) -> Twins:
    """Where the customers stand among their twins.

    Args:
        silhouette: Of the customers.
        twins: B silhouettes of the twins, for the same k.
        shares: B x p shares of each feature's variance between a twin's segments.
        own: The p shares of the customers' segments.
    """
    higher = sum(twin >= silhouette for twin in twins)
    return Twins(
        silhouette=silhouette,
        twin=spread(twins),
        p=(1 + higher) / (len(twins) + 1),
        own_eta_squared=tuple(float(one) for one in own),
        eta_squared=tuple(float(one) for one in shares.mean(axis=0)),
        eta_squared_high=tuple(float(one) for one in np.quantile(shares, 0.95, axis=0)),
    )


def spread(values: Sequence[float] | Floats) -> Spread:
    """The mean, the quartiles and the middle 90 % of some values.

    >>> spread([1.0, 2.0, 3.0]).mean
    2.0
    """
    low, lower, upper, high = (float(one) for one in np.quantile(values, [0.05, 0.25, 0.75, 0.95]))
    return Spread(mean=float(np.mean(values)), low=low, lower=lower, upper=upper, high=high)


def variance_between(points: Floats, labels: Ints) -> Floats:
    """Eta squared: the share of each feature's variance that lies between segments (p values)."""
    centred = points - points.mean(axis=0)
    counts = np.bincount(labels)
    sums = np.stack([np.bincount(labels, weights=column) for column in centred.T], axis=1)
    between = (sums**2 / np.maximum(counts, 1)[:, None]).sum(axis=0)
    total = (centred**2).sum(axis=0)
    return np.asarray(np.divide(between, total, out=np.zeros_like(total), where=total > 0))
