"""Two runs side by side: who is where now and was where before, asked of an engine that reads two files.

The files are joined on the id once for a pair of runs; what is kept is the number of customers of
every stream, and the customers who moved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from segmentry.edges.run_folder.customers_sql import CUSTOMERS, SEGMENT, allowed_paths, customers_sql
from segmentry.errors import DataError, ModelError
from segmentry.records.arrays import Ints
from segmentry.records.migration import NOT_THERE, NOWHERE, Migration, Stream
from segmentry.records.run import Run
from segmentry.stages.monitoring.matching import align

LEAST_MEMORY, MEMORY_EACH = 160 * 1024**2, 96
"""What the engine may take to join two runs: so much, and so many bytes a customer."""
AT_ONCE = 20_000
"""Rows of a download that are held at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRun:
    """A run and where its customers are.

    Attributes:
        folder: The run folder.
        run: Its record, without any one customer.
    """

    folder: Path
    run: Run

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the segments, in their order."""
        return tuple(segment.name for segment in self.run.segments)

    @property
    def customers(self) -> int:
        """How many customers are in a segment."""
        return sum(segment.customers for segment in self.run.segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A customer who is elsewhere now.

    Attributes:
        at: The place in the later run's file.
        id: The id.
        before, now: The segments from 1; 0 for none.
        confidence: How clear the present placement is.
        level: high, medium or low.
    """

    at: int
    id: str
    before: int
    now: int
    confidence: float
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Which movers are meant: from one segment, to one segment; None for any."""

    source: int | None = None
    target: int | None = None

    @property
    def sql(self) -> str:
        """The condition, with a parameter for each that is given."""
        pieces = [
            f"{name} = ?" for name, one in (("before", self.source), ("now", self.target)) if one is not None
        ]
        return " AND ".join(pieces) or "true"

    @property
    def values(self) -> list[int]:
        """The parameters."""
        return [one for one in (self.source, self.target) if one is not None]


class RunPair:
    """Two runs, joined on the id.

    Attributes:
        migration: How many customers went from where to where, and which segment of now is which of before.
    """

    def __init__(self, before: SavedRun, now: SavedRun) -> None:
        """Join the two files.

        Raises:
            ModelError: when one of them cannot be read.
            DataError: when they are too large to be joined here.
        """
        self._engine = duckdb.connect(":memory:")
        self._run(f"SET memory_limit = '{LEAST_MEMORY + MEMORY_EACH * (before.customers + now.customers)}B'")
        self._run("SET temp_directory = ''")
        self._run(allowed_paths((before.folder / CUSTOMERS, now.folder / CUSTOMERS)))
        self._run("SET enable_external_access = false")
        self._run("SET lock_configuration = true")
        for name, saved in (("earlier", before), ("later", now)):
            self._run(_table(name, saved), [list(saved.names)])
        self.migration = self._compared(before, now)
        self._run(
            "CREATE TABLE movers AS SELECT later.place, later.id_text, earlier.segment AS before, later.segment AS now,"
            " later.confidence, later.confidence_level AS level FROM later JOIN earlier USING (id_text)"
            " WHERE list_extract(?, earlier.segment + 1) <> later.segment ORDER BY later.place",
            [[self.migration.heir(number) for number in range(len(self.migration.before) + 1)]],
        )
        self._run("DROP TABLE earlier")
        self._run("DROP TABLE later")

    def movers(self, between: Between, after: int | None, most: int) -> tuple[Mover, ...]:
        """Some of the customers who moved, in the order of the file, after one of them."""
        rows = self._run(
            f"SELECT place, id_text, before, now, confidence, level FROM movers WHERE {between.sql} AND place > ?"
            " ORDER BY place LIMIT ?",
            [*between.values, -1 if after is None else after, most],
        )
        return tuple(
            Mover(at=at, id=one, before=source, now=target, confidence=float(sure), level=level)
            for at, one, source, target, sure, level in rows
        )

    def tables(self, between: Between, names: tuple[str, ...]) -> Iterator[pa.Table]:
        """All of them as tables, some thousands at a time; an empty table first.

        Args:
            between: Which of them.
            names: What the columns are called: id, earlier segment, present segment, confidence, level.
        """
        earlier, later = ([None, *these] for these in (self.migration.before, self.migration.now))
        cursor = self._engine.cursor()
        try:
            found = cursor.sql(
                "SELECT id_text, list_extract(?, before + 1), list_extract(?, now + 1), confidence, level"
                f" FROM movers WHERE {between.sql} ORDER BY place",
                params=[earlier, later, *between.values],
            ).to_arrow_reader(AT_ONCE)
            yield pa.table(found.schema.empty_table().columns, names=list(names))
            for batch in found:
                yield pa.table(batch.columns, names=list(names))
        finally:
            cursor.close()

    def _compared(self, before: SavedRun, now: SavedRun) -> Migration:
        """Who is where, and which segment of now is which of before."""
        rows = self._run(
            f"SELECT coalesce(earlier.segment, {NOT_THERE}), coalesce(later.segment, {NOT_THERE}), count(*),"
            " sum(later.value) FROM earlier FULL OUTER JOIN later USING (id_text) GROUP BY 1, 2 ORDER BY 1, 2"
        )
        streams = tuple(
            Stream(before=a, now=b, customers=many, value=float("nan") if value is None else float(value))
            for a, b, many, value in rows
        )
        shared = [stream for stream in streams if NOT_THERE not in {stream.before, stream.now}]
        found = align(_spread(shared, "now"), _spread(shared, "before"), k=now.run.k, b=before.run.k)
        return Migration(
            before=before.names,
            now=now.names,
            follows=tuple(one + 1 for one in found.before),
            overlap=found.overlap,
            streams=streams,
            colours=tuple(segment.colour for segment in now.run.segments),
        )

    def _run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        cursor = self._engine.cursor()
        try:
            return cursor.execute(statement, list(values)).fetchall()
        except duckdb.OutOfMemoryException:
            raise DataError(
                "These runs have too many customers to be compared here.",
                hint="Compare their customers.parquet in a database.",
            ) from None
        except duckdb.Error as failure:
            raise ModelError(
                "One of the runs changed while it was read.", hint="Load the page again."
            ) from failure
        finally:
            cursor.close()


def _table(name: str, saved: SavedRun) -> str:
    """What is needed of a run's customers."""
    value = "NULL::DOUBLE AS value" if saved.run.survey.worth is None else "value"
    return (
        f"CREATE TABLE {name} AS SELECT id::VARCHAR AS id_text, place, confidence, confidence_level, {value},"
        f" coalesce(list_position(?, {SEGMENT}), {NOWHERE})::INTEGER AS segment"
        f" FROM ({customers_sql(saved.folder, saved.run)})"
    )


def _spread(streams: Sequence[Stream], side: str) -> Ints:
    """Segments from 0, one for each customer; -1 for none."""
    numbers = np.array([getattr(stream, side) - 1 for stream in streams], dtype=np.int64)
    return np.repeat(numbers, [stream.customers for stream in streams])
