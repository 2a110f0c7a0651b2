"""Excel workbooks: one sheet of typed cells, whose first line holds the names."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import python_calamine

from segmentry.edges.sources.dataframes import load_arrays
from segmentry.edges.sources.excel_extent import refuse_far_cells
from segmentry.edges.sources.source import Desk, Loaded
from segmentry.errors import DataError, shortened, unknown
from segmentry.records.settings import ReadSettings
from segmentry.stages.columns.headings import (
    LOOKED_AT,
    MOST_ABOVE,
    UNITS,
    looks_like_data,
    row_of_units,
    rows_above,
)

Cell: TypeAlias = str | float | bool | dt.date | dt.time | dt.timedelta
EXACT = 2**53
"""The whole numbers up to here each have a float of their own."""


def load_excel(path: Path, options: ReadSettings, desk: Desk) -> Loaded:
    """Read one sheet of a workbook, the first one unless another is named.

    Raises:
        DataError: if the workbook or its sheet cannot be read.
        UsageError: if the sheet that was named is not there.
    """
    refuse_far_cells(path)
    rows, notes = _sheet(path, options.table)
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise DataError(
            f"The sheet of '{path.name}' is empty.", hint="Name another one with the setting table."
        )
    texts = [[cell_text(cell) or "" for cell in row] for row in rows[: MOST_ABOVE + LOOKED_AT]]
    above = rows_above(texts)
    if above:
        title = " ".join(cell for cell in texts[0] if cell)
        notes = (*notes, f"What stands above the header was skipped: '{shortened(title)}'.")
    rows, header = rows[above:], texts[above]
    _refuse_no_header(header, texts[above + 1 :], path)
    if row_of_units(header, texts[above + 1 :]):
        notes = (*notes, UNITS.format(", ".join(cell for cell in texts[above + 1] if cell)))
        rows = [rows[0], *rows[2:]]
    columns = [column_array([row[place] for row in rows[1:]]) for place in range(len(header))]
    return load_arrays(desk, columns, header, "excel", notes)


def _refuse_no_header(header: Sequence[str], rows: Sequence[Sequence[str]], path: Path) -> None:
    if looks_like_data(header, rows):
        shown = ", ".join([cell for cell in header if cell][:3])
        message = (
            f"The sheet of '{path.name}' has no header: its first row looks like a row of data ({shown})."
        )
        raise DataError(message, hint="Put a row with the names of the columns on top.")


def _sheet(path: Path, wanted: str | None) -> tuple[list[list[Cell]], tuple[str, ...]]:
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            names = workbook.sheet_names
            if wanted is not None and wanted not in names:
                raise unknown("sheet", wanted, names)
            name = wanted or names[0]
            rows = workbook.get_sheet_by_name(name).to_python()
    except python_calamine.PasswordError as error:
        message = f"The workbook '{path.name}' is protected by a password."
        raise DataError(message, hint="Save a copy without one.") from error
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        message = f"The file '{path.name}' cannot be read as an Excel workbook: {error}."
        raise DataError(
            message, hint="It may be cut short or damaged: export or download it again."
        ) from error
    several = wanted is None and len(names) > 1
    notes = (f"Of {len(names)} sheets the first, '{name}', was read; the setting table names another.",)
    return rows, notes if several else ()


def column_array(cells: Sequence[Cell]) -> pa.Array:
    """The cells of a column with the one type that they share, else as text.

    >>> column_array([1.0, 2.0, ""]).to_pylist(), column_array([1.0, "n/a"]).to_pylist()
    ([1, 2, None], ['1', 'n/a'])
    """
    values = [None if cell == "" else cell for cell in cells]
    types = {type(value) for value in values if value is not None}
    if types and types <= {int, float}:
        whole = all(_is_whole(value) for value in values if value is not None)
        return pa.array(values, pa.float64()).cast(pa.int64() if whole else pa.float64())
    if types == {bool}:
        return pa.array(values, pa.bool_())
    if types == {dt.date}:
        return pa.array(values, pa.date32())
    if types and types <= {dt.date, dt.datetime}:
        return pa.array([_moment(value) for value in values], pa.timestamp("us"))
    return pa.array([cell_text(cell) for cell in cells], pa.string())


def cell_text(cell: Cell) -> str | None:
    """A cell as the text that Excel would show; None where it is empty.

    >>> cell_text(17850.0), cell_text("007"), cell_text("")
    ('17850', '007', None)
    """
    if cell == "":
        return None
    return f"{cell:.0f}" if isinstance(cell, float) and _is_whole(cell) else str(cell)


def _is_whole(cell: Cell) -> bool:
    return isinstance(cell, int | float) and float(cell).is_integer() and abs(cell) < EXACT


def _moment(value: Cell | None) -> dt.datetime | None:
    if isinstance(value, dt.datetime) or value is None:
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no time zone
    return None
