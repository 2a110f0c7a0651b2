"""The first page: who, how many, how much, what to do, and how sure."""

from dataclasses import dataclass

from segmentry.records.audit import Readiness
from segmentry.records.run import Run, Survey
from segmentry.records.segment import NameSource, Segment
from segmentry.views.charts.segment_sizes import leading, of_the_whole
from segmentry.views.topics.cells import Cell, Table, named, said, sentence, tagged
from segmentry.views.topics.columns_used import ColumnGroup, columns_used
from segmentry.views.topics.other_numbers import other_numbers, what_would_change
from segmentry.views.topics.outcomes import of_segment, outcome_line
from segmentry.views.topics.strategy import standing
from segmentry.views.topics.verdict import agreeing, one_audience, plainly, verdict_line, why_so_many
from segmentry.views.topics.wording import (
    confidence,
    origin,
    own_tie,
    people,
    readiness_line,
    value_label,
)
from segmentry.views.words.numbers import count, number, plural, share

TONES = {Readiness.READY: "good", Readiness.CAUTIONS: "caution", Readiness.NOT_READY: "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number at the top, and what it counts."""

    label: str
    figure: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A segment in the summary.

    Attributes:
        anchor: Where its own part of the page begins.
        name: Its name.
        one_liner: Who they are.
        customers, share: How many they are.
        width: The share of customers as the length of a bar, from 0 to 100.
        value_share: Their share of the value; empty without a value.
        value_width: The same as the length of a bar.
        objective, do: What to do with them.
        standing: How sure that is.
        outcome: What happened to them; empty where no column says.
    """

    anchor: str
    name: Cell
    one_liner: str
    customers: str
    share: str
    width: str
    value_share: str
    value_width: str
    objective: str
    do: str
    standing: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The head of a page and its summary.

    Attributes:
        kicker: What kind of page this is.
        lead: The name that the headline begins with; None when it names nobody.
        headline: The rest of the headline.
        under: The line below it.
        readiness: The audit's verdict on the data.
        tone: good, caution or bad.
        facts: The numbers at the top.
        people: The segments.
        plainly: What kind of segments these are, in a paragraph without the name of an index.
        why_so_many: Who agrees with the number; empty where nobody was asked.
        one_audience: What treating everybody alike would mean; empty for an exploration.
        verdict: The verdict with its numbers.
        outcome: What happened to whom, and that it made no segments; empty where no column says.
        columns: Which columns made the segments, and which did not.
        others: Why not another number of segments; None where none was judged.
        would_change: Which other choice would move most customers; empty where none was tried.
        tie: What speaks against this solution being the only good one; empty for nothing.
    """

    kicker: str
    lead: Cell | None
    headline: str
    under: tuple[Cell, ...]
    readiness: str
    tone: str
    facts: tuple[Fact, ...]
    people: tuple[Person, ...] = ()
    plainly: str = ""
    why_so_many: str = ""
    one_audience: str = ""
    verdict: str = ""
    outcome: str = ""
    columns: tuple[ColumnGroup, ...] = ()
    others: Table | None = None
    would_change: str = ""
    tie: str = ""


def opening(run: Run) -> Opening:
    """The summary of a run."""
    lead, rest = headline(run)
    return Opening(
        kicker="Customer segments",
        lead=lead,
        headline=rest,
        under=(said(people(run)), *(named(part) for part in origin(run.survey))),
        readiness=readiness_line(run.survey),
        tone=TONES[run.survey.audit.readiness],
        facts=key_figures(
            run, len(run.survey.customers), sum(segment.value or 0.0 for segment in run.segments)
        ),
        people=tuple(_person(segment, run) for segment in run.segments),
        plainly=plainly(run),
        why_so_many=why_so_many(run),
        one_audience=one_audience(run),
        verdict=verdict_line(run),
        outcome=outcome_line(run),
        columns=columns_used(run.survey),
        others=other_numbers(run),
        would_change=what_would_change(run),
        tie=own_tie(run),
    )


def exploration_opening(survey: Survey) -> Opening:
    """The head of an exploration."""
    features = plural(len(survey.exploration.distributions), "feature")
    rows = plural(survey.exploration.rows, "customer")
    return Opening(
        kicker="A look at the data",
        lead=named(survey.source.name),
        headline=f": {rows}, {features} to segment by",
        under=tuple(named(part) for part in (survey.source.kind, *origin(survey)[1:])),
        readiness=readiness_line(survey),
        tone=TONES[survey.audit.readiness],
        facts=_survey_facts(survey),
    )


def headline(run: Run) -> tuple[Cell | None, str]:
    """The name and the rest of: High Spenders are 33% of customers and 58% of value."""
    if run.k == 1:
        return None, f"All {count(run.segments[0].customers)} customers form one segment"
    segment = leading(run)
    if segment.naming.source is NameSource.DESCRIPTIVE:
        return named(f"“{segment.name}”"), f" is {of_the_whole(segment)}"
    return named(segment.name), f" are {of_the_whole(segment)}"


def key_figures(run: Run, customers: int, worth: float) -> tuple[Fact, ...]:
    """The numbers at the top.

    Args:
        run: The run.
        customers: How many customers there are, also in no segment.
        worth: What they are worth together.
    """
    other = run.verdict.runner_up
    return (
        Fact(label="Customers", figure=count(customers)),
        Fact(label="Segments", figure=count(run.k), note=f"next best: {other}" if other is not None else ""),
        *(
            (Fact(label="Total value", figure=number(worth), note=value_label(run.survey)),)
            if run.survey.value is not None
            else ()
        ),
        Fact(label="Confidence in the number", figure=confidence(run), note=agreeing(run)),
    )


def _survey_facts(survey: Survey) -> tuple[Fact, ...]:
    return (
        Fact(label="Customers", figure=count(survey.exploration.rows)),
        Fact(label="Columns", figure=count(len(survey.columns))),
        Fact(label="Features to segment by", figure=count(len(survey.exploration.distributions))),
        Fact(label="Findings", figure=count(len(survey.audit.findings))),
    )


def _person(segment: Segment, run: Run) -> Person:
    known = segment.value_share is not None
    return Person(
        anchor=f"strategy-{segment.number}",
        name=tagged(segment, run.k),
        one_liner=sentence(segment.naming.one_liner),
        customers=plural(segment.customers, "customer"),
        share=share(segment.share),
        width=f"{100 * segment.share:.1f}",
        value_share=share(segment.value_share or 0.0) if known else "",
        value_width=f"{100 * (segment.value_share or 0.0):.1f}",
        objective=sentence(segment.play.objective),
        do=sentence(segment.play.do),
        standing=standing(segment.play),
        outcome=of_segment(run, segment),
    )
