"""The figures in their places, each with its sentence and its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from segmentry.views.charts.catalog import ENTRIES, EXPLORATORY, Section, in_section
from segmentry.views.drawing.figure import Figure, Rows
from segmentry.views.report.inert_svg import inert
from segmentry.views.topics.cells import Cell, Head, Table, named, said, sentence
from segmentry.views.words.numbers import ABSENT, column, count, number, share

MOST_ROWS = 60
ON_PAPER = frozenset(
    {
        "verdict",
        "segment_sizes",
        "segment_outcomes",
        "cluster_prof",
        "clusters_PCA",
        "targets",
        "evidence_by_k",
    }
)
"""Figures that are printed, so that a report has at most twenty pages; the others are on the screen."""
Figures = Mapping[str, tuple[Figure, ...]]
"""The pages of each figure, by the figure's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure as the page shows it.

    Attributes:
        name: Its file's name without the ending, and its anchor.
        svg: The picture, cleaned: the only mark-up that does not come from a template.
        phone: The same drawn for a phone; empty where there is no such drawing.
        sentence: What it shows.
        table: Its numbers.
        rows: How many rows of numbers there are in all.
        printed: Whether it is on paper too.
    """

    name: str
    svg: Markup
    phone: Markup
    sentence: str
    table: Table
    rows: int
    printed: bool


def pictures(figures: Figures, names: Sequence[str]) -> tuple[Picture, ...]:
    """The pages of these figures, as far as they were drawn."""
    return tuple(_picture(page) for name in names for page in figures.get(name, ()))


def section(figures: Figures, part: Section) -> tuple[Picture, ...]:
    """The pages of the figures of a section of the report."""
    return pictures(figures, in_section(part))


def others(figures: Figures) -> tuple[Picture, ...]:
    """The pages of figures that are not in the catalog."""
    return pictures(figures, [name for name in figures if name not in {*ENTRIES, *EXPLORATORY}])


def exploratory(figures: Figures) -> tuple[Picture, ...]:
    """The pages of the figures of the data."""
    return pictures(figures, list(EXPLORATORY))


def _picture(figure: Figure) -> Picture:
    return Picture(
        name=figure.name,
        svg=Markup(inert(figure.svg)),  # noqa: S704 - rebuilt from a list of harmless parts
        phone=Markup(inert(figure.phone_svg) if figure.phone else ""),  # noqa: S704 - the same
        sentence=sentence(figure.alt),
        table=numbers_behind(figure.name, figure.data),
        rows=len(figure.data),
        printed=figure.name in ON_PAPER,
    )


def numbers_behind(name: str, rows: Rows) -> Table:
    """The first rows of a figure's numbers, formatted column by column."""
    shown = rows[:MOST_ROWS]
    keys = tuple(shown[0]) if shown else ()
    mixed = len({row.get("feature") for row in shown}) > 1
    columns = [_column(key, [row.get(key) for row in shown], mixed=mixed) for key in keys]
    left = len(rows) - len(shown)
    caption = f"The numbers behind {name.replace('_', ' ')}"
    return Table(
        caption=f"{caption}: the first {count(MOST_ROWS)} of {count(len(rows))} rows" if left else caption,
        heads=tuple(
            Head(text=_head(key), numeric=right) for key, (right, _) in zip(keys, columns, strict=True)
        ),
        rows=tuple(zip(*(cells for _, cells in columns), strict=True)),
        note=f"All rows are in figures/{name}.csv." if left else "",
    )


def _head(key: str) -> str:
    return named(key.replace("_", " ")).text


def _column(key: str, values: Sequence[object], *, mixed: bool) -> tuple[bool, tuple[Cell, ...]]:
    """Whether a column holds numbers, and its cells; where rows mix features, each has a unit of its own."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        numbers = [float(value) if isinstance(value, int | float) else float("nan") for value in values]
        return True, tuple(said(text) for text in _texts(key, numbers, mixed=mixed))
    return False, tuple(_word(value) for value in values)


def _texts(key: str, numbers: Sequence[float], *, mixed: bool) -> Sequence[str]:
    if key.endswith("share"):
        return [share(one) for one in numbers]
    return [number(one) for one in numbers] if mixed else column(numbers)


def _word(value: object) -> Cell:
    if value is None:
        return said(ABSENT)
    if isinstance(value, bool):
        return said("yes" if value else "no")
    return named(str(value)) if str(value) else said(ABSENT)
