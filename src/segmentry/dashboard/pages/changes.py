"""What changed between two runs: which segments are the same, who moved where, and the list of those who did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from segmentry.dashboard.data.filters import whole
from segmentry.dashboard.data.opened_run import Opened
from segmentry.dashboard.page_request import Page, Visit, Words, customer_path
from segmentry.dashboard.web.errors import Misasked
from segmentry.dashboard.web.figures import chart
from segmentry.edges.run_folder.run_pair import Between, Mover, RunPair
from segmentry.records.columns import Role
from segmentry.records.migration import NOWHERE, Migration, Stream, worth
from segmentry.stages.monitoring.matching import SAME
from segmentry.views.charts.migration import OTHERS, headline, migration, side_name
from segmentry.views.drawing.figure import Figure
from segmentry.views.topics.cells import (
    Cell,
    Table,
    colour_class,
    named,
    numeric,
    prose,
    said,
    sentence,
    shortened,
    table,
    text,
)
from segmentry.views.words.numbers import ABSENT, count, number, plural, ratio, share

PAGE = 50
MOST_STREAMS = 12
"""Streams of movers that are said in a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Customers who went from one segment to another, and the link to their list.

    Attributes:
        said: The stream in a sentence.
        link: Their list.
        current: Whether the list shows them now.
    """

    said: str
    link: str
    current: bool


def show(visit: Visit) -> Words:
    """The words of the page."""
    now = visit.opened
    others = tuple(name for name in visit.library.names if name != now.name)
    words: Words = {"others": others, "earlier": "", "pair": None, "now": now.name}
    if not others:
        return words | {
            "finding": "There is one run, so nothing to compare it with",
            "under": "Make another run into the same folder, and this page shows who moved.",
        }
    before = earlier(visit)
    words["earlier"] = before.name
    if not (_has_ids(before) and _has_ids(now)):
        return words | {
            "finding": "The customers of these runs cannot be told apart",
            "under": "One of the runs has no id column: its customers are numbered by their rows.",
        }
    pair = visit.library.pairs.of(before, now)
    if not pair.migration.shared:
        return words | {
            "finding": "No customer is in both runs",
            "under": f"{before.name} and {now.name} have no id in common, so nobody can have moved.",
        }
    return words | _compared(visit, pair, before)


def earlier(visit: Visit) -> Opened:
    """The run to compare with: the one asked for, or the one made before this one, or else the next one.

    Runs of a table with the same columns come first: another table has other customers.
    """
    library, now = visit.library, visit.opened.name
    at = library.names.index(now)
    others = (*library.names[at + 1 :], *reversed(library.names[:at]))
    own = library.columns(now)
    alike = (other for other in others if library.columns(other) == own)
    before = visit.address.one("before") or next(alike, others[0] if others else now)
    if before == now:
        raise Misasked("A run cannot be compared with itself.", hint="Choose another earlier run.")
    return library.opened(before)


def between(visit: Visit, moves: Migration) -> Between:
    """Which movers the address means."""
    return Between(
        source=_segment(visit, "from", len(moves.before)), target=_segment(visit, "to", len(moves.now))
    )


def _segment(visit: Visit, name: str, most: int) -> int | None:
    text = visit.address.one(name)
    if not text:
        return None
    found = whole(text, name)
    if found > most:
        raise Misasked(f"There is no segment {found}.", hint=f"'{name}' may be 1 to {most}, or 0 for none.")
    return found


def _has_ids(opened: Opened) -> bool:
    """Whether customers have an id of their own, and not the number of their row."""
    survey = opened.run.survey
    from segmentry.edges.sources.columns import ROW_NUMBER  # with what reads files, which no page needs

    return survey.customers.id_name != ROW_NUMBER or any(column.role is Role.ID for column in survey.columns)


def _compared(visit: Visit, pair: RunPair, before: Opened) -> Words:
    moves = pair.migration
    chosen = between(visit, moves)
    after = visit.address.one("after")
    rows = pair.movers(chosen, whole(after, "after") if after else None, PAGE + 1)
    shown = rows[:PAGE]
    wanted = [stream for stream in moves.movers if _fits(stream, chosen)]
    return {
        "finding": sentence(headline(moves)),
        "under": _under(moves, before.name, visit.opened.name),
        "pair": pair,
        "picture": chart(_figure(moves, before.name, visit.opened.name)),
        "follows": _follows(moves),
        "gone": tuple(named(side_name(moves, one, later=False)) for one in moves.gone),
        "ways": tuple(_way(visit, moves, stream, chosen) for stream in moves.movers[:MOST_STREAMS]),
        "left_out": max(0, len(moves.movers) - MOST_STREAMS),
        "streams": _streams(moves),
        "total": sum(segment.customers for segment in wanted),
        "total_said": plural(sum(segment.customers for segment in wanted), "customer"),
        "chosen": chosen,
        "chosen_said": _chosen(moves, chosen),
        "movers": _movers(visit, moves, shown),
        "shown": len(shown),
        "following": visit.address.here(after=shown[-1].at) if len(rows) > PAGE else "",
        "first": visit.address.here(after=None) if after else "",
        "everybody": visit.address.here(**{"from": None, "to": None, "after": None}),
        "download": visit.address.to("/changes.csv", before=before.name, **_kept(chosen)),
    }


def _figure(moves: Migration, before: str, now: str) -> Figure:
    """The streams; the finding is the page's own, so it is not said twice."""
    title = f"Where the customers of {shortened(before, 40)} are in {shortened(now, 40)}"
    return replace(migration(moves, f"{before} to {now}"), title=title)


