"""The words of an SVG and the boxes they cover, measured without any font of the machine."""

import re
import unicodedata
from dataclasses import dataclass
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
ASCENT, DESCENT = 0.73, 0.21
SLACK = 0.5
FIRST = 32
# Arial's advance widths for the characters 32 to 126, in thousandths of the size.
PLAIN = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 "
    "584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 "
    "333 611 556 778 556 556 500 389 280 389 584"
)
TABLES = {"normal": [int(one) for one in PLAIN.split()], "bold": [int(one) for one in BOLD.split()]}
OTHERS = {"…": 1000, "–": 556, "−": 584, "×": 584, "·": 333, "↑": 500, "↓": 500, "→": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A line of text and the box it covers, in pixels of the drawing."""

    text: str
    size: float
    left: float
    right: float
    top: float
    bottom: float

    def touches(self, other: "Word") -> bool:
        """Whether the boxes overlap by more than half a pixel both ways."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > SLACK and down > SLACK


def words(svg: str) -> tuple[Word, ...]:
    """Every line of text in the drawing."""
    return tuple(_walk(ET.fromstring(svg), 0.0, 0.0))  # noqa: S314 (our own drawing)


def frame(svg: str) -> tuple[float, float]:
    """Width and height of the drawing."""
    root = ET.fromstring(svg)  # noqa: S314 (our own drawing)
    return float(root.attrib["width"]), float(root.attrib["height"])


def outside(svg: str) -> list[str]:
    """The lines of text that leave the frame."""
    width, height = frame(svg)
    return [
        one.text
        for one in words(svg)
        if one.left < 0 or one.right > width or one.top < 0 or one.bottom > height
    ]


def touching(svg: str) -> list[tuple[str, str]]:
    """The pairs of lines that overlap."""
    found = words(svg)
    return [
        (one.text, other.text)
        for i, one in enumerate(found)
        for other in found[i + 1 :]
        if one.touches(other)
    ]


def width(text: str, size: float, weight: str) -> float:
    """The width of the text in Arial."""
    return sum(_advance(letter, TABLES[weight]) for letter in text) * size / 1000


def _advance(letter: str, table: list[int]) -> int:
    plain = unicodedata.normalize("NFD", letter)[0]
    if FIRST <= ord(plain) < FIRST + len(table):
        return table[ord(plain) - FIRST]
    if unicodedata.combining(letter):
        return 0
    return OTHERS.get(letter, 1000)


def _walk(node: ET.Element, x: float, y: float) -> list[Word]:
    move = re.fullmatch(r"translate\(([-\d.e]+),?\s*([-\d.e]+)?\)", node.get("transform", "translate(0,0)"))
    assert move, f"an unknown transform: {node.get('transform')}"
    x, y = x + float(move[1]), y + float(move[2] or 0)
    if node.tag == f"{SVG}text":
        return [_word(node, x, y)]
    return [word for child in node for word in _walk(child, x, y)]


def _word(node: ET.Element, x: float, y: float) -> Word:
    text = "".join(node.itertext())
    x, y = x + float(node.get("x", 0)), y + float(node.get("y", 0))
    size = float(node.attrib["font-size"].removesuffix("px"))
    wide = width(text, size, node.get("font-weight", "normal"))
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[node.get("text-anchor", "start")]
    return Word(
        text=text, size=size, left=left, right=left + wide, top=y - ASCENT * size, bottom=y + DESCENT * size
    )
