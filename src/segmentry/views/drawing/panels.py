"""Small multiples: where the panels of a sheet lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.views.drawing.theme import INNER, LEFT, NARROW


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A rectangle of the sheet, in pixels from the upper edge of the body."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How much room a drawing has from side to side.

    Attributes:
        width: In pixels, from the left margin.
        across: The most panels side by side.
    """

    width: float
    across: int

    @property
    def right(self) -> float:
        """The right margin."""
        return LEFT + self.width

    def grid(self, columns: int, height: float, gap: float = 36, row_gap: float = 36) -> "Grid":
        """Panels in rows, with as many of these columns as the sheet has room for."""
        across = min(columns, self.across)
        return Grid(columns=across, height=height, gap=gap, row_gap=row_gap, width=self.width)


BROAD, PHONE = Sheet(width=INNER, across=12), Sheet(width=NARROW, across=1)
"""The sheet of pages, paper and files, and that of a phone, where panels stand below one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Panels in rows with this number of columns.

    Attributes:
        columns: Panels in a row.
        height: Of one panel.
        gap: Between columns.
        row_gap: Between rows.
        left, width: The part of the sheet that is used.
    """

    columns: int
    height: float
    gap: float = 36
    row_gap: float = 36
    left: float = LEFT
    width: float = INNER

    def panels(self, items: Sequence[object]) -> tuple[Panel, ...]:
        """One panel for each item, row by row.

        >>> [panel.left for panel in Grid(columns=2, height=100, gap=20, left=0, width=220).panels("ab")]
        [0.0, 120.0]
        """
        wide = (self.width - self.gap * (self.columns - 1)) / self.columns
        return tuple(
            Panel(
                left=self.left + (i % self.columns) * (wide + self.gap),
                top=(i // self.columns) * (self.height + self.row_gap),
                width=wide,
                height=self.height,
            )
            for i in range(len(items))
        )

    def total(self, items: Sequence[object]) -> float:
        """The height that this number of panels takes."""
        rows = -(-len(items) // self.columns)
        return max(0.0, rows * (self.height + self.row_gap) - self.row_gap)
