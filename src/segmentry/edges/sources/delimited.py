"""Text files with a line for each customer: CSV, TSV and their relatives."""

import csv
import io
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb

from segmentry.edges.sources.encodings import as_utf8
from segmentry.edges.sources.source import Desk, Loaded, first_line, load
from segmentry.errors import DataError, UsageError, shortened
from segmentry.records.cell_grammar import written_number
from segmentry.records.columns import Decimal
from segmentry.records.settings import ReadSettings
from segmentry.stages.columns.headings import UNITS, YEARS, looks_like_data, row_of_units, rows_above
from segmentry.stages.columns.parsing_sql import literal

DELIMITERS = ",;\t|"
"""What is tried, in this order."""
OTHERS = {":": "colons", "^": "carets", "~": "tildes", " ": "spaces"}
"""What is noticed but has to be asked for."""
SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", **OTHERS}
SAMPLE_CHARACTERS = 1 << 18
SAMPLE_LINES = 200
LONGEST_CELL = 1 << 24
"""Letters that one cell may have; more are a quotation mark that is never closed."""


def load_delimited(path: Path, options: ReadSettings, desk: Desk) -> Loaded:
    """Read a CSV file, every cell as text.

    Raises:
        DataError: if its lines do not make a table.
        UsageError: if an option does not fit the file.
    """
    letters = as_utf8(path, options.encoding, desk.scratch)
    body = _from_names(_from_header(letters.path, desk.scratch), options.separator, desk.scratch)
    lines = _sample(body.path)
    delimiter = _delimiter(lines, options.separator or body.delimiter, path)
    header, *rows = _cells(lines, delimiter)
    _refuse_no_header(header, rows, path)
    body = replace(body, units=int(row_of_units(header, rows)))
    loaded = _load(body, header, delimiter, desk)
    notes = [letters.note] if letters.note else []
    if body.units:
        notes.append(UNITS.format(", ".join(cell for cell in rows[0] if cell)))
    if body.title:
        notes.append(f"What stands above the header was skipped: '{shortened(body.title)}'.")
    if delimiter != ",":
        notes.append(f"Its columns are separated by {SPOKEN.get(delimiter, repr(delimiter))}.")
    return replace(loaded, notes=(*notes, *loaded.notes), delimiter=delimiter)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """The file from its header on.

    Attributes:
        path: The file, or a copy without what stands above the header.
        skipped: How many lines stand above the header.
        delimiter: The delimiter that a first line ``sep=;`` names.
        title: The first words above the header; empty where there are none.
        units: How many lines below the header hold units instead of a customer: 0 or 1.
    """

    path: Path
    skipped: int = 0
    delimiter: str | None = None
    title: str = ""
    units: int = 0


def _from_names(body: _Body, asked: str | None, scratch: Path) -> _Body:
    """The file from the line with the names of the columns on: titles above it are left out."""
    lines = _sample(body.path)
    signs = [asked or body.delimiter] if asked or body.delimiter else list(DELIMITERS)
    above = max((_lines_above(lines, sign) for sign in signs if sign), default=0)
    if not above:
        return body
    copy = scratch / "from-names.txt"
    with body.path.open("rb") as source, copy.open("wb") as target:
        for _ in range(above):
            source.readline()
        shutil.copyfileobj(source, target)
    title = " ".join(cell for cell in next(_cells(lines, ",")) if cell.strip())
    return replace(body, path=copy, skipped=body.skipped + above, title=title or lines[0].strip())


def _lines_above(lines: Sequence[str], sign: str) -> int:
    """How many lines of the file stand above the header, if its columns are separated by a sign."""
    reader = csv.reader(lines, delimiter=sign, skipinitialspace=True)
    rows, ends = [], []
    with suppress(csv.Error):
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
    above = rows_above(rows)
    return ends[above - 1] if above else 0


def _from_header(path: Path, scratch: Path) -> _Body:
    asked, skip, lines = None, 0, 0
    with path.open("rb") as file:
        for line in file:
            words = line.decode("utf-8", "replace").strip("\ufeff\r\n \t")
            if words.lower().startswith("sep=") and len(words) <= len("sep=,"):
                asked = words[len("sep=") :] or "\t"
            elif words:
                break
            skip, lines = skip + len(line), lines + 1
        else:
            raise DataError(f"The file '{path.name}' is empty.", hint="Check the export.")
    if not lines:
        return _Body(path=path)
    copy = scratch / "from-header.txt"
    with path.open("rb") as source, copy.open("wb") as target:
        source.seek(skip)
        shutil.copyfileobj(source, target)
    return _Body(path=copy, skipped=lines, delimiter=asked)


