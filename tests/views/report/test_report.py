import functools
import json
import re
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from support.factories import make_run
from support.outlines import read
from support.surveys import make_survey

from segmentry.records.audit import Action, Finding, Ledger, LedgerLine, Severity
from segmentry.records.findings import FINDINGS
from segmentry.records.run import Run, Survey
from segmentry.records.run_settings import RunSettings
from segmentry.records.segment import NameSource, Segment, TraitReading
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose.verdict_words import VERDICT_WORDS
from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS
from segmentry.views.charts.segment_sizes import headline as figure_headline
from segmentry.views.drawing.figure import Figure
from segmentry.views.report import exploration_html, report_html
from segmentry.views.report.gallery import MOST_ROWS, numbers_behind
from segmentry.views.report.inert_svg import inert
from segmentry.views.topics.cells import JOINERS
from segmentry.views.topics.opening import headline

SECTIONS = ["summary", "segments", "strategies", "how-many", "data", "method"]
SHAPES: list[dict[str, Any]] = [
    {"k": 1},
    {"k": 1, "value": False, "p": 2},
    {"k": 3, "missing": True, "flags": 1},
    {"k": 3, "value": False},
    {"k": 8, "p": 2},
    {"k": 8, "p": 40, "money": 3},
    {"k": 12, "p": 14, "hostile": True, "tiny": True},
    {"k": 12, "p": 40, "long_names": True},
]
URLS = {"src", "href", "action", "data", "poster", "srcset", "formaction", "background", "xlink:href"}


class Made(NamedTuple):
    """A run, its page and what was drawn for it."""

    run: Run
    page: str
    drawings: dict[str, tuple[Figure, ...]]


@functools.cache
def shape_of(text: str) -> Made:
    run = make_run(**json.loads(text))
    found = drawings(run)
    return Made(run, report_html(run, found), found)


def drawings(run: Run) -> dict[str, tuple[Figure, ...]]:
    return explored(run.survey) | {name: chart(run) for name, chart in SEGMENTS.items()}


def explored(survey: Survey) -> dict[str, tuple[Figure, ...]]:
    return {name: chart(survey) for name, chart in EXPLORATORY.items()}


@pytest.fixture(params=[json.dumps(shape) for shape in SHAPES])
def made(request: pytest.FixtureRequest) -> Made:
    return shape_of(request.param)


def changed(run: Run, **changes: Any) -> Run:
    """The run with its first segment changed."""
    return replace(run, segments=(replace(run.segments[0], **changes), *run.segments[1:]))


def test_every_section_is_there_once_and_every_anchor_is_its_own(made: Made) -> None:
    outline = read(made.page)
    assert [one for one in outline.ids if one in SECTIONS] == SECTIONS
    assert len(outline.ids) == len(set(outline.ids))


def test_the_page_runs_nothing_and_fetches_nothing(made: Made) -> None:
    outline = read(made.page)
    assert not {"script", "iframe", "object", "embed", "link", "base", "form", "foreignobject"} & set(
        outline.tags
    )
    assert not [name for _, name, _ in outline.attributes if name.startswith("on") or name == "style"]
    for tag, name, value in outline.attributes:
        if name in URLS:
            assert value.startswith("#") or (tag == "image" and value.startswith("data:image/png;base64,"))
    assert not re.findall(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z]", style_and_tags(made.page))


def style_and_tags(page: str) -> str:
    """The style sheet and every tag, without the text between and without embedded pictures."""
    style = "".join(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    return style + re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]*", "", "".join(re.findall(r"<[^>]*>", page)))


def test_the_policy_allows_the_style_sheet_and_nothing_else(made: Made) -> None:
    policy = next(value for _, name, value in read(made.page).attributes if "default-src" in value and name)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script-src" not in policy


def test_hostile_names_are_only_ever_words() -> None:
    run, page, _ = shape_of(json.dumps(SHAPES[6]))
    outline = read(page)
    assert "<script>alert(1)</script>" in outline.text
    assert "{{7*7}}" in outline.text
    assert {tag for tag in outline.tags if tag in {"script", "b"}} == set()
    assert not [sign for sign in outline.text if not sign.isprintable() and sign not in JOINERS]
    assert max(len(word) for word in outline.text.split()) <= 420
    assert any("\u202e" in segment.name for segment in run.segments)


