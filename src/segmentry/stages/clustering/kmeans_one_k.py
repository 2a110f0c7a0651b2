"""K-means as one algorithm among the others: the same search, at one number of segments."""

from dataclasses import dataclass
from typing import ClassVar

from segmentry.records.arrays import Floats, frozen_ints
from segmentry.records.scorers import Centroids, rows
from segmentry.records.solution import Fitted
from segmentry.stages.clustering.kmeans import KMeans, assign
from segmentry.stages.clustering.limits import possible, too_few


@dataclass(frozen=True, slots=True, kw_only=True)
class Lloyd:
    """K-means: every customer belongs to the nearest of k means.

    Attributes:
        starts: Fresh starts for each number of segments up to k.
        splits: Starts from the solution with one segment less.
    """

    starts: int = 20
    splits: int = 10
    name: ClassVar[str] = "kmeans"

    def refusal(self, n: int, p: int, k: int) -> str | None:  # noqa: ARG002 - every algorithm is asked alike
        """Why it is not fitted on n customers; None when it is."""
        return too_few(n, k)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Fitted:
        """Make k segments of n x p points."""
        found = KMeans(starts=self.starts, splits=self.splits)(points, ks=(possible(points, k),), seed=seed)[
            -1
        ]
        labels = assign(points, found.centres)[0]
        return Fitted(
            labels=frozen_ints(labels),
            scorer=Centroids(centres=rows(found.centres)),
            inertia=found.inertia,
        )
