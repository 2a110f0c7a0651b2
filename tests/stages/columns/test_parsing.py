"""How the text of a column is understood, in Python and in SQL."""

from collections import Counter
from datetime import date, datetime

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.errors import DataError
from segmentry.records.cell_grammar import MISSING_TOKENS, TRIMMED, date_pattern, without_time, written_number
from segmentry.records.columns import Decimal, Format, Kind
from segmentry.stages.columns.parsing import DATE_FORMATS, Hints, detect_format, kind_of_type
from segmentry.stages.columns.parsing_sql import date_sql, flag_sql, number_sql, text_sql, value_sql

ANSWERS = Hints(answers=column_lexicon().answers)

ENGINE = duckdb.connect()
POINT = Format(kind=Kind.NUMBER, decimal=Decimal.POINT)
COMMA = Format(kind=Kind.NUMBER, decimal=Decimal.COMMA)


def read(expression: str, value: object, type_name: str = "VARCHAR") -> object:
    """What an SQL expression over the column x makes of one value."""
    query = f"SELECT {expression} FROM (SELECT CAST(? AS {type_name}) AS x)"  # noqa: S608 - our own text
    return ENGINE.execute(query, [value]).fetchone()[0]


POINT_NUMBERS = {
    "12": 12,
    " 12.50 ": 12.5,
    "1,234.50": 1234.5,
    "1,234,567": 1234567,
    "12,34,567.00": 1234567,
    "1 234.5": 1234.5,
    "1\u00a0234.5": 1234.5,
    "1\u202f234.5": 1234.5,
    "1'234.5": 1234.5,
    "1’234.5": 1234.5,
    "$1,234.50": 1234.5,
    "US$ 5": 5,
    "£5": 5,
    "5 €": 5,
    "¥1,000": 1000,
    "kr 500": 500,
    "kr.500": 500,
    "500 kr": 500,
    "CHF 1'000.-": 1000,
    "EUR5": 5,
    "12.5%": 12.5,
    "(1,234.50)": -1234.5,
    "($5)": -5,
    "-5": -5,
    "\u22125": -5,
    "-$5": -5,
    "$-5": -5,
    "5-": -5,
    "+5": 5,
    "1.5e3": 1500,
    "1E-3": 0.001,
    ".5": 0.5,
    "5.": 5,
    "\u200f7": 7,
}
COMMA_NUMBERS = {
    "12": 12,
    "1.234,50": 1234.5,
    "1.234.567": 1234567,
    "1 234,50": 1234.5,
    "0,123": 0.123,
    "€ 1.234,50": 1234.5,
    "1.234,50 €": 1234.5,
    "5,-": 5,
    "-12,5 %": -12.5,
    "1,5e3": 1500,
}
NO_NUMBERS = [
    "",
    "n/a",
    "abc",
    "555 1234",
    "1,23,4",
    "12/03",
    "2012-09-04",
    "04.09.2012",
    "1.2.3",
    "--5",
    "(5",
    "5)",
    "5-10",
    "inf",
    "-Infinity",
    "nan",
    "1e400",
    "9" * 400,
    "1_000",
    "0x1F",
    "€",
    "١٢",
    "1\n2",
]


@pytest.mark.parametrize(("cell", "number"), POINT_NUMBERS.items())
def test_numbers_with_a_decimal_point_are_read(cell: str, number: float) -> None:
    assert read(number_sql("x", POINT), cell) == pytest.approx(number)
    assert written_number(cell.strip(TRIMMED), Decimal.POINT) == pytest.approx(number)


@pytest.mark.parametrize(("cell", "number"), COMMA_NUMBERS.items())
def test_numbers_with_a_decimal_comma_are_read(cell: str, number: float) -> None:
    assert read(number_sql("x", COMMA), cell) == pytest.approx(number)
    assert written_number(cell.strip(TRIMMED), Decimal.COMMA) == pytest.approx(number)


@pytest.mark.parametrize("cell", NO_NUMBERS)
@pytest.mark.parametrize("form", [POINT, COMMA])
def test_what_is_no_number_becomes_null(cell: str, form: Format) -> None:
    assert read(number_sql("x", form), cell) is None
    assert written_number(cell.strip(TRIMMED), form.decimal) is None


NUMBERISH = st.text(alphabet="0123456789.,-+−() '’e%€$kr\u00a0\u202f_Ein", max_size=12)


@given(cell=NUMBERISH, decimal=st.sampled_from(Decimal))
@example(cell="1,234", decimal=Decimal.POINT)
@example(cell="5,-", decimal=Decimal.COMMA)
def test_sql_reads_a_number_exactly_where_the_detection_sees_one(cell: str, decimal: Decimal) -> None:
    ours = written_number(cell.strip(TRIMMED), decimal)
    sql = read(number_sql("x", Format(kind=Kind.NUMBER, decimal=decimal)), cell)
    assert sql == (None if ours is None else pytest.approx(ours))