def test_hostile_words_in_every_other_place_are_only_words() -> None:
    """Files, reasons, settings, findings, examples, ids, plays: whatever can come from outside."""
    bad = '"><img src=x onerror=alert(1)>{{7*7}}\u202e\x00' + "y" * 10_000
    page = report_html(hostile_run(bad), {})
    outline = read(page)
    assert "img" not in outline.tags
    assert not [name for _, name, _ in outline.attributes if name.startswith("on")]
    assert "\u202e" not in page
    assert "\x00" not in page
    assert len(page) < 150_000


def hostile_run(bad: str) -> Run:
    run = make_run(missing=True)
    survey = run.survey
    columns = tuple(replace(one, name=bad + one.name, reason=bad) for one in survey.columns)
    finding = Finding(
        rule="C1",
        severity=Severity.WARN,
        columns=(bad,),
        sentence=bad,
        setting=bad[:300],
        examples=(bad,) * 9,
    )
    audit = replace(survey.audit, findings=(finding,), reasons=(bad,), light_sentence=bad)
    source = replace(survey.source, name=bad, notes=(bad,))
    survey = replace(survey, columns=columns, audit=audit, source=source)
    segment = run.segments[0]
    texts = dict.fromkeys(
        ("objective", "hypothesis", "offer", "message", "do", "dont", "kpi", "evidence"), bad
    )
    play = replace(segment.play, channel=(bad,), guardrails=(bad,), suppressions=(bad,), **texts)
    naming = replace(segment.naming, name=bad, one_liner=bad, reason=bad, runner_up=bad)
    border = tuple(replace(one, id=bad, rival=bad) for one in segment.borderline)
    run = changed(run, play=play, naming=naming, typical=(bad,), borderline=border)
    verdict = replace(run.verdict, sentence=bad, confidence=bad[:40])
    return replace(run, survey=survey, verdict=verdict, settings=RunSettings.of({bad: {bad: (bad, bad)}}))


def test_every_segment_has_its_row_its_portrait_and_its_strategy(made: Made) -> None:
    run, page, _ = made
    outline = read(page)
    overview = [row for row in outline.rows() if len(row) > 5]
    for segment in run.segments:
        assert f"segment-{segment.number}" in outline.ids
        assert f"strategy-{segment.number}" in outline.ids
        assert any(
            row[0].startswith(f"{segment.number} ") and row[1] == f"{segment.customers:,}" for row in overview
        )


def test_printed_shares_add_up_to_all_customers_within_rounding(made: Made) -> None:
    run, page, _ = made
    found = read(page).rows()
    heads = next(row for row in found if row[:1] == ["Segment"])
    below = found[found.index(heads) + 1 :]
    rows = [row for row in below if len(row) == len(heads) and re.match(r"\d+ ", row[0])][: run.k]
    for name in {"Share", "Share of value"} & set(heads):
        printed = [int(row[heads.index(name)].strip("<>%")) for row in rows]
        assert abs(sum(printed) - 100) <= len(rows) / 2


def test_without_a_value_measure_value_is_said_to_be_unknown() -> None:
    text = read(report_html(make_run(value=False), {})).text
    assert "Share of value" not in text
    assert "No column says what a customer is worth" in text


def test_every_ledger_line_is_there_and_the_total_is_what_came_in() -> None:
    run = make_run()
    lines = (
        LedgerLine(rule="C1", action=Action.DROPPED, rows=11, value=5.5, sentence="exact repeats"),
        LedgerLine(rule="used", action=Action.KEPT, rows=999, value=94.5, sentence="used"),
    )
    ledger = Ledger(rows_in=1010, value_in=100.0, lines=lines)
    survey = replace(run.survey, audit=replace(run.survey.audit, ledger=ledger))
    rows = read(report_html(replace(run, survey=survey), {})).rows()
    assert ["Exact repeats", "dropped", "11", "5.50"] in rows
    assert ["Used", "kept", "999", "94.50"] in rows
    assert ["Rows read", "", "1,010", "100.00"] in rows


def test_every_finding_is_there_with_how_serious_it_is_and_its_examples() -> None:
    survey = make_survey()
    findings = (
        Finding(
            rule="C4", severity=Severity.BLOCK, sentence="All is lost.", rows=12_345, examples=("a", "b")
        ),
        Finding(rule="C9", severity=Severity.INFO, sentence="All is well.", setting="clip"),
    )
    page = exploration_html(replace(survey, audit=replace(survey.audit, findings=findings)), {})
    assert ["All is lost.", "Serious", "12,345", "kept", "a, b", "–", "C4"] in read(page).rows()
    assert ["All is well.", "Note", "–", "kept", "–", "clip", "C9"] in read(page).rows()
    for code in ("C4", "C9"):
        assert f'href="#finding-{code}"' in page
        assert f'id="finding-{code}"' in page
        assert FINDINGS[code].meaning in page
    assert 'id="finding-C1"' not in page


