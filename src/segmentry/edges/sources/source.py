"""What a source is once it is open, and what may be said about how to read it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from segmentry.edges.engines.duckdb import create
from segmentry.edges.sources.column_names import clean_names
from segmentry.errors import UsageError
from segmentry.records.cell_grammar import MISSING_TOKENS
from segmentry.records.columns import Decimal
from segmentry.records.run import SourceInfo
from segmentry.stages.columns.parsing import kind_of_type
from segmentry.stages.columns.parsing_sql import quoted

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


TABLE = "source"
"""The name of the table that holds a source in the engine."""

_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_DECIMALS = {".": Decimal.POINT, ",": Decimal.COMMA}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    r"""How to read a source, where it does not say so itself.

    Attributes:
        delimiter: What separates the columns of a text file: one sign, or ``tab``, ``space`` ...
        encoding: How a text file's letters are written (``utf-8``, ``cp1252``, ...).
        decimal: ``point`` or ``comma``, for numbers as text that leave it open.
        sheet: The sheet of an Excel workbook; the first one by default.
        table: The table of a DuckDB file; needed where there are several.
        date_order: ``dmy`` or ``mdy``, for dates that leave it open.
        missing_tokens: What counts as no value; case is ignored.

    Raises:
        UsageError: if one of them cannot be meant.

    >>> ReadOptions(delimiter="tab").delimiter
    '\t'
    """

    delimiter: str | None = None
    encoding: str | None = None
    decimal: Decimal | str | None = None
    sheet: str | None = None
    table: str | None = None
    date_order: str | None = None
    missing_tokens: tuple[str, ...] = MISSING_TOKENS

    def __post_init__(self) -> None:
        """Put the names of signs into signs, and refuse what cannot be meant."""
        if self.delimiter is not None:
            sign = _DELIMITERS.get(self.delimiter.lower(), self.delimiter)
            if len(sign) != 1 or sign in '"\n\r' or ord(sign) > _ASCII:
                raise UsageError(
                    f"The setting delimiter is '{self.delimiter}'.",
                    hint="It must be one sign, such as , or ; or the word tab.",
                )
            object.__setattr__(self, "delimiter", sign)
        if self.decimal is not None:
            sign = _DECIMALS.get(self.decimal, self.decimal)
            if sign not in tuple(Decimal):
                raise UsageError(
                    f"The setting decimal is '{self.decimal}'.", hint="It must be 'point' or 'comma'."
                )
            object.__setattr__(self, "decimal", Decimal(sign))
        if self.date_order not in {None, "dmy", "mdy"}:
            raise UsageError(
                f"The setting date_order is '{self.date_order}'.",
                hint="It must be 'dmy' (day first) or 'mdy' (month first).",
            )

    @property
    def decimal_sign(self) -> Decimal | None:
        """The decimal sign that was asked for."""
        return None if self.decimal is None else Decimal(self.decimal)


_ASCII = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a source is worked on: an engine for its rows and a folder for scratch files."""

    engine: "Backend"
    scratch: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An open source: its rows, once read, in an engine of their own.

    Attributes:
        table: The rows in their own order, one column for each of the input's.
        info: What was read.
        delimiter: What separated the columns of a text file; None for other sources.
        nested: Columns that hold lists, records or bytes; they are there as text.
    """

    table: "ir.Table"
    info: SourceInfo
    delimiter: str | None = None
    nested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a loader hands back.

    Attributes:
        kind: csv, excel, ...
        table: The rows in the engine.
        notes: What had to be found out, as sentences.
        delimiter: What separated the columns of a text file.
        nested: Columns that are not plain values.
    """

    kind: str
    table: "ir.Table"
    notes: tuple[str, ...] = ()
    delimiter: str | None = None
    nested: tuple[str, ...] = ()


def load(desk: Desk, query: str, header: list[str], kind: str, notes: tuple[str, ...] = ()) -> Loaded:
    """Carry out the query that reads a source and keep its rows under clean names.

    Args:
        desk: Where to keep them.
        query: It yields the columns in the order of the header; their names do not matter.
        header: The names in the source.
        kind: What kind of source it is.
        notes: What was found out so far.

    Raises:
        DataError: if two columns have one name.
        duckdb.Error: if the query fails; the loader knows what that means.
    """
    names, changed = clean_names(header)
    inner = [f"c{place}" for place in range(len(names))]
    rows = f"FROM ({query}) AS arriving({', '.join(inner)})"
    types = [str(one) for one in desk.engine.con.sql(f"SELECT * {rows}").types]
    kept = (
        f"{_plain(one, type_name)} AS {quoted(name)}"
        for one, type_name, name in zip(inner, types, names, strict=True)
    )
    table = create(desk.engine, TABLE, f"SELECT {', '.join(kept)} {rows}")
    nested = tuple(name for name, type_name in zip(names, types, strict=True) if _is_nested(type_name))
    return Loaded(kind=kind, table=table, notes=(*notes, *changed), nested=nested)


def _plain(column: str, type_name: str) -> str:
    if type_name == "JSON":
        return f"({column} ->> '$')"
    if type_name == "VARCHAR" or kind_of_type(type_name) is not None:
        return column
    return f"CAST({column} AS VARCHAR)"


def _is_nested(type_name: str) -> bool:
    return "[" in type_name or type_name.startswith(("STRUCT", "MAP", "UNION", "BLOB", "BIT", "GEOMETRY"))


def first_line(error: duckdb.Error) -> str:
    """What an engine's error says, without the class of the error and the engine's own advice."""
    said = str(error).partition("\n")[0].rstrip(".")
    return said.removeprefix("Invalid Input Error: ").removeprefix("IO Error: ")
