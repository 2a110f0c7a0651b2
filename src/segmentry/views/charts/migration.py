"""Who moved between two runs: segments of then on the left, of now on the right, bands of customers between."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from segmentry.records.migration import NOT_THERE, NOWHERE, Migration, Stream
from segmentry.views.charts.flow import bend
from segmentry.views.drawing.figure import Figure, Rows
from segmentry.views.drawing.marks import Area, Bar, Mark, Words
from segmentry.views.drawing.theme import BODY, INK, LEFT, QUIET, RIGHT, UNASSIGNED, dark, segment_colour
from segmentry.views.words.numbers import count, plural, share
from segmentry.views.words.text import clean, shorten, width

ROOM, NODE, TOP = 258, 9, 30
LABEL, APART, TALL = 22, 14, 380
PALE, STRONG_BAND = 0.16, 0.55
SLACK = 1.12
"""How much wider a browser's own face may be than the one that text is measured in."""
LEAST = 1.0
"""Pixels of a node, however few customers it has."""

OTHERS: Mapping[int, tuple[str, str]] = {
    NOWHERE: ("In no segment", "In no segment"),
    NOT_THERE: ("New customers", "No longer there"),
}
"""What the places beside the segments are called, before and now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A segment on one side.

    Attributes:
        name: Its name, safe to draw.
        top, bottom: Its ends on the sheet.
        customers: How many it holds.
        colour: Of its mark.
    """

    name: str
    top: float
    bottom: float
    customers: int
    colour: str

    @property
    def middle(self) -> float:
        """Half-way down."""
        return (self.top + self.bottom) / 2

    def high(self, customers: int) -> float:
        """The height of a number of its customers."""
        return (self.bottom - self.top) * customers / max(self.customers, 1)


def migration(moves: Migration, foot: str = "") -> Figure:
    """Bands of customers from the segments of then to those of now: who stayed is pale, who moved is strong.

    Args:
        moves: Two runs, compared.
        foot: Which runs they are.
    """
    left, right = _nodes(moves, later=False), _nodes(moves, later=True)
    title = headline(moves)
    return Figure(
        name="migration",
        title=title,
        subtitle="Customers by segment before (left) and now (right); pale: stayed, strong: moved; the thickness of a "
        "band is how many they are",
        foot=f"{count(moves.shared)} customers are in both runs{f' · {foot}' if foot else ''}",
        alt=f"Bands of customers from {plural(len(moves.before), 'segment')} before to "
        f"{plural(len(moves.now), 'segment')} now. {title}.",
        marks=(
            *_bands(moves, left, right),
            *_side(tuple(left.values()), x=LEFT + ROOM, outside=-1),
            *_side(tuple(right.values()), x=RIGHT - ROOM - NODE, outside=1),
            Words(x=LEFT + ROOM + NODE, y=14, text="Before", strong=True, align="right", colour=QUIET),
            Words(x=RIGHT - ROOM - NODE, y=14, text="Now", strong=True, colour=QUIET),
        ),
        height=max(one.bottom for one in (*left.values(), *right.values())) + 12,
        data=_rows(moves),
    )


def headline(moves: Migration) -> str:
    """How many moved, and the largest stream of them."""
    if not moves.shared:
        return "No customer is in both runs"
    if not moves.movers:
        return f"All {count(moves.shared)} customers who are in both runs stayed where they were"
    moved = sum(mover.customers for mover in moves.movers)
    largest = moves.movers[0]
    rest = "" if len(moves.movers) == 1 else f", {share(largest.customers / moved)} of them"
    return (
        f"{share(moved / moves.shared)} of customers moved to another segment{rest} from "
        f"{side_name(moves, largest.before, later=False)} to {side_name(moves, largest.now, later=True)}"
    )


def side_name(moves: Migration, segment: int, *, later: bool) -> str:
    """What a place on one side is called."""
    if segment <= NOWHERE:
        return OTHERS[segment][int(later)].lower()
    name = clean((moves.now if later else moves.before)[segment - 1])
    return f"{name} {'(now)' if later else '(before)'}" if name in twofold(moves) else name


def twofold(moves: Migration) -> frozenset[str]:
    """Names that one segment had before and another has now, so that it must be said which is meant."""
    now = {clean(name): number for number, name in enumerate(moves.now, 1)}
    before = {clean(name): number for number, name in enumerate(moves.before, 1)}
    return frozenset(name for name in now if name in before and moves.heir(before[name]) != now[name])


def colour_before(moves: Migration, segment: int) -> str:
    """The colour of an earlier segment: that of the later one that it is; grey where there is none."""
    heir = moves.heir(segment)
    return segment_colour(moves.colour(heir), len(moves.now)) if heir > NOWHERE else UNASSIGNED


