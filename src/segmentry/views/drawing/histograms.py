"""How a histogram is drawn, for all customers and for one segment over a ghost of all customers."""

from collections.abc import Sequence

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.views.drawing.marks import Area, Bar, Mark
from segmentry.views.drawing.panels import Panel
from segmentry.views.drawing.scales import Scale

THIN = 4
"""Bars narrower than this touch one another."""


def bin_scale(edges: Floats, panel: Panel, *, log: bool) -> Scale:
    """The scale of the values along a panel's width."""
    low, high = float(edges[0]), float(edges[-1])
    return Scale(low=low, high=high, start=panel.left, end=panel.right, log=log and low > 0)


def bars(edges: Floats, counts: Ints, panel: Panel, scale: Scale, colour: str) -> list[Mark]:
    """One bar a bin, the highest as high as the panel."""
    most = max(int(counts.max(initial=0)), 1)
    places = [scale.at(float(edge)) for edge in edges]
    marks: list[Mark] = []
    for i, amount in enumerate(counts):
        wide = places[i + 1] - places[i]
        gap = 1.0 if wide >= THIN else 0.0
        if amount:
            top = panel.bottom - panel.height * int(amount) / most
            marks.append(Bar(x=places[i], x2=places[i + 1] - gap, y=top, y2=panel.bottom, colour=colour))
    return marks


def outline(
    places: Sequence[float], heights: Floats, panel: Panel, colour: str, opacity: float = 1.0
) -> Area:
    """A histogram as one area over the places of its edges; heights are parts of the panel's height."""
    points: list[tuple[float, float, float]] = []
    for left, right, height in zip(places, places[1:], heights, strict=False):
        y = panel.bottom - panel.height * float(height)
        points += [(left, y, panel.bottom), (right, y, panel.bottom)]
    return Area(points=tuple(points), colour=colour, opacity=opacity)


def parts(counts: Ints) -> Floats:
    """Counts as shares of their sum; zeros for nobody."""
    total = counts.sum()
    return np.asarray(counts / total if total else np.zeros(len(counts)))
