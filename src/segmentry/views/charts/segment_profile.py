"""The segment profile plot (Dolnicar & Leisch 2014): a panel a segment, only marker variables in colour."""

import math
from collections.abc import Sequence

import numpy as np

from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile, PopulationProfile
from segmentry.views.charts.captions import Tag, run_foot, short_label, tags
from segmentry.views.charts.segment_rows import Beside, column_head, columns, columns_a_page, in_bands
from segmentry.views.charts.short_names import short_name
from segmentry.views.charts.stability_words import seen
from segmentry.views.drawing.figure import Body, Figure, Rows, chunks, pages
from segmentry.views.drawing.marks import Bar, Dot, Mark, Words, base
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, GRID, INK, LEFT, QUIET, SMALL, blend
from segmentry.views.words.numbers import plural, share, style_of
from segmentry.views.words.text import label, shorten, width

NAME_ROOM, NAME_GAP, GAP = 190, 16, 18
ROW, BAR = 40, 16
TALLEST_PAGE, ROWS_A_PAGE = 820, 16
LABEL, DOT = 50, 4.0
BY_CHANCE = "explained by the segments, and by chance: in copies without groups"


def segment_profile(run: Run) -> tuple[Figure, ...]:
    """Bars of the segments' means, with the mean of all customers as a dot, features that go together side by side."""
    order = feature_order(run)
    found: list[Figure] = []
    for part in chunks(order, ROWS_A_PAGE):
        most = columns_a_page(ROW * len(part), TALLEST_PAGE)
        found += [_page(run, part, segments) for segments in chunks(range(run.k), most)]
    return pages(found)


def feature_order(run: Run) -> tuple[int, ...]:
    """The features' positions as average linkage on 1 - |rank correlation| brings them together."""
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    names = [profile.feature for profile in run.population]
    related = run.survey.exploration.correlations
    place = {name: at for at, name in enumerate(related.features)}
    if len(names) < 3 or not set(names) <= set(place):  # noqa: PLR2004 - two are side by side anyway
        return tuple(range(len(names)))
    at = [place[name] for name in names]
    apart = 1 - np.abs(np.nan_to_num(np.asarray(related.spearman)[np.ix_(at, at)]))
    apart = (apart + apart.T) / 2
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(np.maximum(apart, 0.0), checks=False), "average", optimal_ordering=True)
    return tuple(int(one) for one in leaves_list(tree))


def headline(run: Run) -> str:
    """The segment that most features mark, and the strongest of them."""
    if run.k == 1:
        return "One segment: its averages are everybody’s"
    marked = [
        (len(segment.markers), max((abs(each.cohens_d) for each in segment.markers), default=0.0))
        for segment in run.segments
    ]
    at = max(range(run.k), key=lambda i: marked[i])
    many = marked[at][0]
    if not many:
        return "No feature marks a segment: they differ a little in many"
    name, strongest = tags(run)[at].title, short_label(run.segments[at].markers[0].feature)
    if many == 1:
        return f"One feature sets {name} apart: {strongest}"
    return f"{many} features set {name} apart, most of all {strongest}"


def _page(run: Run, features: Sequence[int], segments: Sequence[int]) -> Figure:
    body = _body(run, features, segments, BROAD)
    title = headline(run)
    return Figure(
        name="segment_profile",
        title=title,
        subtitle="Bars: average of the segment; dots: of all customers; colour: marker variables, which set it apart",
        foot=run_foot(run, *([BY_CHANCE] if seen(run) and run.k > 1 else [])),
        alt=f"Bars of the averages of {plural(run.k, 'segment')} on {plural(len(features), 'feature')}, "
        f"everybody’s as a dot. {title}.",
        marks=body.marks,
        height=body.height,
        data=_rows(run, features, segments),
        phone=_body(run, features, segments, PHONE),
    )


def _body(run: Run, features: Sequence[int], segments: Sequence[int], sheet: Sheet) -> Body:
    named = tags(run)
    room = min(NAME_ROOM, max(_name_room(run, j) for j in features))
    beside = Beside(room=room, gap=NAME_GAP, sheet=sheet)
    grid = columns([named[i] for i in segments], beside, GAP, ROW * len(features))
    marks = in_bands(
        grid,
        segments,
        lambda panel: _names(run, features, panel.bottom - ROW * len(features), beside.room),
        lambda i, panel: _panel(run, features, named[i], panel),
    )
    return Body(marks=tuple(marks), height=grid.total(segments))


