"""Numbers as a page shows them, read back as all that they could stand for."""

import math
import re
from dataclasses import dataclass

UNITS = {"": 1.0, "k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "%": 0.01}
ABSENT = "–"
LEAST = 0.005
"""A share below this reads as less than one percent, and one from 1 less this on as more than 99."""
SLACK = 1e-9
"""What the order of a sum may change, of the number itself; a stored number has twelve digits."""
NUMBER = re.compile(r"([+−]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?([kMBT%]?)")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The numbers that a text can stand for: from low to high, or none where it is absent.

    Attributes:
        low, high: The ends; NaN for an absent number.
    """

    low: float
    high: float

    def fits(self, value: float) -> bool:
        """Whether a number is written like this, exactly: half a unit of the last digit on each side."""
        if math.isnan(self.low) or math.isnan(value):
            return math.isnan(self.low) and math.isnan(value)
        slack = SLACK * max(abs(value), abs(self.high), 1e-9)
        return self.low - slack <= value <= self.high + slack


def read(text: str) -> Shown:
    """The numbers that a text can stand for.

    Raises:
        ValueError: when it is no number as pages write them.

    >>> read("1,642"), read("−0.5k")
    (Shown(low=1641.5, high=1642.5), Shown(low=-550.0, high=-450.0))
    >>> read("<1%"), read(">99%"), read("39%").fits(0.394)
    (Shown(low=0.0, high=0.005), Shown(low=0.995, high=1.0), True)
    """
    text = text.strip()
    if text == ABSENT:
        return Shown(low=math.nan, high=math.nan)
    if text in {"<1%", ">99%"}:
        return Shown(low=0.0, high=LEAST) if text == "<1%" else Shown(low=1 - LEAST, high=1.0)
    found = NUMBER.fullmatch(text)
    if not found:
        message = f"{text!r} is no number"
        raise ValueError(message)
    sign, whole, decimals, unit = found[1], found[2].replace(",", ""), found[3] or "", found[4]
    value = float(f"{'-' if sign == '−' else ''}{whole}.{decimals or 0}") * UNITS[unit]
    half = 0.5 * 10.0 ** -len(decimals) * UNITS[unit]
    return Shown(low=value - half, high=value + half)


def same(text: str, value: float | None) -> None:
    """See that a number is written as a text says.

    Raises:
        AssertionError: when it is another.
    """
    known = math.nan if value is None else float(value)
    assert read(text).fits(known), f"{text!r} stands there for {known!r}"


def same_share(text: str, value: float) -> None:
    """The same for a share, of which something is never nothing and not all is never all."""
    same(text, value)
    if text in {"0%", "100%"}:
        assert value in {0.0, 1.0}, f"{text!r} stands there for {value!r}"


def numbers_in(text: str) -> list[str]:
    """The numbers of a sentence, in their order.

    >>> numbers_in("342 customers · 34% of customers · 1.5k value per customer.")
    ['342', '34%', '1.5k']
    """
    return [found[0] for found in re.finditer(r"[<>]?[+−]?\d[\d,]*(?:\.\d+)?[kMBT%]?", text)]
