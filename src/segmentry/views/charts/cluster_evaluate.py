"""The measures that speak about the number of segments, side by side."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from segmentry.records.evidence import KEvidence
from segmentry.records.run import Run
from segmentry.views.charts.captions import unnamed_foot
from segmentry.views.drawing.axes import beside
from segmentry.views.drawing.figure import Body, Figure
from segmentry.views.drawing.marks import Area, Dot, HairLine, Line, Mark, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import ACCENT, HEADING, QUIET, RULE, SMALL, dark
from segmentry.views.words.numbers import count, number, plural, ratio

HEAD, PLOT, FOOT = 46, 150, 26
AXIS, UNDER = 44, 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of how good a number of segments is.

    Attributes:
        name: What it is called.
        reading: How to read it.
        of: Its value.
        best: The function that picks the best value, None when it is no vote.
        write: How its value is written.
    """

    name: str
    reading: str
    of: Callable[[KEvidence], float]
    best: Callable[..., KEvidence] | None
    write: Callable[[float], str]


MEASURES = (
    Measure(
        name="Silhouette",
        reading="nearer to the own segment: higher is better",
        of=lambda row: row.silhouette,
        best=max,
        write=ratio,
    ),
    Measure(
        name="Calinski-Harabasz",
        reading="between against within: higher is better",
        of=lambda row: row.calinski_harabasz,
        best=max,
        write=number,
    ),
    Measure(
        name="Davies-Bouldin",
        reading="overlap of neighbours: lower is better",
        of=lambda row: row.davies_bouldin,
        best=min,
        write=ratio,
    ),
    Measure(
        name="Smallest segment",
        reading="customers in it: enough to act on?",
        of=lambda row: float(row.smallest),
        best=None,
        write=number,
    ),
)


def cluster_evaluate(run: Run) -> tuple[Figure, ...]:
    """A line a measure, by number of segments; the chosen number is marked in all."""
    body = _body(run, BROAD)
    title = headline(run)
    sample = run.evidence.silhouette_customers
    placed = sum(segment.customers for segment in run.segments)
    figure = Figure(
        name="cluster_evaluate",
        title=title,
        subtitle="Four measures by number of segments; the marked dot is the chosen number"
        ", the band the 95% interval of the silhouette",
        foot=unnamed_foot(run, f"silhouettes of {count(sample)} customers" if sample < placed else ""),
        alt=f"Four line charts of evaluation measures by number of segments. {title}.",
        marks=body.marks,
        height=body.height,
        phone=_body(run, PHONE),
        data=tuple(_row(row) for row in run.evidence.by_k),
    )
    return (figure,)


def _body(run: Run, sheet: Sheet) -> Body:
    grid = sheet.grid(2, HEAD + PLOT + FOOT, gap=44, row_gap=34)
    marks: list[Mark] = []
    for measure, panel in zip(MEASURES, grid.panels(MEASURES), strict=True):
        marks += _panel(measure, run.evidence.by_k, panel)
    return Body(marks=tuple(marks), height=grid.total(MEASURES))


def headline(run: Run) -> str:
    """Whether the measures agree with the chosen number."""
    if run.k == 1:
        return "One segment: the measures compare what two or more would give"
    votes = [_best(measure, run.evidence.by_k) for measure in MEASURES if measure.best]
    known = [vote for vote in votes if vote is not None]
    agree = sum(vote == run.k for vote in known)
    chosen = next((row for row in run.evidence.by_k if row.k == run.k), None)
    if chosen is None or not math.isfinite(chosen.silhouette):
        return f"The measures by number of segments; {run.k} were chosen"
    if agree == len(known):
        return (
            f"{run.k} segments score best on every measure, with a silhouette of {ratio(chosen.silhouette)}"
        )
    if agree:
        return f"{run.k} segments score best on {agree} of {len(known)} measures, with a silhouette of {ratio(chosen.silhouette)}"
    return f"The measures do not single out {run.k} segments; their silhouette is {ratio(chosen.silhouette)}"


