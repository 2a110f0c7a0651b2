"""Bisecting K-means: the loosest segment is cut in two, again and again; a hierarchy at any scale."""

from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats, frozen_ints
from segmentry.records.scorers import Centroids, rows
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.clustering.limits import calmly, possible, too_few, too_slow

PACE = 2e-7
"""Measured seconds, roughly, for a customer, a feature and a segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bisecting:
    """Bisecting K-means (Steinbach, Karypis & Kumar 2000), scikit-learn's.

    New customers go to the nearest of the k centres rather than down the tree of cuts: that is the
    same for nearly all of them and takes no tree.

    Attributes:
        starts: Starts of each cut.
    """

    starts: int = 5

    def refusal(self, n: int, p: int, k: int) -> str | None:
        """Why it is not fitted on n customers; None when it is."""
        return too_few(n, k) or too_slow(n, PACE * n * p * k)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:
        """Make k segments of n x p points."""
        from sklearn.cluster import BisectingKMeans

        with calmly():
            fit = BisectingKMeans(possible(points, k), n_init=self.starts, random_state=seed).fit(points)
        centres = np.asarray(fit.cluster_centers_, dtype=np.float64)
        return Clustering(
            labels=frozen_ints(fit.labels_),
            scorer=Centroids(centres=rows(centres)),
            inertia=float(assign(points, centres)[1].sum()),
        )
