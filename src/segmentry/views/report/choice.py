"""How many segments: what was measured for each number, and how far each measure can be trusted."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from segmentry.records.evidence import Evidence, KEvidence
from segmentry.records.run import Run
from segmentry.views.numbers import ABSENT, column, count, number, plural, ratio
from segmentry.views.report.cells import Cell, Head, Table, feature, numeric, said
from segmentry.views.report.wording import KINDS, confidence, near_ties


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One piece of evidence, as people read it.

    Attributes:
        name: What it is called.
        pick: The row that it speaks for; None when it speaks for none.
        reading: Its number there.
        says: What that means.
        trusted_for: What it can be relied on for.
    """

    name: str
    pick: Callable[[Evidence], KEvidence | None]
    reading: Callable[[KEvidence], str]
    says: str
    trusted_for: str


def _largest(evidence: Evidence, read: Callable[[KEvidence], float]) -> KEvidence | None:
    known = [row for row in evidence.by_k if isfinite(read(row))]
    return max(known, key=lambda row: (read(row), -row.k), default=None)


MEASURES = (
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
class Choice:
    """The part of the page about the number of segments.

    Attributes:
        kind: What kind of segments these are.
        confidence: How sure the number is.
        measures: What each measure says.
        by_k: A row for each number of segments.
        algorithms: How the algorithms compare.
        basis: What the numbers rest on.
        ties: Which solutions are not reproducible; empty for none.
    """

    kind: str
    confidence: str
    measures: Table | None
    by_k: Table
    algorithms: Table | None
    basis: str
    ties: str


def choice(run: Run) -> Choice:
    """What was measured, and what it says."""
    evidence = run.evidence
    return Choice(
        kind=KINDS[run.verdict.kind],
        confidence=confidence(run),
        measures=_measures(run) if len(evidence.by_k) > 1 else None,
        by_k=_by_k(run),
        algorithms=_algorithms(run) if run.comparison.algorithms else None,
        basis=_basis(run),
        ties=near_ties(run),
    )


def _measures(run: Run) -> Table:
    return Table(
        caption="What each measure says",
        heads=(
            Head(text="Measure"),
            *numeric("Segments", "Its value there"),
            Head(text="What it says", wide=True),
            Head(text="Trusted for", wide=True),
        ),
        rows=tuple(_measure(one, run.evidence) for one in MEASURES),
    )


def _measure(measure: Measure, evidence: Evidence) -> tuple[Cell, ...]:
    row = measure.pick(evidence)
    return (
        said(measure.name),
        said(ABSENT if row is None else str(row.k)),
        said(ABSENT if row is None else measure.reading(row)),
        said("Nothing stands out." if row is None else measure.says),
        said(measure.trusted_for),
    )


def _by_k(run: Run) -> Table:
    rows = run.evidence.by_k
    columns = (
        column(row.inertia for row in rows),
        tuple(ratio(row.silhouette) for row in rows),
        tuple(_interval(row) for row in rows),
        tuple(ratio(row.silhouette_macro) for row in rows),
        column(row.calinski_harabasz for row in rows),
        tuple(ratio(row.davies_bouldin) for row in rows),
        tuple(count(row.smallest) for row in rows),
    )
    heads = numeric(
        "Inertia",
        "Silhouette",
        "95% interval",
        "Silhouette by segment",
        "Calinski-Harabasz",
        "Davies-Bouldin",
        "Smallest segment, customers",
    )
    return Table(
        caption="The evidence for each number of segments",
        heads=(Head(text="Segments"), *heads),
        rows=tuple(
            (said(str(row.k), badge=_note(row, run)), *(said(text) for text in texts))
            for row, texts in zip(rows, zip(*columns, strict=True), strict=True)
        ),
    )


def _interval(row: KEvidence) -> str:
    low, high = ratio(row.silhouette_low), ratio(row.silhouette_high)
    return ABSENT if ABSENT in {low, high} else f"{low} to {high}"


def _note(row: KEvidence, run: Run) -> str:
    notes = []
    if row.chosen or row.k == run.k:
        notes.append("chosen")
    elif row.k == run.verdict.runner_up:
        notes.append("next best")
    if row.k in run.evidence.near_ties:
        notes.append("near tie")
    return ", ".join(notes)


def _algorithms(run: Run) -> Table:
    inertia = column(
        float("nan") if one.inertia is None else one.inertia for one in run.comparison.algorithms
    )
    return Table(
        caption="How the algorithms compare on the same customers",
        heads=(
            Head(text="Algorithm"),
            *numeric("Segments", "Silhouette", "Inertia", "Smallest segment, customers"),
            Head(text="How it places new customers"),
        ),
        rows=tuple(
            (
                feature(one.name, badge="used here" if one.shipped else ""),
                said(str(one.k)),
                said(ratio(one.silhouette)),
                said(each),
                said(count(one.smallest)),
                said(one.scorer),
            )
            for one, each in zip(run.comparison.algorithms, inertia, strict=True)
        ),
    )


def _basis(run: Run) -> str:
    evidence = run.evidence
    text = f"The solutions rest on {plural(evidence.fitted, 'customer')}"
    if run.sampled is not None:
        text = f"The solutions were found on a sample of {plural(run.sampled, 'customer')} and refined on {count(evidence.fitted)}"
    if not evidence.silhouette_customers or len(evidence.by_k) == 1:
        return f"{text}."
    if evidence.silhouette_customers == evidence.fitted:
        return f"{text}, and so do the silhouettes."
    return f"{text}, the silhouettes on a sample of {count(evidence.silhouette_customers)}."
