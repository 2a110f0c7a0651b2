"""The evidence for each number of segments: eight small panels with their uncertainty, and who votes for what."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan

from segmentry.records.evidence import CLEAR_LIFT, KEvidence, Resampled
from segmentry.records.run import Run
from segmentry.stages.choose.verdict_words import tighter
from segmentry.views.charts.captions import unnamed_foot
from segmentry.views.charts.stability_words import DOUBTFUL, PREDICTED, STABLE, reruns, seen
from segmentry.views.drawing.axes import apart, beside
from segmentry.views.drawing.figure import Body, Figure
from segmentry.views.drawing.marks import Area, Dot, HairLine, Line, Mark, Plate, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import (
    ACCENT,
    BODY,
    HEADING,
    LEFT,
    QUIET,
    RULE,
    SMALL,
    dark,
)
from segmentry.views.words.numbers import number, plural, ratio
from segmentry.views.words.text import clean, whole_sentences, width

HEAD, PLOT, FOOT = 46, 108, 26
AXIS, INSIDE = 44, 14
WHY_STEP, WHY_LINES, AFTER_WHY = 18, 4, 18
MOST_VOTES = 3

Read = Callable[[KEvidence], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One measure by number of segments.

    Attributes:
        key: Its column in the numbers behind the figure.
        name: What it is called.
        reading: How to read it.
        of, low, high: The value and the ends of its band.
        bounds: From where on it says something; drawn as dashed lines.
        floor: A value that the axis reaches down to; None for the values alone.
        top: A value that the axis reaches up to; None for the values alone.
        voter: A word in the name of the method of the panel that rests on it; empty for none.
        falls: Whether a low value is a good one.
        write: How its value is written.
    """

    key: str
    name: str
    reading: str
    of: Read
    low: Read = field(default=lambda _: nan)
    high: Read = field(default=lambda _: nan)
    bounds: tuple[float, ...] = ()
    floor: float | None = 0.0
    top: float | None = None
    voter: str = ""
    falls: bool = False
    write: Callable[[float], str] = ratio


def _of_runs(read: Callable[[Resampled], float]) -> Read:
    """A number of the re-runs; NaN where nothing was run again."""
    return lambda row: read(row.resampled) if row.resampled is not None else nan


STRIPS = (
    Strip(
        key="silhouette",
        name="Silhouette",
        reading="nearer to the own segment; band: 95% interval",
        of=lambda row: row.silhouette,
        low=lambda row: row.silhouette_low,
        high=lambda row: row.silhouette_high,
    ),
    Strip(
        key="silhouette_macro",
        name="Silhouette by segment",
        reading="every segment counts alike; band: 95% interval",
        of=lambda row: row.silhouette_macro,
        low=lambda row: row.macro_low,
        high=lambda row: row.macro_high,
    ),
    Strip(
        key="lift",
        name="Lift over copies without groups",
        reading="from 15% of the copies' silhouette grouped, or 0.05",
        of=_of_runs(lambda found: found.twins.lift),
        low=_of_runs(lambda found: found.twins.silhouette - found.twins.twin.high),
        high=_of_runs(lambda found: found.twins.silhouette - found.twins.twin.low),
        bounds=(CLEAR_LIFT,),
        voter="lift",
    ),
    Strip(
        key="gap",
        name="Gap statistic",
        reading="first peak, within one error; band: ± 1 error",
        of=lambda row: row.gap,
        low=lambda row: row.gap - row.gap_error,
        high=lambda row: row.gap + row.gap_error,
        floor=None,
        voter="gap",
    ),
    Strip(
        key="bic",
        name="BIC of Gaussian mixtures",
        reading="bell shapes that describe the customers: lower is better",
        of=lambda row: row.bic,
        floor=None,
        voter="bic",
        falls=True,
        write=number,
    ),
    Strip(
        key="prediction_strength",
        name="Prediction strength",
        reading="one half of the customers predicts the other: 0.8",
        of=_of_runs(lambda found: found.prediction_strength),
        bounds=(PREDICTED,),
        top=1.0,
        voter="prediction",
    ),
    Strip(
        key="agreement",
        name="Agreement of re-runs",
        reading="two draws, the same segments? band: middle 90%",
        of=_of_runs(lambda found: found.agreement.mean),
        low=_of_runs(lambda found: found.agreement.low),
        high=_of_runs(lambda found: found.agreement.high),
        top=1.0,
    ),
    Strip(
        key="worst_jaccard",
        name="Overlap of the least stable segment",
        reading="with itself in re-runs: 0.6 doubtful, 0.8 stable",
        of=_of_runs(lambda found: found.worst_jaccard),
        bounds=(DOUBTFUL, STABLE),
        top=1.0,
        voter="stab",
    ),
)


