"""The dip is Hartigan and Hartigan's, and its p-value is a chance. Oracle: ``diptest``, a test dependency."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from diptest import dipstat, diptest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from segmentry.records.dip import FEW_LEFT, STRIDE, dip, dip_p
from segmentry.records.dip_quantiles import CHANCES, QUANTILES, SIZES

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False) | st.integers(-5, 5).map(float)


def oracle(values: np.ndarray) -> float:
    """The dip by diptest, which gives 0 for what is all the same only when asked to."""
    return float(dipstat(values, allow_zero=False)) if np.ptp(values) > 0 else 0.0


def by_definition(values: np.ndarray) -> float:
    """The smallest distance, by a linear program for each place of the hump.

    The unknowns are the shares that the one-humped distribution has at the values (at the hump twice: before
    and after its jump) and the distance. Slopes grow up to the hump and fall after it.
    """
    places, counts = np.unique(values, return_counts=True)
    return min(_hump_at(places, counts.cumsum() / len(values), at) for at in range(len(places)))


def _hump_at(places: np.ndarray, above: np.ndarray, at: int) -> float:
    m = len(places)
    below = np.concatenate([[0.0], above[:-1]])
    xs = np.concatenate([places[: at + 1], places[at:]])
    slopes = [(i, i + 1) for i in range(m) if i != at]
    rows, most = [], []

    def at_most(terms: dict[int, float], bound: float) -> None:
        row = np.zeros(m + 2)
        for position, factor in terms.items():
            row[position] += factor
        rows.append(row)
        most.append(bound)

    for i in range(m + 1):
        before = below[i] if i <= at else (above[at] if i == at + 1 else below[i - 1])
        after = before if i == at else (above[i] if i < at else above[i - 1])
        at_most({i: 1, m + 1: -1}, before)
        at_most({i: -1, m + 1: -1}, -after)
    at_most({at: 1, at + 1: -1}, 0)
    for a, b in slopes:
        at_most({a: 1, b: -1}, 0)
    for (a, b), (c, d) in pairwise(slopes):
        if b != c:
            continue
        sign = 1.0 if d <= at else -1.0
        first, second = sign / (xs[b] - xs[a]), sign / (xs[d] - xs[c])
        at_most({b: first + second, a: -first, d: -second}, 0)
    found = linprog(
        [0.0] * (m + 1) + [1.0], A_ub=np.array(rows), b_ub=most, bounds=[(0, 1)] * (m + 1) + [(0, 1)]
    )
    return float(found.fun)


@given(st.lists(NUMBERS, min_size=1, max_size=60))
@example([0.0] * 4 + [2.2250738585072014e-308])
@settings(max_examples=2_000, deadline=None)
def test_the_dip_of_any_values_is_that_of_diptest(values: list[float]) -> None:
    assert dip(np.array(values)) == pytest.approx(oracle(np.array(values)), abs=1e-12)


@given(st.lists(st.integers(0, 6).map(float), min_size=2, max_size=7))
@settings(max_examples=100, deadline=None)
def test_the_dip_of_few_values_is_the_smallest_distance_from_one_hump(values: list[float]) -> None:
    assert dip(np.array(values)) == pytest.approx(by_definition(np.array(values)), abs=1e-7)


@pytest.mark.parametrize("n", [500, 2_000, 20_000])
@pytest.mark.parametrize("shape", ["uniform", "normal", "two humps", "rounded", "Cauchy", "smooth", "jumps"])
def test_the_dip_of_many_values_is_that_of_diptest(n: int, shape: str) -> None:
    """Sizes on both sides of where most points are ruled out first, and shapes whose hulls have many corners."""
    assert n > FEW_LEFT
    assert 500 < STRIDE**2 < 2_000
    rng = np.random.default_rng(n)
    values = {
        "uniform": rng.random(n),
        "normal": rng.normal(size=n),
        "two humps": np.concatenate([rng.normal(size=n // 2), rng.normal(4, 2, size=n // 2)]),
        "rounded": rng.lognormal(size=n).round(1),
        "Cauchy": rng.standard_cauchy(n),
        "smooth": np.sqrt(np.linspace(0, 1, n)),
        "jumps": np.repeat([0.0, 1.0, 5.0, 6.0], n // 4) + 1e-9 * np.arange(n),
    }[shape]
    assert dip(values) == pytest.approx(oracle(values), abs=1e-12)


@given(st.lists(st.integers(-50, 50).map(float), min_size=2, max_size=40), st.randoms(use_true_random=False))
def test_the_dip_stays_when_values_are_mixed_turned_moved_or_stretched(
    values: list[float], mixer: Random
) -> None:
    expected = dip(np.array(values))
    mixer.shuffle(values)
    mixed = np.array(values)
    for changed in (mixed, -mixed, mixed + 64, mixed * 4):
        assert dip(changed) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n", [10, 50, 77, 250, 1_500, 7_000])
@pytest.mark.parametrize("groups", [0.0, 1.6, 2.2, 2.8])
def test_the_p_value_is_that_of_diptest_within_the_error_of_both_simulations(n: int, groups: float) -> None:
    """Both tables are simulated; a chance of p among 100,000 draws errs by sqrt(p (1 - p) / 100,000)."""
    rng = np.random.default_rng(int(n * 10 + groups))
    for _ in range(20):
        values = rng.normal(size=n) + groups * (np.arange(n) % 2)
        ours, theirs = dip_p(values), float(diptest(values)[1])
        assert ours == pytest.approx(theirs, abs=0.02 * np.sqrt(theirs * (1 - theirs)) + 0.02 * theirs + 2e-4)


def test_p_values_of_one_flat_hump_are_spread_evenly() -> None:
    """At a size between two of the table, each share of p-values falls below itself (binomial, 4 sigma)."""
    rng = np.random.default_rng(0)
    found = np.array([dip_p(rng.random(130)) for _ in range(1_500)])
    for level in (0.01, 0.05, 0.1, 0.25, 0.5, 0.75):
        assert abs((found <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 1_500)


def test_values_without_a_shape_are_no_evidence_of_two_humps() -> None:
    for values in ([1.0], [1.0, 2.0], [1.0, 2.0, 4.0], [3.0] * 50):
        assert dip_p(np.array(values)) == 1.0


def test_p_is_never_zero() -> None:
    """Beyond every quantile p is the smallest chance that the simulation can tell."""
    assert dip_p(np.repeat([0.0, 9.0], 500) + 1e-3 * np.arange(1_000)) == CHANCES[-1] > 0


def test_the_table_has_a_quantile_for_each_size_and_chance_and_they_grow() -> None:
    """The least is that of n evenly spaced values, 1 / 2n."""
    table = np.array(QUANTILES)
    assert table.shape == (len(SIZES), len(CHANCES))
    assert (np.diff(table, axis=1) >= 0).all()
    np.testing.assert_allclose(table[0, 0], 1 / (2 * np.sqrt(SIZES[0])), atol=1e-5)
    assert (table[:, 0] >= 1 / (2 * np.sqrt(SIZES)) - 1e-5).all()
