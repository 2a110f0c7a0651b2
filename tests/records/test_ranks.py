"""Ranks and the rank-sum test against SciPy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, rankdata

from segmentry.records.ranks import rank_sum_p, ranked


def values(seed: int, n: int, levels: int) -> np.ndarray:
    """Numbers with ties, the more the fewer levels."""
    return np.random.default_rng(seed).integers(levels, size=n) / 4


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 999), n=st.integers(1, 80), levels=st.sampled_from([2, 9, 10_000]))
def test_ranks_are_those_of_scipy(seed: int, n: int, levels: int) -> None:
    """scipy.stats.rankdata as the oracle, gaps left out and given back as gaps."""
    found = values(seed, n, levels)
    found[:: 7 if n > 3 else n + 1] = np.nan
    np.testing.assert_array_equal(ranked(found), rankdata(found, nan_policy="omit"))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 999), m=st.integers(5, 60), levels=st.sampled_from([2, 9, 10_000]))
def test_the_rank_sum_test_is_that_of_scipy(seed: int, m: int, levels: int) -> None:
    """scipy.stats.mannwhitneyu with the normal approximation as the oracle."""
    one, other = values(seed, m, levels) + seed % 3, values(seed + 1, 90 - m, levels)
    expected = mannwhitneyu(one, other, method="asymptotic").pvalue
    assert rank_sum_p(one, other) == pytest.approx(expected, rel=1e-9)


def test_groups_that_are_all_alike_do_not_differ() -> None:
    assert rank_sum_p(np.ones(9), np.ones(7)) == 1.0
