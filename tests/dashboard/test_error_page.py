"""A run that cannot be read hides none of the others."""

import json
import shutil
from pathlib import Path

import pytest
from support.dashboard_pages import looker


@pytest.fixture
def shelf(runs: Path, tmp_path: Path) -> Path:
    """A folder with two good runs, and a newest one that cannot be read."""
    for name in ("autumn", "spring", "<b>newest"):
        shutil.copytree(runs / "first", tmp_path / name)
    mark = tmp_path / "<b>newest" / "run.json"
    manifest = json.loads(mark.read_text(encoding="utf-8"))
    manifest["clock"]["finished"] = "2999-01-01T00:00:00+00:00"
    mark.write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "<b>newest" / "result.json").write_text('{"format": 1}', encoding="utf-8")
    return tmp_path


def test_when_the_newest_run_cannot_be_read_the_others_are_offered(shelf: Path) -> None:
    look = looker(shelf)
    page = look("/")
    assert page.status == 409
    assert "The run '<b>newest' cannot be read now" in page.finding
    for name in ("autumn", "spring"):
        assert f'<a href="/?run={name}"><bdi>{name}</bdi></a>' in page.html
        assert look(f"/?run={name}").status == 200
    assert "newest</bdi>" not in page.html


def test_the_run_picker_of_a_good_run_still_has_the_one_that_cannot_be_read(shelf: Path) -> None:
    page = looker(shelf)("/?run=spring")
    assert page.status == 200
    assert "<option>&lt;b&gt;newest</option>" in page.html


def test_a_run_that_is_not_there_offers_those_that_are(shelf: Path) -> None:
    page = looker(shelf)("/map?run=summer&k=4")
    assert page.status == 404
    assert page.finding == "There is no run 'summer'."
    assert '<a href="/">Go to the overview</a>' in page.html
    assert '<a href="/?run=spring"><bdi>spring</bdi></a>' in page.html


def test_a_page_that_is_wrong_leads_back_to_the_overview_of_its_run(shelf: Path) -> None:
    page = looker(shelf)("/segment/99?run=autumn")
    assert page.status == 404
    assert '<a href="/?run=autumn">Go to the overview</a>' in page.html


def test_a_single_run_has_no_others_to_offer(runs: Path) -> None:
    assert "Other runs" not in looker(runs)("/segment/99").words
