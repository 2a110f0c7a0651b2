"""Finding out how a column is to be read, from a sample of its text: pure, and in plain Python.

A sample proposes; all rows decide. `guess` gives the candidates, best first; whoever holds the table
counts the rows that each of them cannot read. The reading itself is SQL, in `parsing_sql`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from segmentry.errors import DataError
from segmentry.records.arrays import Floats, Texts
from segmentry.records.cell_grammar import (
    MISSING_TOKENS,
    TRIMMED,
    date_pattern,
    without_time,
    written_number,
)
from segmentry.records.columns import Decimal, Format, Kind

HALF = 0.5
"""From this share on, text that mostly reads as numbers (or dates) is that, with bad values."""
WORTH_TRYING = 0.3
"""Share of a sample from which all rows are asked."""
WHOLE_WORD = 3
"""Letters from which a word for yes or no counts without its opposite."""
PROBES = 50
"""Values of a sample that are tried against every date format."""

DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d-%m-%y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y")
COMPACT_DATE = "%Y%m%d"
"""Read as a date only where the column's name says that it is one."""
DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    *DAY_FIRST,
    *MONTH_FIRST,
    "%d.%m.%Y",
    "%d.%m.%y",
    *(f"%d{mark}{month}{mark}%{year}" for mark in "- /" for month in ("%b", "%B") for year in "Yy"),
    *(f"%d. {month} %Y" for month in ("%b", "%B")),
    *(f"{month}{mark}%d{comma} %Y" for month in ("%b", "%B") for mark in " ." for comma in (",", "")),
    "%A, %B %d, %Y",
    "%A, %d %B %Y",
    "%a, %d %b %Y",
    "%a %b %d %Y",
    "%b-%d-%Y",
    "%Y-%b-%d",
    "%Y-%m",
    "%b %Y",
    "%B %Y",
)
"""Dates as they are written; with dots the day always comes first."""

FLAG_NUMBERS = ("1", "0")
"""Yes and no as numbers; the words are in the catalogs of the languages."""
MOST_ANSWERS = 18
"""A column with more different words than this is no answer to a yes/no question."""

