"""Inertia by number of segments, with the elbow and the chosen number marked."""

from segmentry.records.evidence import KEvidence
from segmentry.records.run import Run
from segmentry.views.charts.axes import beside
from segmentry.views.charts.captions import run_foot
from segmentry.views.charts.figure import Figure
from segmentry.views.charts.lettering import clean, wrap
from segmentry.views.charts.marks import Dot, Line, Mark, Rule, Words
from segmentry.views.charts.scales import Scale
from segmentry.views.charts.theme import ACCENT, BODY, INK, LEFT, PALETTE, QUIET, RIGHT, RULE, SMALL, dark
from segmentry.views.numbers import count, number, share

TALL, START = 300, LEFT + 52
NOTE_ROOM = 300
FLOOR = 18
LITTLE = 0.01


def elbow(run: Run) -> tuple[Figure, ...]:
    """The line of the inertia, from zero; the chosen k and Kneedle's elbow are told apart."""
    rows = run.evidence.by_k
    title = headline(run)
    figure = Figure(
        name="elbow",
        title=title,
        subtitle="Inertia: the squared distance of all customers to their segment's centre, by number of segments",
        foot=run_foot(run, _sample(run)),
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
    marks.append(Rule(x=START, x2=RIGHT, y=TALL, y2=TALL, colour=RULE))
    points = tuple((across.at(row.k), up.at(row.inertia)) for row in rows)
    if len(points) > 1:
        marks.append(Line(points=points, colour=QUIET))
    for row, (x, y) in zip(rows, points, strict=True):
        marks.append(Dot(x=x, y=y, radius=6.5 if row.chosen else 3.5, colour=ACCENT if row.chosen else QUIET))
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
            Words(x=x, y=y + 24, text="elbow", colour=ink, size=SMALL, align="center"),
        ]
    return marks


def _chosen(run: Run, chosen: KEvidence, across: Scale, up: Scale) -> list[Mark]:
    x, y = across.at(chosen.k), up.at(chosen.inertia)
    ink = dark(ACCENT)
    both = ", at the elbow" if run.evidence.elbow == chosen.k else ""
    room = RIGHT - x
    align = "left" if room >= NOTE_ROOM else "right"
    lines = wrap(clean(run.verdict.sentence), NOTE_ROOM, SMALL, lines=4)
    head = f"{chosen.k} chosen{both}: inertia {number(chosen.inertia)}"
    top = min(max(30.0, y - 150), 120.0)
    foot = top + FLOOR * len(lines) + 10
    marks: list[Mark] = [
        Words(
            x=x + (10 if align == "left" else -10),
            y=top,
            text=head,
            strong=True,
            colour=ink,
            size=BODY,
            align=align,
        )
    ]
    for i, line in enumerate(lines, 1):
        marks.append(
            Words(
                x=x + (10 if align == "left" else -10),
                y=top + FLOOR * i,
                text=line,
                size=SMALL,
                colour=INK,
                align=align,
            )
        )
    if foot < y:
        marks.append(Rule(x=x, x2=x, y=top - 12, y2=y - 8, colour=ACCENT, thick=1.5))
    return marks