@given(
    number=st.floats(allow_nan=False, allow_infinity=False, width=32), form=st.sampled_from([POINT, COMMA])
)
def test_a_typed_number_is_itself_whatever_the_text_format_was(number: float, form: Format) -> None:
    assert read(number_sql("x", form), number, "DOUBLE") == number


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_a_typed_number_that_is_not_finite_becomes_null(number: float) -> None:
    assert read(number_sql("x", POINT), number, "DOUBLE") is None


def test_integers_dates_and_truth_values_keep_their_meaning_in_sql() -> None:
    assert read(number_sql("x", COMMA), 1234, "BIGINT") == 1234
    flag = Format(kind=Kind.FLAG, true_words=("yes",), false_words=("no",))
    assert [read(flag_sql("x", flag), value, "BOOLEAN") for value in (True, False, None)] == [1.0, 0.0, None]
    assert [read(flag_sql("x", flag), value, "DOUBLE") for value in (1.0, 0.0, 2.0)] == [1.0, 0.0, None]
    form = Format(kind=Kind.DATE, date_format="%d/%m/%Y")
    assert read(date_sql("x", form), date(2012, 9, 4), "DATE") == date(2012, 9, 4)
    assert read(date_sql("x", form), datetime(2012, 9, 4, 8, 26), "TIMESTAMP") == date(2012, 9, 4)  # noqa: DTZ001
    assert read(date_sql("x", Format(kind=Kind.DATE)), "2012-09-04") == date(2012, 9, 4)


def test_flags_know_their_words_in_any_case_and_nothing_else() -> None:
    form = Format(kind=Kind.FLAG, true_words=("ja",), false_words=("nein",))
    words = ["JA", " nein ", "1", "0.0", "vielleicht", "", None]
    assert [read(flag_sql("x", form), word) for word in words] == [1.0, 0.0, 1.0, 0.0, None, None, None]


def test_texts_are_trimmed_and_missing_words_become_null() -> None:
    assert read(text_sql("x"), " \u00a0007\t") == "007"
    assert [read(text_sql("x"), token.upper()) for token in MISSING_TOKENS] == [None] * len(MISSING_TOKENS)
    assert read(text_sql("x", ["unknown"]), "Unknown") is None


def test_every_kind_has_its_sql() -> None:
    flag = Format(kind=Kind.FLAG)
    day = Format(kind=Kind.DATE, date_format="%d.%m.%Y")
    assert read(value_sql("x", POINT), "$5") == 5
    assert read(value_sql("x", flag), "true") == 1
    assert read(value_sql("x", day), "4.9.2012") == date(2012, 9, 4)
    assert read(value_sql("x", Format(kind=Kind.TEXT)), " a ") == "a"


DATES = {
    "2012-09-04": "%Y-%m-%d",
    "2012-09-04 08:26:00": "%Y-%m-%d",
    "2012-09-04T08:26:00.123Z": "%Y-%m-%d",
    "2012/09/04": "%Y/%m/%d",
    "04.09.2012": "%d.%m.%Y",
    "4.9.12": "%d.%m.%y",
    "4-Sep-2012": "%d-%b-%Y",
    "4 September 2012": "%d %B %Y",
    "September 4, 2012": "%B %d, %Y",
    "Sep 4, 2012": "%b %d, %Y",
}


@pytest.mark.parametrize(("cell", "date_format"), DATES.items())
def test_dates_are_recognised_and_read(cell: str, date_format: str) -> None:
    form = detect_format([cell])
    assert (form.kind, form.date_format) == (Kind.DATE, date_format)
    assert read(date_sql("x", form), cell) == date(2012, 9, 4)


@given(day=st.dates(date(1990, 1, 1), date(2029, 12, 31)), date_format=st.sampled_from(DATE_FORMATS))
def test_every_date_format_reads_back_what_it_writes(day: date, date_format: str) -> None:
    cell = day.strftime(date_format)
    expected = day if "%d" in date_format else day.replace(day=1)
    assert read(date_sql("x", Format(kind=Kind.DATE, date_format=date_format)), cell) == expected


@pytest.mark.parametrize("cell", ["31/02/2012", "4/13/2012", "4/9/12", "", "4/9/20123", "04092012"])
def test_what_is_no_date_of_the_format_becomes_null(cell: str) -> None:
    assert read(date_sql("x", Format(kind=Kind.DATE, date_format="%d/%m/%Y")), cell) is None


def test_a_day_above_twelve_anywhere_settles_the_order() -> None:
    assert detect_format(["1/2/2012", "3/15/2012"]).date_format == "%m/%d/%Y"
    assert detect_format(["1/2/2012", "15/3/2012"]).date_format == "%d/%m/%Y"


