"""A drawing becomes PNG: nothing is fetched, and the same drawing gives the same bytes."""

import os
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

SCALE = 2
FONTS = "FONTCONFIG_FILE"
LETTER = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="8">a</text></svg>'
SHARP = ('image-rendering="pixelated"', 'image-rendering="optimizeSpeed"')
"""What browsers call sharp pixels, and the older word that the engine knows; no text holds a bare quote."""
PNG_HEAD = 8 + 25
"""The signature and the header chunk: text comes right after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure drawn as SVG.

    Attributes:
        name: The file's name without its ending.
        title: The finding.
        alt: The picture in one sentence.
        svg: The drawing, to be inlined in a page.
    """

    name: str
    title: str
    alt: str
    svg: str


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


def png(drawn: Drawn) -> bytes:
    """The drawing as PNG, with title and alt text in its metadata."""
    return entitled(raster(drawn.svg), drawn)


def raster(svg: str) -> bytes:
    """The SVG as PNG at twice its size: 1,600 pixels wide."""
    import vl_convert

    engine()
    plain: bytes = vl_convert.svg_to_png(svg.replace(*SHARP), scale=SCALE)
    return plain


def entitled(plain: bytes, drawn: Drawn) -> bytes:
    """The PNG with the drawing's title and alt text in its metadata."""
    words = _text_chunk("Title", drawn.title) + _text_chunk("Description", drawn.alt)
    return plain[:PNG_HEAD] + words + plain[PNG_HEAD:]


def _text_chunk(keyword: str, text: str) -> bytes:
    """A PNG chunk of UTF-8 text (iTXt, uncompressed, no language)."""
    body = b"iTXt" + keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
