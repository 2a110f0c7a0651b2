"""A figure's body as a live chart: the same marks for Vega-Lite, with what they say and in a page's colours."""

from collections.abc import Iterable, Mapping

from segmentry.views.drawing.figure import Figure
from segmentry.views.drawing.marks import Mark, Sheet, Spec, Words, layer, piles, specified
from segmentry.views.drawing.theme import WIDTH

ABOVE, BELOW = 6, 10
"""Pixels around the body: letters reach over the line that they stand on."""


def live_spec(
    figure: Figure, colours: Mapping[str, str] | None = None, inks: Mapping[str, str] | None = None
) -> Spec:
    """The body of a figure as a Vega-Lite specification; title, subtitle and foot are the page's.

    Args:
        figure: The figure.
        colours: What to draw instead of a colour of the theme, such as on a dark page.
        inks: The same for words; like ``colours`` when not given.

    >>> from segmentry.views.drawing.marks import Dot
    >>> dot = Dot(x=30, y=10, radius=4, colour="#2370bd", tip="High Spenders: 33%")
    >>> figure = Figure(name="n", title="t", subtitle="", foot="", alt="a", marks=(dot,), height=20, data=())
    >>> live_spec(figure, {"#2370bd": "#88bbff"})["layer"][0]["data"]["values"][0]["tip"]
    'High Spenders: 33%'
    """
    paper = Sheet(marks=(), width=WIDTH, height=figure.height + ABOVE + BELOW, down=ABOVE)
    found = specified(paper)
    found_colours, found_inks = colours or {}, inks or colours or {}
    layers = [
        _layer(pile, found_inks if isinstance(pile[0], Words) else found_colours)
        for pile in piles(figure.marks)
    ]
    config = {**found["config"], "background": None}
    return {"description": figure.alt, **found, "layer": layers, "config": config}


def _layer(pile: list[Mark], colours: Mapping[str, str]) -> Spec:
    found = layer(pile, ABOVE)
    rows = found["data"]["values"]
    for row in rows:
        row["color"] = colours.get(row.get("color", ""), row.get("color"))
    tips = [tip for one in pile for tip in _tips(one)]
    if any(tips):
        for row, tip in zip(rows, tips, strict=True):
            row["tip"] = tip
        found["encoding"]["tooltip"] = {"field": "tip", "type": "nominal"}
    if fill := found["mark"].get("fill"):
        found["mark"]["fill"] = colours.get(fill, fill)
    return found


def _tips(mark: Mark) -> Iterable[str]:
    return [getattr(mark, "tip", "")] * len(mark.rows(0))
