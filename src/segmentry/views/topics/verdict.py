"""The verdict for people who do not read indices: one paragraph, why this number, and one audience."""

from collections.abc import Mapping

from segmentry.records.evidence import Resampled
from segmentry.records.run import Run
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose.verdict_words import (
    VERDICT_WORDS,
    Measured,
    how_often_right,
    shape_sentence,
    way_between,
)
from segmentry.views.charts.stability_words import seen, worst
from segmentry.views.topics.cells import abridged, sentence, shortened
from segmentry.views.words.numbers import plural

SURE: Mapping[str, str] = {
    "high": "so you can be quite sure of the number",
    "medium": "so the number is likely, but not settled",
    "low": "so take the number as a suggestion",
}
GROUPS = {VerdictKind.NATURAL, VerdictKind.PARTLY_NATURAL, VerdictKind.DISTINCT_OVERLAPPING}
"""Kinds that speak of groups rather than of a cut."""

VERDICT_LENGTH = 700


def plainly(run: Run) -> str:
    """What kind of segments these are and how far they can be relied on, without the name of an index."""
    found = seen(run)
    if run.k == 1:
        return _one_segment(run)
    if found is None:
        return Measured(k=run.k).fill(VERDICT_WORDS[VerdictKind.NOT_JUDGED].plain)
    least = worst(found)
    measured = Measured(
        k=run.k,
        twins=found.twins,
        least=least.jaccard.mean,
        islands=run.evidence.islands,
        weakest=abridged(run.segments[least.segment].name),
        apart=[
            abridged(run.segments[segment.segment].name) for segment in found.segments if segment.separated
        ],
    )
    said = (measured.fill(VERDICT_WORDS[run.verdict.kind].plain), _nearest_way(run, found), _shape(run))
    return " ".join(part for part in said if part)


def _shape(run: Run) -> str:
    """What another algorithm finds where the groups are not round."""
    return shape_sentence(run.evidence.shape) if run.evidence.shape else ""


def _nearest_way(run: Run, found: Resampled) -> str:
    """The way between the two groups that are closest to each other; nothing is said of a cut's borders."""
    way = found.busiest
    if way is None or run.verdict.kind not in GROUPS:
        return ""
    first, second = (abridged(run.segments[end].name) for end in (way.first, way.second))
    return way_between(first, second, way.thinness)


def _one_segment(run: Run) -> str:
    said = verdict_line(run)
    start = "" if said.startswith("One audience") else "Everybody is treated as one audience. "
    return f"{start}{said}".strip()


def why_so_many(run: Run) -> str:
    """Who agrees with the number, and what would come next; empty where nobody was asked."""
    verdict = run.verdict
    if run.k == 1 or not verdict.votes:
        return ""
    asked = verdict.recommended is not None and verdict.recommended != run.k
    best = _audience(verdict.recommended or run.k)
    start = f"{run.k} segments were asked for; the evidence speaks for {best}. " if asked else ""
    other = verdict.runner_up
    end = f" Next best: {_audience(other)}." if other is not None and not asked else ""
    return f"{start}{_agreed(run)}{end}"


def agreeing(run: Run) -> str:
    """How many of the panel vote for the number: ``4 of 5 methods agree``; empty where votes decide nothing."""
    votes = run.verdict.votes
    if not votes or not run.verdict.grouped:
        return ""
    agree = sum(vote.k == run.k for vote in votes)
    return f"{agree} of {len(votes)} methods {'agrees' if agree == 1 else 'agree'}"


def _agreed(run: Run) -> str:
    if not run.verdict.grouped:
        return (
            "Since there are no clear groups, the data do not settle the number: choose as many segments as you "
            "can treat differently, among those that come back."
        )
    agree, asked = sum(vote.k == run.k for vote in run.verdict.votes), len(run.verdict.votes)
    recommend = "recommends" if agree <= 1 else "recommend"
    said = f"{agree or 'None'} of {asked} independent methods {recommend} {run.k}"
    sure = SURE.get(run.verdict.confidence, "")
    rate = how_often_right(run.verdict.kind, agree)
    return f"{said}{', ' + sure if sure else ''}.{' ' + rate if rate else ''}"


def verdict_line(run: Run) -> str:
    """The verdict with its numbers, whole unless it is endless."""
    said = run.verdict.sentence
    return shortened(said, VERDICT_LENGTH) if said.strip() else ""


def _audience(k: int) -> str:
    return "one audience" if k == 1 else plural(k, "segment")


def one_audience(run: Run) -> str:
    """What treating everybody alike would mean: the option that is always there."""
    said = sentence(run.verdict.one_audience)
    return said or "One audience, everybody treated alike, is always an option."
