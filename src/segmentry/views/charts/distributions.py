"""How each feature is distributed over all customers."""

from collections.abc import Sequence

from segmentry.records.exploration import Distribution
from segmentry.records.run import Survey
from segmentry.views.charts.captions import short_label, survey_foot
from segmentry.views.charts.short_names import short_name
from segmentry.views.drawing.axes import below, no_yes
from segmentry.views.drawing.figure import Body, Figure, Rows, chunks, pages
from segmentry.views.drawing.histograms import bars, bin_scale
from segmentry.views.drawing.marks import HairLine, Mark, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.theme import ACCENT, BODY, INK, QUIET, RULE, SMALL, blend
from segmentry.views.words.numbers import number, plural, share
from segmentry.views.words.text import shorten

PER_PAGE, HEAD, PLOT, FOOT = 12, 38, 96, 22
LOG_ROOM = 64
SKEWED = 1.5
"""From this skewness on a feature is worth the headline."""
COLUMNS = {1: 2, 2: 2, 4: 2}


def distributions(survey: Survey) -> tuple[Figure, ...]:
    """A histogram of every feature, on its own scale."""
    found = survey.exploration.distributions
    return pages([_page(survey, part) for part in chunks(found, PER_PAGE, step=3)])


def _page(survey: Survey, found: Sequence[Distribution]) -> Figure:
    body = _body(survey, found, BROAD)
    title = headline(survey.exploration.distributions)
    logs = any(one.log_axis for one in found)
    return Figure(
        name="distributions",
        title=title,
        subtitle="Customers by value, each feature on its own scale; the dark line is the median"
        + ("; skewed amounts on a log scale, where equal steps are equal ratios" if logs else ""),
        foot=survey_foot(survey),
        alt=f"Histograms of {plural(len(found), 'feature')} over all customers. {title}.",
        marks=body.marks,
        height=body.height,
        data=_rows(found),
        phone=_body(survey, found, PHONE),
    )


def _body(survey: Survey, found: Sequence[Distribution], sheet: Sheet) -> Body:
    columns = COLUMNS.get(len(survey.exploration.distributions), 3)
    grid = sheet.grid(columns, HEAD + PLOT + FOOT, row_gap=30)
    marks = [
        mark
        for one, panel in zip(found, grid.panels(found), strict=True)
        for mark in _panel(survey, one, panel)
    ]
    return Body(marks=tuple(marks), height=grid.total(found))


def headline(found: Sequence[Distribution]) -> str:
    """The most skewed feature in people's terms; else that none is skewed."""
    if not found:
        return "There is no numeric feature"
    skewed = [one for one in found if not one.flag and one.skew >= SKEWED]
    if skewed:
        top = max(skewed, key=lambda one: one.skew)
        return (
            f"A long tail in {short_label(top.feature)}: half the customers are at {number(top.median)} "
            f"or below, one in twenty above {number(top.q95)}"
        )
    if len(found) == 1 and not found[0].flag:
        one = found[0]
        return f"Half the customers have {short_label(one.feature)} between {number(one.q25)} and {number(one.q75)}"
    return f"None of the {len(found)} features has a long tail"


def _panel(survey: Survey, distribution: Distribution, panel: Panel) -> list[Mark]:
    plot = Panel(left=panel.left, top=panel.top + HEAD, width=panel.width, height=PLOT)
    room = panel.width - (LOG_ROOM if distribution.log_axis else 0)
    features = (each.feature for each in survey.exploration.distributions)
    name = short_name(distribution.feature, features, room, BODY, bold=True)
    marks: list[Mark] = [
        Words(x=panel.left, y=panel.top + 10, text=name, strong=True),
        *_log_note(distribution, panel),
        Words(
            x=panel.left,
            y=panel.top + 27,
            text=shorten(_summary(distribution), panel.width, SMALL),
            size=SMALL,
            colour=QUIET,
        ),
        HairLine(x=plot.left, x2=plot.right, y=plot.bottom, y2=plot.bottom, colour=RULE),
    ]
    return marks + (_flag(distribution, plot) if distribution.flag else _histogram(distribution, plot))


def _summary(distribution: Distribution) -> str:
    if distribution.flag:
        return f"yes for {share(distribution.mean)}"
    return f"median {number(distribution.median)}, middle half {number(distribution.q25)} to {number(distribution.q75)}"


def _log_note(distribution: Distribution, panel: Panel) -> list[Mark]:
    if not distribution.log_axis:
        return []
    return [Words(x=panel.right, y=panel.top + 10, text="log scale", size=SMALL, colour=QUIET, align="right")]


def _histogram(distribution: Distribution, plot: Panel) -> list[Mark]:
    scale = bin_scale(distribution.edges, plot, log=distribution.log_axis)
    middle = scale.at(distribution.median)
    marks = bars(distribution.edges, distribution.counts, plot, scale, blend(ACCENT, "#ffffff", 0.45))
    marks.append(HairLine(x=middle, x2=middle, y=plot.top - 4, y2=plot.bottom, colour=INK, thick=1.5))
    return marks + below(scale, plot.bottom)


def _flag(distribution: Distribution, plot: Panel) -> list[Mark]:
    half = Panel(left=plot.left, top=plot.top, width=min(plot.width, 160), height=plot.height)
    scale = bin_scale(distribution.edges, half, log=False)
    return bars(
        distribution.edges, distribution.counts, half, scale, blend(ACCENT, "#ffffff", 0.45)
    ) + no_yes(scale, plot.bottom)


def _rows(found: Sequence[Distribution]) -> Rows:
    return tuple(
        {"feature": one.feature, "from": float(low), "to": float(high), "customers": int(amount)}
        for one in found
        for low, high, amount in zip(one.edges[:-1], one.edges[1:], one.counts, strict=True)
    )
