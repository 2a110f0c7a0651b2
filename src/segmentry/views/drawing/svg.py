"""A figure as SVG: its marks written out one by one, which takes a millisecond and no drawing engine.

The sheet is for files and reports, the body for pages that say the words themselves. Colours of the
theme also carry a class, so that a style sheet can turn them for a dark page. What is see-through is so
by its fill: an opacity of the whole shape makes a drawing engine draw each on a sheet of its own.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Protocol, TypeAlias

from segmentry.views.drawing.marks import (
    Area,
    Bar,
    Cloud,
    Dot,
    Line,
    Mark,
    Picture,
    Plate,
    Rule,
    Sheet,
    Words,
)
from segmentry.views.drawing.theme import (
    FLOOR,
    FONT,
    GHOST,
    GRID,
    INK,
    INNER,
    LEFT,
    PALETTE,
    PAPER,
    QUIET,
    RULE,
    STRONG,
    dark,
)

Attributes: TypeAlias = Mapping[str, object]

NAMESPACE = "http://www.w3.org/2000/svg"
ABOVE, BELOW = 6, 10
"""Pixels around the body: letters reach over the line that they stand on."""
BESIDE = 4

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


class Drawable(Protocol):
    """What is needed of a figure to draw its body."""

    @property
    def alt(self) -> str:
        """The picture in one sentence."""
        ...

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is drawn."""
        ...

    @property
    def height(self) -> float:
        """The height of the body in pixels."""
        ...


class Whole(Protocol):
    """What is needed of a figure to draw its sheet."""

    @property
    def name(self) -> str:
        """Its file's name without its ending."""
        ...

    @property
    def title(self) -> str:
        """The finding."""
        ...

    @property
    def alt(self) -> str:
        """The picture in one sentence."""
        ...

    @property
    def sheet(self) -> Sheet:
        """What is drawn, and on what paper."""
        ...


def body_svg(figure: Drawable) -> str:
    """The body of a figure as an SVG element of role ``img``; title, subtitle and foot are the page's.

    >>> from segmentry.views.drawing.figure import Figure
    >>> dot = Dot(x=30, y=10, radius=4, colour="#2370bd")
    >>> figure = Figure(name="n", title="t", subtitle="", foot="", alt="<b>", marks=(dot,), height=20, data=())
    >>> body_svg(figure)[-68:]
    '<circle cx="30" cy="10" r="4" class="t-seg-1" fill="#2370bd"/></svg>'
    """
    box = f"{LEFT - BESIDE} {-ABOVE} {INNER + 2 * BESIDE} {_px(figure.height + ABOVE + BELOW)}"
    head = f'<svg xmlns="{NAMESPACE}" role="img" viewBox="{box}" aria-label="{escape(figure.alt)}">'
    return head + "".join(_drawn(figure.marks)) + "</svg>"


def sheet_svg(figure: Whole) -> str:
    """A whole figure as an SVG document with a name and a description for people who do not see it.

    Several sheets can stand in one page: ids begin with the figure's name.

    >>> from segmentry.views.drawing.figure import Figure
    >>> figure = Figure(name="n", title="<t>", subtitle="", foot="", alt="a", marks=(), height=20, data=())
    >>> sheet_svg(figure).count(">&lt;t&gt;<")
    2
    """
    name, sheet = figure.name, figure.sheet
    width, height = _px(sheet.width), _px(sheet.height)
    look = {
        "xmlns": NAMESPACE,
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
        "width": width,
        "height": height,
        "viewBox": f"0 0 {width} {height}",
        "font-family": FONT,
    }
    return "".join(
        [
            f"<svg{_text(look)}>",
            f'<title id="{name}-title">{_said(figure.title)}</title>',
            f'<desc id="{name}-desc">{_said(figure.alt)}</desc>',
            f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
            f'<g transform="translate(0,{_px(sheet.down)})">',
            *_drawn(sheet.marks),
            "</g></svg>",
        ]
    )


def _drawn(marks: Iterable[Mark]) -> Iterable[str]:
    for mark in sorted(marks, key=lambda one: one.kind.level):
        yield _DRAW[type(mark)](mark)


def _words(mark: Words) -> str:
    anchor = {"center": "middle", "right": "end"}.get(mark.align)
    look = {
        "x": _px(mark.x),
        "y": _px(mark.y),
        "font-size": _px(mark.size),
        "font-weight": "bold" if mark.strong and STRONG else None,
        "text-anchor": anchor,
        "class": SAID.get(mark.colour),
        "fill": mark.colour,
    }
    return f"<text{_text(look)}>{_said(mark.text)}</text>"


def _bar(mark: Bar) -> str:
    look = {"rx": mark.radius or None, "fill-opacity": _part(mark.opacity), **_paint("fill", mark.colour)}
    return f"<rect{_text(_box(mark) | look)}/>"


def _plate(mark: Plate) -> str:
    look = {"rx": 4, "fill-opacity": 0.85, **_paint("fill", PAPER)}
    return f"<rect{_text(_box(mark) | look)}/>"


def _rule(mark: Rule) -> str:
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
    return f"<circle{_text(look)}/>"


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
    return f"<path{_text(look)}/>"


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
    Rule: _rule,
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


def _said(text: str) -> str:
    r"""Text between tags; what XML cannot carry becomes the sign for a character that is not there.

    >>> _said("a < b\x00")
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
