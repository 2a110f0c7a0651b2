"""Whatever a run writes can be read again: names are given and read by one yardstick."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.runs import FAST

import segmentry as sg
from segmentry.records.segment import NameSource
from segmentry.results.segmentation import forget

Columns = Callable[[int], dict[str, list[object]]]

SIZES = (70, 70, 60)
"""Customers in each group of a table."""


def groups(dice: np.random.Generator, *middles: float) -> np.ndarray:
    """A number for each customer, around the middle of their group."""
    return np.concatenate([dice.gamma(9, middle / 9, n) for middle, n in zip(middles, SIZES, strict=True)])


def answered(seed: int) -> dict[str, list[object]]:
    """Orders are answered with yes, no or nothing, so that few customers have a number of orders."""
    dice = np.random.default_rng(seed)
    words = [word for word, n in zip(("yes", "no", None), SIZES, strict=True) for _ in range(n)]
    return {
        "orders": list(words),
        "spend": groups(dice, 40, 200, 90).round(2).tolist(),
        "days_since_last_order": groups(dice, 200, 20, 60).round().tolist(),
        "returns": dice.poisson(groups(dice, 1, 3, 0.3)).tolist(),
    }


def with_gaps(seed: int) -> dict[str, list[object]]:
    """A third of the values is missing, and the heavy tails pull averages away from logarithms."""
    dice = np.random.default_rng(seed)
    columns = {
        "orders": dice.lognormal(1, 1.6, 200),
        "spend": np.concatenate([dice.lognormal(2 + at, 1.8 - 0.8 * at, n) for at, n in enumerate(SIZES)]),
        "recency_days": groups(dice, 20, 90, 300),
        "returns": dice.lognormal(0, 2, 200),
    }
    return {
        name: [None if dice.random() < 0.35 else round(float(one), 2) for one in values]
        for name, values in columns.items()
    }


def with_tails(seed: int) -> dict[str, list[object]]:
    """The average of a segment lies above the others', and its middle below: a few customers make it."""
    dice = np.random.default_rng(seed)
    tail = np.where(dice.random(200) < 0.04, 400.0, 1.0)
    return {
        "orders": (dice.lognormal(1, 0.5, 200) * tail).round(2).tolist(),
        "spend": np.concatenate([dice.lognormal(2, 1.5, 70), dice.lognormal(3, 0.1, 130)]).round(2).tolist(),
        "recency_days": groups(dice, 20, 60, 300).round().tolist(),
    }


@pytest.mark.parametrize(("columns", "seed"), [(answered, 0), (with_gaps, 4), (with_tails, 11)])
def test_what_a_run_writes_can_be_read_again(columns: Columns, seed: int, tmp_path: Path) -> None:
    """As Parquet, which keeps types: an average in the columns' own units can contradict the centre of a name.

    With these seeds, names that only the centres show would be given to segments of the last two tables.
    """
    made = columns(seed)
    ids = [f"C{number}" for number in range(len(made["spend"]))]
    pq.write_table(pa.table({"customer_id": ids, **made}), tmp_path / "customers.parquet")
    result = sg.segment(tmp_path / "customers.parquet", **FAST)
    result.save(tmp_path / "run")
    again = sg.load(tmp_path / "run")
    assert [one.name for one in again.segments] == [one.name for one in result.segments]


def test_a_run_can_be_read_after_customers_are_forgotten_who_made_a_name_true(tmp_path: Path) -> None:
    """Oracle: without its largest customers a segment's average falls behind; the name stays, and claims less."""
    result = sg.segment(sg.datasets.ecommerce(150, seed=3).customers, k=2, **FAST)
    result.save(tmp_path / "run")
    run = result.run
    name = next(one for one in run.model.book.given if one.claims)
    at, claim = run.model.names.index(name.name), name.claims[0]
    values = run.survey.customers.column(claim.feature)
    inside = np.flatnonzero(run.assignment.segment == at)
    order = inside[np.argsort(values[inside] * (-1 if claim.more else 1))]
    gone = run.survey.customers.ids[order[: len(order) - 3]].tolist()
    forget(tmp_path / "run", gone)
    left = sg.load(tmp_path / "run").run
    assert left.model.names == run.model.names
    assert all(one.source is not NameSource.USER for one in left.model.book.given)
