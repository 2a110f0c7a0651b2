"""The list of customers: what it shows, in which order, and that no customer is lost between pages."""

import re
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.dashboard_pages import Look


@pytest.mark.parametrize(
    "sort", ["", "value", "-value", "-confidence", "f:total_purchases", "-segment", "id"]
)
def test_paging_shows_every_customer_once(look: Look, runs: Path, sort: str) -> None:
    """The oracle is the id column of customers.parquet; ties and missing values are among the sorted."""
    address, seen = f"/customers?sort={sort}" if sort else "/customers", []
    while address:
        page = look(address)
        seen += [row[0] for row in page.rows("Customers")]
        following = re.search(r'href="([^"]*)"[^>]*rel="next"', page.html)
        address = unescape(following[1]) if following else ""
    known = pq.read_table(runs / "first" / "customers.parquet")["customer_id"].to_pylist()
    assert sorted(seen) == sorted(known)


def test_a_choice_of_segment_and_confidence_leaves_the_right_customers(look: Look, runs: Path) -> None:
    table = pq.read_table(runs / "first" / "customers.parquet").to_pylist()
    names = [row[0] for row in look("/").rows("The segments with their sizes and averages")]
    fitting = [
        one for one in table if one["segment"] == names[1] and one["confidence_level"] in {"high", "medium"}
    ]
    page = look("/customers?segment=2&confidence=high&confidence=medium")
    assert page.finding == f"{len(fitting):,} customers in {names[1]}"


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("segment=x", 400, "'segment' must be a whole number, not 'x'. "),
        ("segment=9", 400, "There is no segment 9."),
        ("sort=password", 400, "The list cannot be sorted by 'password'."),
        ("confidence=none", 400, "There is no confidence 'none'."),
        ("after=-1", 400, "'after' must be a whole number"),
        ("run=../../etc", 404, "There is no run '../../etc'."),
    ],
)
def test_what_cannot_be_meant_is_said(look: Look, asked: str, status: int, said: str) -> None:
    page = look(f"/customers?{asked}")
    assert page.status == status
    assert said in page.words
