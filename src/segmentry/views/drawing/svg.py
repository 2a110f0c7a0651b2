"""Marks as SVG, written out one by one, which takes a millisecond and no drawing engine.

Colours of the theme also carry a class, so that a style sheet can turn them for a dark page. What is
see-through is so by its fill: an opacity of the whole shape makes a drawing engine draw each on a layer of
its own.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, TypeAlias

from segmentry.views.drawing.marks import (
    Area,
    Bar,
    Cloud,
    Dot,
    HairLine,
    Line,
    Mark,
    Picture,
    Plate,
    Words,
)
from segmentry.views.drawing.theme import (
    FLOOR,
    GHOST,
    GRID,
    INK,
    PALETTE,
    PAPER,
    QUIET,
    RULE,
    dark,
)

Attributes: TypeAlias = Mapping[str, object]

NAMESPACE = "http://www.w3.org/2000/svg"

CLASSES: Mapping[str, str] = {
    INK: "t-ink",
    QUIET: "t-quiet",
    RULE: "t-rule",
    GRID: "t-grid",
    GHOST: "t-ghost",
    PAPER: "t-paper",
    FLOOR: "t-floor",
    **{colour: f"t-seg-{number}" for number, colour in enumerate(PALETTE, 1)},
}
"""The class of each colour of the theme; other colours are the same on every page."""
SAID: Mapping[str, str] = {
    **CLASSES,
    **{dark(colour): f"t-say-{number}" for number, colour in enumerate(PALETTE, 1)},
}
"""The same for words."""


def drawn(marks: Iterable[Mark]) -> str:
    """The marks as SVG elements, those of a higher level after those of a lower one.

    >>> drawn([Dot(x=30, y=10, radius=4, colour="#2370bd")])
    '<circle cx="30" cy="10" r="4" class="t-seg-1" fill="#2370bd"/>'
    >>> drawn([Bar(x=0, x2=9, y=0, y2=5, colour="#2370bd", tip="High Spenders: 33%")])[-41:]
    '><title>High Spenders: 33%</title></rect>'
    """
    return "".join(_DRAW[type(mark)](mark) for mark in sorted(marks, key=lambda mark: mark.level))


def opened(look: Attributes) -> str:
    """The tag that opens an SVG; attributes that are None are left out."""
    return f"<svg{_text({'xmlns': NAMESPACE, 'role': 'img', **look})}>"


def _words(mark: Words) -> str:
    anchor = {"center": "middle", "right": "end"}.get(mark.align)
    look = {
        "x": _px(mark.x),
        "y": _px(mark.y),
        "font-size": _px(mark.size),
        "font-weight": "bold" if mark.strong else None,
        "text-anchor": anchor,
        "class": SAID.get(mark.colour),
        "fill": mark.colour,
    }
    return f"<text{_text(look)}>{said(mark.text)}</text>"


def _bar(mark: Bar) -> str:
    look = {"rx": mark.radius or None, "fill-opacity": _part(mark.opacity), **_paint("fill", mark.colour)}
    return _shape("rect", _box(mark) | look, mark.tip)


def _plate(mark: Plate) -> str:
    look = {"rx": 4, "fill-opacity": 0.85, **_paint("fill", PAPER)}
    return f"<rect{_text(_box(mark) | look)}/>"


def _rule(mark: HairLine) -> str:
    look = {
        "x1": _px(mark.x),
        "x2": _px(mark.x2),
        "y1": _px(mark.y),
        "y2": _px(mark.y2),
        "stroke-width": None if mark.thick == 1 else _px(mark.thick),
        "stroke-dasharray": "3 3" if mark.dashed else None,
        **_paint("stroke", mark.colour),
    }
    return f"<line{_text(look)}/>"


def _dot(mark: Dot) -> str:
    look = {
        "cx": _px(mark.x),
        "cy": _px(mark.y),
        "r": _px(mark.radius),
        "fill-opacity": _part(mark.opacity),
        **_paint("fill", mark.colour),
    }
    return _shape("circle", look, mark.tip)


def _line(mark: Line) -> str:
    look = {
        "d": _path(mark.points),
        "stroke-width": _px(mark.thick),
        "stroke-linejoin": "round",
        **_paint("stroke", mark.colour),
    }
    return f'<path fill="none"{_text(look)}/>'


def _area(mark: Area) -> str:
    there = [(x, y) for x, y, _ in mark.points]
    back = [(x, y2) for x, _, y2 in reversed(mark.points)]
    look = {
        "d": _path([*there, *back]) + "Z",
        "fill-opacity": _part(mark.opacity),
        **_paint("fill", mark.colour),
    }
    return _shape("path", look, mark.tip)


def _cloud(mark: Cloud) -> str:
    look = {
        "d": "".join(f"M{x:.1f},{y:.1f}h0" for x, y in mark.points),
        "stroke-width": _px(2 * mark.radius),
        "stroke-opacity": _part(mark.opacity),
        "stroke-linecap": "round",
        **_paint("stroke", mark.colour),
    }
    return f'<path fill="none"{_text(look)}/>'


def _picture(mark: Picture) -> str:
    look = {
        "x": _px(mark.x),
        "y": _px(mark.y),
        "width": _px(mark.width),
        "height": _px(mark.height),
        "preserveAspectRatio": "none",
        "image-rendering": "pixelated",
        "href": mark.url,
    }
    return f"<image{_text(look)}/>"


_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML document may hold."""

