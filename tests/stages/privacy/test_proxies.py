"""Segments that stand in for a protected characteristic are said to, and it never makes them."""

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats.contingency import association

import segmentry as sg
from segmentry.records.audit import Severity
from segmentry.records.columns import Column, Format, Kind, Role
from segmentry.records.reasons import DescribingColumn
from segmentry.stages.privacy.proxies import PROXY, WARNED, cramers_v, findings


@pytest.mark.parametrize("seed", range(5))
def test_cramers_v_is_scipys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = rng.integers(0, 4, 200)
    other = np.where(rng.random(200) < 0.2 * seed, one, rng.integers(0, 3, 200))
    table = np.array([[((one == a) & (other == b)).sum() for b in np.unique(other)] for a in np.unique(one)])
    assert cramers_v(one, other) == pytest.approx(association(table, method="cramer"), abs=1e-12)


def test_numbers_are_looked_at_in_fifths_and_the_unplaced_left_out() -> None:
    segment = np.array([0] * 50 + [1] * 50 + [-1] * 50)
    age = np.concatenate([np.arange(50) + 20.0, np.arange(50) + 70.0, np.full(50, 45.0)])
    gender = np.tile([0.0, 1.0], 75)
    described = (
        DescribingColumn(name="Age", role=Role.PROTECTED, values=age),
        DescribingColumn(name="Gender", role=Role.PROTECTED, values=gender, words=("F", "M")),
        DescribingColumn(
            name="City", role=Role.DESCRIPTOR, values=segment + 1.0, words=("-", "Oslo", "Rome")
        ),
    )
    strong, weak = findings(described, (), segment, 2, ())
    assert strong.severity is Severity.WARN
    assert strong.columns == ("Age",)
    assert strong.rows == 100
    assert "legal or similarly significant effect" in strong.sentence
    assert weak.severity is Severity.INFO
    assert weak.columns == ("Gender",)
    assert not list(findings(described, (), segment * 0, 1, ()))


def test_a_protected_column_that_was_asked_for_is_warned_about() -> None:
    column = Column(
        name="Age", feature="Age", format=Format(kind=Kind.NUMBER), role=Role.SEGMENTATION, reason="asked"
    )
    (found,) = findings((), (column,), np.zeros(40, dtype=np.int64), 2, ("Age",))
    assert found.severity is Severity.WARN
    assert "as was asked" in found.sentence


def test_a_run_says_which_protected_columns_its_segments_stand_in_for() -> None:
    made = sg.datasets.ecommerce(240)
    truth = np.array(made.truth)
    rng = np.random.default_rng(3)
    gender = np.where(truth == truth[0], "F", "M")
    religion = rng.choice(["a", "b"], len(truth))
    table = made.customers.append_column("Gender", [pa.array(gender)]).append_column(
        "Religion", [pa.array(religion)]
    )
    result = sg.segment(table, k=3, effort="quick", compare=False)
    assert not {"Gender", "Religion"} & set(result.run.model.recipe.features)
    found = {one.columns[0]: one for one in result.run.survey.audit.findings if one.rule == PROXY}
    assert found["Gender"].severity is Severity.WARN
    assert found["Religion"].severity is Severity.INFO
    assert WARNED == 0.3
