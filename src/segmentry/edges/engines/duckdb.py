"""The embedded engine: DuckDB behind Ibis, shut off from the network.

Tables are opened and fetched here and not by Ibis's own `table` and `to_pyarrow`: those lean on calls
that DuckDB 2 has withdrawn, and on pandas, which takes half a second to import.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from segmentry.stages.columns.parsing_sql import quoted

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


def open_engine() -> "Backend":
    """A DuckDB of our own, in memory, that keeps the order of rows and never looks for an extension."""
    import ibis

    return ibis.duckdb.connect(
        ":memory:",
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
        preserve_insertion_order=True,
        python_enable_replacements=False,
        temp_directory=str(Path(tempfile.gettempdir(), "segmentry-spill")),
    )


def shut_off(engine: "Backend") -> None:
    """Let an engine read and write no further file, database or address; its own spill folder stays."""
    engine.con.execute("SET enable_external_access = false")


def create(engine: "Backend", name: str, query: str) -> "ir.Table":
    """Carry out a query once, keep its rows as a table, and open it.

    >>> fetch(create(open_engine(), "one", "SELECT 1 AS x"))["x"].to_pylist()
    [1]
    """
    engine.con.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS {query}")
    return table(engine, name)


def table(engine: "Backend", name: str) -> "ir.Table":
    """Open a table or a view of the engine."""
    import ibis
    import ibis.expr.operations as ops

    columns = fetch_sql(engine, f"SELECT * FROM {quoted(name)} LIMIT 0").schema  # noqa: S608 - the name is quoted
    schema = ibis.Schema.from_pyarrow(columns)
    return ops.DatabaseTable(name, schema=schema, source=engine).to_expr()


def fetch(expression: "ir.Table") -> pa.Table:
    """The rows of an Ibis table on the embedded engine, as PyArrow."""
    engine = expression.get_backend()
    return fetch_sql(engine, engine.compile(expression))


def fetch_sql(engine: "Backend", query: str) -> pa.Table:
    """The rows of a query, as PyArrow."""
    return engine.con.sql(query).to_arrow_table()
