"""Does each segment come back when the customers are drawn again: a box a segment."""

from segmentry.records.evidence import Resampled, SegmentStability
from segmentry.records.run import Run
from segmentry.stages.choose.verdict_words import WHOLE
from segmentry.views.charts.captions import Tag, run_foot, tags
from segmentry.views.charts.stability_words import (
    DOUBTFUL,
    HIGHLY,
    STABLE,
    reading,
    reruns,
    seen,
    worst,
)
from segmentry.views.drawing.axes import apart
from segmentry.views.drawing.figure import Figure
from segmentry.views.drawing.marks import Bar, Dot, HairLine, Mark, Words
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, GRID, LEFT, PAPER, QUIET, RIGHT, RULE, SMALL, blend
from segmentry.views.words.numbers import plural, ratio, share
from segmentry.views.words.text import width

NAMES, ROW, BOX, HEAD = 190, 40, 18, 40
READING, INHERITED, SPACE, GAP = 150, 66, 84, 14
LOWEST = 0.5
BOUNDS = ((STABLE, "stable"), (DOUBTFUL, "doubtful"), (1.0, ""), (HIGHLY, "highly stable"))


def segment_stability(run: Run) -> tuple[Figure, ...]:
    """The overlap of each segment with itself in re-runs; nothing where nothing was run again."""
    found = seen(run)
    if found is None:
        return ()
    title = headline(run, found)
    names = [segment.name for segment in run.segments]
    figure = Figure(
        name="segment_stability",
        title=title,
        subtitle="Overlap of each segment with itself (Jaccard) when the customers are drawn again: the box is the "
        "middle half of the re-runs, the line the middle 90%, the dot the mean",
        foot=run_foot(run, reruns(run)),
        alt=f"Box plots of how well {plural(run.k, 'segment')} come back in re-runs. {title}.",
        marks=tuple(_marks(run, found)),
        height=HEAD + ROW * len(found.segments) + 40,
        data=tuple(_row(segment, names[segment.segment]) for segment in found.segments),
    )
    return (figure,)


def headline(run: Run, found: Resampled) -> str:
    """Whether every segment comes back, and by how much the least stable one does."""
    least = worst(found)
    if least.jaccard.mean >= WHOLE:
        return "Every segment comes back whole when the customers are drawn again"
    name, overlap = tags(run)[least.segment].title, share(least.jaccard.mean)
    if least.jaccard.mean >= STABLE:
        return f"Every segment comes back: even the least stable, {name}, overlaps with itself by {overlap}"
    loose = sum(segment.jaccard.mean < STABLE for segment in found.segments)
    all_of_them = loose == len(found.segments)
    many = "No segment comes" if all_of_them else f"{loose} of {run.k} segments {_does(loose)} not come"
    return f"{many} back dependably: the least stable, {name}, overlaps with itself by only {overlap}"


def _does(amount: int) -> str:
    return "does" if amount == 1 else "do"


def _marks(run: Run, found: Resampled) -> list[Mark]:
    named = tags(run)
    room = min(NAMES, max(width(tag.starred, BODY) + 6 for tag in named))
    lowest = min(LOWEST, *(segment.jaccard.low for segment in found.segments))
    right = RIGHT - READING - INHERITED - SPACE - 2 * GAP
    scale = Scale(low=max(0.0, lowest), high=1.0, start=LEFT + room + GAP, end=right - GAP)
    bottom = HEAD + ROW * len(found.segments)
    marks = [*_heads(), *_bounds(scale, bottom)]
    for i, segment in enumerate(found.segments):
        marks += _segment(segment, named[segment.segment], scale, (HEAD + ROW * i, room))
    return marks


def _heads() -> list[Mark]:
    """What the columns on the right say."""
    places = _columns()
    texts = (("Mean overlap", ""), ("Inherited", "whole (SLSA)"), ("Space", "around it"))
    return [
        Words(x=x, y=4 + 15 * line, text=text, size=SMALL, colour=QUIET, align=align)
        for (x, align), lines in zip(places, texts, strict=True)
        for line, text in enumerate(lines)
        if text
    ]


def _columns() -> tuple[tuple[float, str], tuple[float, str], tuple[float, str]]:
    """Where the columns stand, and to which side they are set."""
    reading_at = RIGHT - READING - INHERITED - SPACE - 2 * GAP
    return ((reading_at + 4, "left"), (RIGHT - SPACE - GAP, "right"), (RIGHT - SPACE + GAP, "left"))


def _bounds(scale: Scale, bottom: float) -> list[Mark]:
    places, texts = [scale.at(one) for one, _ in BOUNDS], [f"{one:g}" for one, _ in BOUNDS]
    marks: list[Mark] = [
        HairLine(x=x, x2=x, y=HEAD - 6, y2=bottom, colour=GRID if one == 1 else RULE, dashed=one < 1)
        for (one, _), x in zip(BOUNDS, places, strict=True)
    ]
    marks += [
        Words(x=places[i], y=bottom + 18, text=texts[i], size=SMALL, colour=QUIET, align="center")
        for i in apart(places, texts)
    ]
    says = ", ".join(f"{one:g} {words}" for one, words in sorted(BOUNDS) if words)
    return [*marks, Words(x=LEFT, y=bottom + 40, text=f"Overlap: from {says}", size=SMALL, colour=QUIET)]


def _segment(stability: SegmentStability, tag: Tag, scale: Scale, place: tuple[float, float]) -> list[Mark]:
    top, room = place
    middle = top + ROW / 2
    base = middle + BODY * 0.36
    spread = stability.jaccard
    (mean, _), (inherited, _), (space, _) = _columns()
    box = scale.at(spread.lower), scale.at(spread.upper)
    return [
        Words(x=LEFT, y=base, text=tag.fit(room, BODY), colour=tag.ink),
        HairLine(
            x=scale.at(spread.low),
            x2=scale.at(spread.high),
            y=middle,
            y2=middle,
            colour=tag.colour,
            thick=1.5,
        ),
        Bar(
            x=box[0],
            x2=max(box[1], box[0] + 1.5),
            y=middle - BOX / 2,
            y2=middle + BOX / 2,
            colour=blend(tag.colour, PAPER, 0.55),
            radius=2,
        ),
        Dot(
            x=scale.at(spread.mean),
            y=middle,
            radius=4.5,
            colour=tag.colour,
            tip=f"{tag.name}: overlap {ratio(spread.mean)}, {reading(spread.mean)}",
        ),
        Words(x=mean, y=base, text=ratio(spread.mean), strong=True, colour=tag.ink),
        Words(x=mean + 36, y=base, text=reading(spread.mean), size=SMALL, colour=QUIET),
        Words(x=inherited, y=base, text=ratio(stability.inherited), colour=tag.ink, align="right"),
        Words(x=space, y=base, text="empty" if stability.separated else "none", size=SMALL, colour=QUIET),
    ]


def _row(stability: SegmentStability, name: str) -> dict[str, object]:
    return {
        "segment": name,
        "customers": stability.customers,
        "jaccard": stability.jaccard.mean,
        "jaccard_p05": stability.jaccard.low,
        "jaccard_q25": stability.jaccard.lower,
        "jaccard_q75": stability.jaccard.upper,
        "jaccard_p95": stability.jaccard.high,
        "reading": reading(stability.jaccard.mean),
        "inherited": stability.inherited,
        "separated": stability.separated,
    }
