"""Spectral clustering: customers who reach each other through neighbours belong together."""

import warnings
from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats, Ints, frozen_ints
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.limits import calmly, too_few, too_many_pairs
from segmentry.stages.clustering.prototypes import numbered, prototypes

MOST = 5_000
"""Customers up to which it is fitted (METHOD 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectral:
    """Normalised spectral clustering (Ng, Jordan & Weiss 2002) on nearest neighbours, scikit-learn's.

    Attributes:
        neighbours: Of each customer, in the graph.
    """

    neighbours: int = 10

    def refusal(self, n: int, p: int, k: int) -> str | None:  # noqa: ARG002 - every algorithm is asked alike
        """Why it is not fitted on n customers; None when it is."""
        return too_few(n, k) or too_many_pairs(n, MOST, 8)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:
        """Make k segments of n x p points."""
        labels = numbered(self._labels(points, k, seed))
        return Clustering(labels=frozen_ints(labels), scorer=prototypes(points, labels))

    def _labels(self, points: Floats, k: int, seed: int) -> Ints:
        from sklearn.cluster import SpectralClustering

        if k == 1:
            return np.zeros(len(points), dtype=np.int64)
        search = SpectralClustering(
            k,
            affinity="nearest_neighbors",
            n_neighbors=min(self.neighbours, len(points) - 1),
            random_state=seed,
        )
        # Groups without a path between them are what it looks for; scikit-learn warns of them.
        with calmly(), warnings.catch_warnings(action="ignore", category=UserWarning):
            return np.asarray(search.fit(points).labels_, dtype=np.int64)