def evidence_by_k(run: Run) -> tuple[Figure, ...]:
    """A panel a measure; the chosen number is marked in all, and why it was chosen stands above."""
    rows = run.evidence.by_k
    shown = [one for one in STRIPS if any(isfinite(one.of(row)) for row in rows)]
    if not run.evidence.judged:
        return ()
    title = headline(run)
    body = _body(run, shown, BROAD)
    figure = Figure(
        name="evidence_by_k",
        title=title,
        subtitle="What was measured for each number of segments; the large dot is the chosen number, dashed "
        "lines are what a measure has to reach",
        foot=unnamed_foot(run, reruns(run)),
        alt=f"{plural(len(shown), 'line chart')} of evidence by number of segments. {title}.",
        marks=body.marks,
        height=body.height,
        phone=_body(run, shown, PHONE),
        data=tuple(_row(row) for row in rows),
    )
    return (figure,)


def _body(run: Run, shown: Sequence[Strip], sheet: Sheet) -> Body:
    why, top = _why(run, sheet)
    grid = sheet.grid(2, HEAD + PLOT + FOOT, gap=44, row_gap=28)
    marks: list[Mark] = [*why]
    for strip, panel in zip(shown, grid.panels(shown), strict=True):
        place = Panel(left=panel.left, top=panel.top + top, width=panel.width, height=panel.height)
        marks += _panel(strip, run, place)
    return Body(marks=tuple(marks), height=top + grid.total(shown))


def headline(run: Run) -> str:
    """How the votes fall; where there are no groups, how far the customers are from any."""
    votes = [vote.k for vote in run.verdict.votes if vote.k is not None]
    found = seen(run)
    if found is not None and not run.verdict.grouped:
        against = f"{ratio(found.twins.silhouette)} against {ratio(found.twins.twin.mean)}"
        much = tighter(found.twins)
        return f"No clear groups: {run.k} segments are {much} than copies without groups, {against}"
    if not votes:
        what = "one audience was" if run.k == 1 else f"{run.k} segments were"
        return f"The evidence by number of segments; {what} chosen"
    asked, agree = len(run.verdict.votes), votes.count(run.k)
    if agree:
        return f"{agree} of {asked} methods {'votes' if agree == 1 else 'vote'} for {_segments(run.k)}"
    most, times = max(Counter(votes).items(), key=lambda one: (one[1], -one[0]))
    return f"None of {asked} methods votes for {_segments(run.k)}; {times} {'votes' if times == 1 else 'vote'} for {most}"


def _segments(k: int) -> str:
    return "one audience" if k == 1 else plural(k, "segment")


def _why(run: Run, sheet: Sheet) -> tuple[list[Mark], float]:
    """Why the number was chosen, above the panels, and where those begin."""
    head = "Why one audience" if run.k == 1 else f"Why {run.k}"
    lines = whole_sentences(clean(run.verdict.sentence), sheet.width, BODY, lines=WHY_LINES)
    marks: list[Mark] = [Words(x=LEFT, y=2, text=head, strong=True, colour=dark(ACCENT))]
    marks += [Words(x=LEFT, y=2 + WHY_STEP * i, text=line) for i, line in enumerate(lines, 1)]
    return marks, WHY_STEP * (len(lines) + 1) + AFTER_WHY


def _panel(strip: Strip, run: Run, panel: Panel) -> list[Mark]:
    rows = run.evidence.by_k
    top, bottom = panel.top + HEAD, panel.top + HEAD + PLOT
    known = [row for row in rows if isfinite(strip.of(row))]
    across = Scale(
        low=rows[0].k,
        high=max(rows[-1].k, rows[0].k + 1),
        start=panel.left + AXIS + INSIDE,
        end=panel.right - INSIDE,
    )
    up = _up(strip, known, top, bottom)
    marks: list[Mark] = [
        Words(x=panel.left, y=panel.top + 12, text=strip.name, size=HEADING, strong=True),
        Words(x=panel.left, y=panel.top + 30, text=strip.reading, size=SMALL, colour=QUIET),
        *_vote(strip, run, panel),
        *beside(up, panel.left + AXIS, panel.right, about=3 if strip.floor is not None else 4),
        *(
            HairLine(
                x=panel.left + AXIS,
                x2=panel.right,
                y=up.at(bound),
                y2=up.at(bound),
                colour=QUIET,
                dashed=True,
            )
            for bound in strip.bounds
        ),
        HairLine(x=panel.left + AXIS, x2=panel.right, y=bottom, y2=bottom, colour=RULE),
    ]
    return [
        *marks,
        *_band(strip, known, across, up),
        *_curve(strip, known, across, up),
        *_ks(run, across, bottom),
    ]


