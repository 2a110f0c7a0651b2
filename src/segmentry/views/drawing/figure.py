"""A figure: a finding, the picture that shows it, and the numbers behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

from segmentry.views.drawing.marks import Mark, Words
from segmentry.views.drawing.svg import drawn, opened, said
from segmentry.views.drawing.theme import (
    FONT,
    HEADING,
    INNER,
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
LINES = 3
ABOVE, BELOW, BESIDE = 6, 10, 4
"""Pixels around a body that stands alone: letters reach over the line that they stand on."""


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
    """

    name: str
    title: str
    subtitle: str
    foot: str
    alt: str
    marks: tuple[Mark, ...]
    height: float
    data: Rows

    @cached_property
    def svg(self) -> str:
        """The whole figure as an SVG document: title, subtitle, body and foot.

        It has a name and a description for people who do not see it. Several figures can stand in one
        page: ids begin with the figure's name.

        >>> figure = Figure(name="n", title="<t>", subtitle="", foot="", alt="a", marks=(), height=20, data=())
        >>> figure.svg.count(">&lt;t&gt;<")
        2
        """
        head, above = _head(self.title, self.subtitle)
        foot, _ = _foot(self.foot, self.height)
        width, height = f"{WIDTH:g}", f"{self.full_height:g}"
        look = {
            "aria-labelledby": f"{self.name}-title {self.name}-desc",
            "width": width,
            "height": height,
            "viewBox": f"0 0 {width} {height}",
            "font-family": FONT,
        }
        return (
            f"{opened(look)}"
            f'<title id="{self.name}-title">{said(self.title)}</title>'
            f'<desc id="{self.name}-desc">{said(self.alt)}</desc>'
            f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
            f'<g transform="translate(0,{round(above, 2):g})">{drawn((*head, *self.marks, *foot))}</g></svg>'
        )

    @property
    def full_height(self) -> float:
        """The height of the whole figure in pixels, with its words above and below."""
        return round(_head(self.title, self.subtitle)[1] + _foot(self.foot, self.height)[1], 2)

    @property
    def body(self) -> str:
        """The body alone as an SVG element; title, subtitle and foot are the page's.

        >>> Figure(name="n", title="t", subtitle="", foot="", alt="<b>", marks=(), height=20, data=()).body[-24:]
        'label="&lt;b&gt;"></svg>'
        """
        height = f"{round(self.height + ABOVE + BELOW, 2):g}"
        box = f"{LEFT - BESIDE} {-ABOVE} {INNER + 2 * BESIDE} {height}"
        return f"{opened({'viewBox': box, 'aria-label': self.alt})}{drawn(self.marks)}</svg>"


def _head(title: str, subtitle: str) -> tuple[tuple[Mark, ...], float]:
    """Title and subtitle above the body, and how much room they take."""
    titles = wrap(sentence(title), INNER, TITLE, bold=True, lines=LINES)
    subtitles = wrap(subtitle, INNER, HEADING, lines=LINES)
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


def _foot(text: str, top: float) -> tuple[tuple[Mark, ...], float]:
    """The foot below the body, and where the sheet ends."""
    lines = wrap(text, INNER, SMALL, lines=LINES)
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
