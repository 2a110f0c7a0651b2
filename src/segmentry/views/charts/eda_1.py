"""Box plots: the spread of each feature and how many customers lie far out."""

from collections.abc import Sequence

from segmentry.records.exploration import Distribution
from segmentry.records.run import Survey
from segmentry.views.charts.captions import short_label, survey_foot
from segmentry.views.drawing.axes import apart
from segmentry.views.drawing.figure import Figure, Rows, chunks, pages
from segmentry.views.drawing.marks import Bar, Dot, HairLine, Mark, Words, base
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import ACCENT, BODY, GRID, INK, LEFT, QUIET, RIGHT, RULE, SMALL, blend
from segmentry.views.words.numbers import column, count, plural, share
from segmentry.views.words.text import label, wrap

PER_PAGE, ROW, HEAD, BOX = 10, 58, 34, 18
START, END = 230, 620
NAME_ROOM = START - LEFT - 24
NOTABLE = 0.01
"""From this share of customers beyond the whiskers on a feature is worth the headline."""


def eda_1(survey: Survey) -> tuple[Figure, ...]:
    """One box plot a feature, each on its own scale, with the customers beyond its whiskers counted."""
    found = survey.exploration.distributions
    return pages([_page(survey, part) for part in chunks(found, PER_PAGE)])


def _page(survey: Survey, found: Sequence[Distribution]) -> Figure:
    title = headline(survey.exploration.distributions)
    marks: list[Mark] = [
        Words(x=LEFT, y=12, text="Feature", size=SMALL, colour=QUIET),
        Words(x=START, y=12, text="Lowest, median and highest value", size=SMALL, colour=QUIET),
        Words(x=RIGHT, y=12, text="Beyond the whiskers", size=SMALL, colour=QUIET, align="right"),
        HairLine(x=LEFT, x2=RIGHT, y=22, y2=22, colour=INK),
    ]
    for i, one in enumerate(found):
        marks += _row(one, HEAD + ROW * i)
    return Figure(
        name="EDA_1",
        title=title,
        subtitle="Box: the middle half of the customers; dark line: the median; whiskers: the last values within "
        "1.5 boxes of it; dotted: beyond. Each feature on its own scale",
        foot=survey_foot(survey),
        alt=f"Box plots of {plural(len(found), 'feature')}. {title}.",
        marks=tuple(marks),
        height=HEAD + ROW * len(found),
        data=_rows(found),
    )


def headline(found: Sequence[Distribution]) -> str:
    """The feature with the most customers beyond its whiskers, when they are many enough."""
    measured = [one for one in found if not one.flag and one.n]
    if not measured:
        return "There is no numeric feature with a spread"
    top = max(measured, key=_outlying)
    if _outlying(top) < NOTABLE:
        return "Hardly any customer lies far from the rest on any feature"
    amount = plural(top.outliers_low + top.outliers_high, "customer")
    return f"Most outliers in {short_label(top.feature)}: {amount}, {share(_outlying(top))} of all"


def _outlying(distribution: Distribution) -> float:
    return (
        (distribution.outliers_low + distribution.outliers_high) / distribution.n if distribution.n else 0.0
    )


def _row(distribution: Distribution, top: float) -> list[Mark]:
    middle = top + 18
    lines = wrap(label(distribution.feature), NAME_ROOM, BODY, lines=2)
    first = middle + BODY * 0.36 - 8 * (len(lines) - 1)
    marks: list[Mark] = [Words(x=LEFT, y=first + 16 * i, text=line) for i, line in enumerate(lines)]
    marks.append(HairLine(x=LEFT, x2=RIGHT, y=top + ROW - 8, y2=top + ROW - 8))
    if distribution.flag:
        return marks + _flag(distribution, middle)
    amount = distribution.outliers_low + distribution.outliers_high
    text = f"{count(amount)} ({share(_outlying(distribution))})" if amount else "none"
    if distribution.log_axis:
        marks.append(Words(x=RIGHT, y=middle + 24, text="log scale", size=SMALL, align="right", colour=QUIET))
    ink = INK if _outlying(distribution) >= NOTABLE else QUIET
    marks.append(Words(x=RIGHT, y=base(middle), text=text, align="right", colour=ink, strong=ink == INK))
    return marks + _box(distribution, middle)


def _flag(distribution: Distribution, middle: float) -> list[Mark]:
    scale = Scale(low=0, high=1, start=START, end=END)
    return [
        Bar(x=START, x2=END, y=middle - 4, y2=middle + 4, colour=GRID),
        Bar(x=START, x2=scale.at(distribution.mean), y=middle - 4, y2=middle + 4, colour=ACCENT),
        Words(
            x=START,
            y=middle + 24,
            text=f"yes for {share(distribution.mean)} of customers",
            size=SMALL,
            colour=QUIET,
        ),
        Words(x=RIGHT, y=base(middle), text="yes or no", align="right", colour=QUIET),
    ]


def _box(distribution: Distribution, middle: float) -> list[Mark]:
    log = distribution.log_axis and distribution.minimum > 0
    scale = Scale(low=distribution.minimum, high=distribution.maximum, start=START, end=END, log=log)
    low, high = scale.at(distribution.whisker_low), scale.at(distribution.whisker_high)
    q25, q75, median = scale.at(distribution.q25), scale.at(distribution.q75), scale.at(distribution.median)
    up, down = middle - BOX / 2, middle + BOX / 2
    marks: list[Mark] = [
        HairLine(x=low, x2=q25, y=middle, y2=middle, colour=QUIET, thick=1.5),
        HairLine(x=q75, x2=high, y=middle, y2=middle, colour=QUIET, thick=1.5),
        HairLine(x=low, x2=low, y=middle - 5, y2=middle + 5, colour=QUIET, thick=1.5),
        HairLine(x=high, x2=high, y=middle - 5, y2=middle + 5, colour=QUIET, thick=1.5),
        Bar(x=q25, x2=max(q75, q25 + 2), y=up, y2=down, colour=blend(ACCENT, "#ffffff", 0.55)),
        HairLine(x=median, x2=median, y=up, y2=down, colour=INK, thick=2.5),
    ]
    if distribution.outliers_high:
        marks.append(HairLine(x=high, x2=END, y=middle, y2=middle, colour=RULE, dashed=True))
        marks.append(Dot(x=END, y=middle, radius=2.5, colour=QUIET))
    if distribution.outliers_low:
        marks.append(HairLine(x=START, x2=low, y=middle, y2=middle, colour=RULE, dashed=True))
        marks.append(Dot(x=START, y=middle, radius=2.5, colour=QUIET))
    return marks + _values(distribution, scale, middle + BOX / 2 + 15)


def _values(distribution: Distribution, scale: Scale, y: float) -> list[Mark]:
    values = (distribution.median, distribution.maximum, distribution.minimum)
    texts = column(values)
    places = [scale.at(value) for value in values]
    shown = apart(places, texts)
    return [
        Words(
            x=places[i],
            y=y,
            text=texts[i],
            size=SMALL,
            colour=INK if i == 0 else QUIET,
            align="center",
        )
        for i in shown
    ]


def _rows(found: Sequence[Distribution]) -> Rows:
    fields = [
        "feature",
        "n",
        "missing",
        "mean",
        "sd",
        "skew",
        "minimum",
        "q05",
        "q25",
        "median",
        "q75",
        "q95",
        "maximum",
        "whisker_low",
        "whisker_high",
        "outliers_low",
        "outliers_high",
    ]
    return tuple({field: getattr(one, field) for field in fields} for one in found)
