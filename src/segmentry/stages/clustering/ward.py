"""Ward's method: the two segments that lose least by it become one, again and again; a nested story."""

from dataclasses import dataclass

from segmentry.records.arrays import Floats, frozen_ints
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.limits import calmly, too_few, too_many_pairs
from segmentry.stages.clustering.prototypes import numbered, prototypes

MOST = 10_000
"""Customers up to which it is fitted (METHOD 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """Ward's hierarchical clustering (Ward 1963), scikit-learn's."""

    def refusal(self, n: int, p: int, k: int) -> str | None:  # noqa: ARG002 - every algorithm is asked alike
        """Why it is not fitted on n customers; None when it is."""
        return too_few(n, k) or too_many_pairs(n, MOST, 8)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:  # noqa: ARG002 - it rolls no dice
        """Make k segments of n x p points."""
        from sklearn.cluster import AgglomerativeClustering

        with calmly():
            found = AgglomerativeClustering(k, linkage="ward").fit(points).labels_
        labels = numbered(found)
        return Clustering(labels=frozen_ints(labels), scorer=prototypes(points, labels))
