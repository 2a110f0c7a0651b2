"""What happened to customers, on the first screens: a sentence, a column and a line for each segment."""

from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.stages.profiling.outcomes import Outcome
from segmentry.views.charts.outcomes import event_label, headline, shown
from segmentry.views.topics.cells import TableColumn, numeric, sentence
from segmentry.views.words.numbers import ABSENT, share

MOST_COLUMNS = 1
"""Outcomes in a table of segments; the figure has more."""


def outcome_line(run: Run) -> str:
    """What happened to which segment, and that it did not make the segments; empty without an outcome."""
    found = shown(run)
    if not found:
        return ""
    first = found[0]
    most = first.segments[first.highest]
    cases = f" That is {share(most.of_all)} of all cases." if first.different else ""
    name = event_label(first).partition(" “")[0]
    return sentence(f"{headline(run)}.{cases} {name} did not make the segments.")


def of_segment(run: Run, segment: Segment) -> str:
    """What happened to the customers of a segment: ``Churn: 55% (50% to 60%), 46% of all cases``."""
    return "; ".join(_of(outcome, segment) for outcome in shown(run)[:MOST_COLUMNS])


def _of(outcome: Outcome, segment: Segment) -> str:
    seen = outcome.segments[segment.number - 1]
    if not seen.customers:
        return ""
    within = f"{share(seen.low)} to {share(seen.high)}"
    return f"{event_label(outcome)}: {share(seen.rate)} ({within}), {share(seen.of_all)} of all cases"


def outcome_columns(run: Run) -> tuple[TableColumn[Segment], ...]:
    """The first outcome as a column of a table of segments; none without an outcome."""
    return tuple(_column(outcome) for outcome in shown(run)[:MOST_COLUMNS])


def _column(outcome: Outcome) -> TableColumn[Segment]:
    def rate(segment: Segment) -> str:
        seen = outcome.segments[segment.number - 1]
        return share(seen.rate) if seen.customers else ABSENT

    return numeric(event_label(outcome), rate)
