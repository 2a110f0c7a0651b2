"""From labels to a scorer: averages of customers, dense where segments meet, never customers' rows.

Labels of Ward, HDBSCAN, spectral clustering and the like follow from customers, not from centres. To
place new customers in the same way, each segment begins as its mean; the cells whose customers would
be placed wrongly are split, again and again, until all labels come back or the budget is used up.
Borders that are simple stay cheap: three round segments need three prototypes. Where that leaves
somebody wrong, it is tried again from a hundred cells of about one size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from segmentry.records.arrays import Flags, Floats, Ints
from segmentry.records.scorers import MOST_PROTOTYPES, Prototypes, row, rows
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.clustering.limits import EACH, calmly

AT_ONCE = 1 / 5
"""The share of cells that are split between two looks at everybody; one at least."""

PASSES = 3
"""Lloyd passes that settle a split."""

OUTER = 2.0
"""Where no noise is near, a prototype reaches this many times as far as its farthest customer."""


def numbered(labels: Ints) -> Ints:
    """Labels with the groups of three or more first, in the order of their numbers; noise stays -1.

    >>> numbered(np.array([0, 1, 1, 1, -1])).tolist()
    [1, 0, 0, 0, -1]
    """
    sizes = np.bincount(labels[labels >= 0])
    groups = np.flatnonzero(sizes)
    order = [*groups[sizes[groups] >= EACH], *groups[sizes[groups] < EACH]]
    numbers = np.full(len(sizes), -1)
    numbers[order] = np.arange(len(order))
    return np.asarray(np.where(labels >= 0, numbers[np.maximum(labels, 0)], -1), dtype=np.int64)


def prototypes(points: Floats, labels: Ints) -> Prototypes:
    """A scorer that places n customers as their labels say, as nearly as at most 200 averages can.

    Args:
        points: n x p scaled features without missing values, in canonical order.
        labels: n labels as `numbered` gives them, at least three customers in the first group.

    Returns:
        Prototypes of the groups of three customers or more; each averages at least three.
    """
    k = int((np.bincount(labels[labels >= 0]) >= EACH).sum())
    coarse = _Cells.of(points, labels, k)
    with calmly():
        best, wrong = _refined(coarse)
        if wrong:
            other, fewer = _refined(coarse.fine())
            best = other if fewer < wrong else best
        return best.scorer()


def _refined(state: "_Cells | None") -> tuple["_Cells", int]:
    """The cells that place most customers as their labels say, and how many they place otherwise."""
    best: tuple[_Cells, int] | None = None
    while state is not None:
        wrong = state.wrong()
        if best is None or wrong.total < best[1]:
            best = state, wrong.total
        state = state.split(wrong)
    if best is None:
        raise ValueError("There are no cells to refine.")
    return best


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrong:
    """Who would be placed wrongly.

    Attributes:
        members: Flags of the members.
        by_cell: How many each cell is blamed for, with the noise that it takes in: a member's own cell,
            or the one that draws it away when its own cannot be split.
        total: How many there are.
    """

    members: Flags
    by_cell: Ints
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """The customers of the segments in cells, and the noise around them.

    Attributes:
        members, noise: Points of the customers in segments, and of the others.
        labels: The members' segments.
        cell: The members' cells.
        centres: The cells' means.
        owners: The cells' segments.
        whole: Cells that cannot be split.
    """

    members: Floats
    noise: Floats
    labels: Ints
    cell: Ints
    centres: Floats
    owners: Ints
    whole: frozenset[int]

    @classmethod
    def of(cls, points: Floats, labels: Ints, k: int) -> "_Cells":
        """One cell a segment."""
        inside = (labels >= 0) & (labels < k)
        members, own = points[inside], labels[inside]
        return cls(
            members=members,
            noise=points[labels < 0],
            labels=own,
            cell=own.copy(),
            centres=np.stack([members[own == number].mean(axis=0) for number in range(k)]),
            owners=np.arange(k),
            whole=frozenset(),
        )

    def reach(self) -> Floats:
        """How far each prototype reaches: where fewest members are out and noise is in."""
        cell, away = _nearest(self.members, self.centres)
        near, far = _nearest(self.noise, self.centres)
        cells = range(len(self.centres))
        return np.array([_border(away[cell == one], far[near == one]) for one in cells])

    def wrong(self) -> _Wrong:
        """Who would be placed otherwise than the labels say."""
        cell, away = _nearest(self.members, self.centres)
        members = self.owners[cell] != self.labels
        by_cell = np.zeros(len(self.centres), dtype=np.int64)
        taken = 0
        if len(self.noise):
            reach = self.reach()
            members |= away > reach[cell]
            near, far = _nearest(self.noise, self.centres)
            inside = near[far <= reach[near]]
            taken = len(inside)
            by_cell += np.bincount(inside, minlength=len(by_cell))
        stuck = np.isin(self.cell, list(self.whole))
        blamed = np.where(stuck, cell, self.cell)[members]
        by_cell += np.bincount(blamed, minlength=len(by_cell))
        return _Wrong(members=members, by_cell=by_cell, total=int(members.sum()) + taken)

    def fine(self) -> "_Cells":
        """With the largest cells cut in two until half of the budget is used up."""
        state, nobody = self, np.zeros(len(self.members), dtype=bool)
        while len(state.centres) < MOST_PROTOTYPES // 2:
            sizes = np.bincount(state.cell, minlength=len(state.centres))
            sizes[list(state.whole)] = 0
            cut = state.cut(np.where(sizes >= 2 * EACH, sizes, 0), nobody)
            if cut is None:
                break
            state = cut
        return replace(state, whole=frozenset())

    def split(self, wrong: _Wrong) -> "_Cells | None":
        """With the cells of most errors cut in two; None when nothing is left to cut."""
        errors = wrong.by_cell.copy()
        errors[list(self.whole)] = 0
        return self.cut(errors, wrong.members)

    def cut(self, urgency: Ints, apart: Flags) -> "_Cells | None":
        """With the most urgent cells cut in two, some members from the others; None when none is urgent."""
        cells = len(self.centres)
        room = min(max(1, round(AT_ONCE * cells)), MOST_PROTOTYPES - cells)
        first = [one for one in np.argsort(-urgency, kind="stable")[:room].tolist() if urgency[one]]
        if not first:
            return None
        cell, owners, whole = self.cell.copy(), self.owners.tolist(), set(self.whole)
        for one in first:
            inside = np.flatnonzero(self.cell == one)
            half = _halves(self.members[inside], apart[inside])
            if half is None:
                whole.add(one)
                continue
            cell[inside[half]] = len(owners)
            owners.append(owners[one])
        return replace(
            self,
            cell=cell,
            centres=_means(self.members, cell, len(owners)),
            owners=np.array(owners),
            whole=frozenset(whole),
        )

    def scorer(self) -> Prototypes:
        """The cells' means as a scorer."""
        return Prototypes(
            points=rows(self.centres),
            segments=tuple(self.owners.tolist()),
            reach=row(self.reach()) if len(self.noise) else None,
        )


