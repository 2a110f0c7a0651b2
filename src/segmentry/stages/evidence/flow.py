"""How customers move from each number of segments to the next (Dolnicar & Leisch 2017)."""

from collections.abc import Mapping, Sequence

import numpy as np

from segmentry.records.arrays import Ints
from segmentry.records.evidence import SegmentFlow


def flows(labels: Mapping[int, Ints], shipped: int, order: Sequence[int]) -> tuple[SegmentFlow, ...]:
    """Who goes where, numbered so that lines cross little.

    The shipped segments keep their numbers; the solutions beside it are numbered after
    them, from neighbour to neighbour.

    Args:
        labels: n labels for each k.
        shipped: The k whose numbers are kept.
        order: For each place of the shipped segments the number they have in ``labels``.

    Returns:
        The flows between neighbouring k from 2 on, by k, parent and child.
    """
    ks = sorted(k for k in labels if k > 1)
    start = shipped if shipped in ks else min(ks, default=0)
    if not start:
        return ()
    named = {start: np.argsort(order)[labels[start]] if start == shipped else labels[start]}
    for k in range(start + 1, max(ks) + 1):
        if k in labels and k - 1 in named:
            named[k] = _after(named[k - 1], labels[k], k)
    for k in range(start - 1, 1, -1):
        if k in labels and k + 1 in named:
            named[k] = _after(named[k + 1], labels[k], k)
    return tuple(
        flow for k in sorted(named) if k - 1 in named for flow in _between(named[k - 1], named[k], k)
    )


def _after(reference: Ints, labels: Ints, k: int) -> Ints:
    """Labels renumbered after those of a neighbouring solution that they share most customers with."""
    from scipy.optimize import linear_sum_assignment

    most = max(k, int(reference.max()) + 1)
    table = np.bincount(labels * most + reference, minlength=k * most).reshape(k, most)
    own, theirs = linear_sum_assignment(-table)
    places = np.full(k, most + 0.0)
    places[own] = theirs
    middles = (table * np.arange(most)).sum(axis=1) / np.maximum(table.sum(axis=1), 1)
    rank = np.empty(k, dtype=np.int64)
    rank[np.lexsort([middles, places])] = np.arange(k)
    return np.asarray(rank[labels])


def _between(parents: Ints, children: Ints, k: int) -> list[SegmentFlow]:
    table = np.bincount(parents * k + children, minlength=(k - 1) * k).reshape(k - 1, k)
    return [
        SegmentFlow(k=k, parent=int(parent), child=int(child), customers=int(table[parent, child]))
        for parent, child in zip(*np.nonzero(table), strict=True)
    ]
