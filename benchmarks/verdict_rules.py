"""What was found on one set, and what our verdict and each index alone make of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType

from crowd_sets import CrowdSpec, Tuning

from segmentry.records.evidence import Evidence, KEvidence
from segmentry.stages.choose.panel import first_within_error

PREDICTS = 0.8
"""Prediction strength from which a number of segments is taken (Tibshirani & Walther 2005)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One set and what the product made of it: enough to try any other rule on it.

    Attributes:
        spec: The set.
        tuning: How far apart its groups lie.
        kind: The kind of the verdict.
        k: The number of segments that was shipped.
        grouped: Whether the customers were called grouped.
        confidence: How sure the number was.
        ari: Adjusted Rand index of the shipped segments to the true groups.
        cpu_seconds: Processor time of the whole run.
        evidence: All the evidence, but for what is only drawn.
    """

    spec: CrowdSpec
    tuning: Tuning
    kind: str
    k: int
    grouped: bool
    confidence: str
    ari: float
    cpu_seconds: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Said:
    """What a method says of one set.

    Attributes:
        k: How many segments.
        grouped: Whether there are groups at all.
    """

    k: int
    grouped: bool


Method = Callable[[Outcome, int], Said | None]
"""What a method says of a set when at most so many segments are allowed; None when it abstains."""


def ours(outcome: Outcome, _: int) -> Said:
    """The verdict."""
    return Said(outcome.k, outcome.grouped)


def ours_where_grouped(outcome: Outcome, _: int) -> Said | None:
    """The verdict, where it says that there are groups."""
    return Said(outcome.k, grouped=True) if outcome.grouped else None


def elbow(outcome: Outcome, _: int) -> Said:
    """Kneedle on the inertia of 2 to 10 segments; no elbow is one audience."""
    return _said(outcome.evidence.elbow or 1)


def silhouette(outcome: Outcome, most: int) -> Said | None:
    """The highest mean silhouette; it can never say 1."""
    return _highest(outcome, most, lambda row: row.silhouette)


def calinski_harabasz(outcome: Outcome, most: int) -> Said | None:
    """The highest Calinski-Harabasz index; it can never say 1."""
    return _highest(outcome, most, lambda row: row.calinski_harabasz)


def davies_bouldin(outcome: Outcome, most: int) -> Said | None:
    """The lowest Davies-Bouldin index; it can never say 1."""
    return _highest(outcome, most, lambda row: -row.davies_bouldin)


def gap(outcome: Outcome, most: int) -> Said | None:
    """The first k within one error of the first peak of the gap (METHOD 3.1)."""
    rows = [(row.k, row.gap, row.gap_error) for row in outcome.evidence.with_gap if row.k <= most]
    found = first_within_error(rows)
    return None if found is None else _said(found)


def bic(outcome: Outcome, most: int) -> Said | None:
    """The lowest BIC of the Gaussian mixtures."""
    return _highest(outcome, most, lambda row: -row.bic)


def prediction_strength(outcome: Outcome, most: int) -> Said:
    """The largest k with a prediction strength of .8; otherwise 1."""
    strengths = {row.k: row.resampled.prediction_strength for row in outcome.evidence.by_k if row.resampled}
    return _said(
        max((k for k, strength in strengths.items() if k <= most and strength >= PREDICTS), default=1)
    )


def _highest(outcome: Outcome, most: int, measure: Callable[[KEvidence], float]) -> Said | None:
    rows = [row for row in outcome.evidence.by_k if row.k <= most and isfinite(measure(row))]
    return _said(max(rows, key=lambda row: (measure(row), -row.k)).k) if rows else None


def _said(k: int) -> Said:
    return Said(k, grouped=k > 1)


RIVALS: Mapping[str, Method] = MappingProxyType(
    {
        "elbow": elbow,
        "silhouette": silhouette,
        "CH": calinski_harabasz,
        "DB": davies_bouldin,
        "gap": gap,
        "BIC": bic,
        "prediction strength": prediction_strength,
    }
)
"""Each index alone."""

METHODS: Mapping[str, Method] = MappingProxyType({"ours": ours, **RIVALS})
