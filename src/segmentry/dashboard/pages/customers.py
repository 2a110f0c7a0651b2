"""The customers: found by the beginning of their id, filtered, sorted, and one page after another."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from segmentry.dashboard.data.filters import LEVELS, Filter, read_filter, whole
from segmentry.dashboard.data.query_results import Ordering, Part, Row
from segmentry.dashboard.page_request import Page, Visit, Words, customer_path
from segmentry.dashboard.web.errors import Misasked
from segmentry.records.run import Run
from segmentry.views.charts.cluster_prof import columns_of
from segmentry.views.topics.cells import Cell, Head, Table, TableColumn, feature, named, numeric, table, text
from segmentry.views.words.numbers import column, count, plural, share

PAGE = 50
MOST_MEASURES = 6
OWN_COLUMNS = {"id": "id", "segment": "segment", "confidence": "confidence", "value": "value"}
"""What a list can be sorted by, beside the measures."""
TEXTUAL = ("id", "segment")
"""These rise when they are sorted first; numbers fall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list of customers, ready to be laid out.

    Attributes:
        table: The customers, in columns that sort.
        next: The link to the next page; empty on the last.
        first: The link to the first page; empty on it.
        total: How many customers there are in all pages.
    """

    table: Table
    next: str
    first: str
    total: int


def show(visit: Visit) -> Words:
    """The words of the list of customers."""
    chosen = read_filter(visit.address, visit.run.k)
    parts = visit.customers.parts(chosen)
    total = sum(part.customers for part in parts)
    return {
        "finding": _finding(visit, chosen, parts),
        "chosen": chosen,
        "levels": () if visit.preview else LEVELS,
        "choices": tuple((number, visit.tag(number)) for number in range(1, visit.run.k + 1)),
        "parts": parts,
        "listing": listing(visit, chosen, total),
        "total": count(total),
        "csv": "" if visit.preview or not total else visit.address.moved("/customers.csv"),
    }


def listing(visit: Visit, chosen: Filter, total: int, most: int = PAGE) -> Listing:
    """The customers of a choice, sorted and from where the address says."""
    run = visit.run
    name, ordering = _ordering(visit, run)
    rows = visit.customers.listed(chosen, ordering, most + 1)
    more = len(rows) > most
    shown = rows[:most]
    return Listing(
        table=_table(visit, shown, Sorted(by=name, falling=ordering.falling)),
        next=visit.address.here(after=shown[-1].at) if more else "",
        first=visit.address.here(after=None) if ordering.after is not None else "",
        total=total,
    )


def measures_of(run: Run) -> tuple[str, ...]:
    """The measures of the list: those that the segments differ most in."""
    return tuple(one.everybody.feature for one in columns_of(run)[:MOST_MEASURES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What a list is sorted by, and whether it falls."""

    by: str
    falling: bool


def _table(visit: Visit, rows: tuple[Row, ...], now: Sorted) -> Table:
    """The customers with their segment and measures; the head of each column sorts by it."""
    place = {row.at: at for at, row in enumerate(rows)}

    def amounts(name: str, head: str, values: Iterable[float]) -> TableColumn[Row]:
        written = column(values)
        return sorting(name, numeric(head, lambda row: written[place[row.at]]))

    def sorting(name: str, unsorted: TableColumn[Row]) -> TableColumn[Row]:
        return replace(unsorted, head=_heading(visit, name, unsorted.head, now))

    names = visit.run.survey.customers.names
    sure: TableColumn[Row] = numeric(
        "Confidence", lambda row: Cell(text=share(row.confidence), tone=row.level)
    )
    return table(
        "Customers",
        rows,
        sorting(
            "id", text("Customer", lambda row: named(row.id).to(visit.address.to(customer_path(row.id))))
        ),
        sorting("segment", text("Segment", lambda row: visit.tag(row.segment))),
        *([] if visit.preview else [sorting("confidence", sure)]),
        *([amounts("value", "Value", (row.value for row in rows))] if visit.customers.has_value else []),
        *(
            amounts(f"f:{one}", feature(one).text, [row.features[names.index(one)] for row in rows])
            for one in measures_of(visit.run)
        ),
    )


def _ordering(visit: Visit, run: Run) -> tuple[str, Ordering]:
    """What the address sorts by: ``value`` rising, ``-value`` falling, ``f:spend`` for a measure."""
    text = visit.address.one("sort")
    falling, name = text.startswith("-"), text.removeprefix("-")
    after = visit.address.one("after")
    place = whole(after, "after") if after else None
    names = run.survey.customers.names
    if not name:
        return "", Ordering(after=place)
    if name.startswith("f:") and name[2:] in names:
        return name, Ordering(column=f"f{names.index(name[2:])}", falling=falling, after=place)
    if name in OWN_COLUMNS:
        return name, Ordering(column=OWN_COLUMNS[name], falling=falling, after=place)
    raise Misasked(f"The list cannot be sorted by '{name[:40]}'.", hint="Take the head of a column.")


def _heading(visit: Visit, name: str, head: Head, now: Sorted) -> Head:
    first = name if name in TEXTUAL else f"-{name}"
    other = name if now.falling else f"-{name}"
    turn = ("descending" if now.falling else "ascending") if name == now.by else "none"
    return replace(
        head, link=visit.address.here(sort=other if name == now.by else first, after=None), turn=turn
    )


def _finding(visit: Visit, chosen: Filter, parts: tuple[Part, ...]) -> str:
    """How many customers the list holds, and where most of them are."""
    total = sum(part.customers for part in parts)
    if not total:
        return "No customer fits"
    if not chosen:
        return f"{plural(total, 'customer')}: search, sort and open any of them"
    largest = max(parts, key=lambda one: one.customers)
    if len(parts) == 1:
        return f"{plural(total, 'customer')} in {visit.tag(largest.segment).text}"
    most = f"{share(largest.customers / total)} of them {visit.tag(largest.segment).text}"
    return f"{plural(total, 'customer')} chosen, {most}"


CUSTOMERS = Page(path="/customers", title="Customers", template="customers.html", show=show)
