"""What each measure says about the number of segments, and how far it can be trusted."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from segmentry.records.evidence import Evidence, KEvidence, Resampled
from segmentry.records.run import Run
from segmentry.records.verdict import Vote
from segmentry.views.charts.stability_words import reading
from segmentry.views.topics.cells import Cell, Table, numeric, prose, said, table, text
from segmentry.views.topics.verdict import agreeing
from segmentry.views.words.numbers import ABSENT, number, ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One piece of evidence, as people read it.

    Attributes:
        name: What it is called.
        reading: Its number at a row.
        says: What it means that it speaks for a number.
        trusted_for: What it can be relied on for.
        pick: The row that it speaks for; None when it speaks for none.
        voter: A word in the name of the method of the panel that rests on it; then its vote decides
            what it speaks for.
    """

    name: str
    reading: Callable[[KEvidence], str]
    says: str
    trusted_for: str
    pick: Callable[[Evidence], KEvidence | None] = lambda _: None
    voter: str = ""


def _largest(evidence: Evidence, read: Callable[[KEvidence], float]) -> KEvidence | None:
    known = [row for row in evidence.by_k if isfinite(read(row))]
    return max(known, key=lambda row: (read(row), -row.k), default=None)


def _of_runs(write: Callable[[Resampled], str]) -> Callable[[KEvidence], str]:
    """A number of the re-runs in words; a dash where nothing was run again."""
    return lambda row: write(row.resampled) if row.resampled is not None else ABSENT


JUDGED = (
    Measure(
        name="Lift over copies without groups",
        reading=_of_runs(lambda found: ratio(found.twins.lift)),
        says="Here the segments are tighter than in copies without groups by most. From 15% of their "
        "silhouette on, or from 0.05, customers count as grouped.",
        trusted_for="Telling groups from chance: the first question of the verdict.",
        voter="lift",
    ),
    Measure(
        name="Gap statistic",
        reading=lambda row: f"{ratio(row.gap)} ± {ratio(row.gap_error)}",
        says="The first peak, within one standard error, of the distance to customers spread evenly.",
        trusted_for="Saying 1: it can answer that there are no groups. Customers with a long tail can fool it.",
        voter="gap",
    ),
    Measure(
        name="Gaussian mixtures (BIC)",
        reading=lambda row: number(row.bic),
        says="This many bell shapes describe the customers best; lower is better.",
        trusted_for="Groups of unequal size and width. It asks for too many where values are skewed or counted.",
        voter="bic",
    ),
    Measure(
        name="Prediction strength",
        reading=_of_runs(lambda found: ratio(found.prediction_strength)),
        says="The largest number at which one half of the customers predicts the segments of the other: 0.8 or more.",
        trusted_for="Whether segments hold for other customers. Any long cloud passes at 2.",
        voter="prediction",
    ),
    Measure(
        name="Overlap of the least stable segment",
        reading=_of_runs(lambda found: f"{ratio(found.worst_jaccard)}, {reading(found.worst_jaccard)}"),
        says="The largest number at which every segment comes back in re-runs: a Jaccard overlap of 0.8 or more.",
        trusted_for="Whether a segment can be relied on. Stable is not the same as real.",
        voter="stab",
    ),
)
"""The panel's measures, and what each of them rests on."""

AGREEMENT = Measure(
    name="Agreement of re-runs",
    pick=lambda evidence: max(
        evidence.judged,
        key=lambda row: (row.resampled.agreement.mean, -row.k) if row.resampled else (-1.0, -row.k),
        default=None,
    ),
    reading=_of_runs(lambda found: ratio(found.agreement.mean)),
    says="Here two draws of the customers give most nearly the same segments (adjusted Rand index).",
    trusted_for="The stability of the whole. A single poor segment can hide in it.",
)
CLASSIC = (
    Measure(
        name="Silhouette",
        pick=lambda evidence: _largest(evidence, lambda row: row.silhouette),
        reading=lambda row: ratio(row.silhouette),
        says="Here customers are closest to their own segment, compared with the next one.",
        trusted_for="Comparing numbers of segments on the same data. It does not prove that there are groups.",
    ),
    Measure(
        name="Silhouette by segment",
        pick=lambda evidence: _largest(evidence, lambda row: row.silhouette_macro),
        reading=lambda row: ratio(row.silhouette_macro),
        says="The same with every segment counting alike, whatever its size.",
        trusted_for="Seeing small, poor segments that the mean over customers hides.",
    ),
    Measure(
        name="Calinski-Harabasz",
        pick=lambda evidence: _largest(evidence, lambda row: row.calinski_harabasz),
        reading=lambda row: number(row.calinski_harabasz),
        says="Here the differences between segments are largest against those within.",
        trusted_for="Round groups of similar width. Shown for comparison.",
    ),
    Measure(
        name="Davies-Bouldin",
        pick=lambda evidence: _largest(evidence, lambda row: -row.davies_bouldin),
        reading=lambda row: ratio(row.davies_bouldin),
        says="Here each segment is least like its most similar neighbour; lower is better.",
        trusted_for="Round groups of similar width. Shown for comparison.",
    ),
    Measure(
        name="Elbow of the inertia",
        pick=lambda evidence: next((row for row in evidence.by_k if row.k == evidence.elbow), None),
        reading=lambda row: number(row.inertia),
        says="Here the curve bends: more segments remove less and less of the differences.",
        trusted_for="A picture only: it moves with the range that was tried and never has a vote.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A measure, its vote where it is on the panel, and the row that it is for."""

    measure: Measure
    vote: Vote | None
    row: KEvidence | None

    @property
    def name(self) -> Cell:
        """What the measure is called, marked where it votes."""
        return said(self.measure.name, badge="vote" if self.vote else "")

    @property
    def says(self) -> str:
        """What it means, or why it means nothing."""
        if self.row is not None:
            return self.measure.says
        return f"It abstains: {self.vote.reason}." if self.vote else "Nothing stands out."


def measures(run: Run) -> Table:
    """Every measure with what it says and what it is trusted for; those with a vote first."""
    evidence, agree = run.evidence, agreeing(run)
    panel = [
        Reading(measure=measure, vote=vote, row=next((row for row in evidence.by_k if row.k == vote.k), None))
        for measure in JUDGED
        if (vote := _vote(measure, run)) is not None
    ]
    others = (*((AGREEMENT,) if evidence.judged else ()), *CLASSIC)
    return table(
        "What each measure says",
        [*panel, *(Reading(measure=other, vote=None, row=other.pick(evidence)) for other in others)],
        text("Measure", lambda found: found.name),
        numeric("Segments", lambda found: ABSENT if found.row is None else str(found.row.k)),
        numeric(
            "Its value there", lambda found: ABSENT if found.row is None else found.measure.reading(found.row)
        ),
        prose("What it says", lambda found: found.says),
        prose("Trusted for", lambda found: found.measure.trusted_for),
        note=f"{f'{agree} with {run.k}. ' if agree else ''}Only the measures marked “vote” are on the panel: they rest "
        "on different ideas, so that one opinion is not counted twice, and each of them can be wrong alone."
        if panel
        else "",
    )


def _vote(measure: Measure, run: Run) -> Vote | None:
    return next((vote for vote in run.verdict.votes if measure.voter in vote.method.lower()), None)
