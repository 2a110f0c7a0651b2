"""The map: what is counted under a filter is what customers.parquet and pages.parquet hold."""

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from support.dashboard_pages import Look, visitor

AREA = "x0=-0.5&x1=2.5&y0=-1&y1=1.5"


def inside(folder: Path) -> np.ndarray:
    """Who is in AREA, by NumPy."""
    pages = pq.read_table(folder / "pages.parquet")
    x, y = pages["x"].to_numpy(), pages["y"].to_numpy()
    return (x >= -0.5) & (x <= 2.5) & (y >= -1) & (y <= 1.5)


def test_an_area_of_the_map_holds_whom_the_files_say(look: Look, runs: Path) -> None:
    """The oracle is NumPy over the two Parquet files."""
    chosen = inside(runs / "first")
    table = pq.read_table(runs / "first" / "customers.parquet").filter(chosen)
    counted = {one["values"]: one["counts"] for one in table["segment"].value_counts().to_pylist()}
    page = look(f"/map?{AREA}")
    rows = page.rows("Segments of the chosen customers")
    assert 0 < chosen.sum() < len(chosen)
    assert page.finding.startswith(f"{chosen.sum():,} customers chosen")
    assert {row[0]: int(row[1].replace(",", "")) for row in rows} == counted


def test_how_the_chosen_differ_is_their_mean_against_that_of_all(look: Look, runs: Path) -> None:
    """The oracle is NumPy's mean and standard deviation over customers.parquet."""
    table = pq.read_table(runs / "first" / "customers.parquet")
    chosen = inside(runs / "first")
    shown = {row[0]: row for row in look(f"/map?{AREA}").rows("How the chosen customers differ")}
    for name in ("total_purchases", "discount_counts"):
        values = table[name].to_numpy().astype(float)
        apart = (np.nanmean(values[chosen]) - np.nanmean(values)) / np.nanstd(values)
        assert float(shown[name.replace("_", " ")][3].replace("−", "-")) == pytest.approx(apart, abs=0.006)


@pytest.mark.parametrize(
    "asked", ["", AREA, "segment=1&segment=3", "segment=2&confidence=low", "q=C00001", "q=zz"]
)
def test_the_downloaded_customers_are_those_of_the_choice(runs: Path, asked: str) -> None:
    client = visitor(runs)
    got = list(csv.DictReader(io.StringIO(client.get(f"/customers.csv?{asked}").text)))
    with (runs / "first" / "customers.csv").open(encoding="utf-8", newline="") as file:
        everybody = list(csv.DictReader(file))
    segments = (runs / "first" / "segments.csv").read_text(encoding="utf-8")
    names = [one["segment"] for one in csv.DictReader(io.StringIO(segments))]
    wanted = {
        "": lambda _, __: True,
        AREA: lambda at, _: inside(runs / "first")[at],
        "segment=1&segment=3": lambda _, one: one["segment"] in {names[0], names[2]},
        "segment=2&confidence=low": lambda _, one: (
            one["segment"] == names[1] and one["confidence_level"] == "low"
        ),
        "q=C00001": lambda _, one: one["customer_id"].startswith("C00001"),
        "q=zz": lambda _, __: False,
    }[asked]
    assert got == [one for at, one in enumerate(everybody) if wanted(at, one)]


def test_a_run_without_the_file_of_pages_says_how_to_refresh_it(runs: Path, tmp_path: Path) -> None:
    import shutil

    from support.dashboard_pages import looker

    shutil.copytree(runs / "first", tmp_path / "old")
    (tmp_path / "old" / "pages.parquet").unlink()
    page = looker(tmp_path)("/map")
    assert page.status == 409
    assert "Make it again: segmentry run shop.csv --out old --force." in page.words
    assert looker(tmp_path)("/customers?segment=2").status == 200
