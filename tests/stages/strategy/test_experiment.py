"""How many customers it takes to find out, checked by hand and against other formulas."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from segmentry.errors import UsageError
from segmentry.stages.strategy.experiment import Sureness, sample_size, smallest_effect, too_small

RATES = [(0.03, 0.036, 13_911), (0.03, 0.033, 53_208), (0.10, 0.12, 3_839)]
Z = 1.959963984540054 + 0.8416212335729143


@pytest.mark.parametrize(("base", "treated", "expected"), RATES)
def test_the_sample_size_is_the_one_of_the_method_rounded_up(
    base: float, treated: float, expected: int
) -> None:
    """METHOD 8.4; z from a table of the normal distribution."""
    exact = Z**2 * (base * (1 - base) + treated * (1 - treated)) / (treated - base) ** 2
    assert sample_size(base, treated) == expected == math.ceil(exact)


@pytest.mark.parametrize(
    ("base", "treated", "arcsine"),
    [(0.03, 0.036, 13_886.533), (0.03, 0.033, 53_181.790), (0.10, 0.12, 3_834.596)],
)
def test_another_formula_agrees_within_half_a_percent(base: float, treated: float, arcsine: float) -> None:
    """Cohen's h: n = 2 (z / h)^2; the figures are NormalIndPower().solve_power of statsmodels 0.15."""
    h = 2 * math.asin(math.sqrt(treated)) - 2 * math.asin(math.sqrt(base))
    assert 2 * (Z / h) ** 2 == pytest.approx(arcsine, rel=1e-5)
    assert sample_size(base, treated) == pytest.approx(arcsine, rel=0.005)


@pytest.mark.parametrize(
    ("customers", "halves", "tenth"),
    [(333, 8.9, 12.2), (1_000, 4.6, 6.8), (5_000, 1.9, 3.0), (20_000, 0.9, 1.5), (100_000, 0.4, 0.6)],
)
def test_the_smallest_effect_is_the_one_of_the_method(customers: int, halves: float, tenth: float) -> None:
    """METHOD 8.4, at a base of 5 %, for 50/50 and for a tenth as control."""
    found = [smallest_effect(0.05, customers, control=share) for share in (0.5, 0.1)]
    assert [round(100 * one, 1) for one in found if one is not None] == [halves, tenth]


@given(st.floats(0.01, 0.6), st.integers(200, 1_000_000))
def test_the_smallest_effect_takes_just_the_customers_there_are(base: float, customers: int) -> None:
    rise = smallest_effect(base, customers)
    assume(rise is not None)
    assert rise is not None
    assert sample_size(base, base + rise) == pytest.approx(customers / 2, rel=0.001, abs=1.01)


@given(st.floats(0.01, 0.6), st.integers(200, 100_000), st.floats(0.05, 0.95))
def test_more_customers_and_even_arms_see_smaller_effects(base: float, customers: int, control: float) -> None:  # fmt: skip
    def seen(number: int, share: float) -> float:
        found = smallest_effect(base, number, control=share)
        return math.inf if found is None else found

    assert seen(2 * customers, control) <= seen(customers, control)
    assert seen(customers, control) >= 0.8 * seen(customers, 0.5)


def test_a_test_of_the_computed_size_sees_the_effect_four_times_in_five() -> None:
    """2,000 simulated experiments of 10 % against 12 %; the share has a standard error of 0.9 points."""
    rng = np.random.default_rng(0)
    n = sample_size(0.10, 0.12)
    control, treated = rng.binomial(n, 0.10, 2_000) / n, rng.binomial(n, 0.12, 2_000) / n
    error = np.sqrt((control * (1 - control) + treated * (1 - treated)) / n)
    assert np.mean((treated - control) / error > 1.96) == pytest.approx(0.8, abs=0.03)


def test_being_surer_takes_more_customers() -> None:
    """With z for 99 % and 90 %: (2.5758 + 1.2816)^2 / (1.9600 + 0.8416)^2 = 1.8957."""
    assert sample_size(0.1, 0.12, Sureness(alpha=0.01, power=0.9)) / sample_size(0.1, 0.12) == pytest.approx(
        1.8957, abs=0.001
    )


def test_a_segment_is_too_small_when_only_effects_beyond_three_break_evens_are_seen() -> None:
    assert too_small(0.0541, 0.018)
    assert not too_small(0.0539, 0.018)
    assert not too_small(0.5, 0.0), "what costs nothing pays with any effect"
    assert not too_small(0.5, None), "without economics nothing is said of paying"
    assert too_small(None, 0.018)


@pytest.mark.parametrize("base", [0, 1, -0.1, 1.2, math.nan])
def test_a_base_rate_that_is_none_is_refused(base: float) -> None:
    with pytest.raises(UsageError, match="base conversion rate cannot be"):
        sample_size(base, 0.5)
    with pytest.raises(UsageError, match="base conversion rate cannot be"):
        smallest_effect(base, 100)


def test_two_equal_rates_impossible_shares_and_certainties_are_refused() -> None:
    with pytest.raises(UsageError, match="No test can tell"):
        sample_size(0.1, 0.1)
    with pytest.raises(UsageError, match="control group's share"):
        smallest_effect(0.1, 100, control=1.0)
    with pytest.raises(UsageError, match="power of a test"):
        Sureness(power=1.0)


def test_hardly_anybody_learns_nothing() -> None:
    assert smallest_effect(0.05, 0) is None
    assert smallest_effect(0.5, 8) is None
