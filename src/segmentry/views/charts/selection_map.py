"""The map of a choice of customers: the chosen in their colours, everybody in grey behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from segmentry.records.projection import SegmentMap
from segmentry.records.run import Run
from segmentry.views.charts.captions import run_foot, tags
from segmentry.views.charts.clusters_pca import NAME_ROOM
from segmentry.views.charts.maps import crowd, directions, names, scales
from segmentry.views.drawing.figure import Figure, Rows
from segmentry.views.drawing.marks import Bar, HairLine, Mark
from segmentry.views.drawing.panels import Panel
from segmentry.views.drawing.theme import GHOST, INK, INNER, LEFT
from segmentry.views.words.numbers import count

TALL, HEAD = 430, 14
PANEL = Panel(left=LEFT, top=HEAD, width=INNER, height=TALL)
"""Where the map is on its sheet; a brush needs to know."""

Area = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is shown of the map.

    Attributes:
        everybody: All customers; its ends are those of the axes.
        chosen: The chosen ones; None when nobody is left out.
        area: x0, x1, y0, y1 of an area, drawn as a frame; None for none.
    """

    everybody: SegmentMap
    chosen: SegmentMap | None = None
    area: Area | None = None


def chosen_map(run: Run, choice: Choice) -> Figure:
    """The map under a filter; its axes are always those of everybody.

    Args:
        run: The run.
        choice: What is shown.
    """
    named = tags(run)
    colours = [tag.colour for tag in named]
    shown = choice.chosen or choice.everybody
    marks = _crowds(choice, colours)
    if choice.area:
        marks += _frame(choice.everybody, choice.area)
    what = "A density of the customers" if choice.everybody.x_edges.size else "Each dot is a customer"
    of_all = f"{count(shown.customers)} of {count(choice.everybody.customers)} customers"
    title = of_all if choice.chosen else f"{count(shown.customers)} customers in {run.k} segments"
    drawn = replace(choice.everybody, centres=shown.centres)
    return Figure(
        name="map",
        title=title if run.k > 1 else f"{count(shown.customers)} customers",
        subtitle=f"{what} on two principal components: near one another means alike; names stand at the centres",
        foot=run_foot(run),
        alt=f"A map of {of_all} on two principal components.",
        marks=(*marks, *names(drawn, PANEL, named, NAME_ROOM), *directions(drawn, PANEL)),
        height=HEAD + TALL + 22,
        data=_rows(run, shown),
    )


def ends(everybody: SegmentMap) -> Area:
    """x0, x1, y0, y1: where the axes begin and end."""
    across, up = scales(everybody, PANEL)
    return across.low, across.high, up.low, up.high


def _crowds(choice: Choice, colours: Sequence[str]) -> list[Mark]:
    if choice.chosen is None:
        return crowd(choice.everybody, PANEL, colours)
    behind = crowd(choice.everybody, PANEL, [GHOST] * len(colours))
    _, *chosen = crowd(choice.chosen, PANEL, colours, choice.everybody)
    return [*behind, *chosen]


def _frame(everybody: SegmentMap, area: Area) -> list[Mark]:
    """The area, as far as it is on the map."""
    across, up = scales(everybody, PANEL)
    x0, x1 = (min(max(one, across.low), across.high) for one in area[:2])
    y0, y1 = (min(max(one, up.low), up.high) for one in area[2:])
    left, right, bottom, top = across.at(x0), across.at(x1), up.at(y0), up.at(y1)
    edges = (
        (left, right, top, top),
        (left, right, bottom, bottom),
        (left, left, top, bottom),
        (right, right, top, bottom),
    )
    return [
        Bar(x=left, x2=right, y=top, y2=bottom, colour=INK, opacity=0.06),
        *(HairLine(x=x, x2=x2, y=y, y2=y2, colour=INK, thick=1.5) for x, x2, y, y2 in edges),
    ]


def _rows(run: Run, shown: SegmentMap) -> Rows:
    """Where each segment's centre is, and how many of its customers are shown."""
    inside = (
        shown.density.sum(axis=(1, 2)).tolist()
        if shown.x_edges.size
        else [int((shown.segment == index).sum()) for index in range(run.k)]
    )
    return tuple(
        {"segment": segment.name, "right": float(x), "up": float(y), "customers shown": int(amount)}
        for segment, (x, y), amount in zip(run.segments, shown.centres, inside, strict=True)
    )
