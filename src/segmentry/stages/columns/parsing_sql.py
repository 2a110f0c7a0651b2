"""The one definition of how a column's text becomes a value, as DuckDB SQL.

The reading of a file and ``scoring.sql`` both use these expressions, so that a customer's number is
the same on the day of the run and in the database a year later. Each expression works on text and on
columns that already have a type; what cannot be read, and what is not finite, becomes NULL.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from segmentry.records.cell_grammar import (
    MARKS,
    MISSING_TOKENS,
    TIDYING,
    TIME,
    between,
    date_pattern,
    number_pattern,
    written_number,
)
from segmentry.records.columns import Decimal, Format, Kind
from segmentry.records.quoting import identifier as quoted
from segmentry.records.quoting import literal

__all__ = [
    "MISSING_TOKENS",
    "PLACE",
    "ROW",
    "Reading",
    "date_sql",
    "flag_sql",
    "literal",
    "number_sql",
    "parsed_query",
    "place_of",
    "possible_day_sql",
    "quoted",
    "text_sql",
    "text_value_sql",
    "typed_text_sql",
    "value_sql",
]

ROW = "__row"
"""The name of the column that numbers the rows, from 1 in the order of the input."""

PLACE = "__place"
"""The name of the column that stands in for DuckDB's row ids where a column of the input is called like them."""

ROW_ID = "rowid"
"""DuckDB's own name for the place of a row, from 0; a column of that name hides it."""

