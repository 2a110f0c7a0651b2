"""How well each segment holds together: the silhouettes of its customers, best to worst."""

from segmentry.records.evidence import SilhouetteCurve
from segmentry.records.run import Run
from segmentry.views.charts.captions import Tag, run_foot, tags
from segmentry.views.charts.segment_rows import name_room
from segmentry.views.drawing.axes import below
from segmentry.views.drawing.figure import Figure
from segmentry.views.drawing.marks import Area, Bar, Mark, Words, base
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, GRID, LEFT, QUIET, RIGHT, SMALL
from segmentry.views.words.numbers import count, plural, ratio

NAME_ROOM, ROW, GAP, HEAD = 190, 46, 10, 30
VALUE_ROOM = 120
LOWEST = -0.2


def silhouettes(run: Run) -> tuple[Figure, ...]:
    """A knife shape a segment; a sentence where there is only one."""
    title = headline(run)
    curves = run.evidence.curves
    marks, height = _profiles(run) if curves else _sentence()
    sample = run.evidence.silhouette_customers
    placed = sum(segment.customers for segment in run.segments)
    figure = Figure(
        name="silhouettes",
        title=title,
        subtitle=_subtitle() if curves else "Silhouettes need two segments or more",
        foot=run_foot(run, f"silhouettes of {count(sample)} customers" if curves and sample < placed else ""),
        alt=f"Silhouette profiles of {plural(run.k, 'segment')}. {title}.",
        marks=tuple(marks),
        height=height,
        data=tuple(
            {"segment": run.segments[curve.segment].name, "percent": 100 - i, "silhouette": float(value)}
            for curve in curves
            for i, value in enumerate(curve.quantiles)
        ),
    )
    return (figure,)


def headline(run: Run) -> str:
    """The segments that hold together best and worst."""
    curves = run.evidence.curves
    if not curves:
        return "With one segment there is no neighbour to compare with"
    named = tags(run)
    best, worst = max(curves, key=lambda curve: curve.mean), min(curves, key=lambda curve: curve.mean)
    if best is worst:
        return f"{named[best.segment].title}: silhouette {ratio(best.mean)}"
    return (
        f"{named[best.segment].title} hold together best ({ratio(best.mean)}), "
        f"{named[worst.segment].title} least ({ratio(worst.mean)})"
    )


def _subtitle() -> str:
    return (
        "Silhouette of each customer, best at the top of each shape: 1 is deep inside the segment, "
        "0 on the border, below 0 nearer to another"
    )


def _sentence() -> tuple[list[Mark], float]:
    text = "The silhouette compares the own segment with the nearest other one; here there is no other."
    return [Words(x=LEFT, y=12, text=text)], 20


def _profiles(run: Run) -> tuple[list[Mark], float]:
    named = tags(run)
    room = name_room(named, NAME_ROOM)
    lowest = min(LOWEST, *(float(curve.quantiles.min()) for curve in run.evidence.curves))
    scale = Scale(low=max(lowest, -1.0), high=1.0, start=LEFT + room + 16, end=RIGHT - VALUE_ROOM)
    bottom = HEAD + (ROW + GAP) * len(run.evidence.curves)
    marks: list[Mark] = [
        Bar(
            x=scale.at(tick),
            x2=scale.at(tick) + 1,
            y=HEAD - 8,
            y2=bottom,
            colour=QUIET if tick == 0 else GRID,
        )
        for tick in scale.ticks(5)
    ]
    marks.append(Words(x=RIGHT, y=12, text="Mean", size=SMALL, colour=QUIET, align="right"))
    for i, curve in enumerate(run.evidence.curves):
        marks += _profile(curve, named[curve.segment], scale, (HEAD + (ROW + GAP) * i, room))
    marks += below(scale, bottom, about=5)
    return marks, bottom + 22


def _profile(curve: SilhouetteCurve, tag: Tag, scale: Scale, place: tuple[float, float]) -> list[Mark]:
    top, room = place
    middle = top + ROW / 2
    zero = scale.at(0.0)
    points = _knife([scale.at(float(value)) for value in curve.quantiles], zero, top)
    return [
        Words(x=LEFT, y=base(middle), text=tag.fit(room, BODY), colour=tag.ink),
        *(Area(points=part, colour=tag.colour, opacity=0.85) for part in points),
        Words(x=RIGHT, y=base(middle), text=ratio(curve.mean), strong=True, colour=tag.ink, align="right"),
    ]


def _knife(ends: list[float], zero: float, top: float) -> list[tuple[tuple[float, float, float], ...]]:
    """The shape over x: at each x from the border on, all customers with at least that silhouette."""
    step = ROW / (len(ends) - 1)
    right = [(x, top, top + step * i) for i, x in enumerate(ends) if x >= zero]
    left = [(x, top + step * i, top + ROW) for i, x in enumerate(ends) if x < zero]
    inside = (*right, (zero, top, top + step * (len(right) - 1))) if right else ()
    outside = ((zero, top + step * len(right), top + ROW), *left) if left else ()
    return [part for part in (inside, outside) if part]
