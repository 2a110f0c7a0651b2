"""The overview: who the segments are, how many, what they are worth, and how far to trust them."""

import math
from dataclasses import dataclass, replace

from segmentry.dashboard.data.filters import Filter
from segmentry.dashboard.data.query_results import by_segment
from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.dashboard.web.figures import chart
from segmentry.records.audit import Severity
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.views.charts.cluster_prof import cluster_prof, columns_of
from segmentry.views.charts.segment_sizes import segment_sizes
from segmentry.views.topics.cells import Cell, feature, sentence, tagged
from segmentry.views.topics.opening import TONES, headline
from segmentry.views.topics.verdict import agreeing, plainly, why_so_many
from segmentry.views.topics.wording import confidence, kind_line, origin, readiness_line, value_label
from segmentry.views.words.numbers import ABSENT, column, count, number, plural, share

SHARES = "How large the segments are, and what they bring"
MOST_MEASURES = 6
"""Measures in the segment table; the profile pages show all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One segment of the table.

    Attributes:
        number: From 1.
        name: Its name with its colour.
        one_liner: Who they are.
        customers, share: How many.
        value, value_share: What they are worth; empty without a measure.
        means: The averages of the measures.
        confidence: The mean confidence.
    """

    number: int
    name: Cell
    one_liner: str
    customers: str
    share: str
    value: str
    value_share: str
    means: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number at the top, and what it counts."""

    label: str
    figure: str
    note: str = ""


def show(visit: Visit) -> Words:
    """The words of the overview."""
    run = visit.run
    lead, rest = headline(run)
    sizes = chart(segment_sizes(run)[0], live=True)
    parts = by_segment(visit.customers.parts(Filter()))
    nowhere = parts[0].customers if 0 in parts else 0
    worth = math.fsum(one.value for one in parts.values() if math.isfinite(one.value))
    return {
        "finding": f"{lead.text if lead else ''}{rest}",
        "under": _under(run, nowhere),
        "facts": _facts(run, nowhere, worth),
        "plainly": plainly(run),
        "why_so_many": why_so_many(run),
        "kind": kind_line(run),
        "sizes": replace(sizes, title=SHARES if run.k > 1 else sizes.title),
        "profile": chart(cluster_prof(run)[0], live=True),
        "measures": tuple(feature(one.everybody.feature) for one in columns_of(run)[:MOST_MEASURES]),
        "lines": _lines(run),
        "left_out": max(0, len(run.population) - MOST_MEASURES),
        "value": value_label(run.survey),
        "readiness": readiness_line(run.survey),
        "tone": TONES[run.survey.audit.readiness],
        "warnings": _warnings(run),
        "calm": not run.survey.audit.reasons,
    }


def _under(run: Run, nowhere: int) -> str:
    placed = sum(one.customers for one in run.segments)
    where = "as one audience" if run.k == 1 else f"in {plural(run.k, 'segment')}"
    left = f"; {count(nowhere)} in none" if nowhere else ""
    return " · ".join((f"{plural(placed, 'customer')} {where}{left}", *origin(run.survey)))


def _facts(run: Run, nowhere: int, worth: float) -> tuple[Fact, ...]:
    """The numbers at the top, of everybody: those in no segment too."""
    customers = sum(one.customers for one in run.segments) + nowhere
    other = run.verdict.runner_up
    found = [
        Fact(label="Customers", figure=count(customers)),
        Fact(label="Segments", figure=count(run.k), note=f"next best: {other}" if other is not None else ""),
    ]
    if run.survey.value is not None:
        found.append(Fact(label="Total value", figure=number(worth), note=value_label(run.survey)))
    return (*found, Fact(label="Confidence in the number", figure=confidence(run), note=agreeing(run)))


def _lines(run: Run) -> tuple[Line, ...]:
    measures = columns_of(run)[:MOST_MEASURES]
    means = list(zip(*[[one.write(mean) for mean in one.means] for one in measures], strict=True))
    values = column(one.value if one.value is not None else float("nan") for one in run.segments)
    return tuple(
        _line(run, segment, own, value)
        for segment, own, value in zip(run.segments, means, values, strict=True)
    )


def _line(run: Run, segment: Segment, means: tuple[str, ...], value: str) -> Line:
    return Line(
        number=segment.number,
        name=tagged(segment, run.k),
        one_liner=sentence(segment.naming.one_liner),
        customers=count(segment.customers),
        share=share(segment.share),
        value=value,
        value_share=ABSENT if segment.value_share is None else share(segment.value_share),
        means=means,
        confidence=share(segment.mean_confidence),
    )


def _warnings(run: Run) -> tuple[str, ...]:
    """What the audit found that a reader should know, gravest first, but for what its verdict says already."""
    said = run.survey.audit.reasons
    grave = [one.sentence for one in run.survey.audit.findings if one.severity is not Severity.INFO]
    return tuple(sentence(one) for one in grave if one not in said)


OVERVIEW = Page(path="/", title="Overview", template="overview.html", show=show)
