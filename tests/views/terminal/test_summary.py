import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.cells import cell_len
from support.crowds import segment_names
from support.factories import make_run
from support.surveys import make_survey

from segmentry.records.audit import Finding, Severity
from segmentry.views.terminal.summary import (
    exploration_summary,
    notebook_html,
    plain,
    plain_exploration,
    text_summary,
)
from segmentry.views.topics.cells import JOINERS, abridged

SHAPES: list[dict[str, Any]] = [
    {"k": 1},
    {"k": 1, "value": False},
    {"k": 3, "missing": True},
    {"k": 3, "value": False},
    {"k": 8, "p": 2},
    {"k": 12, "p": 12, "hostile": True},
    {"k": 12, "p": 40, "long_names": True},
]
SUMMARY = """\
High Spenders are 44% of customers and 77% of value
999 customers in 3 segments · customers.csv · as of 2026-11-23

 #  Segment          Customers  Share  Value  What sets it apart
────────────────────────────────────────────────────────────────────────────────
 1  High Spenders          435    44%    77%  high product click
                                              high total time spent
                                              high total purchases
 2  Loyal Regulars         231    23%    13%  high discount count
                                              low total purchases
                                              high avg cart value
 3  Bargain Hunters        333    33%    10%  low product click
                                              low total time spent
                                              low avg cart value

Verdict: Natural groups · high confidence · 4 of 5 methods agree
We recommend 3 segments (high confidence): the groups are compact and far apart.

One audience is always an option: it is the simplest, but it would give up the
87% of the differences between customers that 3 segments capture.

Made the segments: total purchases, avg cart value, total time spent, product
click, discount count.
Data: Ready."""


def test_the_summary_of_a_run_reads_like_this() -> None:
    assert text_summary(make_run()) == SUMMARY


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_summary_names_every_segment_within_80_columns(shape: dict[str, Any]) -> None:
    run = make_run(**shape)
    lines = text_summary(run).split("\n")
    assert max(cell_len(line) for line in lines) <= 80
    for segment in run.segments:
        assert any(
            line.startswith(f"{segment.number:>2}  ") and f" {segment.customers} " in line for line in lines
        )


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_table_follows_the_width_of_the_terminal(shape: dict[str, Any], width: int) -> None:
    lines = text_summary(make_run(**shape), width).split("\n")
    assert max(cell_len(line) for line in lines) == width
    assert lines == text_summary(make_run(**shape), width).split("\n")


def test_long_names_that_begin_alike_are_told_apart() -> None:
    """Both ends of a name are shown, on several lines: of segments that differ at the end, none looks like another."""
    run = make_run(k=12, p=40, long_names=True)
    names = [abridged(segment.name) for segment in run.segments]
    words = " ".join(line[4:30].strip() for line in text_summary(run).split("\n"))
    assert all(name.split()[-1] in words for name in names)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_summary_holds_no_sign_that_a_terminal_obeys(shape: dict[str, Any]) -> None:
    text = text_summary(make_run(**shape)) + exploration_summary(make_run(**shape).survey)
    assert not [sign for sign in text if not sign.isprintable() and sign not in f"\n{JOINERS}"]


def test_without_a_value_measure_the_summary_has_no_value_column() -> None:
    assert "Value" not in text_summary(make_run(value=False))


def test_plain_values_become_json_with_null_for_what_is_not_known() -> None:
    found = json.loads(json.dumps(plain(make_run(k=1, value=False)), allow_nan=False))
    assert found["customers"] == 999
    assert found["segments"][0]["value_share"] is None
    assert found["segments"][0]["silhouette"] is None
    assert found["evidence"][0]["silhouette"] is None


def test_plain_values_hold_what_a_script_asks_for() -> None:
    run = make_run()
    found = plain(run)
    assert found["source"] == {
        "name": "customers.csv",
        "kind": "csv",
        "rows": 999,
        "columns": 6,
        "fingerprint": "0" * 64,
    }
    assert [one["name"] for one in found["segments"]] == [one.name for one in run.segments]  # type: ignore[attr-defined]
    assert [one["play"] for one in found["segments"]] == ["early_access"] * 3  # type: ignore[attr-defined]
    assert [row["k"] for row in found["evidence"] if row["chosen"]] == [3]  # type: ignore[attr-defined]


def test_plain_values_hold_the_verdict_with_its_votes_and_the_re_runs() -> None:
    found = json.loads(json.dumps(plain(make_run()), allow_nan=False))
    verdict = found["verdict"]
    assert (verdict["kind"], verdict["share"], verdict["recommended"]) == ("natural", 0.8, 3)
    assert [one["k"] for one in verdict["votes"]] == [3, 3, 4, 3, 3]
    row = found["evidence"][2]
    assert row["lift"] == pytest.approx(0.61 - 0.276)
    assert row["worst_jaccard"] == pytest.approx(0.91)
    assert found["evidence"][9]["lift"] is None


def test_a_run_that_was_not_judged_says_so_and_has_no_votes() -> None:
    run = make_run(judged=False)
    assert "Verdict: Not judged" in text_summary(run)
    assert plain(run)["verdict"]["votes"] == []  # type: ignore[index]


def test_names_stay_as_they_are_in_plain_values() -> None:
    found = json.dumps(plain(make_run(k=12, hostile=True)))
    assert [one["name"] for one in json.loads(found)["segments"]] == list(segment_names(12, "hostile"))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_notebook_table_holds_nothing_but_its_own_tags(shape: dict[str, Any]) -> None:
    seen: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            """Note the tag; no attribute but those of the template may stand in it."""
            seen.add(tag)
            assert {name for name, _ in attrs} <= {"style", "scope"}

    run = make_run(**shape)
    page = notebook_html(run)
    Reader().feed(page)
    assert seen <= {"div", "p", "strong", "br", "table", "thead", "tbody", "tr", "th", "td", "bdi"}
    assert page.count("<tr>") == run.k + 1


def test_an_exploration_is_summed_up_by_the_parts_its_columns_play() -> None:
    text = exploration_summary(make_survey(missing=True))
    assert text.startswith("999 customers, 6 columns, 5 features to segment by\ncustomers.csv")
    assert "id            customer_id" in text
    assert "Data: Ready with cautions: values are missing." in text
    assert max(map(len, text.split("\n"))) <= 80


def test_of_many_findings_the_gravest_are_shown_and_the_rest_counted() -> None:
    survey = make_survey()
    findings = tuple(
        Finding(rule="C7", severity=Severity.WARN, sentence=f"Finding {i}.") for i in range(1, 11)
    )
    text = exploration_summary(replace(survey, audit=replace(survey.audit, findings=findings)))
    assert "Finding 8." in text
    assert "Finding 9." not in text
    assert text.endswith("and 2 more findings in the report")


def test_an_exploration_in_plain_values_is_json() -> None:
    found = json.loads(json.dumps(plain_exploration(make_survey(missing=True)), allow_nan=False))
    assert [one["role"] for one in found["columns"]][:2] == ["id", "segmentation"]
    assert found["readiness"] == {"verdict": "Ready with cautions", "reasons": ["values are missing"]}
