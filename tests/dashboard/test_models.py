"""Choose k says what the run has measured, and shows only what the run has kept."""

import csv
import json
from pathlib import Path

from support.dashboard_pages import Look


def test_the_page_shows_every_number_that_was_tried(look: Look, runs: Path) -> None:
    """The oracle is evidence.csv of the run folder."""
    with (runs / "first" / "evidence.csv").open(encoding="utf-8", newline="") as file:
        tried = list(csv.DictReader(file))
    rows = look("/models?run=first").rows("The numbers that were tried")
    assert [row[0].split()[0] for row in rows] == [one["k"] for one in tried]
    smallest = [int(row[2].split()[0].replace(",", "")) for row in rows]
    assert smallest == [int(one["smallest"]) for one in tried]


def test_the_page_opens_with_the_number_and_the_verdict(look: Look, runs: Path) -> None:
    manifest = json.loads((runs / "first" / "run.json").read_text(encoding="utf-8"))
    page = look("/models?run=first")
    assert page.finding.startswith(f"{manifest['verdict']['k']} segments of 2 to ")
    assert manifest["verdict"]["sentence"] in page.words


def test_every_chart_has_a_sentence_and_its_numbers(look: Look) -> None:
    page = look("/models?run=first")
    charts = page.html.split("<figure")[1:]
    assert len(charts) > 4
    for one in charts:
        assert 'role="img"' in one
        assert 'aria-label="Chart: ' in one
        assert "<table>" in one
