"""Which customers a page is about: segments, confidence, the beginning of an id, an area of the map."""

import math
from dataclasses import dataclass, field

from segmentry.dashboard.web.errors import Misasked
from segmentry.dashboard.web.url import Address

LEVELS = ("high", "medium", "low")
UNPLACED = 0
"""The number in an address for customers who are in no segment."""
EDGES = ("x0", "x1", "y0", "y1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A choice of customers.

    Attributes:
        segments: Segment numbers from 1, and 0 for those in none; empty for all.
        levels: Confidence levels; empty for all.
        begins: How the ids begin; empty for any.
        area: x0, x1, y0, y1 on the map; None for everywhere.
    """

    segments: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    begins: str = ""
    area: tuple[float, float, float, float] | None = None

    def __bool__(self) -> bool:
        """Whether it leaves anybody out."""
        return bool(self.segments or self.levels or self.begins or self.area)

    @property
    def counted(self) -> bool:
        """Whether it asks for segments and levels alone, by which everybody is counted once."""
        return not (self.begins or self.area)


@dataclass(slots=True)
class Condition:
    """A WHERE clause of fixed pieces, and the values for its parameters."""

    pieces: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, piece: str, *values: object) -> None:
        """One more piece that must hold."""
        self.pieces.append(piece)
        self.values += values

    @property
    def sql(self) -> str:
        """The clause; true when there is no piece."""
        return " AND ".join(self.pieces) or "true"


def read_filter(address: Address, k: int) -> Filter:
    """The choice that an address makes.

    Raises:
        Misasked: when a parameter is not valid.
    """
    segments = tuple(sorted({_segment(one, k) for one in address.several("segment")}))
    levels = address.several("confidence")
    if strange := [level for level in levels if level not in LEVELS]:
        raise Misasked(
            f"There is no confidence '{strange[0][:40]}'.", hint=f"There are: {', '.join(LEVELS)}."
        )
    return Filter(segments=segments, levels=levels, begins=address.one("q"), area=_area(address))


def condition(chosen: Filter) -> Condition:
    """The choice as SQL over the view ``customers`` (``data/customers.py``)."""
    found = Condition()
    if chosen.segments:
        found.add("list_contains(?, segment)", list(chosen.segments))
    if chosen.levels:
        found.add("list_contains(?, confidence_level)", list(chosen.levels))
    if chosen.begins:
        found.add("starts_with(id_text, ?)", chosen.begins)
    if chosen.area:
        found.add("x BETWEEN ? AND ? AND y BETWEEN ? AND ?", *chosen.area)
    return found


def _segment(text: str, k: int) -> int:
    number = whole(text, "segment")
    if not 0 <= number <= k:
        raise Misasked(f"There is no segment {number}.", hint=f"There are segments 1 to {k}.")
    return number


def _area(address: Address) -> tuple[float, float, float, float] | None:
    given = [address.one(name) for name in EDGES]
    if not any(given):
        return None
    left, right, low, high = (
        real(text, name, blank=blank)
        for text, name, blank in zip(given, EDGES, (-math.inf, math.inf, -math.inf, math.inf), strict=True)
    )
    return min(left, right), max(left, right), min(low, high), max(low, high)


def whole(text: str, name: str) -> int:
    """A whole number from an address.

    Raises:
        Misasked: when it is none.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - what 64 bits hold
        raise Misasked(
            f"'{name}' must be a whole number, not '{text[:40]}'.", hint="Take a link of the page."
        )
    return int(text)


def real(text: str, name: str, *, blank: float) -> float:
    """A number from an address, or what a blank stands for.

    Raises:
        Misasked: when it is none.
    """
    if not text:
        return blank
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Misasked(f"'{name}' must be a number, not '{text[:40]}'.", hint="Write it like -1.5.")
    return value
