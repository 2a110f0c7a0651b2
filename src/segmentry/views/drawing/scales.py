"""From values to places on the sheet, linear or logarithmic, with round numbers for ticks."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Values from low to high laid over pixels from start to end.

    Attributes:
        low, high: The ends in values; positive on a log scale.
        start, end: The ends in pixels; end may lie before start.
        log: Whether equal steps are equal ratios.

    >>> Scale(low=0, high=10, start=100, end=200).at(5)
    150.0
    >>> Scale(low=1, high=100, start=0, end=200, log=True).at(10)
    100.0
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Where the value lies, kept within the ends."""
        low, high, here = self.low, self.high, value
        if self.log:
            low, high, here = math.log(low), math.log(high), math.log(max(value, self.low))
        part = (here - low) / (high - low) if high > low else 0.5
        return self.start + (self.end - self.start) * min(max(part, 0.0), 1.0)

    def ticks(self, about: int = 3) -> tuple[float, ...]:
        """Round values within the ends.

        >>> Scale(low=0, high=42, start=0, end=1).ticks()
        (0.0, 20.0, 40.0)
        >>> Scale(low=3, high=4000, start=0, end=1, log=True).ticks()
        (10.0, 100.0, 1000.0)
        """
        if self.log and self.high >= 10 * self.low:
            return _log_ticks(self.low, self.high, about)
        return _linear_ticks(self.low, self.high, about)


def _linear_ticks(low: float, high: float, about: int) -> tuple[float, ...]:
    if not high > low:
        return (low,)
    step = nice((high - low) / about)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(round(i * step, 12) for i in range(first, last + 1))


def _log_ticks(low: float, high: float, about: int) -> tuple[float, ...]:
    first = math.ceil(math.log10(low) - 1e-9)
    last = math.floor(math.log10(high) + 1e-9)
    every = max(1, math.ceil((last - first + 1) / (about + 1)))
    return tuple(10.0**i for i in range(first, last + 1, every))


def nice(step: float) -> float:
    """The next of 1, 2, 5, 10, ... times a power of ten.

    >>> nice(3.3), nice(0.011), nice(70)
    (5.0, 0.02, 100.0)
    """
    power = 10.0 ** math.floor(math.log10(step))
    return round(next(one for one in (1, 2, 5, 10) if one * power >= step * (1 - 1e-9)) * power, 12)
