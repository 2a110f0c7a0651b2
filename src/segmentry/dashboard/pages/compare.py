"""Two to four segments side by side: what they share, and where they part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from segmentry.dashboard.data.filters import whole
from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.dashboard.web.errors import Misasked
from segmentry.dashboard.web.figures import charts
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.views.charts.cluster_prof import ProfileColumn, cluster_prof, columns_of
from segmentry.views.charts.distributions_cluster import distributions_cluster
from segmentry.views.drawing.figure import Figure, entitled
from segmentry.views.topics.cells import Cell, Table, feature, numeric, table, tagged, text
from segmentry.views.topics.wording import feature_label
from segmentry.views.words.numbers import ABSENT, count, number, plural, ratio, share

MOST = 4
AVERAGES, SPREADS = "compared_averages", "compared_spreads"
"""The names of its charts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the comparison.

    Attributes:
        name: What is compared.
        values: One for each segment.
        everybody: The same for all customers; empty where there is no such thing.
        apart: How far the two that are farthest apart are, in standard deviations; empty for facts.
    """

    name: Cell | str
    values: tuple[str, ...]
    everybody: str = ""
    apart: str = ""


def show(visit: Visit) -> Words:
    """The words of the comparison."""
    run = visit.run
    chosen = _chosen(visit)
    columns = columns_of(replace(run, segments=chosen))
    several = len(chosen) > 1
    return {
        "finding": _finding(run, columns, chosen) if several else _alone(run),
        "choices": tuple(
            (segment.number, tagged(segment, run.k), segment in chosen) for segment in run.segments
        ),
        "side_by_side": _side_by_side(run, chosen, columns) if several else None,
        "averages": charts(average_figures(run, chosen)) if several else (),
        "spreads": charts(spread_figures(run, chosen)) if several else (),
        "most": MOST,
    }


def average_figures(run: Run, chosen: tuple[Segment, ...]) -> tuple[Figure, ...]:
    """The averages of the chosen segments, as dot plots."""
    part = replace(run, segments=chosen)
    figures = entitled(cluster_prof(part), AVERAGES, "Their averages, each measure on its own scale")
    finding = _finding(run, columns_of(part), chosen)
    return tuple(replace(figure, alt=f"{finding}: dot plots.") for figure in figures)


def spread_figures(run: Run, chosen: tuple[Segment, ...]) -> tuple[Figure, ...]:
    """How the customers of the chosen segments are spread, as histograms."""
    title = f"How the customers of the {plural(len(chosen), 'segment')} are spread"
    return entitled(distributions_cluster(replace(run, segments=chosen)), SPREADS, title)


def _alone(run: Run) -> str:
    return (
        "Choose two to four segments to compare" if run.k > 1 else "One segment: there is nothing to compare"
    )


def _chosen(visit: Visit) -> tuple[Segment, ...]:
    """The segments that the address names; the first two when it names none."""
    numbers = dict.fromkeys(whole(one, "segment") for one in visit.address.several("segment"))
    if len(numbers) > MOST:
        raise Misasked(f"{len(numbers)} segments are too many to compare.", hint=f"Choose up to {MOST}.")
    if not numbers:
        return visit.run.segments[:2]
    return tuple(visit.segment(one) for one in sorted(numbers))


def _finding(run: Run, columns: tuple[ProfileColumn, ...], chosen: tuple[Segment, ...]) -> str:
    """Where the chosen segments differ most."""
    widest = max(columns, key=_apart)
    ordered = sorted(zip(widest.segments, chosen, strict=True), key=lambda pair: pair[0].mean)
    (low, first), (high, last) = ordered[0], ordered[-1]
    name = feature_label(widest.everybody.feature)
    return (
        f"{tagged(last, run.k).text} and {tagged(first, run.k).text} differ most in {name}: "
        f"{widest.write(high.mean)} against {widest.write(low.mean)}"
    )


def _apart(column: ProfileColumn) -> float:
    """The distance between the two means that are farthest apart, in standard deviations of all customers."""
    known = [segment.mean for segment in column.segments if segment.n]
    sd = column.everybody.sd
    return (max(known) - min(known)) / sd if known and sd > 0 else 0.0


def _side_by_side(run: Run, chosen: tuple[Segment, ...], columns: tuple[ProfileColumn, ...]) -> Table:
    """Size, value and confidence, then every measure."""
    return table(
        "The segments side by side",
        (*_facts(run, chosen), *(_line(column) for column in columns)),
        text("Average", lambda line: line.name),
        *(numeric(tagged(segment, run.k), _value(at)) for at, segment in enumerate(chosen)),
        numeric("All customers", lambda line: line.everybody),
        numeric("Farthest apart, in standard deviations", lambda line: line.apart),
    )


def _value(at: int) -> Callable[[Line], str]:
    return lambda line: line.values[at]


def _line(column: ProfileColumn) -> Line:
    return Line(
        name=feature(column.everybody.feature),
        values=tuple(column.write(segment.mean) if segment.n else ABSENT for segment in column.segments),
        everybody=column.write(column.everybody.mean),
        apart=ratio(_apart(column)),
    )


def _facts(run: Run, chosen: tuple[Segment, ...]) -> Iterator[Line]:
    """Size, value and confidence, which are no measures."""
    yield Line(name="Customers", values=tuple(count(segment.customers) for segment in chosen))
    yield Line(name="Share of customers", values=tuple(share(segment.share) for segment in chosen))
    if run.survey.value is not None:
        worth = tuple(number((segment.value or 0.0) / max(segment.customers, 1)) for segment in chosen)
        yield Line(
            name="Share of value", values=tuple(share(segment.value_share or 0.0) for segment in chosen)
        )
        yield Line(name="Value each", values=worth)
    yield Line(name="Mean confidence", values=tuple(share(segment.mean_confidence) for segment in chosen))


COMPARE = Page(path="/compare", title="Compare", template="compare.html", show=show)
