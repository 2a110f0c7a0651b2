"""Whether the data can carry the answer: the audit's verdict, which is printed and never stops a run (METHOD 1.0)."""

from collections.abc import Iterator, Sequence

from segmentry.records.audit import SUPPRESSED, Action, Audit, Finding, Ledger, Readiness, Severity
from segmentry.stages.cleaning.audit import SMALLEST_SAMPLE

PER_SEGMENT_AND_FEATURE = 10
"""Customers for each segment and feature below which the data are not ready (METHOD 1.0, after Qiu & Joe)."""

GREEN = 100
"""Customers for each feature that are plenty (METHOD 1.0, after Dolnicar et al. 2016)."""

AMBER = 60
"""Customers for each feature that are just enough (METHOD 1.0, after Dolnicar et al. 2014)."""

TOO_MANY_ASIDE = 0.30
"""Segments do not speak for the shop if this share of customers is set aside (METHOD 1.0)."""

TOO_MUCH_VALUE_ASIDE = 0.20
"""Nor if this share of the value is (METHOD 1.0)."""


def conclude(
    findings: Sequence[Finding], ledger: Ledger, *, features: int, has_id: bool, max_segments: int
) -> Audit:
    """The verdict on the data (METHOD 1.0).

    Args:
        findings: All findings.
        ledger: Every row accounted for.
        features: Segmentation features.
        has_id: Whether a column says who a customer is.
        max_segments: The largest number of segments that may be chosen.
    """
    light, sentence = _light(_heard(ledger), features)
    blocking = list(_blocking(ledger, features, has_id=has_id, max_segments=max_segments))
    cautions = [finding.sentence for finding in findings if finding.severity is Severity.WARN]
    if light == "red":
        cautions.append(sentence)
    readiness = Readiness.NOT_READY if blocking else Readiness.CAUTIONS if cautions else Readiness.READY
    return Audit(
        readiness=readiness,
        reasons=tuple(blocking or cautions),
        light=light,
        light_sentence=sentence,
        findings=tuple(findings),
        ledger=ledger,
    )


def _heard(ledger: Ledger) -> int:
    """Rows of people who may be looked at: an objection is no fault of the data."""
    return ledger.rows_in - sum(line.rows for line in ledger.lines if line.rule == SUPPRESSED)


def _light(n: int, p: int) -> tuple[str, str]:
    per = n / max(p, 1)
    if per >= GREEN:
        return (
            "green",
            f"{n:,} customers are plenty for {p} feature{'s' * (p != 1)} (100 per feature are enough).",
        )
    if per >= AMBER:
        return "amber", f"{n:,} customers are just enough for {p} features (60 per feature; 100 are better)."
    return (
        "red",
        f"{n:,} customers are few for {p} feature{'s' * (p != 1)}: {GREEN * p:,} would be plenty, {AMBER * p:,} enough.",
    )


def _blocking(ledger: Ledger, p: int, *, has_id: bool, max_segments: int) -> Iterator[str]:
    n = _heard(ledger)
    if not has_id:
        yield "No column says who a customer is."
    if n < SMALLEST_SAMPLE:
        yield f"{n} customers are fewer than {SMALLEST_SAMPLE}."
    elif n < (needed := PER_SEGMENT_AND_FEATURE * p * max_segments):
        yield (
            f"{n:,} customers are fewer than the {needed:,} that {p} features and up to {max_segments} segments "
            "ask for (10 per feature and segment)."
        )
    gone = [
        line
        for line in ledger.lines
        if line.action in {Action.SET_ASIDE, Action.DROPPED} and line.rule != SUPPRESSED
    ]
    aside, value = sum(line.rows for line in gone), sum(line.value for line in gone)
    if aside > TOO_MANY_ASIDE * n:
        yield f"{aside / n:.0%} of the rows were set aside."
    if ledger.value_in > 0 and value > TOO_MUCH_VALUE_ASIDE * ledger.value_in:
        yield f"{value / ledger.value_in:.0%} of the value was set aside."
