"""What may be told of few customers: nothing, and nothing from which it follows (METHOD 11).

Cells under the limit are hidden, and others with them until no hidden cell can be found by subtraction:
along every total that is known the hidden cells are none, or two and more that add up to the limit at least,
and no hidden cell is fixed by all totals together (Cox 1980, on complementary suppression; here by linear
algebra: a cell is fixed when it does not move anywhere in the null space of the totals).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints

Mask = NDArray[np.bool_]
Lines = Sequence[NDArray[np.int64]]
"""For each known total, the positions of the cells that add up to it."""

ROUND_TO = 5
"""Shared counts are rounded to multiples of this, so that differences tell of nobody."""

STILL = 1e-9
"""Singular values below this are rounding."""


def rounded_count(customers: int, limit: int = 0) -> int:
    """A count to the nearest five; a published one is never rounded under the limit.

    >>> rounded_count(332), rounded_count(333), rounded_count(11, limit=11)
    (330, 335, 15)
    """
    near = ROUND_TO * round(customers / ROUND_TO)
    return near if near >= limit else ROUND_TO * -(-limit // ROUND_TO)


def rows_and_columns(shape: tuple[int, int]) -> Lines:
    """The known totals of a table of which every row's and every column's total is known."""
    cells = np.arange(shape[0] * shape[1]).reshape(shape)
    return [*cells, *cells.T]


def one_total(cells: int) -> Lines:
    """The one known total of a list of counts."""
    return [np.arange(cells)]


def hidden(counts: Ints, limit: int, lines: Lines, *, unseen: Mask | None = None) -> Mask:
    """Which cells are hidden.

    Args:
        counts: Any array of counts; ``lines`` index its cells in order.
        limit: The smallest count that is told.
        lines: The totals that are known.
        unseen: Cells that are not published anyway, whatever they are.

    Returns:
        A mask of the same shape. Empty cells are not hidden: they tell of nobody.

    >>> hidden(np.array([3, 40, 15, 60]), 10, one_total(4))
    array([ True, False,  True, False])
    """
    flat = np.asarray(counts, dtype=np.int64).ravel()
    there = flat > 0
    gone = there & (flat < limit)
    if unseen is not None:
        gone |= there & unseen.ravel()
    while (weak := next(_weak(flat, gone, limit, lines), None)) is not None:
        gone[weak] = True
    return gone.reshape(np.shape(counts))


def _weak(flat: Ints, gone: Mask, limit: int, lines: Lines) -> Iterator[int]:
    """Cells to hide next: along a line that gives something away the smallest one that is still shown."""
    for line in lines:
        inside = gone[line]
        if inside.any() and (inside.sum() < 2 or flat[line][inside].sum() < limit):  # noqa: PLR2004 - one is found by subtraction
            yield from _smallest_shown(flat, gone, line)
    for cell in _fixed(gone, lines):
        for line in lines:
            if cell in line:
                yield from _smallest_shown(flat, gone, line)


def _smallest_shown(flat: Ints, gone: Mask, line: NDArray[np.int64]) -> Iterator[int]:
    shown = line[(flat[line] > 0) & ~gone[line]]
    if len(shown):
        yield int(shown[np.argmin(flat[shown])])


def _fixed(gone: Mask, lines: Lines) -> list[int]:
    """Hidden cells whose value follows from the totals and the cells that are shown."""
    cells = np.flatnonzero(gone)
    if not len(cells):
        return []
    totals = np.array([np.isin(cells, line) for line in lines], dtype=float)
    _, sizes, rows = np.linalg.svd(totals)
    free = rows[int((sizes > STILL).sum()) :]
    return [int(cell) for cell, moves in zip(cells, np.abs(free).sum(axis=0), strict=True) if moves <= STILL]


def between(values: Floats, low: float = 0.05, high: float = 0.95) -> Floats:
    """Values with those beyond the 5th and the 95th percentile brought to them: nobody is the largest.

    >>> between(np.arange(101.0)).max().item()
    95.0
    """
    ends = np.nanquantile(values, (low, high))
    return np.clip(values, *ends)
