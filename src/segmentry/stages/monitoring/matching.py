"""Which segment of now is which of before: one to one, by the customers that both have (METHOD 7.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.lineage import Fate, Identity

SAME, ALIKE = 0.6, 0.3
"""From here on a segment is the same as before, and from here on it is a changed one (METHOD 7.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How the segments of now follow from those of before.

    Attributes:
        jaccards: k x b: customers in both, as a share of those in either.
        before: For each segment of now the position of the one before; -1 for a new one.
        overlap: For each segment of now the Jaccard of the pair; 0 for a new one.
        customers: How many customers were in a segment both times.
    """

    jaccards: Floats
    before: tuple[int, ...]
    overlap: tuple[float, ...]
    customers: int

    def fate(self, segment: int) -> Fate:
        """What became of a segment of now."""
        if self.before[segment] < 0:
            return Fate.NEW
        return Fate.KEPT if self.overlap[segment] >= SAME else Fate.CHANGED

    @property
    def gone(self) -> tuple[int, ...]:
        """The segments of before that there are no more."""
        return tuple(number for number in range(self.jaccards.shape[1]) if number not in self.before)


def align(now: Ints, before: Ints, *, k: int, b: int) -> Alignment:
    """Align k segments with b earlier ones by the same n customers (Hungarian method, Kuhn 1955).

    Args:
        now: n segments from 0; -1 for none.
        before: n earlier segments from 0; -1 for none.
        k: The number of segments.
        b: The number of earlier segments.

    >>> align(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 2]), k=2, b=3).before
    (1, 0)
    """
    from scipy.optimize import linear_sum_assignment

    both = (now >= 0) & (before >= 0)
    table = np.bincount(now[both] * b + before[both], minlength=k * b).reshape(k, b).astype(np.float64)
    either = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
    jaccards = np.divide(table, either, out=np.zeros_like(table), where=either > 0)
    rows, columns = linear_sum_assignment(jaccards, maximize=True)
    pairs = {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if jaccards[row, column] >= ALIKE
    }
    return Alignment(
        jaccards=jaccards,
        before=tuple(pairs.get(row, -1) for row in range(k)),
        overlap=tuple(float(jaccards[row, pairs[row]]) if row in pairs else 0.0 for row in range(k)),
        customers=int(both.sum()),
    )


def earlier_order(found: Alignment, canonical: Sequence[int]) -> list[int]:
    """The segments in the places that they had before; new ones follow, in canonical order.

    Args:
        found: How they follow from those of before.
        canonical: Their numbers in canonical order.
    """
    carried = [one for one in canonical if found.before[one] >= 0]
    fresh = [one for one in canonical if found.before[one] < 0]
    return sorted(carried, key=lambda one: found.before[one]) + fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A segment of before, as far as it can be carried over.

    Attributes:
        id: Its id.
        name: Its name.
        colour: Its place in the palette.
    """

    id: str
    name: str
    colour: int


def identities(
    found: Alignment, earlier: Sequence[Earlier], *, issued: int, colours: int
) -> tuple[Identity, ...]:
    """The identity of each segment of now: carried over, or the next that was never given.

    Args:
        found: How the segments follow from those of before.
        earlier: The segments of before.
        issued: The highest number that an id has had.
        colours: How many colours there are.
    """
    k = len(found.before)
    kept = {one: earlier[at].colour for one, at in enumerate(found.before) if at >= 0}
    if k <= colours:
        kept = {one: colour for one, colour in kept.items() if colour <= colours}
    free = [number for number in range(1, k + colours + 1) if number not in kept.values()]
    out: list[Identity] = []
    for one, at in enumerate(found.before):
        colour = kept[one] if one in kept else free.pop(0)
        if at < 0:
            issued += 1
            out.append(Identity(id=f"S{issued}", colour=colour, fate=Fate.NEW))
            continue
        out.append(
            Identity(
                id=earlier[at].id,
                colour=colour,
                fate=found.fate(one),
                jaccard=found.overlap[one],
                before=earlier[at].name,
            )
        )
    return tuple(out)
