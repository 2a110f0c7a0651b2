"""Tables that are already in memory: pandas, Polars, PyArrow, Ibis, and what speaks Arrow."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

from segmentry.edges.sources.source import Desk, Loaded, load
from segmentry.errors import DataError, UsageError

ARRIVED = "arrived"
"""The name under which the engine sees a table in memory while it copies it."""


def load_frame(frame: object, desk: Desk) -> Loaded:
    """Read a table in memory with its types.

    Raises:
        UsageError: if it is not a table.
        DataError: if its values cannot be read.
    """
    kind = type(frame).__module__.partition(".")[0]
    import ibis

    if isinstance(frame, ibis.Table):
        return _load_table(frame.to_pyarrow(), "ibis", desk)
    if kind == "pandas" and hasattr(frame, "columns"):
        return _load_pandas(frame, desk)
    if kind == "polars" and hasattr(frame, "collect"):
        frame = frame.collect()
    if isinstance(frame, pa.RecordBatch | pa.Table | pa.RecordBatchReader) or hasattr(
        frame, "__arrow_c_stream__"
    ):
        return _load_table(
            pa.table(frame) if not isinstance(frame, pa.RecordBatchReader) else frame.read_all(), kind, desk
        )
    message = f"A {type(frame).__name__} is not a customer table."
    raise UsageError(message, hint="Pass a path, or a pandas, Polars, PyArrow or Ibis table.")


def load_arrays(
    desk: Desk, columns: Sequence[pa.Array], header: Sequence[str], kind: str, notes: tuple[str, ...] = ()
) -> Loaded:
    """Read columns in memory.

    Raises:
        DataError: if their names or their values cannot be read.
    """
    if not columns:
        raise DataError(f"The {kind} table has no columns.", hint="Check what was passed.")
    connection = desk.engine.con
    connection.register(
        ARRIVED, pa.table(list(columns), names=[f"c{place}" for place in range(len(columns))])
    )
    try:
        return load(desk, f"SELECT * FROM {ARRIVED}", list(header), kind, notes)  # noqa: S608 - a constant
    except duckdb.Error as error:
        message = f"The {kind} table cannot be read: {str(error).partition(chr(10))[0]}"
        raise DataError(message, hint="Give its columns plain types.") from error
    finally:
        connection.unregister(ARRIVED)


def _load_table(table: pa.Table, kind: str, desk: Desk) -> Loaded:
    return load_arrays(desk, table.columns, table.column_names, kind)


def _load_pandas(frame: Any, desk: Desk) -> Loaded:  # noqa: ANN401 - pandas is not imported here
    """A pandas table; an index with a name is a column, as it mostly holds the ids."""
    named = [name for name in frame.index.names if name is not None]
    if named:
        frame = frame.reset_index()
    header = ["_".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in frame.columns]
    columns = [_pandas_column(frame.iloc[:, place]) for place in range(len(header))]
    notes = (f"The index ('{named[0]}') was read as a column.",) if named else ()
    return load_arrays(desk, columns, header, "pandas", notes)


def _pandas_column(series: Any) -> pa.Array:  # noqa: ANN401 - pandas is not imported here
    """A column as Arrow; one of mixed values becomes text, with whole numbers without a point."""
    try:
        return pa.Array.from_pandas(series)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array(
            [None if missing else str(value) for value, missing in zip(series, series.isna(), strict=True)]
        )
