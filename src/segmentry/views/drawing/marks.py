"""What a sheet is drawn with: words, bars, rules, dots, lines, areas and pictures, in pixels of the sheet.

A chart lays out its marks in Python, where text can be measured. ``views/drawing/svg.py`` writes them out as
they are; here they become a Vega-Lite specification for charts that are drawn live. All marks of one kind
are one layer of it, whatever their number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar, Protocol, TypeAlias

from segmentry.views.drawing.theme import BODY, FONT, GRID, INK, PAPER, REGULAR, STRONG

Row: TypeAlias = dict[str, object]
Spec: TypeAlias = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of mark and how Vega-Lite draws it.

    Attributes:
        level: Later levels lie on earlier ones.
        mark: Vega-Lite's mark with its properties; ``expr`` reads a field of our own rows.
        channels: The fields that place and colour it.
    """

    level: int
    mark: Mapping[str, Any]
    channels: tuple[str, ...]


class Mark(Protocol):
    """Something drawn on a sheet."""

    kind: ClassVar[Kind]
    """How it is drawn."""

    def rows(self, down: float) -> list[Row]:
        """The mark as rows of data, moved down by so many pixels."""
        ...


def _own(field: str) -> dict[str, str]:
    return {"expr": f"datum.{field}"}


_PATH: Mapping[str, Any] = {"type": "point", "size": 4, "opacity": 1, "strokeWidth": 0}
"""A point whose shape is a path of its own: Vega scales paths by half the root of the size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line of text; y is the line that the letters stand on."""

    kind: ClassVar[Kind] = Kind(
        level=9,
        mark={"type": "text", "baseline": "alphabetic", "align": _own("align"), "fontWeight": _own("weight")},
        channels=("x", "y", "text", "size", "color"),
    )
    x: float
    y: float
    text: str
    size: float = BODY
    strong: bool = False
    colour: str = INK
    align: str = "left"

    def rows(self, down: float) -> list[Row]:
        """One row."""
        look = {"size": self.size, "color": self.colour, "align": self.align}
        weight = STRONG if self.strong else REGULAR
        return [{"x": _px(self.x), "y": _px(self.y + down), "text": self.text, "weight": weight, **look}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A filled rectangle from corner to corner; the tip is what a live chart says of it."""

    kind: ClassVar[Kind] = Kind(
        level=1,
        mark={"type": "rect", "cornerRadius": _own("radius"), "fillOpacity": _own("opacity")},
        channels=("x", "x2", "y", "y2", "color"),
    )
    x: float
    x2: float
    y: float
    y2: float
    colour: str
    opacity: float = 1.0
    radius: float = 0.0
    tip: str = ""

    def rows(self, down: float) -> list[Row]:
        """One row."""
        look = {"color": self.colour, "opacity": self.opacity, "radius": self.radius}
        return [_box(self, down) | look]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A white plate under a label that lies on dots."""

    kind: ClassVar[Kind] = Kind(
        level=8,
        mark={"type": "rect", "cornerRadius": 4, "fill": PAPER, "fillOpacity": 0.85},
        channels=("x", "x2", "y", "y2"),
    )
    x: float
    x2: float
    y: float
    y2: float

    def rows(self, down: float) -> list[Row]:
        """One row."""
        return [_box(self, down)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight line from place to place."""

    kind: ClassVar[Kind] = Kind(
        level=5,
        mark={"type": "rule", "strokeDash": _own("dash"), "strokeWidth": _own("thick")},
        channels=("x", "x2", "y", "y2", "color"),
    )
    x: float
    x2: float
    y: float
    y2: float
    colour: str = GRID
    thick: float = 1.0
    dashed: bool = False

    def rows(self, down: float) -> list[Row]:
        """One row."""
        look = {"color": self.colour, "thick": self.thick, "dash": [3, 3] if self.dashed else []}
        return [_box(self, down) | look]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A filled circle; the tip is what a live chart says of it."""

    kind: ClassVar[Kind] = Kind(
        level=7,
        mark={"type": "circle", "opacity": 1, "fillOpacity": _own("opacity")},
        channels=("x", "y", "size", "color"),
    )
    x: float
    y: float
    radius: float
    colour: str
    opacity: float = 1.0
    tip: str = ""

    def rows(self, down: float) -> list[Row]:
        """One row; Vega's size is the area of the square around the circle."""
        look = {"size": round(4 * self.radius**2, 1), "color": self.colour, "opacity": self.opacity}
        return [{"x": _px(self.x), "y": _px(self.y + down)} | look]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through points, in their order."""

    kind: ClassVar[Kind] = Kind(
        level=6,
        mark={**_PATH, "filled": False, "strokeJoin": "round", "strokeWidth": _own("thick")},
        channels=("x", "y", "shape", "color"),
    )
    points: tuple[tuple[float, float], ...]
    colour: str
    thick: float = 2.0

    def rows(self, down: float) -> list[Row]:
        """One row: the path, from the upper left corner of the sheet."""
        return [
            {"x": 0, "y": _px(down), "shape": _path(self.points), "color": self.colour, "thick": self.thick}
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The area between two lines over the same x, in their order: points are (x, y, y2).

    The tip is what a live chart says of it.
    """

    kind: ClassVar[Kind] = Kind(
        level=3,
        mark={**_PATH, "filled": True, "fillOpacity": _own("opacity")},
        channels=("x", "y", "shape", "color"),
    )
    points: tuple[tuple[float, float, float], ...]
    colour: str
    opacity: float = 1.0
    tip: str = ""

    def rows(self, down: float) -> list[Row]:
        """One row: there along the first line, back along the second."""
        there = [(x, y) for x, y, _ in self.points]
        back = [(x, y2) for x, _, y2 in reversed(self.points)]
        path = _path((*there, *back)) + "Z"
        return [{"x": 0, "y": _px(down), "shape": path, "color": self.colour, "opacity": self.opacity}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Many dots of one colour, drawn as one path: each dot is the round cap of a stroke that goes nowhere."""

    kind: ClassVar[Kind] = Kind(
        level=4,
        mark={
            **_PATH,
            "filled": False,
            "strokeCap": "round",
            "strokeWidth": _own("thick"),
            "strokeOpacity": _own("opacity"),
        },
        channels=("x", "y", "shape", "color"),
    )
    points: tuple[tuple[float, float], ...]
    radius: float
    colour: str
    opacity: float = 1.0

    def rows(self, down: float) -> list[Row]:
        """One row: a stroke for each dot."""
        path = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in self.points)
        look = {"color": self.colour, "opacity": self.opacity, "thick": 2 * self.radius}
        return [{"x": 0, "y": _px(down), "shape": path, **look}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image from its upper left corner; its pixels stay sharp."""

    kind: ClassVar[Kind] = Kind(
        level=2,
        mark={
            "type": "image",
            "align": "left",
            "baseline": "top",
            "aspect": False,
            "smooth": False,
            "width": _own("wide"),
            "height": _own("high"),
        },
        channels=("x", "y", "url"),
    )
    x: float
    y: float
    width: float
    height: float
    url: str

    def rows(self, down: float) -> list[Row]:
        """One row."""
        size = {"wide": _px(self.width), "high": _px(self.height)}
        return [{"x": _px(self.x), "y": _px(self.y + down), "url": self.url} | size]


_NUMBER: Mapping[str, Any] = {"type": "quantitative", "scale": None}
_WORD: Mapping[str, Any] = {"type": "nominal"}
_CHANNELS: Mapping[str, Mapping[str, Any]] = {
    "x": {"field": "x", "axis": None, **_NUMBER},
    "y": {"field": "y", "axis": None, **_NUMBER},
    "x2": {"field": "x2"},
    "y2": {"field": "y2"},
    "text": {"field": "text", **_WORD},
    "url": {"field": "url", **_WORD},
    "shape": {"field": "shape", "scale": None, "legend": None, **_WORD},
    "size": {"field": "size", "legend": None, **_NUMBER},
    "color": {"field": "color", "scale": None, "legend": None, **_WORD},
}
_CONFIG: Mapping[str, Any] = {"aria": False, "background": PAPER, "font": FONT, "view": {"stroke": None}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Marks on paper.

    Attributes:
        marks: What is drawn, in any order.
        width: The width of the paper in pixels.
        height: The height of the paper in pixels.
        down: How far below the paper's upper edge the marks' own zero lies, in pixels.
    """

    marks: tuple[Mark, ...]
    width: float
    height: float
    down: float


def specified(sheet: Sheet) -> Spec:
    """The sheet as one Vega-Lite specification."""
    return {
        "$schema": SCHEMA,
        "width": sheet.width,
        "height": sheet.height,
        "padding": 0,
        "layer": [layer(pile, sheet.down) for pile in piles(sheet.marks)],
        "config": dict(_CONFIG),
    }


def piles(marks: Iterable[Mark]) -> list[list[Mark]]:
    """The marks by kind, in the order in which they lie on each other."""
    return [list(pile) for _, pile in groupby(sorted(marks, key=_level), key=_level)]


def _level(mark: Mark) -> int:
    return mark.kind.level


def layer(pile: Sequence[Mark], down: float) -> Spec:
    """Marks of one kind as a layer."""
    kind = pile[0].kind
    return {
        "data": {"values": [row for mark in pile for row in mark.rows(down)]},
        "mark": dict(kind.mark),
        "encoding": {channel: dict(_CHANNELS[channel]) for channel in kind.channels},
    }


def _box(mark: Bar | Plate | Rule, down: float) -> Row:
    return {"x": _px(mark.x), "x2": _px(mark.x2), "y": _px(mark.y + down), "y2": _px(mark.y2 + down)}


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_px(x):g},{_px(y):g}" for x, y in points)


def _px(value: float) -> float:
    return round(float(value), 2)
