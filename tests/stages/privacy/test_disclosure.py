"""Nobody is found by subtraction: the oracle is a linear programme over everything that is published."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from segmentry.stages.privacy.disclosure import hidden, one_total, rounded_count, rows_and_columns

LIMIT = 10


def bounds(
    counts: NDArray[np.int64], gone: NDArray[np.bool_], lines: list[NDArray[np.int64]]
) -> list[tuple[float, float]]:
    """What a reader can find out about each hidden cell: the least and the most that it can be.

    Linear programmes over the cells that are not shown, with every total known exactly: more than is
    published, where counts are rounded.
    """
    flat, unknown = counts.ravel(), np.flatnonzero(gone.ravel())
    totals = np.array([np.isin(unknown, line) for line in lines], dtype=float)
    left = [float(flat[line][gone.ravel()[line]].sum()) for line in lines]
    found = []
    for place in range(len(unknown)):
        aim = np.eye(len(unknown))[place]
        low = linprog(aim, A_eq=totals, b_eq=left, bounds=(0, None))
        high = linprog(-aim, A_eq=totals, b_eq=left, bounds=(0, None))
        found.append((low.fun, -high.fun))
    return found


def refuse_leaks(counts: NDArray[np.int64], gone: NDArray[np.bool_], lines: list[NDArray[np.int64]]) -> None:
    flat = gone.ravel()
    assert not ((counts > 0) & (counts < LIMIT) & ~gone).any(), "a small cell is shown"
    for line in lines:
        inside = flat[line]
        rest = inside.sum() < len(line) and not counts.ravel()[line][inside].sum() >= LIMIT
        everything = not ((counts.ravel()[line] > 0) & ~inside).any()
        assert not inside.any() or everything or not rest, (
            "the hidden cells of a line are a small cell together"
        )
    for low, high in bounds(counts, gone, lines):
        assert high - low > 1e-6, "a hidden cell is fixed"


tables = st.tuples(st.integers(2, 6), st.integers(2, 6)).flatmap(
    lambda shape: st.lists(
        st.one_of(st.integers(0, 15), st.integers(0, 200)),
        min_size=shape[0] * shape[1],
        max_size=shape[0] * shape[1],
    ).map(lambda cells: np.array(cells).reshape(shape))
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_no_hidden_cell_of_a_table_follows_from_its_totals(counts: NDArray[np.int64]) -> None:
    lines = list(rows_and_columns(counts.shape))
    gone = hidden(counts, LIMIT, lines)
    if (counts.sum() < LIMIT) or (np.minimum((counts > 0).sum(), 3) < 3):
        return  # too few cells for anything to hide behind: such a table has no total to be told either
    shown = (counts > 0) & ~gone
    if shown.any():
        for low, high in bounds(counts, gone, lines):
            alone = [line for line in lines if (counts.ravel()[line] > 0).sum() == 1]
            assert high - low > 1e-6 or alone, "a hidden cell is fixed"
    assert not ((counts > 0) & (counts < LIMIT) & ~gone).any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=3, max_size=14))
def test_no_hidden_count_follows_from_the_total(values: list[int]) -> None:
    counts = np.array(values)
    lines = list(one_total(len(counts)))
    gone = hidden(counts, LIMIT, lines)
    if (counts > 0).sum() > 1:
        refuse_leaks(counts, gone, lines)


def test_a_cell_that_is_hidden_alone_would_be_found_by_subtraction() -> None:
    counts = np.array([[40, 3], [50, 60], [70, 80]])
    plain = counts < LIMIT
    (low, high), *_ = bounds(counts, plain, list(rows_and_columns(counts.shape)))
    assert low == pytest.approx(3)
    assert high == pytest.approx(3)
    gone = hidden(counts, LIMIT, rows_and_columns(counts.shape))
    assert gone.sum() >= 4
    for low, high in bounds(counts, gone, list(rows_and_columns(counts.shape))):
        assert high - low > 1


def test_a_bridge_between_hidden_cells_is_hidden_too() -> None:
    """Two blocks of four hidden cells, joined by one: every line has two or more, yet the one is fixed."""
    counts = np.full((4, 4), 50)
    counts[:2, :2] = 6
    counts[2:, 2:] = 7
    counts[0, 2] = 5
    lines = list(rows_and_columns(counts.shape))
    plain = counts < LIMIT
    joint = bounds(counts, plain, lines)
    assert min(high - low for low, high in joint) == pytest.approx(0, abs=1e-9)
    gone = hidden(counts, LIMIT, lines)
    assert min(high - low for low, high in bounds(counts, gone, lines)) > 1e-6


@pytest.mark.parametrize(
    ("customers", "said"), [(0, 0), (332, 330), (333, 335), (10, 10), (12, 10), (13, 15)]
)
def test_counts_are_told_to_the_nearest_five(customers: int, said: int) -> None:
    assert rounded_count(customers, LIMIT if customers else 0) == said
