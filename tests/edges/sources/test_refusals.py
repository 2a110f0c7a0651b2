"""Bad input ends in one sentence that says what, where and what to try."""

import gzip
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.edges.sources import open_source
from segmentry.errors import DataError, SegmentryError, UsageError
from segmentry.records.settings import ReadSettings
from segmentry.settings import Settings

GOOD = "id,spend,visits\n1,2,3\n4,5,6\n"


def refusal(source: object, options: ReadSettings | None = None) -> str:
    """The message that opening ends in; it is one line and names no inner workings."""
    with pytest.raises(SegmentryError) as caught:
        open_source(source, options)
    assert isinstance(caught.value, DataError | UsageError)
    message = str(caught.value)
    assert "\n" not in message
    assert "segmentry-" not in message, "the name of a scratch folder"
    return message


def written(tmp_path: Path, content: str | bytes, name: str = "customers.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_wrong_name_is_met_with_the_near_ones(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    message = refusal(tmp_path / "custmers.csv")
    assert message.startswith("There is no file '")
    assert message.endswith("Did you mean 'customers.csv'?")
    assert "Beside it there are: customers.csv." in refusal(tmp_path / "x")
    assert "no folder" in refusal(tmp_path / "no" / "x.csv")


def test_a_folder_is_met_with_what_it_holds(tmp_path: Path) -> None:
    assert "It holds no file that can be read" in refusal(tmp_path)
    written(tmp_path, GOOD)
    assert "Name one of its files: customers.csv" in refusal(tmp_path)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "is not a plain file" in refusal(pipe)


def test_an_address_is_no_path() -> None:
    assert "Download it first" in refusal("https://example.com/customers.csv")


def test_a_refused_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD)

    opened = Path.open

    def refuse(self: Path, *rest: str, **more: str) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *rest, **more)

    monkeypatch.setattr(Path, "open", refuse)
    assert "may not be read" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n", gzip.compress(b"", mtime=0)])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    assert refusal(written(tmp_path, content)) == "The file 'customers.csv' is empty. Check the export."


@pytest.mark.parametrize("content", ["id,spend\n", "id,spend", "id,spend\r\n\r\n"])
def test_only_a_header(tmp_path: Path, content: str) -> None:
    assert "only a header" in refusal(written(tmp_path, content))


def test_only_a_header_in_memory() -> None:
    assert "only a header" in refusal(pa.table({"id": pa.array([], pa.int64())}))
    assert "no columns" in refusal(pa.table({}))


def test_no_header(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, "1,2.5,30\n2,3.5,40\n"))
    assert "no header: its first line holds only numbers (1, 2.5, 30)" in message
    years = open_source(written(tmp_path, "2019,2020\n5,6\n"))
    assert years.table.columns == ("2019", "2020")


def test_binary_rubbish(tmp_path: Path) -> None:
    rubbish = bytes((7 * place * place + 3) % 256 for place in range(4000))
    assert "not text" in refusal(written(tmp_path, rubbish)) or "NUL" in refusal(written(tmp_path, rubbish))


def test_a_nul_byte_is_found_by_its_line(tmp_path: Path) -> None:
    assert "NUL byte in line 3" in refusal(written(tmp_path, b"id,x\n1,2\n3,\x004\n"))


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"<!DOCTYPE html><html><body>", "a web page"),
        (b"  <html>", "a web page"),
        (b'<?xml version="1.0"?>', "a web page"),
        (b"%PDF-1.7", "a PDF"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\x89PNG\r\n", "a picture"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    ],
)
def test_what_is_something_else_is_called_by_its_name(tmp_path: Path, head: bytes, word: str) -> None:
    assert f"is {word}, not a table" in refusal(written(tmp_path, head + b" some more bytes"))


