"""Several notations, units and currencies in one column: never called missing, never added up."""

import io
import tomllib
from pathlib import Path

import pytest
from openpyxl import Workbook

import segmentry as sg
from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import read_table
from segmentry.errors import DataError
from segmentry.records.columns import Role

IDS = [f"c{row:03}" for row in range(120)]
ORDERS = [str(1 + row % 9) for row in range(120)]


def written(path: Path, **columns: list[str]) -> Path:
    named = {"id": IDS, "orders": ORDERS, **columns}
    lines = [";".join(named), *(";".join(row) for row in zip(*named.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def halves(first: str, second: str) -> list[str]:
    """Three of five rows in the first notation; the two digits in each differ by row."""
    return [(second if row % 5 > 2 else first).format(10 + row % 15) for row in range(120)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("4/{}/26", "01-{}-2026"),
        ("2026-01-{}", "{}.03.2026"),
        ("{} Jan 2026", "2026/01/{}"),
        ("1.2{},50", "1,2{}.50"),
        ("€ 1.2{},00", "1,2{}.5"),
    ],
)
def test_two_notations_are_counted_and_refused(tmp_path: Path, first: str, second: str) -> None:
    """Hand-counted: 72 and 48 of 120 rows."""
    path = written(tmp_path / "t.csv", joined=halves(first, second))
    with pytest.raises(
        DataError, match=r"'joined' is written in several ways: like .* in 72 rows and like .* in 48"
    ) as refused:
        sg.explore(path)
    assert "missing" not in f"{refused.value} {refused.value.hint}"
    assert Role.SEGMENTATION in {
        column.role for column in sg.explore(path, exclude=["joined"]).survey.columns
    }


def test_three_notations_none_of_which_is_half_are_refused(tmp_path: Path) -> None:
    values = [("{}.03.2026", "2026-01-{}", "01/{}/26")[row % 3].format(13 + row % 10) for row in range(120)]
    with pytest.raises(DataError, match=r"in 40 rows, like .* in 40 rows and like .* in 40 rows"):
        sg.explore(written(tmp_path / "t.csv", seen=values))


def test_what_cannot_be_read_is_not_missing_whatever_the_share(tmp_path: Path) -> None:
    """45 % of the column are words: more than may be missing of a feature."""
    values = ["seldom" if row % 20 < 9 else str(row) for row in range(120)]
    with pytest.raises(DataError, match=r"'visits' holds numbers, but 54 values that are not") as refused:
        sg.explore(written(tmp_path / "t.csv", visits=values))
    assert 'missing_tokens = ["seldom"]' in refused.value.hint
    found = sg.explore(written(tmp_path / "t.csv", visits=values), missing_tokens=["seldom"])
    assert next(column for column in found.survey.columns if column.name == "visits").role is Role.DESCRIPTOR


@pytest.mark.parametrize(
    "words", [["I hate it!-5", "I love it!+5"], ["12 a week and sometimes more"], list("abcdefghijkl")]
)
def test_advice_to_count_words_as_missing_is_given_only_where_it_works(
    tmp_path: Path, words: list[str]
) -> None:
    values = [words[row // 10 % len(words)] if row % 10 == 0 else str(row % 7) for row in range(120)]
    with pytest.raises(DataError) as refused:
        sg.explore(written(tmp_path / "t.csv", answer=values))
    assert "missing_tokens" not in refused.value.hint


def test_the_words_of_the_advice_are_whole_and_all_there(tmp_path: Path) -> None:
    words = ["not applicable to this customer at all", 'said "no"']
    values = [words[row % 2] if row < 6 else str(row % 7) for row in range(120)]
    path = tmp_path / "t.csv"
    written(path, answer=[f'"{value.replace(chr(34), chr(34) * 2)}"' for value in values])
    with pytest.raises(DataError) as refused:
        sg.explore(path)
    settings = tmp_path / "s.toml"
    advice = refused.value.hint.partition("(")[2].partition(" in a settings file")[0]
    settings.write_text(advice + "\n", encoding="utf-8")
    assert sg.explore(path, **tomllib.loads(settings.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("signs", "count"),
    [
        (("€{}", "${}", "£{}"), 40),
        (("{} EUR", "{} USD"), 60),
        (("CHF {}", "€ {}"), 60),
        (("{} kr", "{} zł"), 60),
    ],
)
def test_several_currencies_are_never_added_up(tmp_path: Path, signs: tuple[str, ...], count: int) -> None:
    values = [signs[row % len(signs)].format(100 + row) for row in range(120)]
    with pytest.raises(
        DataError, match=rf"'revenue' holds several currencies: .* in {count} rows and .* in {count} rows"
    ):
        sg.explore(written(tmp_path / "t.csv", revenue=values))


@pytest.mark.parametrize("signs", [("€{}", "{} EUR", "{}"), ("${}", "US${}", "{} USD")])
def test_one_currency_in_several_spellings_is_one(tmp_path: Path, signs: tuple[str, ...]) -> None:
    values = [signs[row % len(signs)].format(100 + row) for row in range(120)]
    assert sg.explore(written(tmp_path / "t.csv", revenue=values))


def test_percentages_beside_fractions_are_refused_and_alone_are_read(tmp_path: Path) -> None:
    mixed = [f"{40 + row % 30}.5%" if row % 3 == 0 else f"0.{40 + row % 30}" for row in range(120)]
    with pytest.raises(
        DataError, match=r"'share' holds percentages beside fractions of 1: .* in 80 rows and .* in 40 rows"
    ):
        sg.explore(written(tmp_path / "t.csv", share=mixed))
    for alone in (
        [f"{40 + row % 30}%" for row in range(120)],
        [f"{row}%" if row % 2 else str(row) for row in range(120)],
    ):
        assert sg.explore(written(tmp_path / "t.csv", share=alone))


def test_a_day_of_the_year_9999_is_a_date_that_means_no_end(tmp_path: Path) -> None:
    some = ["9999-12-31" if row % 10 == 0 else f"2026-0{1 + row * 7 % 8}-1{row % 5}" for row in range(120)]
    most = ["31.12.9999" if row % 3 else f"1{row % 9}.0{1 + row % 9}.2026" for row in range(120)]
    found = sg.explore(written(tmp_path / "t.csv", last_visit=some, contract_end=most)).survey
    roles = {column.name: (column.role, column.reason) for column in found.columns}
    assert roles["last_visit"][0] is Role.SEGMENTATION
    assert roles["contract_end"] == (Role.DESCRIPTOR, "67% of its dates are of the year 9999: no end.")
    said = [finding.sentence for finding in found.audit.findings if finding.rule == "T2"]
    assert [sentence.split(" in ")[1].split(":")[0] for sentence in said] == ["12 rows", "80 rows"]
    assert found.as_of < "2027"


TITLES = ["Customer export\n", "Customer export;;\n", "Export;;\n\nMarch 2026;;\n", "# made by the till\n\n"]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_titles_above_the_header_are_skipped_and_said(tmp_path: Path, title: str, sign: str) -> None:
    path = written(tmp_path / "t.csv", spend=[str(5 * row) for row in range(120)])
    path.write_text((title + path.read_text(encoding="utf-8")).replace(";", sign), encoding="utf-8")
    read = read_table(path)
    assert list(read.formats) == ["id", "orders", "spend"]
    assert len(fetch(read.typed)) == 120
    assert any("above the header was skipped: '" in note for note in read.source.info.notes)


def test_titles_above_the_header_of_a_sheet_are_skipped_and_said(tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ["Customers"],
        [],
        ["id", "orders", "spend"],
        *([one, row, row * 2.5] for row, one in enumerate(IDS)),
    ):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    path = tmp_path / "t.xlsx"
    path.write_bytes(content.getvalue())
    read = read_table(path)
    assert list(read.formats) == ["id", "orders", "spend"]
    assert len(fetch(read.typed)) == 120
    assert "What stands above the header was skipped: 'Customers'." in read.source.info.notes


@pytest.mark.parametrize(
    "rows",
    [
        [f"{1001 + row};2025-11-{10 + row % 20};{row * 1.5}" for row in range(60)],
        [f"C{row:03};{20 + row * 7 % 40};{row * 13 % 97}.5;Basel" for row in range(60)],
        [f"{row};{row * row % 83};{row * 7 % 45}" for row in range(5, 60)],
    ],
)
def test_a_file_without_a_header_is_refused(tmp_path: Path, rows: list[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no header: its first line") as refused:
        read_table(path)
    assert "names of the columns" in refused.value.hint


@pytest.mark.parametrize("names", ["id;1;2;3", "id;2023;2024;2025", "id;Q1;Q2;Q3", "id;10;20;30"])
def test_numbers_may_be_names(tmp_path: Path, names: str) -> None:
    path = tmp_path / "t.csv"
    rows = [f"c{row};{row % 5};{row % 4};{row % 3}" for row in range(60)]
    path.write_text("\n".join([names, *rows]) + "\n", encoding="utf-8")
    assert list(read_table(path).formats) == names.split(";")


def test_notes_in_an_empty_column_are_no_id(tmp_path: Path) -> None:
    notes = [f"see page {row}" if row % 20 == 0 else "" for row in range(120)]
    path = tmp_path / "t.csv"
    lines = ["orders;spend;", *(f"{ORDERS[row]};{row * 3};{notes[row]}" for row in range(120))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = {column.name: column.role for column in sg.explore(path).survey.columns}
    assert columns["column_3"] is Role.DESCRIPTOR
    assert Role.ID not in columns.values()


@pytest.mark.parametrize("units", ["Stück;€", ";EUR", "number per year;(in thousands)"])
def test_units_below_the_header_are_no_customer(tmp_path: Path, units: str) -> None:
    path = written(tmp_path / "t.csv", spend=[str(5 * row) for row in range(120)])
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{header}\n;{units}\n{rest}", encoding="utf-8")
    read = read_table(path)
    assert len(fetch(read.typed)) == 120
    assert any(note.startswith("The row below the header holds units") for note in read.source.info.notes)


@pytest.mark.parametrize("first", ["c999;n/a;n/a", ";3;5", "c999;many;lots"])
def test_a_first_customer_of_whom_little_is_known_is_no_unit(tmp_path: Path, first: str) -> None:
    path = written(tmp_path / "t.csv", spend=[str(5 * row) for row in range(120)])
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{header}\n{first}\n{rest}", encoding="utf-8")
    assert len(fetch(read_table(path).typed)) == 121
