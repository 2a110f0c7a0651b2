"""The overview: who the segments are, how many, what they are worth, and how far to trust them."""

import math
from collections.abc import Callable
from dataclasses import replace

from segmentry.dashboard.data.filters import Filter
from segmentry.dashboard.data.query_results import by_segment
from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.dashboard.web.figures import chart, placed
from segmentry.records.audit import Severity
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.views.charts.catalog import Place
from segmentry.views.charts.cluster_prof import ProfileColumn, cluster_prof, columns_of
from segmentry.views.charts.segment_sizes import segment_sizes
from segmentry.views.topics.cells import Table, TableColumn, feature, numeric, sentence, table, tagged, text
from segmentry.views.topics.columns_used import columns_used
from segmentry.views.topics.opening import TONES, headline, key_figures
from segmentry.views.topics.other_numbers import other_numbers, what_would_change
from segmentry.views.topics.outcomes import outcome_columns, outcome_line
from segmentry.views.topics.verdict import plainly, why_so_many
from segmentry.views.topics.wording import kind_line, origin, readiness_line
from segmentry.views.words.numbers import column, count, plural, share

SHARES = "How large the segments are, and what they bring"
MOST_MEASURES = 6
"""Measures in the segment table; the profile pages show all of them."""


def show(visit: Visit) -> Words:
    """The words of the overview."""
    run = visit.run
    lead, rest = headline(run)
    sizes = chart(segment_sizes(run)[0])
    parts = by_segment(visit.customers.parts(Filter()))
    nowhere = parts[0].customers if 0 in parts else 0
    worth = math.fsum(part.value for part in parts.values() if math.isfinite(part.value))
    return {
        "finding": f"{lead.text if lead else ''}{rest}",
        "under": _under(run, nowhere),
        "facts": key_figures(run, sum(segment.customers for segment in run.segments) + nowhere, worth),
        "plainly": plainly(run),
        "why_so_many": why_so_many(run),
        "kind": kind_line(run),
        "others": other_numbers(run),
        "would_change": what_would_change(run),
        "columns": columns_used(run.survey),
        "outcome": outcome_line(run),
        "sizes": replace(sizes, title=SHARES if run.k > 1 else sizes.title),
        "profile": chart(cluster_prof(run)[0]),
        "charts": placed(run, Place.OVERVIEW),
        "segments": _segments(visit),
        "readiness": readiness_line(run.survey),
        "tone": TONES[run.survey.audit.readiness],
        "warnings": _warnings(run),
        "calm": not run.survey.audit.reasons,
    }


def _under(run: Run, nowhere: int) -> str:
    placed = sum(segment.customers for segment in run.segments)
    where = "as one audience" if run.k == 1 else f"in {plural(run.k, 'segment')}"
    left = f"; {count(nowhere)} in none" if nowhere else ""
    return " · ".join((f"{plural(placed, 'customer')} {where}{left}", *origin(run.survey)))


def _segments(visit: Visit) -> Table:
    """The segments with their sizes and the averages of the measures that they differ most in."""
    run = visit.run
    values = column(segment.value if segment.value is not None else math.nan for segment in run.segments)
    worth: tuple[TableColumn[Segment], ...] = (
        numeric("Value", lambda segment: values[segment.number - 1]),
        numeric("Share of value", lambda segment: share(segment.value_share or 0.0)),
    )
    measures = columns_of(run)[:MOST_MEASURES]
    left = len(run.population) - MOST_MEASURES
    return table(
        "The segments with their sizes and averages",
        run.segments,
        text(
            "Segment",
            lambda segment: tagged(segment, run.k).to(visit.address.to(f"/segment/{segment.number}")),
        ),
        numeric("Customers", lambda segment: count(segment.customers)),
        numeric("Share", lambda segment: share(segment.share)),
        *(worth if run.survey.value is not None else ()),
        *outcome_columns(run),
        *(numeric(feature(measure.everybody.feature), _average(measure)) for measure in measures),
        *(
            []
            if visit.preview
            else [numeric("Mean confidence", lambda segment: share(segment.mean_confidence))]
        ),
        note=f"Averages of the {len(measures)} measures that the segments differ most in; {left} more are on each "
        "segment's own page."
        if left > 0
        else "",
    )


def _average(measure: ProfileColumn) -> Callable[[Segment], str]:
    return lambda segment: measure.write(measure.means[segment.number - 1])


def _warnings(run: Run) -> tuple[str, ...]:
    """What the audit found that a reader should know, gravest first, but for what its verdict says already."""
    said = run.survey.audit.reasons
    grave = [
        finding.sentence for finding in run.survey.audit.findings if finding.severity is not Severity.INFO
    ]
    return tuple(sentence(one) for one in grave if one not in said)


OVERVIEW = Page(path="/", title="Overview", template="overview.html", show=show)
