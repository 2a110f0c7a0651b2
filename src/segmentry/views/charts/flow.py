"""How customers move as segments are added: bands from each number of segments to the next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentry.records.evidence import SegmentFlow
from segmentry.records.run import Run
from segmentry.views.charts.captions import Tag, run_foot, tags
from segmentry.views.charts.stability_words import basis
from segmentry.views.drawing.figure import Figure, Rows
from segmentry.views.drawing.marks import Area, Bar, Mark, Plate, Words, base
from segmentry.views.drawing.panels import Grid
from segmentry.views.drawing.theme import (
    ACCENT,
    GHOST,
    INK,
    LEFT,
    PAPER,
    QUIET,
    RIGHT,
    RULE,
    SMALL,
    blend,
    contrast,
    dark,
)
from segmentry.views.words.numbers import plural, share
from segmentry.views.words.text import width, wrap

TOP, TALL, APART, NODE = 34, 400, 7, 20
DIRECT, LABEL_STEP, OUTSIDE = 96, 15, 120
BENDS = 24
ROW = 20
PALE, FAINT = 0.55, 0.5

Key = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A segment of one of the solutions.

    Attributes:
        top, bottom: Its ends on the sheet.
        customers: How many it holds.
        colour: Of the shipped segment that it is; grey for those of other solutions.
    """

    top: float
    bottom: float
    customers: int
    colour: str

    @property
    def middle(self) -> float:
        """Half-way down."""
        return (self.top + self.bottom) / 2


