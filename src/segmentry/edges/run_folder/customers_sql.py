"""customers.parquet in SQL, under names of our own: no name from the data becomes part of a statement."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.edges.run_folder.columns import names_in
from segmentry.errors import ModelError
from segmentry.records.quoting import literal
from segmentry.records.run import Run

CUSTOMERS = "customers.parquet"
SEGMENT = "segment_name"
"""What the column with a segment's name is called here, where ``segment`` is its number."""


def feature_column(position: int) -> str:
    """Our name of the feature at a position."""
    return f"f{position}"


def own_names(run: Run, written: Sequence[str]) -> Iterator[str]:
    """Our name of each column that is written in a file, in its order; found by the name that it has there.

    The engine tells no capitals from small letters, so its columns are renamed in their order; a column that
    is not known, such as one of a later version, keeps a name that nothing asks for.
    """
    names = names_in(run)
    known = {names.id: "id"}
    known |= {written: SEGMENT if name == "segment" else name for name, written in names.ours.items()}
    known |= {written: feature_column(position) for position, written in enumerate(names.features)}
    for position, name in enumerate(written):
        yield known.get(name, f"other{position}")


def customers_sql(folder: Path, run: Run) -> str:
    """A SELECT of a run's customers: ``id``, the columns of the catalog, f0, f1, ... and ``place``, their row.

    Raises:
        ModelError: when the file cannot be read, or lacks a column.
    """
    file = folder / CUSTOMERS
    try:
        written = pq.read_schema(file).names
    except (OSError, pa.ArrowException) as failure:
        raise ModelError(f"'{file}' cannot be read: {failure}.", hint="Make the run again.") from None
    if lacking := [name for name in names_in(run).written() if name not in written]:
        raise ModelError(f"'{file}' has no column '{lacking[0]}'.", hint="Make the run again.")
    names = [*own_names(run, written), "place"]
    source = f"read_parquet({parquet_path(file)}, file_row_number = true)"
    return f"SELECT * FROM {source} AS own({', '.join(names)})"


def parquet_path(path: Path) -> str:
    """A path as a quoted literal that stands for itself: signs of patterns are put in brackets."""
    return literal("".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path)))


def allowed_paths(files: Sequence[Path]) -> str:
    """The statement that lets an engine read these files and nothing else.

    The engine compares both the pattern that reading is asked with and the file that fits it.
    """
    forms = ", ".join(form for file in files for form in (literal(str(file)), parquet_path(file)))
    return f"SET allowed_paths = [{forms}]"
