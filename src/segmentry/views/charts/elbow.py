"""Inertia by number of segments, with the elbow and the chosen number marked."""

from segmentry.records.evidence import KEvidence
from segmentry.records.run import Run
from segmentry.views.charts.captions import unnamed_foot
from segmentry.views.drawing.axes import beside
from segmentry.views.drawing.figure import Figure
from segmentry.views.drawing.marks import Dot, HairLine, Line, Mark, Plate, Words
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import ACCENT, BODY, LEFT, PALETTE, QUIET, RIGHT, RULE, SMALL, dark
from segmentry.views.words.numbers import count, number, plural, share
from segmentry.views.words.text import clean, whole_sentences, width

TALL, START = 300, LEFT + 52
NOTE_ROOM = 300
FLOOR = 18
HIGHEST_NOTE, LOWEST_NOTE = 16.0, 110.0
LITTLE, HALF = 0.01, 0.5


def elbow(run: Run) -> tuple[Figure, ...]:
    """The line of the inertia, from zero; the chosen k and Kneedle's elbow are told apart."""
    rows = run.evidence.by_k
    title = headline(run)
    figure = Figure(
        name="elbow",
        title=title,
        subtitle="Inertia: the squared distance of all customers to their segment's centre, by number of segments; the elbow is looked for from 2 on",
        foot=unnamed_foot(run, _sample(run)),
        alt=f"A line of the inertia for {rows[0].k} to {rows[-1].k} segments. {title}.",
        marks=tuple(_marks(run)),
        height=TALL + 56,
        data=tuple(
            {"k": row.k, "inertia": row.inertia, "chosen": row.chosen, "elbow": row.k == run.evidence.elbow}
            for row in rows
        ),
    )
    return (figure,)


def headline(run: Run) -> str:
    """How far the inertia falls up to the chosen number of segments, and what one more would bring."""
    found = {row.k: row.inertia for row in run.evidence.by_k}
    if run.k == 1 and len(found) > 1 and found.get(1, 0.0) > 0:
        most = max(found)
        part = 1 - found[most] / found[1]
        return f"{'Even ' if part < HALF else ''}{most} segments would explain {'only ' if part < HALF else ''}{share(part)} of the differences"
    if run.k == 1 or 1 not in found or run.k not in found or found[1] <= 0:
        return "Inertia falls with every further segment" if len(found) > 1 else "Inertia with one segment"
    fall = 1 - found[run.k] / found[1]
    start = f"{run.k} segments explain {share(fall)} of the differences between customers"
    if run.k + 1 not in found:
        return start
    more = (found[run.k] - found[run.k + 1]) / found[1]
    if more >= fall / run.k:
        return start
    return f"{start}; one more adds {f'only {share(more)}' if more >= LITTLE else 'next to nothing'}"


def _sample(run: Run) -> str:
    return f"solved on {count(run.sampled)}, then on all" if run.sampled else ""


def _marks(run: Run) -> list[Mark]:
    rows = run.evidence.by_k
    across = Scale(low=rows[0].k, high=max(rows[-1].k, rows[0].k + 1), start=START + 24, end=RIGHT - 24)
    up = Scale(low=0, high=max(row.inertia for row in rows) * 1.02 or 1.0, start=TALL, end=0)
    marks = beside(up, START, RIGHT)
    marks.append(HairLine(x=START, x2=RIGHT, y=TALL, y2=TALL, colour=RULE))
    points = tuple((across.at(row.k), up.at(row.inertia)) for row in rows)
    if len(points) > 1:
        marks.append(Line(points=points, colour=QUIET))
    for row, (x, y) in zip(rows, points, strict=True):
        tip = f"{plural(row.k, 'segment')}: inertia {number(row.inertia)}"
        marks.append(
            Dot(x=x, y=y, radius=6.5 if row.chosen else 3.5, colour=ACCENT if row.chosen else QUIET, tip=tip)
        )
        marks.append(
            Words(
                x=x,
                y=TALL + 20,
                text=str(row.k),
                strong=row.chosen,
                colour=dark(ACCENT) if row.chosen else QUIET,
                align="center",
            )
        )
    marks.append(
        Words(
            x=(START + RIGHT) / 2,
            y=TALL + 44,
            text="Number of segments",
            size=SMALL,
            colour=QUIET,
            align="center",
        )
    )
    return marks + _notes(run, across, up)


def _notes(run: Run, across: Scale, up: Scale) -> list[Mark]:
    chosen = next((row for row in run.evidence.by_k if row.chosen), run.evidence.by_k[0])
    marks = _chosen(run, chosen, across, up)
    bend = run.evidence.elbow
    if bend is not None and bend != chosen.k:
        x, y = across.at(bend), up.at(run.evidence.at(bend).inertia)
        ink = dark(PALETTE[1])
        marks += [
            Dot(x=x, y=y, radius=5, colour=PALETTE[1]),
            Words(x=x + 9, y=y - 9, text="elbow", colour=ink, size=SMALL),
        ]
    return marks


def _chosen(run: Run, chosen: KEvidence, across: Scale, up: Scale) -> list[Mark]:
    """Why this number was chosen, in words that the line does not cross."""
    x, y = across.at(chosen.k), up.at(chosen.inertia)
    both = ", at the elbow" if run.evidence.elbow == chosen.k else ""
    head = f"{chosen.k} chosen{both}: inertia {number(chosen.inertia)}"
    lines = whole_sentences(clean(run.verdict.sentence), NOTE_ROOM, SMALL, lines=6)
    top = min(y - 30 - FLOOR * len(lines), LOWEST_NOTE)
    beside_it = x + 12 + NOTE_ROOM <= RIGHT and top >= HIGHEST_NOTE
    left, top = (x + 12, top) if beside_it else _corner(run, len(lines), across, up)
    wide = max([width(head, BODY, bold=True), *(width(line, SMALL) for line in lines)])
    marks: list[Mark] = [
        Plate(x=left - 6, x2=left + wide, y=top - 14, y2=top + FLOOR * len(lines) + 6),
        Words(x=left, y=top, text=head, strong=True, colour=dark(ACCENT)),
    ]
    marks += [Words(x=left, y=top + FLOOR * i, text=line, size=SMALL) for i, line in enumerate(lines, 1)]
    if beside_it:
        marks.append(HairLine(x=x, x2=x, y=top - 12, y2=y - 8, colour=ACCENT, thick=1.5))
    return marks


def _corner(run: Run, lines: int, across: Scale, up: Scale) -> tuple[float, float]:
    """The upper right corner when the line has fallen below it by then, else the lower left one."""
    places = [(across.at(row.k), up.at(row.inertia)) for row in run.evidence.by_k]
    left = RIGHT - NOTE_ROOM
    before = [y for x, y in places if x <= left] or [0.0]
    if before[-1] > HIGHEST_NOTE + FLOOR * (lines + 1):
        return left, HIGHEST_NOTE
    return START + 24, TALL - FLOOR * lines - 18
