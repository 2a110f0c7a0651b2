"""Each feature by segment, every segment over the ghost of all customers."""

import math
from collections.abc import Sequence

from segmentry.records.projection import SegmentHistogram
from segmentry.records.run import Run
from segmentry.views.charts.captions import Tag, run_foot, short_label, tags
from segmentry.views.charts.segment_rows import Beside, bands, in_bands, name_room, names
from segmentry.views.charts.short_names import short_name
from segmentry.views.drawing.axes import below, no_yes
from segmentry.views.drawing.figure import Body, Figure, Rows, chunks, pages
from segmentry.views.drawing.histograms import bin_scale, outline, parts
from segmentry.views.drawing.marks import HairLine, Mark, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.theme import BODY, GHOST, INK, RULE
from segmentry.views.words.numbers import plural, share

NAME_ROOM, NAME_GAP, PANEL_GAP, BAND_GAP = 176, 14, 28, 26
HEAD, TICKS, IN_A_BAND, TALLEST_PAGE = 36, 22, 3, 960
ROW, LOW_ROW, MANY = 46, 34, 6
"""Rows get lower when there are more segments than this."""
DIFFERENT = 0.25
"""From this share of explained variance on a feature is worth the headline."""


def distributions_cluster(run: Run) -> tuple[Figure, ...]:
    """Histograms of each segment; the features that the segments differ most in come first."""
    order = sorted(range(len(run.histograms)), key=lambda i: -run.population[i].eta_squared)
    found = [run.histograms[i] for i in order]
    many = bands(HEAD + _row(run) * run.k + TICKS, BAND_GAP, TALLEST_PAGE)
    return pages([_page(run, part) for part in chunks(found, IN_A_BAND * many)])


def _row(run: Run) -> int:
    return LOW_ROW if run.k > MANY else ROW


def headline(run: Run) -> str:
    """The feature that separates the segments most, and which segments are its ends."""
    top = max(run.population, key=lambda profile: profile.eta_squared)
    name = short_label(top.feature)
    if run.k == 1:
        return "One segment: its distributions are those of all customers"
    if top.eta_squared < DIFFERENT:
        return f"The segments overlap on every feature; they differ most in {name}"
    return f"The segments differ most in {name}: they explain {share(top.eta_squared)} of its variance"


def _page(run: Run, found: Sequence[SegmentHistogram]) -> Figure:
    body = _body(run, found, BROAD)
    title = headline(run)
    logs = "; skewed amounts on a log scale" if any(one.log_axis for one in found) else ""
    return Figure(
        name="distributions_cluster",
        title=title,
        subtitle="Each segment's customers by value, over the grey shape of all customers; "
        f"dark line: the segment's median; rows have heights of their own{logs}",
        foot=run_foot(run),
        alt=f"Histograms of {plural(len(found), 'feature')} for each of {run.k} segments. {title}.",
        marks=body.marks,
        height=body.height,
        data=_rows(run, found),
        phone=_body(run, found, PHONE),
    )


def _body(run: Run, found: Sequence[SegmentHistogram], sheet: Sheet) -> Body:
    named = tags(run)
    beside = Beside(room=name_room(named, NAME_ROOM), gap=NAME_GAP, sheet=sheet)
    across = min(max(len(run.histograms), 1), IN_A_BAND)
    grid = beside.grid(across, HEAD + _row(run) * run.k + TICKS, PANEL_GAP, BAND_GAP)
    marks = in_bands(
        grid,
        found,
        lambda panel: names(named, lambda i: panel.top + HEAD + _row(run) * (i + 1) - 8, beside.room),
        lambda histogram, panel: _panel(run, histogram, named, panel),
    )
    return Body(marks=tuple(marks), height=grid.total(found))


def _panel(run: Run, histogram: SegmentHistogram, named: Sequence[Tag], panel: Panel) -> list[Mark]:
    scale = bin_scale(histogram.edges, panel, log=histogram.log_axis)
    features = (each.feature for each in run.histograms)
    title = short_name(histogram.feature, features, panel.width, BODY, bold=True)
    places = [scale.at(float(edge)) for edge in histogram.edges]
    everybody = parts(histogram.counts.sum(axis=0))
    marks: list[Mark] = [Words(x=panel.left, y=panel.top + 10, text=title, strong=True)]
    for at, (tag, segment) in enumerate(zip(named, run.segments, strict=True)):
        counts = histogram.counts[segment.number - 1]
        top = panel.top + HEAD + _row(run) * at
        row = Panel(left=panel.left, top=top, width=panel.width, height=_row(run) - 8)
        mine = parts(counts)
        most = max(float(mine.max(initial=0.0)), float(everybody.max(initial=0.0))) or 1.0
        marks += [
            outline(places, everybody / most, row, GHOST),
            outline(places, mine / most, row, tag.colour, 0.8),
            HairLine(x=row.left, x2=row.right, y=row.bottom, y2=row.bottom, colour=RULE),
        ]
        median = next(each.median for each in segment.features if each.feature == histogram.feature)
        if not histogram.flag and math.isfinite(median):
            x = scale.at(median)
            marks.append(HairLine(x=x, x2=x, y=row.top, y2=row.bottom, colour=INK, thick=1.5))
    bottom = panel.top + HEAD + _row(run) * len(named) - 8
    return marks + (no_yes(scale, bottom) if histogram.flag else below(scale, bottom))


def _rows(run: Run, found: Sequence[SegmentHistogram]) -> Rows:
    return tuple(
        {
            "feature": one.feature,
            "segment": segment.name,
            "from": float(low),
            "to": float(high),
            "customers": int(amount),
        }
        for one in found
        for segment in run.segments
        for low, high, amount in zip(
            one.edges[:-1], one.edges[1:], one.counts[segment.number - 1], strict=True
        )
    )
