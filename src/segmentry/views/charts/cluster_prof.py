"""The profile of each segment: its averages against all customers, on a scale that is fair to all measures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile, PopulationProfile
from segmentry.views.charts.captions import Tag, run_foot, short_label, tags
from segmentry.views.charts.segment_rows import Beside, bands, in_bands, name_room, names
from segmentry.views.charts.short_names import short_name
from segmentry.views.drawing.figure import Body, Figure, Rows, chunks, pages
from segmentry.views.drawing.marks import Dot, HairLine, Mark, Words, base
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import BODY, GRID, QUIET, SMALL, blend
from segmentry.views.words.numbers import Style, share, style_of
from segmentry.views.words.text import sentence, width

NAME_ROOM, NAME_GAP, PANEL_GAP, BAND_GAP = 176, 14, 18, 30
HEAD, ROW = 44, 28
IN_A_BAND, TALLEST_PAGE = 4, 860
DOT, BESIDE = 5.5, 9
FAR, TIMES = 0.8, 1.5
"""A segment is worth the headline from this effect size (Cohen's d) and ratio to all customers on."""
LITTLE = 0.5
"""Standard deviations that every panel shows at least: half of one is a medium difference (Cohen)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileColumn:
    """One measure: the mean of all customers, each segment's, and how they are written."""

    everybody: PopulationProfile
    segments: tuple[FeatureProfile, ...]

    @property
    def style(self) -> Style | None:
        """How the numbers are written; None for shares."""
        return None if self.everybody.flag else style_of([self.everybody.mean, *self.means])

    @property
    def is_share(self) -> bool:
        """Whether the measure is a share."""
        return self.everybody.flag

    @property
    def means(self) -> tuple[float, ...]:
        """The segments' means."""
        return tuple(segment.mean for segment in self.segments)

    def write(self, value: float) -> str:
        """A value in the measure's own unit, with the column's decimals."""
        return self.style.write(value) if self.style else share(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the panels reach, so that the same distance means the same in each of them.

    Attributes:
        below, above: The segments' means furthest from that of all customers, in standard deviations.
        largest: The largest share.
        room: Pixels for the widest number.
    """

    below: float
    above: float
    largest: float
    room: float

    @classmethod
    def of(cls, columns: Sequence[ProfileColumn]) -> "Reach":
        """As far as the measures need, and never less than a small difference."""
        away = [_away(column, mean) for column in columns for mean in column.means if not column.is_share]
        known = [one for one in away if math.isfinite(one)]
        shares = [
            mean for column in columns if column.is_share for mean in (*column.means, column.everybody.mean)
        ]
        texts = [column.write(mean) for column in columns for mean in column.means if math.isfinite(mean)]
        return cls(
            below=min([-LITTLE, *known]),
            above=max([LITTLE, *known]),
            largest=max((one for one in shares if math.isfinite(one)), default=1.0) or 1.0,
            room=max((width(text, SMALL, bold=True) for text in texts), default=0.0) + BESIDE + 2,
        )

    def scale(self, column: ProfileColumn, panel: Panel) -> Scale:
        """The scale of a measure: one for all shares, and one in standard deviations for the rest."""
        middle, sd = column.everybody.mean, column.everybody.sd or 1.0
        share_of = column.is_share
        return Scale(
            low=0.0 if share_of else middle + self.below * sd,
            high=self.largest if share_of else middle + self.above * sd,
            start=panel.left + self.room,
            end=panel.right - self.room,
        )


def _away(column: ProfileColumn, mean: float) -> float:
    """How many standard deviations a mean lies from that of all customers."""
    return (mean - column.everybody.mean) / (column.everybody.sd or 1.0)


def cluster_prof(run: Run) -> tuple[Figure, ...]:
    """Dot plots of the segments' means, the measures that differ most first."""
    columns = columns_of(run)
    many = bands(HEAD + ROW * run.k, BAND_GAP, TALLEST_PAGE)
    return pages([_page(run, part) for part in chunks(columns, IN_A_BAND * many)])


def columns_of(run: Run) -> tuple[ProfileColumn, ...]:
    """The measures, those that the segments differ most in first."""
    found = [
        ProfileColumn(everybody=everybody, segments=tuple(segment.features[i] for segment in run.segments))
        for i, everybody in enumerate(run.population)
    ]
    return tuple(sorted(found, key=lambda one: -one.everybody.eta_squared))


def headline(run: Run) -> str:
    """The measure that sets a segment apart most, as a ratio; else that the segments differ little."""
    if run.k == 1:
        return f"One segment: its averages are those of all {sum(one.customers for one in run.segments):,} customers"
    named = tags(run)
    found = [
        (feature.index / 100, named[i].title, feature)
        for i, segment in enumerate(run.segments)
        for feature in segment.features
        if feature.index is not None and abs(feature.cohens_d) >= FAR and feature.index >= 100 * TIMES
    ]
    if found:
        times, name, one = max(found, key=lambda each: abs(each[2].cohens_d))
        return f"{_mean_of(one)} among {name}: {times:.1f} times everybody's"
    top = columns_of(run)[0].everybody
    return f"The segments differ most in {short_label(top.feature)}, which they explain to {share(top.eta_squared)}"


def _mean_of(profile: FeatureProfile) -> str:
    """What a mean is called; a feature that calls itself an average is not called one twice."""
    name = short_label(profile.feature)
    if name.casefold().startswith(("avg", "average", "mean")):
        return sentence(name)
    return f"Share with {name}" if profile.flag else f"Average {name}"


def _page(run: Run, columns: Sequence[ProfileColumn]) -> Figure:
    title = headline(run)
    body = _body(run, columns, BROAD)
    return Figure(
        name="cluster_prof",
        title=title,
        subtitle="Average of each segment, in the measure's unit; dashed line: all customers. "
        "Every panel has the same scale, in standard deviations; shares have one from 0",
        foot=run_foot(run),
        alt=f"Dot plots of the averages of {run.k} segments on {len(columns)} measures. {title}.",
        marks=body.marks,
        height=body.height,
        data=_rows(run, columns),
        phone=_body(run, columns, PHONE),
    )


def _body(run: Run, columns: Sequence[ProfileColumn], sheet: Sheet) -> Body:
    named = tags(run)
    beside = Beside(room=name_room(named, NAME_ROOM), gap=NAME_GAP, sheet=sheet)
    total = len(run.population)
    across = min(total, IN_A_BAND) if total != IN_A_BAND + 1 else IN_A_BAND - 1
    reach = Reach.of(columns_of(run))
    grid = beside.grid(across, HEAD + ROW * run.k, PANEL_GAP, BAND_GAP)
    marks = in_bands(
        grid,
        columns,
        lambda panel: names(named, lambda i: base(panel.top + HEAD + ROW * (i + 0.5)), beside.room),
        lambda column, panel: _panel(run, column, named, (panel, reach)),
    )
    return Body(marks=tuple(marks), height=grid.total(columns))


def _panel(run: Run, column: ProfileColumn, named: Sequence[Tag], place: tuple[Panel, Reach]) -> list[Mark]:
    panel, reach = place
    scale = reach.scale(column, panel)
    middle = scale.at(column.everybody.mean)
    features = (profile.feature for profile in run.population)
    title = short_name(column.everybody.feature, features, panel.width, BODY, bold=True)
    marks: list[Mark] = [
        Words(x=panel.left, y=panel.top + 10, text=title, strong=True),
        Words(
            x=panel.left,
            y=panel.top + 27,
            text=f"all: {column.write(column.everybody.mean)}",
            size=SMALL,
            colour=QUIET,
        ),
        HairLine(x=middle, x2=middle, y=panel.top + HEAD - 4, y2=panel.bottom, colour=QUIET, dashed=True),
    ]
    for i, (tag, segment) in enumerate(zip(named, column.segments, strict=True)):
        y = panel.top + HEAD + ROW * (i + 0.5)
        marks.append(HairLine(x=panel.left, x2=panel.right, y=y, y2=y, colour=GRID))
        marks += _reading(column, tag, segment.mean, (scale, middle, y))
    return marks


def _reading(column: ProfileColumn, tag: Tag, mean: float, place: tuple[Scale, float, float]) -> list[Mark]:
    """The dot with its stem; the number stands on the side that points away from the line."""
    scale, middle, y = place
    if not math.isfinite(mean):
        return []
    x = scale.at(mean)
    right = mean >= column.everybody.mean
    return [
        HairLine(x=middle, x2=x, y=y, y2=y, colour=blend(tag.colour, "#ffffff", 0.5), thick=3),
        Dot(
            x=x,
            y=y,
            radius=DOT,
            colour=tag.colour,
            tip=f"{tag.name}: {column.write(mean)}, all: {column.write(column.everybody.mean)}",
        ),
        Words(
            x=x + BESIDE if right else x - BESIDE,
            y=base(y, SMALL),
            text=column.write(mean),
            size=SMALL,
            strong=True,
            colour=tag.ink,
            align="left" if right else "right",
        ),
    ]


def _rows(run: Run, columns: Sequence[ProfileColumn]) -> Rows:
    return tuple(
        {
            "feature": column.everybody.feature,
            "segment": segment.name,
            "mean": one.mean,
            "median": one.median,
            "q25": one.q25,
            "q75": one.q75,
            "all_customers": column.everybody.mean,
            "cohens_d": one.cohens_d,
            "marker": one.marker,
            "eta_squared": column.everybody.eta_squared,
        }
        for column in columns
        for segment, one in zip(run.segments, column.segments, strict=True)
    )
