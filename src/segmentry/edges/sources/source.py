"""What a source is once it is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from segmentry.edges.engines.duckdb import create
from segmentry.edges.sources.column_names import clean_names
from segmentry.records.run import SourceInfo
from segmentry.stages.columns.parsing import kind_of_type
from segmentry.stages.columns.parsing_sql import PLACE, place_of, quoted

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


TABLE = "source"
"""The name of the table that holds a source in the engine."""


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
    table = kept_rows(desk.engine, f"SELECT {', '.join(kept)} {rows}", names)
    nested = tuple(name for name, type_name in zip(names, types, strict=True) if _is_nested(type_name))
    return Loaded(kind=kind, table=table, notes=(*notes, *changed), nested=nested)


def kept_rows(engine: "Backend", query: str, names: Sequence[str]) -> "ir.Table":
    """Carry out a query once and keep its rows, in their order, as the table of the source.

    Args:
        engine: The engine.
        query: It yields the columns under their names.
        names: Their names.
    """
    if place_of(names) == PLACE:
        query = f"SELECT *, row_number() OVER () - 1 AS {PLACE} FROM ({query})"  # noqa: S608 - a query of ours
    return create(engine, TABLE, query).select(*names)


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
