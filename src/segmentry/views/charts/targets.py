"""The target matrix: how attractive each segment is, and how well the shop competes there (METHOD 8.5)."""

import math
from collections.abc import Sequence

from segmentry.records.run import Run
from segmentry.records.targets import Target, Targets
from segmentry.stages.strategy.targets import targets
from segmentry.views.charts.captions import Tag, run_foot, tags
from segmentry.views.drawing.axes import below
from segmentry.views.drawing.figure import Figure, Rows
from segmentry.views.drawing.marks import Bar, Dot, HairLine, Mark, Words
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, FLOOR, GHOST, LEFT, PAPER, QUIET, RIGHT, SMALL
from segmentry.views.words.text import width

ROW, PLOT, AXIS_ROOM, LABEL_ROOM = 46, 400, 64, 190
LARGEST, SMALLEST = 22.0, 6.0
STEP, NEAR, GAP = 17, 150, 7
SCORES = (1.0, 10.0)


def target_matrix(run: Run) -> tuple[Figure, ...]:
    """One mark a segment; none for one audience, where there is nothing to choose."""
    if run.k == 1:
        return ()
    found = targets(run)
    named = tags(run)
    height = PLOT if found.filled else max(ROW * run.k, 2 * ROW)
    across = Scale(low=SCORES[0], high=SCORES[1], start=LEFT + AXIS_ROOM, end=RIGHT - LABEL_ROOM)
    places = _places(found, across, height)
    marks = [*_frame(across, height, filled=found.filled), *_marks(found, named, places)]
    title = headline(run, found)
    return (
        Figure(
            name="targets",
            title=title,
            subtitle=_subtitle(found),
            foot=run_foot(run),
            alt=f"The {run.k} segments by attractiveness"
            f"{' and competitiveness' if found.filled else '; competitiveness is not given'}. {title}.",
            marks=tuple(marks),
            height=height + 52,
            data=_rows(found),
        ),
    )


def headline(run: Run, found: Targets) -> str:
    """The most attractive segment that is not ruled out."""
    able = [target for target in found.targets if not target.ruled_out and target.attractiveness is not None]
    if not able:
        return "No segment meets every condition of a target"
    best = max(able, key=lambda one: (one.attractiveness or 0.0, -one.number))
    tag = tags(run)[best.number - 1]
    out = sum(bool(target.ruled_out) for target in found.targets)
    rest = f"; {out} of {run.k} {'is' if out == 1 else 'are'} ruled out" if out else ""
    return f"{tag.subject} the most attractive target, at {best.attractiveness:.1f} of 10{rest}"


def _subtitle(found: Targets) -> str:
    size = f"; the larger the mark, the more {found.potential_label}" if found.potential_label else ""
    if found.filled:
        return f"Right: more attractive by the data. Up: you serve them better than others{size}"
    return (
        f"Attractiveness by the data, from 1 to 10{size}. How well you compete is not given, so there is no second "
        "axis"
    )


def _places(found: Targets, across: Scale, height: float) -> list[tuple[float, float]]:
    """Where each mark is; without the second axis the segments stand one below the other."""
    up = Scale(low=SCORES[0], high=SCORES[1], start=height - LARGEST, end=LARGEST)
    middle = sum(SCORES) / 2
    return [
        (
            across.at(middle if target.attractiveness is None else target.attractiveness),
            up.at(target.competitiveness)
            if found.filled and target.competitiveness is not None
            else ROW * (number + 0.5),
        )
        for number, target in enumerate(found.targets)
    ]


def _frame(across: Scale, height: float, *, filled: bool) -> list[Mark]:
    left, right = across.start - LARGEST, across.end + LARGEST
    marks: list[Mark] = [Bar(x=left, x2=right, y=0, y2=height, colour=PAPER if filled else FLOOR)]
    marks += [HairLine(x=left, x2=right, y=height, y2=height, colour=QUIET)]
    marks += below(across, height, 5)
    middle = (left + right) / 2
    marks.append(
        Words(x=middle, y=height + 40, text="attractiveness", size=SMALL, colour=QUIET, align="center")
    )
    if filled:
        up = Scale(low=SCORES[0], high=SCORES[1], start=height - LARGEST, end=LARGEST)
        marks += [
            Words(x=left - 8, y=up.at(one) + 4, text=f"{one:g}", size=SMALL, colour=QUIET, align="right")
            for one in (1, 4, 7, 10)
        ]
        centre = across.at(sum(SCORES) / 2)
        marks.append(HairLine(x=left, x2=left, y=0, y2=height, colour=QUIET))
        marks.append(HairLine(x=centre, x2=centre, y=0, y2=height, colour=GHOST, dashed=True))
        marks.append(HairLine(x=left, x2=right, y=height / 2, y2=height / 2, colour=GHOST, dashed=True))
        marks.append(Words(x=left + 6, y=14, text="competitiveness", size=SMALL, colour=QUIET))
    return marks


def _marks(found: Targets, named: Sequence[Tag], places: Sequence[tuple[float, float]]) -> list[Mark]:
    most = max((target.potential or 0.0 for target in found.targets), default=0.0)
    marks: list[Mark] = []
    taken: list[tuple[float, float]] = []
    for one, tag, (x, y) in sorted(
        zip(found.targets, named, places, strict=True), key=lambda each: (each[2][1], each[2][0])
    ):
        radius = _radius(one, most)
        out = bool(one.ruled_out)
        marks.append(Dot(x=x, y=y, radius=radius, colour=tag.colour, opacity=0.35 if out else 0.9))
        label = _free(taken, (x + radius + 7, y + BODY * 0.36))
        taken.append(label)
        room = RIGHT - label[0]
        score = f"{one.attractiveness:.1f}" if one.attractiveness is not None else ""
        note = ", ".join(part for part in (score, "ruled out" if out else "") if part)
        name = tag.fit(room - width(note, BODY) - GAP, BODY, bold=True)
        marks += [
            Words(x=label[0], y=label[1], text=note, colour=QUIET),
            Words(x=label[0] + width(note, BODY) + GAP, y=label[1], text=name, strong=True, colour=tag.ink),
        ]
    return marks


def _radius(target: Target, most: float) -> float:
    """So that the area is in proportion to the potential."""
    if target.potential is None or most <= 0:
        return (LARGEST + SMALLEST) / 2
    return max(SMALLEST, LARGEST * math.sqrt(max(target.potential, 0.0) / most))


def _free(taken: Sequence[tuple[float, float]], wanted: tuple[float, float]) -> tuple[float, float]:
    """A place for a label that is not on another one: as wanted, or further down."""
    x, y = wanted
    while any(abs(y - other) < STEP and abs(x - beside) < NEAR for beside, other in taken):
        y += STEP
    return x, y


def _rows(found: Targets) -> Rows:
    return tuple(
        {
            "segment": target.name,
            "attractiveness": target.attractiveness,
            "competitiveness": target.competitiveness,
            "potential": target.potential,
            "ruled_out": "; ".join(target.ruled_out),
        }
        for target in found.targets
    )
