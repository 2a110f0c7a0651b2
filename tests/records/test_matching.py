"""Pairs with the largest sum: against SciPy's solver, on shapes and ties as names have them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from segmentry.records.matching import best_pairs

SHAPES = st.tuples(st.integers(1, 12), st.integers(1, 60))
FEW_VALUES = st.integers(-3, 3).map(float)
"""So few that many pairings are equally good."""


@given(SHAPES.flatmap(lambda shape: arrays(np.float64, shape, elements=FEW_VALUES)))
def test_as_many_pairs_as_can_be_with_the_largest_sum(scores: np.ndarray) -> None:
    rows, columns = best_pairs(scores)
    theirs = scores[linear_sum_assignment(scores, maximize=True)].sum()
    assert len(rows) == min(scores.shape)
    assert len(set(rows.tolist())) == len(set(columns.tolist())) == len(rows)
    assert rows.tolist() == sorted(rows.tolist())
    assert scores[rows, columns].sum() == pytest.approx(theirs)


@pytest.mark.parametrize("shape", [(3, 40), (12, 12), (12, 5), (1, 1)])
def test_where_one_pairing_is_best_it_is_the_one_that_scipy_finds(shape: tuple[int, int]) -> None:
    for seed in range(30):
        scores = np.random.default_rng(seed).normal(size=shape)
        own, other = best_pairs(scores), linear_sum_assignment(scores, maximize=True)
        assert own[0].tolist() == other[0].tolist()
        assert own[1].tolist() == other[1].tolist()
