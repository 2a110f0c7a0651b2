"""Density pictures: one pixel a cell, whatever the number of customers."""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Ints
from segmentry.views.drawing.theme import channels

FAINTEST = 0.16


def density(counts: Ints, colour: str) -> str:
    """A picture of a x b counts in one colour, opacity by the logarithm; y runs upward."""
    return _uri(_rgba(counts, np.tile(channels(colour), (*counts.shape, 1))))


def densities(counts: Ints, colours: tuple[str, ...]) -> str:
    """A picture of k x a x b counts: each cell in the colour of its commonest segment."""
    if len(set(colours)) == 1:
        return density(counts.sum(axis=0), colours[0])
    palette = np.array([channels(colour) for colour in colours])
    return _uri(_rgba(counts.sum(axis=0), palette[counts.argmax(axis=0)]))


def _rgba(counts: Ints, colours: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The rows of a picture, top row first, from a x b counts and a x b x 3 colours."""
    most = max(int(counts.max(initial=0)), 1)
    strength = np.log1p(counts) / np.log1p(most)
    opacity = np.where(counts > 0, FAINTEST + (1 - FAINTEST) * strength, 0.0)
    pixels = np.dstack([colours, np.round(255 * opacity)]).astype(np.uint8)
    return np.ascontiguousarray(pixels.transpose(1, 0, 2)[::-1])


def _uri(pixels: NDArray[np.uint8]) -> str:
    """The pixels as a PNG in a data address."""
    height, width, _ = pixels.shape
    lines = np.zeros((height, 1 + 4 * width), dtype=np.uint8)
    lines[:, 1:] = pixels.reshape(height, 4 * width)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)) + _chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
