"""What a figure is drawn with: words, bars, rules, dots, lines, areas and pictures, placed in pixels.

A chart lays out its marks in Python, where text can be measured; ``views/drawing/svg.py`` writes them out.
A tip is what the mark says when the pointer rests on it.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from segmentry.views.drawing.theme import BODY, GRID, INK


class Mark(Protocol):
    """Something that is drawn."""

    level: ClassVar[int]
    """Marks of a higher level lie on those of a lower one."""


def base(middle: float, size: float = BODY) -> float:
    """The line that letters stand on when they are centred on a height."""
    return middle + size * 0.36


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line of text; y is the line that the letters stand on."""

    level: ClassVar[int] = 9
    x: float
    y: float
    text: str
    size: float = BODY
    strong: bool = False
    colour: str = INK
    align: str = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A filled rectangle from corner to corner."""

    level: ClassVar[int] = 1
    x: float
    x2: float
    y: float
    y2: float
    colour: str
    opacity: float = 1.0
    radius: float = 0.0
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A white plate under a label that lies on dots."""

    level: ClassVar[int] = 8
    x: float
    x2: float
    y: float
    y2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HairLine:
    """A straight line from place to place."""

    level: ClassVar[int] = 5
    x: float
    x2: float
    y: float
    y2: float
    colour: str = GRID
    thick: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A filled circle."""

    level: ClassVar[int] = 7
    x: float
    y: float
    radius: float
    colour: str
    opacity: float = 1.0
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through points, in their order."""

    level: ClassVar[int] = 6
    points: tuple[tuple[float, float], ...]
    colour: str
    thick: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The area between two lines over the same x, in their order: points are (x, y, y2)."""

    level: ClassVar[int] = 3
    points: tuple[tuple[float, float, float], ...]
    colour: str
    opacity: float = 1.0
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Many dots of one colour, drawn as one path: each dot is the round cap of a stroke that goes nowhere."""

    level: ClassVar[int] = 4
    points: tuple[tuple[float, float], ...]
    radius: float
    colour: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image from its upper left corner; its pixels stay sharp."""

    level: ClassVar[int] = 2
    x: float
    y: float
    width: float
    height: float
    url: str