def test_dates_that_can_be_read_both_ways_are_refused_with_the_way_out() -> None:
    with pytest.raises(DataError, match=r"'since' can be read day first or month first.*date_order"):
        detect_format(["1/2/2012", "3/4/2012"], Hints(name="since"))
    asked = detect_format(["1/2/2012", "3/4/2012"], Hints(date_order="mdy"))
    assert asked.date_format == "%m/%d/%Y"
    before = detect_format(
        ["1/2/2012"], Hints(known=Format(kind=Kind.DATE, date_format="%d/%m/%Y"), date_order="dmy")
    )
    assert before.date_format == "%d/%m/%Y"


def test_eight_digits_are_a_date_only_where_the_name_says_so() -> None:
    assert detect_format(["20120904"], Hints(name="order_date")).date_format == "%Y%m%d"
    assert detect_format(["20120904"], Hints(name="account")).kind is Kind.NUMBER


def test_a_comma_is_thousands_unless_the_file_speaks_for_decimals() -> None:
    open_values = ["1,234", "5,678", "12"]
    alone, beside = detect_format(open_values), detect_format(open_values, Hints(decimal=Decimal.COMMA))
    assert (alone.decimal, beside.decimal) == (Decimal.POINT, Decimal.COMMA)
    assert alone.note == "'1,234' can be read as 1234 or as 1.234; it was read as 1234."
    assert beside.note == "'1,234' can be read as 1.234 or as 1234; it was read as 1.234."


@pytest.mark.parametrize("proof", ["0,5", "1,5", "1.234,5", "12,3456"])
def test_one_value_can_prove_decimal_commas(proof: str) -> None:
    assert detect_format(["1,234", proof]) == COMMA


@pytest.mark.parametrize(
    "words",
    [
        ("yes", "no"),
        ("TRUE", "false"),
        ("Y", "N"),
        ("t", "f"),
        ("on", "off"),
        ("Ja", "Nein"),
        ("oui", "non"),
        ("si", "no"),
        ("Sim", "Não"),
        ("tak", "nie"),
        ("Evet", "Hayır"),
        ("0", "1"),
        ("1.0", "0.0"),
    ],
)
def test_words_for_yes_and_no_are_flags(words: tuple[str, str]) -> None:
    assert detect_format(words * 3, ANSWERS).kind is Kind.FLAG


@pytest.mark.parametrize("words", [("Male", "Female"), ("y", "maybe"), ("F", "M"), ("NO", "SE"), ("f",)])
def test_other_words_are_text(words: tuple[str, ...]) -> None:
    assert detect_format(words, ANSWERS).kind is Kind.TEXT


def test_one_whole_word_for_yes_is_a_flag_with_its_opposite() -> None:
    form = detect_format(["yes", "", "yes"], ANSWERS)
    assert (form.kind, form.true_words, form.false_words) == (Kind.FLAG, ("yes",), ("no",))


def test_half_of_the_values_decide_between_numbers_and_text() -> None:
    assert detect_format(["1", "2", "3", "many"]).kind is Kind.NUMBER
    assert detect_format(["5", "x", "y", "z"]).kind is Kind.TEXT
    assert detect_format(["12", "7", "?", "n/a", "None"]).kind is Kind.NUMBER
    assert detect_format(["", "NA", "-"]).kind is Kind.EMPTY


def test_numbers_that_begin_with_zeros_are_codes() -> None:
    assert detect_format(["00123", "04567"]).kind is Kind.TEXT
    assert detect_format(["0", "10", "0.5"]).kind is Kind.NUMBER


def test_a_known_format_decides_what_new_values_leave_open() -> None:
    assert detect_format(["1,234"], Hints(known=COMMA, decimal=Decimal.COMMA)).decimal is Decimal.COMMA
    assert detect_format(["0", "1"], Hints(known=POINT)).kind is Kind.NUMBER
    text = Format(kind=Kind.TEXT)
    assert detect_format(["1", "2"], Hints(known=text)) == text


@pytest.mark.parametrize(
    ("type_name", "kind"),
    [
        ("UBIGINT", Kind.NUMBER),
        ("HUGEINT", Kind.NUMBER),
        ("DECIMAL(18,3)", Kind.NUMBER),
        ("BOOLEAN", Kind.FLAG),
        ("TIMESTAMP WITH TIME ZONE", Kind.DATE),
        ("TIMESTAMP_NS", Kind.DATE),
        ("DATE", Kind.DATE),
        ("VARCHAR", None),
        ("INTEGER[]", None),
        ("STRUCT(a INTEGER)", None),
        ("BLOB", None),
        ("INTERVAL", None),
    ],
)
def test_types_say_what_their_values_are(type_name: str, kind: Kind | None) -> None:
    assert kind_of_type(type_name) is kind


def test_a_pattern_of_a_date_is_for_the_whole_cell_without_its_time() -> None:
    assert without_time("9/4/2012 1:05 PM") == "9/4/2012"
    assert "%" not in date_pattern("%d/%m/%Y")
    assert Counter(DATE_FORMATS).most_common(1)[0][1] == 1
