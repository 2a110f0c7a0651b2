"""The algorithms as they are made: a file is imported only when its algorithm is asked for.

Their names and words are in ``records/algorithms.py``: a new one is one file here and one entry there.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from segmentry.records import algorithms
from segmentry.records.algorithms import Entry, named
from segmentry.records.arrays import Floats
from segmentry.records.solution import Clustering


class Algorithm(Protocol):
    """What every algorithm offers at one number of segments; its parameters are fields."""

    def refusal(self, n: int, p: int, k: int) -> str | None:
        """Why it is not fitted on n customers with p features; None when time and memory allow it."""
        ...

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:
        """Make k segments of n x p scaled points without gaps, in canonical order."""
        ...


def make(name: str, groups: Sequence[tuple[int, ...]] = (), **options: object) -> Algorithm:
    """An algorithm with some of its parameters.

    Args:
        name: Its name in the catalog.
        groups: The two-valued features of each column; told to algorithms for columns in words.
        options: Its other parameters.

    Raises:
        UsageError: when there is no algorithm of that name.
    """
    entry = named(name)
    return _made(entry, **options, groups=groups) if entry.for_words else _made(entry, **options)


def _made(entry: Entry, **options: object) -> Algorithm:
    file, _, made = entry.made_by.partition(".")
    return cast("Algorithm", getattr(import_module(f"{__package__}.{file}"), made)(**options))


def _makers(entries: Mapping[str, Entry]) -> Mapping[str, Callable[..., Algorithm]]:
    return MappingProxyType({name: partial(_made, entry) for name, entry in entries.items()})


ALGORITHMS = _makers(algorithms.ALGORITHMS)
"""What makes each algorithm that divides any customers, by name."""

MIXED = _makers(algorithms.MIXED)
"""What makes each algorithm for columns in words, by name."""
