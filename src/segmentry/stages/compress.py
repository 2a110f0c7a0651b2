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


def _digest(seed: int, customer: str) -> bytes:
    text = f"{seed}{customer}".encode("utf-8", "surrogatepass")
    return hashlib.md5(text, usedforsecurity=False).digest()