def segment_flow(run: Run) -> tuple[Figure, ...]:
    """A column a number of segments, a band a group of customers; nothing where no flow is known."""
    flows = run.evidence.flows
    if not flows:
        return ()
    title = headline(run)
    ks = columns(flows)
    names = _direct(run, ks)
    legend = [] if names or run.k not in ks else _legend(run)
    figure = Figure(
        name="segment_flow",
        title=title,
        subtitle="Where the customers of each segment go when one segment more is allowed; the thickness of a band "
        "is how many they are",
        foot=run_foot(run, basis(run, "traced", _customers(flows))),
        alt=f"Bands of customers from {ks[0]} to {ks[-1]} segments. {title}.",
        marks=(*_marks(run, ks), *legend),
        height=TOP + TALL + (30 + ROW * -(-run.k // 3) if legend else 8),
        data=_rows(run),
    )
    return (figure,)


def headline(run: Run) -> str:
    """Which segment would be divided next, and by how much."""
    ahead = [flow for flow in run.evidence.flows if flow.k == run.k + 1]
    if run.k == 1 or run.k not in columns(run.evidence.flows):
        return "How customers move as segments are added"
    if not ahead:
        return f"How the {run.k} segments come about, one segment at a time"
    kept: dict[int, list[int]] = defaultdict(list)
    for one in ahead:
        kept[one.parent].append(one.customers)
    stay = {parent: max(several) / max(sum(several), 1) for parent, several in kept.items()}
    parent = min(stay, key=lambda one: (stay[one], one))
    name = tags(run)[parent].title
    return f"One segment more would divide {name} first: {share(1 - stay[parent])} of them would go elsewhere"


def _customers(flows: Sequence[SegmentFlow]) -> int:
    first = min(flow.k for flow in flows)
    return sum(flow.customers for flow in flows if flow.k == first)


def columns(flows: Sequence[SegmentFlow]) -> tuple[int, ...]:
    """The numbers of segments that have a column."""
    return tuple(sorted({flow.k for flow in flows} | {flow.k - 1 for flow in flows}))


def _places(run: Run, ks: Sequence[int]) -> Mapping[int, float]:
    """Where the columns stand; names beside a last column need room."""
    end = RIGHT - NODE - (OUTSIDE if ks[-1] == run.k else 4)
    step = (end - LEFT) / max(len(ks) - 1, 1)
    return {k: LEFT + step * i for i, k in enumerate(ks)}


def _room(run: Run, ks: Sequence[int]) -> float:
    """How wide a name beside a node of the shipped solution may be."""
    if ks[-1] == run.k:
        return OUTSIDE - 6
    places = list(_places(run, ks).values())
    return places[1] - places[0] - NODE - 10 if len(places) > 1 else DIRECT


def _direct(run: Run, ks: Sequence[int]) -> bool:
    """Whether the names can stand beside their nodes; else nodes have numbers and names stand below."""
    return run.k in ks and run.k <= len(ks) + 1 and _room(run, ks) >= DIRECT - NODE


def _marks(run: Run, ks: Sequence[int]) -> list[Mark]:
    places = _places(run, ks)
    nodes = _nodes(run, ks)
    marks = [*_heads(run, places), *_bands(run, places, nodes)]
    for (k, _), node in nodes.items():
        x = places[k]
        marks.append(Bar(x=x, x2=x + NODE, y=node.top, y2=max(node.bottom, node.top + 1), colour=node.colour))
    if run.k in ks:
        own = [nodes[run.k, i] for i in range(run.k) if (run.k, i) in nodes]
        marks += _names(run, own, places[run.k]) if _direct(run, ks) else _numbers(own, places[run.k])
    return marks


def _heads(run: Run, places: Mapping[int, float]) -> list[Mark]:
    return [
        Words(
            x=x + NODE / 2,
            y=14,
            text=f"{k} chosen" if k == run.k and len(places) <= 9 else str(k),  # noqa: PLR2004 - that fit
            size=SMALL,
            strong=k == run.k,
            colour=dark(ACCENT) if k == run.k else QUIET,
            align="left" if k == run.k and x <= LEFT else "center",
        )
        for k, x in places.items()
    ]


def _nodes(run: Run, ks: Sequence[int]) -> Mapping[Key, Node]:
    """Every segment of every solution, from top to bottom in the order they are drawn."""
    sizes = _sizes(run.evidence.flows)
    total = max(sum(amount for (k, _), amount in sizes.items() if k == one) for one in ks)
    scale = (TALL - APART * (max(ks) - 1)) / max(total, 1)
    named = tags(run)
    found: dict[Key, Node] = {}
    for k in ks:
        own = sorted(segment for one, segment in sizes if one == k)
        tall = sum(sizes[k, segment] for segment in own) * scale + APART * (len(own) - 1)
        y = TOP + (TALL - tall) / 2
        for segment in own:
            high = sizes[k, segment] * scale
            colour = named[segment].colour if k == run.k else RULE
            found[k, segment] = Node(top=y, bottom=y + high, customers=sizes[k, segment], colour=colour)
            y += high + APART
    return found


def _sizes(flows: Sequence[SegmentFlow]) -> Mapping[Key, int]:
    first = min(flow.k for flow in flows)
    sizes: dict[Key, int] = defaultdict(int)
    for flow in flows:
        sizes[flow.k, flow.child] += flow.customers
        if flow.k == first:
            sizes[flow.k - 1, flow.parent] += flow.customers
    return sizes


def _bands(run: Run, places: Mapping[int, float], nodes: Mapping[Key, Node]) -> list[Mark]:
    """The flows, each leaving and entering its nodes below the one before."""
    left, entered = (defaultdict(float) for _ in range(2))  # type: defaultdict[Key, float], defaultdict[Key, float]
    marks: list[Mark] = []
    for one in sorted(run.evidence.flows, key=lambda flow: (flow.k, flow.parent, flow.child)):
        start, end = (one.k - 1, one.parent), (one.k, one.child)
        high = _high(nodes[start], one.customers), _high(nodes[end], one.customers)
        tops = nodes[start].top + left[start], nodes[end].top + entered[end]
        left[start] += high[0]
        entered[end] += high[1]
        colour = next((nodes[key].colour for key in (start, end) if key[0] == run.k), "")
        marks.append(
            Area(
                points=bend((places[one.k - 1] + NODE, places[one.k]), tops, high),
                colour=blend(colour, PAPER, PALE) if colour else GHOST,
                opacity=0.85 if colour else FAINT + 0.2,
                tip=f"{plural(one.customers, 'customer')}: from {one.k - 1} to {one.k} segments",
            )
        )
    return marks


def _high(node: Node, customers: int) -> float:
    return (node.bottom - node.top) * customers / max(node.customers, 1)


def bend(
    across: tuple[float, float], tops: tuple[float, float], high: tuple[float, float]
) -> tuple[tuple[float, float, float], ...]:
    """A band that leaves and arrives level."""
    points = []
    for i in range(BENDS + 1):
        part = i / BENDS
        eased = part * part * (3 - 2 * part)
        top = tops[0] + (tops[1] - tops[0]) * eased
        wide = high[0] + (high[1] - high[0]) * eased
        points.append((across[0] + (across[1] - across[0]) * part, top, top + max(wide, 0.4)))
    return tuple(points)


def _names(run: Run, nodes: Sequence[Node], x: float) -> list[Mark]:
    """The shipped segments' names to the right of their nodes, moved apart where they would touch."""
    room = _room(run, columns(run.evidence.flows))
    texts = [_lines(tag, node, room) for tag, node in zip(tags(run), nodes, strict=False)]
    heights = [LABEL_STEP * len(lines) for lines in texts]
    marks: list[Mark] = []
    for tag, lines, middle in zip(
        tags(run), texts, spread([node.middle for node in nodes], heights), strict=False
    ):
        top = middle - LABEL_STEP * len(lines) / 2
        wide = max(width(line, SMALL) for line in lines)
        marks.append(
            Plate(x=x + NODE + 2, x2=x + NODE + wide + 9, y=top - 1, y2=top + LABEL_STEP * len(lines) + 1)
        )
        marks += [
            Words(x=x + NODE + 6, y=top + LABEL_STEP * (i + 1) - 4, text=line, size=SMALL, colour=tag.ink)
            for i, line in enumerate(lines)
        ]
    return marks


def _lines(tag: Tag, node: Node, room: float) -> tuple[str, ...]:
    """The name in as many lines as the node is high enough for, at most three."""
    most = min(3, max(1, int((node.bottom - node.top) // LABEL_STEP)))
    if most == 1 or width(tag.starred, SMALL) > most * room:
        return (tag.fit(room, SMALL),)
    return wrap(tag.starred, room, SMALL, lines=most)


def spread(middles: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Middles of labels, moved as little down and then up as it takes for none to touch the next.

    >>> spread([10, 12, 50], [10, 10, 10])
    [10, 21.0, 50]
    """
    found = list(middles)
    for i in range(1, len(found)):
        found[i] = max(found[i], found[i - 1] + (heights[i - 1] + heights[i]) / 2 + 1)
    bottom = TOP + TALL
    for i in reversed(range(len(found))):
        limit = bottom if i == len(found) - 1 else found[i + 1] - heights[i + 1] / 2 - 1
        found[i] = min(found[i], limit - heights[i] / 2)
    return found


def _numbers(nodes: Sequence[Node], x: float) -> list[Mark]:
    """The shipped segments' numbers on their nodes, those that fit."""
    return [
        Words(
            x=x + NODE / 2,
            y=base(node.middle, SMALL),
            text=str(i),
            size=SMALL,
            strong=True,
            colour=_ink(node.colour),
            align="center",
        )
        for i, node in enumerate(nodes, 1)
        if node.bottom - node.top >= SMALL
    ]


def _ink(ground: str) -> str:
    return max(INK, PAPER, key=lambda one: contrast(one, ground))


def _legend(run: Run) -> list[Mark]:
    """Numbers and names below, in three columns."""
    grid = Grid(columns=3, height=ROW, gap=18, row_gap=0)
    named = tags(run)
    top = TOP + TALL + 30
    marks: list[Mark] = []
    for tag, panel in zip(named, grid.panels(named), strict=True):
        y = top + panel.top
        text = tag.fit(panel.width - 40, SMALL)
        text = text.removeprefix(f"{tag.number} ")
        marks += [
            Bar(x=panel.left, x2=panel.left + 10, y=y, y2=y + 10, colour=tag.colour, radius=2),
            Words(x=panel.left + 16, y=y + 10, text=f"{tag.number}  {text}", size=SMALL, colour=tag.ink),
        ]
    return marks


def _rows(run: Run) -> Rows:
    names = {(run.k, i): segment.name for i, segment in enumerate(run.segments)}
    return tuple(
        {
            "k": flow.k,
            "from": names.get((flow.k - 1, flow.parent), str(flow.parent + 1)),
            "to": names.get((flow.k, flow.child), str(flow.child + 1)),
            "customers": flow.customers,
        }
        for flow in run.evidence.flows
    )
