"""Descriptors against segments: tests with scipy as the oracle, and what is not tested."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from segmentry.records.columns import Role
from segmentry.records.reasons import DescribingColumn, DescriptorTest, NotJudged
from segmentry.stages.profiling.descriptors import (
    Grouped,
    by_segment,
    chi_squared,
    describe_segments,
    holm,
    kruskal_wallis,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(5, 200), min_size=3, max_size=3), min_size=2, max_size=5))
def test_chi_squared_and_cramers_v_are_scipys(rows: list[list[int]]) -> None:
    """Oracle: scipy.stats.chi2_contingency without correction, and scipy.stats.contingency.association."""
    table = np.array(rows)
    ours = chi_squared(table)
    theirs = stats.chi2_contingency(table, correction=False)
    if (theirs.expected_freq >= 5).all():
        assert isinstance(ours, DescriptorTest)
        assert ours.statistic == pytest.approx(theirs.statistic)
        assert ours.p == pytest.approx(theirs.pvalue, abs=1e-12)
        assert ours.freedom == theirs.dof
        assert ours.effect == pytest.approx(stats.contingency.association(table, method="cramer"), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), k=st.integers(2, 5), ties=st.booleans())
def test_kruskal_wallis_is_scipys(seed: int, k: int, ties: bool) -> None:  # noqa: FBT001 - drawn
    """Oracle: scipy.stats.kruskal, which corrects for ties too; epsilon squared is H / (n - 1)."""
    rng = np.random.default_rng(seed)
    group = np.r_[np.repeat(np.arange(k), 6), rng.integers(0, k, 80)]
    values = rng.normal(size=len(group)) + 0.3 * group
    values = np.round(values) if ties else values
    ours = kruskal_wallis(values, group, k)
    theirs = stats.kruskal(*(values[group == one] for one in range(k)))
    assert isinstance(ours, DescriptorTest)
    assert ours.statistic == pytest.approx(theirs.statistic)
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-12)
    assert ours.effect == pytest.approx(theirs.statistic / (len(group) - 1))


def test_holms_correction_is_the_textbooks() -> None:
    """Holm 1979: .01 x 4, .02 x 3, .03 x 2, .04 x 1, never falling."""
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([]) == []


def _grouped(n: int = 3_000, k: int = 3, seed: int = 0) -> tuple[Grouped, np.random.Generator]:
    rng = np.random.default_rng(seed)
    segment = rng.integers(0, k, n)
    spend = segment * 10.0 + rng.normal(size=n)
    return Grouped(segment=segment, k=k, features=("spend",), values=spend.reshape(-1, 1)), rng


def _words(
    name: str, codes: np.ndarray, words: tuple[str, ...], role: Role = Role.DESCRIPTOR
) -> DescribingColumn:
    return DescribingColumn(name=name, role=role, values=codes.astype(float), words=words)


def test_a_town_that_goes_with_the_segment_is_different_and_a_coin_is_not() -> None:
    grouped, rng = _grouped()
    n = len(grouped.segment)
    town = np.where(rng.random(n) < 0.5, grouped.segment, rng.integers(0, 3, n))
    found, left = describe_segments(
        [
            _words("town", town, ("Bergen", "Oslo", "Tromsø")),
            _words("coin", rng.integers(0, 2, n), ("heads", "tails")),
            DescribingColumn(
                name="age_of_account", role=Role.DESCRIPTOR, values=grouped.segment + 2 * rng.normal(size=n)
            ),
        ],
        grouped,
    )
    assert [one.test.different for one in found if isinstance(one.test, DescriptorTest)] == [
        True,
        False,
        True,
    ]
    assert left == ()


def test_a_tiny_difference_among_very_many_customers_is_not_called_one() -> None:
    """With a million customers every difference is significant: only its size says whether it matters."""
    rng = np.random.default_rng(0)
    segment = rng.integers(0, 2, 200_000)
    code = (rng.random(200_000) < 0.5 + 0.02 * segment).astype(float)
    one = by_segment(_words("coin", code, ("heads", "tails")), segment, 2)
    grouped = Grouped(segment=segment, k=2, features=(), values=np.empty((200_000, 0)))
    (tested,), _ = describe_segments([_words("coin", code, ("heads", "tails"))], grouped)
    assert isinstance(one.test, DescriptorTest)
    assert isinstance(tested.test, DescriptorTest)
    assert tested.test.p_holm < 1e-6
    assert not tested.test.different


def test_what_says_the_same_as_a_feature_is_left_out() -> None:
    grouped, rng = _grouped()
    spend = grouped.values[:, 0]
    noisy = DescribingColumn(
        name="spend_in_cents", role=Role.DESCRIPTOR, values=100 * spend + rng.normal(size=len(spend))
    )
    bands = _words("spend_band", np.digitize(spend, [5.0, 15.0]), ("low", "mid", "high"))
    found, left = describe_segments([noisy, bands], grouped)
    assert found == ()
    assert [name for name, _ in left] == ["spend_in_cents", "spend_band"]
    assert "spend" in left[0][1]


def test_protected_columns_are_shown_and_never_tested() -> None:
    grouped, _ = _grouped()
    (one,), _ = describe_segments(
        [_words("gender", grouped.segment % 2, ("f", "m"), Role.PROTECTED)], grouped
    )
    assert isinstance(one.test, NotJudged)
    assert sum(map(sum, one.counts)) == len(grouped.segment)
    assert one.shares[1] == (0.0, 1.0)


def test_rare_words_are_put_together_for_the_test_and_shown_as_they_are() -> None:
    """Cochran's rule: expected counts below 5 do not bear the test."""
    segment = np.repeat([0, 1], 100)
    codes = np.r_[np.zeros(95), np.arange(1, 6), np.zeros(40), np.ones(55), np.arange(1, 6)]
    one = by_segment(_words("town", codes, ("a", "b", "c", "d", "e", "f")), segment, 2)
    assert isinstance(one.test, DescriptorTest)
    assert len(one.words) == 6
    assert one.test.freedom < 5


def test_a_column_without_enough_customers_says_so() -> None:
    segment = np.repeat([0, 1], [197, 3])
    few = by_segment(DescribingColumn(name="x", role=Role.DESCRIPTOR, values=np.arange(200.0)), segment, 2)
    assert isinstance(few.test, NotJudged)
    same = by_segment(
        DescribingColumn(name="x", role=Role.DESCRIPTOR, values=np.ones(200)), np.repeat([0, 1], 100), 2
    )
    assert isinstance(same.test, NotJudged)


def test_numbers_are_described_by_their_quartiles() -> None:
    """Oracle: numpy's quantiles of each segment."""
    grouped, rng = _grouped()
    visits = rng.poisson(3, len(grouped.segment)).astype(float)
    one = by_segment(DescribingColumn(name="visits", role=Role.DESCRIPTOR, values=visits), grouped.segment, 3)
    assert one.quartiles[1] == tuple(np.quantile(visits[grouped.segment == 1], [0.25, 0.5, 0.75]))
