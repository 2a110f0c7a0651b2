"""What an experiment measured, copies of an outcome, scores and stand-ins make no segments."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import segmentry as sg
from segmentry.records.audit import Finding
from segmentry.records.columns import Role
from segmentry.records.run import Survey

RNG = np.random.default_rng(11)
N = 240
BEFORE = {"customer_id": np.arange(N), "orders": RNG.poisson(6, N), "history": RNG.gamma(2, 90, N).round(2)}
YES = (RNG.random(N) < 0.3).astype(int)


def survey(**columns: Any) -> Survey:
    return sg.explore(
        pa.table({name: pa.array(values) for name, values in {**BEFORE, **columns}.items()})
    ).survey


def roles(found: Survey) -> dict[str, Role]:
    return {column.name: column.role for column in found.columns}


def said(found: Survey, rule: str) -> list[Finding]:
    return [finding for finding in found.audit.findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("arm", "after"),
    [
        (
            {"arm": RNG.choice(["shoes e-mail", "none"], N)},
            {"visited_after": YES, "spend_after": YES * BEFORE["history"]},
        ),
        (
            {"segment": RNG.choice(["Mens", "Womens", "No E-Mail"], N)},
            {"visit": YES, "conversion": YES, "spend": YES * 30.5},
        ),
        ({"treatment": RNG.integers(0, 2, N)}, {"clicked": YES, "revenue": YES * 12.5}),
        ({"test_group": RNG.choice(["A", "B"], N)}, {"Umsatz nach Aktion": YES * 7.5}),
    ],
)
def test_what_was_measured_after_an_experiment_is_an_outcome(
    arm: dict[str, Any], after: dict[str, Any]
) -> None:
    found = survey(**arm, **after)
    assert {roles(found)[name] for name in after} == {Role.OUTCOME}
    assert roles(found)["history"] is Role.SEGMENTATION
    assert all("--features" in column.reason for column in found.columns if column.name in after)
    assert found.value is None or not set(after) & set(found.value.columns)


def test_without_a_group_the_same_names_are_behaviour() -> None:
    found = roles(survey(visit=YES, spend_after_discount=BEFORE["history"] * 0.9 + RNG.normal(0, 60, N)))
    assert found["visit"] is found["spend_after_discount"] is Role.SEGMENTATION


def test_a_copy_of_an_outcome_is_one_too() -> None:
    copy = np.where(np.arange(N) < 3, 1 - YES, YES)
    found = survey(churned=YES, complained=copy, visits=RNG.poisson(4, N))
    assert roles(found)["complained"] is Role.OUTCOME
    assert roles(found)["visits"] is Role.SEGMENTATION
    assert next(column.reason for column in found.columns if column.name == "complained").startswith(
        "Says nearly the same as the outcome 'churned'"
    )


@pytest.mark.parametrize("score", [5, 10, 100])
def test_of_a_measure_and_its_score_the_measure_stays(score: int) -> None:
    spend = RNG.gamma(2, 90, N)
    rank = np.ceil(score * (spend.argsort().argsort() + 1) / N).astype(int)
    found = roles(survey(M=rank, total_spend=spend))
    assert (found["M"], found["total_spend"]) == (Role.EXCLUDED, Role.SEGMENTATION)


def test_the_only_negative_value_stands_for_never() -> None:
    """Hand-counted: every fourth and every second of 240 customers."""
    some = np.where(np.arange(N) % 4 == 0, -1, RNG.integers(1, 300, N))
    most = np.where(np.arange(N) % 2 == 0, -999, RNG.integers(1, 300, N))
    found = survey(days_passed=some, days_since_call=most)
    assert roles(found)["days_passed"] is Role.SEGMENTATION
    assert roles(found)["days_since_call"] is Role.DESCRIPTOR
    assert sorted(finding.rows for finding in said(found, "C2")) == [60, 120]
    assert np.isnan(found.customers.matrix(("days_passed",))).sum() == 60


def test_a_negative_value_that_is_one_can_be_kept() -> None:
    values = np.where(np.arange(N) % 4 == 0, -1, RNG.integers(1, 300, N))
    table = pa.table({name: pa.array(column) for name, column in {**BEFORE, "change": values}.items()})
    found = sg.explore(table, sentinels={"change": []}).survey
    assert not said(found, "C2")
    assert (found.customers.matrix(("change",)) == -1).sum() == 60


@pytest.mark.parametrize("values", [RNG.integers(-3, 40, N), RNG.integers(-1, 2, N)])
def test_numbers_that_go_below_zero_have_no_stand_in(values: np.ndarray) -> None:
    assert not said(survey(balance=values), "C2")
