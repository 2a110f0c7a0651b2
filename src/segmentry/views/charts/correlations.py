"""Which features move together."""

from collections.abc import Sequence

import numpy as np

from segmentry.records.exploration import Correlations
from segmentry.records.run import Survey
from segmentry.views.charts.captions import short_label, survey_foot
from segmentry.views.charts.short_names import short_name
from segmentry.views.drawing.figure import Figure, Rows
from segmentry.views.drawing.marks import Bar, Mark, Words
from segmentry.views.drawing.theme import (
    BODY,
    GRID,
    INK,
    INNER,
    LEFT,
    PAPER,
    SMALL,
    contrast,
    diverging,
)
from segmentry.views.words.numbers import ABSENT, plural, ratio

MOST = 16
"""Features that one matrix can hold before its numbers get too small."""
NAME_ROOM = 150
NOTABLE, CLOSE = 0.3, 0.8
LARGEST_CELL, TALLEST_CELL = 112, 46


def correlations(survey: Survey) -> tuple[Figure, ...]:
    """The rank correlation of every pair, as a triangle with the names on its edge."""
    found = survey.exploration.correlations
    shown = strongest(found, MOST)
    side = min(LARGEST_CELL, (INNER - NAME_ROOM) / max(len(shown), 1))
    tall = min(TALLEST_CELL, side)
    title = headline(found)
    left_out = len(found.features) - len(shown)
    note = (
        f"the {len(shown)} of {len(found.features)} features with the strongest correlations; all pairs are in the data"
        if left_out
        else ""
    )
    figure = Figure(
        name="correlations",
        title=title,
        subtitle="Rank correlation (Spearman) of each pair, from −1 (opposite, orange) to +1 (together, blue)",
        foot=survey_foot(survey, note),
        alt=f"A matrix of the correlations of {plural(len(shown), 'feature')}. {title}.",
        marks=tuple(_triangle(found, shown, side, tall)),
        height=max(len(shown) * tall, 30.0),
        data=_rows(found),
    )
    return (figure,)


def headline(found: Correlations) -> str:
    """The strongest correlation when there is a notable one."""
    pairs = _pairs(found)
    if not pairs:
        return (
            "A single feature has nothing to correlate with"
            if len(found.features) == 1
            else "No correlations"
        )
    strength, i, j = max(pairs, key=lambda pair: abs(pair[0]))
    if abs(strength) < NOTABLE:
        return f"No two features move together: the strongest correlation is {ratio(strength)}"
    first, second = short_label(found.features[i]), short_label(found.features[j])
    way = "rise and fall together" if strength > 0 else "move in opposite directions"
    close = " closely" if abs(strength) >= CLOSE and strength > 0 else ""
    return f"{first} and {second} {way}{close}: correlation {ratio(strength)}"


def strongest(found: Correlations, most: int) -> tuple[int, ...]:
    """The features in their order, or those with the strongest correlations when there are too many."""
    p = len(found.features)
    if p <= most:
        return tuple(range(p))
    strength = np.nan_to_num(np.abs(np.array(found.spearman)))
    np.fill_diagonal(strength, 0.0)
    order = np.argsort(-strength.max(axis=1), kind="stable")[:most]
    return tuple(sorted(int(i) for i in order))


def _triangle(found: Correlations, shown: Sequence[int], side: float, tall: float) -> list[Mark]:
    marks: list[Mark] = []
    for row, i in enumerate(shown):
        base = row * tall + tall / 2 + BODY * 0.36
        for place, j in enumerate(shown[:row]):
            marks += _cell(float(found.spearman[i, j]), LEFT + place * side, row * tall, (side, tall))
        x = LEFT + row * side + 8
        room = LEFT + INNER - x
        marks.append(
            Words(
                x=x,
                y=base,
                text=short_name(found.features[i], found.features, room, BODY, bold=True),
                strong=True,
            )
        )
    return marks


def _cell(value: float, x: float, y: float, size: tuple[float, float]) -> list[Mark]:
    side, tall = size
    known = bool(np.isfinite(value))
    colour = diverging(value) if known else GRID
    ink = max(INK, PAPER, key=lambda one: contrast(one, colour))
    text = ratio(value) if known else ABSENT
    return [
        Bar(x=x + 1, x2=x + side - 1, y=y + 1, y2=y + tall - 1, colour=colour),
        Words(
            x=x + side / 2, y=y + tall / 2 + SMALL * 0.36, text=text, size=SMALL, colour=ink, align="center"
        ),
    ]


def _pairs(found: Correlations) -> list[tuple[float, int, int]]:
    p = len(found.features)
    every = [(float(found.spearman[i, j]), i, j) for i in range(p) for j in range(i + 1, p)]
    return [pair for pair in every if np.isfinite(pair[0])]


def _rows(found: Correlations) -> Rows:
    p = len(found.features)
    return tuple(
        {
            "feature": found.features[i],
            "other": found.features[j],
            "pearson": float(found.pearson[i, j]),
            "spearman": float(found.spearman[i, j]),
        }
        for i in range(p)
        for j in range(i + 1, p)
    )
