"""How the two-component map is drawn: dots or density, and names where they do not touch."""

import math
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
TOUCHING, COVERING = 1e6, 40.0
"""What it costs a name to touch another, and to cover all customers, where the width of the map costs 1."""
_AROUND = [(0.0, 0.0)] + [
    (ring * 24 * math.cos(turn * math.pi / 8), ring * 24 * math.sin(turn * math.pi / 8))
    for ring in range(1, 13)
    for turn in range(16)
]
"""Where a name may stand, in pixels from its centre: on rings of 24 pixels, in sixteen directions."""


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
    """The segments' names beside the crowd, each with a line to its segment's centre."""
    axes = scales(found, panel)
    marks: list[Mark] = []
    for place in settled([_place(found, tag, axes, room) for tag in tags], panel, _crowded(found, axes)):
        x, y = place.home
        if abs(place.y - y) > LINE / 2 or abs(place.x - x) > place.half:
            end = min(max(x, place.x - place.half), place.x + place.half)
            marks.append(HairLine(x=x, x2=end, y=y, y2=place.y, colour=place.ink))
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


def _crowded(found: SegmentMap, axes: tuple[Scale, Scale]) -> np.ndarray:
    """Where customers are drawn: rows of x, y and the part of all customers that is there."""
    if found.x_edges.size:
        xs, ys = ((edges[1:] + edges[:-1]) / 2 for edges in (found.x_edges, found.y_edges))
        counts = found.density.sum(axis=0)
        across, up = np.nonzero(counts)
        at, amounts = (xs[across], ys[up]), counts[across, up]
    else:
        at, amounts = (found.x, found.y), np.ones(len(found.x))
    drawn = [
        np.array([axis.at(float(value)) for value in values]) for axis, values in zip(axes, at, strict=True)
    ]
    return np.column_stack([*drawn, amounts / max(float(amounts.sum()), 1.0)])


def settled(places: Sequence[Place], panel: Panel, crowded: np.ndarray) -> list[Place]:
    """The names within the panel, each where it covers fewest customers near its centre and touches no other."""
    put: list[Place] = []
    for place in places:
        spots = [_within(replace(place, x=place.x + x, y=place.y + y), panel) for x, y in _AROUND]
        put.append(min(spots, key=lambda spot: _cost(spot, put, crowded, panel)))
    return put


def _cost(spot: Place, put: Sequence[Place], crowded: np.ndarray, panel: Panel) -> float:
    """How bad a place is: names that it touches, then customers that it covers, then its way from home."""
    touched = sum(_touch(spot, other) for other in put)
    within = (np.abs(crowded[:, 0] - spot.x) < spot.half) & (np.abs(crowded[:, 1] - spot.y) < LINE / 2)
    away = math.dist(spot.home, (spot.x, spot.y)) / panel.width
    return touched * TOUCHING + float(crowded[within, 2].sum()) * COVERING + away


def _touch(one: Place, other: Place) -> bool:
    return abs(one.y - other.y) < LINE + 1 and abs(one.x - other.x) < one.half + other.half


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