def _nodes(moves: Migration, *, later: bool) -> Mapping[int, Node]:
    """The places of one side from top to bottom: segments in their order, then none, then not there."""
    names = moves.now if later else moves.before
    sizes: dict[int, int] = defaultdict(int)
    for stream in moves.streams:
        sizes[stream.now if later else stream.before] += stream.customers
    keys = [*range(1, len(names) + 1), *(one for one in (NOWHERE, NOT_THERE) if sizes[one])]
    scale = (TALL - APART * (len(keys) - 1)) / max(sum(sizes.values()), 1)
    found: dict[int, Node] = {}
    y = float(TOP)
    for key in keys:
        high = max(sizes[key] * max(scale, 0.0), LEAST)
        colour = _colour(moves, key, later=later)
        name = side_name(moves, key, later=later) if key > NOWHERE else OTHERS[key][int(later)]
        found[key] = Node(name=name, top=y, bottom=y + high, customers=sizes[key], colour=colour)
        y += max(high + APART, LABEL)
    return found


def _colour(moves: Migration, key: int, *, later: bool) -> str:
    if key <= NOWHERE:
        return UNASSIGNED
    return segment_colour(moves.colour(key), len(moves.now)) if later else colour_before(moves, key)


def _bands(moves: Migration, left: Mapping[int, Node], right: Mapping[int, Node]) -> Iterable[Mark]:
    """The streams, each leaving and entering its places below the one before; those who moved lie on top."""
    across = (float(LEFT + ROOM + NODE), float(RIGHT - ROOM - NODE))
    tops = _tops(moves.streams, left, right)
    stayed = [stream for stream in moves.streams if not moves.moved(stream)]
    for one in (*stayed, *reversed(moves.movers)):
        start, end = left[one.before], right[one.now]
        yield Area(
            points=bend(
                across, tops[one.before, one.now], (start.high(one.customers), end.high(one.customers))
            ),
            colour=start.colour,
            opacity=STRONG_BAND if moves.moved(one) else PALE,
            tip=f"{plural(one.customers, 'customer')}: {start.name} to {end.name}",
        )


def _tops(
    streams: Sequence[Stream], left: Mapping[int, Node], right: Mapping[int, Node]
) -> Mapping[tuple[int, int], tuple[float, float]]:
    """Where each stream leaves and where it enters, by its two ends."""
    places = {key: at for side in (left, right) for at, key in enumerate(side)}
    order = [*left, *(one for one in right if one not in left)]
    rank = {key: places[key] if key > NOWHERE else len(order) - key for key in order}
    leaves, enters = ({key: one.top for key, one in side.items()} for side in (left, right))
    start, end = {}, {}
    for stream in sorted(streams, key=lambda each: (rank[each.before], rank[each.now])):
        start[stream.before, stream.now] = leaves[stream.before]
        leaves[stream.before] += left[stream.before].high(stream.customers)
    for stream in sorted(streams, key=lambda each: (rank[each.now], rank[each.before])):
        end[stream.before, stream.now] = enters[stream.now]
        enters[stream.now] += right[stream.now].high(stream.customers)
    return {key: (start[key], end[key]) for key in start}


def _side(nodes: Sequence[Node], *, x: float, outside: int) -> Iterable[Mark]:
    """The places of a side with their totals beside them, and their names further out."""
    totals = max(width(count(node.customers), BODY) for node in nodes) * SLACK
    align = "right" if outside < 0 else "left"
    beside = x - 8 if outside < 0 else x + NODE + 8
    for node in nodes:
        y = node.middle + BODY * 0.36
        name = shorten(node.name, (ROOM - totals - 22) / SLACK, BODY, bold=True)
        ink = QUIET if node.colour == UNASSIGNED else dark(node.colour)
        tip = f"{node.name}: {plural(node.customers, 'customer')}"
        yield Bar(x=x, x2=x + NODE, y=node.top, y2=node.bottom, colour=node.colour, tip=tip)
        yield Words(x=beside, y=y, text=count(node.customers), align=align, colour=INK)
        yield Words(x=beside + outside * (totals + 8), y=y, text=name, strong=True, align=align, colour=ink)


def _rows(moves: Migration) -> Rows:
    return tuple(
        {
            "before": side_name(moves, stream.before, later=False),
            "now": side_name(moves, stream.now, later=True),
            "customers": stream.customers,
            "share_of_before": stream.customers / max(moves.total_before(stream.before), 1),
            "moved": moves.moved(stream),
            "value_now": stream.value,
        }
        for stream in moves.streams
    )
