"""Every question that is put to the customers of a run: fixed SQL with parameters, over a locked engine.

The engine reads two files of the run folder and nothing else: access to anything outside is switched
off, and so is changing that. Columns have names of our own (``f0``, ``f1``, ...), so no name from the
data is ever part of a statement but in the one that sets the view up, where it is not needed either.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from segmentry.dashboard.answers import Outdated
from segmentry.dashboard.filters import Condition, Filter, condition
from segmentry.records.quoting import literal
from segmentry.records.run import Run

MEMORY = "160MB"
"""What the engine may take, beside the server itself."""
CUSTOMERS, PAGES = "customers.parquet", "pages.parquet"
PLACEMENT = (
    "id",
    "segment_name",
    "confidence",
    "distance",
    "rival_name",
    "level",
    "rival_distance",
    "out_of_range",
    "placed",
)
"""Our names for the first columns of customers.parquet, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One customer of a list.

    Attributes:
        at: Its place in the file, from 0: what a page continues after.
        id: The id as it was given.
        segment: Its segment from 1; 0 for none.
        rival: The name of the second-nearest segment; empty for none.
        confidence: From 0 to 1.
        level: high, medium or low.
        placed: How it came there.
        value: In the value measure; NaN without.
        features: The features' values; NaN where missing.
    """

    at: int
    id: str
    segment: int
    rival: str
    confidence: float
    level: str
    placed: str
    value: float
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The customers of one segment within a choice.

    Attributes:
        segment: From 1; 0 for those in none.
        customers: How many.
        value: Their summed value; NaN without a measure.
    """

    segment: int
    customers: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """How a list is sorted, and where it goes on.

    Attributes:
        column: A column of the view, from ``columns`` of the list page's own choice.
        falling: Whether the highest come first.
        after: The place of the customer that the list goes on after; None at its beginning.
    """

    column: str = "place"
    falling: bool = False
    after: int | None = None


class Customers:
    """The customers of one run."""

    def __init__(self, folder: Path, run: Run) -> None:
        """Open the files and lock the engine."""
        self._lock = threading.Lock()
        self._names = list(run.model.names)
        self.features = run.survey.customers.names
        self.has_value = run.survey.value is not None and run.survey.worth is not None
        self.has_pages = (folder / PAGES).is_file()
        files = [folder / CUSTOMERS, *([folder / PAGES] if self.has_pages else [])]
        self._engine = duckdb.connect(":memory:")
        allowed = ", ".join(literal(str(one)) for one in files)
        for statement in (
            f"SET memory_limit = '{MEMORY}'",
            "SET temp_directory = ''",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            f"SET allowed_paths = [{allowed}]",
            "SET enable_external_access = false",
            self._view(files),
            "SET lock_configuration = true",
        ):
            self._run(statement)

    def _view(self, files: Sequence[Path]) -> str:
        names = [*PLACEMENT, *(["value"] if self.has_value else []), *self.columns, "place"]
        own = f"SELECT * FROM read_parquet({_file(files[0])}, file_row_number = true) AS own({', '.join(names)})"
        more = f" POSITIONAL JOIN read_parquet({_file(files[1])})" if self.has_pages else ""
        value = "" if self.has_value else ", 'nan'::DOUBLE AS value"
        number = "coalesce(list_position(getvariable('names'), segment_name), 0)::INTEGER AS segment"
        return (
            f"CREATE VIEW customers AS SELECT *, id::VARCHAR AS id_text, {number}{value} FROM ({own}){more}"
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """Our names of the features."""
        return tuple(f"f{index}" for index in range(len(self.features)))

    def close(self) -> None:
        """Let the files go."""
        self._engine.close()

    def parts(self, chosen: Filter) -> tuple[Part, ...]:
        """How many customers of each segment are within a choice, and what they are worth."""
        where = condition(chosen)
        rows = self._run(
            f"SELECT segment, count(*), sum(value) FROM customers WHERE {where.sql} GROUP BY 1 ORDER BY 1",
            where.values,
        )
        return tuple(Part(segment=a, customers=b, value=_real(c)) for a, b, c in rows)

    def placements(self) -> Mapping[str, int]:
        """How many customers came to their segment in which way."""
        return dict(self._run("SELECT placed, count(*) FROM customers GROUP BY 1 ORDER BY 1"))

    def listed(self, chosen: Filter, ordering: Ordering, most: int) -> tuple[Row, ...]:
        """Some customers of a choice, in an order, after one of them."""
        where = condition(chosen)
        if ordering.after is not None:
            _go_on(where, ordering)
        turn = "DESC" if ordering.falling else "ASC"
        places = self._run(
            f"SELECT place FROM customers WHERE {where.sql} ORDER BY {ordering.column} {turn} NULLS LAST, place LIMIT ?",
            [*where.values, most],
        )
        found = {row.at: row for row in self._rows([at for (at,) in places])}
        return tuple(found[at] for (at,) in places)

    def one(self, customer: str) -> Row | None:
        """The customer of an id."""
        places = self._run("SELECT place FROM customers WHERE id_text = ? LIMIT 1", [customer])
        rows = self._rows([at for (at,) in places])
        return rows[0] if rows else None

    def _rows(self, places: Sequence[int]) -> list[Row]:
        if not places:
            return []
        columns = "place, id_text, segment, rival_name, confidence, level, placed, value"
        features = ", ".join(self.columns)
        rows = self._run(
            f"SELECT {columns}, {features} FROM customers WHERE place IN (SELECT unnest(?))", [list(places)]
        )
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

    def _run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement.

        Raises:
            Outdated: when the files are gone or are others than they were.
        """
        with self._cursor() as cursor:
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


def _file(path: Path) -> str:
    """A path as a quoted literal that stands for itself: signs of patterns are put in brackets."""
    return literal("".join(f"[{one}]" if one in "*?[" else one for one in str(path)))


def _real(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def by_segment(parts: Sequence[Part]) -> Mapping[int, Part]:
    """Parts by the number of their segment."""
    return {part.segment: part for part in parts}
