"""What happened to the customers of each segment: a dot and its interval, beside the rate of all customers."""

from dataclasses import replace

from segmentry.records.run import Run
from segmentry.stages.profiling.outcomes import Outcome, SegmentOutcome, outcomes
from segmentry.views.charts.captions import Tag, run_foot, short_label, tags
from segmentry.views.charts.segment_rows import name_room
from segmentry.views.drawing.figure import Body, Figure
from segmentry.views.drawing.marks import Dot, HairLine, Mark, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, HEADING, INK, QUIET, RULE, SMALL
from segmentry.views.words.numbers import count, plural, share
from segmentry.views.words.text import clean

MOST_OUTCOMES = 3
"""Outcomes in the figure; the report's table of other columns has all of them."""
ROW, HEAD, DOT, NAMES, RATE, OF_ALL = 30, 64, 5, 190, 60, 120
ROOMY = 400
"""From this width on a panel has room for the share of all cases beside the rate."""


def shown(run: Run) -> tuple[Outcome, ...]:
    """The outcomes that the first screens show; none with one segment."""
    return outcomes(run.reasons.descriptors)[:MOST_OUTCOMES] if run.k > 1 else ()


def event_label(outcome: Outcome) -> str:
    """What happened, as a heading: the column, and its value where that is not just yes."""
    name = short_label(outcome.column)
    name = name[:1].upper() + name[1:]
    return name if outcome.event == "yes" else f"{name} “{clean(outcome.event)}”"


def headline(run: Run) -> str:
    """To which segment it happened most, and how often to everybody."""
    outcome = shown(run)[0]
    said, overall = event_label(outcome), share(outcome.rate)
    if not outcome.different:
        return f"{said}: {overall} of all customers, and the segments hardly differ"
    most = outcome.highest
    rate = share(outcome.segments[most].rate)
    return f"{said}: {rate} of {tags(run)[most].title}, against {overall} of all customers"


def segment_outcomes(run: Run) -> tuple[Figure, ...]:
    """The share of each segment to whom each outcome happened; nothing without an outcome."""
    found = shown(run)
    if not found:
        return ()
    body = _body(run, BROAD)
    title = headline(run)
    figure = Figure(
        name="segment_outcomes",
        title=title,
        subtitle="Share of each segment with its 95% interval, and the line of all customers; outcomes did not make the segments",
        foot=run_foot(run, *_sampled(run)),
        alt=f"Dots of the rate of {plural(len(found), 'outcome')} in {run.k} segments. {title}.",
        marks=body.marks,
        height=body.height,
        phone=_body(run, PHONE),
        data=tuple(
            {
                "outcome": outcome.column,
                "event": outcome.event,
                "segment": segment.name,
                "customers": seen.customers,
                "events": seen.events,
                "rate": seen.rate,
                "low": seen.low,
                "high": seen.high,
                "share_of_all_events": seen.of_all,
            }
            for outcome in found
            for segment, seen in zip(run.segments, outcome.segments, strict=True)
        ),
    )
    return (figure,)


def _body(run: Run, sheet: Sheet) -> Body:
    found = shown(run)
    grid = sheet.grid(1, HEAD + ROW * run.k, gap=0)
    marks = [
        mark
        for outcome, panel in zip(found, grid.panels(found), strict=True)
        for mark in _panel(outcome, panel, tags(run))
    ]
    return Body(marks=tuple(marks), height=grid.total(found))


def _sampled(run: Run) -> tuple[str, ...]:
    placed = sum(segment.customers for segment in run.segments)
    looked = run.reasons.looked_at
    return (f"outcomes on {count(looked)} of them",) if looked < placed else ()


def _panel(outcome: Outcome, panel: Panel, named: tuple[Tag, ...]) -> list[Mark]:
    room = name_room(named, min(NAMES, panel.width / 2.5))
    top = max((seen.high for seen in outcome.segments if seen.customers), default=1.0)
    scale = Scale(
        low=0,
        high=max(top, outcome.rate),
        start=panel.left + room + 10,
        end=panel.right - RATE - _of_all(panel),
    )
    first = panel.top + HEAD
    at = scale.at(outcome.rate)
    marks: list[Mark] = [
        HairLine(x=panel.left, x2=panel.right, y=panel.top, y2=panel.top, colour=INK, thick=1.5),
        Words(x=panel.left, y=panel.top + 24, text=event_label(outcome), size=HEADING, strong=True),
        Words(
            x=at,
            y=first - 14,
            text=f"all customers {share(outcome.rate)}",
            size=SMALL,
            colour=QUIET,
            align="center",
        ),
        HairLine(x=at, x2=at, y=first - 8, y2=first + ROW * len(named) - 8, colour=RULE, dashed=True),
    ]
    for row, (tag, seen) in enumerate(zip(named, outcome.segments, strict=True)):
        marks += _row(tag, seen, scale, replace(panel, top=first + ROW * row))
    return marks


def _row(tag: Tag, seen: SegmentOutcome, scale: Scale, panel: Panel) -> list[Mark]:
    base = panel.top + BODY * 0.72
    name = Words(
        x=scale.start - 10,
        y=base,
        text=tag.fit(scale.start - 10 - panel.left, BODY),
        align="right",
        colour=tag.ink,
    )
    if not seen.customers:
        return [name, Words(x=scale.start, y=base, text="no customer has a value", size=SMALL, colour=QUIET)]
    middle = base - BODY * 0.36
    tip = f"{tag.name}: {count(seen.events)} of {count(seen.customers)}, {share(seen.rate)} ({share(seen.low)} to {share(seen.high)})"
    return [
        name,
        HairLine(
            x=scale.at(seen.low), x2=scale.at(seen.high), y=middle, y2=middle, colour=tag.colour, thick=2
        ),
        Dot(x=scale.at(seen.rate), y=middle, radius=DOT, colour=tag.colour, tip=tip),
        Words(
            x=panel.right - _of_all(panel),
            y=base,
            text=share(seen.rate),
            strong=True,
            colour=tag.ink,
            align="right",
        ),
        *([_cases(seen, panel, base)] if _of_all(panel) else []),
    ]


def _of_all(panel: Panel) -> float:
    """The room for the share of all cases; none on a phone, where the table says it."""
    return OF_ALL if panel.width >= ROOMY else 0


def _cases(seen: SegmentOutcome, panel: Panel, base: float) -> Words:
    text = f"{share(seen.of_all)} of all cases"
    return Words(x=panel.right, y=base, text=text, size=SMALL, colour=QUIET, align="right")