def test_every_k_has_a_row_and_the_chosen_one_is_marked(made: Made) -> None:
    run, page, _ = made
    rows = [row for row in read(page).rows() if len(row) == 8]
    for row in run.evidence.by_k:
        found = [one[0] for one in rows if one[0].split(" ")[0] == str(row.k)]
        assert any(("chosen" in one) == (row.k == run.k) for one in found)


def test_the_elbow_is_a_picture_and_never_a_vote() -> None:
    rows = read(report_html(make_run(), {})).rows()
    elbow = next(row for row in rows if row[0] == "Elbow of the inertia")
    assert elbow[1] == "3"
    assert elbow[4].startswith("A picture only")


def test_without_an_elbow_nothing_is_said_to_stand_out() -> None:
    run = make_run()
    page = report_html(replace(run, evidence=replace(run.evidence, elbow=None)), {})
    assert next(row for row in read(page).rows() if row[0] == "Elbow of the inertia")[1] == "–"


@pytest.mark.parametrize("kind", list(VerdictKind))
def test_every_kind_of_verdict_is_put_in_words(kind: VerdictKind) -> None:
    run = make_run()
    assert (
        VERDICT_WORDS[kind].title
        in read(report_html(replace(run, verdict=replace(run.verdict, kind=kind)), {})).text
    )


@pytest.mark.parametrize(("source", "said"), [
    (NameSource.ARCHETYPE, "Of the kinds of customer in the catalog this one fits best, with 90 points of 100."),
    (NameSource.DESCRIPTIVE, "This name is descriptive: no kind of customer from the catalog fits well enough"),
    (NameSource.USER, "This name was given in the settings."),
    (NameSource.ONE_AUDIENCE, "There is one segment, so it holds everybody."),
])  # fmt: skip
def test_the_page_says_why_a_segment_has_its_name(source: NameSource, said: str) -> None:
    run = make_run()
    page = report_html(changed(run, naming=replace(run.segments[0].naming, source=source)), {})
    assert said in read(page).text


def test_the_traits_of_a_name_are_held_against_the_segment() -> None:
    run = make_run()
    readings = (
        TraitReading(trait="browse_time", expected="mid", z=1.25, defining=False, agrees=False),
        TraitReading(trait="aov", expected="low", z=-0.9, defining=True, agrees=True),
    )
    naming = replace(run.segments[0].naming, readings=readings, runner_up="Champions", runner_up_fit=0.61)
    outline = read(report_html(changed(run, naming=naming), {}))
    assert ["browse time", "in the middle", "high (1.25 sd)", "no"] in outline.rows()
    assert ["aov defining", "low", "low (−0.90 sd)", "yes"] in outline.rows()
    assert "Next comes Champions (61 points)." in outline.text


def test_a_name_keeps_its_emoji_and_the_joiners_of_its_script() -> None:
    naming = replace(make_run().segments[0].naming, name="🛒 نمی\u200cخواهم")
    assert "🛒 نمی\u200cخواهم" in read(report_html(changed(make_run(), naming=naming), {})).text


def test_a_small_segment_is_flagged_and_a_large_one_is_not() -> None:
    text = read(report_html(make_run(k=3, tiny=True), {})).text
    assert text.count("Fewer than 50 customers: read the numbers with care.") == 1


def test_a_yes_no_feature_is_shown_as_a_share_of_yes() -> None:
    run = make_run(p=3, flags=1)
    outline = read(report_html(run, {}))
    mean = run.segments[0].features[2].mean
    row = next(row for row in outline.rows() if len(row) == 8 and row[0].startswith("total time spent"))
    assert row[1] == f"{mean:.0%}"
    assert "Yes/no features show the share of yes." in outline.text


def test_one_audience_is_not_compared_with_anybody() -> None:
    run, page, _ = shape_of(json.dumps(SHAPES[0]))
    outline = read(page)
    assert "All 999 customers form one segment" in outline.text
    assert "Cohen’s d" not in [cell for row in outline.rows() for cell in row]
    assert "What they are like" in outline.text
    assert run.k == 1