_DATE_NAME = re.compile(
    r"date|datum|fecha|tarih|(?:^|_)data(?:_|$)|day|since|birth|joined|created|updated|signup|(?:^|_)dt(?:_|$)",
    re.IGNORECASE,
)
_CODE = re.compile("0[0-9]{2,}")
_NUMERIC_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "REAL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known beyond the values of one column.

    Attributes:
        name: The column's name; it may say that 20120904 is a date.
        decimal: The decimal sign, for a column whose own numbers leave it open.
        date_order: ``dmy`` or ``mdy``, for dates that leave it open.
        known: How the column was read before, when a model was made from it.
        answers: Words for yes and no, besides 1 and 0.
    """

    name: str = ""
    decimal: Decimal | None = None
    date_order: str | None = None
    known: Format | None = None
    answers: tuple[tuple[str, str], ...] = ()


def detect_format(values: Iterable[str], hints: Hints | None = None) -> Format:
    """How a column with these values is to be read.

    Args:
        values: The text of one column, one value per row.
        hints: What is known beyond the values.

    Returns:
        The format; at least half of the values that are there can be read by it.

    Raises:
        DataError: if they are dates that can be read day first and month first.

    >>> detect_format(["1.234,50", "99,00"]).decimal
    <Decimal.COMMA: 'comma'>
    >>> detect_format(["4-Sep-2012", "21-Jan-2014"]).date_format
    '%d-%b-%Y'
    >>> detect_format(["007", "008"]).note
    'Its numbers begin with zeros: they are codes, not amounts.'
    """
    known = hints or Hints()
    sample = present(Counter(values))
    candidates = guess(sample, known)
    if len(candidates) > 1:
        return settle(candidates, known, next(iter(sample)))
    readable = sum(rows for value, rows in sample.items() if reads(value, candidates[0]))
    return candidates[0] if readable >= HALF * sum(sample.values()) else Format(kind=Kind.TEXT)


def present(values: Mapping[str, int], missing: Iterable[str] = MISSING_TOKENS) -> Counter[str]:
    """The trimmed values that are there, with their rows.

    >>> present({" 3": 1, "3": 2, "n/a": 5})
    Counter({'3': 3})
    """
    tokens = frozenset(token.lower() for token in missing)
    kept: Counter[str] = Counter()
    for value, rows in values.items():
        trimmed = value.strip(TRIMMED)
        if trimmed.lower() not in tokens:
            kept[trimmed] += rows
    return kept


def guess(sample: Mapping[str, int], hints: Hints) -> tuple[Format, ...]:
    """The formats that a column may have, best first; two where the sample leaves it open.

    Args:
        sample: Trimmed values that are there, with their rows.
        hints: What is known beyond the values.
    """
    if not sample:
        found: tuple[Format, ...] = (Format(kind=Kind.EMPTY),)
    elif (flag := _flag(sample, (FLAG_NUMBERS, *hints.answers))) is not None:
        found = (flag,)
    else:
        found = _numbers_or_dates(sample, hints.name)
    return found if hints.known is None else _as_known(found, hints.known)


def reads(value: str, form: Format) -> bool:
    """Whether a trimmed value can be read by a format."""
    match form.kind:
        case Kind.NUMBER:
            return written_number(value, form.decimal or Decimal.POINT) is not None
        case Kind.FLAG:
            return value.lower() in form.true_words + form.false_words or written_number(
                value, Decimal.POINT
            ) in {0, 1}
        case Kind.DATE:
            return _date_matcher(form.date_format or "%Y-%m-%d").fullmatch(without_time(value)) is not None
        case Kind.EMPTY:
            return False
        case _:
            return True


def level_values(texts: Texts, form: Format) -> Floats:
    """1 where a trimmed text is the level of the format, 0 for any other, NaN where there is none.

    >>> level_values(np.array(["basic", "gold", None, "Basic"], dtype=object), Format(kind=Kind.FLAG, level="basic"))
    array([ 1.,  0., nan,  0.])
    """
    nothing = np.array([text is None for text in texts], dtype=bool)
    if form.no_value:
        nothing |= np.array(
            [text is not None and text.lower() in form.no_value for text in texts], dtype=bool
        )
    return np.where(nothing, np.nan, (texts == form.level).astype(np.float64))


def settle(candidates: Sequence[Format], hints: Hints, example: str) -> Format:
    """Choose between two formats that both read every row.

    Args:
        candidates: The two formats.
        hints: What decides: the decimal sign or the date order.
        example: A value that shows the question.

    Raises:
        DataError: if they are dates and nothing says which comes first, the day or the month.
    """
    first = candidates[0]
    if first.kind is Kind.NUMBER:
        wanted = hints.decimal or Decimal.POINT
        chosen = next((candidate for candidate in candidates if candidate.decimal is wanted), first)
        return replace(chosen, note=_decimal_note(example, wanted))
    if hints.date_order is not None:
        formats = DAY_FIRST if hints.date_order == "dmy" else MONTH_FIRST
        return next((candidate for candidate in candidates if candidate.date_format in formats), first)
    where = f" in the column '{hints.name}'" if hints.name else ""
    message = f"The dates{where} can be read day first or month first in every row ('{example}')."
    raise DataError(message, hint="Say which with the setting date_order: 'dmy' or 'mdy'.")


def proven_decimal(sample: Mapping[str, int]) -> Decimal | None:
    """The decimal sign that a column's numbers can only have; None where they leave it open."""
    point, comma = (_share(sample, Format(kind=Kind.NUMBER, decimal=one)) for one in Decimal)
    if max(point, comma) < WORTH_TRYING or point == comma:
        return None
    return Decimal.POINT if point > comma else Decimal.COMMA


def date_order_of(form: Format) -> str | None:
    """``dmy`` or ``mdy`` for a format that might have been the other; else None."""
    if form.date_format in DAY_FIRST:
        return "dmy"
    return "mdy" if form.date_format in MONTH_FIRST else None


def kind_of_type(type_name: str) -> Kind | None:
    """What a DuckDB type says of its values; None for text and for types without an order.

    >>> kind_of_type("DECIMAL(10,2)"), kind_of_type("VARCHAR")
    (<Kind.NUMBER: 'number'>, None)
    """
    if "[" in type_name:
        return None
    if type_name.removeprefix("U").startswith(_NUMERIC_TYPES):
        return Kind.NUMBER
    if type_name == "BOOLEAN":
        return Kind.FLAG
    return Kind.DATE if type_name.startswith(("DATE", "TIMESTAMP")) else None


