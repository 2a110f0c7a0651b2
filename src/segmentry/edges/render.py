"""A figure becomes SVG and PNG: nothing is fetched, and the same figure gives the same bytes."""

import os
import re
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import as_file, files
from typing import Any, Protocol

SCALE = 2
FONTS = "FONTCONFIG_FILE"
LETTER = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="8">a</text></svg>'
PNG_HEAD = 8 + 25
"""The signature and the header chunk: text comes right after them."""


class Picture(Protocol):
    """What is needed of a figure to draw it."""

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        ...

    @property
    def title(self) -> str:
        """The finding."""
        ...

    @property
    def alt(self) -> str:
        """The picture in one sentence."""
        ...

    @property
    def spec(self) -> dict[str, Any]:
        """The complete Vega-Lite specification."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A figure in the formats that people open.

    Attributes:
        name: The file's name without its ending.
        svg: The drawing, to be inlined in a page.
        png: The same drawing, 1,600 pixels wide, its alt text in the metadata.
    """

    name: str
    svg: str
    png: bytes


@cache
def engine() -> None:
    """Start the drawing engine of this process once, with the face that it carries before any installed one.

    It looks for fonts when it first draws, and reads an installed face anew for every letter; the
    variable that says where to look is put back at once, since others heed it too.
    """
    import vl_convert

    before = os.environ.get(FONTS)
    with as_file(files("segmentry.edges") / "fonts.conf") as conf:
        os.environ[FONTS] = before or str(conf)
        try:
            vl_convert.svg_to_png(LETTER)
        finally:
            os.environ.pop(FONTS) if before is None else os.environ.update({FONTS: before})
    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "point"})


def render(figure: Picture) -> Rendered:
    """Draw a figure once, for both formats."""
    drawing = svg(figure)
    return Rendered(name=figure.name, svg=drawing, png=png(figure, drawing))


def svg(figure: Picture) -> str:
    """The figure as SVG with a title, a description and ids of its own."""
    import vl_convert

    engine()
    drawn = vl_convert.vegalite_to_svg(figure.spec, allowed_base_urls=[])
    return _described(_tidied(drawn, figure.name), figure)


def png(figure: Picture, drawing: str) -> bytes:
    """The figure's SVG as PNG at twice its size, with title and alt text in its metadata."""
    import vl_convert

    plain: bytes = vl_convert.svg_to_png(drawing, scale=SCALE)
    words = _text_chunk("Title", figure.title) + _text_chunk("Description", figure.alt)
    return plain[:PNG_HEAD] + words + plain[PNG_HEAD:]


def _tidied(drawn: str, name: str) -> str:
    """Every tag with ids of this figure's own; what people wrote stands between tags and is left alone."""
    return re.sub(r"<[^>]*>", lambda found: _tag(found[0], name), drawn)


def _tag(tag: str, name: str) -> str:
    """One tag: ids and references prefixed, so that several figures can stand in one page.

    The roles of the parts go: the drawing is one image to those who hear it.

    >>> _tag('<path id="clip1" clip-path="url(#clip0)" role="graphics-object"/>', "elbow")
    '<path id="elbow-clip1" clip-path="url(#elbow-clip0)"/>'
    """
    plain = re.sub(r' (?:role="graphics-\w+"|aria-\w+="[^"]*")', "", tag)
    return re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{name}-", plain)


def _described(drawn: str, figure: Picture) -> str:
    """Name the drawing for people who do not see it."""
    ids = f"{figure.name}-title {figure.name}-desc"
    title = f'<title id="{figure.name}-title">{escape(figure.title)}</title>'
    description = f'<desc id="{figure.name}-desc">{escape(figure.alt)}</desc>'
    opened = drawn.replace("<svg ", f'<svg role="img" aria-labelledby="{ids}" ', 1)
    end = opened.index(">") + 1
    return opened[:end] + title + description + opened[end:]


def _text_chunk(keyword: str, text: str) -> bytes:
    """A PNG chunk of UTF-8 text (iTXt, uncompressed, no language)."""
    body = b"iTXt" + keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
