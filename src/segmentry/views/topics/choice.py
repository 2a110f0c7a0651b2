"""How many segments: the verdict, the panel, and what was measured for each number."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from segmentry.records.evidence import KEvidence, Resampled
from segmentry.records.run import Run
from segmentry.stages.choose.verdict_words import VERDICT_WORDS
from segmentry.views.topics.cells import Table, TableColumn, numeric, said, sentence, table, text
from segmentry.views.topics.features import features
from segmentry.views.topics.measures import measures
from segmentry.views.topics.others import algorithms, alternatives, biased, scalings
from segmentry.views.topics.wording import confidence, near_ties
from segmentry.views.words.numbers import ABSENT, column, count, plural, ratio, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The part of the page about the number of segments.

    Attributes:
        kind: What kind of segments these are.
        confidence: How sure the number is.
        measures: What each measure says.
        by_k: A row for each number of segments.
        again: What re-runs say of each number; None where nothing was run again.
        features: What the segments explain of each feature, beside copies without groups.
        algorithms: How the algorithms compare, by what can be compared.
        biased: Their other measures; None where there are none.
        alternatives: What other choices would have changed.
        scalings: How far the scalings agree.
        basis: What the numbers rest on.
        ties: Which solutions are not reproducible; empty for none.
    """

    kind: str
    confidence: str
    measures: Table | None
    by_k: Table
    again: Table | None
    features: Table | None
    algorithms: Table | None
    biased: Table | None
    alternatives: Table | None
    scalings: Table | None
    basis: str
    ties: str


def choice(run: Run) -> Choice:
    """What was measured, and what it says."""
    several = len(run.comparison.algorithms) > 1
    return Choice(
        kind=VERDICT_WORDS[run.verdict.kind].title,
        confidence=confidence(run),
        measures=measures(run) if len(run.evidence.by_k) > 1 else None,
        by_k=_by_k(run),
        again=_again(run) if run.evidence.judged else None,
        features=features(run),
        algorithms=algorithms(run.comparison) if several else None,
        biased=biased(run.comparison) if several else None,
        alternatives=alternatives(run.comparison) if run.comparison.alternatives else None,
        scalings=scalings(run.comparison) if run.comparison.scalings else None,
        basis=_basis(run),
        ties=near_ties(run),
    )


def _by_k(run: Run) -> Table:
    """The measures that every number of segments has."""
    rows = run.evidence.by_k
    ks = [row.k for row in rows]
    inertia = dict(zip(ks, column(row.inertia for row in rows), strict=True))
    harabasz = dict(zip(ks, column(row.calinski_harabasz for row in rows), strict=True))
    return table(
        "The measures for each number of segments",
        rows,
        text("Segments", lambda row: said(str(row.k), badge=_note(row, run))),
        numeric("Inertia", lambda row: inertia[row.k]),
        numeric("Silhouette", lambda row: ratio(row.silhouette)),
        numeric("95% interval", lambda row: _interval(row.silhouette_low, row.silhouette_high)),
        numeric("Silhouette by segment", lambda row: ratio(row.silhouette_macro)),
        numeric("Calinski-Harabasz", lambda row: harabasz[row.k]),
        numeric("Davies-Bouldin", lambda row: ratio(row.davies_bouldin)),
        numeric("Smallest segment, customers", lambda row: count(row.smallest)),
    )


def _again(run: Run) -> Table:
    """What the panel rests on, for each number that was judged."""
    rows = tuple(row for row in run.evidence.by_k if row.resampled is not None or isfinite(row.gap))
    bic = dict(zip((row.k for row in rows), column(row.bic for row in rows), strict=True))

    def again(head: str, write: Callable[[Resampled], str]) -> TableColumn[KEvidence]:
        return numeric(head, lambda row: write(row.resampled) if row.resampled else ABSENT)

    return table(
        "What re-runs and copies without groups say",
        rows,
        text("Segments", lambda row: said(str(row.k), badge=_note(row, run))),
        again("Silhouette of copies", lambda seen: ratio(seen.twins.twin.mean)),
        again("Lift", lambda seen: ratio(seen.twins.lift)),
        numeric(
            "Gap", lambda row: f"{ratio(row.gap)} ± {ratio(row.gap_error)}" if isfinite(row.gap) else ABSENT
        ),
        numeric("BIC", lambda row: bic[row.k]),
        again("Prediction strength", lambda seen: ratio(seen.prediction_strength)),
        again("Agreement of re-runs", lambda seen: ratio(seen.agreement.mean)),
        again("Middle 90%", lambda seen: _interval(seen.agreement.low, seen.agreement.high)),
        again("Least stable overlap", lambda seen: ratio(seen.worst_jaccard)),
        again("Customers with space around", lambda seen: share(seen.separated_share)),
    )


def _interval(low: float, high: float) -> str:
    return f"{ratio(low)} to {ratio(high)}" if isfinite(low) and isfinite(high) else ABSENT


def _note(row: KEvidence, run: Run) -> str:
    notes = []
    if row.chosen or row.k == run.k:
        notes.append("chosen")
    elif row.k == run.verdict.runner_up:
        notes.append("next best")
    if row.k in run.evidence.near_ties:
        notes.append("near tie")
    return ", ".join(notes)


def _basis(run: Run) -> str:
    return " ".join(part for part in (_solved(run), _work(run)) if part)


def _solved(run: Run) -> str:
    evidence = run.evidence
    basis = f"The solutions rest on {plural(evidence.fitted, 'customer')}"
    if run.sampled is not None:
        basis = f"The solutions were found on a sample of {plural(run.sampled, 'customer')} and refined on {count(evidence.fitted)}"
    if not evidence.silhouette_customers or len(evidence.by_k) == 1:
        return f"{basis}."
    if evidence.silhouette_customers == evidence.fitted:
        return f"{basis}, and so do the silhouettes."
    return f"{basis}, the silhouettes on a sample of {count(evidence.silhouette_customers)}."


def _work(run: Run) -> str:
    """How much was run again; empty where nothing was."""
    budget = run.evidence.budget
    if budget is None:
        return ""
    restarts = f", {plural(budget.restarts, 'start')} of each mixture" if budget.restarts else ""
    return (
        f"For the rest, {plural(budget.customers, 'customer')} were drawn again ({sentence(budget.effort)} effort): "
        f"{plural(budget.twins, 'copy', 'copies')} without groups of up to {count(budget.twin_customers)} customers, "
        f"{plural(budget.references, 'even spread')} for the gap, {plural(budget.halves, 'split')} in halves, "
        f"{plural(budget.pairs, 'pair')} of draws{restarts}."
    )
