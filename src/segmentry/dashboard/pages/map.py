"""The map: every customer, filtered and brushed; and how those that are chosen differ from all others."""

import math
from dataclasses import dataclass

from segmentry.dashboard.data.filters import LEVELS, Filter, read_filter
from segmentry.dashboard.data.map_counts import count_ahead, mapped
from segmentry.dashboard.data.query_results import Average, Part
from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.dashboard.pages.customers import listing
from segmentry.dashboard.web.errors import Outdated
from segmentry.dashboard.web.figures import chart
from segmentry.views.charts.selection_map import PANEL, Choice, chosen_map, ends
from segmentry.views.drawing.figure import Figure
from segmentry.views.topics.cells import Cell, Table, feature, numeric, table, text
from segmentry.views.words.numbers import MINUS, count, plural, share, style_of

MOST_ROWS = 15
"""Customers under the map; the page of customers has all of them."""
CLEARLY = 0.2
"""Standard deviations from which a choice differs in a measure: Cohen's small effect."""
LARGE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A measure among the chosen and among all.

    Attributes:
        feature: Its name.
        chosen, everybody: The means.
        apart: The difference in standard deviations of all customers, in words.
        size: The same as a number.
    """

    feature: Cell
    chosen: str
    everybody: str
    apart: str
    size: float


def show(visit: Visit) -> Words:
    """The words of the map."""
    run = visit.run
    if not visit.customers.has_pages:
        raise outdated(visit)
    chosen = read_filter(visit.address, run.k)
    everybody = visit.whole_map
    parts, all_parts = visit.customers.parts(chosen), visit.customers.parts(Filter())
    total = sum(part.customers for part in parts)
    figure = map_figure(visit)
    if not chosen and everybody.x_edges.size:
        count_ahead(visit.customers, everybody)
    differences = _differences(visit, chosen) if chosen and total else ()
    return {
        "finding": _finding(visit, chosen, total, differences),
        "under": "Every customer, placed by likeness: near one another means alike. Drag over the map, or give its edges, to choose an area.",
        "chart": chart(figure),
        "chosen": chosen,
        "levels": () if visit.preview else LEVELS,
        "choices": tuple((at, visit.tag(at)) for at in range(1, run.k + 1)),
        "edges": _edges(chosen),
        "ends": " ".join(f"{end:.6g}" for end in ends(everybody)),
        "box": f"{PANEL.left} {PANEL.top} {PANEL.right} {PANEL.bottom}",
        "total": count(total),
        "share": share(total / max(1, sum(one.customers for one in all_parts))),
        "mix": _mix(visit, parts, all_parts),
        "differences": _differing(differences),
        "listing": listing(visit, chosen, total, MOST_ROWS),
        "csv": "" if visit.preview else visit.address.moved("/customers.csv"),
        "all_customers": visit.address.moved("/customers"),
    }


def map_figure(visit: Visit) -> Figure:
    """The map under the filter of the address."""
    chosen, everybody = read_filter(visit.address, visit.run.k), visit.whole_map
    return chosen_map(
        visit.run,
        Choice(
            everybody=everybody,
            chosen=mapped(visit.customers, chosen, everybody) if chosen else None,
            area=_shown(chosen, ends(everybody)),
        ),
    )


def outdated(visit: Visit) -> Outdated:
    """A run that was made before the dashboard needed more than it wrote."""
    return Outdated(
        "This run was written by an earlier version, without what this page needs.",
        hint=f"Make it again: segmentry run {visit.run.survey.source.name} --out {visit.opened.name} --force.",
    )


def _shown(
    chosen: Filter, whole: tuple[float, float, float, float]
) -> tuple[float, float, float, float] | None:
    """The area as far as it is on the map: an open edge is the map's own."""
    if chosen.area is None:
        return None
    x0, x1, y0, y1 = (
        one if math.isfinite(one) else edge for one, edge in zip(chosen.area, whole, strict=True)
    )
    return x0, x1, y0, y1


def _edges(chosen: Filter) -> tuple[tuple[str, str, str], ...]:
    """The fields of the area: name, what it is called, and what stands in it."""
    area = chosen.area or (math.inf,) * 4
    words = ("From left", "to right", "From below", "to above")
    return tuple(
        (name, said, f"{one:.6g}" if math.isfinite(one) else "")
        for name, said, one in zip(("x0", "x1", "y0", "y1"), words, area, strict=True)
    )


def _mix(visit: Visit, parts: tuple[Part, ...], everybody: tuple[Part, ...]) -> Table | None:
    """The segments of the chosen customers, beside their shares of everybody."""
    if not parts:
        return None
    total = sum(part.customers for part in parts)
    crowd = {part.segment: part.customers for part in everybody}
    everyone = sum(crowd.values())
    worth = style_of([part.value / part.customers for part in parts])
    return table(
        "Segments of the chosen customers",
        sorted(parts, key=lambda part: part.segment or visit.run.k + 1),
        text("Segment", lambda part: visit.tag(part.segment)),
        numeric("Chosen", lambda part: count(part.customers)),
        numeric("Share of the chosen", lambda part: share(part.customers / total)),
        numeric("Share of all", lambda part: share(crowd[part.segment] / everyone)),
        *(
            [numeric("Value each", lambda part: worth.write(part.value / part.customers))]
            if visit.customers.has_value
            else []
        ),
    )


def _differing(found: tuple[Difference, ...]) -> Table | None:
    """How the chosen differ from all customers, measure by measure."""
    if not found:
        return None
    return table(
        "How the chosen customers differ",
        found,
        text("Measure", lambda one: one.feature),
        numeric("Mean of the chosen", lambda one: one.chosen),
        numeric("Mean of all", lambda one: one.everybody),
        numeric("Standard deviations apart", lambda one: one.apart),
    )


def _differences(visit: Visit, chosen: Filter) -> tuple[Difference, ...]:
    """How the chosen differ from all customers, the greatest difference first."""
    own, everybody = visit.customers.averages(chosen), visit.customers.averages(Filter())
    names = visit.run.survey.customers.names
    used = set(visit.run.model.recipe.features)
    flags = {profile.feature for profile in visit.run.population if profile.flag}
    found = [
        _difference(name, one, other, flag=name in flags)
        for name, one, other in zip(names, own, everybody, strict=True)
        if name in used and one.n and other.sd > 0
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.size)))


def _difference(name: str, own: Average, everybody: Average, *, flag: bool) -> Difference:
    size = (own.mean - everybody.mean) / everybody.sd
    style = style_of([own.mean, everybody.mean])
    write = share if flag else style.write
    return Difference(
        feature=feature(name),
        chosen=write(own.mean),
        everybody=write(everybody.mean),
        apart=f"{'+' if size > 0 else MINUS if size < 0 else ''}{abs(size):.2f}",
        size=size,
    )


def _finding(visit: Visit, chosen: Filter, total: int, differences: tuple[Difference, ...]) -> str:
    run = visit.run
    if not chosen:
        shown = share(float(run.map.projection.explained.sum()))
        return f"{plural(total, 'customer')} on one map that shows {shown} of their differences"
    if not total:
        return "No customer is in this choice"
    if differences and abs(differences[0].size) >= CLEARLY:
        first = differences[0]
        high = "higher" if first.size > 0 else "lower"
        word = "much " if abs(first.size) >= LARGE else ""
        return (
            f"{plural(total, 'customer')} chosen: {word}{high} {first.feature.text}, "
            f"{first.chosen} against {first.everybody}"
        )
    return f"{plural(total, 'customer')} chosen: much like everybody"


MAP = Page(path="/map", title="Map", template="map.html", show=show)
