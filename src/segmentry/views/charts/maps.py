"""How the two-component map is drawn: dots or density, and names where they do not touch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.records.projection import SegmentMap
from segmentry.views.charts.captions import Tag
from segmentry.views.drawing.density import densities, density
from segmentry.views.drawing.marks import Bar, Cloud, HairLine, Mark, Picture, Plate, Words, base
from segmentry.views.drawing.panels import Panel
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, FLOOR, GHOST, QUIET, SMALL
from segmentry.views.words.numbers import share
from segmentry.views.words.text import label, shorten, width

DOT, SMALL_DOT, FAINT, WIDE = 2.2, 1.7, 0.7, 500
LINE, PAD = 20, 5
STRONG_LOADING, TRAITS, TRAIT_ROOM = 0.3, 3, 170
MANY = 40
"""Rounds in which touching names move apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A name and where it stands: the middle of its line."""

    text: str
    ink: str
    x: float
    y: float
    home: tuple[float, float]

    @property
    def half(self) -> float:
        """Half its width, plate included."""
        return width(self.text, BODY, bold=True) / 2 + PAD


def scales(found: SegmentMap, panel: Panel) -> tuple[Scale, Scale]:
    """Across and up; the density's own edges, or the ends of the dots with a little room."""
    if found.x_edges.size:
        ends = (found.x_edges[0], found.x_edges[-1], found.y_edges[0], found.y_edges[-1])
    else:
        ends = (*_ends(found.x), *_ends(found.y))
    left, right, low, high = (float(end) for end in ends)
    return (
        Scale(low=left, high=right, start=panel.left, end=panel.right),
        Scale(low=low, high=high, start=panel.bottom, end=panel.top),
    )


