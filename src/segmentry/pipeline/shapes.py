"""Groups that are not round: whether HDBSCAN finds islands that K-means cuts through, and whether they come back."""

from collections.abc import Iterator, Sequence

import numpy as np

from segmentry.pipeline.sweep import Ready
from segmentry.records.arrays import Floats, Ints
from segmentry.records.evidence import EMPTY, Shape
from segmentry.records.solution import Clustering, Solution
from segmentry.stages.clustering.hdbscan import LEAST, SHARE, Hdbscan
from segmentry.stages.clustering.kmeans import adjusted_rand, assign
from segmentry.stages.evidence import borders, bridge
from segmentry.stages.features.sampling import stratified

SHAPES = "hdbscan"
"""The algorithm that finds groups that are not round."""

COVERED, DEPENDABLE, OTHER = 0.8, 0.6, 0.8
"""Share of customers in its groups, worst Jaccard, and agreement with K-means: at least, at least, below."""

HALVES, OFTEN = 5, 2
"""Half-samples that it is run on again, and in how many it must find as many groups."""

DENSE = 10
"""Neighbours that density is taken from: with more of them, thin bodies are lost and half-samples fall apart."""

WHOLE = Hdbscan(dense=DENSE)
HALF = Hdbscan(least=LEAST // 2, share=SHARE, dense=DENSE // 2)
"""The search among all that are looked at, and the same among half of them."""


def other_shape(ready: Ready, solved: Sequence[Solution], shipped: Solution, *, seed: int) -> Shape | None:
    """What HDBSCAN finds, where it finds islands that the shipped segments cut through; else None.

    Args:
        ready: The features.
        solved: The K-means solution of every number of segments.
        shipped: The one that is recommended.
        seed: The random seed.
    """
    order = list(ready.by_content)
    strata, _ = assign(ready.points, shipped.centres)
    points = ready.points[stratified(strata, size=bridge.MOST, seed=seed)][:, order]
    n, p = points.shape
    if WHOLE.refusal(n, p, shipped.k):
        return None
    labels = WHOLE.labels(points)
    k = int(labels.max()) + 1
    if k < 2 or (labels >= 0).mean() < COVERED:  # noqa: PLR2004 - one group is no shape
        return None
    groups = _filled(points, labels)
    alike = adjusted_rand(groups, assign(points, shipped.centres[:, order])[0])
    if alike >= OTHER or not _islands(points, groups, k, seed):
        return None
    same, jaccard = _again(points, groups, k, seed)
    if same < OFTEN or jaccard < DEPENDABLE:
        return None
    return Shape(
        k=k,
        coverage=float((labels >= 0).mean()),
        agreement=alike,
        at_its_number=_at(points, groups, solved, order),
        jaccard=jaccard,
        same=same,
        reruns=HALVES,
    )


def shaped(points: Floats, *, seed: int) -> Clustering:
    """The islands that were named, among all n x p points: what a run with HDBSCAN ships where they were found."""
    return WHOLE(points, k=0, seed=seed)


def _filled(points: Floats, labels: Ints) -> Ints:
    """Everybody in the group of the nearest customer who is in one."""
    from scipy.spatial import KDTree

    inside = labels >= 0
    nearest = KDTree(points[inside]).query(points)[1]
    return np.asarray(labels[inside][nearest], dtype=np.int64)


def _islands(points: Floats, groups: Ints, k: int, seed: int) -> bool:
    """Whether there is empty space between all groups."""
    seen = bridge.landscape(borders.crowd(points, seed=seed).spread)
    return all(way.thinness <= EMPTY for way in bridge.bridges(seen, {k: groups})[k])


def _again(points: Floats, groups: Ints, k: int, seed: int) -> tuple[int, float]:
    """In how many half-samples there are as many groups, and the worst group's mean overlap with itself."""
    found = list(_halves(points, groups, k, seed))
    overlaps = np.array([overlap for _, overlap in found])
    return sum(number == k for number, _ in found), float(overlaps.mean(axis=0).min())


def _halves(points: Floats, groups: Ints, k: int, seed: int) -> Iterator[tuple[int, Floats]]:
    """How many groups each half-sample has, and how far each of the k groups overlaps with its best match there."""
    for number in range(HALVES):
        rng = np.random.default_rng([seed, number])
        chosen = np.sort(rng.permutation(len(points))[: len(points) // 2])
        labels, own = HALF.labels(points[chosen]), groups[chosen]
        several = int(labels.max()) + 1
        if several < 2:  # noqa: PLR2004 - one group is no division
            yield several, np.zeros(k)
            continue
        yield several, _overlaps(own, _filled(points[chosen], labels), k)


def _overlaps(own: Ints, other: Ints, k: int) -> Floats:
    """The Jaccard overlap of each of k groups with the group that it overlaps most."""
    both = np.zeros((k, int(other.max()) + 1))
    np.add.at(both, (own, other), 1)
    union = both.sum(axis=1, keepdims=True) + both.sum(axis=0) - both
    return np.asarray((both / union).max(axis=1))


def _at(points: Floats, groups: Ints, solved: Sequence[Solution], order: Sequence[int]) -> float:
    """How far K-means agrees when it makes as many segments; 0 where that was not tried."""
    k = int(groups.max()) + 1
    same = next((solution for solution in solved if solution.k == k), None)
    return adjusted_rand(groups, assign(points, same.centres[:, order])[0]) if same else 0.0
