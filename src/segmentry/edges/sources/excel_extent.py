"""How far the cells of a workbook reach, before all of the rectangle that they span is taken into memory."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from segmentry.errors import DataError

MOST_CELLS = 50_000_000
"""Cells of the rectangle from A1 to the last filled one; each takes about 30 bytes while a sheet is read."""

CHUNK, OVERLAP = 1 << 22, 1 << 10
"""Bytes of a sheet that are looked at together, and how many of them are looked at again with the next ones."""

FILLED = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(?<!/)>')
"""A cell with a content: one that only has a style is closed at once."""

LETTERS = 26
"""Letters that columns are counted in: A to Z, AA, AB, ..."""


def refuse_far_cells(path: Path) -> None:
    """Refuse a workbook with a cell so far out that its sheet would not fit into memory.

    Raises:
        DataError: naming the cell.
    """
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                with archive.open(name) as sheet:
                    _refuse(path, *_extent(sheet))


def column_number(letters: bytes) -> int:
    """The number of a column by its letters.

    >>> column_number(b"A"), column_number(b"AA"), column_number(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * LETTERS + letter - ord("A") + 1
    return number


def _extent(sheet: IO[bytes]) -> tuple[bytes, int]:
    """The last column and the last row that hold anything."""
    widest, last = b"A", 1
    for letters, row in _filled(sheet):
        widest, last = max(widest, letters, key=lambda one: (len(one), one)), max(last, row)
    return widest, last


def _filled(sheet: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """The widest column and the last row of each part of a sheet."""
    rest = b""
    while chunk := sheet.read(CHUNK):
        cells = FILLED.findall(rest + chunk)
        rest = chunk[-OVERLAP:]
        if cells:
            columns = {letters for letters, _ in cells}
            yield max(columns, key=lambda one: (len(one), one)), max(int(row) for _, row in cells)


def _refuse(path: Path, column: bytes, row: int) -> None:
    if column_number(column) * row > MOST_CELLS:
        raise DataError(
            f"A sheet of '{path.name}' reaches to column {column.decode()} and row {row:,}: too many cells to read.",
            hint="Look for a stray cell far to the right or far down and delete it, or save the table as CSV.",
        )