def _kept(chosen: Between) -> dict[str, int | None]:
    return {"from": chosen.source, "to": chosen.target}


def _fits(stream: Stream, chosen: Between) -> bool:
    return chosen.source in {None, stream.before} and chosen.target in {None, stream.now}


def _under(moves: Migration, before: str, now: str) -> str:
    parts = [f"{plural(moves.shared, 'customer')} in both {before} and {now}"]
    parts += [f"{count(moves.joined)} new"] if moves.joined else []
    parts += [f"{count(moves.left)} no longer there"] if moves.left else []
    return " · ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A segment of now, the one of before that it is, and how far the two overlap; 0 for a new one."""

    number: int
    before: int
    overlap: float


def _follows(moves: Migration) -> Table:
    """Which segment of now is which of before."""
    follows = enumerate(zip(moves.follows, moves.overlap, strict=True), 1)
    return table(
        "Which segment is which",
        [Followed(number=number, before=before, overlap=overlap) for number, (before, overlap) in follows],
        text("Now", lambda one: _now(moves, one.number)),
        text(
            "Before", lambda one: named(side_name(moves, one.before, later=False)) if one.before else ABSENT
        ),
        numeric("Overlap", lambda one: ratio(one.overlap) if one.before else ABSENT),
        prose("So it is", lambda one: _fate(one.before, one.overlap)),
        note="Overlap: of the customers who are in either of the two, the share who are in both (Jaccard). From 0.6 on it "
        "is the same segment, from 0.3 on a changed one; below that it is a new one.",
    )


def _fate(before: int, overlap: float) -> str:
    if not before:
        return "a new segment"
    return "the same segment" if overlap >= SAME else "the same segment, changed"


def _now(moves: Migration, number: int) -> Cell:
    cell = named(side_name(moves, number, later=True))
    colour = colour_class(moves.colour(number), len(moves.now))
    return Cell(text=cell.text, full=cell.full, foreign=True, colour=colour, number=number)


def _before(moves: Migration, number: int) -> Cell:
    if number <= NOWHERE:
        return said(OTHERS[number][0].lower())
    cell, heir = named(side_name(moves, number, later=False)), moves.heir(number)
    colour = colour_class(moves.colour(heir), len(moves.now)) if heir > NOWHERE else "seg-none"
    return Cell(text=cell.text, full=cell.full, foreign=True, colour=colour, number=number)


def _place_now(moves: Migration, number: int) -> Cell:
    return _now(moves, number) if number > NOWHERE else said(OTHERS[number][1].lower())


def _way(visit: Visit, moves: Migration, stream: Stream, chosen: Between) -> Way:
    """A stream of movers as a sentence: how many, what share of where they were, and what they are worth."""
    before, now = (
        side_name(moves, segment, later=later)
        for segment, later in ((stream.before, False), (stream.now, True))
    )
    of = share(stream.customers / max(moves.total_before(stream.before), 1))
    value = f", worth {number(stream.value)} now" if isfinite(stream.value) else ""
    return Way(
        said=sentence(
            f"{plural(stream.customers, 'customer')} went from {before} to {now}: {of} of {before}{value}."
        ),
        link=visit.address.here(**{"from": stream.before, "to": stream.now, "after": None}) + "#movers",
        current=(chosen.source, chosen.target) == (stream.before, stream.now),
    )


def _streams(moves: Migration) -> Table:
    """Every stream, with totals at both ends."""
    ends = [*range(1, len(moves.now) + 1), *(one for one in (0, -1) if moves.total_now(one))]
    starts = [*range(1, len(moves.before) + 1), *(one for one in (0, -1) if moves.total_before(one))]
    amounts = {(stream.before, stream.now): stream.customers for stream in moves.streams}
    return table(
        "Customers by segment before (rows) and now (columns)",
        starts,
        text("Before", lambda start: _before(moves, start)),
        *(numeric(sentence(_place_now(moves, end).text), _stream(amounts, end)) for end in ends),
        numeric("Total before", lambda start: count(moves.total_before(start))),
        total=(
            "Total now",
            *(count(moves.total_now(end)) for end in ends),
            count(sum(stream.customers for stream in moves.streams)),
        ),
        note=_worth(moves),
    )


def _stream(amounts: Mapping[tuple[int, int], int], end: int) -> Callable[[int], str]:
    """From where customers were to how many of them went to one end."""
    return lambda start: count(amounts[start, end]) if amounts.get((start, end)) else ABSENT


def _worth(moves: Migration) -> str:
    value = worth(moves.movers)
    return f"Those who moved are worth {number(value)} now." if isfinite(value) else ""


def _chosen(moves: Migration, chosen: Between) -> str:
    parts = []
    if chosen.source is not None:
        parts.append(f"from {side_name(moves, chosen.source, later=False)}")
    if chosen.target is not None:
        parts.append(f"to {side_name(moves, chosen.target, later=True)}")
    return sentence(" ".join(parts))


def _movers(visit: Visit, moves: Migration, movers: Sequence[Mover]) -> Table | None:
    """The customers who moved, a page of them."""
    if not movers:
        return None
    return table(
        "Customers who moved",
        movers,
        text("Customer", lambda stream: named(stream.id).to(visit.address.to(customer_path(stream.id)))),
        text("Before", lambda stream: _before(moves, stream.before)),
        text("Now", lambda stream: _place_now(moves, stream.now)),
        numeric("Confidence", lambda stream: Cell(text=share(stream.confidence), tone=stream.level)),
    )


CHANGES = Page(path="/changes", title="Changes", template="changes.html", show=show)
