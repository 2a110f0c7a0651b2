"""Islands below the floor: a few customers far from everybody else, too few for a segment but not to be missed."""

from typing import Any

import numpy as np

from segmentry.records.arrays import Floats, Ints

NEAREST, AROUND = 5, 20
"""Neighbours that say how crowded it is, and that a step may lead to."""

FARTHER, USUAL = 1.25, 99
"""A step is too far at this many times the distance that this percentage of customers keep to their neighbours."""

FEWEST = 8
"""Customers in an island at least: a heavy tail leaves smaller handfuls behind."""

MOST = 5_000
"""Customers up to which islands are looked for."""


def islands(points: Floats, floor: float) -> tuple[Ints, ...]:
    """The islands of at least 8 customers and fewer than a segment needs, each as positions; the largest first.

    Args:
        points: n x p scaled features in canonical order.
        floor: Customers that a segment needs.
    """
    if not AROUND < len(points) <= MOST or floor <= FEWEST:
        return ()
    pieces = _pieces(points)
    sizes = np.bincount(pieces)
    small = np.flatnonzero((sizes >= FEWEST) & (sizes < floor))
    found = [np.flatnonzero(pieces == piece) for piece in small]
    return tuple(sorted(found, key=lambda members: (-len(members), int(members[0]))))


def _pieces(points: Floats) -> Ints:
    """Which piece each customer is of, when steps that are too far are cut."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from sklearn.neighbors import NearestNeighbors

    search: Any = NearestNeighbors(n_neighbors=AROUND + 1).fit(points)
    away, other = search.kneighbors(points)
    core = away[:, NEAREST]
    reach = np.maximum(np.maximum(away, core[:, None]), core[other])
    start, step = np.nonzero(reach <= FARTHER * np.percentile(core, USUAL))
    n = len(points)
    graph = coo_array((np.ones(len(start)), (start, other[start, step])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