def _flag(sample: Mapping[str, int], answers: Sequence[tuple[str, str]]) -> Format | None:
    words = {value.lower() for value in sample}
    if len(words) > MOST_ANSWERS:
        return None
    numbers = {word for word in words if written_number(word, Decimal.POINT) in {0, 1}}
    said = words - numbers
    pairs = [pair for pair in answers if said.issuperset(pair)]
    for word in sorted(said - {word for pair in pairs for word in pair}):
        pair = next((pair for pair in answers if word in pair and len(word) >= WHOLE_WORD), None)
        if pair is None:
            return None
        pairs.append(pair)
    pairs += [FLAG_NUMBERS] if numbers else []
    return Format(
        kind=Kind.FLAG,
        true_words=tuple(dict.fromkeys(yes for yes, _ in pairs)),
        false_words=tuple(dict.fromkeys(no for _, no in pairs)),
    )


def _numbers_or_dates(sample: Mapping[str, int], name: str) -> tuple[Format, ...]:
    compact = Format(kind=Kind.DATE, date_format=COMPACT_DATE)
    if _DATE_NAME.search(name) and _share(sample, compact) > HALF:
        return (compact,)
    if all(value.isdigit() for value in sample) and any(_CODE.fullmatch(value) for value in sample):
        return (Format(kind=Kind.TEXT, note="Its numbers begin with zeros: they are codes, not amounts."),)
    numbers, dates = _numbers(sample), _dates(sample)
    best = max((numbers, dates), key=lambda found: _share(sample, found[0]))
    return best if _share(sample, best[0]) >= WORTH_TRYING else (Format(kind=Kind.TEXT),)


def _numbers(sample: Mapping[str, int]) -> tuple[Format, ...]:
    """Numbers with the sign that reads more of the sample; both when some value reads differently."""
    point, comma = (Format(kind=Kind.NUMBER, decimal=one) for one in Decimal)
    proven = proven_decimal(sample)
    if proven is not None:
        return (point if proven is Decimal.POINT else comma,)
    return (point, comma) if any(is_open(value) for value in sample) else (point,)


def is_open(value: str) -> bool:
    """Whether a cell is one number with a decimal point and another with a decimal comma.

    >>> is_open("1,234"), is_open("1,23")
    (True, False)
    """
    if "," not in value and "." not in value:
        return False
    point, comma = (written_number(value, one) for one in Decimal)
    return point is not None and comma is not None and point != comma


def _dates(sample: Mapping[str, int]) -> tuple[Format, ...]:
    """The format of most dates; both orders when the days alone do not tell."""
    values = list(sample)
    probes = [without_time(value) for value in values[:: max(1, len(values) // PROBES)]]
    formats = [one for one in DATE_FORMATS if any(_date_matcher(one).fullmatch(probe) for probe in probes)]
    ranked = sorted(((_share(sample, form), form) for form in map(_date, formats)), key=lambda one: -one[0])
    if not ranked:
        return (_date("%Y-%m-%d"),)
    share, best = ranked[0]
    if best.date_format not in DAY_FIRST:
        return (best,)
    other = _date(MONTH_FIRST[DAY_FIRST.index(best.date_format)])
    return (best, other) if _share(sample, other) == share else (best,)


def _date(date_format: str) -> Format:
    note = "Its years have two digits." if date_format.endswith("%y") else ""
    return Format(kind=Kind.DATE, date_format=date_format, note=note)


def _as_known(found: tuple[Format, ...], known: Format) -> tuple[Format, ...]:
    """The candidates of the kind that the column had before, its own format first."""
    if known.kind is Kind.EMPTY:
        return found
    same = tuple(one for one in found if one.kind is known.kind)
    says_how = known.decimal or known.date_format or known.true_words or known.kind is Kind.TEXT
    if same and not says_how:
        return same
    return (known, *(one for one in same if replace(one, note=known.note) != known))


def _share(sample: Mapping[str, int], form: Format) -> float:
    return sum(rows for value, rows in sample.items() if reads(value, form)) / sum(sample.values())


@lru_cache
def _date_matcher(date_format: str) -> re.Pattern[str]:
    return re.compile(date_pattern(date_format))


def _decimal_note(example: str, decimal: Decimal) -> str:
    number, other = (written_number(example, one) for one in (decimal, _OTHER[decimal]))
    if number is None or other is None or number == other:
        return ""
    return f"'{example}' can be read as {number:.12g} or as {other:.12g}; it was read as {number:.12g}."


_OTHER = {Decimal.POINT: Decimal.COMMA, Decimal.COMMA: Decimal.POINT}
