"""Refuses customers.parquet and pages.parquet that are not what the run wrote, by what their footers say."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.edges.run_folder.columns import names_in, types_in
from segmentry.edges.run_folder.customers_sql import CUSTOMERS
from segmentry.edges.run_folder.map_positions import PAGES, label_column
from segmentry.errors import ModelError, listed, shortened
from segmentry.records.run import Run
from segmentry.stages.scoring.customer_columns import CUSTOMER_COLUMNS

AXES = {"x": pa.float32(), "y": pa.float32()}

Types = Mapping[str, pa.DataType]


def check_rows(run: Run, folder: Path) -> None:
    """Refuse files with other types or numbers of rows, or that lack a column, or a value that everybody has.

    Columns that are not known are passed over: a later version may write more.

    Args:
        run: The run as its record tells it, without any customer.
        folder: The folder that it was read from.

    Raises:
        ModelError: naming the file and what is wrong with it.
    """
    with _opened(folder / CUSTOMERS) as customers:
        _refuse(folder / CUSTOMERS, _wrong_customers(run, customers))
        rows = customers.metadata.num_rows
    if (folder / PAGES).is_file():
        with _opened(folder / PAGES) as pages:
            _refuse(folder / PAGES, _wrong_pages(run, pages, rows))


def check_values(run: Run, file: Path) -> None:
    """Refuse customers with whom the record cannot have been made.

    Args:
        run: The run with its customers.
        file: The file that they were read from.

    Raises:
        ModelError: naming what is wrong.
    """
    _refuse(file, _wrong_values(run))


def _wrong_values(run: Run) -> Iterator[str]:
    customers = run.survey.customers
    for name, column in zip(customers.names, customers.values.T, strict=True):
        if np.isinf(column).any() or np.isnan(column).all():
            yield f"'{shortened(name)}' has no values, or infinite values"
    for segment in run.segments:
        found = int((run.assignment.segment == segment.number - 1).sum())
        if found != segment.customers:
            yield f"'{shortened(segment.name)}' has {found:,} customers in it, and the run {segment.customers:,}"


@contextmanager
def _opened(file: Path) -> Iterator[pq.ParquetFile]:
    try:
        with file.open("rb") as opened:
            yield pq.ParquetFile(opened)
    except (OSError, pa.ArrowException) as failure:
        raise ModelError(f"'{file}' cannot be read: {failure}.", hint="Make the run again.") from None


def _refuse(file: Path, wrong: Iterator[str]) -> None:
    if what := next(wrong, None):
        raise ModelError(f"'{file}' is damaged: {what}.", hint="Make the run again.")


def _wrong_customers(run: Run, file: pq.ParquetFile) -> Iterator[str]:
    yield from _wrong_columns(file, types_in(run))
    expected, rows = run.survey.exploration.rows, file.metadata.num_rows
    if rows != expected:
        yield f"it holds {rows:,} customers, and the run has {expected:,}"
    names = names_in(run)
    always = [names.ours[column.name] for column in CUSTOMER_COLUMNS if column.always]
    for column in (names.id, *always):
        if empty := _empty(file, column):
            yield f"{empty:,} customers have no '{shortened(column)}'"


def _wrong_pages(run: Run, file: pq.ParquetFile, rows: int) -> Iterator[str]:
    tried = {label_column(candidate.k): candidate.k for candidate in run.candidates}
    there = {name: pa.int8() for name in tried if name in file.schema_arrow.names}
    yield from _wrong_columns(file, AXES | there)
    if file.metadata.num_rows != rows:
        yield f"it holds {file.metadata.num_rows:,} customers, and {CUSTOMERS} {rows:,}"
    for name in there:
        if not set(_ends(file, name)) <= set(range(tried[name] + 1)):
            yield f"'{name}' holds segments that there are not"


def _wrong_columns(file: pq.ParquetFile, expected: Types) -> Iterator[str]:
    found = file.schema_arrow
    if lacking := [name for name in expected if name not in found.names]:
        yield f"it has no column {listed([repr(shortened(name)) for name in lacking])}"
    if len(set(found.names)) != len(found.names):
        yield "it has a column twice"
    for name, kind in expected.items():
        if found.field(name).type != kind:
            yield f"'{shortened(name)}' holds {shortened(str(found.field(name).type))} and not {kind}"


def _ends(file: pq.ParquetFile, column: str) -> list[int]:
    """The least and the greatest number of each part of a column: by the footer, or else all numbers."""
    told = [one for one in _statistics(file, column) if one.has_min_max]
    if len(told) == file.num_row_groups:
        return [end for one in told for end in (one.min, one.max)]
    return list(file.read([column])[column].to_pylist())


def _empty(file: pq.ParquetFile, column: str) -> int:
    """How many rows have no value in a column: by the footer, or by the rows where that does not say it."""
    told = [one for one in _statistics(file, column) if one.has_null_count]
    if len(told) == file.num_row_groups:
        return sum(one.null_count for one in told)
    return int(file.read([column])[column].null_count)


def _statistics(file: pq.ParquetFile, column: str) -> list[pq.Statistics]:
    """What the footer says of each part of a column, where it says anything."""
    about, at = file.metadata, file.schema_arrow.names.index(column)
    told = (about.row_group(group).column(at).statistics for group in range(about.num_row_groups))
    return [one for one in told if one is not None]
