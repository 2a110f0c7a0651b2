"""What would have changed with other choices: one dot for each, from chance to the same segments."""

from collections.abc import Sequence
from itertools import groupby
from math import isfinite

from segmentry.records.algorithms import EVERY
from segmentry.records.comparison import Alternative
from segmentry.records.run import Run
from segmentry.views.charts.algorithms import spoken
from segmentry.views.charts.captions import unnamed_foot
from segmentry.views.charts.stability_words import basis
from segmentry.views.drawing.axes import below
from segmentry.views.drawing.figure import Figure, chunks, pages
from segmentry.views.drawing.marks import Dot, HairLine, Mark, Words
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import (
    ACCENT,
    BODY,
    GRID,
    INK,
    LEFT,
    PALETTE,
    QUIET,
    RIGHT,
    RULE,
    SMALL,
    dark,
)
from segmentry.views.words.numbers import plural, ratio
from segmentry.views.words.text import clean, sentence, shorten

ROW, HEAD, TOP = 24, 30, 26
OPTIONS, INDENT, VALUE, LIFT = 230, 14, 50, 64
MOST = 30
UNCHANGED, SAME, MOSTLY = 0.995, 0.9, 0.65
TITLE_ROOM = 300


def choices(run: Run) -> tuple[Figure, ...]:
    """A dot a choice, grouped by what was chosen otherwise; nothing where nothing else was tried."""
    tried = run.comparison.alternatives
    if not tried:
        return ()
    title = headline(run)
    total = plural(len(tried), "other choice")
    customers = run.comparison.customers
    return pages(
        [
            Figure(
                name="choices",
                title=title,
                subtitle="Agreement of each other choice with the shipped segments (adjusted Rand index): 1 is the "
                "same segments, 0 is chance; a line reaches down to the lowest of several tries",
                foot=unnamed_foot(run, basis(run, "tried", customers) if customers else ""),
                alt=f"Dots of how far {total} would have changed the segments. {title}.",
                marks=tuple(_marks(run, part)),
                height=_height(part),
                data=tuple(_row(one) for one in part),
            )
            for part in chunks(_grouped(tried), MOST)
        ]
    )


def headline(run: Run) -> str:
    """The choice that moves most customers, and how far."""
    most = run.comparison.most_influential
    if most is None:
        return "No other choice was tried"
    if most.agreement >= UNCHANGED:
        return f"No other choice changes the segments{_slips(run)}"
    article = "" if most.choice.startswith("all ") else "the "
    what = shorten(f"{article}{clean(most.choice)} ({option(most)})", TITLE_ROOM, BODY)
    if most.agreement >= SAME:
        return f"No other choice changes much: even the most influential, {what}, agrees by {ratio(most.agreement)}{_slips(run)}"
    depend = "The segments depend on" if most.agreement < MOSTLY else "What matters most is"
    return f"{depend} {what}: agreement {ratio(most.agreement)}"


def _slips(run: Run) -> str:
    """What to add where a choice is good as a rule but can go wrong once."""
    worst = min(run.comparison.alternatives, key=lambda alternative: alternative.lowest)
    if worst.lowest >= SAME:
        return ""
    what = shorten(option(worst), TITLE_ROOM, BODY)
    return f"; but {what} can agree by as little as {ratio(worst.lowest)}"


def option(alternative: Alternative) -> str:
    """What was chosen otherwise, in words."""
    return spoken(alternative.option) if alternative.option in EVERY else clean(alternative.option)


def _grouped(tried: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Alternatives of one choice side by side, in the order in which the choices come up."""
    order = list(dict.fromkeys(one.choice for one in tried))
    return tuple(sorted(tried, key=lambda one: order.index(one.choice)))


def _height(part: Sequence[Alternative]) -> float:
    return TOP + HEAD * len({one.choice for one in part}) + ROW * len(part) + 26


def _marks(run: Run, part: Sequence[Alternative]) -> list[Mark]:
    told = run.comparison.most_influential
    most = told if told is not None and told.agreement < UNCHANGED else None
    lifts = any(isfinite(one.lift) for one in part)
    lowest = min(0.0, *(min(one.lowest, one.agreement) for one in part))
    end = RIGHT - VALUE - (LIFT if lifts else 0)
    scale = Scale(low=max(lowest, -1.0), high=1.0, start=LEFT + OPTIONS, end=end)
    bottom = _height(part) - 26
    marks: list[Mark] = [
        HairLine(
            x=scale.at(tick), x2=scale.at(tick), y=TOP - 6, y2=bottom, colour=RULE if tick == 1 else GRID
        )
        for tick in scale.ticks(5)
    ]
    marks += _heads(end, lifts=lifts)
    marks += below(scale, bottom, about=5)
    y = float(TOP)
    for choice, several in groupby(part, key=lambda one: one.choice):
        text = shorten(sentence(clean(choice)), OPTIONS - 20, BODY, bold=True)
        marks.append(Words(x=LEFT, y=y + HEAD - 9, text=text, strong=True))
        y += HEAD
        for one in several:
            marks += _alternative(one, scale, y + ROW / 2, marked=one is most)
            y += ROW
    return marks


def _heads(end: float, *, lifts: bool) -> list[Mark]:
    texts = [("Agreement", end + VALUE), ("Lift", end + VALUE + LIFT)]
    return [
        Words(x=x, y=8, text=text, size=SMALL, colour=QUIET, align="right")
        for text, x in texts[: 2 if lifts else 1]
    ]


def _alternative(alternative: Alternative, scale: Scale, y: float, *, marked: bool) -> list[Mark]:
    base = y + BODY * 0.36
    colour = PALETTE[1] if marked else ACCENT
    ink = dark(colour) if marked else INK
    text = shorten(option(alternative), OPTIONS - INDENT - 16, BODY, bold=marked)
    at = scale.at(alternative.agreement)
    marks: list[Mark] = [
        Words(x=LEFT + INDENT, y=base, text=text, strong=marked, colour=ink),
        Dot(x=at, y=y, radius=6 if marked else 5, colour=colour),
        Words(
            x=scale.end + VALUE,
            y=base,
            text=ratio(alternative.agreement),
            strong=marked,
            colour=ink,
            align="right",
        ),
    ]
    if alternative.lowest < alternative.agreement:
        marks.append(HairLine(x=scale.at(alternative.lowest), x2=at, y=y, y2=y, colour=colour, thick=2))
    if isfinite(alternative.lift):
        marks.append(Words(x=RIGHT, y=base, text=ratio(alternative.lift), colour=QUIET, align="right"))
    return marks


def _row(alternative: Alternative) -> dict[str, object]:
    return {
        "choice": alternative.choice,
        "option": alternative.option,
        "agreement": alternative.agreement,
        "lowest": alternative.lowest,
        "lift": alternative.lift if isfinite(alternative.lift) else None,
    }
