"""The verdict in words: what was found, and how far it can be trusted."""

from collections.abc import Sequence

from segmentry.records.evidence import Evidence, KEvidence
from segmentry.records.verdict import VerdictKind, Vote
from segmentry.stages.choose.panel import resampled
from segmentry.stages.choose.verdict_words import VERDICT_WORDS, Measured, island_sentence


def verdict_sentence(
    kind: VerdictKind,
    confidence: str | None,
    row: KEvidence,
    panel: Sequence[Vote],
    islands: Sequence[int] = (),
) -> str:
    """The recommendation in one short paragraph.

    Args:
        kind: What kind of segments these are.
        confidence: How sure the number is; None when it was asked for and is not recommended.
        row: The row of the k that is spoken of.
        panel: The votes.
        islands: Customers in each island that is too small for a segment.
    """
    votes = f"{sum(vote.k == row.k for vote in panel)} of {len(panel)} methods"
    seen = resampled(row)
    measured = Measured(
        k=row.k,
        twins=seen.twins,
        islands=islands,
        least=seen.worst_jaccard,
        apart=[str(segment.segment) for segment in seen.segments if segment.separated],
        opening=f"{votes} are for {row.k}"
        if confidence is None
        else f"We recommend {row.k} segments ({confidence} confidence): {votes} agree",
    )
    return measured.fill(VERDICT_WORDS[kind].sentence)


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
    lonely = f" {island_sentence(evidence.islands)}." if evidence.islands else ""
    return (
        f"No way of cutting these {evidence.fitted:,} customers leaves every segment large enough to be of use, "
        f"so they are treated as one audience.{lonely}"
    )


def one_audience(evidence: Evidence, k: int, *, grouped: bool) -> str:
    """What treating everybody alike would mean: the option that is always there."""
    if k == 1:
        return "Everybody is treated alike: one message, one offer, no segments to keep up."
    first, here = evidence.at(1).inertia, evidence.at(k).inertia
    share = 1 - here / first if first > 0 else 0.0
    price = f"it would ignore {share:.0%} of the variation that the {k} segments explain"
    if grouped:
        return f"One audience is always an option: it is the simplest, but {price}."
    return (
        "One audience is a fair option here: nothing in the data says that there are groups to be missed, "
        f"though {price}."
    )
