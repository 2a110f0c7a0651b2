"""Profile, comparison and one customer: every number is what customers.parquet gives."""

from pathlib import Path
from urllib.parse import quote

import numpy as np
import pyarrow.parquet as pq
import pytest
from support.dashboard_pages import Look

import segmentry as sg


def of_segment(folder: Path, name: str) -> dict[str, np.ndarray]:
    """The customers of a segment, by PyArrow."""
    table = pq.read_table(folder / "customers.parquet", filters=[("segment", "=", name)])
    return {one: table[one].to_numpy(zero_copy_only=False) for one in table.column_names}


def test_medians_of_a_profile_are_those_of_the_customers(look: Look, runs: Path) -> None:
    names = [row[0] for row in look("/").rows("The segments with their sizes and averages")]
    for number, name in enumerate(names, 1):
        page = look(f"/segment/{number}")
        own = of_segment(runs / "first", name)
        assert page.finding.startswith(f"{name}: ")
        for row in page.rows("What sets them apart, in the units of the data"):
            feature = row[0].removesuffix(" marker").replace(" ", "_")
            assert float(row[1].replace(",", "")) == pytest.approx(np.nanmedian(own[feature]), abs=0.51)


def test_averages_of_a_comparison_are_those_of_the_customers(look: Look, runs: Path) -> None:
    names = [row[0] for row in look("/").rows("The segments with their sizes and averages")]
    rows = {row[0]: row for row in look("/compare?segment=1&segment=3").rows("The segments side by side")}
    for column, name in ((1, names[0]), (2, names[2])):
        own = of_segment(runs / "first", name)
        assert int(rows["Customers"][column].replace(",", "")) == len(own["segment"])
        for feature in ("total_purchases", "discount_counts"):
            shown = float(rows[feature.replace("_", " ")][column])
            assert shown == pytest.approx(np.nanmean(own[feature].astype(float)), abs=0.051)


def test_a_customers_page_says_what_why_says(look: Look, runs: Path) -> None:
    result = sg.load(runs / "first")
    for customer in list(result.run.survey.customers.ids[:3]):
        page = look(f"/customer/{quote(str(customer))}")
        reasons = result.why(customer)
        assert reasons.sentence in page.words
        assert [row[-1] for row in page.rows("Why, measure by measure")][:-1] == [
            row[-1] for row in reasons.rows[:-1]
        ]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("/segment/4", 404, "There is no segment 4."),
        ("/segment/x", 400, "'number' must be a whole number"),
        ("/customer/nobody", 404, "There is no customer 'nobody'."),
        ("/compare?segment=1&segment=2&segment=3&segment=4&segment=5", 400, "5 segments are too many"),
    ],
)
def test_what_is_not_there_is_said(look: Look, asked: str, status: int, said: str) -> None:
    page = look(asked)
    assert page.status == status
    assert said in page.words
