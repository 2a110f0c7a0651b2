"""How far the algorithms put the same customers together: a triangle of agreements."""

from collections.abc import Sequence

from segmentry.records.algorithms import EVERY
from segmentry.records.comparison import Comparison
from segmentry.records.run import Run
from segmentry.views.charts.captions import unnamed_foot
from segmentry.views.charts.stability_words import basis
from segmentry.views.drawing.figure import Figure, Rows
from segmentry.views.drawing.marks import Bar, Mark, Words
from segmentry.views.drawing.theme import (
    ACCENT,
    BODY,
    GRID,
    INK,
    INNER,
    LEFT,
    PAPER,
    QUIET,
    SMALL,
    blend,
    contrast,
)
from segmentry.views.words.numbers import plural, ratio
from segmentry.views.words.text import clean, sentence, shorten

CELL, TALL, NAMES = 96, 46, 190
SAME_STORY, ROOM = 0.9, 260


def spoken(name: str) -> str:
    """An algorithm's name as people know it; one that a later version knows is read as it is written.

    >>> spoken("mixture"), spoken("mean_shift")
    ('Gaussian mixture', 'Mean shift')
    """
    return EVERY[name].heading if name in EVERY else sentence(clean(name.replace("_", " ")))


def algorithm_agreement(run: Run) -> tuple[Figure, ...]:
    """The agreement of every pair, with the names on the edge; nothing where fewer than two were judged."""
    told = run.comparison
    names = [spoken(row.name) for row in told.judged]
    if len(names) < 2 or len(told.between) != len(names):  # noqa: PLR2004 - a pair
        return ()
    title = headline(told)
    tall = min(TALL, (INNER - NAMES) / len(names))
    figure = Figure(
        name="algorithm_agreement",
        title=title,
        subtitle="Agreement of each pair of algorithms on who belongs together (adjusted Rand index): 1 is the same "
        "segments, 0 is chance",
        foot=unnamed_foot(run, basis(run, "compared", told.customers) if told.customers else ""),
        alt=f"A matrix of how far {plural(len(names), 'algorithm')} agree. {title}.",
        marks=tuple(_triangle(told, names, tall)),
        height=len(names) * tall,
        data=_rows(told),
    )
    return (figure,)


def headline(told: Comparison) -> str:
    """Whether all tell the same story; else the pair that tells the most different ones."""
    names = [shorten(spoken(row.name), ROOM, BODY) for row in told.judged]
    least, i, j = min(_pairs(told.between))
    if least >= SAME_STORY:
        every = "Both" if len(names) == 2 else f"All {len(names)}"  # noqa: PLR2004 - a pair
        return f"{every} algorithms find nearly the same segments: agreement at least {ratio(least)}"
    closest, a, b = max(_pairs(told.between))
    if closest < SAME_STORY:
        return f"The algorithms differ: {names[b]} and {names[a]} agree most ({ratio(closest)})"
    return f"{names[j]} and {names[i]} agree least ({ratio(least)}), {names[b]} and {names[a]} most ({ratio(closest)})"


def _pairs(between: Sequence[Sequence[float]]) -> list[tuple[float, int, int]]:
    """Agreements with their places; the pair that stands first comes first among equals."""
    return [(between[i][j], i, j) for i in range(len(between)) for j in range(i)]


def _triangle(told: Comparison, names: Sequence[str], tall: float) -> list[Mark]:
    side = min(CELL, (INNER - NAMES) / len(names))
    marks: list[Mark] = []
    for i, name in enumerate(names):
        base = i * tall + tall / 2 + BODY * 0.36
        for j in range(i):
            marks += _cell(told.between[i][j], (LEFT + j * side, i * tall), (side, tall))
        x = LEFT + i * side + 8
        shipped = told.judged[i].shipped
        text = shorten(name, NAMES - 60, BODY, bold=True)
        marks.append(Words(x=x, y=base, text=text, strong=True))
        if shipped:
            marks.append(Words(x=x, y=base + 16, text="used here", size=SMALL, colour=QUIET))
    return marks


def _cell(value: float, place: tuple[float, float], size: tuple[float, float]) -> list[Mark]:
    x, y = place
    side, tall = size
    colour = blend(PAPER, ACCENT, max(0.0, min(value, 1.0)) ** 2) if value == value else GRID  # noqa: PLR0124 - NaN
    ink = max(INK, PAPER, key=lambda one: contrast(one, colour))
    return [
        Bar(x=x + 1, x2=x + side - 1, y=y + 1, y2=y + tall - 1, colour=colour, radius=2),
        Words(
            x=x + side / 2,
            y=y + tall / 2 + SMALL * 0.36,
            text=ratio(value),
            size=SMALL,
            colour=ink,
            align="center",
        ),
    ]


def _rows(told: Comparison) -> Rows:
    names = [row.name for row in told.judged]
    return tuple(
        {"algorithm": names[i], "other": names[j], "agreement": agreement}
        for agreement, i, j in _pairs(told.between)
    )
