"""The overview says what customers.parquet says."""

from pathlib import Path

import pyarrow.parquet as pq
from support.dashboard_pages import Look


def test_sizes_are_those_of_the_customers_file(look: Look, runs: Path) -> None:
    """The oracle is a count over customers.parquet with PyArrow."""
    table = pq.read_table(runs / "first" / "customers.parquet")
    counted = {one["values"]: one["counts"] for one in table["segment"].value_counts().to_pylist()}
    rows = look("/").rows("The segments with their sizes and averages")
    assert {row[0]: int(row[1].replace(",", "")) for row in rows} == counted