def _vote(strip: Strip, run: Run, panel: Panel) -> list[Mark]:
    """What the method of the panel that rests on this measure votes for."""
    if not strip.voter:
        return []
    vote = next((one for one in run.verdict.votes if strip.voter in one.method.lower()), None)
    if vote is None:
        return []
    text = "abstains" if vote.k is None else f"votes for {vote.k}"
    colour = dark(ACCENT) if vote.k == run.k else QUIET
    return [
        Words(
            x=panel.right,
            y=panel.top + 12,
            text=text,
            size=SMALL,
            strong=vote.k == run.k,
            colour=colour,
            align="right",
        )
    ]


def _up(strip: Strip, known: Sequence[KEvidence], top: float, bottom: float) -> Scale:
    every = [read(row) for row in known for read in (strip.of, strip.low, strip.high)]
    values = [one for one in every if isfinite(one)]
    values += [one for one in (strip.floor, strip.top) if one is not None]
    values += strip.bounds
    low, high = min(values), max(values)
    spare = (high - low) * 0.16 or 1.0
    under = (2.4 if strip.falls else 0.5) * spare if strip.floor is None else 0.0
    return Scale(low=low - under, high=high + spare, start=bottom, end=top)


def _band(strip: Strip, known: Sequence[KEvidence], across: Scale, up: Scale) -> list[Mark]:
    ends = tuple(
        (across.at(row.k), up.at(strip.low(row)), up.at(strip.high(row)))
        for row in known
        if isfinite(strip.low(row)) and isfinite(strip.high(row))
    )
    return [Area(points=ends, colour=ACCENT, opacity=0.28)] if len(ends) > 1 else []


def _curve(strip: Strip, known: Sequence[KEvidence], across: Scale, up: Scale) -> list[Mark]:
    points = tuple((across.at(row.k), up.at(strip.of(row))) for row in known)
    marks: list[Mark] = [Line(points=points, colour=QUIET)] if len(points) > 1 else []
    for row, (x, y) in zip(known, points, strict=True):
        tip = f"{plural(row.k, 'segment')}: {strip.write(strip.of(row))}"
        marks.append(
            Dot(x=x, y=y, radius=5.5 if row.chosen else 2.5, colour=ACCENT if row.chosen else QUIET, tip=tip)
        )
        if row.chosen:
            text = strip.write(strip.of(row))
            half = width(text, BODY, bold=True) / 2 + 2
            base = y + 22 if strip.falls or y - 12 < up.end else y - 10
            marks += [
                Plate(x=x - half, x2=x + half, y=base - 11, y2=base + 3),
                Words(x=x, y=base, text=text, strong=True, colour=dark(ACCENT), align="center"),
            ]
    return marks


def _ks(run: Run, across: Scale, bottom: float) -> list[Mark]:
    """The numbers of segments below a panel; the chosen one stays where they would touch."""
    rows = sorted(run.evidence.by_k, key=lambda row: row.k != run.k)
    places, texts = [across.at(row.k) for row in rows], [str(row.k) for row in rows]
    return [
        Words(
            x=places[i],
            y=bottom + 18,
            text=texts[i],
            size=SMALL,
            strong=rows[i].k == run.k,
            colour=dark(ACCENT) if rows[i].k == run.k else QUIET,
            align="center",
        )
        for i in apart(places, texts)
    ]


def _row(row: KEvidence) -> dict[str, object]:
    """The numbers behind the panels at one k; what was not measured is left out."""
    found: dict[str, object] = {"k": row.k}
    for strip in STRIPS:
        found[strip.key] = _known(strip.of(row))
        found |= {f"{strip.key}_low": _known(strip.low(row)), f"{strip.key}_high": _known(strip.high(row))}
    bare = {
        f"{key}_{end}" for key in ("bic", "prediction_strength", "worst_jaccard") for end in ("low", "high")
    }
    return {key: value for key, value in found.items() if key not in bare} | {"chosen": row.chosen}


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