@pytest.mark.parametrize("name", ["report.docx", "customers.zip"])
def test_archives_that_are_no_workbooks(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert "is a ZIP archive, not a table" in refusal(path)


def test_a_kind_that_is_not_read_is_named(tmp_path: Path) -> None:
    assert "of the kind .pdf" in refusal(written(tmp_path, "plain words", "a.pdf"))


def test_damaged_files_say_what_they_should_have_been(tmp_path: Path) -> None:
    parquet = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": list(range(1000))}), parquet)
    parquet.write_bytes(parquet.read_bytes()[:-200])
    assert "cannot be read as Parquet" in refusal(parquet)
    book = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(book)
    book.write_bytes(book.read_bytes()[:800])
    assert "cannot be read as an Excel workbook" in refusal(book)
    packed = written(tmp_path, gzip.compress(GOOD.encode() * 1000)[:-20], "a.csv.gz")
    assert "cut short or damaged" in refusal(packed)
    assert "cannot be read as JSON" in refusal(written(tmp_path, '[{"a": 1}, {"a"', "a.json"))
    base = tmp_path / "a.duckdb"
    with duckdb.connect(base) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS x")
    base.write_bytes(base.read_bytes()[:1000])
    assert "cannot be read as a DuckDB file" in refusal(base)


def test_json_without_objects(tmp_path: Path) -> None:
    assert "holds no objects" in refusal(written(tmp_path, "[1, 2, 3]", "a.json"))


def test_ragged_rows_are_found_by_their_line(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, GOOD + "7,8\n"))
    assert message.startswith("Line 4 has 2 values, but the header has 3 columns.")
    message = refusal(written(tmp_path, 'id,x,y\n"a\nb",2,3\n1,2,3,4\n'))
    assert message.startswith("Line 4 has 4 values")
    message = refusal(written(tmp_path, "sep=;\n\nid;x\n1;2\n3;4;5\n"))
    assert message.startswith("Line 5 has 3 values")


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, 'id,x,y\n1,"2,3\n4,5,6\n7,8,9\n'))
    assert "A quotation mark that is opened in line 2 may not be closed" in message


def test_lines_above_the_header(tmp_path: Path) -> None:
    words = "Report of May\n" + GOOD.replace("1,2,3", "a,b,c").replace("4,5,6", "d,e,f")
    assert "If there are lines above the header, delete them" in refusal(written(tmp_path, words))


def test_a_delimiter_that_does_not_split(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, GOOD), ReadSettings(delimiter=";"))
    assert "has one column, but its header holds ','" in message
    message = refusal(written(tmp_path, "id:spend\n1:2\n3:4\n"))
    assert "look separated by colons" in message
    assert (
        open_source(written(tmp_path, "id:spend\n1:2\n3:4\n"), ReadSettings(delimiter=":")).info.columns == 2
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"delimiter": "ab"}, "The setting 'delimiter' cannot be 'ab': it should be one character"),
        ({"delimiter": "\n"}, "it should be one character, such as , or ; or the word tab"),
        ({"delimiter": "é"}, "it should be one character"),
        ({"decimal": "dot"}, "The setting 'decimal' cannot be 'dot': it should be 'point' or 'comma'."),
        ({"date_order": "ymd"}, "The setting 'date_order' cannot be 'ymd': it should be 'dmy' or 'mdy'."),
    ],
)
def test_options_that_cannot_be_meant(options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as failure:
        Settings(**options)
    assert message in str(failure.value)


@pytest.mark.parametrize("word", ["tab", "TAB", "\t", "\\t"])
def test_a_separator_may_be_called_by_its_name(word: str) -> None:
    assert Settings(delimiter=word).reading.separator == "\t"


def test_encodings_that_are_not_or_do_not_fit(tmp_path: Path) -> None:
    path = written(tmp_path, "id,x\n1,é\n".encode("cp1252"))
    assert "There is no encoding called 'klingon'" in refusal(path, ReadSettings(encoding="klingon"))
    assert "cannot be read as utf-8" in refusal(path, ReadSettings(encoding="utf-8"))
    assert "cannot be read as ascii" in refusal(path, ReadSettings(encoding="ascii"))


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, "id, spend,spend \n1,2,3\n"))
    assert message == "Two columns are called 'spend' (columns 2 and 3). Rename or remove one of them."


def test_a_sheet_or_table_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.create_sheet("Customers")
    book.save(path)
    assert "Did you mean 'Customers'?" in refusal(path, ReadSettings(table="customer"))
    assert "sheet of 'a.xlsx' is empty" in refusal(path, ReadSettings(table="Customers"))
    assert "only a header" in refusal(path)
    base = tmp_path / "a.duckdb"
    with duckdb.connect(base) as connection:
        assert connection is not None
    assert "holds no table" in refusal(base)
    with duckdb.connect(base) as connection:
        connection.execute("CREATE TABLE customers AS SELECT 1 AS x; CREATE TABLE orders AS SELECT 1 AS x")
    assert "holds 2 tables: customers, orders. Name one with the setting table." in refusal(base)
    assert "Did you mean 'orders'?" in refusal(base, ReadSettings(table="order"))


@pytest.mark.parametrize("make", [lambda: 5, lambda: [1, 2], lambda: {"a": [1]}, lambda: None])
def test_what_is_no_table_at_all(make: Callable[[], object]) -> None:
    assert "is not a customer table" in refusal(make())
