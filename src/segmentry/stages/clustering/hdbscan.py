"""HDBSCAN: segments are where customers crowd; whoever stands apart is in none."""

from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats, Ints, frozen_ints
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.limits import calmly, too_slow
from segmentry.stages.clustering.prototypes import numbered, prototypes

LEAST, SHARE = 20, 0.02
"""A segment has at least this many customers, and this share of them."""

DENSE = 50
"""Density is taken from this many neighbours at most."""

FEW_FEATURES, PACE, PACE_BEYOND = 10, 2e-8, 8e-8
"""Measured seconds, roughly, for a pair of customers: where trees of few features help, and where they do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hdbscan:
    """HDBSCAN (Campello, Moulavi & Sander 2013), scikit-learn's; it finds its own number of segments.

    Where no part of the customers is denser than its surroundings, everybody is in one segment.

    Attributes:
        least: Customers in a segment at least.
        share: The share of all customers in a segment at least.
        dense: Neighbours that density is taken from.
    """

    least: int = LEAST
    share: float = SHARE
    dense: int = DENSE

    def refusal(self, n: int, p: int, k: int) -> str | None:  # noqa: ARG002 - every algorithm is asked alike
        """Why it is not fitted on n customers; None when it is."""
        if n < 2 * self.least:
            return f"looks for segments of {self.least} customers or more: {n:,} are too few"
        return too_slow(n, (PACE if p <= FEW_FEATURES else PACE_BEYOND) * n * n)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:  # noqa: ARG002 - it chooses k itself
        """Find segments in n x p points."""
        labels = numbered(self._segments(points))
        found = prototypes(points, labels)
        return Clustering(labels=frozen_ints(labels), scorer=found, own_k=found.k)

    def _segments(self, points: Floats) -> Ints:
        """Everybody in one segment where no part is denser than its surroundings."""
        labels = self.labels(points)
        return labels if (labels >= 0).any() else np.zeros(len(points), dtype=np.int64)

    def labels(self, points: Floats) -> Ints:
        """The groups of n x p points, numbered from 0; -1 for those in none."""
        from sklearn.cluster import HDBSCAN

        size = max(self.least, round(self.share * len(points)))
        with calmly():
            search = HDBSCAN(min_cluster_size=size, min_samples=min(size, self.dense), n_jobs=1, copy=True)
            return np.asarray(search.fit(points).labels_, dtype=np.int64)
