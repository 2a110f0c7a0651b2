"""A sample proposes how a column is read, and all rows decide."""

import datetime as dt
import math
import time
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import ROW, ReadTable, read_table
from segmentry.errors import DataError
from segmentry.records.columns import Decimal, Format, Kind
from segmentry.records.settings import ReadSettings

LONG = 30_000
LATE = 12_347
"""A row that is neither among the first of a long table nor among those spread over it."""


def csv(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def column(read: ReadTable, name: str) -> list[object]:
    return fetch(read.typed.order_by(ROW))[name].to_pylist()


def one_column(tmp_path: Path, values: list[str], options: ReadSettings | None = None) -> ReadTable:
    lines = "".join(f'{place},"{value}"\n' for place, value in enumerate(values))
    return read_table(csv(tmp_path, "id,x\n" + lines), options)


def test_every_column_becomes_its_value_and_ids_keep_their_text(tmp_path: Path) -> None:
    text = (
        "id,spend,vip,since,city,nothing\n"
        '007,"$1,234.50",yes,4-Sep-2012, Oslo ,NA\n'
        "008,(20),no,21-Jan-2014,?,\n"
    )
    read = read_table(csv(tmp_path, text))
    assert read.typed.columns == (ROW, "id", "spend", "vip", "since", "city", "nothing")
    assert fetch(read.typed).to_pylist()[0] == {
        ROW: 1,
        "id": "007",
        "spend": 1234.5,
        "vip": 1.0,
        "since": dt.date(2012, 9, 4),
        "city": "Oslo",
        "nothing": None,
    }
    assert column(read, "spend") == [1234.5, -20.0]
    assert column(read, "city") == ["Oslo", None]
    assert fetch(read.texts)["spend"].to_pylist() == ["$1,234.50", "(20)"]
    assert [form.kind for form in read.formats.values()] == [
        Kind.TEXT,
        Kind.NUMBER,
        Kind.FLAG,
        Kind.DATE,
        Kind.TEXT,
        Kind.EMPTY,
    ]
    assert read.bad == ()


def test_a_few_bad_values_among_numbers_are_listed_with_their_rows(tmp_path: Path) -> None:
    read = one_column(tmp_path, ["1", "2", "abc", "4", "inf", "n/a", "7"])
    (bad,) = read.bad
    assert (bad.column, bad.kind, bad.count) == ("x", Kind.NUMBER, 2)
    assert bad.examples == ((3, "abc"), (5, "inf"))
    assert column(read, "x") == [1, 2, None, 4, None, None, 7]


def test_mostly_words_are_text_and_nothing_is_bad(tmp_path: Path) -> None:
    read = one_column(tmp_path, ["1", "2", "abc", "def", "ghi"])
    assert read.formats["x"].kind is Kind.TEXT
    assert read.bad == ()


def test_exactly_half_is_enough(tmp_path: Path) -> None:
    assert one_column(tmp_path, ["1", "2", "a", "b"]).formats["x"].kind is Kind.NUMBER


def test_a_bad_value_beyond_the_sample_is_found(tmp_path: Path) -> None:
    values = [str(place) for place in range(LONG)]
    values[LATE] = "oops"
    (bad,) = one_column(tmp_path, values).bad
    assert bad.examples == ((LATE + 1, "oops"),)


@pytest.mark.parametrize(
    ("usual", "late", "kind"),
    [("1", "7", Kind.NUMBER), ("yes", "maybe", Kind.TEXT), ("", "5", Kind.FLAG), ("", "word", Kind.TEXT)],
)
def test_a_value_beyond_the_sample_can_change_the_kind(
    tmp_path: Path, usual: str, late: str, kind: Kind
) -> None:
    values = [usual] * LONG
    values[LATE] = late
    expected = Kind.NUMBER if late == "5" else kind
    assert one_column(tmp_path, values).formats["x"].kind is expected


def test_a_day_above_twelve_beyond_the_sample_settles_the_order(tmp_path: Path) -> None:
    values = ["3/4/2012"] * LONG
    values[LATE] = "3/14/2012"
    read = one_column(tmp_path, values)
    assert read.formats["x"].date_format == "%m/%d/%Y"
    assert column(read, "x")[0] == dt.date(2012, 3, 4)


def test_a_decimal_comma_beyond_the_sample_settles_the_sign(tmp_path: Path) -> None:
    values = ["1,234"] * LONG
    values[LATE] = "0,5"
    assert one_column(tmp_path, values).formats["x"].decimal is Decimal.COMMA


def test_dates_that_stay_open_are_refused_unless_the_order_is_given(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"column 'x'.*date_order"):
        one_column(tmp_path, ["1/2/2012", "3/4/2012"])
    read = one_column(tmp_path, ["1/2/2012", "3/4/2012"], ReadSettings(date_order="dmy"))
    assert column(read, "x")[0] == dt.date(2012, 2, 1)


def test_another_date_column_of_the_file_settles_the_order(tmp_path: Path) -> None:
    read = read_table(csv(tmp_path, "a,b\n1/2/2012,25/2/2012\n3/4/2012,1/1/2013\n"))
    assert column(read, "a") == [dt.date(2012, 2, 1), dt.date(2012, 4, 3)]


def test_an_open_comma_follows_the_delimiter_another_column_or_the_option(tmp_path: Path) -> None:
    comma = read_table(csv(tmp_path, "a;b\n1,234;1\n5,678;2\n"))
    proven = read_table(csv(tmp_path, 'a,b\n"1,234","0,5"\n"5,678","2,25"\n'))
    thousands = read_table(csv(tmp_path, 'a,b\n"1,234",1\n"5,678",2\n'))
    asked = read_table(csv(tmp_path, 'a,b\n"1,234",1\n"5,678",2\n'), ReadSettings(decimal="comma"))
    point = read_table(csv(tmp_path, "a;b\n1,234;1.5\n5,678;2.5\n"))
    assert [column(read, "a")[0] for read in (comma, proven, thousands, asked, point)] == [
        1.234,
        1.234,
        1234,
        1.234,
        1234,
    ]
    assert "can be read as 1234 or as 1.234" in thousands.formats["a"].note


def test_typed_columns_are_read_by_their_type() -> None:
    day = dt.datetime(2020, 1, 2, 3, 4)  # noqa: DTZ001
    table = pa.table(
        {
            "whole": [1, 2, None],
            "money": pa.array([1, 2, 3], pa.decimal128(10, 2)),
            "real": [1.5, math.inf, math.nan],
            "flag": [True, False, None],
            "numbers": [0, 1, 1],
            "day": [day, day, None],
            "text": ["1,5", "2,5", None],
            "nothing": pa.nulls(3, pa.float64()),
            "tags": [[1], [2], None],
            "bytes": [b"1", b"2", b"3"],
        }
    )
    read = read_table(table)
    assert {name: form.kind for name, form in read.formats.items()} == {
        "whole": Kind.NUMBER,
        "money": Kind.NUMBER,
        "real": Kind.NUMBER,
        "flag": Kind.FLAG,
        "numbers": Kind.FLAG,
        "day": Kind.DATE,
        "text": Kind.NUMBER,
        "nothing": Kind.EMPTY,
        "tags": Kind.TEXT,
        "bytes": Kind.TEXT,
    }
    assert column(read, "real") == [1.5, None, None]
    assert column(read, "flag") == [1.0, 0.0, None]
    assert column(read, "day")[0] == dt.date(2020, 1, 2)
    assert column(read, "text") == [1.5, 2.5, None]
    (bad,) = read.bad
    assert (bad.column, bad.count, bad.examples) == ("real", 1, ((2, "inf"),))


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_zeros_and_ones_with_gaps_are_flags(make: type) -> None:
    read = read_table(make({"id": [1, 2, 3], "vip": [1.0, math.nan, 0.0]}))
    assert read.formats["vip"].kind is Kind.FLAG
    assert column(read, "vip") == [1.0, None, 0.0]


def test_whole_ids_in_floats_are_written_without_a_point() -> None:
    read = read_table(pd.DataFrame({"id": [17850.0, 17851.0, None], "x": [1.5, 2.5, 3.5]}))
    assert fetch(read.texts)["id"].to_pylist() == ["17850", "17851", None]


def test_a_known_format_is_kept_for_new_rows(tmp_path: Path) -> None:
    known = {
        "a": Format(kind=Kind.NUMBER, decimal=Decimal.COMMA),
        "b": Format(kind=Kind.DATE, date_format="%m/%d/%Y"),
        "c": Format(kind=Kind.NUMBER, decimal=Decimal.POINT),
        "d": Format(kind=Kind.FLAG, true_words=("ja",), false_words=("nein",)),
        "e": Format(kind=Kind.TEXT),
    }
    read = read_table(
        csv(tmp_path, 'a,b,c,d,e\n"1,234",1/2/2012,0,ja,5\n"5,678",3/4/2012,1,vielleicht,6\n'), known=known
    )
    assert {name: form.kind for name, form in read.formats.items()} == {
        name: form.kind for name, form in known.items()
    }
    assert column(read, "a") == [1.234, 5.678]
    assert column(read, "b")[0] == dt.date(2012, 1, 2)
    assert column(read, "d") == [1.0, None]
    assert [(bad.column, bad.examples) for bad in read.bad] == [("d", ((2, "vielleicht"),))]


def test_new_rows_may_be_written_another_way_than_the_old(tmp_path: Path) -> None:
    known = {
        "a": Format(kind=Kind.NUMBER),
        "b": Format(kind=Kind.DATE),
        "c": Format(kind=Kind.NUMBER, decimal=Decimal.COMMA),
        "d": Format(kind=Kind.DATE, date_format="%d/%m/%Y"),
    }
    text = 'a,b,c,d\n"1.234,5",13.02.2012,7.25,2012-02-13\n"0,5",14.02.2012,8.75,2012-02-14\n'
    read = read_table(csv(tmp_path, text), known=known)
    assert column(read, "a") == [1234.5, 0.5]
    assert column(read, "b")[0] == column(read, "d")[0] == dt.date(2012, 2, 13)
    assert column(read, "c") == [7.25, 8.75]


def test_new_rows_of_another_type_are_read_as_far_as_they_can_be() -> None:
    known = {
        "day": Format(kind=Kind.DATE, date_format="%d/%m/%Y"),
        "n": Format(kind=Kind.NUMBER, decimal=Decimal.COMMA),
    }
    read = read_table(pa.table({"day": [dt.date(2012, 9, 4)], "n": [1.5]}), known=known)
    assert fetch(read.typed).to_pylist() == [{ROW: 1, "day": dt.date(2012, 9, 4), "n": 1.5}]
    odd = read_table(pa.table({"day": [5], "n": [dt.date(2012, 9, 4)]}), known=known)
    assert {bad.column for bad in odd.bad} == {"day", "n"}


HOSTILE = [
    'say "hi"',
    "it's; DROP TABLE source; --",
    "two\nlines",
    "emoji 🛒",
    "\u202eright to left",
    "SELECT",
    "{braces} $1 ?",
    "c0",
    "typed",
    "back\\slash",
    "x" * 300,
]


def test_hostile_names_and_values_are_just_names_and_values(tmp_path: Path) -> None:
    values = [*HOSTILE[:-1], "y" * 10_000]
    table = pa.table({name: ["1", value] for name, value in zip(HOSTILE, values, strict=True)})
    frame = table.to_pandas()
    path = tmp_path / "hostile.csv"
    frame.to_csv(path, index=False)
    for source in (table, path):
        read = read_table(source)
        assert read.typed.columns == (ROW, *HOSTILE)
        assert [cell[1] for cell in fetch(read.texts).drop_columns(ROW).to_pydict().values()] == values


def test_names_are_trimmed_told_apart_and_given_where_there_are_none(tmp_path: Path) -> None:
    read = read_table(csv(tmp_path, f" id ,Age,age,,{ROW}\n1,2,3,4,5\n"))
    assert read.typed.columns == (ROW, "id", "Age", "age_2", "column_4", f"{ROW}_2")
    assert len(read.source.info.notes) == 4


def test_extra_words_can_mean_missing(tmp_path: Path) -> None:
    read = one_column(tmp_path, ["1", "-99", "3"], ReadSettings(missing_tokens=("-99",)))
    assert column(read, "x") == [1, None, 3]


def test_rows_stay_in_their_order(tmp_path: Path) -> None:
    values = [str(place * 7 % 1000) for place in range(300_000)]
    read = one_column(tmp_path, values)
    for table in (read.typed, read.texts):
        assert fetch(table)[ROW].to_pylist() == list(range(1, len(values) + 1))
    assert fetch(read.texts)["x"].to_pylist() == values


def test_a_small_file_is_read_in_a_moment(tmp_path: Path) -> None:
    path = csv(
        tmp_path,
        "id,a,b,c,d,e\n" + "".join(f"C{n},{n},{n / 7:.2f},{n % 3},{n % 9},{n % 2}\n" for n in range(999)),
    )
    read_table(path)
    begun = time.perf_counter()
    read_table(path)
    assert time.perf_counter() - begun < 1.5, "0.1 s on an idle machine"
