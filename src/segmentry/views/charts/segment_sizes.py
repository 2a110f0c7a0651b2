"""How many customers each segment has, and how much of the value."""

from collections.abc import Sequence

from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.views.charts.captions import Tag, run_foot, tags
from segmentry.views.charts.segment_rows import name_room
from segmentry.views.drawing.figure import Body, Figure
from segmentry.views.drawing.marks import Bar, HairLine, Mark, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, HEADING, INK
from segmentry.views.words.numbers import count, share
from segmentry.views.words.text import label, shorten

ROW, BAR, HEAD = 34, 22, 44
NAME_ROOM, VALUE_ROOM = 190, 44
CLEAR = 1.25
"""A segment stands out when its share of value is this many times its share of customers."""


def segment_sizes(run: Run) -> tuple[Figure, ...]:
    """Bars for the share of customers and, where a value is known, the share of value."""
    body = _body(run, BROAD)
    figure = Figure(
        name="segment_sizes",
        title=headline(run),
        subtitle=_subtitle(run),
        foot=run_foot(run),
        alt=f"Bars of the size of {run.k} segments: {headline(run)}.",
        marks=body.marks,
        height=body.height,
        phone=_body(run, PHONE),
        data=tuple(
            {
                "segment": segment.name,
                "customers": segment.customers,
                "share": segment.share,
                "value": segment.value,
                "value_share": segment.value_share,
            }
            for segment in run.segments
        ),
    )
    return (figure,)


def _body(run: Run, sheet: Sheet) -> Body:
    measures = _measures(run)
    grid = sheet.grid(len(measures), HEAD + ROW * run.k, gap=40)
    marks: list[Mark] = []
    for panel, (title, parts) in zip(grid.panels(measures), measures, strict=True):
        marks += _bars(panel, title, tags(run), parts)
    return Body(marks=tuple(marks), height=grid.total(measures))


def headline(run: Run) -> str:
    """The leading segment and how much of the whole it is."""
    if run.k == 1:
        return f"All {count(run.segments[0].customers)} customers form one segment"
    segment = leading(run)
    return f"{tags(run)[segment.number - 1].subject} {of_the_whole(segment)}"


def leading(run: Run) -> Segment:
    """The segment to name first: the one whose value stands out most from its size, else the largest."""
    ahead = max(run.segments, key=lambda segment: (segment.value_share or 0.0) - segment.share)
    return ahead if _stands_out(ahead) else max(run.segments, key=lambda segment: segment.share)


def of_the_whole(segment: Segment) -> str:
    """How much of the customers and of the value a leading segment is."""
    if _stands_out(segment):
        return f"{share(segment.share)} of customers and {share(segment.value_share or 0.0)} of value"
    return f"the largest segment, with {share(segment.share)} of customers"


def _stands_out(segment: Segment) -> bool:
    return segment.value_share is not None and segment.value_share >= CLEAR * segment.share


def _subtitle(run: Run) -> str:
    measure = run.survey.value
    if measure is None:
        return "Share of customers in each segment; no column says what a customer is worth"
    return f"Share of customers and of value in each segment; value is {shorten(label(measure.label), 420, HEADING)}"


def _measures(run: Run) -> list[tuple[str, Sequence[float]]]:
    found: list[tuple[str, Sequence[float]]] = [
        ("Share of customers", [segment.share for segment in run.segments])
    ]
    parts = [segment.value_share for segment in run.segments]
    if run.survey.value is not None and all(part is not None for part in parts):
        found.append(("Share of value", [part or 0.0 for part in parts]))
    return found


def _bars(panel: Panel, title: str, named: Sequence[Tag], parts: Sequence[float]) -> list[Mark]:
    room = name_room(named, NAME_ROOM)
    zero = panel.left + room + 10
    scale = Scale(low=0, high=max(*parts, 1e-9), start=zero, end=panel.right - VALUE_ROOM)
    marks: list[Mark] = [
        HairLine(x=panel.left, x2=panel.right, y=panel.top, y2=panel.top, colour=INK, thick=1.5),
        Words(x=panel.left, y=panel.top + 24, text=title, size=HEADING, strong=True),
    ]
    for i, (tag, part) in enumerate(zip(named, parts, strict=True)):
        top = panel.top + HEAD + ROW * i
        base = top + BAR / 2 + BODY * 0.36
        end = scale.at(part)
        marks += [
            Words(x=zero - 10, y=base, text=tag.fit(room, BODY), align="right", colour=tag.ink),
            Bar(
                x=zero,
                x2=max(end, zero + 1),
                y=top,
                y2=top + BAR,
                colour=tag.colour,
                radius=2,
                tip=f"{tag.name}: {share(part)}. {title}",
            ),
            Words(x=end + 7, y=base, text=share(part), strong=True, colour=tag.ink),
        ]
    return marks
