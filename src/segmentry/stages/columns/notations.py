"""Values of one column in several notations: dates in two orders, two decimal signs, percent beside fractions, currencies."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from segmentry.records.cell_grammar import CURRENCIES, MONEY, written_number
from segmentry.records.columns import Decimal, Format, Kind
from segmentry.stages.columns.parsing import DATE_FORMATS, reads

SAME_MONEY: Mapping[str, str] = {
    "$": "usd",
    "us$": "usd",
    "€": "eur",
    "£": "gbp",
    "¥": "jpy",
    "₹": "inr",
    "rs": "inr",
    "₽": "rub",
    "руб": "rub",
    "₩": "krw",
    "₺": "try",
    "fr": "chf",
    "zł": "pln",
    "kč": "czk",
    "ft": "huf",
    "lei": "ron",
    "r$": "brl",
}
"""Signs that mean the same money as a code (ISO 4217)."""

_MONEY = re.compile(f"(?i)^[-+−–(\\s]*({MONEY})|({MONEY})[-−–)\\s]*$")
MONEY_PATTERN = f"(?i)^[-+−–(\\s]*({'|'.join(CURRENCIES)})|({'|'.join(CURRENCIES)})[-−–)\\s]*$"
"""Where the sign of a currency stands in a cell: at its beginning or at its end."""

PERCENT = "%"


def other_notations(unread: Sequence[str], form: Format) -> tuple[Format, ...]:
    """The formats of the same kind that read what a format cannot, those that read most first.

    Args:
        unread: Different values that the format cannot read.
        form: The format of most of the column.

    >>> [found.date_format for found in other_notations(["2026-01-31"], Format(kind=Kind.DATE, date_format="%m/%d/%y"))]
    ['%Y-%m-%d']
    """
    return tuple(_greedy(list(unread), list(_of_its_kind(form))))


def _of_its_kind(form: Format) -> Iterator[Format]:
    if form.kind is Kind.NUMBER:
        yield from (
            Format(kind=Kind.NUMBER, decimal=sign)
            for sign in Decimal
            if sign is not (form.decimal or Decimal.POINT)
        )
    if form.kind is Kind.DATE:
        yield from (
            Format(kind=Kind.DATE, date_format=one) for one in DATE_FORMATS if one != form.date_format
        )


def _greedy(left: list[str], formats: list[Format]) -> Iterator[Format]:
    """The format that reads most of what is left, again and again."""
    while left and formats:
        best = max(formats, key=lambda form: sum(reads(value, form) for value in left))
        rest = [value for value in left if not reads(value, best)]
        if len(rest) == len(left):
            return
        yield best
        left, formats = rest, [form for form in formats if form != best]


def currency_of(value: str) -> str:
    """The currency of a cell as a code or a sign in lower case; empty for none.

    >>> currency_of("€ 5"), currency_of("5 EUR"), currency_of("US$5"), currency_of("5")
    ('eur', 'eur', 'usd', '')
    """
    found = _MONEY.search(value)
    sign = ((found.group(1) or found.group(2)) if found else "").lower().rstrip(".")
    return SAME_MONEY.get(sign, sign)


class Unit(StrEnum):
    """What numbers of one column may differ in."""

    CURRENCY = "currency"
    PERCENT = "percent"


def units_in(sample: Mapping[str, int]) -> tuple[Unit, ...]:
    """The units that all rows are to be asked about, since a sample shows some of them.

    >>> units_in({"60.3%": 1, "0.603": 1}), units_in({"$5": 1}), units_in({"5%": 1, "60": 1})
    ((<Unit.PERCENT: 'percent'>,), (<Unit.CURRENCY: 'currency'>,), ())
    """
    money = (Unit.CURRENCY,) if any(currency_of(value) for value in sample) else ()
    return (*money, *((Unit.PERCENT,) if mixes_percent(sample) else ()))


def mixes_percent(sample: Mapping[str, int]) -> bool:
    """Whether some values of a sample are percentages and others are fractions from 0 to 1."""
    signed = [value for value in sample if value.endswith(PERCENT)]
    bare = [number for value in sample if not value.endswith(PERCENT) for number in _numbers(value)]
    whole = [number for value in signed for number in _numbers(value)]
    return bool(whole and bare) and max(bare) <= 1 < max(whole) and any(0 < number < 1 for number in bare)


def _numbers(value: str) -> Iterator[float]:
    number = next((one for sign in Decimal if (one := written_number(value, sign)) is not None), None)
    if number is not None:
        yield number