def _name_room(run: Run, j: int) -> float:
    name, below = _name(run, j)
    return max(width(name, BODY), width(below, SMALL))


def _name(run: Run, j: int) -> tuple[str, str]:
    """A feature's name, and what the segments explain of it beside copies without groups (METHOD 6.2)."""
    one, found = run.population[j], seen(run)
    if run.k == 1:
        return label(one.feature), ""
    place = {name: at for at, name in enumerate(run.model.recipe.features)}
    at = place.get(one.feature)
    if found is None or at is None or len(found.twins.eta_squared) != len(place):
        return label(one.feature), f"explained: {share(one.eta_squared)}"
    own = found.twins.own_eta_squared[at] if found.twins.own_eta_squared else one.eta_squared
    return label(one.feature), f"explained: {share(own)}, by chance {share(found.twins.eta_squared[at])}"


def _names(run: Run, features: Sequence[int], first: float, room: float) -> list[Mark]:
    marks: list[Mark] = []
    names = [profile.feature for profile in run.population]
    for row, j in enumerate(features):
        name, below = _name(run, j)
        top = first + ROW * row
        marks.append(Words(x=LEFT, y=base(top + BAR / 2), text=short_name(name, names, room, BODY)))
        if below:
            marks.append(
                Words(
                    x=LEFT,
                    y=top + BAR + SMALL + 2,
                    text=shorten(below, room, SMALL),
                    size=SMALL,
                    colour=QUIET,
                )
            )
    return marks


def _panel(run: Run, features: Sequence[int], tag: Tag, panel: Panel) -> list[Mark]:
    first = panel.bottom - ROW * len(features)
    marks = column_head(tag, panel, first, panel.bottom - 12)
    for row, j in enumerate(features):
        profiles = [segment.features[j] for segment in run.segments]
        marks += _reading(profiles, run.population[j], tag, (panel, first + ROW * row))
    return marks


def _reading(
    profiles: Sequence[FeatureProfile], everybody: PopulationProfile, tag: Tag, place: tuple[Panel, float]
) -> list[Mark]:
    """One bar with its number, and the dot of all customers on it."""
    panel, top = place
    own = profiles[tag.number - 1]
    if not math.isfinite(own.mean) or not math.isfinite(everybody.mean):
        return []
    scale = _scale(profiles, everybody, panel)
    zero, end, middle = scale.at(max(scale.low, 0.0)), scale.at(own.mean), top + BAR / 2
    style = style_of([everybody.mean, *(profile.mean for profile in profiles)])
    number = share(own.mean) if own.flag else style.write(own.mean)
    low, high = min(zero, end), max(zero, end, min(zero, end) + 1)
    dot = scale.at(everybody.mean)
    return [
        Bar(
            x=low, x2=high, y=top, y2=top + BAR, colour=tag.colour if own.marker else blend(QUIET, GRID, 0.7)
        ),
        Dot(x=dot, y=middle, radius=DOT, colour=INK),
        Words(
            x=max(high, dot + DOT) + 6,
            y=base(middle, SMALL),
            text=number,
            size=SMALL,
            strong=own.marker,
            colour=tag.ink if own.marker else QUIET,
        ),
    ]


def _scale(profiles: Sequence[FeatureProfile], everybody: PopulationProfile, panel: Panel) -> Scale:
    """From zero, or from the lowest where values lie below it, to the 95 % point or the highest average."""
    means = [profile.mean for profile in profiles if math.isfinite(profile.mean)]
    low, high = min(0.0, *means, everybody.mean), max([*means, everybody.mean, everybody.q95])
    return Scale(low=low, high=high if high > low else low + 1.0, start=panel.left, end=panel.right - LABEL)


def _rows(run: Run, features: Sequence[int], segments: Sequence[int]) -> Rows:
    found = []
    for i in segments:
        for j in features:
            one, everybody = run.segments[i].features[j], run.population[j]
            found.append(
                {
                    "segment": run.segments[i].name,
                    "feature": one.feature,
                    "mean": one.mean,
                    "all_customers": everybody.mean,
                    "marker": one.marker,
                    "cohens_d": one.cohens_d,
                    "eta_squared": everybody.eta_squared,
                }
            )
    return tuple(found)
