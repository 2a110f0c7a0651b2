"""The customers: found by the beginning of their id, filtered, sorted, and one page after another."""

from dataclasses import dataclass

from segmentry.dashboard.data.filters import LEVELS, Filter, read_filter, whole
from segmentry.dashboard.data.query_results import Ordering, Part, Row
from segmentry.dashboard.page_request import Page, Visit, Words, customer_path
from segmentry.dashboard.web.errors import Misasked
from segmentry.records.run import Run
from segmentry.views.charts.cluster_prof import columns_of
from segmentry.views.topics.cells import Cell, feature, named
from segmentry.views.words.numbers import ABSENT, column, count, plural, share

PAGE = 50
MOST_MEASURES = 6
OWN_COLUMNS = {"id": "id", "segment": "segment", "confidence": "confidence", "value": "value"}
"""What a list can be sorted by, beside the measures."""
TEXTUAL = ("id", "segment")
"""These rise when they are sorted first; numbers fall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The head of a column that sorts.

    Attributes:
        text: What it holds.
        link: Where a click leads.
        turn: ascending, descending, or none when it is not what the list is sorted by.
        numeric: Whether it is set to the right.
    """

    text: str
    link: str
    turn: str
    numeric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer of the list.

    Attributes:
        id: The id.
        link: The customer's own page.
        segment: The segment with its colour.
        rival: The second-nearest segment.
        confidence: As a percentage.
        level: high, medium or low.
        cells: Value and measures.
    """

    id: Cell
    link: str
    segment: Cell
    rival: str
    confidence: str
    level: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list of customers, ready to be laid out.

    Attributes:
        heads: The columns.
        people: The rows.
        next: The link to the next page; empty on the last.
        first: The link to the first page; empty on it.
        total: How many customers there are in all pages.
    """

    heads: tuple[Heading, ...]
    people: tuple[Person, ...]
    next: str
    first: str
    total: int


def show(visit: Visit) -> Words:
    """The words of the list of customers."""
    chosen = read_filter(visit.address, visit.run.k)
    parts = visit.customers.parts(chosen)
    total = sum(one.customers for one in parts)
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
    measures = measures_of(run)
    name, ordering = _ordering(visit, run)
    rows = visit.customers.listed(chosen, ordering, most + 1)
    more = len(rows) > most
    shown = rows[:most]
    heads = [
        _heading(visit, column, text, (name, ordering.falling)) for column, text in _columns(visit, measures)
    ]
    return Listing(
        heads=tuple(heads),
        people=_people(visit, shown, measures),
        next=visit.address.here(after=shown[-1].at) if more else "",
        first=visit.address.here(after=None) if ordering.after is not None else "",
        total=total,
    )


def measures_of(run: Run) -> tuple[str, ...]:
    """The measures of the list: those that the segments differ most in."""
    return tuple(one.everybody.feature for one in columns_of(run)[:MOST_MEASURES])


def _columns(visit: Visit, measures: tuple[str, ...]) -> list[tuple[str, str]]:
    """What can be sorted by, and what it is called."""
    value = [("value", "Value")] if visit.customers.has_value else []
    sure = [] if visit.preview else [("confidence", "Confidence")]
    own = [("id", "Customer"), ("segment", "Segment"), *sure, *value]
    return [*own, *((f"f:{one}", feature(one).text) for one in measures)]


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


def _heading(visit: Visit, name: str, text: str, now: tuple[str, bool]) -> Heading:
    current, falling = now
    first = name if name in TEXTUAL else f"-{name}"
    other = f"-{name}" if not falling else name
    turn = ("descending" if falling else "ascending") if name == current else "none"
    link = visit.address.here(sort=other if name == current else first, after=None)
    return Heading(text=text, link=link, turn=turn, numeric=name not in TEXTUAL)


def _people(visit: Visit, rows: tuple[Row, ...], measures: tuple[str, ...]) -> tuple[Person, ...]:
    names = visit.run.survey.customers.names
    values = [[row.value for row in rows]] if visit.customers.has_value else []
    values += [[row.features[names.index(one)] for row in rows] for one in measures]
    written = list(zip(*(column(one) for one in values), strict=True)) or [()] * len(rows)
    return tuple(
        Person(
            id=named(row.id),
            link=visit.address.to(customer_path(row.id)),
            segment=visit.tag(row.segment),
            rival=named(row.rival).text if row.rival else ABSENT,
            confidence="" if visit.preview else share(row.confidence),
            level=row.level,
            cells=cells,
        )
        for row, cells in zip(rows, written, strict=True)
    )


def _finding(visit: Visit, chosen: Filter, parts: tuple[Part, ...]) -> str:
    """How many customers the list holds, and where most of them are."""
    total = sum(one.customers for one in parts)
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
