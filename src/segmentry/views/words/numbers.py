"""Numbers as people write them: 1.6k, 39%, 3.2, with the same decimals down a column."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

ABSENT = "–"
MINUS = "−"
UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
DIGITS, MOST_DECIMALS = 2, 6
HUNDREDS, THOUSANDS_FROM = 100, 10_000
FAR_APART = 1_000
"""Numbers that differ by this factor are not told apart in one unit."""
ALMOST_NONE, ALMOST_ALL = 0.005, 0.995


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the numbers of one column are written.

    Attributes:
        unit: What they are divided by.
        suffix: The letter of the unit.
        decimals: Digits behind the point.
    """

    unit: float
    suffix: str
    decimals: int

    def write(self, value: float) -> str:
        """One number in this style.

        >>> Style(unit=1e3, suffix="k", decimals=1).write(-1640)
        '−1.6k'
        """
        if not math.isfinite(value):
            return ABSENT
        text = f"{abs(value) / self.unit:,.{self.decimals}f}"
        sign = MINUS if value < 0 and float(text.replace(",", "")) else ""
        return f"{sign}{text}{self.suffix}"


def style_of(values: Iterable[float]) -> Style:
    """The one style that suits all the numbers of a column.

    >>> style_of([3.14159, 21.0]).decimals
    1
    """
    known = [abs(value) for value in values if math.isfinite(value)]
    largest = max(known, default=0.0)
    if all(value == round(value) for value in known) and largest < THOUSANDS_FROM:
        return Style(unit=1.0, suffix="", decimals=0)
    unit, suffix = next(
        ((unit, suffix) for unit, suffix in UNITS if largest >= unit and largest >= THOUSANDS_FROM), (1.0, "")
    )
    return Style(unit=unit, suffix=suffix, decimals=_decimals(largest / unit))


def _decimals(largest: float) -> int:
    """Enough digits behind the point to tell numbers up to this one apart."""
    if largest >= HUNDREDS or largest == 0:
        return 0
    return 1 if largest >= 1 else min(DIGITS - 1 - math.floor(math.log10(largest)), MOST_DECIMALS)


def ticks(values: Iterable[float]) -> tuple[str, ...]:
    """Round numbers on an axis, with no more decimals than they need.

    >>> ticks([0.0, 0.5, 1.0]), ticks([0.0, 20_000.0]), ticks([10.0, 100.0, 1000.0, 10_000.0])
    (('0.0', '0.5', '1.0'), ('0', '20k'), ('10', '100', '1,000', '10k'))
    """
    numbers = tuple(values)
    sizes = [one for one in numbers if one > 0]
    if len(sizes) == len(numbers) > 0 and max(sizes) >= FAR_APART * min(sizes):
        return tuple(ticks([one])[0] for one in numbers)
    style = style_of(numbers)
    exact = (
        decimals
        for decimals in range(MOST_DECIMALS)
        if all(
            math.isclose(round(one / style.unit, decimals), one / style.unit, abs_tol=1e-9) for one in numbers
        )
    )
    style = replace(style, decimals=next(exact, style.decimals))
    return tuple("0" if one == 0 and style.suffix else style.write(one) for one in numbers)


def column(values: Iterable[float]) -> tuple[str, ...]:
    """The numbers of a column, all with the same unit and decimals.

    >>> column([1642.0, 476.2, 96.0])
    ('1,642', '476', '96')
    >>> column([3.21, 23.0, float("nan")])
    ('3.2', '23.0', '–')
    """
    numbers = tuple(values)
    style = style_of(numbers)
    return tuple(style.write(value) for value in numbers)


def together(values: Iterable[float]) -> tuple[str, ...]:
    """Numbers that stand together: in one style, or each in its own where they range too far for one.

    >>> together([0.5, 29.5]), together([10.0, 400.0, 25_000.0])
    (('0.5', '29.5'), ('10', '400', '25.0k'))
    """
    numbers = tuple(values)
    sizes = [abs(one) for one in numbers if math.isfinite(one) and one]
    if sizes and max(sizes) >= FAR_APART * min(sizes) and max(sizes) >= THOUSANDS_FROM:
        return tuple(number(one) for one in numbers)
    return column(numbers)


def number(value: float) -> str:
    """One number on its own.

    >>> number(130755999.75), number(3.2), number(18), number(0.0123)
    ('131M', '3.2', '18', '0.012')
    """
    return style_of([value]).write(value)


def count(value: int) -> str:
    """A count in full.

    >>> count(1000000)
    '1,000,000'
    """
    return f"{value:,}"


def share(value: float) -> str:
    """A share as whole percent; what is not nothing never reads as nothing, nor what is not all as all.

    >>> share(0.394), share(0.002), share(0.998), share(0.0), share(1.0)
    ('39%', '<1%', '>99%', '0%', '100%')
    """
    if not math.isfinite(value):
        return ABSENT
    if 0 < value < ALMOST_NONE:
        return "<1%"
    if ALMOST_ALL <= value < 1:
        return ">99%"
    return f"{100 * value:.0f}%".replace("-", MINUS)


def shares(values: Iterable[float]) -> tuple[str, ...]:
    """Shares as whole percents.

    >>> shares([0.5, 0.25])
    ('50%', '25%')
    """
    return tuple(share(value) for value in values)


def ratio(value: float) -> str:
    """A coefficient with two decimals.

    >>> ratio(-0.614), ratio(float("nan"))
    ('−0.61', '–')
    """
    return Style(unit=1.0, suffix="", decimals=2).write(value)


def plural(amount: int, one: str, many: str = "") -> str:
    """A count and its noun.

    >>> plural(1, "segment"), plural(3, "segment"), plural(2, "query", "queries")
    ('1 segment', '3 segments', '2 queries')
    """
    return f"{count(amount)} {one if amount == 1 else many or one + 's'}"
