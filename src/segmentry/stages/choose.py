"""From the evidence to one recommendation: the only place where k is decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.records.evidence import Evidence, KEvidence, Verdict, VerdictKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """The rule: the best mean silhouette among the k that are small enough to run.

    A k is in the running if it is at most ``max_segments`` and its smallest segment has at least
    ``max(20, 2 %)`` of the customers (METHOD 3.4's floor). Where the best two are nearer than
    ``tie`` the smaller k wins.

    Attributes:
        k: The number of segments that was asked for; None lets the evidence decide.
        max_segments: As many segments as a team can run different campaigns for.
        floor_customers: The smallest useful segment, in customers.
        floor_share: The smallest useful segment, as a share of the customers.
        tie: Silhouettes nearer than this are called equal.
    """

    k: int | None = None
    max_segments: int = 6
    floor_customers: int = 20
    floor_share: float = 0.02
    tie: float = 0.01

    def __call__(self, evidence: Evidence) -> Verdict:
        """The verdict; its kind is not judged until the no-groups twin has been asked."""
        if self.k is not None:
            return self._asked_for(evidence, self.k)
        ranked = self._ranked(evidence)
        if not ranked:
            return _one_audience(evidence)
        best = ranked[0]
        runner_up = ranked[1] if len(ranked) > 1 else None
        return Verdict(
            kind=VerdictKind.NOT_JUDGED,
            k=best.k,
            runner_up=runner_up.k if runner_up else None,
            confidence="not_judged",
            sentence=_sentence(best, runner_up),
        )

    def _asked_for(self, evidence: Evidence, k: int) -> Verdict:
        others = [row for row in self._ranked(evidence) if row.k != k]
        suggestion = f" The silhouette alone would say {others[0].k}." if others else ""
        if others and (row := _find(evidence, k)) and k > 1 and row.silhouette >= others[0].silhouette:
            suggestion = f" It is also what the silhouette says, before {others[0].k}."
        row = _find(evidence, k)
        if row and row.smallest < self.floor_customers:
            suggestion += f" The smallest of them has {row.smallest:,} customer{'s' * (row.smallest != 1)}."
        what = "One audience was" if k == 1 else f"{k} segments were"
        return Verdict(
            kind=VerdictKind.NOT_JUDGED,
            k=k,
            runner_up=others[0].k if others else None,
            confidence="not_judged",
            sentence=f"{what} asked for.{suggestion} {NOT_JUDGED}",
        )

    def _ranked(self, evidence: Evidence) -> list[KEvidence]:
        floor = max(self.floor_customers, self.floor_share * evidence.fitted)
        running = [row for row in evidence.by_k if 1 < row.k <= self.max_segments and row.smallest >= floor]
        return _by_silhouette(running, self.tie)


NOT_JUDGED = "Whether these are natural groups or a useful cut of a continuum has not been judged."


def _by_silhouette(rows: Sequence[KEvidence], tie: float) -> list[KEvidence]:
    """Best first; a smaller k that is within the tie of the best takes its place."""
    left, ranked = list(rows), []
    while left:
        top = max(row.silhouette for row in left)
        best = min((row for row in left if row.silhouette >= top - tie), key=lambda row: row.k)
        ranked.append(best)
        left.remove(best)
    return ranked


def _find(evidence: Evidence, k: int) -> KEvidence | None:
    return next((row for row in evidence.by_k if row.k == k), None)


def _sentence(best: KEvidence, runner_up: KEvidence | None) -> str:
    reason = f"{best.k} segments have the best mean silhouette ({best.silhouette:.2f})"
    if runner_up is None:
        return f"{reason}; no other number of segments leaves each of them large enough. {NOT_JUDGED}"
    if runner_up.silhouette > best.silhouette:
        return (
            f"{best.k} and {runner_up.k} segments separate customers equally well (silhouettes "
            f"{best.silhouette:.2f} and {runner_up.silhouette:.2f}); the smaller number was taken. {NOT_JUDGED}"
        )
    return f"{reason}, before {runner_up.k} with {runner_up.silhouette:.2f}. {NOT_JUDGED}"


def _one_audience(evidence: Evidence) -> Verdict:
    return Verdict(
        kind=VerdictKind.NOT_JUDGED,
        k=1,
        runner_up=None,
        confidence="not_judged",
        sentence=(
            f"No way of cutting these {evidence.fitted:,} customers leaves every segment large enough "
            f"to be of use, so they are treated as one audience. {NOT_JUDGED}"
        ),
    )
