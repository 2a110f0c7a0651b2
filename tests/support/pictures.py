"""A blank picture in place of each figure: most tests save runs, and few of them look at the pictures."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from segmentry.edges.rendering.png import described
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
DRAWN = figures.drawn


@contextmanager
def blank_pictures(pictures: Mapping[Path, str]) -> Iterator[None]:
    """A blank PNG for each figure, with the figure's own title and description."""
    for path, svg in pictures.items():
        path.write_bytes(described(BLANK, svg))
    yield


@contextmanager
def without_drawing() -> Iterator[None]:
    """Save every figure of this process as a blank PNG."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "drawn", blank_pictures)
        yield


@contextmanager
def with_drawing() -> Iterator[None]:
    """Draw every figure as people get it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "drawn", DRAWN)
        yield
