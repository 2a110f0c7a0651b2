"""The verdict for people who do not read indices: one paragraph, why so many, and one audience."""

from collections.abc import Callable, Mapping, Sequence

from segmentry.records.evidence import Resampled
from segmentry.records.run import Run
from segmentry.records.verdict import VerdictKind
from segmentry.views.charts.stability_words import CLEAR, WHOLE, seen, worst
from segmentry.views.report.cells import abridged, sentence, shortened
from segmentry.views.words.numbers import plural, share

SURE: Mapping[str, str] = {
    "high": "so you can be quite sure of the number",
    "medium": "so the number is likely, but not settled",
    "low": "so take the number as a suggestion",
}
MOST_AGREE = 0.75
"""Share of the methods from which their votes alone make the number sure; natural groups do so too (METHOD 3.4)."""
MOST_NAMES, VERDICT_LENGTH = 4, 700
COPIES = "copies of your data in which any groups were ironed out"
AGAIN = "When the customers are drawn anew and everything starts over"


def plainly(run: Run) -> str:
    """What kind of segments these are and how far they can be relied on, without the name of an index."""
    found = seen(run)
    if found is None or run.verdict.kind is VerdictKind.NOT_JUDGED:
        return _not_judged(run)
    says: Mapping[VerdictKind, Callable[[Run, Resampled], str]] = {
        VerdictKind.NATURAL: _natural,
        VerdictKind.PARTLY_NATURAL: _partly,
        VerdictKind.DISTINCT_OVERLAPPING: _overlapping,
        VerdictKind.REPRODUCIBLE_CUT: _cut,
        VerdictKind.CONSTRUCTIVE: _construction,
    }
    return says[run.verdict.kind](run, found)


def _natural(run: Run, found: Resampled) -> str:
    return (
        f"Your customers fall into {run.k} groups that are really there. They hold together {_better(found)} "
        f"the groups one finds in {COPIES}. {_back(run, found)} Between neighbouring segments there is empty "
        "space: hardly anybody sits in between. You can plan on these segments."
    )


def _partly(run: Run, found: Resampled) -> str:
    apart = [run.segments[one.segment].name for one in found.segments if one.separated]
    stand = "stands" if len(apart) == 1 else "stand"
    return (
        f"Some of your {run.k} groups are islands, the others shade into each other. They hold together "
        f"{_better(found)} the groups one finds in {COPIES}. {_back(run, found)} {_all_of(apart)} "
        f"{stand} apart, with empty space around; customers near the other borders could go either way."
    )


def _all_of(names: Sequence[str]) -> str:
    """Names in a sentence; those beyond a few are counted."""
    given = [abridged(name) for name in names[:MOST_NAMES]]
    left = len(names) - len(given)
    if left:
        return f"{', '.join(given)} and {left} more"
    return " and ".join(part for part in (", ".join(given[:-1]), given[-1]) if part) if given else "None"


def _overlapping(run: Run, found: Resampled) -> str:
    apart = [run.segments[one.segment].name for one in found.segments if one.separated]
    touch = "most of the groups touch" if apart else "the groups touch"
    stand = f"{_all_of(apart)} {'stands' if len(apart) == 1 else 'stand'} apart, with empty space around;"
    near = "who is near another border" if apart else "who is near a border"
    return (
        f"Your customers gather around {run.k} centres that are really there, but {touch}. They hold "
        f"together {_better(found)} the groups one finds in {COPIES}. {_back(run, found)} "
        f"{stand if apart else 'There is no empty space between them, though:'} {near} could go either way, so "
        "let nothing costly depend on the side that a customer falls on."
    )


def _cut(run: Run, found: Resampled) -> str:
    return (
        "Your customers form a continuum, not separate groups: the segments hold together hardly better than "
        f"those one finds in {COPIES}. Still, {run.k} segments are a dependable way to divide it. "
        f"{_back(run, found)} Use them to organise your work, and remember that where one ends and the next "
        "begins is a decision of management, not a fact about customers."
    )


def _construction(run: Run, found: Resampled) -> str:
    least = worst(found)
    grouped = found.twins.lift >= found.twins.bar
    start = (
        "Your customers are grouped to some degree, but who belongs where cannot be told dependably."
        if grouped
        else "We found no natural groups among your customers, and no dependable way to divide them either."
    )
    return (
        f"{start} {AGAIN}, the segments come out differently: {_name(run, least.segment)}, the least stable, stays only "
        f"{share(least.jaccard.mean)} the same. Take the {run.k} segments as a construction to "
        "organise work with, and expect their borders to move. More customers, better measures or fewer "
        "features would help."
    )


def _better(found: Resampled) -> str:
    much = (
        (3 * CLEAR, "far better than"),
        (CLEAR, "better than"),
        (found.twins.bar, "slightly better than"),
    )
    return next((words for least, words in much if found.twins.lift >= least), "hardly better than")


def _back(run: Run, found: Resampled) -> str:
    least = worst(found)
    if least.jaccard.mean >= WHOLE:
        return f"{AGAIN}, every segment comes back whole."
    return (
        f"{AGAIN}, every segment comes back: even {_name(run, least.segment)}, the least stable, stays "
        f"{share(least.jaccard.mean)} the same."
    )


def _name(run: Run, segment: int) -> str:
    return abridged(run.segments[segment].name)


def _not_judged(run: Run) -> str:
    if run.k > 1:
        return (
            f"Whether these {run.k} segments are natural groups or a useful way to divide a continuum was not "
            "examined."
        )
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
    natural = run.verdict.kind is VerdictKind.NATURAL and run.verdict.recommended in {None, run.k}
    if natural and agree < MOST_AGREE * asked:
        return (
            f"{said}. Still {SURE['high'].removeprefix('so ')}: each of the groups has empty space around it."
        )
    sure = SURE.get(run.verdict.confidence, "")
    return f"{said}{', ' + sure if sure else ''}."


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