def _cells(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def _sample(path: Path) -> list[str]:
    """The first lines; the last one is left out where it may be cut."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read(SAMPLE_CHARACTERS)
        whole = not file.read(1)
    lines = list(islice(io.StringIO(text, newline=""), SAMPLE_LINES))
    return lines if whole or len(lines) == 1 or lines[-1].endswith(("\n", "\r")) else lines[:-1]


def _delimiter(lines: Sequence[str], asked: str | None, path: Path) -> str:
    widths = {sign: _widths(lines, sign) for sign in DELIMITERS + "".join(OTHERS)}
    usual = max(
        DELIMITERS, key=lambda sign: (widths[sign][0] > 1, _steadiness(widths[sign]), widths[sign][0])
    )
    if asked is not None:
        if _widths(lines, asked)[0] == 1 and widths[usual][0] > 1:
            message = f"With the delimiter {asked!r} the file '{path.name}' has one column, but its header holds '{usual}'."
            raise UsageError(message, hint=f"Leave the setting delimiter out, or say '{usual}'.")
        return asked
    if widths[usual][0] == 1:
        _refuse_other_signs(widths, path)
        return ","
    return usual


def _widths(lines: Sequence[str], sign: str) -> list[int]:
    """How many cells each of the first lines has, blank lines left out."""
    try:
        return [len(row) for row in _cells(lines, sign) if row] or [1]
    except csv.Error:
        return [1]


def _steadiness(widths: Sequence[int]) -> float:
    return sum(width == widths[0] for width in widths) / len(widths)


def _refuse_other_signs(widths: dict[str, list[int]], path: Path) -> None:
    for sign, spoken in OTHERS.items():
        if widths[sign][0] > 1 and len(widths[sign]) > 1 and _steadiness(widths[sign]) == 1:
            message = f"The file '{path.name}' has one column; its lines look separated by {spoken}."
            raise DataError(message, hint=f"If so, say so with the setting delimiter: '{sign}'.")


def _refuse_no_header(header: Sequence[str], rows: Sequence[Sequence[str]], path: Path) -> None:
    """A header of nothing but numbers is a first customer, and so is one that is like the rows below it."""
    cells = [cell for cell in header if cell.strip()]
    numbers = [written_number(cell.strip(), Decimal.POINT) for cell in cells]
    only = bool(cells) and None not in numbers and not all(number in YEARS for number in numbers)
    if only or looks_like_data(header, rows):
        what = "holds only numbers" if only else "looks like a row of data"
        shown = ", ".join(cells[:3])
        message = f"The file '{path.name}' has no header: its first line {what} ({shown})."
        raise DataError(message, hint="Put a line with the names of the columns on top.")


def _load(body: _Body, header: list[str], delimiter: str, desk: Desk) -> Loaded:
    """Let the engine read the file; where it cannot, tidy the file first or say which line is wrong."""
    kind = "tsv" if delimiter == "\t" else "csv"
    plain = not any(
        sign in cell for cell in header for sign in "\r\n"
    )  # the engine loses count at line breaks there
    if plain:
        with suppress(duckdb.Error):
            return load(desk, _query(body, len(header), delimiter), header, kind)
    tidy = desk.scratch / "tidy.csv"
    _tidy(body, tidy, delimiter, len(header))
    try:
        return load(desk, _query(replace(body, path=tidy), len(header), ","), header, kind)
    except duckdb.Error as error:
        message = f"The file cannot be read as a table: {first_line(error)}."
        raise DataError(message, hint="Export it again, as CSV in UTF-8.") from error


def _query(body: _Body, columns: int, delimiter: str) -> str:
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(columns))
    return (
        f"SELECT * FROM read_csv({literal(str(body.path))}, auto_detect=false, header=true, "  # noqa: S608 - literals
        f"delim={literal(delimiter)}, quote='\"', escape='\"', hive_partitioning=false, columns={{{types}}}){f' OFFSET {body.units}' if body.units else ''}"
    )


def _tidy(body: _Body, target: Path, delimiter: str, columns: int) -> None:
    """Write the table again, every cell in quotes; this also finds the line that breaks it."""
    with (
        body.path.open(encoding="utf-8-sig", newline="") as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        rows = _rows(text, delimiter, columns, body.skipped)
        writer.writerow([f"c{place}" for place, _ in enumerate(next(rows))])
        writer.writerows(rows)


def _rows(text: Iterable[str], delimiter: str, columns: int, skipped: int) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
    start = skipped + 1
    try:
        for row in reader:
            end = skipped + reader.line_num
            if len(row) == columns or (len(row) == columns + 1 and not row[-1]):
                yield row[:columns]
            elif any(cell.strip() for cell in row):
                raise _ragged(len(row), columns, start, end)
            start = end + 1
    except csv.Error as error:
        message = f"Line {skipped + reader.line_num} cannot be read: {error}."
        raise DataError(message, hint="Check its quotation marks.") from error


def _ragged(found: int, columns: int, start: int, end: int) -> DataError:
    where = f"Line {start}" if end == start else f"The row in lines {start} to {end}"
    hint = "Look there for a delimiter too many or too few, or name the right one with the setting delimiter."
    if end > start:
        hint = f"A quotation mark that is opened in line {start} may not be closed."
    elif columns == 1:
        hint = "If there are lines above the header, delete them."
    count = f"{found} value" if found == 1 else f"{found} values"
    header = "1 column" if columns == 1 else f"{columns} columns"
    return DataError(f"{where} has {count}, but the header has {header}.", hint=hint)
