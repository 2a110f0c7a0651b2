"""The auditor's rules, case by case, and the ledger that must balance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.errors import DataError, SegmentryError
from segmentry.records.audit import Action, Ledger, LedgerLine, Readiness, RowCount
from segmentry.records.columns import Column, Format, Kind, Role
from segmentry.records.exploration import ColumnQuality
from segmentry.stages.cleaning import audit, clean, readiness

N = 200
IDS = np.array([f"C{row}" for row in range(N)], dtype=object)


def seen(role: Role = Role.SEGMENTATION, top_share: float = 0.1, **numbers: np.ndarray) -> audit.Inspected:  # type: ignore[type-arg]
    columns = tuple(
        Column(name=name, feature=name, format=Format(kind=Kind.NUMBER), role=role, reason="Behaviour")
        for name in numbers
    )
    quality = {
        name: ColumnQuality(
            name=name, role=str(role), kind="number", missing=0, distinct=50, top_share=top_share
        )
        for name in numbers
    }
    return audit.Inspected(columns=columns, quality=quality, numbers=numbers, labels=IDS)


def rules(found: tuple[audit.Finding, ...]) -> list[str]:
    return [one.rule for one in found]


def test_a_round_value_far_from_all_others_may_stand_for_missing() -> None:
    values = np.append(np.linspace(1, 9, N - 10), np.full(10, 999.0))
    finding = next(one for one in audit.inspect(seen(visits=values)) if one.rule == "C2")
    assert finding.rows == 10
    assert 'sentinels = {"visits" = [999]}' in finding.sentence


def test_a_round_value_among_others_is_just_a_value() -> None:
    assert "C2" not in rules(audit.inspect(seen(visits=np.linspace(0, 2000, N))))


def test_impossible_values_are_found_where_limits_are_known() -> None:
    values = np.append(np.arange(N - 2.0), [-1.0, -4.0])
    looked = audit.Inspected(**{**vars_of(seen(orders=values)), "limits": {"orders": (0.0, None)}})
    finding = next(one for one in audit.inspect(looked) if one.rule == "C3")
    assert (finding.rows, finding.action) == (2, Action.CHANGED)
    assert finding.examples == ("C198: -1", "C199: -4")


def vars_of(one: audit.Inspected) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


def test_columns_that_contradict_each_other_are_reported_and_kept() -> None:
    looked = seen(
        orders=np.append(np.zeros(1), np.full(N - 1, 5.0)),
        discounts=np.append(np.full(3, 9.0), np.ones(N - 3)),
    )
    looked = audit.Inspected(
        **{**vars_of(looked), "traits": {"orders": "frequency", "discounts": "discount"}}
    )
    finding = next(one for one in audit.inspect(looked) if one.rule == "C3b")
    assert (finding.rows, finding.action, finding.examples) == (3, Action.KEPT, ("C0", "C1", "C2"))


def test_one_value_far_beyond_everybody_else_is_an_outlier() -> None:
    """Modified z of log1p above 6, or above five times the 99.5 % point (METHOD C7)."""
    values = np.append(np.random.default_rng(0).lognormal(10, 0.4, N - 1), 5e6)
    assert np.flatnonzero(audit.far_out(values)).tolist() == [N - 1]


def test_births_that_nobody_has_are_found() -> None:
    looked = seen(born=np.append(np.full(N - 2, 1980.0), [1893.0, 2012.0]), role=Role.PROTECTED)
    looked = audit.Inspected(**{**vars_of(looked), "births": {"born": 2014}})
    finding = next(one for one in audit.inspect(looked) if one.rule == "C8")
    assert finding.rows == 2


@pytest.mark.parametrize(("share", "rule"), [(0.96, "C4"), (0.5, None)])
def test_a_column_that_says_the_same_of_nearly_everybody_is_warned_about(
    share: float, rule: str | None
) -> None:
    found = rules(audit.inspect(seen(flag=np.arange(float(N)), top_share=share)))
    assert ("C4" in found) == (rule == "C4")


@pytest.mark.parametrize(
    ("rows", "features", "light", "expected"),
    [
        (999, 5, "green", Readiness.READY),
        (350, 5, "amber", Readiness.READY),
        (200, 2, "green", Readiness.READY),
        (250, 5, "red", Readiness.NOT_READY),
        (80, 1, "amber", Readiness.NOT_READY),
    ],
)
def test_the_light_and_the_verdict_follow_the_sample_size(
    rows: int, features: int, light: str, expected: Readiness
) -> None:
    """Green from 100 per feature, amber from 60; not ready under 100 or under 10 p k_max (METHOD 1.0)."""
    ledger = clean.ledger(
        RowCount(rows=rows, value=0.0),
        RowCount(rows=0, value=0.0),
        {"complete": RowCount(rows=rows, value=0.0)},
    )
    found = readiness.conclude((), ledger, features=features, has_id=True, max_segments=6)
    assert (found.light, found.readiness) == (light, expected)


def test_much_value_set_aside_is_not_ready() -> None:
    ledger = clean.ledger(
        RowCount(rows=1000, value=100.0),
        RowCount(rows=10, value=30.0),
        {"complete": RowCount(rows=990, value=70.0)},
    )
    found = readiness.conclude((), ledger, features=2, has_id=True, max_segments=6)
    assert found.readiness is Readiness.NOT_READY
    assert "30% of the value" in found.reasons[0]


@given(rows=st.lists(st.integers(0, 1000), min_size=1, max_size=5), off=st.integers(1, 50))
def test_a_ledger_that_does_not_balance_is_refused(rows: list[int], off: int) -> None:
    lines = tuple(
        LedgerLine(rule="used", action=Action.KEPT, rows=one, value=0.0, sentence="") for one in rows
    )
    assert Ledger(rows_in=sum(rows), value_in=0.0, lines=lines)
    with pytest.raises(SegmentryError, match="does not balance"):
        Ledger(rows_in=sum(rows) + off, value_in=0.0, lines=lines)
    with pytest.raises(SegmentryError, match="does not balance"):
        Ledger(rows_in=sum(rows), value_in=0.01, lines=lines)


def test_limits_need_a_name_and_nearly_all_values() -> None:
    counts = np.append(np.ones(99), -1.0)
    assert clean.limits(counts, counts=False, share=False) == (None, None)
    assert clean.limits(-counts, counts=True, share=False) == (None, None)
    assert clean.limits(np.linspace(0, 1, 50), counts=False, share=True) == (0.0, 1.0)


def test_the_day_after_the_newest_date_by_hand() -> None:
    """1970-01-11 is day 10; nothing depends on today."""
    assert clean.newest_day([np.array([0.0, 10.0, np.nan])]) == "1970-01-12"
    assert clean.newest_day([np.array([np.nan])]) is None
    assert clean.days_before("1970-01-12", np.array([10.0, 0.0])).tolist() == [1.0, 11.0]


def test_worth_is_a_product_or_a_sum_and_unknown_where_nothing_is() -> None:
    two = [np.array([2.0, np.nan, np.nan]), np.array([3.0, 4.0, np.nan])]
    assert clean.worth(two, product=False)[:2].tolist() == [5.0, 4.0]
    assert clean.worth(two, product=True)[0] == 6.0
    assert np.isnan(clean.worth(two, product=False)[2])


def test_ids_with_conflicting_rows_are_named() -> None:
    with pytest.raises(DataError, match=r"'C1'.*updated_at"):
        clean.refuse_conflicts("id", IDS, np.array([1]))
