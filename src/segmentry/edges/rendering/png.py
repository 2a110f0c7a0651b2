"""An SVG becomes PNG: nothing is fetched, and the same drawing gives the same bytes on every machine."""

import re
import struct
import threading
import zlib
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any

SCALE = 2
"""A figure is 800 units wide and its PNG 1,600 pixels, which is sharp in print and on fine screens."""
FACES = ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf")
"""The faces that travel with the package: letters look alike whatever is installed."""
OTHER_LETTERS = re.compile("[^\x00-\u058f\u1d00-\u2bff]")
"""Letters that those faces lack, such as Chinese ones: installed fonts are looked through for them."""
SHARP = ('image-rendering="pixelated"', 'image-rendering="optimizeSpeed"')
"""What browsers call sharp pixels, and the older word that resvg knows; no text holds a bare quote."""
TITLED = re.compile(r"<title[^>]*>(.*?)</title><desc[^>]*>(.*?)</desc>", re.DOTALL)
PNG_HEAD = 8 + 25
"""The signature and the header chunk: text comes right after them."""

_of_thread = threading.local()


def png(svg: str) -> bytes:
    """The SVG as PNG at twice its size, with its title and its description in the metadata.

    >>> picture = png('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="5"><title>A</title><desc>B</desc></svg>')
    >>> struct.unpack(">II", picture[16:24]), b"Description" in picture
    ((18, 10), True)
    """
    from resvg import render, usvg

    tree = usvg.Tree.from_str(svg.replace(*SHARP), _options(every_font=bool(OTHER_LETTERS.search(svg))))
    width, height = tree.int_size()
    plain: bytes = render(
        tree, (float(SCALE), 0.0, 0.0, 0.0, float(SCALE), 0.0), bg_size=(SCALE * width, SCALE * height)
    )
    return described(plain, svg)


def described(plain: bytes, svg: str) -> bytes:
    """A PNG with the title and the description of an SVG in its metadata."""
    said = TITLED.search(svg)
    words = b"" if said is None else _text_chunk("Title", said[1]) + _text_chunk("Description", said[2])
    return plain[:PNG_HEAD] + words + plain[PNG_HEAD:]


def _options(*, every_font: bool) -> Any:  # noqa: ANN401 - resvg loads where it is used
    """What resvg draws with, made once in a thread: it refuses what another thread has made."""
    from resvg import usvg

    known: dict[bool, Any] = _of_thread.__dict__.setdefault("options", {})
    if every_font not in known:
        options = usvg.Options.default()
        for face in _faces():
            options.load_font_data(face)
        if every_font:
            options.load_system_fonts()
        known[every_font] = options
    return known[every_font]


@cache
def _faces() -> tuple[bytes, ...]:
    folder = files("segmentry.edges.rendering") / "fonts"
    return tuple((folder / face).read_bytes() for face in FACES)


def _text_chunk(keyword: str, escaped: str) -> bytes:
    """A PNG chunk of UTF-8 text (iTXt, uncompressed, no language)."""
    body = b"iTXt" + keyword.encode("latin-1") + b"\0\0\0\0\0" + unescape(escaped).encode("utf-8")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
