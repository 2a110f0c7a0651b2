"""How important each feature is for each segment: what sets it apart from everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.views.charts.captions import Tag, run_foot, short_label, tags
from segmentry.views.charts.segment_rows import Beside, column_head, columns, columns_a_page, in_bands
from segmentry.views.charts.short_names import short_name
from segmentry.views.drawing.figure import Body, Figure, Rows, chunks, pages
from segmentry.views.drawing.marks import Bar, Mark, Words, base
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, GRID, INK, LEFT, QUIET, SMALL, blend
from segmentry.views.words.numbers import plural, share
from segmentry.views.words.text import label, width

NAME_ROOM, NAME_GAP = 190, 16
ROW, BAR, GAP, TALLEST_PAGE = 27, 15, 16, 760
MOST = 15
"""Features that are listed; the others are summed up in one row."""
STRONG = 2
LABEL = 52
ARROWS = {True: " ↑", False: " ↓", None: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of bars.

    Attributes:
        name: The feature's name.
        shares: Its share in each segment.
        above: Whether each segment lies above the rest; None where it lies on it.
        several: Whether the row sums up several features; then it has numbers but no bars.
    """

    name: str
    shares: tuple[float, ...]
    above: tuple[bool | None, ...]
    several: bool = False


def cluster_feature_final(run: Run) -> tuple[Figure, ...]:
    """Bars of the shares, one column a segment, the features in one order for all."""
    if run.k == 1:
        return (_alone(run),)
    lines = lines_of(run)
    most = columns_a_page(ROW * len(lines), TALLEST_PAGE)
    return pages([_page(run, lines, part) for part in chunks(run.segments, most)])


def headline(run: Run) -> str:
    """The feature that most sets the most distinctive segment apart."""
    if run.k == 1:
        return "One segment: nothing sets it apart from all customers"
    named = tags(run)
    value, i, feature = max(
        (
            (one.importance, i, one.feature)
            for i, segment in enumerate(run.segments)
            for one in segment.features
        ),
        key=lambda each: each[0],
    )
    return f"{share(value)} of what sets {named[i].title} apart is {short_label(feature)}"


def _alone(run: Run) -> Figure:
    text = "Importance compares a segment's centre with that of all customers; with one segment they are the same."
    return Figure(
        name="cluster_feature_final",
        title=headline(run),
        subtitle="Share of each feature in what sets a segment apart",
        foot=run_foot(run),
        alt=f"{headline(run)}. {text}",
        marks=(Words(x=LEFT, y=12, text=text),),
        height=20,
        data=_rows(run),
    )


def lines_of(run: Run) -> tuple[Line, ...]:
    """The features by mean importance; beyond fifteen the rest as one row."""
    p = len(run.population)
    mean = [sum(segment.features[j].importance for segment in run.segments) / run.k for j in range(p)]
    order = sorted(range(p), key=lambda j: -mean[j])
    shown = order if p <= MOST + 1 else order[:MOST]
    lines = [_line(run.segments, j) for j in shown]
    rest = order[len(shown) :]
    if rest:
        sums = tuple(sum(segment.features[j].importance for j in rest) for segment in run.segments)
        lines.append(
            Line(name=f"{len(rest)} other features", shares=sums, above=(None,) * run.k, several=True)
        )
    return tuple(lines)


def _line(segments: Sequence[Segment], j: int) -> Line:
    found = [segment.features[j] for segment in segments]
    return Line(
        name=label(found[0].feature),
        shares=tuple(one.importance for one in found),
        above=tuple(None if one.cohens_d == 0 else one.cohens_d > 0 for one in found),
    )


def _page(run: Run, lines: Sequence[Line], segments: Sequence[Segment]) -> Figure:
    body = _body(run, lines, segments, BROAD)
    title = headline(run)
    return Figure(
        name="cluster_feature_final",
        title=title,
        subtitle="Share of each feature in the squared distance between a segment's centre and that of all customers; "
        "arrows: above (↑) or below (↓) the rest",
        foot=run_foot(run),
        alt=f"Bars of the importance of {plural(len(run.population), 'feature')} for each of {run.k} segments. {title}.",
        marks=body.marks,
        height=body.height,
        data=_rows(run),
        phone=_body(run, lines, segments, PHONE),
    )


def _body(run: Run, lines: Sequence[Line], segments: Sequence[Segment], sheet: Sheet) -> Body:
    room = min(NAME_ROOM, max(width(line.name, BODY) for line in lines))
    beside = Beside(room=room, gap=NAME_GAP, sheet=sheet)
    named = tags(run)
    grid = columns([named[one.number - 1] for one in segments], beside, GAP, ROW * len(lines))
    most = max((share for line in lines for share in line.shares if not line.several), default=1.0)
    marks = in_bands(
        grid,
        segments,
        lambda panel: _names(lines, panel.bottom - ROW * len(lines), beside.room),
        lambda segment, panel: _column(lines, named[segment.number - 1], panel, most),
    )
    return Body(marks=tuple(marks), height=grid.total(segments))


def _names(lines: Sequence[Line], top: float, room: float) -> list[Mark]:
    return [
        Words(
            x=LEFT,
            y=base(top + ROW * i + BAR / 2),
            text=short_name(line.name, [one.name for one in lines], room, BODY),
        )
        for i, line in enumerate(lines)
    ]


def _column(lines: Sequence[Line], tag: Tag, panel: Panel, most: float) -> list[Mark]:
    scale = Scale(low=0, high=most or 1.0, start=panel.left, end=panel.right - LABEL)
    i = tag.number - 1
    top_two = sorted((line.shares[i] for line in lines if not line.several), reverse=True)[:STRONG]
    first = panel.bottom - ROW * len(lines)
    marks = column_head(tag, panel, first, panel.bottom - 6)
    for row, line in enumerate(lines):
        strong = line.shares[i] in top_two and not line.several
        marks += _reading(line, tag, scale, first + ROW * row, strong=strong)
    return marks


def _reading(line: Line, tag: Tag, scale: Scale, top: float, *, strong: bool) -> list[Mark]:
    i = tag.number - 1
    end = scale.start if line.several else max(scale.at(line.shares[i]), scale.start + 1)
    text = Words(
        x=end + 6,
        y=base(top + BAR / 2, SMALL),
        text=share(line.shares[i]) + ARROWS[line.above[i]],
        size=SMALL,
        strong=strong,
        colour=INK if strong else QUIET,
    )
    if line.several:
        return [text]
    colour = tag.colour if strong else blend(tag.colour, GRID, 0.7)
    return [Bar(x=scale.start, x2=end, y=top, y2=top + BAR, colour=colour), text]


def _rows(run: Run) -> Rows:
    return tuple(
        {
            "segment": segment.name,
            "feature": feature.feature,
            "importance": feature.importance,
            "cohens_d": feature.cohens_d,
            "marker": feature.marker,
        }
        for segment in run.segments
        for feature in segment.features
    )
