"""What re-runs say of the shipped segments, as every figure and page reads it."""

from segmentry.records.evidence import KEvidence, Resampled, SegmentStability, Twins
from segmentry.records.run import Run
from segmentry.views.words.numbers import count

DOUBTFUL, STABLE, HIGHLY = 0.6, 0.8, 0.85
"""Readings of the Jaccard overlap (after Hennig 2007; stable as the rule has it, see docs/benchmarks.md)."""

PREDICTED = 0.8
"""From this prediction strength on, one half of the customers predicts the other."""

READINGS = (
    (HIGHLY, "highly stable"),
    (STABLE, "stable"),
    (DOUBTFUL, "doubtful who is in it"),
    (0.5, "not to be trusted"),
    (0.0, "falls apart"),
)


def reading(jaccard: float) -> str:
    """What a mean Jaccard overlap means.

    >>> reading(0.93), reading(0.7), reading(0.4)
    ('highly stable', 'doubtful who is in it', 'falls apart')
    """
    return next((words for least, words in READINGS if jaccard >= least), READINGS[-1][1])


def seen(run: Run) -> Resampled | None:
    """What re-runs say of the shipped segments; None at one segment and where nothing was run again."""
    return next((row.resampled for row in run.evidence.judged if row.k == run.k), None)


def worst(found: Resampled) -> SegmentStability:
    """The segment that comes back least well."""
    return min(found.segments, key=lambda segment: segment.jaccard.mean)


def basis(run: Run, what: str, customers: int) -> str:
    """Whether something rests on all customers or on some of them, for the foot of a figure."""
    placed = sum(segment.customers for segment in run.segments)
    return f"{what} on {count(customers)} of them" if customers < placed else f"{what} on all of them"


def reruns(run: Run) -> str:
    """What the re-runs rest on; empty where nothing was run again."""
    budget = run.evidence.budget
    return basis(run, "re-runs", budget.customers) if budget else ""


def twins_of(row: KEvidence) -> Twins | None:
    """How a row compares with copies without groups; None where it was not compared."""
    return row.resampled.twins if row.resampled is not None else None
