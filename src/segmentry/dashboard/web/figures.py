"""The report's figures on a page, with their sentence and their numbers beside them.

``static/figures.js`` adds what takes a script: tips, a closer look, and files to keep.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from segmentry.records.run import Run
from segmentry.views.charts.catalog import SEGMENTS, Place, in_place
from segmentry.views.drawing.figure import Figure
from segmentry.views.topics.cells import printable
from segmentry.views.words.numbers import together

IN_UNITS = frozenset({"from", "to", "mean", "median", "q25", "q75", "all_customers"})
"""Columns that are in the unit of the feature of their row."""
ENDS = ("from", "to")
"""Columns that are written alike, since the one begins where the other ends."""
MOST_ROWS = 400
"""Rows of numbers that are shown beside a figure; the rest is in its CSV."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One figure on a page.

    Attributes:
        name: Its file's name.
        title, subtitle, foot: Its words.
        svg: Its body.
        phone: The same drawn for a phone; empty where there is no such drawing.
        heads: The columns of its numbers; each with whether it holds numbers.
        rows: Its numbers, as text.
        left_out: Rows that are only in the CSV.
    """

    name: str
    title: str
    subtitle: str
    foot: str
    svg: Markup
    phone: Markup
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int


def chart(figure: Figure) -> Chart:
    """A figure as the page shows it."""
    names = list(figure.data[0]) if figure.data else []
    rows = figure.data[:MOST_ROWS]
    columns = [_column(rows, name) for name in names]
    numeric = [any(isinstance(row.get(name), int | float) for row in rows) for name in names]
    heads = tuple((name.replace("_", " "), is_number) for name, is_number in zip(names, numeric, strict=True))
    return Chart(
        name=figure.name,
        title=figure.title,
        subtitle=figure.subtitle,
        foot=figure.foot,
        svg=Markup(figure.body),  # noqa: S704 - every text in it is escaped where it is drawn
        phone=Markup(figure.phone_body),  # noqa: S704 - the same
        heads=heads,
        rows=tuple(zip(*columns, strict=True)),
        left_out=len(figure.data) - len(rows),
    )


def charts(figures: Sequence[Figure]) -> tuple[Chart, ...]:
    """Several figures."""
    return tuple(map(chart, figures))


def placed(run: Run, place: Place) -> tuple[Chart, ...]:
    """The catalog's figures for a part of the dashboard, those that have something to show."""
    return charts([page for name in in_place(place) for page in SEGMENTS[name](run)])


def _column(rows: Sequence[Mapping[str, object]], name: str) -> tuple[str, ...]:
    """One column; what is in a feature's own unit is written alike for that feature alone."""
    if name not in IN_UNITS:
        return _written([row.get(name) for row in rows])
    found: list[str] = []
    for _, group in groupby(rows, key=lambda row: row.get("feature")):
        listed = list(group)
        ends = ENDS if name in ENDS else ()
        beside = [row.get(end) for end in ends if end != name for row in listed]
        found += _written([*(row.get(name) for row in listed), *beside])[: len(listed)]
    return tuple(found)


def _written(values: Sequence[object]) -> tuple[str, ...]:
    """One column: numbers alike down the column, words as one line."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    texts = iter(together(float(number) for number in numbers))
    return tuple(
        next(texts)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else ("" if value is None else {True: "yes", False: "no"}.get(value, printable(str(value))))  # type: ignore[call-overload]
        for value in values
    )
