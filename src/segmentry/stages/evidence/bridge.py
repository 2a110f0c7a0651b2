"""The bridge: how crowded the best way between two segments is at its thinnest, whatever its shape.

The dip test looks along the straight line between two centres. A bridge is looked for everywhere, through third
segments too, so that bent, nested and interlocked bodies are not taken for islands where they touch.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints
from segmentry.records.evidence import Bridge

NEAREST = 10
"""The distance to this neighbour says how crowded it is around a customer."""

AROUND = 20
"""Neighbours that the number of dimensions is estimated from (Levina & Bickel 2004)."""

PART, FEWEST = 0.1, 3
"""Two hearts are joined when one piece holds this part of each, and so many customers.

A segment may hold a tenth of a body that another one has cut off: with half of each heart such cuts look like empty space.
"""

MOST = 2_000
"""Customers that bridges are looked for among, at most: all pairs of them are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landscape:
    """The customers as a landscape of crowds: the tree of the densest ways between them.

    Attributes:
        core: n distances to the tenth nearest other customer: small where it is crowded.
        edges: (n - 1) x 2 customers, the densest steps of the tree first.
        lengths: n - 1 lengths of these steps, ascending: how far apart customers are where a step is sparsest.
        dimension: How many directions customers differ in, locally.
    """

    core: Floats
    edges: Ints
    lengths: Floats
    dimension: float


def landscape(points: Floats) -> Landscape:
    """The tree of mutual reachability (Campello, Moulavi & Sander 2013), and the local dimension.

    Args:
        points: n x p scaled features with tied values spread out, at most some 2,000.
    """
    from scipy.spatial.distance import cdist

    away = cdist(points, points)
    near = np.sort(np.partition(away, min(AROUND, len(points) - 1), axis=1)[:, 1 : AROUND + 1], axis=1)
    core = near[:, min(NEAREST, near.shape[1]) - 1]
    edges, lengths = _spanning_tree(away, core)
    order = np.argsort(lengths, kind="stable")
    return Landscape(
        core=core, edges=edges[order], lengths=lengths[order], dimension=_dimension(near, points.shape[1])
    )


def _spanning_tree(away: Floats, core: Floats) -> tuple[Ints, Floats]:
    """The shortest tree over max(core x, core y, |x - y|), by Prim's algorithm."""
    n = len(core)
    edges, lengths = np.empty((n - 1, 2), dtype=np.int64), np.empty(n - 1)
    nearest, parent = np.full(n, np.inf), np.zeros(n, dtype=np.int64)
    left = np.ones(n, dtype=bool)
    at = 0
    for step in range(n - 1):
        left[at] = False
        reach = np.maximum(np.maximum(away[at], core), core[at])
        closer = left & (reach < nearest)
        nearest[closer], parent[closer] = reach[closer], at
        nearest[at] = np.inf
        at = int(nearest.argmin())
        edges[step], lengths[step] = (parent[at], at), nearest[at]
    return edges, lengths


def _dimension(near: Floats, most: int) -> float:
    """The inverse of the mean of the customers' inverse dimensions; between 1 and the number of features."""
    farthest = near[:, -1:]
    known = (near[:, :-1] > 0) & (farthest > 0)
    if not known.any():
        return 1.0
    ratios = np.log(np.divide(farthest, near[:, :-1], out=np.ones_like(near[:, :-1]), where=known))
    inverse = float(ratios[known].mean())
    return float(np.clip(1 / inverse, 1, most)) if inverse > 0 else float(most)


def bridges(
    seen: Landscape, labelings: Mapping[int, NDArray[np.integer]]
) -> Mapping[int, tuple[Bridge, ...]]:
    """For each way of dividing the customers, the bridge between each pair of its segments.

    A segment's heart is the more crowded half of its customers. Steps of the tree are taken from the densest on; the
    step that first joins a tenth of both hearts is the thinnest place of the way between the two. Its density is compared
    with that around a typical customer of the sparser segment, in as many dimensions as customers differ in.

    Args:
        seen: The landscape.
        labelings: For each number of segments k, the n customers' segments.
    """
    return {
        k: tuple(_pairs(seen, labels, _joined(seen, labels, k), k))
        for k, labels in labelings.items()
        if k > 1
    }


def _pairs(
    seen: Landscape, labels: NDArray[np.integer], joined: Mapping[tuple[int, int], float], k: int
) -> Iterator[Bridge]:
    typical = [_median(seen.core[labels == segment]) for segment in range(k)]
    for a, b in combinations(range(k), 2):
        ratio = joined[a, b] / max(typical[a], typical[b]) if max(typical[a], typical[b]) > 0 else 1.0
        yield Bridge(first=a, second=b, thinness=float(max(ratio, 1e-9) ** -seen.dimension))


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _joined(seen: Landscape, labels: NDArray[np.integer], k: int) -> Mapping[tuple[int, int], float]:
    """The length of the step at which the hearts of each pair are first in one piece."""
    hearts = _hearts(seen.core, labels, k)
    sizes = hearts.sum(axis=0)
    wanted = np.minimum(np.maximum(PART * sizes, FEWEST), sizes / 2)
    found: dict[tuple[int, int], float] = {}
    pieces = _Pieces(hearts)
    for (a, b), length in zip(seen.edges.tolist(), seen.lengths.tolist(), strict=True):
        inside = pieces.join(a, b)
        together = np.flatnonzero(inside >= wanted)
        for pair in combinations(together.tolist(), 2):
            found.setdefault(pair, length)
        if len(together) == k:
            break
    last = float(seen.lengths[-1]) if len(seen.lengths) else 0.0
    return {pair: found.get(pair, last) for pair in combinations(range(k), 2)}


def _hearts(core: Floats, labels: NDArray[np.integer], k: int) -> Floats:
    """Whose heart each customer is part of, n x k: the half of a segment where it is most crowded."""
    hearts = np.zeros((len(core), k))
    for segment in range(k):
        own = np.flatnonzero(labels == segment)
        hearts[own[np.argsort(core[own], kind="stable")][: -(-len(own) // 2)], segment] = 1
    return hearts


class _Pieces:
    """Customers who are joined step by step, and how much of each heart a piece holds."""

    def __init__(self, hearts: Floats) -> None:
        self._parent = list(range(len(hearts)))
        self._hearts = hearts.copy()

    def join(self, a: int, b: int) -> Floats:
        """Join the pieces of two customers; how much of each heart the new one holds."""
        first, second = self._top(a), self._top(b)
        self._parent[second] = first
        self._hearts[first] += self._hearts[second]
        return np.asarray(self._hearts[first])

    def _top(self, one: int) -> int:
        while self._parent[one] != one:
            self._parent[one] = self._parent[self._parent[one]]
            one = self._parent[one]
        return one
