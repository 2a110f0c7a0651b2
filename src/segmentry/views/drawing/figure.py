"""A figure: a finding, the picture that shows it, and the numbers behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

from segmentry.views.drawing.marks import Mark, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Sheet
from segmentry.views.drawing.svg import drawn, opened, said
from segmentry.views.drawing.theme import (
    FONT,
    HEADING,
    LEFT,
    MARGIN,
    PAPER,
    QUIET,
    SMALL,
    TITLE,
    WIDTH,
)
from segmentry.views.words.text import sentence, wrap

Rows: TypeAlias = tuple[dict[str, object], ...]
Item = TypeVar("Item")

TOP, TITLE_STEP, SUBTITLE_STEP, FOOT_STEP = 46, 27, 20, 17
GAP, FOOT_GAP = 30, 40
LINES, PHONE_LINES = 3, 9
"""The most lines of a title, a subtitle and a foot, and the same on a phone."""
ABOVE, BELOW, BESIDE = 6, 10, 4
"""Pixels around a body that stands alone: letters reach over the line that they stand on."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """What is drawn on a sheet, and how high it is.

    Attributes:
        marks: In pixels from the upper edge of the body.
        height: In pixels.
    """

    marks: tuple[Mark, ...]
    height: float


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One picture, complete with its words and its data.

    Attributes:
        name: The file's name without its ending; later pages end in ``_2``, ``_3``, ...
        title: The finding with its number.
        subtitle: What is plotted, in what unit.
        foot: How many customers, sample, as-of date and source.
        alt: The picture in one sentence, for those who do not see it.
        marks: What is drawn, in pixels from the upper edge of the body.
        height: The height of the body in pixels.
        data: The numbers behind it, one dict a row, names in full.
        phone: The same drawn for a phone; None where it is drawn in one way only.
    """

    name: str
    title: str
    subtitle: str
    foot: str
    alt: str
    marks: tuple[Mark, ...]
    height: float
    data: Rows
    phone: Body | None = None

    @cached_property
    def svg(self) -> str:
        """The whole figure as an SVG document: title, subtitle, body and foot.

        It has a name and a description for people who do not see it. Several figures can stand in one
        page: ids begin with the figure's name.

        >>> figure = Figure(name="n", title="<t>", subtitle="", foot="", alt="a", marks=(), height=20, data=())
        >>> figure.svg.count(">&lt;t&gt;<")
        2
        """
        return self._document(self.name, Body(marks=self.marks, height=self.height), BROAD)

    @cached_property
    def phone_svg(self) -> str:
        """The same for a phone; empty where there is no such drawing.

        >>> Figure(name="n", title="t", subtitle="", foot="", alt="a", marks=(), height=20, data=()).phone_svg
        ''
        """
        return self._document(f"{self.name}-phone", self.phone, PHONE) if self.phone else ""

    def _document(self, name: str, body: Body, sheet: Sheet) -> str:
        head, above = _head(self.title, self.subtitle, sheet)
        foot, below = _foot(self.foot, body.height, sheet)
        side = MARGIN if sheet is BROAD else BESIDE
        width, height = f"{sheet.width + 2 * side:g}", f"{round(above + below, 2):g}"
        look = {
            "aria-labelledby": f"{name}-title {name}-desc",
            "width": width,
            "height": height,
            "viewBox": f"{LEFT - side:g} 0 {width} {height}",
            "font-family": FONT,
        }
        return (
            f"{opened(look)}"
            f'<title id="{name}-title">{said(self.title)}</title>'
            f'<desc id="{name}-desc">{said(self.alt)}</desc>'
            f'<rect x="{LEFT - side:g}" width="{width}" height="{height}" fill="{PAPER}"/>'
            f'<g transform="translate(0,{round(above, 2):g})">{drawn((*head, *body.marks, *foot))}</g></svg>'
        )

    @property
    def full_height(self) -> float:
        """The height of the whole figure in pixels, with its words above and below."""
        return round(_head(self.title, self.subtitle, BROAD)[1] + _foot(self.foot, self.height, BROAD)[1], 2)

    @property
    def body(self) -> str:
        """The body alone as an SVG element; title, subtitle and foot are the page's.

        >>> Figure(name="n", title="t", subtitle="", foot="", alt="<b>", marks=(), height=20, data=()).body[-24:]
        'label="&lt;b&gt;"></svg>'
        """
        return self._alone(Body(marks=self.marks, height=self.height), BROAD)

    @property
    def phone_body(self) -> str:
        """The body for a phone alone; empty where there is no such drawing."""
        return self._alone(self.phone, PHONE) if self.phone else ""

    def _alone(self, body: Body, sheet: Sheet) -> str:
        height = f"{round(body.height + ABOVE + BELOW, 2):g}"
        box = f"{LEFT - BESIDE} {-ABOVE} {sheet.width + 2 * BESIDE:g} {height}"
        return f"{opened({'viewBox': box, 'aria-label': self.alt})}{drawn(body.marks)}</svg>"


