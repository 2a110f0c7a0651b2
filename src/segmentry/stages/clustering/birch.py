"""BIRCH: customers are summed up in small cells in one pass, and the cells are segmented as by Ward."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from segmentry.records.arrays import Floats, frozen_ints
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.limits import calmly, too_few, too_slow
from segmentry.stages.clustering.prototypes import numbered, prototypes

CELLS, EACH_CELL = 500, 5
"""The most cells, and the fewest customers in one on average."""

LOOKED_AT, STEP = 5_000, 1.25
"""The threshold is found on this many customers, in steps of this factor."""

PACE = 3e-4
"""Measured seconds, roughly, for a customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """BIRCH (Zhang, Ramakrishnan & Livny 1996), scikit-learn's.

    The threshold, the radius of a cell, comes from the data: from the radius at which 500 cells would
    fill a ball as wide as the customers spread, it grows by a quarter until there are at most 500 cells
    and five customers in one on average.

    Attributes:
        cells: Cells at most.
    """

    cells: int = CELLS

    def refusal(self, n: int, p: int, k: int) -> str | None:  # noqa: ARG002 - every algorithm is asked alike
        """Why it is not fitted on n customers; None when it is."""
        return too_few(n, k) or too_slow(n, PACE * n)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:  # noqa: ARG002 - it rolls no dice
        """Make k segments of n x p points."""
        most = max(k, min(self.cells, len(points) // EACH_CELL))
        with calmly():
            threshold = threshold_for(points[:: max(1, len(points) // LOOKED_AT)], most)
            fit = _birch(points, threshold)
            labels = numbered(_global(fit, k)[fit.predict(points)])
        return Clustering(labels=frozen_ints(labels), scorer=prototypes(points, labels))


def threshold_for(points: Floats, most: int) -> float:
    """The first threshold in steps of a quarter that makes at most the asked number of cells of the points."""
    p = points.shape[1]
    threshold = 0.5 * float(np.sqrt(points.var(axis=0).sum())) * float(most ** (-1 / p))
    while len(_birch(points, threshold).subcluster_centers_) > most:
        threshold *= STEP
    return threshold


def _birch(points: Floats, threshold: float) -> Any:  # noqa: ANN401 - a fitted Birch
    from sklearn.cluster import Birch

    return Birch(threshold=max(threshold, np.finfo(float).tiny), n_clusters=None).fit(points)


def _global(fit: Any, k: int) -> Any:  # noqa: ANN401 - the cells' segments, as scikit-learn's Birch makes them
    from sklearn.cluster import AgglomerativeClustering

    centres = fit.subcluster_centers_
    if len(centres) <= k:
        return np.arange(len(centres))
    return AgglomerativeClustering(k).fit(centres).labels_
