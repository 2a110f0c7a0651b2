"""The rule: thresholds as data, and one function that turns evidence into a verdict (METHOD 3.4).

Another rule can be tried against the same evidence by giving other thresholds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from segmentry.records.evidence import (
    CLEAR_LIFT,
    CONNECTED,
    EMPTY,
    GROUPED,
    LEAST_LIFT,
    Evidence,
    KEvidence,
    Resampled,
)
from segmentry.records.verdict import Verdict, VerdictKind, Vote
from segmentry.stages.choose.panel import DECIDES_TIES, GAP, Bars, resampled, votes
from segmentry.stages.choose.sentences import asked_for, nothing_judged, one_audience, verdict_sentence
from segmentry.stages.choose.verdict_words import quiet_sentence, shape_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRule:
    """The thresholds.

    Attributes:
        grouped: Lift over the no-groups twins, as a share of the twins' silhouette, from which customers
            count as grouped. Silhouettes shrink as features are added, and lifts with them.
        least_lift, clear_lift: No lift below the first is enough, any from the second on is.
        eligible_jaccard: Worst Jaccard below which a number of segments is not eligible.
        stable_jaccard: Worst Jaccard from which every segment counts as stable.
        near_best: Share of the best lift from which a number can win.
        prediction_strength: From where a half split predicts the other.
        agreed: Share of the wanted lift that is enough where gap statistic, mixtures and prediction strength agree.
        plain_lift: Lift, as a share of the twins' silhouette, that needs only prediction strength as a second witness.
        high, medium: Votes for the number that high and medium confidence need.
        natural_medium: Votes that medium confidence needs where the groups are natural.
        partly: Share of customers in separated segments that makes a verdict partly natural.
    """

    grouped: float = GROUPED
    least_lift: float = LEAST_LIFT
    clear_lift: float = CLEAR_LIFT
    eligible_jaccard: float = 0.6
    stable_jaccard: float = 0.8
    near_best: float = 0.7
    prediction_strength: float = 0.8
    agreed: float = 0.5
    plain_lift: float = 0.3
    high: int = 3
    medium: int = 3
    natural_medium: int = 2
    partly: float = 0.5

    def above_twins(self, seen: Resampled, share: float = 1.0) -> bool:
        """Whether segments are tighter than a smooth crowd's by enough, or by this share of it, to speak of groups."""
        wanted = max(self.grouped * seen.twins.twin.mean, self.least_lift)
        return seen.twins.lift >= share * min(wanted, self.clear_lift)

    def plainly_above_twins(self, seen: Resampled) -> bool:
        """Whether segments are so much tighter that it is enough if one half predicts the other."""
        plain = seen.twins.lift >= self.plain_lift * seen.twins.twin.mean
        return plain and seen.prediction_strength >= self.prediction_strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """The recommendation, within the limits of a business.

    Attributes:
        k: The number of segments that was asked for; None lets the evidence decide.
        max_segments: As many segments as a team can run different campaigns for.
        floor_customers: The smallest useful segment, in customers.
        floor_share: The smallest useful segment, as a share of the customers.
        rule: The thresholds.
    """

    k: int | None = None
    max_segments: int = 6
    floor_customers: int = 20
    floor_share: float = 0.02
    rule: VerdictRule = field(default_factory=VerdictRule)

    def __call__(self, evidence: Evidence) -> Verdict:
        """The verdict on the evidence."""
        running = self._running(evidence)
        panel = votes(evidence, running, self._bars) if running else ()
        found = _Found(
            rule=self.rule, evidence=evidence, running=running, panel=panel, most=self.max_segments
        )
        best = found.best
        if self.k is not None and self.k != best:
            return self._asked_for(found, self.k)
        if best == 1:
            return _verdict(found, 1, nothing_judged(evidence, self.k))
        sentence = verdict_sentence(
            found.kind(best), found.confidence(best), found.at(best), panel, evidence.islands
        )
        return _verdict(found, best, sentence)

    @property
    def _bars(self) -> Bars:
        return Bars(
            prediction_strength=self.rule.prediction_strength, stable_jaccard=self.rule.stable_jaccard
        )

    def _running(self, evidence: Evidence) -> tuple[KEvidence, ...]:
        """What the business can use: few enough segments, each of them large enough."""
        floor = max(self.floor_customers, self.floor_share * evidence.fitted)
        return tuple(row for row in evidence.judged if row.k <= self.max_segments and row.smallest >= floor)

    def _asked_for(self, found: "_Found", k: int) -> Verdict:
        row = next((row for row in found.evidence.judged if row.k == k), None)
        kind = found.kind(k) if row else VerdictKind.NOT_JUDGED
        own = verdict_sentence(kind, None, row, found.panel, found.evidence.islands) if row else ""
        return _verdict(found, k, asked_for(k, found.best, own, self._small(found.evidence, k)))

    def _small(self, evidence: Evidence, k: int) -> int | None:
        """The customers in the smallest segment, where it is below the floor."""
        smallest = next((row.smallest for row in evidence.by_k if row.k == k), None)
        return smallest if smallest is not None and smallest < self.floor_customers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The evidence, seen through the rule."""

    rule: VerdictRule
    evidence: Evidence
    running: tuple[KEvidence, ...]
    panel: tuple[Vote, ...]
    most: int

    def at(self, k: int) -> KEvidence:
        return self.evidence.at(k)

    @property
    def eligible(self) -> list[KEvidence]:
        bar = self.rule.eligible_jaccard
        return [row for row in self.running if resampled(row).worst_jaccard >= bar]

    @property
    def grouped(self) -> list[KEvidence]:
        return [row for row in self.eligible if self.is_grouped(row.k)]

    @property
    def best(self) -> int:
        """The k that the evidence speaks for; 1 where no number of segments is of use."""
        ranked = self.ranked
        return ranked[0].k if ranked else 1

    @property
    def ranked(self) -> list[KEvidence]:
        """Every number in the running, best first."""
        if self.grouped:
            return sorted(self.running, key=self._as_groups)
        return sorted(self.running, key=self._as_cut)

    def _as_groups(self, row: KEvidence) -> tuple[bool, bool, int, bool, float, int]:
        """Votes decide among what is nearly as tight as the best; mixtures break ties.

        Without the first test large tables of counts are cut too finely: mixtures, gap and stability
        all ask for more segments than there are when n is large enough to see every count.
        """
        seen = resampled(row)
        grouped = self.is_grouped(row.k)
        return (
            not (grouped and seen.twins.lift >= self.rule.near_best * self._best_lift),
            not grouped,
            -self.votes_for(row.k),
            not self._ties(row.k),
            -seen.prediction_strength,
            row.k,
        )

    @property
    def _best_lift(self) -> float:
        return max((resampled(row).twins.lift for row in self.grouped), default=0.0)

    def _as_cut(self, row: KEvidence) -> tuple[bool, int, float, int]:
        """What is stable, then by votes and by stability: weak groups that were missed are cut where they lie.

        Where nothing is stable only the mixtures are listened to: the others see chance.
        """
        worst = resampled(row).worst_jaccard
        stable = worst >= self.rule.stable_jaccard
        return (not stable, -self.votes_for(row.k) if stable else -self._ties(row.k), -worst, row.k)

    def _ties(self, k: int) -> bool:
        """Whether the member that decides ties is for a number."""
        return any(vote.k == k and vote.method == DECIDES_TIES for vote in self.panel)

    def votes_for(self, k: int) -> int:
        return sum(vote.k == k for vote in self.panel)

    def share(self, k: int) -> float:
        return self.votes_for(k) / len(self.panel) if self.panel and self.is_grouped(k) else 0.0

    def is_grouped(self, k: int) -> bool:
        seen = next((row.resampled for row in self.evidence.by_k if row.k == k), None)
        if seen is not None and self._agreed(k, seen):
            return True
        tighter = bool(
            seen and self.rule.above_twins(seen) and seen.worst_jaccard >= self.rule.eligible_jaccard
        )
        return tighter and seen is not None and self._witnessed(seen)

    def _agreed(self, k: int, seen: Resampled) -> bool:
        """Whether methods of different kinds say this number of groups, though they overlap too much to be much tighter."""
        said = {vote.method for vote in self.panel if vote.k == k}
        stable = seen.worst_jaccard >= self.rule.stable_jaccard
        predicted = seen.prediction_strength >= self.rule.prediction_strength
        both = {GAP, DECIDES_TIES} <= said
        return both and stable and predicted and self.rule.above_twins(seen, self.rule.agreed)

    def _witnessed(self, seen: Resampled) -> bool:
        """Whether something else than tightness says groups: bent, pointed or uneven clouds are tighter too."""
        gap = next((vote.k for vote in self.panel if vote.method == GAP), None)
        said = gap is not None and 1 < gap <= self.most
        if said or seen.some_space:
            return True
        bar = CONNECTED if self._ties(len(seen.segments)) else EMPTY
        return seen.thinnest <= bar and self.rule.plainly_above_twins(seen)

    def only_tighter(self, k: int) -> bool:
        """Whether segments are tighter than those of copies without groups, but nothing else says groups."""
        seen = resampled(self.at(k))
        return self.rule.above_twins(seen) and not self._witnessed(seen)

    def kind(self, k: int) -> VerdictKind:
        """Natural, distinct, reproducible or constructive (Dolnicar's words, the middle split in two)."""
        seen = resampled(self.at(k))
        if seen.worst_jaccard < self.rule.stable_jaccard:
            return VerdictKind.CONSTRUCTIVE
        if not self.is_grouped(k):
            return VerdictKind.REPRODUCIBLE_CUT
        if all(segment.separated for segment in seen.segments):
            return VerdictKind.NATURAL
        if seen.separated_share >= self.rule.partly:
            return VerdictKind.PARTLY_NATURAL
        return VerdictKind.DISTINCT_OVERLAPPING

    def confidence(self, k: int) -> str:
        """How sure the number is: high needs votes and empty space (how often that is right: records/hit_rates.py)."""
        if k == 1:
            return "not_judged"
        if self._disputed(k):
            return "low"
        votes, seen = self.votes_for(k), resampled(self.at(k))
        natural = self.kind(k) is VerdictKind.NATURAL
        predicted = seen.prediction_strength >= self.rule.prediction_strength
        if natural and predicted and votes >= self.rule.high:
            return "high"
        enough = self.rule.natural_medium if natural else self.rule.medium
        return "medium" if self.is_grouped(k) and votes >= enough else "low"

    def _disputed(self, k: int) -> bool:
        """Whether there are features that have to do with nothing else, and another number without them."""
        quiet = self.evidence.quiet
        return quiet is not None and quiet.k != k


def _verdict(found: _Found, k: int, sentence: str) -> Verdict:
    judged = any(row.k == k for row in found.evidence.judged)
    others: Sequence[int] = [row.k for row in found.ranked if row.k != k] or ([1] if k > 1 else [])
    return Verdict(
        kind=found.kind(k) if judged else VerdictKind.NOT_JUDGED,
        k=k,
        runner_up=others[0] if others else None,
        confidence=found.confidence(k) if judged else "not_judged",
        sentence=" ".join((sentence, *_also(found.evidence, k))),
        grouped=bool(found.grouped),
        share=found.share(k),
        votes=found.panel,
        one_audience=one_audience(found.evidence, k, grouped=found.is_grouped(k)),
        recommended=found.best,
    )


def _also(evidence: Evidence, k: int) -> Iterator[str]:
    """What else the reader must know: features that hide groups, and groups that are not round."""
    if evidence.quiet is not None:
        yield quiet_sentence(evidence.quiet, k)
    if evidence.shape is not None:
        yield shape_sentence(evidence.shape)