def _ends(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    room = (high - low) * 0.04 or 1.0
    return low - room, high + room


def crowd(
    found: SegmentMap, panel: Panel, colours: Sequence[str], within: SegmentMap | None = None
) -> list[Mark]:
    """All customers in the colours of their segments.

    Args:
        found: The customers.
        panel: Where they are drawn.
        colours: The colour of each segment.
        within: The map whose ends are those of the axes; None for the customers' own.
    """
    floor = Bar(x=panel.left, x2=panel.right, y=panel.top, y2=panel.bottom, colour=FLOOR)
    if found.x_edges.size:
        url = densities(found.density, tuple(colours))
        return [floor, Picture(x=panel.left, y=panel.top, width=panel.width, height=panel.height, url=url)]
    across, up = scales(within or found, panel)
    return [floor, *_dots(found, across, up, colours, DOT if panel.width > WIDE else SMALL_DOT)]


def one_of_all(found: SegmentMap, panel: Panel, segment: int, colour: str) -> list[Mark]:
    """One segment in its colour over everybody in grey."""
    floor = Bar(x=panel.left, x2=panel.right, y=panel.top, y2=panel.bottom, colour=FLOOR)
    if found.x_edges.size:
        layers = (density(found.density.sum(axis=0), "#b9c0ca"), density(found.density[segment], colour))
        corner = {"x": panel.left, "y": panel.top, "width": panel.width, "height": panel.height}
        return [floor, *(Picture(**corner, url=url) for url in layers)]
    across, up = scales(found, panel)
    colours = [GHOST] * len(found.centres)
    colours[segment] = colour
    return [floor, *_dots(found, across, up, colours, SMALL_DOT)]


def _dots(found: SegmentMap, across: Scale, up: Scale, colours: Sequence[str], radius: float) -> list[Mark]:
    order = sorted(range(len(colours)), key=lambda i: colours[i] != GHOST)
    return [
        Cloud(
            points=tuple(
                (across.at(float(x)), up.at(float(y)))
                for x, y in zip(found.x[found.segment == i], found.y[found.segment == i], strict=True)
            ),
            radius=radius,
            colour=colours[i],
            opacity=FAINT,
        )
        for i in order
        if (found.segment == i).any()
    ]


def names(found: SegmentMap, panel: Panel, tags: Sequence[Tag], room: float) -> list[Mark]:
    """The segments' names at their centres, moved apart where they would touch."""
    across, up = scales(found, panel)
    marks: list[Mark] = []
    for place in settled([_place(found, tag, (across, up), room) for tag in tags], panel):
        x, y = place.home
        if abs(place.y - y) > LINE / 2 or abs(place.x - x) > place.half:
            marks.append(HairLine(x=x, x2=place.x, y=y, y2=place.y, colour=place.ink))
        marks += [
            Plate(
                x=place.x - place.half, x2=place.x + place.half, y=place.y - LINE / 2, y2=place.y + LINE / 2
            ),
            Words(
                x=place.x,
                y=base(place.y),
                text=place.text,
                strong=True,
                colour=place.ink,
                align="center",
            ),
        ]
    return marks


def _place(found: SegmentMap, tag: Tag, axes: tuple[Scale, Scale], room: float) -> Place:
    x, y = (axis.at(float(value)) for axis, value in zip(axes, found.centres[tag.number - 1], strict=True))
    return Place(text=tag.fit(room, BODY, bold=True), ink=tag.ink, x=x, y=y, home=(x, y))


def settled(places: Sequence[Place], panel: Panel) -> list[Place]:
    """The names within the panel, moved up and down until none touches another."""
    inside = [_within(place, panel) for place in places]
    order = sorted(range(len(inside)), key=lambda i: (inside[i].y, i))
    for _ in range(MANY):
        moved = False
        for a, first in enumerate(order):
            for second in order[a + 1 :]:
                moved = _part(inside, first, second, panel) or moved
        if not moved:
            break
    return inside


def _part(places: list[Place], first: int, second: int, panel: Panel) -> bool:
    """Push two touching names apart, half the overlap each."""
    upper, lower = places[first], places[second]
    overlap = LINE + 1 - abs(upper.y - lower.y)
    if overlap <= 0 or abs(upper.x - lower.x) >= upper.half + lower.half:
        return False
    if upper.y > lower.y:
        first, second = second, first
        upper, lower = lower, upper
    places[first] = _within(replace(upper, y=upper.y - overlap / 2 - 0.5), panel)
    places[second] = _within(replace(lower, y=lower.y + overlap / 2 + 0.5), panel)
    return True


def _within(place: Place, panel: Panel) -> Place:
    x = min(max(place.x, panel.left + place.half), panel.right - place.half)
    y = min(max(place.y, panel.top + LINE / 2), panel.bottom - LINE / 2)
    return replace(place, x=x, y=y)


def directions(found: SegmentMap, panel: Panel) -> list[Mark]:
    """What lies to the right and up: the strongest loadings of the two components, as many as fit."""
    right, up = (_direction(found, axis, panel.width - 2 * SMALL) for axis in (0, 1))
    return [
        Words(x=panel.left, y=panel.top - 9, text=f"↑ {up}", size=SMALL, colour=QUIET),
        Words(x=panel.right, y=panel.bottom + 19, text=f"{right} →", size=SMALL, colour=QUIET, align="right"),
    ]


def _direction(found: SegmentMap, axis: int, room: float) -> str:
    loadings = found.projection.components[axis]
    if not np.abs(loadings).max(initial=0.0):
        return "no second direction"
    order = np.argsort(-np.abs(loadings), kind="stable")[:TRAITS]
    top = [i for i in order if abs(loadings[i]) >= STRONG_LOADING] or [order[0]]
    traits = [
        f"{'more' if loadings[i] > 0 else 'less'} {shorten(label(found.projection.features[i]), TRAIT_ROOM, SMALL)}"
        for i in top
    ]
    explained = f" ({share(float(found.projection.explained[axis]))} of the differences)"
    every = [
        ", ".join(traits[:amount]) + tail for amount in range(len(traits), 0, -1) for tail in (explained, "")
    ]
    return next((text for text in every if width(text, SMALL) <= room), shorten(traits[0], room, SMALL))
