"""Files that carry types of their own and that the engine reads: Parquet, JSON and DuckDB."""

from pathlib import Path
from typing import NoReturn

import duckdb

from segmentry.edges.engines.duckdb import fetch_sql, shut_off
from segmentry.edges.sources.source import Desk, Loaded, first_line, load
from segmentry.errors import DataError, UsageError, unknown
from segmentry.records.settings import ReadSettings
from segmentry.stages.columns.parsing_sql import literal, quoted

MOST_SHOWN = 12
"""Tables that a message lists."""


def load_parquet(path: Path, _options: ReadSettings, desk: Desk) -> Loaded:
    """Read a Parquet file with its types."""
    return _load_file(f"read_parquet({literal(str(path))}, hive_partitioning=false)", "parquet", path, desk)


def load_json(path: Path, _options: ReadSettings, desk: Desk) -> Loaded:
    """Read JSON: an object per line, or an array of objects; text stays text."""
    loaded = _load_file(
        f"read_json({literal(str(path))}, sample_size=-1, hive_partitioning=false)", "json", path, desk
    )
    if tuple(loaded.table.columns) == ("json",):
        message = f"The file '{path.name}' holds no objects, which would be the customers."
        raise DataError(message, hint="Write one object per line, or an array of objects.")
    return loaded


def _load_file(reader: str, kind: str, path: Path, desk: Desk) -> Loaded:
    query = f"SELECT * FROM {reader}"  # noqa: S608 - the path is a literal
    try:
        header = desk.engine.con.sql(query).columns
        return load(desk, query, header, kind)
    except duckdb.Error as error:
        _damaged(path, kind, first_line(error), error)
    except (RuntimeError, UnicodeDecodeError) as error:
        _damaged(path, kind, "it holds text that is not in UTF-8", error)


def load_duckdb(path: Path, options: ReadSettings, desk: Desk) -> Loaded:
    """Read one table of a DuckDB file, which is opened for reading only.

    Raises:
        UsageError: if there are several tables and none was named, or one that is not there.
    """
    connection = desk.engine.con
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS attached (READ_ONLY)")
        try:
            schema, name = _chosen_table(desk, options.table, path)
            shut_off(desk.engine)
            query = f"SELECT * FROM attached.{quoted(schema)}.{quoted(name)}"  # noqa: S608 - names are quoted
            return load(desk, query, connection.sql(query).columns, "duckdb")
        finally:
            connection.execute("DETACH attached")
    except duckdb.PermissionException as error:
        message = f"The view '{name}' in '{path.name}' reads other files or databases, which is not allowed."
        raise DataError(
            message, hint="Save its rows as a table in the file, or export them as Parquet."
        ) from error
    except duckdb.Error as error:
        _damaged(path, "duckdb", first_line(error), error)


def _chosen_table(desk: Desk, wanted: str | None, path: Path) -> tuple[str, str]:
    found = fetch_sql(
        desk.engine,
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'attached' UNION ALL "
        "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'attached' AND NOT internal",
    )
    pairs = sorted(zip(found[0].to_pylist(), found[1].to_pylist(), strict=True))
    tables = {name if schema == "main" else f"{schema}.{name}": (schema, name) for schema, name in pairs}
    if not tables:
        raise DataError(f"The DuckDB file '{path.name}' holds no table.", hint="Check the export.")
    if wanted is not None and wanted not in tables:
        raise unknown("table", wanted, tables)
    if wanted is None and len(tables) > 1:
        shown = ", ".join(list(tables)[:MOST_SHOWN])
        message = f"The DuckDB file '{path.name}' holds {len(tables)} tables: {shown}."
        raise UsageError(message, hint="Name one with the setting table.")
    return tables[wanted] if wanted is not None else next(iter(tables.values()))


def _damaged(path: Path, kind: str, said: str, error: Exception) -> NoReturn:
    message = f"The file '{path.name}' cannot be read as {SPOKEN[kind]}: {said}."
    raise DataError(message, hint="It may be cut short or damaged: export or download it again.") from error


SPOKEN = {"parquet": "Parquet", "json": "JSON", "duckdb": "a DuckDB file"}