def test_customers_who_could_not_be_placed_are_counted() -> None:
    run = make_run()
    segment = run.assignment.segment.copy()
    segment[:7] = -1
    text = read(report_html(replace(run, assignment=replace(run.assignment, segment=segment)), {})).text
    assert "999 customers in 3 segments; 7 could not be placed" in text
    assert "7 customers could not be placed, because nothing is known of them." in text


def test_near_ties_are_said_and_matter_most_when_they_are_ours() -> None:
    run = make_run()
    assert (
        "With 5 segments, the search found two solutions that are nearly equally good"
        in read(report_html(run, {})).text
    )
    ours = replace(run, evidence=replace(run.evidence, near_ties=(3,)))
    text = read(report_html(ours, {})).text
    assert text.count("The segments of this report are among them.") == 1
    assert "Another way to form 3 segments is nearly as good" in text
    assert "Another way to form" not in read(report_html(run, {})).text


def test_figures_and_page_have_one_headline() -> None:
    described = replace(make_run().segments[0].naming, source=NameSource.DESCRIPTIVE)
    runs = (make_run(), make_run(value=False), make_run(k=1), make_run(k=8))
    for run in (*runs, changed(make_run(), naming=described)):
        lead, rest = headline(run)
        assert f"{lead.text if lead else ''}{rest}" == figure_headline(run)


def test_every_figure_is_there_with_its_sentence_and_its_numbers(made: Made) -> None:
    outline = read(made.page)
    figures = [page for pages in made.drawings.values() for page in pages]
    assert outline.tags.count("figure") == len(figures)
    assert outline.tags.count("figcaption") == len(figures)
    for figure in figures:
        assert f"figure-{figure.name}" in outline.ids


def test_a_figure_that_nobody_has_a_place_for_is_still_shown() -> None:
    run = make_run()
    page = report_html(run, {"something_new": drawings(run)["elbow"]})
    assert "figure-elbow" in read(page).ids


def test_long_numbers_are_cut_and_say_where_the_rest_is() -> None:
    rows = tuple({"k": i, "share": i / 100} for i in range(MOST_ROWS + 1))
    table = numbers_behind("elbow", rows)
    assert len(table.rows) == MOST_ROWS
    assert table.note == "All rows are in figures/elbow.csv."
    assert numbers_behind("elbow", rows[:MOST_ROWS]).note == ""


def test_the_same_run_gives_the_same_page(made: Made) -> None:
    run, page, found = made
    assert report_html(run, found) == page


def test_every_table_has_a_caption_and_every_row_a_head(made: Made) -> None:
    tags = read(made.page).tags
    assert tags.count("table") == tags.count("caption")
    assert tags.count("tr") <= tags.count("th")


def test_an_exploration_has_the_data_and_no_segments() -> None:
    survey = make_survey(p=7, missing=True)
    outline = read(exploration_html(survey, explored(survey)))
    assert [one for one in outline.ids if one in SECTIONS] == ["data", "method"]
    assert "customers.csv: 999 customers, 7 features to segment by" in outline.text.replace(" :", ":")
    assert "Ready with cautions: values are missing." in outline.text
    assert outline.tags.count("figure") >= 5


@pytest.mark.parametrize("bad", [
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<svg><g onclick="alert(1)"/></svg>',
    '<svg><image href="https://example.org/a.png"/></svg>',
    '<svg><a href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><rect fill="url(https://example.org/a)"/></svg>',
    "<svg><foreignObject><body/></foreignObject></svg>",
    '<svg><rect style="background:url(//example.org)"/></svg>',
    '<svg role="img"><g role="script"/></svg>',
])  # fmt: skip
def test_a_picture_keeps_nothing_that_runs_or_fetches(bad: str) -> None:
    clean = inert(bad)
    assert not re.search(r"script|onclick|example|foreignObject|body|style", clean)


def test_a_picture_may_not_declare_entities() -> None:
    with pytest.raises(Exception, match="entities"):
        inert('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>')


def test_a_segment_without_customers_does_not_break_the_page() -> None:
    def empty(segment: Segment) -> Segment:
        nothing = float("nan")
        features = tuple(
            replace(one, n=0, mean=nothing, median=nothing, q25=nothing, q75=nothing, index=None)
            for one in segment.features
        )
        return replace(segment, customers=0, share=0.0, value=0.0, value_share=0.0, features=features)

    run = make_run()
    page = report_html(replace(run, segments=(*run.segments[:2], empty(run.segments[2]))), {})
    assert "nan" not in read(page).text.split()
