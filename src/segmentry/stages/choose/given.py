"""The verdict on segments that were given, in words."""

from segmentry.errors import shortened
from segmentry.records.evaluation import Evaluation
from segmentry.stages.choose.verdict_words import VERDICT_WORDS, Measured

MOST_NAMES = 3
"""Exceptions that are named."""


def given_sentence(found: Evaluation) -> str:
    """The verdict on given segments in one short paragraph."""
    if not found.known:
        return _unknown(found)
    loose = found.least_stable
    apart = [f"'{shortened(segment.name)}'" for segment in found.judged if segment.separated]
    measured = Measured(
        k=found.k,
        twins=found.evidence.resampled.twins if found.evidence.resampled else None,
        least=loose.jaccard.mean if loose is not None and loose.jaccard is not None else None,
        weakest=shortened(loose.name) if loose is not None else "",
        apart=apart,
        exceptions=_exceptions(apart),
    )
    return measured.fill(VERDICT_WORDS[found.kind].given)


def _unknown(found: Evaluation) -> str:
    return (
        f"The data do not know these segments: placed by their measures alone, {found.kept:.0%} of the customers "
        f"would be where they are, and chance alone would give {found.kept_by_chance:.0%}. Whatever made the "
        "segments is not in these measures."
    )


def _exceptions(apart: list[str]) -> str:
    """The segments that come back and stand apart although the others do neither."""
    start = "The exception is" if len(apart) == 1 else "The exceptions are"
    return f" {start} {' and '.join(apart[:MOST_NAMES])}, with empty space around." if apart else ""
