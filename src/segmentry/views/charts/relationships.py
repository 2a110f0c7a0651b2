"""How each pair of features goes together, customer by customer."""

from collections.abc import Mapping, Sequence

import numpy as np

from segmentry.records.exploration import PairDensity
from segmentry.records.run import Survey
from segmentry.views.charts.captions import short_label, survey_foot
from segmentry.views.drawing.density import density
from segmentry.views.drawing.figure import Figure, Rows, chunks, pages
from segmentry.views.drawing.marks import Bar, Mark, Picture, Words
from segmentry.views.drawing.panels import Grid, Panel
from segmentry.views.drawing.theme import (
    ACCENT,
    BODY,
    HEADING,
    INNER,
    LEFT,
    PALETTE,
    QUIET,
    SMALL,
    blend,
    dark,
)
from segmentry.views.words.numbers import plural, ratio
from segmentry.views.words.text import label, shorten, wrap

MATRIX = 6
"""Up to this number of features every pair has its place in one matrix."""
MOST_PAIRS, PER_PAGE = 24, 12
NOTABLE = 0.3
CELL_HEIGHT, LOWEST_CELL = 116, 84
HEAD, PLOT, FOOT = 22, 120, 20
FLOOR = "#f6f7f9"


def relationships(survey: Survey) -> tuple[Figure, ...]:
    """Density pictures of the pairs: all of them in a matrix, or the strongest on pages."""
    pairs = survey.exploration.pairs
    if not pairs:
        return (_lonely(survey),)
    names = [distribution.feature for distribution in survey.exploration.distributions]
    if len(names) <= MATRIX:
        return (_matrix(survey, names),)
    shown = pairs[:MOST_PAIRS]
    note = f"the {len(shown)} strongest of {len(pairs)} pairs; every pair's correlation is in the data"
    return pages(
        [
            _strongest(survey, part, note if len(shown) < len(pairs) else "")
            for part in chunks(shown, PER_PAGE, step=3)
        ]
    )


def headline(pairs: Sequence[PairDensity]) -> str:
    """How many pairs are related at all, and which most."""
    strengths = [abs(pair.spearman) for pair in pairs if np.isfinite(pair.spearman)]
    related = sum(strength >= NOTABLE for strength in strengths)
    if not related:
        return (
            "No pair of features is clearly related"
            if len(pairs) > 1
            else "The two features are not clearly related"
        )
    top = max(pairs, key=lambda pair: abs(np.nan_to_num(pair.spearman)))
    both = f"{short_label(top.x)} and {short_label(top.y)}"
    if len(pairs) == 1:
        return f"{both} are related: correlation {ratio(top.spearman)}"
    return f"{related} of {plural(len(pairs), 'pair')} are clearly related, {both} most"


def _lonely(survey: Survey) -> Figure:
    text = "Relationships need two numeric features; this table has fewer."
    return Figure(
        name="relationships",
        title="There is no pair of features to compare",
        subtitle="Density of customers over each pair of features",
        foot=survey_foot(survey),
        alt=text,
        marks=(Words(x=LEFT, y=12, text=text),),
        height=20,
        data=(),
    )


def _figure(survey: Survey, marks: Sequence[Mark], height: float, note: str) -> Figure:
    title = headline(survey.exploration.pairs)
    return Figure(
        name="relationships",
        title=title,
        subtitle="Customers over each pair of features, from the lowest to the highest value, darker where there are more; "
        "the numbers are rank correlations (Spearman)",
        foot=survey_foot(survey, note),
        alt=f"Density pictures of pairs of features with their correlations. {title}.",
        marks=tuple(marks),
        height=height,
        data=_rows(survey.exploration.pairs),
    )


