"""Other numbers of segments: kept by the run, looked at without training, and counted from the files."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from support.dashboard_pages import Look

import segmentry as sg
from segmentry.edges.run_folder.store import load_record


def scaled(folder: Path) -> np.ndarray:
    """The customers' scaled features, through the recipe of model.json."""
    recipe = load_record(folder).model.recipe
    table = pq.read_table(folder / "customers.parquet")
    return recipe(np.column_stack([table[one].to_numpy().astype(float) for one in recipe.features]))


def test_each_candidate_puts_customers_at_their_nearest_centre(runs: Path) -> None:
    """The oracle is a plain search over all centres with the measures that are known (METHOD 1.3)."""
    folder = runs / "first"
    points, run = scaled(folder), load_record(folder)
    pages = pq.read_table(folder / "pages.parquet")
    assert {one.k for one in run.candidates} == set(range(2, 11)) - {run.k}
    for one in run.candidates:
        away = np.nansum((points[:, None, :] - one.centres[None]) ** 2, axis=2)
        assert (away.argmin(axis=1) + 1 == pages[f"k{one.k}"].to_numpy()).all()


def test_a_preview_counts_what_the_file_holds(look: Look, runs: Path) -> None:
    """The oracle is NumPy over pages.parquet and customers.parquet."""
    labels = pq.read_table(runs / "first" / "pages.parquet")["k5"].to_numpy()
    values = pq.read_table(runs / "first" / "customers.parquet")["total_purchases"].to_numpy().astype(float)
    page = look("/?k=5")
    rows = page.rows("The segments with their sizes and averages")
    assert [int(row[1].replace(",", "")) for row in rows] == np.bincount(labels, minlength=6)[1:].tolist()
    assert "Preview of 5 segments" in page.words
    profile = look("/segment/2?k=5")
    shown = {
        row[0].split(" marker")[0]: row
        for row in profile.rows("What sets them apart, in the units of the data")
    }
    assert float(shown["total purchases"][1]) == pytest.approx(np.nanmedian(values[labels == 2]), abs=0.05)


def test_a_preview_is_carried_by_every_link_and_left_by_one(look: Look) -> None:
    page = look("/map?k=4&segment=2")
    assert page.status == 200
    assert 'href="/customers?k=4"' in page.html
    assert 'href="/map?segment=2"' in page.html


def test_a_number_that_was_not_tried_is_said(look: Look) -> None:
    page = look("/?k=77")
    assert page.status == 404
    assert "This run did not try 77 segments. It has: 2, 3, 4, 5" in page.words


def test_a_run_that_is_read_and_saved_again_keeps_its_candidates(runs: Path, tmp_path: Path) -> None:
    sg.load(runs / "first").save(tmp_path / "again")
    assert (tmp_path / "again" / "pages.parquet").read_bytes() == (
        runs / "first" / "pages.parquet"
    ).read_bytes()
