"""Outcomes by segment: who it happened to, how sure that is, and how much of it fell on whom."""

import numpy as np
import pytest
from scipy.stats import binomtest

from segmentry.records.columns import Role
from segmentry.records.rates import wilson
from segmentry.records.reasons import DescribingColumn
from segmentry.stages.profiling.descriptors import by_segment
from segmentry.stages.profiling.outcomes import outcomes

SEGMENT = np.array([0] * 40 + [1] * 60 + [-1] * 5)


def described(values: np.ndarray, words: tuple[str, ...], role: Role = Role.OUTCOME, name: str = "churn"):  # noqa: ANN201
    column = DescribingColumn(name=name, role=role, values=values, words=words)
    return by_segment(column, SEGMENT, 2)


@pytest.mark.parametrize(("events", "customers"), [(0, 10), (3, 7), (56, 70), (999, 1000), (5, 5)])
def test_the_interval_of_a_rate_is_scipys(events: int, customers: int) -> None:
    low, high = binomtest(events, customers).proportion_ci(0.95, method="wilson")
    assert wilson(events, customers) == pytest.approx((low, high), abs=1e-12)


def test_rates_and_shares_of_all_cases_are_counted_by_hand() -> None:
    """Hand-computed: 10 of 40 and 30 of 60 left; those without a value or a segment count nowhere."""
    values = np.array([1.0] * 10 + [0.0] * 30 + [1.0] * 30 + [0.0] * 30 + [1.0] * 5)
    (found,) = outcomes([described(values, ("no", "yes"))])
    assert [(seen.events, seen.customers) for seen in found.segments] == [(10, 40), (30, 60)]
    assert found.rate == pytest.approx(0.4)
    assert [seen.of_all for seen in found.segments] == [0.25, 0.75]
    assert found.highest == 1


def test_without_a_yes_the_rarer_word_is_what_happened() -> None:
    values = np.array([1.0] * 20 + [0.0] * 85)
    (found,) = outcomes([described(values, ("Existing Customer", "Attrited Customer"))])
    assert found.event == "Attrited Customer"
    assert found.rate == pytest.approx(0.2)


def test_columns_that_describe_or_have_many_values_are_no_event() -> None:
    flag, many = np.tile([0.0, 1.0, 0.0], 35), np.tile([0.0, 1.0, 2.0], 35)
    assert outcomes([described(flag, ("no", "yes"), Role.DESCRIPTOR)]) == ()
    assert outcomes([described(many, ("a", "b", "c"))]) == ()


def test_a_segment_of_whom_nobody_has_a_value_has_no_rate() -> None:
    values = np.where(SEGMENT == 0, np.nan, np.tile([0.0, 1.0, 1.0], 35))
    (found,) = outcomes([described(values, ("no", "yes"))])
    assert found.segments[0].customers == 0
    assert np.isnan(found.segments[0].rate)
    assert (found.segments[0].low, found.segments[0].high) == (0.0, 1.0)
    assert found.highest == 1
