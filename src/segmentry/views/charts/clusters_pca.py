"""The map: customers on the plane that shows most of their differences, with the segments' names."""

import numpy as np

from segmentry.records.run import Run
from segmentry.views.charts.captions import run_foot, tags
from segmentry.views.charts.maps import crowd, directions, names, one_of_all
from segmentry.views.drawing.figure import Body, Figure, Rows
from segmentry.views.drawing.marks import Mark, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.theme import BODY, LEFT, PALETTE
from segmentry.views.words.numbers import count, share
from segmentry.views.words.text import shorten

TALL, HEAD, NAME_ROOM = 430, 14, 300
SMALL_TALL, SMALL_HEAD = 144, 22
PAIR = 2
"""Of two segments neither stands further apart."""


def clusters_pca(run: Run) -> tuple[Figure, ...]:
    """One map of all segments; beyond eight, a small map for each over everybody in grey."""
    body = _body(run, BROAD)
    title = headline(run)
    what = "A density of the customers" if run.map.x_edges.size else "Each dot is a customer"
    figure = Figure(
        name="clusters_PCA",
        title=title,
        subtitle=f"{what} on two principal components: near one another means alike; lines lead from the names to the centres",
        foot=run_foot(run, _sample(run)),
        alt=f"A map of {count(run.map.customers)} customers in {run.k} segments. {title}.",
        marks=body.marks,
        height=body.height,
        phone=_body(run, PHONE),
        data=_rows(run),
    )
    return (figure,)


def headline(run: Run) -> str:
    """Which segments lie nearest to one another, and how much the map shows."""
    shown = f"the map shows {share(float(run.map.projection.explained.sum()))} of all differences"
    if run.k == 1:
        return f"One segment; {shown} between customers"
    named = tags(run)
    centres = np.array(run.map.centres)
    if run.k == PAIR:
        return f"{named[0].title} and {named[1].title}: {shown}"
    far = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=2))
    np.fill_diagonal(far, np.inf)
    alone = int(far.min(axis=1).argmax())
    return f"{named[alone].doing('stand')} furthest apart; {shown}"


def _sample(run: Run) -> str:
    placed = sum(segment.customers for segment in run.segments)
    return f"{count(run.map.customers)} of them drawn" if run.map.customers < placed else ""


def _body(run: Run, sheet: Sheet) -> Body:
    return _one(run, sheet) if run.k <= len(PALETTE) else _many(run, sheet)


def _one(run: Run, sheet: Sheet) -> Body:
    panel = Panel(left=LEFT, top=HEAD, width=sheet.width, height=min(TALL, sheet.width))
    named = tags(run)
    marks = crowd(run.map, panel, [tag.colour for tag in named])
    marks += [*names(run.map, panel, named, min(NAME_ROOM, sheet.width * 0.45)), *directions(run.map, panel)]
    return Body(marks=tuple(marks), height=panel.bottom + 22)


def _many(run: Run, sheet: Sheet) -> Body:
    named = tags(run)
    grid = sheet.grid(3, SMALL_HEAD + SMALL_TALL, gap=18, row_gap=18)
    marks: list[Mark] = []
    for i, (tag, panel) in enumerate(zip(named, grid.panels(named), strict=True)):
        plot = Panel(
            left=panel.left, top=panel.top + SMALL_HEAD + HEAD, width=panel.width, height=SMALL_TALL - HEAD
        )
        marks += one_of_all(run.map, plot, i, tag.colour)
        text = shorten(tag.fit(panel.width, BODY, bold=True), panel.width, BODY, bold=True)
        marks.append(Words(x=plot.left, y=plot.top - 7, text=text, strong=True, colour=tag.ink))
    height = grid.total(named)
    whole = Panel(left=LEFT, top=HEAD, width=sheet.width, height=height - HEAD)
    return Body(marks=(*marks, *directions(run.map, whole)), height=height + 22)


def _rows(run: Run) -> Rows:
    projection = run.map.projection
    centres = tuple(
        {"row": "centre", "name": segment.name, "right": float(x), "up": float(y)}
        for segment, (x, y) in zip(run.segments, run.map.centres, strict=True)
    )
    loadings = tuple(
        {"row": "loading", "name": feature, "right": float(x), "up": float(y)}
        for feature, (x, y) in zip(projection.features, projection.components.T, strict=True)
    )
    right, up = (float(one) for one in projection.explained)
    return (*centres, *loadings, {"row": "explained", "name": "share of variance", "right": right, "up": up})
