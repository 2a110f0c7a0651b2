"""The catalog of algorithms: a new one is one file and one line here."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from segmentry.records.arrays import Floats
from segmentry.records.solution import Fitted, Solution
from segmentry.stages.clustering.birch import Cells
from segmentry.stages.clustering.bisecting import Bisecting
from segmentry.stages.clustering.hdbscan import Hdbscan
from segmentry.stages.clustering.kmeans import KMeans
from segmentry.stages.clustering.kmeans_one_k import Lloyd
from segmentry.stages.clustering.kmedoids import KMedoids
from segmentry.stages.clustering.kprototypes import KPrototypes
from segmentry.stages.clustering.latent_class import LatentClass
from segmentry.stages.clustering.mixture import Mixture
from segmentry.stages.clustering.spectral import Spectral
from segmentry.stages.clustering.ward import Ward


class Clusterer(Protocol):
    """What the sweep over all numbers of segments needs: parameters are fields, the act is a call."""

    def __call__(self, points: Floats, *, ks: Iterable[int], seed: int) -> tuple[Solution, ...]:
        """Solve every k in ascending order on n x p points."""
        ...


class Algorithm(Protocol):
    """What every algorithm offers at one number of segments: parameters are fields, the act is a call."""

    @property
    def name(self) -> str:
        """Its name in the catalog."""
        ...

    def refusal(self, n: int, p: int, k: int) -> str | None:
        """Why it is not fitted on n customers with p features; None when time and memory allow it."""
        ...

    def __call__(self, points: Floats, *, k: int, seed: int) -> Fitted:
        """Make k segments of n x p scaled points without gaps, in canonical order."""
        ...


CLUSTERERS: Mapping[str, Callable[..., Clusterer]] = MappingProxyType({"kmeans": KMeans})

ALGORITHMS: Mapping[str, Callable[..., Algorithm]] = MappingProxyType(
    {
        "kmeans": Lloyd,
        "bisecting": Bisecting,
        "mixture": Mixture,
        "ward": Ward,
        "hdbscan": Hdbscan,
        "kmedoids": KMedoids,
        "birch": Cells,
        "spectral": Spectral,
    }
)
"""Every algorithm by its name, the one that ships first."""

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "kmeans": "K-means",
        "bisecting": "bisecting K-means",
        "mixture": "the Gaussian mixture",
        "ward": "Ward",
        "hdbscan": "HDBSCAN",
        "kmedoids": "K-medoids",
        "birch": "BIRCH",
        "spectral": "spectral clustering",
        "kprototypes": "K-prototypes",
        "latent_class": "the latent class model",
    }
)
"""The algorithms as sentences call them."""

MIXED: Mapping[str, Callable[..., Algorithm]] = MappingProxyType(
    {"kprototypes": KPrototypes, "latent_class": LatentClass}
)
"""Algorithms that must be told which features are two-valued and of which column, as ``groups``."""

LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "kprototypes": "needs a column in words among the features",
        "latent_class": "needs features that are mostly in words or of two values",
    }
)
"""Why an algorithm for columns in words is not judged where there are none."""
