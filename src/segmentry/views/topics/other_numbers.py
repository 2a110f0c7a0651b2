"""Why not one segment fewer, why not one more: the nearest other numbers beside the chosen one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segmentry.records.evidence import CLEAR_LIFT, KEvidence
from segmentry.records.run import Run
from segmentry.views.charts.choices import headline
from segmentry.views.charts.stability_words import DOUBTFUL
from segmentry.views.topics.cells import Table, numeric, prose, said, table, text
from segmentry.views.words.numbers import count, plural, ratio, share


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedNumber:
    """A number of segments that was judged.

    Attributes:
        k: The number.
        votes: Methods that vote for it.
        explained: The share of the variation between customers that lies between its segments.
        lift: How much tighter its segments are than in copies without groups.
        least: The overlap of its least stable segment with itself in re-runs.
        smallest: Customers in its smallest segment.
    """

    k: int
    votes: int
    explained: float
    lift: float
    least: float
    smallest: int


def other_numbers(run: Run) -> Table | None:
    """The number of segments beside its neighbours and what the evidence would choose; None without re-runs."""
    tried = tuple(_nearest(run))
    others = [number for number in tried if number.k != run.k]
    if not others or len(others) == len(tried):
        return None
    asked = len(run.verdict.votes)
    return table(
        " ".join(f"Why not {number.k}?" for number in others),
        tried,
        text("Segments", lambda number: said(str(number.k), badge="chosen" if number.k == run.k else "")),
        *([numeric("Methods for it", lambda number: f"{number.votes} of {asked}")] if asked else []),
        numeric("Variation explained", lambda number: share(number.explained)),
        numeric("Least stable overlap", lambda number: ratio(number.least)),
        numeric("Smallest segment", lambda number: count(number.smallest)),
        prose("What speaks against it", lambda number: against(number, tried)),
    )


def what_would_change(run: Run) -> str:
    """Which other choice would move most customers, in a sentence; empty where none was tried."""
    return f"{headline(run)}." if run.k > 1 and run.comparison.alternatives else ""


def against(number: TriedNumber, tried: Sequence[TriedNumber]) -> str:
    """The gravest of what speaks against a number, beside the best of the others."""
    others = [other for other in tried if other.k != number.k]
    reasons = (
        _unstable(number),
        _fewer_votes(number, max(others, key=lambda other: other.votes)),
        _less_tight(number, max(others, key=lambda other: other.lift)),
        _explains_less(number, max(others, key=lambda other: other.explained)),
    )
    nothing = "Nothing that was measured: choose by what you can treat differently."
    return next((reason for reason in reasons if reason), nothing)


def _nearest(run: Run) -> Iterator[TriedNumber]:
    wanted = {run.k - 1, run.k, run.k + 1, run.verdict.runner_up, run.verdict.recommended}
    whole = next((row.inertia for row in run.evidence.by_k if row.k == 1), 0.0)
    yield from (_tried(run, row, whole) for row in run.evidence.judged if row.k in wanted)


def _tried(run: Run, row: KEvidence, whole: float) -> TriedNumber:
    found = row.resampled
    return TriedNumber(
        k=row.k,
        votes=sum(vote.k == row.k for vote in run.verdict.votes),
        explained=1 - row.inertia / whole if whole else 0.0,
        lift=found.twins.lift if found else 0.0,
        least=found.worst_jaccard if found else 0.0,
        smallest=row.smallest,
    )


def _unstable(number: TriedNumber) -> str:
    if number.least >= DOUBTFUL:
        return ""
    return f"A segment does not come back in re-runs: it overlaps with itself by only {ratio(number.least)}."


def _fewer_votes(number: TriedNumber, best: TriedNumber) -> str:
    if number.votes >= best.votes:
        return ""
    own = plural(number.votes, "method") if number.votes else "No method"
    return f"{own} for it, but {best.votes} for {best.k}."


def _less_tight(number: TriedNumber, best: TriedNumber) -> str:
    if number.lift >= best.lift - CLEAR_LIFT:
        return ""
    lifts = f"lift {ratio(number.lift)} against {ratio(best.lift)}"
    return f"Less tight than {best.k}, each beside copies without groups ({lifts})."


def _explains_less(number: TriedNumber, best: TriedNumber) -> str:
    own, most = share(number.explained), share(best.explained)
    if best.k < number.k or own == most:
        return ""
    return f"It explains less of the variation: {own} against {most} with {best.k}."