def _matrix(survey: Survey, names: Sequence[str]) -> Figure:
    by_names = {frozenset((pair.x, pair.y)): pair for pair in survey.exploration.pairs}
    wide = INNER / len(names)
    tall = min(CELL_HEIGHT, max(LOWEST_CELL, wide * 0.8))
    marks: list[Mark] = []
    for row in range(len(names)):
        for place in range(len(names)):
            cell = Panel(left=LEFT + place * wide + 3, top=row * tall + 3, width=wide - 6, height=tall - 6)
            if row == place:
                marks += _name(names[row], cell)
            else:
                marks += _pair(by_names, names[place], names[row], cell, below=row > place)
    return _figure(survey, marks, tall * len(names), "")


def _name(name: str, cell: Panel) -> list[Mark]:
    lines = wrap(label(name), cell.width - 14, BODY, bold=True, lines=3)
    first = cell.top + cell.height / 2 - 9 * (len(lines) - 1) + BODY * 0.36
    plate: list[Mark] = [
        Bar(x=cell.left, x2=cell.right, y=cell.top, y2=cell.bottom, colour=blend(ACCENT, "#ffffff", 0.88))
    ]
    middle = cell.left + cell.width / 2
    return plate + [
        Words(x=middle, y=first + 18 * i, text=line, strong=True, align="center")
        for i, line in enumerate(lines)
    ]


def _pair(
    by_names: Mapping[frozenset[str], PairDensity], x: str, y: str, cell: Panel, *, below: bool
) -> list[Mark]:
    pair = by_names[frozenset((x, y))]
    if below:
        counts = pair.counts if pair.x == x else pair.counts.T
        return [
            Bar(x=cell.left, x2=cell.right, y=cell.top, y2=cell.bottom, colour=FLOOR),
            Picture(
                x=cell.left, y=cell.top, width=cell.width, height=cell.height, url=density(counts, ACCENT)
            ),
        ]
    base = cell.top + cell.height / 2 + HEADING * 0.36
    return [_correlation(pair, cell.left + cell.width / 2, base, "center")]


def _correlation(pair: PairDensity, x: float, y: float, align: str) -> Words:
    strong = bool(abs(np.nan_to_num(pair.spearman)) >= NOTABLE)
    colour = dark(ACCENT if pair.spearman > 0 else PALETTE[1]) if strong else QUIET
    return Words(x=x, y=y, text=ratio(pair.spearman), size=HEADING, strong=strong, colour=colour, align=align)


def _strongest(survey: Survey, pairs: Sequence[PairDensity], note: str) -> Figure:
    grid = Grid(columns=3, height=HEAD + PLOT + FOOT, row_gap=28)
    marks: list[Mark] = []
    for pair, panel in zip(pairs, grid.panels(pairs), strict=True):
        plot = Panel(left=panel.left, top=panel.top + HEAD, width=panel.width, height=PLOT)
        room = panel.width - 56
        marks += [
            Words(
                x=panel.left, y=panel.top + 12, text=shorten(f"↑ {label(pair.y)}", room, SMALL), size=SMALL
            ),
            _correlation(pair, panel.right, panel.top + 12, "right"),
            Bar(x=plot.left, x2=plot.right, y=plot.top, y2=plot.bottom, colour=FLOOR),
            Picture(x=plot.left, y=plot.top, width=plot.width, height=PLOT, url=density(pair.counts, ACCENT)),
            Words(
                x=panel.right,
                y=plot.bottom + 17,
                text=shorten(f"{label(pair.x)} →", panel.width, SMALL),
                size=SMALL,
                align="right",
            ),
        ]
    return _figure(survey, marks, grid.total(pairs), note)


def _rows(pairs: Sequence[PairDensity]) -> Rows:
    return tuple(
        {
            "x": pair.x,
            "y": pair.y,
            "pearson": pair.pearson,
            "spearman": pair.spearman,
            "customers": int(pair.counts.sum()),
            "x_from": float(pair.x_edges[0]),
            "x_to": float(pair.x_edges[-1]),
            "y_from": float(pair.y_edges[0]),
            "y_to": float(pair.y_edges[-1]),
        }
        for pair in pairs
    )
