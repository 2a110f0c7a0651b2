"""A blank picture in place of each figure: most tests save runs, and few of them look at the pictures."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from segmentry.edges.rendering.png import Drawn, entitled
from segmentry.workflows import figures


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


BLANK = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\xff"))
    + _chunk(b"IEND", b"")
)
"""A PNG of one white pixel."""
DRAW, BEGIN = figures.pictures, figures.begin


def blank_pictures(drawn: Sequence[Drawn]) -> list[bytes]:
    """A blank PNG for each figure, with the figure's own title and description."""
    return [entitled(BLANK, figure) for figure in drawn]


def nothing_begun(drawn: Sequence[Drawn]) -> None:
    """Leave the figures undrawn."""


@contextmanager
def without_drawing() -> Iterator[None]:
    """Save every figure of this process as a blank PNG."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "pictures", blank_pictures)
        patch.setattr(figures, "begin", nothing_begun)
        yield


@contextmanager
def with_drawing() -> Iterator[None]:
    """Draw every figure as people get it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "pictures", DRAW)
        patch.setattr(figures, "begin", BEGIN)
        yield
