"""Containers and names that are words to the engine: read like any other, or refused in one sentence."""

import gzip
import io
import zipfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import read_table
from segmentry.edges.sources.columns import numbers_of
from segmentry.edges.sources.excel_extent import column_number
from segmentry.errors import DataError

HEADER = "id,orders,spend\n"
ROWS = "".join(f"c{row},{row % 7},{row * 1.5}\n" for row in range(1, 61))
TABLE = HEADER + ROWS


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("name", ["rowid", "ROWID", "RowId", "__row", "__place"])
@pytest.mark.parametrize("kind", ["csv", "parquet", "duckdb"])
def test_a_column_may_be_called_like_the_engines_own(tmp_path: Path, name: str, kind: str) -> None:
    values = [row % 15 for row in range(60)]
    table = pa.table({"id": [f"c{row}" for row in range(60)], name: values})
    path = tmp_path / f"t.{kind}"
    if kind == "csv":
        write(path, f"id,{name}\n" + "".join(f"c{row},{value}\n" for row, value in enumerate(values)))
    elif kind == "parquet":
        pq.write_table(table, path)
    else:
        with duckdb.connect(path) as connection:
            connection.register("arrived", table)
            connection.execute("CREATE TABLE customers AS SELECT * FROM arrived")
    read = read_table(path)
    own = next(column for column in read.formats if column != "id")
    assert numbers_of(read, [own])[own].tolist() == values
    assert fetch(read.typed)["__row"].to_pylist() == list(range(1, 61))


@pytest.mark.parametrize("folder", ["year=2024", "a=b/c=d", "it's", "ü [1]"])
def test_the_name_of_a_folder_adds_no_column(tmp_path: Path, folder: str) -> None:
    csv = write(tmp_path / folder / "t.csv", TABLE)
    lines = write(tmp_path / folder / "t.jsonl", '{"id": "a", "orders": 1}\n{"id": "b", "orders": 2}\n')
    pq.write_table(pa.table({"id": ["a"], "orders": [1]}), tmp_path / folder / "t.parquet")
    assert list(read_table(csv).formats) == ["id", "orders", "spend"]
    for path in (lines, lines.with_suffix(".parquet")):
        assert list(read_table(path).formats) == ["id", "orders"]


@pytest.mark.parametrize("name", ["from-header.txt.gz", "utf-8.txt.gz", "tidy.csv.gz", ".gz", "unpacked.gz"])
@pytest.mark.parametrize("content", ["\n" + TABLE, TABLE.replace("c1,", "é1,"), 'x"y' + TABLE])
def test_the_name_of_a_compressed_file_does_not_matter(tmp_path: Path, name: str, content: str) -> None:
    named = read_table(write(tmp_path / name, gzip.compress(content.encode("cp1252"))))
    plain = read_table(write(tmp_path / "plain.csv", content.encode("cp1252")))
    assert fetch(named.typed).to_pylist() == fetch(plain.typed).to_pylist()


def test_a_name_of_a_hundred_thousand_letters_is_refused_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"column 2 has 140,000 letters"):
        read_table(write(tmp_path / "t.csv", f"id,{'x' * 140_000}\na,1\nb,2\n"))


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    long = "x" * 200_000
    read = read_table(write(tmp_path / "t.csv", f'id,note\na,"{long}"\nb,"short, with a comma"\n'))
    assert fetch(read.texts)["note"].to_pylist() == [long, "short, with a comma"]


def test_a_parquet_file_with_bytes_that_are_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": ["a", "b"], "namexx": [1, 2]}), path, store_schema=False)
    path.write_bytes(path.read_bytes().replace(b"namexx", b"name\xff\xfe"))
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        read_table(path)


@pytest.mark.parametrize(
    "query", ["SELECT * FROM read_csv('{0}')", "SELECT content AS id FROM read_text('{0}')"]
)
def test_a_view_that_reads_another_file_is_refused(tmp_path: Path, query: str) -> None:
    secret = write(tmp_path / "secret.csv", "id,salary\na,98765\nb,12345\n")
    path = tmp_path / "t.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(f"CREATE VIEW customers AS {query.format(secret)}")
    with pytest.raises(DataError, match=r"The view 'customers' in 't\.duckdb' reads other files") as refused:
        read_table(path)
    assert "98765" not in str(refused.value)


def test_a_view_on_the_files_own_tables_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE raw AS SELECT 'c' || i AS id, i AS orders FROM range(40) t(i)")
        connection.execute("CREATE VIEW customers AS SELECT * FROM raw")
    from segmentry.records.settings import ReadSettings

    assert len(fetch(read_table(path, ReadSettings(table="customers")).typed)) == 40


@pytest.mark.parametrize("kind", [pa.timestamp("us"), pa.date32()])
def test_a_typed_date_beyond_all_calendars_is_unread_and_not_missing(
    tmp_path: Path, kind: pa.DataType
) -> None:
    """9223372036854775 microseconds or 3,000,000 days after 1970 lie beyond the year 9999."""
    far = pa.array([3_000_000 if kind == pa.date32() else 300_000_000_000_000_000], pa.int64())
    days = pa.chunked_array([pa.array([19_000] * 59, pa.int64()), far])
    days = days.cast(pa.int32()).cast(kind) if kind == pa.date32() else days.cast(kind)
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": [f"c{row}" for row in range(60)], "last_seen": days}), path)
    (bad,) = read_table(path).bad
    assert (bad.column, bad.count, bad.examples[0][0]) == ("last_seen", 1, 60)


def workbook(*cells: tuple[str, object]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["id", "orders"])
    for row in range(30):
        sheet.append([f"c{row}", row])
    for place, value in cells:
        sheet[place] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "t.xlsx", workbook(("XFD1048576", "x")))
    with pytest.raises(DataError, match=r"reaches to column XFD and row 1,048,576"):
        read_table(path)


def test_a_corner_that_has_only_a_style_is_no_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "t.xlsx", workbook())
    changed = tmp_path / "styled.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
                part = part.replace(b"</sheetData>", far)
            new.writestr(name, part)
    assert len(fetch(read_table(changed).typed)) == 30


@pytest.mark.parametrize("column", [1, 26, 27, 702, 703, 16_384])
def test_columns_are_numbered_as_in_excel(column: int) -> None:
    """Against openpyxl."""
    from openpyxl.utils import get_column_letter

    assert column_number(get_column_letter(column).encode()) == column