def _best(measure: Measure, rows: Sequence[KEvidence]) -> int | None:
    known = [row for row in rows if math.isfinite(measure.of(row))]
    return measure.best(known, key=measure.of).k if known and measure.best else None


def _panel(measure: Measure, rows: Sequence[KEvidence], panel: Panel) -> list[Mark]:
    marks: list[Mark] = [
        Words(x=panel.left, y=panel.top + 12, text=measure.name, size=HEADING, strong=True),
        Words(x=panel.left, y=panel.top + 30, text=measure.reading, size=SMALL, colour=QUIET),
    ]
    known = [row for row in rows if math.isfinite(measure.of(row))]
    bottom = panel.top + HEAD + PLOT
    if not known:
        return [
            *marks,
            Words(x=panel.left, y=panel.top + 80, text="Not defined for a single segment", colour=QUIET),
        ]
    across = Scale(
        low=rows[0].k, high=max(rows[-1].k, rows[0].k + 1), start=panel.left + AXIS + 14, end=panel.right - 14
    )
    up = _up(measure, known, panel.top + HEAD, bottom)
    marks += beside(up, panel.left + AXIS, panel.right, about=3)
    marks.append(HairLine(x=panel.left + AXIS, x2=panel.right, y=bottom, y2=bottom, colour=RULE))
    return marks + _curve(measure, known, across, up) + _ks(rows, across, bottom)


def _up(measure: Measure, known: Sequence[KEvidence], top: float, bottom: float) -> Scale:
    values = [measure.of(row) for row in known]
    if measure.name == "Silhouette":
        values += [
            one for row in known for one in (row.silhouette_low, row.silhouette_high) if math.isfinite(one)
        ]
    low, high = min(0.0, *values, 0.0), max(*values, 0.0)
    room = (high - low) * 0.14 or 1.0
    return Scale(low=low, high=high + room, start=bottom, end=top)


def _curve(measure: Measure, known: Sequence[KEvidence], across: Scale, up: Scale) -> list[Mark]:
    points = tuple((across.at(row.k), up.at(measure.of(row))) for row in known)
    marks: list[Mark] = []
    if measure.name == "Silhouette" and len(known) > 1:
        band = tuple(
            (across.at(row.k), up.at(row.silhouette_low), up.at(row.silhouette_high))
            for row in known
            if math.isfinite(row.silhouette_low) and math.isfinite(row.silhouette_high)
        )
        marks.append(Area(points=band, colour=ACCENT, opacity=0.25))
    if len(points) > 1:
        marks.append(Line(points=points, colour=QUIET))
    for row, (x, y) in zip(known, points, strict=True):
        tip = f"{plural(row.k, 'segment')}: {number(measure.of(row))}"
        marks.append(
            Dot(x=x, y=y, radius=5.5 if row.chosen else 2.5, colour=ACCENT if row.chosen else QUIET, tip=tip)
        )
        if row.chosen:
            under = measure.best is min and y + UNDER < up.start
            marks.append(
                Words(
                    x=x,
                    y=y + UNDER if under else y - 11,
                    text=measure.write(measure.of(row)),
                    strong=True,
                    colour=dark(ACCENT),
                    align="center",
                )
            )
    return marks


def _ks(rows: Sequence[KEvidence], across: Scale, bottom: float) -> list[Mark]:
    return [
        Words(
            x=across.at(row.k),
            y=bottom + 18,
            text=str(row.k),
            size=SMALL,
            strong=row.chosen,
            colour=dark(ACCENT) if row.chosen else QUIET,
            align="center",
        )
        for row in rows
    ]


def _row(row: KEvidence) -> dict[str, object]:
    fields = [
        "k",
        "inertia",
        "silhouette",
        "silhouette_low",
        "silhouette_high",
        "silhouette_macro",
        "calinski_harabasz",
        "davies_bouldin",
        "smallest",
        "chosen",
    ]
    return {field: getattr(row, field) for field in fields}
