"""The page of a run that is shown around: who the segments are and what to do with them, and nobody's row."""

from dataclasses import dataclass

from segmentry.records.shared_run import Shared, SharedFeature, SharedSegment
from segmentry.views.drawing.theme import PALETTE
from segmentry.views.report import gallery
from segmentry.views.report.gallery import Figures
from segmentry.views.report.page import page
from segmentry.views.topics.cells import Cell, Table, numeric, table, text
from segmentry.views.words.numbers import count, number, share

HIDDEN = "hidden"
WORDS = {
    "objective": "Objective",
    "hypothesis": "Why it might work",
    "do": "Do",
    "dont": "Do not",
    "kpi": "Success metric",
    "evidence": "Evidence",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """One segment as the shared page shows it.

    Attributes:
        name: Its name with its colour.
        anchor: Its place on the page.
        one_liner: The name in one sentence.
        size: How many customers, in words.
        profile: What it is like.
        typical: An average of its most typical customers, in words; empty where they are too few.
        play: What to do with it, each line with what it is.
    """

    name: Cell
    anchor: str
    one_liner: str
    size: str
    profile: Table
    typical: str
    play: tuple[tuple[str, str], ...]


def shared_html(shared: Shared, figures: Figures) -> str:
    """The shared run on one page that fetches nothing and runs nothing.

    Args:
        shared: What may be told.
        figures: The figures that may be shown.
    """
    return page(
        "shared.html",
        {
            "shared": shared,
            "headline": f"{len(shared.segments)} segments of about {count(shared.customers)} customers",
            "rules": _rules(shared),
            "portraits": [_portrait(segment, shared) for segment in shared.segments],
            "pictures": gallery.pictures(figures, list(figures)),
        },
    )


def _rules(shared: Shared) -> str:
    hidden = (
        f"{count(shared.hidden)} cells are hidden for that reason, or because a hidden one would follow from them"
        if shared.hidden
        else "no cell had to be hidden"
    )
    return (
        f"This page may be shown around. It tells of no fewer than {shared.limit} customers: {hidden}. Counts are to "
        "the nearest 5, averages have three digits, the smallest and largest values are not shown, and it holds "
        "nobody's row. Do not publish it beside another version of itself: the difference can tell of few."
    )


def _portrait(segment: SharedSegment, shared: Shared) -> Portrait:
    tone = f"seg-{(segment.number - 1) % len(PALETTE) + 1}"
    size = (
        "Its size is hidden."
        if segment.customers is None or segment.share is None
        else f"About {count(segment.customers)} customers, {share(segment.share)}."
    )
    return Portrait(
        name=Cell(text=segment.name, foreign=True, colour=tone, number=segment.number),
        anchor=f"segment-{segment.number}",
        one_liner=segment.one_liner,
        size=size,
        profile=_profile(segment, shared),
        typical=_typical(segment),
        play=tuple((WORDS[what], words) for what, words in segment.play.items() if words),
    )


def _profile(segment: SharedSegment, shared: Shared) -> Table:
    everybody = {feature.feature: feature for feature in shared.population}
    return table(
        f"What {segment.name} are like, against everybody",
        segment.features,
        text(
            "Feature",
            lambda found: Cell(text=found.feature, foreign=True, badge="marker" if found.marker else ""),
        ),
        numeric("Average", _average),
        numeric("Middle half", _middle),
        numeric("Everybody", lambda found: _mean(everybody[found.feature].mean, flag=found.flag)),
    )


def _average(feature: SharedFeature) -> str:
    return HIDDEN if feature.hidden else _mean(feature.mean, flag=feature.flag)


def _mean(mean: float | None, *, flag: bool) -> str:
    if mean is None:
        return HIDDEN
    return share(mean) if flag else number(mean)


def _middle(feature: SharedFeature) -> str:
    if feature.hidden:
        return HIDDEN
    if feature.q25 is None or feature.q75 is None:
        return ""
    return f"{number(feature.q25)} to {number(feature.q75)}"


def _typical(segment: SharedSegment) -> str:
    if not segment.typical:
        return ""
    values = ", ".join(f"{name} {number(value)}" for name, value in segment.typical.items())
    return f"The average of the {segment.averaged} most typical customers, so of no real person: {values}."
