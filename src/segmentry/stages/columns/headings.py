"""Where the header of a table stands: titles above it, units below it, or no header at all."""

from collections.abc import Sequence
from itertools import pairwise

from segmentry.records.cell_grammar import MISSING_TOKENS, written_number
from segmentry.records.columns import Decimal, Format, Kind
from segmentry.stages.columns.parsing import DATE_FORMATS, reads

Row = Sequence[str]

MOST_ABOVE = 20
"""Lines that may stand above a header."""

LOOKED_AT = 100
"""Rows below the header that tell what a column holds."""

MOSTLY = 0.8
"""A column holds numbers (or dates) if this share of its values are some."""

UNITS = "The row below the header holds units and no customer, and was skipped: {}."
"""What is said of such a row."""

YEARS = range(1900, 2101)
STEPS = 2
"""Numbers in even steps from so many on may be names, such as the questions 1, 2, 3 of a survey."""


def rows_above(rows: Sequence[Row]) -> int:
    """How many rows stand above the header: titles with hardly a cell filled; 0 where that is not certain.

    >>> rows_above([["Customers 2026", "", ""], ["id", "spend", "visits"], ["a", "5", "2"], ["b", "7", "1"]])
    1
    """
    width = _usual_width(rows)
    place = next((at for at, row in enumerate(rows[:MOST_ABOVE]) if _filled(row) > width / 2), 0)
    if width < 2 or not place:  # noqa: PLR2004 - a title cannot be told from a name of a single column
        return 0
    titles = all(_filled(row) <= max(1, width // 3) for row in rows[:place])
    return place if titles and _may_be_header(rows[place], rows[place + 1 :]) else 0


def row_of_units(header: Row, rows: Sequence[Row]) -> bool:
    """Whether the first row below the header holds units: no id in it, and words where numbers belong.

    >>> row_of_units(["id", "spend"], [["", "EUR"], ["a", "5"], ["b", "7"], ["c", "1"]])
    True
    """
    if len(rows) < 3 or not header:  # noqa: PLR2004 - too few to tell
        return False
    first, rest = rows[0], rows[1 : LOOKED_AT + 1]
    ids = next((at for at in range(len(header)) if _unique(rest, at)), None)
    counted = [at for at in range(len(header)) if _holds(Kind.NUMBER, _values(rest, at))]
    said = [_cell(first, at) for at in counted if _cell(first, at)]
    return bool(
        ids is not None
        and not _cell(first, ids)
        and said
        and not any(_is(Kind.NUMBER, cell) or cell.lower() in MISSING_TOKENS for cell in said)
    )


def looks_like_data(header: Row, rows: Sequence[Row]) -> bool:
    """Whether the header is a first row of data: dates over dates, or numbers over numbers that are no names.

    >>> looks_like_data(["1001", "2025-11-29"], [["1002", "2025-11-30"], ["1003", "2025-12-01"]])
    True
    >>> looks_like_data(["id", "1", "2", "3"], [["a", "5", "4", "4"], ["b", "1", "2", "3"]])
    False
    """
    below = rows[:LOOKED_AT]
    if any(_is(Kind.DATE, cell) and _holds(Kind.DATE, _values(below, at)) for at, cell in enumerate(header)):
        return True
    numbers = [
        number
        for at, cell in enumerate(header)
        if (number := _number(cell)) is not None and _holds(Kind.NUMBER, _values(below, at))
    ]
    counted = sum(_holds(Kind.NUMBER, _values(below, at)) for at in range(len(header)))
    return bool(numbers) and len(numbers) > counted / 2 and not _may_be_names(numbers)


def _may_be_names(numbers: Sequence[float]) -> bool:
    """Years, or numbers in even steps."""
    steps = {round(later - earlier, 9) for earlier, later in pairwise(numbers)}
    return all(number in YEARS for number in numbers) or (len(numbers) > STEPS and len(steps) == 1)


def _may_be_header(row: Row, below: Sequence[Row]) -> bool:
    """Words that differ, over at least one column of numbers."""
    names = [cell.strip() for cell in row if cell.strip()]
    numbers = any(_holds(Kind.NUMBER, _values(below[:LOOKED_AT], at)) for at in range(len(row)))
    return numbers and len(set(names)) == len(names) and not any(_is(Kind.NUMBER, name) for name in names)


def _usual_width(rows: Sequence[Row]) -> int:
    """How many cells most rows have filled."""
    widths = sorted(_filled(row) for row in rows[:LOOKED_AT] if _filled(row))
    return widths[len(widths) // 2] if widths else 0


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _cell(row: Row, at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _values(rows: Sequence[Row], at: int) -> list[str]:
    cells = (_cell(row, at) for row in rows)
    return [cell for cell in cells if cell.lower() not in MISSING_TOKENS]


def _unique(rows: Sequence[Row], at: int) -> bool:
    values = _values(rows, at)
    return len(values) == len(rows) == len(set(values))


def _holds(kind: Kind, values: Sequence[str]) -> bool:
    return bool(values) and sum(_is(kind, value) for value in values) >= MOSTLY * len(values)


def _is(kind: Kind, cell: str) -> bool:
    if kind is Kind.NUMBER:
        return _number(cell) is not None
    return any(reads(cell, Format(kind=Kind.DATE, date_format=one)) for one in DATE_FORMATS)


def _number(cell: str) -> float | None:
    text = cell.strip()
    return next((one for sign in Decimal if (one := written_number(text, sign)) is not None), None)
