"""Every question that is put to the customers of a run: fixed SQL with parameters, over a locked engine.

The engine reads two files of the run folder and nothing else: access to anything outside is switched
off, and so is changing that. Columns have names of our own (``f0``, ``f1``, ...), so no name from the
data is ever part of a statement but in the one that sets the view up, where it is not needed either.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.dashboard.data.counts import Line, cells_within, pooled, summed
from segmentry.dashboard.data.filters import LEVELS, Condition, Filter, condition
from segmentry.dashboard.data.query_results import (
    Average,
    Bars,
    CountGrid,
    Members,
    Ordering,
    Part,
    Row,
)
from segmentry.dashboard.web.errors import Busy, Outdated
from segmentry.edges.run_folder.customers_sql import (
    CUSTOMERS,
    SEGMENT,
    allowed_paths,
    customers_sql,
    feature_column,
    own_names,
    parquet_path,
)
from segmentry.edges.run_folder.map_positions import PAGES, label_column
from segmentry.records.arrays import Ints, frozen_ints
from segmentry.records.moments import Moments
from segmentry.records.run import Run
from segmentry.stages.scoring.customer_columns import PLACEMENT_COLUMNS

MEMORY, MEMORY_FOR_MORE, MORE = "128MB", "384MB", 2_000_000
"""What the engine may take, beside the server itself; and with more customers than so many."""
TURNS = 2
"""Statements that run at once: each uses every core, and its part of the memory."""
WORTH = "count(*), sum(value)"
MOST_REMEMBERED = 40
"""Answers that are remembered: those for everybody are asked for on most pages."""
AT_ONCE = 8_000
"""Customers in a piece of a download."""
TABLE = "customers"
"""The view over the run's own segments."""


