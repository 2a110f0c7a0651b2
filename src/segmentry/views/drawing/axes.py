"""Ticks and their labels, and which labels fit side by side."""

from collections.abc import Sequence

from segmentry.views.drawing.marks import HairLine, Mark, Words
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import GRID, QUIET, SMALL
from segmentry.views.words.numbers import share, ticks
from segmentry.views.words.text import width

CLEARANCE = 8
DROP = 17
"""How far below the axis the labels stand."""


def below(scale: Scale, y: float, about: int = 4, *, percent: bool = False) -> list[Mark]:
    """Tick labels below a plot that ends at y, those left out that would touch one another."""
    values = scale.ticks(about)
    texts = [share(value) for value in values] if percent else list(ticks(values))
    places = [scale.at(value) for value in values]
    shown = apart(places, texts)
    return [
        Words(x=places[i], y=y + DROP, text=texts[i], size=SMALL, colour=QUIET, align="center") for i in shown
    ]


def no_yes(scale: Scale, y: float) -> list[Mark]:
    """The labels of a two-valued feature."""
    return [
        Words(x=scale.at(value), y=y + DROP, text=text, size=SMALL, colour=QUIET, align="center")
        for value, text in ((0.0, "no"), (1.0, "yes"))
    ]


def beside(scale: Scale, left: float, right: float, about: int = 4, *, percent: bool = False) -> list[Mark]:
    """Grid lines from left to right, labelled at their left ends."""
    values = scale.ticks(about)
    texts = [share(value) for value in values] if percent else list(ticks(values))
    marks: list[Mark] = []
    for value, text in zip(values, texts, strict=True):
        y = scale.at(value)
        marks += [
            HairLine(x=left, x2=right, y=y, y2=y, colour=GRID),
            Words(x=left - CLEARANCE, y=y + SMALL * 0.35, text=text, size=SMALL, colour=QUIET, align="right"),
        ]
    return marks


def apart(places: Sequence[float], texts: Sequence[str], size: float = SMALL) -> list[int]:
    """Which of the centred labels can stay when earlier ones in the list go first.

    >>> apart([0, 10, 100], ["1,000", "2,000", "3,000"])
    [0, 2]
    """
    kept: list[int] = []
    for i, (place, text) in enumerate(zip(places, texts, strict=True)):
        half = width(text, size) / 2
        if all(abs(place - places[j]) >= half + width(texts[j], size) / 2 + CLEARANCE for j in kept):
            kept.append(i)
    return kept
