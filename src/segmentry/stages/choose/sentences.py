"""The verdict in words: what was found, and how far it can be trusted."""

from collections.abc import Sequence

from segmentry.records.evidence import Evidence, KEvidence
from segmentry.records.verdict import VerdictKind, Vote
from segmentry.stages.choose.panel import resampled

CLEAR = 0.05
"""Lift from which customers are clearly grouped, not slightly (METHOD 3.2)."""

ALWAYS = 0.995


def verdict_sentence(kind: VerdictKind, confidence: str | None, row: KEvidence, panel: Sequence[Vote]) -> str:
    """The recommendation in one short paragraph.

    Args:
        kind: What kind of segments these are.
        confidence: How sure the number is; None when it was asked for and is not recommended.
        row: The row of the k that is spoken of.
        panel: The votes.
    """
    says = {
        VerdictKind.NATURAL: _natural,
        VerdictKind.PARTLY_NATURAL: _partly,
        VerdictKind.DISTINCT_OVERLAPPING: _overlapping,
        VerdictKind.REPRODUCIBLE_CUT: _cut,
        VerdictKind.CONSTRUCTIVE: _constructive,
    }[kind]
    votes = f"{sum(vote.k == row.k for vote in panel)} of {len(panel)} methods"
    if confidence is None:
        return says(row, f"{votes} are for {row.k}")
    return says(row, f"We recommend {row.k} segments ({confidence} confidence): {votes} agree")


def _natural(row: KEvidence, opening: str) -> str:
    return (
        f"{opening}. The groups are {_tighter(row)}, {_back(row)}, and there is "
        "empty space between all of them."
    )


def _partly(row: KEvidence, opening: str) -> str:
    apart = [one for one in resampled(row).segments if one.separated]
    return (
        f"{opening}. The groups are {_tighter(row)} and {_back(row)}. "
        f"{len(apart)} of them {'stand' if len(apart) > 1 else 'stands'} apart with empty space around; the others touch, "
        "and customers near a border could go either way."
    )


def _overlapping(row: KEvidence, opening: str) -> str:
    apart = sum(one.separated for one in resampled(row).segments)
    return f"{opening}. The groups really are {_tighter(row)} and {_back(row)}, but {they_touch(apart)}."


def they_touch(apart: int) -> str:
    """What it means that segments touch, all but a few of them.

    >>> they_touch(0)
    'they touch: customers near a border could go either way'
    """
    if not apart:
        return "they touch: customers near a border could go either way"
    stand = "stand" if apart > 1 else "stands"
    return (
        f"only {apart} of them {stand} apart with empty space around: customers near the other borders could go "
        "either way"
    )


def _cut(row: KEvidence, _: str) -> str:
    return (
        f"Your customers form a continuum, not islands: {_no_tighter(row)}. {row.k} segments are a dependable "
        f"way to cut it: {_back(row)}. Treat the borders as management choices."
    )


def _constructive(row: KEvidence, _: str) -> str:
    loose = 1 - resampled(row).worst_jaccard
    found = (
        "no natural or dependable grouping"
        if resampled(row).twins.lift < CLEAR
        else "groups, but no dependable way to tell them apart"
    )
    return (
        f"We found {found}: {_no_tighter(row)}, and in re-runs on other draws of the "
        f"customers the least stable of {row.k} segments differs by {loose:.0%}. The segments are a construction "
        "for management use; expect borders to move. More customers, better measures or fewer features would help."
    )


def _tighter(row: KEvidence) -> str:
    seen = resampled(row).twins
    much = (
        "far tighter" if seen.lift >= 3 * CLEAR else "tighter" if seen.lift >= CLEAR else "slightly tighter"
    )
    return f"{much} than in copies of the data without groups ({seen.silhouette:.2f} against {seen.twin.mean:.2f})"


def _no_tighter(row: KEvidence) -> str:
    seen = resampled(row).twins
    much = "hardly tighter" if seen.lift > 0 else "no tighter"
    if seen.lift >= CLEAR:
        much = "tighter"
    return f"{row.k} segments are {much} than in copies of the data without groups ({seen.silhouette:.2f} against {seen.twin.mean:.2f})"


def _back(row: KEvidence) -> str:
    worst = resampled(row).worst_jaccard
    if worst >= ALWAYS:
        return "every segment came back whole in all re-runs"
    return f"every segment comes back in re-runs (even the least stable overlaps with itself by {worst:.0%})"


def asked_for(k: int, best: int, own: str, small: int | None) -> str:
    """What to say when a number was asked for that the evidence does not speak for."""
    what = "One audience was" if k == 1 else f"{k} segments were"
    speaks = "one audience" if best == 1 else f"{best} segments"
    warning = (
        f" The smallest of them has {small:,} customer{'s' * (small != 1)}." if small is not None else ""
    )
    return f"{what} asked for; the evidence speaks for {speaks}.{warning} {own}".strip()


def nothing_judged(evidence: Evidence, k: int | None) -> str:
    """What to say when no cut is of use."""
    if k == 1:
        return "One audience was asked for, and the evidence has nothing better to offer."
    return (
        f"No way of cutting these {evidence.fitted:,} customers leaves every segment large enough to be of use, "
        "so they are treated as one audience."
    )


def one_audience(evidence: Evidence, k: int, *, grouped: bool) -> str:
    """What treating everybody alike would mean: the option that is always there."""
    if k == 1:
        return "Everybody is treated alike: one message, one offer, no segments to keep up."
    first, here = evidence.at(1).inertia, evidence.at(k).inertia
    share = 1 - here / first if first > 0 else 0.0
    price = f"it would give up the {share:.0%} of the differences between customers that {k} segments capture"
    if grouped:
        return f"One audience is always an option: it is the simplest, but {price}."
    return (
        "One audience is a fair option here: nothing in the data says that there are groups to be missed, "
        f"though {price}."
    )