def _head(title: str, subtitle: str, sheet: Sheet) -> tuple[tuple[Mark, ...], float]:
    """Title and subtitle above the body, and how much room they take."""
    lines = LINES if sheet is BROAD else PHONE_LINES
    titles = wrap(sentence(title), sheet.width, TITLE, bold=True, lines=lines)
    subtitles = wrap(subtitle, sheet.width, HEADING, lines=lines)
    height = TOP + TITLE_STEP * (len(titles) - 1) + SUBTITLE_STEP * len(subtitles) + 8 + GAP
    y = TOP - height
    large = [
        Words(x=LEFT, y=y + TITLE_STEP * i, text=line, size=TITLE, strong=True)
        for i, line in enumerate(titles)
    ]
    y += TITLE_STEP * (len(titles) - 1) + 8
    small = [
        Words(x=LEFT, y=y + SUBTITLE_STEP * i, text=line, size=HEADING, colour=QUIET)
        for i, line in enumerate(subtitles, 1)
    ]
    return (*large, *small), height


def _foot(text: str, top: float, sheet: Sheet) -> tuple[tuple[Mark, ...], float]:
    """The foot below the body, and where the sheet ends."""
    lines = wrap(text, sheet.width, SMALL, lines=LINES if sheet is BROAD else PHONE_LINES)
    words = [
        Words(x=LEFT, y=top + FOOT_GAP + FOOT_STEP * i, text=line, size=SMALL, colour=QUIET)
        for i, line in enumerate(lines)
    ]
    return tuple(words), top + FOOT_GAP + FOOT_STEP * (len(lines) - 1) + MARGIN


def pages(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures as the pages of one: numbered in name and subtitle when there are several."""
    total = len(figures)
    if total == 1:
        return tuple(figures)
    return tuple(
        replace(
            figure,
            name=figure.name if page == 1 else f"{figure.name}_{page}",
            subtitle=f"{figure.subtitle} (page {page} of {total})",
            alt=f"{figure.alt} Page {page} of {total}.",
        )
        for page, figure in enumerate(figures, 1)
    )


def below_one_another(figures: Sequence[Figure]) -> str:
    """The pages of a figure as one SVG document."""
    if len(figures) == 1:
        return figures[0].svg
    height, parts = 0.0, []
    for page in figures:
        parts.append(page.svg.replace("<svg", f'<svg y="{height:g}"', 1))
        height += page.full_height
    look = {"aria-label": figures[0].title, "width": WIDTH, "height": f"{height:g}"}
    return f"{opened(look)}{''.join(parts)}</svg>"


def entitled(figures: Sequence[Figure], name: str, title: str) -> tuple[Figure, ...]:
    """The pages of a figure under a name and a title of another place.

    >>> one = Figure(name="a", title="", subtitle="", foot="", alt="", marks=(), height=0, data=())
    >>> [(page.name, page.title) for page in entitled(pages([one, one]), "b", "Both")]
    [('b', 'Both, part 1'), ('b_2', 'Both, part 2')]
    """
    if len(figures) == 1:
        return (replace(figures[0], name=name, title=title),)
    return tuple(
        replace(figure, name=name if page == 1 else f"{name}_{page}", title=f"{title}, part {page}")
        for page, figure in enumerate(figures, 1)
    )


def chunks(items: Sequence[Item], most: int, step: int = 1) -> tuple[tuple[Item, ...], ...]:
    """The items in groups of nearly equal length, none longer than the most; one empty group for none.

    A group's length is a multiple of the step, so that rows of panels are full; the last may be shorter.

    >>> [len(part) for part in chunks("a" * 25, 12)], [len(part) for part in chunks("a" * 25, 12, step=3)]
    ([9, 9, 7], [9, 9, 7])
    """
    groups = max(1, -(-len(items) // most))
    size = max(step, -(-len(items) // groups // step) * step)
    starts = range(0, max(len(items), 1), size)
    return tuple(tuple(items[start : start + size]) for start in starts)
