"""What is erased leaves no value behind, and a date that has not come yet counts as missing."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from support.runs import FAST

import segmentry as sg
from segmentry.cli import run_app
from segmentry.results.segmentation import forget

MOST = "98,765.43"
"""The spend of one customer, as a finding would quote it."""


def customers(**columns: Any) -> pa.Table:
    dice = np.random.default_rng(6)
    groups = np.arange(150) % 2
    spend = dice.gamma(9, np.array([50, 70])[groups]).round(2)
    spend[40] = 98_765.43
    made = {
        "customer_id": [str(row) for row in range(150)],
        "visits": dice.poisson(np.array([3, 20])[groups]),
        "total_spend": spend,
    }
    return pa.table({name: pa.array(values) for name, values in {**made, **columns}.items()})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("forgotten") / "run"
    made = sg.segment(customers(), k=2, **FAST)
    made.save(run)
    name = made.segments[0].name
    assert MOST in (run / "result.json").read_text(encoding="utf-8")
    asked = "--treated 50 --control 50 --treated-conversions 40 --control-conversions 15 --from 2026-01-01 --to 2026-02-25"
    assert run_app(["result", "add", str(run), "--segment", name, *asked.split()]) == 0
    forget(run, ["40"])
    return run


def test_no_file_quotes_a_value_that_only_the_forgotten_had(folder: Path) -> None:
    texts = {
        file.name: file.read_text(encoding="utf-8", errors="replace")
        for file in folder.rglob("*")
        if file.suffix in {".json", ".csv", ".html", ".sql", ".yaml"}
    }
    assert len(texts) > 10
    assert [name for name, text in texts.items() if MOST in text or "98765.43" in text] == []


def test_an_id_that_is_also_a_number_in_the_record_of_tests_can_be_erased(folder: Path) -> None:
    assert [found.treated.conversions for found in sg.load(folder).run.results] == [40]
    assert "40" not in sg.load(folder).run.survey.customers.ids.tolist()


def test_a_date_after_the_day_of_the_run_places_nobody() -> None:
    """Oracle: the same rows without that date."""
    days = np.datetime64("2026-01-01") + (np.arange(150) % 2 * 60 + np.arange(150) % 9).astype(
        "timedelta64[D]"
    )
    result = sg.segment(customers(last_order=days), k=2, **FAST)
    later = result.score(customers(last_order=days + np.timedelta64(900, "D")))
    without = result.score(customers(last_order=pa.nulls(150, pa.date32())))
    assert later["segment"].to_pylist() == without["segment"].to_pylist()
    assert set(later["placed"].to_pylist()) == set(without["placed"].to_pylist()) != {"complete"}
