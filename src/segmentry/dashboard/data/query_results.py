"""What is asked of the customers of a run beside a choice of them, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One customer of a list.

    Attributes:
        at: Its place in the file, from 0: what a page continues after.
        id: The id as it was given.
        segment: Its segment from 1; 0 for none.
        rival: The name of the second-nearest segment; empty for none.
        confidence: From 0 to 1.
        level: high, medium or low.
        placed: How it came there.
        value: In the value measure; NaN without.
        features: The features' values; NaN where missing.
    """

    at: int
    id: str
    segment: int
    rival: str
    confidence: float
    level: str
    placed: str
    value: float
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The customers of one segment within a choice.

    Attributes:
        segment: From 1; 0 for those in none.
        customers: How many.
        value: Their summed value; NaN without a measure.
    """

    segment: int
    customers: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """One feature over a choice: customers with a value, their mean, and their standard deviation."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The bins of a histogram: where they begin and how wide they are, in log10 units where ``log``."""

    low: float
    wide: float
    bins: int
    log: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountGrid:
    """The cells of the map.

    Attributes:
        left, low: Where it begins.
        wide, high: The size of a cell.
        columns, rows: How many there are.
    """

    left: float
    low: float
    wide: float
    high: float
    columns: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The n customers of a segment.

    Attributes:
        ids: Their ids.
        rivals: The name of the second-nearest segment of each; None where there is none.
        confidence: How clear each placement is.
        levels: high, medium or low.
        out_of_range: Who is unlike anyone the segments were made from.
    """

    ids: tuple[str, ...]
    rivals: tuple[str | None, ...]
    confidence: tuple[float, ...]
    levels: tuple[str, ...]
    out_of_range: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """How a list is sorted, and where it goes on.

    Attributes:
        column: A column of the view, from ``columns`` of the list page's own choice.
        falling: Whether the highest come first.
        after: The place of the customer that the list goes on after; None at its beginning.
    """

    column: str = "place"
    falling: bool = False
    after: int | None = None


def by_segment(parts: Sequence[Part]) -> Mapping[int, Part]:
    """Parts by the number of their segment."""
    return {part.segment: part for part in parts}
