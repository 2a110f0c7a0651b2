"""The catalog of algorithms: a new one is one file and one line here."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from segmentry.records.arrays import Floats
from segmentry.records.solution import Solution
from segmentry.stages.clustering.kmeans import KMeans


class Clusterer(Protocol):
    """What every algorithm offers: its parameters are fields, the act is a call."""

    def __call__(self, points: Floats, *, ks: Iterable[int], seed: int) -> tuple[Solution, ...]:
        """Solve every k in ascending order on n x p points."""
        ...


CLUSTERERS: Mapping[str, Callable[..., Clusterer]] = MappingProxyType({"kmeans": KMeans})
