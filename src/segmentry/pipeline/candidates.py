"""The other numbers of segments that were tried, kept so that they can be looked at without a new run."""

from dataclasses import dataclass

import numpy as np

from segmentry.pipeline.sweep import Swept
from segmentry.records.arrays import Flags, Floats, Ints, frozen
from segmentry.records.candidate import Candidate
from segmentry.records.rounding import rounded
from segmentry.records.solution import Solution
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.profiling import profile
from segmentry.stages.scoring.score import squared_distances


def candidates(swept: Swept, worth: Floats | None, shipped: int) -> tuple[Candidate, ...]:
    """Where everybody would be with each number of segments from 2 on but the shipped one.

    Customers with gaps are placed by what is known of them, as in the run itself (METHOD 1.3).

    Args:
        swept: The features and the solutions.
        worth: n values; None without a measure.
        shipped: The number of segments that the run ships.
    """
    points = swept.ready.recipe(swept.ready.values)
    gaps = np.isnan(points)
    return tuple(
        _candidate(points, gaps, solution, _Order(worth=worth, features=swept.ready.by_content))
        for solution in swept.solutions
        if solution.k not in {1, shipped}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What the segments are put in order by: the customers' worth, then the features in the order of their content."""

    worth: Floats | None
    features: tuple[int, ...]

    def of(self, labels: Ints, centres: Floats) -> list[int]:
        return profile.canonical_order(labels, self.worth, centres[:, self.features])


def _candidate(points: Floats, gaps: Flags, solution: Solution, ordering: _Order) -> Candidate:
    centres = rounded(solution.centres)
    labels = _placed(points, gaps, centres)
    order = ordering.of(labels, centres)
    place = np.empty(len(order) + 1, dtype=np.int8)
    place[order] = np.arange(len(order))
    place[-1] = -1
    moved = place[labels]
    moved.flags.writeable = False
    return Candidate(centres=frozen(centres[order]), labels=moved)


def _placed(points: Floats, gaps: Flags, centres: Floats) -> Ints:
    """The nearest centre over what is known; -1 where nothing is."""
    incomplete = np.flatnonzero(gaps.any(axis=1))
    labels, _ = assign(np.nan_to_num(points) if len(incomplete) else points, centres)
    labels[incomplete] = squared_distances(points[incomplete], centres).argmin(axis=1)
    labels[incomplete[gaps[incomplete].all(axis=1)]] = -1
    return labels
