"""The sample that stands for all customers: the same on every engine and in every row order."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Ints, frozen_ints


def sample(ids: NDArray[np.object_], *, size: int, seed: int) -> Ints:
    """The positions of the customers lowest in the order of md5(seed || id).

    Args:
        ids: n ids as text.
        size: How many to take; all when there are no more.
        seed: The random seed.

    Returns:
        Ascending positions.

    >>> sample(np.array(["a", "b", "c"], dtype=object), size=2, seed=0)
    array([1, 2])
    """
    if len(ids) <= size:
        return frozen_ints(np.arange(len(ids)))
    digests = np.array([_digest(seed, one) for one in ids], dtype="S16")
    return frozen_ints(np.sort(np.argsort(digests, kind="stable")[:size]))


def stratified(labels: Ints, *, size: int, seed: int) -> Ints:
    """A sample in which every segment has its share, to the nearest customer.

    Args:
        labels: n labels from 0.
        size: How many to take; all when there are no more.
        seed: The random seed.

    Returns:
        Ascending positions.

    >>> len(stratified(np.array([0, 0, 0, 0, 1, 1]), size=3, seed=0))
    3
    """
    n = len(labels)
    if n <= size:
        return frozen_ints(np.arange(n))
    exact = np.bincount(labels) * size / n
    quota = np.floor(exact).astype(np.int64)
    short = np.argsort(quota - exact, kind="stable")[: size - quota.sum()]
    quota[short] += 1
    order = np.random.default_rng(seed).permutation(n)
    ranked = order[np.argsort(labels[order], kind="stable")]
    starts = np.concatenate([[0], np.cumsum(np.bincount(labels))])
    taken = [ranked[start : start + many] for start, many in zip(starts[:-1], quota, strict=True)]
    return frozen_ints(np.sort(np.concatenate(taken)))


def _digest(seed: int, customer: str) -> bytes:
    text = f"{seed}{customer}".encode("utf-8", "surrogatepass")
    return hashlib.md5(text, usedforsecurity=False).digest()
