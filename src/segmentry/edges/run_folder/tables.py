"""Tables as files: Parquet for machines, CSV that a spreadsheet cannot be tricked by."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from segmentry.edges.run_folder.new_file import refuse_place, write_whole
from segmentry.errors import OutputError

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")

FORMULA = rf"^ *[{re.escape(''.join(DANGEROUS))}]"
"""The same as a pattern."""


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading sign gets an apostrophe before it.

    >>> harmless("=1+1"), harmless("Loyal")
    ("'=1+1", 'Loyal')
    """
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def write_parquet(table: pa.Table, path: Path) -> None:
    """The table as Parquet; the same table gives the same bytes."""
    with path.open("wb") as file:  # a path could be taken for the address of a remote file system
        pq.write_table(table, file, compression="zstd", store_schema=False)


def write_csv(table: pa.Table, path: Path) -> None:
    """The table as CSV with harmless text and column names."""
    with path.open("wb") as file:
        print_csv(table, file)


def print_csv(table: pa.Table, file: BinaryIO) -> None:
    """The table as CSV into an open file, such as standard output."""
    columns = [_harmless_column(column) for column in table.columns]
    safe = pa.table(columns, names=[harmless(name) for name in table.column_names])
    pa_csv.write_csv(safe, file)


def csv_parts(tables: Iterable[pa.Table]) -> Iterator[bytes]:
    """Tables of the same columns as one CSV, piece by piece, with harmless text and column names."""
    for index, table in enumerate(tables):
        piece = BytesIO()
        columns = [_harmless_column(column) for column in table.columns]
        safe = pa.table(columns, names=[harmless(name) for name in table.column_names])
        pa_csv.write_csv(safe, piece, pa_csv.WriteOptions(include_header=index == 0))
        yield piece.getvalue()


def _harmless_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same rule as ``harmless``, by the engine: making a million texts anew takes a second, and pandas."""
    if not pa.types.is_string(column.type):
        return column
    import pyarrow.compute as pc

    formulas = pc.match_substring_regex(column, FORMULA)
    return pc.if_else(formulas, pc.binary_join_element_wise("'", column, ""), column)


def write_rows(rows: Iterable[Mapping[str, object]], path: Path, columns: Sequence[str] = ()) -> None:
    """Rows of plain values as CSV; numbers with 12 significant digits, nothing for None and NaN.

    Args:
        rows: The rows; every one with the same keys.
        path: The file.
        columns: The column names; needed when there may be no rows.
    """
    listed = list(rows)
    names = list(listed[0]) if listed else list(columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([harmless(name) for name in names])
        writer.writerows([[cell(row[name]) for name in names] for row in listed])


def cell(value: object) -> str:
    """One value as CSV text.

    >>> cell(0.1 + 0.2), cell(None), cell(True), cell(float("nan")), cell("=1")
    ('0.3', '', 'true', '', "'=1")
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN is the only value unlike itself
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    return harmless(str(value))


def check_file(path: Path, *, force: bool) -> None:
    """Refuse a file before any work is done for it.

    Raises:
        OutputError: when its ending is unknown, it exists already, or its folder cannot hold it.
    """
    if path.suffix.lower() not in WRITERS:
        raise OutputError(
            f"'{path}' is neither .csv nor .parquet.", hint="Give --out a name that ends in one of them."
        )
    refuse_place([path], force=force)


def save_table(table: pa.Table, path: Path, *, force: bool) -> None:
    """The table as a .csv or .parquet file, which appears under its name only when it is complete.

    Raises:
        OutputError: when the file exists, its ending is unknown, or it cannot be written.
    """
    check_file(path, force=force)
    writer = WRITERS[path.suffix.lower()]
    write_whole({path: lambda half: writer(table, half)}, force=force)


WRITERS = {".csv": write_csv, ".parquet": write_parquet}
"""How a table is written, by the ending of its file."""
