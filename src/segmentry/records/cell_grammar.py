"""How people write numbers, dates and missing values: patterns that Python and DuckDB both understand."""

import math
import re
from datetime import date
from functools import lru_cache

from segmentry.records.columns import Decimal

MISSING_TOKENS = (
    "",
    "-",
    "--",
    "–",
    "—",
    "?",
    "na",
    "n/a",
    "n.a.",
    "<na>",
    "nan",
    "-nan",
    "nat",
    "null",
    "none",
    "nil",
    "(null)",
    "\\n",
    "#n/a",
    "#na",
    "#null!",
    "#div/0!",
    "#value!",
    "#ref!",
    "#name?",
    "#num!",
)
"""What counts as no value, in lower case; case is ignored."""

CURRENCIES = (
    r"[a-z]{0,2}[$]",
    "[€£¥₹₽₩₺₪฿₫₴₦¢]",
    r"(?:kr|fr|rs)[.]?",
    "(?:chf|eur|usd|gbp|jpy|cny|sek|nok|dkk|pln|czk|huf|ron|inr|aud|cad|nzd|brl|mxn|zar|try|rub|krw|sgd|hkd)",
    "(?:zł|kč|ft|lei|лв|руб)[.]?",
)
"""Signs and codes of money, as patterns; case is ignored."""

TRIMMED = " \t\n\r\v\f\u00a0\u200b\u200e\u200f\ufeff"
"""What is cut off both ends of a cell: blanks, direction marks and byte-order marks."""

MONEY = f"(?:{'|'.join(CURRENCIES)})"
_GROUPED = "[0-9]{1,2}(?:_SEP_[0-9]{2})+_SEP_[0-9]{3}|[1-9][0-9]{0,2}(?:_SEP_[0-9]{3})+"
MARKS = {Decimal.POINT: (",", "[.]"), Decimal.COMMA: ("[.]", ",")}
"""For each decimal sign: the mark between thousands and the decimal sign, as patterns."""
TIDYING = (
    (rf"(?i)^([-+−–(\s]*){MONEY}[\s]*", r"\1"),
    (rf"(?i)[\s]*(?:{MONEY}|%)([-−–)\s]*)$", r"\1"),
    ("^[(](.*)[)]$", r"-\1"),
    (r"^([0-9](?:.*[0-9])?)[\s]*[-−–]$", r"-\1"),
    ("([.,])[-–]{1,2}$", r"\1"),
    (r"^[-−–][\s]*", "-"),
    (r"^[+][\s]*", ""),
)
"""What turns a number as people write it into digits, marks and a leading minus, in this order."""
_DIGIT = re.compile("[0-9]")
_BARE = re.compile("[0-9.,]+")
OPEN_END = float((date(9999, 1, 1) - date(1970, 1, 1)).days)
"""Days from 1970-01-01 from which a date means that something has no end: those of the year 9999."""

TIME = r"[T\s,]+[0-9]{1,2}:[0-9]{2}.*$"

_DATE_PARTS = {
    "%Y": "(?:[12][0-9]{3}|9999)",
    "%y": "[0-9]{2}",
    "%m": "(?:0?[1-9]|1[0-2])",
    "%d": "(?:0?[1-9]|[12][0-9]|3[01])",
    "%b": "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    "%B": "(?:january|february|march|april|may|june|july|august|september|october|november|december)",
    "%A": "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    "%a": "(?:mon|tue|wed|thu|fri|sat|sun)",
}


@lru_cache
def number_pattern(decimal: Decimal) -> str:
    """The pattern of a tidied number with this decimal sign, grouped in thousands or not."""
    thousands, point = MARKS[decimal]
    grouped = "|".join(_GROUPED.replace("_SEP_", mark) for mark in (thousands, r"[\s]", "['’]"))
    return f"^-?(?:(?:{grouped}|[0-9]+)(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][-+]?[0-9]+)?$"


def written_number(cell: str, decimal: Decimal) -> float | None:
    """The number in a trimmed cell, by the steps that the SQL takes; None where there is none.

    >>> written_number("€ 1.234,50-", Decimal.COMMA), written_number("€ 1.234,50", Decimal.POINT)
    (-1234.5, None)
    """
    if not _DIGIT.search(cell):
        return None
    for pattern, instead in () if _BARE.fullmatch(cell) else TIDYING:
        cell = re.sub(pattern, instead, cell)
    if not re.match(number_pattern(decimal), cell):
        return None
    thousands, _ = MARKS[decimal]
    number = float(re.sub(between(thousands), "", cell).replace(",", "."))
    return number if math.isfinite(number) else None


@lru_cache
def date_pattern(date_format: str) -> str:
    """The pattern that a cell without its time of day must match to be a date of this format.

    >>> bool(re.fullmatch(date_pattern("%d/%m/%Y"), "4/13/2012"))
    False
    """
    parts = re.split("(%[A-Za-z])", date_format)
    return "(?i)" + "".join(_DATE_PARTS.get(part) or re.escape(part).replace("/", "[/]") for part in parts)


def without_time(cell: str) -> str:
    """A cell without the time of day, if it ends in one.

    >>> without_time("2012-09-04T08:26:00Z")
    '2012-09-04'
    """
    return re.sub(TIME, "", cell)


def between(thousands: str) -> str:
    """The pattern of what stands between the digits of a grouped number."""
    return rf"{thousands}|[\s'’]"
