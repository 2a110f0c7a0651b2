"""K-medoids: K-means with customers for centres and plain distances, which far-off customers pull less."""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints, frozen_ints
from segmentry.records.scorers import Centroids, rows
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.clustering.limits import calmly, too_few, too_many_pairs

NEAREST = (3, 5, 10, 20)
"""Customers whose average may stand for a medoid."""

MOST = 10_000
"""Customers up to which it is fitted (METHOD 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KMedoids:
    """K-medoids by FasterPAM (Schubert & Rousseeuw 2021), the package kmedoids'.

    A medoid is a customer, so it is not kept: the average of the customers nearest to it stands for it.
    Their number, three or more, is the one that places most customers as the medoids themselves do.
    That follows the rule of the method, so it also holds for customers who were not there; prototypes
    made from labels would repeat them better and place new customers worse where segments touch.

    Attributes:
        starts: Starts from customers drawn by chance; the lowest sum of distances wins.
    """

    starts: int = 3

    def refusal(self, n: int, p: int, k: int) -> str | None:  # noqa: ARG002 - every algorithm is asked alike
        """Why it is not fitted on n customers; None when it is."""
        if find_spec("kmedoids") is None:
            return "needs the package 'kmedoids': pip install 'segmentry[algorithms]'"
        return too_few(n, k) or too_many_pairs(n, MOST, 4)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:
        """Make k segments of n x p points."""
        import kmedoids
        from sklearn.metrics import pairwise_distances

        with calmly():
            away = pairwise_distances(points.astype(np.float32))
        seeds = np.random.default_rng(seed).integers(2**31 - 1, size=self.starts).tolist()
        tried = [kmedoids.fasterpam(away, k, random_state=one, n_cpu=1) for one in seeds]
        found = min(tried, key=lambda one: one.loss)
        labels = np.asarray(found.labels, dtype=np.int64)
        centres = _blurred(points, away[found.medoids], labels)
        return Clustering(labels=frozen_ints(labels), scorer=Centroids(centres=rows(centres)))


def _blurred(points: Floats, away: NDArray[np.float32], labels: Ints) -> Floats:
    """Averages around the medoids that place most customers as the labels say, the nearest of equals."""
    nearest = np.argsort(away, axis=1, kind="stable")
    tried = [points[nearest[:, :many]].mean(axis=1) for many in NEAREST if many <= len(points)]
    return max(tried, key=lambda centres: float((assign(points, centres)[0] == labels).mean()))