def _means(points: Floats, cell: Ints, count: int) -> Floats:
    sizes = np.bincount(cell, minlength=count)
    sums = [np.bincount(cell, weights=column, minlength=count) for column in points.T]
    return np.stack(sums, axis=1) / sizes[:, None]


def _nearest(points: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """The nearest centre of each point, and how far it is."""
    nearest, squared = assign(points, centres)
    return nearest, np.sqrt(squared)


def _border(members: Floats, noise: Floats) -> float:
    """The distance that leaves fewest members out and noise in; the widest of equals.

    >>> _border(np.array([1.0, 2.0]), np.array([4.0]))
    3.0
    """
    if not len(noise):
        return OUTER * float(members.max(initial=0.0))
    away = np.concatenate([members, noise])
    order = np.argsort(away, kind="stable")
    gains = np.where(order < len(members), 1, -1)
    kept = np.concatenate([[0], np.cumsum(gains)])
    last = int(len(kept) - 1 - np.argmax(kept[::-1]))
    away = away[order]
    if last == 0:
        return 0.0
    return float(away[last - 1] + away[last]) / 2 if last < len(away) else float(away[-1])


def _halves(points: Floats, wrong: Flags) -> Flags | None:
    """Which of a cell's customers go to its second half; None when no cut leaves three on each side."""
    if len(points) < 2 * EACH:
        return None
    for first in _cuts(points, wrong):
        half = first
        for _ in range(PASSES):
            if not EACH <= half.sum() <= len(points) - EACH:
                break
            one, other = points[~half].mean(axis=0), points[half].mean(axis=0)
            half = ((points - other) ** 2).sum(axis=1) < ((points - one) ** 2).sum(axis=1)
        if EACH <= half.sum() <= len(points) - EACH:
            return half
    return None


def _cuts(points: Floats, wrong: Flags) -> Iterator[Flags]:
    """First cuts to try: the misplaced from the others, then across the longest extent."""
    yield wrong
    centred = points - points.mean(axis=0)
    axis = np.linalg.eigh(centred.T @ centred)[1][:, -1]
    yield centred @ axis > 0