_TRIMMED_SQL = (
    r"E' \t\n\r' || chr(11) || chr(12) || chr(160) || chr(8203) || chr(8206) || chr(8207) || chr(65279)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one column is read.

    Attributes:
        name: The column.
        form: Its format.
        text: Whether it arrives as text, and not with a type of its own.
    """

    name: str
    form: Format
    text: bool

    def sql(self, missing: Iterable[str] = MISSING_TOKENS) -> str:
        """The value as SQL; the tokens in ``missing`` are no value."""
        column = quoted(self.name)
        return text_value_sql(column, self.form, missing) if self.text else typed_value_sql(column, self.form)


def place_of(names: Iterable[str]) -> str:
    """What gives the place of a row from 0 in a table with these columns, as SQL.

    >>> place_of(["id", "spend"]), place_of(["id", "RowId"])
    ('rowid', '__place')
    """
    return PLACE if ROW_ID in {name.lower() for name in names} else ROW_ID


def parsed_query(table: str, readings: Iterable[Reading], missing: Iterable[str] = MISSING_TOKENS) -> str:
    """The query that reads a table: the row number, then every column as its value.

    Args:
        table: The table as SQL; it has DuckDB's row ids, or what ``place_of`` gives.
        readings: How each column is read, in order.
        missing: What counts as no value, in lower case.
    """
    tokens, columns = tuple(missing), tuple(readings)
    values = (f"{reading.sql(tokens)} AS {quoted(reading.name)}" for reading in columns)
    place = place_of(reading.name for reading in columns)
    return f"SELECT {', '.join((f'{place} + 1 AS {ROW}', *values))} FROM {table}"


def for_duckdb(pattern: str) -> str:
    """The pattern as DuckDB reads it, whose blanks alone do not include no-break spaces."""
    return pattern.replace("\\s", "\\s\\p{Zs}")


def text_sql(column: str, missing: Iterable[str] = MISSING_TOKENS) -> str:
    """The trimmed text of a column; NULL where it says that there is no value.

    Args:
        column: The column, as SQL.
        missing: What counts as no value, in lower case.
    """
    trimmed = _trimmed(column)
    tokens = [token.lower() for token in missing]
    return (
        f"CASE WHEN {_is_one_of(f'lower({trimmed})', tokens)} THEN NULL ELSE {trimmed} END"
        if tokens
        else trimmed
    )


def value_sql(column: str, form: Format) -> str:
    """The value of a column that arrives as text or with a type, for databases that score.

    Args:
        column: The column, as SQL.
        form: How its text is read.
    """
    match form.kind:
        case Kind.NUMBER:
            return number_sql(column, form)
        case Kind.FLAG:
            return flag_sql(column, form)
        case Kind.DATE:
            return date_sql(column, form)
        case _:
            return text_sql(column)


def number_sql(column: str, form: Format) -> str:
    """The number in a column, as DOUBLE.

    Args:
        column: The column, as SQL; text or of any type.
        form: How its text is read; without a decimal sign, a point.
    """
    typed = f"TRY_CAST({_as_text(column)} AS DOUBLE)"
    return f"CASE WHEN typeof({column}) <> 'VARCHAR' THEN {_finite(typed)} ELSE {text_number_sql(column, form)} END"


def text_number_sql(column: str, form: Format) -> str:
    """The number in a column that is known to hold text."""
    text = _as_text(column)
    decimal = form.decimal or Decimal.POINT
    plain = f"TRY_CAST(replace({text}, '_', '?') AS DOUBLE)"
    if decimal is Decimal.COMMA:
        plain = (
            f"CASE WHEN NOT contains({text}, '.') THEN TRY_CAST(translate({text}, ',_', '.?') AS DOUBLE) END"
        )
    return _finite(f"coalesce({plain}, {_written_number(column, decimal)})")


def flag_sql(column: str, form: Format) -> str:
    """1.0 for the words that mean yes, 0.0 for those that mean no, NULL for any other.

    Args:
        column: The column, as SQL; text, numbers or booleans.
        form: The words; the numbers 1 and 0 and the words true and false always count. For a level,
            1.0 for that word as it is written and 0.0 for any other.
    """
    if form.level is not None:
        return _level_sql(column, form)
    word = f"lower({_trimmed(column)})"
    yes = _is_one_of(word, dict.fromkeys((*form.true_words, "true", "1")))
    no = _is_one_of(word, dict.fromkeys((*form.false_words, "false", "0")))
    return (
        f"CASE WHEN {yes} OR TRY_CAST({word} AS DOUBLE) = 1 THEN 1.0::DOUBLE "
        f"WHEN {no} OR TRY_CAST({word} AS DOUBLE) = 0 THEN 0.0::DOUBLE END"
    )


def _level_sql(column: str, form: Format) -> str:
    """One word of a column; numbers that are whole count as written without a point, as they are read."""
    whole = f"regexp_replace({_as_text(column)}, '^(-?[0-9]+)[.]0$', '\\1')"
    fractions = f"typeof({column}) IN ('FLOAT', 'DOUBLE') OR typeof({column}) LIKE 'DECIMAL%'"
    word = _trimmed(f"CASE WHEN {fractions} THEN {whole} ELSE {_as_text(column)} END")
    nothing = _is_one_of(f"lower({word})", (*MISSING_TOKENS, *form.no_value))
    return (
        f"CASE WHEN {word} = {literal(form.level or '')} THEN 1.0::DOUBLE "
        f"WHEN {word} IS NULL OR {nothing} THEN NULL ELSE 0.0::DOUBLE END"
    )


def date_sql(column: str, form: Format) -> str:
    """The day in a column, as DATE; the time of day is left out.

    Args:
        column: The column, as SQL; text, dates or timestamps.
        form: The strptime format of its text; without one, ISO.
    """
    typed = f"TRY_CAST({_as_text(column)} AS DATE)"
    if form.date_format is None:
        return typed
    return f"CASE WHEN typeof({column}) <> 'VARCHAR' THEN {typed} ELSE {text_date_sql(column, form)} END"


def text_date_sql(column: str, form: Format) -> str:
    """The day in a column that is known to hold text."""
    date_format = form.date_format or "%Y-%m-%d"
    day = f"regexp_replace({_trimmed(column)}, {literal(for_duckdb(TIME))}, '')"
    pattern = literal(for_duckdb(f"^{date_pattern(date_format)}$"))
    return f"CAST(try_strptime(regexp_extract({day}, {pattern}), {literal(date_format)}) AS DATE)"


def text_value_sql(column: str, form: Format, missing: Iterable[str] = MISSING_TOKENS) -> str:
    """The value of a text column: DOUBLE for numbers and flags, DATE for dates, else the text."""
    tokens = tuple(missing)
    match form.kind:
        case Kind.NUMBER:
            value = text_number_sql(column, form)
        case Kind.FLAG:
            value = flag_sql(column, form)
        case Kind.DATE:
            value = text_date_sql(column, form)
        case _:
            return text_sql(column, tokens)
    numeric = any(written_number(token, one) is not None for token in tokens for one in Decimal)
    return f"CASE WHEN {text_sql(column, tokens)} IS NOT NULL THEN {value} END" if numeric else value


def typed_value_sql(column: str, form: Format) -> str:
    """The value of a column that has a type of its own."""
    match form.kind:
        case Kind.NUMBER:
            return _finite(f"CAST({column} AS DOUBLE)")
        case Kind.FLAG:
            return flag_sql(column, form)
        case Kind.DATE:
            day = f"TRY_CAST({column} AS DATE)"
            return f"CASE WHEN {possible_day_sql(column)} THEN {day} END"
        case _:
            return typed_text_sql(column)


def possible_day_sql(column: str) -> str:
    """Whether a date or timestamp is of a year from 1 to 9999, which is all that calendars here have."""
    return f"TRY_CAST({column} AS DATE) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"


def typed_text_sql(column: str) -> str:
    """The text of a column that has a type of its own; whole numbers are without a point."""
    return f"nullif(regexp_replace({_as_text(column)}, '^(-?[0-9]+)[.]0$', '\\1'), 'nan')"


def _is_one_of(text: str, words: Iterable[str]) -> str:
    """A test for one of some words; not with IN, which becomes a join that loses the order of rows."""
    return f"list_position([{', '.join(map(literal, words))}], {text}) > 0"


def _as_text(column: str) -> str:
    return f"CAST({column} AS VARCHAR)"


def _trimmed(column: str) -> str:
    return f"trim({_as_text(column)}, {_TRIMMED_SQL})"


def _finite(number: str) -> str:
    return f"list_transform([{number}], lambda x: CASE WHEN isfinite(x) THEN x END)[1]"


def _written_number(column: str, decimal: Decimal) -> str:
    """A number as people write it: money, spaces, thousands, brackets or a minus at either end."""
    tidy = _trimmed(column)
    for pattern, instead in TIDYING:
        tidy = f"regexp_replace({tidy}, {literal(for_duckdb(pattern))}, {literal(instead)})"
    number = f"regexp_extract({tidy}, {literal(for_duckdb(number_pattern(decimal)))})"
    thousands, _ = MARKS[decimal]
    bare = f"regexp_replace({number}, {literal(for_duckdb(between(thousands)))}, '', 'g')"
    if decimal is Decimal.COMMA:
        bare = f"replace({bare}, ',', '.')"
    return f"TRY_CAST({bare} AS DOUBLE)"
