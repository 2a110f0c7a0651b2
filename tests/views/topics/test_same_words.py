"""Report, dashboard and terminal say the same of a run, topic by topic."""

import pytest
from support.factories import make_run
from support.outlines import read
from support.plain_visits import visit

from segmentry.dashboard.pages import about, models, overview, profile, strategies
from segmentry.records.run import Run
from segmentry.views.report import report_html
from segmentry.views.terminal.summary import text_summary
from segmentry.views.topics import segments
from segmentry.views.topics.cells import Table
from segmentry.views.topics.choice import choice
from segmentry.views.topics.method import run_method
from segmentry.views.topics.opening import opening
from segmentry.views.topics.quality import run_quality
from segmentry.views.topics.strategy import strategy_pages
from segmentry.views.topics.wording import traits
from segmentry.views.words.numbers import count, share

RUNS = {
    "three": make_run(),
    "one": make_run(k=1),
    "worthless": make_run(value=False),
    "gaps": make_run(missing=True),
    "twelve": make_run(k=12, p=12, long_names=True),
}
each_run = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)


def columns(table: Table, *heads: str) -> list[tuple[str, ...]]:
    """The texts of some columns of a table, row by row."""
    places = [[head.text for head in table.heads].index(head) for head in heads]
    return [tuple(row[at].text for at in places) for row in table.rows]


@each_run
def test_the_key_figures_are_the_same(run: Run) -> None:
    """The dashboard counts its customers anew; here nobody is in no segment, so the counts must agree."""
    page = overview.show(visit(run))
    assert page["facts"] == opening(run).facts
    assert page["finding"] in read(report_html(run, {})).text
    assert page["readiness"] == opening(run).readiness


@each_run
def test_the_segments_have_the_same_names_and_sizes_everywhere(run: Run) -> None:
    """The oracle is the record."""
    expected = [
        (segments.tagged(one, run.k).text, count(one.customers), share(one.share)) for one in run.segments
    ]
    assert columns(segments.overview(run), "Segment", "Customers", "Share") == expected
    assert columns(overview.show(visit(run))["segments"], "Segment", "Customers", "Share") == expected
    screen = text_summary(run, 400).split("\n")
    for segment, (name, customers, part) in zip(run.segments, expected, strict=True):
        line = next(line for line in screen if line.startswith(f"{segment.number:>2}  {name}"))
        assert line.split(name, 1)[1].split()[:2] == [customers, part]
        assert all(trait in "\n".join(screen) for trait in traits(segment))


@each_run
def test_a_segment_is_described_the_same(run: Run) -> None:
    for segment, portrait, card in zip(
        run.segments, segments.portraits(run), strategy_pages(run), strict=True
    ):
        page = profile.show(visit(run, number=str(segment.number)))
        assert page["portrait"] == portrait
        assert page["strategy"] == card
        assert (portrait.rule, portrait.size) == (card.rule, card.size)


@each_run
def test_the_strategies_are_the_same(run: Run) -> None:
    assert strategies.show(visit(run))["cards"] == strategy_pages(run)


@each_run
def test_the_choice_of_the_number_is_the_same(run: Run) -> None:
    page = models.show(visit(run))
    assert page["choice"] == choice(run)
    assert page["under"] in text_summary(run)
    assert columns(page["candidates"], "Segments", "Silhouette") == columns(
        choice(run).by_k, "Segments", "Silhouette"
    )


@each_run
def test_method_and_dictionary_are_the_same(run: Run) -> None:
    """The dashboard counts placements in the file of customers, the report in the run."""
    page = about.show(visit(run))
    assert page["method"] == run_method(run)
    assert page["columns"] == run_quality(run).columns
