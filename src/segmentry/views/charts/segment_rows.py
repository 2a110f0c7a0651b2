"""Rows and columns of segments: names on the left, panels beside them, in bands that repeat the names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from segmentry.views.charts.captions import Tag
from segmentry.views.drawing.marks import HairLine, Mark, Words
from segmentry.views.drawing.panels import BROAD, Grid, Panel, Sheet
from segmentry.views.drawing.theme import BODY, LEFT, RULE
from segmentry.views.words.text import width, wrap

Item = TypeVar("Item")

NAME_ROWS, NAME_STEP = 2, 17
"""A segment's name above its column: the most lines, and the pixels from one line to the next."""
NAME_DROP = 18
"""From the last line of a segment's name to the first row below it."""
COLUMN_HEAD, COLUMN_GAP = 46, 34
"""The room above the first row of a column whose name has two lines, and the room between bands."""
IN_A_BAND = 4
"""Columns side by side: a fifth would leave no room for numbers."""


def name_room(named: Sequence[Tag], most: float) -> float:
    """How wide the column of the segments' names is: as the longest, but no wider than that."""
    return min(most, max(width(tag.name, BODY) + BODY for tag in named))


def names(named: Sequence[Tag], place: Callable[[int], float], room: float) -> list[Mark]:
    """The segments' names below one another, each on the line that its position is given."""
    return [
        Words(x=LEFT, y=place(i), text=tag.fit(room, BODY), colour=tag.ink) for i, tag in enumerate(named)
    ]


def bands(height: float, gap: float, tallest: float) -> int:
    """How many bands of a height go on a page."""
    return max(1, int(tallest // (height + gap)))


def columns_a_page(rows: float, tallest: float) -> int:
    """How many columns with rows of a height go on a page."""
    return IN_A_BAND * bands(COLUMN_HEAD + rows, COLUMN_GAP, tallest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The place right of a column of names.

    Attributes:
        room: The width of the names.
        gap: Between the names and what is beside them.
        sheet: The sheet that they share.
    """

    room: float
    gap: float
    sheet: Sheet = BROAD

    def grid(self, columns: int, height: float, gap: float, row_gap: float) -> Grid:
        """Panels in rows with this number of columns."""
        return Grid(
            columns=min(columns, self.sheet.across),
            height=height,
            gap=gap,
            row_gap=row_gap,
            left=LEFT + self.room + self.gap,
            width=self.sheet.width - self.room - self.gap,
        )


def in_bands(
    grid: Grid,
    items: Sequence[Item],
    named: Callable[[Panel], list[Mark]],
    drawn: Callable[[Item, Panel], list[Mark]],
) -> list[Mark]:
    """Each item in its panel, and the names before the first panel of every band."""
    marks: list[Mark] = []
    for i, (item, panel) in enumerate(zip(items, grid.panels(items), strict=True)):
        if i % grid.columns == 0:
            marks += named(panel)
        marks += drawn(item, panel)
    return marks


def columns(named: Sequence[Tag], beside: Beside, gap: float, rows: float) -> Grid:
    """A column for each segment: as high as its rows, and above them the name that takes most lines."""
    across = min(len(named), IN_A_BAND, beside.sheet.across)
    wide = (beside.sheet.width - beside.room - beside.gap - gap * (across - 1)) / across
    lines = max(len(wrap(tag.starred, wide, BODY, bold=True)) for tag in named)
    head = COLUMN_HEAD - NAME_STEP * (NAME_ROWS - min(lines, NAME_ROWS))
    return beside.grid(across, head + rows, gap, COLUMN_GAP)


def column_head(tag: Tag, panel: Panel, first: float, bottom: float) -> list[Mark]:
    """A segment's name above the first row of its column, and the line that its bars start from."""
    lines = wrap(tag.starred, panel.width, BODY, bold=True, lines=NAME_ROWS)
    return [
        *(
            Words(x=panel.left, y=first - NAME_DROP - NAME_STEP * up, text=text, strong=True, colour=tag.ink)
            for up, text in enumerate(reversed(lines))
        ),
        HairLine(x=panel.left, x2=panel.left, y=first - 6, y2=bottom, colour=RULE),
    ]
