"""What is to be thought of segments that were given: the verdict on them in words."""

from segmentry.errors import shortened
from segmentry.records.evaluation import Evaluation, GivenSegment
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose.sentences import they_touch

TIGHTER, MUCH_TIGHTER = 0.03, 0.15
"""Lift over the no-groups twins from which segments are tighter, and far tighter (METHOD 3.2)."""

ALWAYS = 0.995
MOST_NAMES = 3


def given_sentence(found: Evaluation) -> str:
    """The verdict on given segments in one short paragraph."""
    if not found.known:
        return _unknown(found)
    says = {
        VerdictKind.NATURAL: _natural,
        VerdictKind.PARTLY_NATURAL: _partly,
        VerdictKind.DISTINCT_OVERLAPPING: _overlapping,
        VerdictKind.REPRODUCIBLE_CUT: _cut,
        VerdictKind.CONSTRUCTIVE: _construction,
        VerdictKind.NOT_JUDGED: _not_judged,
    }[found.kind]
    return says(found)


def _unknown(found: Evaluation) -> str:
    return (
        f"The data do not know these segments: placed by their measures alone, {found.kept:.0%} of the customers "
        f"would be where they are, and chance alone would give {found.kept_by_chance:.0%}. Whatever made the "
        "segments is not in these measures."
    )


def _natural(found: Evaluation) -> str:
    return (
        f"These are natural groups: they are {_tighter(found)}, {_back(found)}, and there is empty space "
        "between all of them."
    )


def _partly(found: Evaluation) -> str:
    apart = sum(one.separated for one in found.judged)
    return (
        f"These groups are real: they are {_tighter(found)}, and {_back(found)}. {apart} of them "
        f"{'stand' if apart > 1 else 'stands'} apart with empty space around; the others touch, and customers "
        "near a border could go either way."
    )


def _overlapping(found: Evaluation) -> str:
    apart = sum(one.separated for one in found.judged)
    return f"These groups are real: they are {_tighter(found)}, and {_back(found)}, but {they_touch(apart)}."


def _cut(found: Evaluation) -> str:
    return (
        f"These segments are a dependable way to cut a continuum: they are {_tighter(found)}, but {_back(found)}. "
        "Treat the borders as management choices."
    )


def _construction(found: Evaluation) -> str:
    loose = found.least_stable
    return (
        f"These segments are a construction: they are {_tighter(found)}, and segments looked for in other draws "
        f"of the customers, starting from these, move away from them{_by(loose)}. They may be useful as rules, "
        f"but the data did not draw these borders.{_exceptions(found)}"
    )


def _exceptions(found: Evaluation) -> str:
    """The segments that come back and stand apart although the others do neither."""
    names = [f"'{shortened(one.name)}'" for one in found.judged if one.separated]
    start = "The exception is" if len(names) == 1 else "The exceptions are"
    return f" {start} {' and '.join(names[:MOST_NAMES])}, with empty space around." if names else ""


def _by(loose: GivenSegment | None) -> str:
    if loose is None or loose.jaccard is None:
        return ""
    return f" ('{shortened(loose.name)}' overlaps with what comes back by only {loose.jaccard.mean:.0%})"


def _not_judged(found: Evaluation) -> str:
    return f"Of the {found.k} segments only the largest has customers enough in the re-runs to be judged."


def _tighter(found: Evaluation) -> str:
    seen = found.twins
    much = "no tighter"
    if seen.lift >= TIGHTER:
        much = "far tighter" if seen.lift >= MUCH_TIGHTER else "tighter"
    elif seen.lift <= -TIGHTER:
        much = "looser"
    return (
        f"{much} than segments found in copies of the data without groups "
        f"({seen.silhouette:.2f} against {seen.twin.mean:.2f})"
    )


def _back(found: Evaluation) -> str:
    loose = found.least_stable
    if loose is None or loose.jaccard is None or loose.jaccard.mean >= ALWAYS:
        return "every one comes back whole when the customers are drawn again"
    return (
        "every one comes back when the customers are drawn again "
        f"(even the least stable overlaps with itself by {loose.jaccard.mean:.0%})"
    )
