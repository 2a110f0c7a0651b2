"""pages.parquet: what the dashboard needs of every customer beside customers.parquet, row for row.

Where each customer lies on the map, and where it would be with every other number of segments that
was tried. Small numbers of small types: about ten bytes a customer.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.edges.run_folder.tables import write_parquet
from segmentry.records.candidate import NOBODY
from segmentry.records.run import Run
from segmentry.stages.exploring.projection import positions

PAGES = "pages.parquet"


def write_pages(run: Run, folder: Path) -> None:
    """Write the file."""
    plane = positions(
        run.model.recipe(run.feature_values),
        run.assignment.segment,
        run.model.centre_matrix,
        run.map.projection,
    ).astype(np.float32)
    columns = {axis: pa.array(plane[:, index], from_pandas=True) for index, axis in enumerate("xy")}
    for candidate in run.candidates:
        if len(candidate.labels):
            columns[label_column(candidate.k)] = pa.array(candidate.labels + np.int8(1), pa.int8())
    write_parquet(pa.table(columns), folder / PAGES)


def label_column(k: int) -> str:
    """The column with the segments from 1 at some number of them; 0 where there is none.

    >>> label_column(4)
    'k4'
    """
    return f"k{k}"


def with_candidates(run: Run, folder: Path) -> Run:
    """A run that was read, with where everybody would be; as it is where the file is missing."""
    if not (folder / PAGES).is_file():
        return run
    with (folder / PAGES).open("rb") as file:
        table = pq.read_table(file)
    known = {name: table[name].to_numpy().astype(np.int8) - np.int8(1) for name in table.column_names[2:]}
    return replace(
        run,
        candidates=tuple(
            replace(candidate, labels=known.get(label_column(candidate.k), NOBODY))
            for candidate in run.candidates
        ),
    )


def without_labels(run: Run) -> Run:
    """The run without where everybody would be."""
    return replace(run, candidates=tuple(replace(candidate, labels=NOBODY) for candidate in run.candidates))