class Customers:
    """The customers of one run."""

    def __init__(self, folder: Path, run: Run) -> None:
        """Open the files and lock the engine."""
        self._lock, self._counting = threading.Lock(), threading.Lock()
        self._turns = threading.BoundedSemaphore(TURNS)
        self._tallies: dict[str, list[Line]] = {}
        self._cells: dict[str, Ints] = {}
        self._table = TABLE
        self._remembered: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
        self._names = list(run.model.names)
        self.features = run.survey.customers.names
        self.has_value = run.survey.value is not None and run.survey.worth is not None
        self.has_pages = (folder / PAGES).is_file()
        files = [folder / CUSTOMERS, *([folder / PAGES] if self.has_pages else [])]
        self._engine = duckdb.connect(":memory:")
        many = sum(segment.customers for segment in run.segments) > MORE
        self.names = tuple(pq.read_schema(files[0]).names)
        self._written = ", ".join(own_names(run, self.names))
        for statement in (
            f"SET memory_limit = '{MEMORY_FOR_MORE if many else MEMORY}'",
            "SET temp_directory = ''",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            allowed_paths(files),
            "SET enable_external_access = false",
            *self._views(folder, run),
            "SET lock_configuration = true",
        ):
            self._run(statement)

    def _views(self, folder: Path, run: Run) -> Iterator[str]:
        """The customers in the run's own segments, and in those of every number that was tried.

        Each in two forms: one to be read through, which puts the two files side by side as they stream,
        and one to take some rows out of, by their places.
        """
        value = "" if self.has_value else ", 'nan'::DOUBLE AS value"
        yield f"CREATE VIEW own AS SELECT *, id::VARCHAR AS id_text{value} FROM ({customers_sql(folder, run)})"
        number = f"coalesce(list_position(getvariable('names'), {SEGMENT}), 0)::INTEGER AS segment"
        yield f"CREATE VIEW {TABLE}_rows AS SELECT *, {number} FROM own"
        if not self.has_pages:
            yield f"CREATE VIEW {TABLE} AS SELECT * FROM {TABLE}_rows"
            return
        pages = f"read_parquet({parquet_path(folder / PAGES)})"
        placed = f"read_parquet({parquet_path(folder / PAGES)}, file_row_number = true)"
        yield f"CREATE VIEW {TABLE} AS SELECT *, {number} FROM own POSITIONAL JOIN {pages}"
        for candidate in run.candidates:
            label = label_column(candidate.k)
            number = f"{label}::INTEGER AS segment"
            yield f"CREATE VIEW {TABLE}_{label} AS SELECT *, {number} FROM own POSITIONAL JOIN {pages}"
            yield (
                f"CREATE VIEW {TABLE}_{label}_rows AS SELECT own.*, {number}"
                f" FROM own JOIN {placed} AS pages ON own.place = pages.file_row_number"
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """Our names of the features."""
        return tuple(map(feature_column, range(len(self.features))))

    def _column(self, feature: str) -> str:
        """Our name of a feature."""
        return feature_column(self.features.index(feature))

    def with_segments(self, k: int) -> "Customers":
        """The same customers in the segments of another number that was tried."""
        other = copy(self)
        other._table = f"{TABLE}_{label_column(k)}"  # noqa: SLF001 - one of our own
        return other

    def close(self) -> None:
        """Let the files go."""
        self._engine.close()

    def parts(self, chosen: Filter) -> tuple[Part, ...]:
        """How many customers of each segment are within a choice, and what they are worth."""
        lines = self._counted(WORTH) if chosen.counted else [line[:4] for line in self._read(chosen)]
        return tuple(Part(segment=a, customers=b, value=_real(c)) for a, b, c in summed(lines, chosen))

    def placements(self) -> Mapping[str, int]:
        """How many customers came to their segment in which way."""
        return dict(self._run("SELECT placed, count(*) FROM customers GROUP BY 1 ORDER BY 1"))

    def listed(self, chosen: Filter, ordering: Ordering, most: int) -> tuple[Row, ...]:
        """Some customers of a choice, in an order, after one of them."""
        where = condition(chosen)
        if ordering.after is not None:
            _go_on(where, ordering)
        if chosen.counted and ordering == Ordering(after=ordering.after) and self._table == TABLE:
            return self._first(where, most)
        turn = "DESC" if ordering.falling else "ASC"
        places = self._run(
            f"SELECT place FROM {self._table} WHERE {where.sql} ORDER BY {ordering.column} {turn} NULLS LAST, place LIMIT ?",
            [*where.values, most],
        )
        found = {row.at: row for row in self._rows([at for (at,) in places])}
        return tuple(found[at] for (at,) in places)

    def tables(self, chosen: Filter) -> Iterator[pa.Table]:
        """The customers of a choice as customers.parquet has them, some thousands at a time; an empty table first."""
        where = condition(chosen)
        with self._cursor() as cursor:
            asked = f"SELECT {self._written} FROM {self._table} WHERE {where.sql}"
            found: pa.RecordBatchReader = cursor.sql(asked, params=where.values).to_arrow_reader(AT_ONCE)
            yield pa.table(found.schema.empty_table().columns, names=self.names)
            for batch in found:
                yield pa.table(batch.columns, names=self.names)

    def one(self, customer: str) -> Row | None:
        """The customer of an id."""
        places = self._run(f"SELECT place FROM {self._table} WHERE id_text = ? LIMIT 1", [customer])
        rows = self._rows([at for (at,) in places])
        return rows[0] if rows else None

    def averages(self, chosen: Filter) -> tuple[Average, ...]:
        """Each feature's mean and spread over a choice."""
        if chosen.counted:
            lines = self._counted(self._spread)
        else:
            lines = [(*line[:2], *line[4:]) for line in self._read(chosen)]
        found = pooled(lines, chosen, len(self.columns))
        return tuple(Average(n=n, mean=mean, sd=sd) for n, mean, sd in found)

    @property
    def _spread(self) -> str:
        """How many customers have each feature, its mean and its variance."""
        return ", ".join(f"count({column}), avg({column}), var_pop({column})" for column in self.columns)

    def _read(self, chosen: Filter) -> list[Line]:
        """All that is summed of the customers of a choice, by segment and level, from reading them once."""
        where = condition(chosen)
        return self._known(
            f"SELECT segment, confidence_level, {WORTH}, {self._spread} FROM {self._table} WHERE {where.sql}"
            " GROUP BY 1, 2 ORDER BY 1, 2",
            where.values,
        )

    def moments(self, feature: str) -> dict[int, Moments]:
        """One feature in each segment that has customers.

        One at a time: quantiles keep a feature's values in memory.
        """
        one = self._column(feature)
        rows = self._known(
            f"SELECT segment, count({one}), avg({one}), var_pop({one}), quantile_cont({one}, [0.25, 0.5, 0.75])"
            f" FROM {self._table} WHERE segment > 0 GROUP BY 1"
        )
        return {
            segment: Moments(n=n, mean=_real(mean), variance=_real(variance), quartiles=_quartiles(quartiles))
            for segment, n, mean, variance, quartiles in rows
        }

    def bins(self, feature: str, bars: Bars) -> list[tuple[int, int, int]]:
        """Segment, bin and customers of one feature's histogram."""
        column = self._column(feature)
        value = f"{'log10' if bars.log else ''}({column})"
        known = "> 0" if bars.log else "IS NOT NULL"
        return self._known(
            f"SELECT segment, least(greatest(floor(({value} - ?) / ?), 0), ?)::INTEGER AS bin, count(*)"
            f" FROM {self._table} WHERE segment > 0 AND {column} {known} GROUP BY ALL",
            [bars.low, bars.wide, bars.bins - 1],
        )

    def cells(self, chosen: Filter, grid: CountGrid) -> Ints:
        """The cells of the map that are not empty, m x 5: segment, confidence_level, column, row, customers."""
        if not chosen.counted:
            return self._cells_of(chosen, grid)
        if self._table not in self._cells:
            with self._counting:
                if self._table not in self._cells:
                    self._cells[self._table] = self._cells_of(Filter(), grid)
        return cells_within(self._cells[self._table], chosen)

    def _cells_of(self, chosen: Filter, grid: CountGrid) -> Ints:
        where = condition(chosen)
        where.add("segment > 0 AND x IS NOT NULL")
        asked = self._run if chosen.counted else self._known
        rows = asked(
            "SELECT segment, coalesce(list_position(?, confidence_level), 0) AS level,"
            " least(greatest(floor((x - ?) / ?), 0), ?)::INTEGER AS across,"
            " least(greatest(floor((y - ?) / ?), 0), ?)::INTEGER AS up, count(*)"
            f" FROM {self._table} WHERE {where.sql} GROUP BY ALL",
            [
                list(LEVELS),
                *(grid.left, grid.wide, grid.columns - 1),
                *(grid.low, grid.high, grid.rows - 1),
                *where.values,
            ],
        )
        return frozen_ints(np.array(rows, dtype=np.int64).reshape(-1, 5))

    def _counted(self, columns: str) -> list[Line]:
        """What is counted of everybody by segment and level; counted once."""
        asked = f"SELECT segment, confidence_level, {columns} FROM {self._table} GROUP BY 1, 2 ORDER BY 1, 2"
        if asked not in self._tallies:
            with self._counting:
                if asked not in self._tallies:
                    self._tallies[asked] = self._run(asked)
        return self._tallies[asked]

    def dots(self, chosen: Filter) -> list[tuple[float, float, int]]:
        """Where every customer of a choice is on the map, and its segment."""
        where = condition(chosen)
        where.add("segment > 0 AND x IS NOT NULL")
        return self._run(
            f"SELECT x, y, segment FROM {self._table} WHERE {where.sql} ORDER BY place", where.values
        )

    def members(self, segment: int) -> Members:
        """Everybody in a segment, in the order of the file."""
        rows = self._run(
            f"SELECT id_text, runner_up, confidence, confidence_level, out_of_range FROM {TABLE} WHERE segment = ? ORDER BY place",
            [segment],
        )
        ids, rivals, confidence, levels, out = zip(*rows, strict=True) if rows else ((),) * 5
        return Members(ids=ids, rivals=rivals, confidence=confidence, levels=levels, out_of_range=out)

    def placement(self, place: int) -> Mapping[str, object]:
        """What each column of the catalog says of the customer at a place of the file."""
        names = [column.name for column in PLACEMENT_COLUMNS]
        ours = ", ".join(SEGMENT if name == "segment" else name for name in names)
        for values in self._run(f"SELECT {ours} FROM {TABLE} WHERE place = ?", [place]):
            return dict(zip(names, values, strict=True))
        raise Outdated("The run folder changed while it was read.", hint="Load the page again.")

    def _rows(self, places: Sequence[int]) -> list[Row]:
        if not places:
            return []
        marks = ", ".join("?" * len(places))
        return self._people(f"place IN ({marks})", places)

    def _first(self, where: Condition, most: int) -> tuple[Row, ...]:
        """The first customers of the file that fit: rows of one file keep their order, and reading ends early."""
        found = self._people(f"{where.sql} LIMIT ?", [*where.values, most])
        return tuple(sorted(found, key=lambda row: row.at))

    def _people(self, which: str, values: Sequence[object]) -> list[Row]:
        columns = "place, id_text, segment, runner_up, confidence, confidence_level, placed, value"
        features = ", ".join(self.columns)
        rows = self._run(f"SELECT {columns}, {features} FROM {self._table}_rows WHERE {which}", values)
        return [
            Row(
                at=at,
                id=customer,
                segment=segment,
                rival=rival or "",
                confidence=_real(confidence),
                level=level,
                placed=placed,
                value=_real(value),
                features=tuple(_real(one) for one in values),
            )
            for at, customer, segment, rival, confidence, level, placed, value, *values in rows
        ]

    def _known(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement; what was asked lately is remembered, since a run never changes."""
        key = (statement, repr(values))
        if key not in self._remembered:
            self._remembered[key] = self._run(statement, values)
            while len(self._remembered) > MOST_REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)), None)
        return self._remembered.get(key) or self._run(statement, values)

    def _run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement.

        Raises:
            Outdated: when the files are gone or are others than they were.
        """
        with self._turns, self._cursor() as cursor:
            return cursor.execute(statement, list(values)).fetchall()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._lock:
            cursor = self._engine.cursor()
        try:
            cursor.execute("SET VARIABLE names = ?", [self._names])
            yield cursor
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as failure:
            raise Outdated(
                "The run folder changed while it was read.", hint="Load the page again."
            ) from failure
        except duckdb.OutOfMemoryException as failure:
            raise Busy(
                "Too much is asked at once to be answered now.", hint="Load the page again in a moment."
            ) from failure
        finally:
            cursor.close()


def _go_on(where: Condition, ordering: Ordering) -> None:
    """The customers that come after one of them: by the sorted column, then by place; nothing last."""
    column, sign = ordering.column, "<" if ordering.falling else ">"
    if column == "place":
        where.add("place > ?", ordering.after)
        return
    last = f"(SELECT {column} FROM customers WHERE place = ?)"
    where.add(
        f"({column} {sign} {last} OR ({column} IS NOT DISTINCT FROM {last} AND place > ?)"
        f" OR ({column} IS NULL AND {last} IS NOT NULL))",
        *[ordering.after] * 4,
    )


def _real(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _quartiles(found: Sequence[object] | None) -> tuple[float, float, float]:
    low, middle, high = found or (None, None, None)
    return _real(low), _real(middle), _real(high)