_DRAW: Mapping[type, Callable[[Any], str]] = {
    Words: _words,
    Bar: _bar,
    Plate: _plate,
    HairLine: _rule,
    Dot: _dot,
    Line: _line,
    Area: _area,
    Cloud: _cloud,
    Picture: _picture,
}
"""How each kind of mark is drawn."""


def _box(mark: Bar | Plate) -> dict[str, object]:
    left, right = sorted((mark.x, mark.x2))
    top, bottom = sorted((mark.y, mark.y2))
    return {"x": _px(left), "y": _px(top), "width": _px(right - left), "height": _px(bottom - top)}


def _shape(tag: str, look: Attributes, tip: str) -> str:
    """A shape, with its tip as a title inside: browsers show it where the pointer rests."""
    return f"<{tag}{_text(look)}><title>{said(tip)}</title></{tag}>" if tip else f"<{tag}{_text(look)}/>"


def said(text: str) -> str:
    r"""Text between tags; what XML cannot carry becomes the sign for a character that is not there.

    >>> said("a < b\x00")
    'a &lt; b�'
    """
    return escape(_UNSAYABLE.sub("\ufffd", text))


def _paint(what: str, colour: str) -> dict[str, object]:
    return {"class": CLASSES.get(colour), what: colour}


def _part(opacity: float) -> float | None:
    return None if opacity == 1 else round(opacity, 3)


def _text(look: Attributes) -> str:
    return "".join(f' {name}="{escape(str(one))}"' for name, one in look.items() if one is not None)


def _path(points: Iterable[tuple[float, float]]) -> str:
    """The points as one path: a step along an axis is written as such, and a straight line once.

    >>> _path([(0, 9), (0, 5), (4, 5), (8, 5), (9, 9), (9, 9)])
    'M0,9V5H8L9,9'
    """
    written = [(_px(x), _px(y)) for x, y in points]
    kept = written[:1]
    for at in written[1:]:
        along = [len({one[axis] for one in (*kept[-2:], at)}) == 1 for axis in (0, 1)]
        if len(kept) > 1 and any(along) and _onward(kept[-2:], at):
            kept[-1] = at
        elif at != kept[-1]:
            kept.append(at)
    return "".join(_step(before, at) for before, at in zip([None, *kept], kept, strict=False))


def _onward(line: Sequence[tuple[str, str]], at: tuple[str, str]) -> bool:
    """Whether a point goes on in the direction of a line along an axis."""
    (x, y), (x2, y2) = ((float(one), float(other)) for one, other in line)
    return (float(at[0]) - x2) * (x2 - x) >= 0 and (float(at[1]) - y2) * (y2 - y) >= 0


def _step(before: tuple[str, str] | None, at: tuple[str, str]) -> str:
    x, y = at
    if before is None:
        return f"M{x},{y}"
    return f"V{y}" if before[0] == x else f"H{x}" if before[1] == y else f"L{x},{y}"


def _px(value: float) -> str:
    return f"{round(float(value), 2):g}"
