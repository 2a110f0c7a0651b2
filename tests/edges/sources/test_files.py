"""Files of every kind, written by the libraries that people write them with, are read back."""

import datetime as dt
import gzip
import hashlib
import json
import socket
from pathlib import Path

import duckdb
import ibis
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import open_source, read_table
from segmentry.records.columns import Kind
from segmentry.records.settings import ReadSettings

HEADER = "id,name,spend\n"
ROWS = "001,Zoë,12.5\n002,José,7\n003,Łukasz,\n"
RECORDS = [
    {"id": "001", "name": "Zoë", "spend": "12.5"},
    {"id": "002", "name": "José", "spend": "7"},
    {"id": "003", "name": "Łukasz", "spend": None},
]


def records(path: object, options: ReadSettings | None = None) -> list[dict[str, object]]:
    return fetch(open_source(path, options).table).to_pylist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_csv_in_any_unicode_encoding_reads_the_same(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes((HEADER + ROWS).encode(encoding))
    assert records(path) == RECORDS


def test_a_csv_from_windows_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes("id,name\n1,Zoë €5\n".encode("cp1252"))
    source = open_source(path)
    assert fetch(source.table).to_pylist() == [{"id": "1", "name": "Zoë €5"}]
    assert source.info.notes == ("Its letters were read as Windows-1252.",)


def test_an_encoding_that_was_given_is_used(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes("id,name\n1,Żółw\n".encode("cp1250"))
    assert records(path, ReadSettings(encoding="cp1250"))[0]["name"] == "Żółw"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_among_quoted_cells_that_hold_the_others(
    tmp_path: Path, delimiter: str
) -> None:
    path = tmp_path / "customers.csv"
    lines = [
        ("id", "address", "spend"),
        ("1", '"a,b;c|d\te"', "2"),
        ("2", '"says ""hi"",\nin two lines"', "3"),
    ]
    path.write_text("\n".join(delimiter.join(line) for line in lines), encoding="utf-8")
    source = open_source(path)
    assert source.delimiter == delimiter
    assert fetch(source.table)["address"].to_pylist() == ["a,b;c|d\te", 'says "hi",\nin two lines']
    assert source.info.kind == ("tsv" if delimiter == "\t" else "csv")


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("id;spend, net;visits\n1;1,5;2\n2;2,5;3\n", encoding="utf-8")
    read = read_table(path)
    assert fetch(read.typed)["spend, net"].to_pylist() == [1.5, 2.5]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes((HEADER + ROWS).replace("\n", newline).encode())
    assert records(path) == RECORDS


@pytest.mark.parametrize(
    "text",
    [
        "sep=,\n" + HEADER + ROWS,
        "\n\n" + HEADER + ROWS,
        HEADER + ROWS.replace("\n", "\r\n", 1),
        HEADER + ROWS + "\n   \n",
        HEADER + ROWS.replace("\n", ",\n"),
        HEADER + ROWS.replace(",Zoë", ', "Zoë"'),
        HEADER + ROWS.replace("Zoë", '"Zo"ë'),
    ],
    ids=[
        "sep line",
        "blank top",
        "mixed ends",
        "blank bottom",
        "trailing delimiter",
        "blank before quote",
        "quote inside",
    ],
)
def test_untidy_files_are_tidied(tmp_path: Path, text: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(text.encode())
    assert records(path) == RECORDS


def test_gzip_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    for name in ("customers.csv.gz", "customers.csv"):
        path = tmp_path / name
        path.write_bytes(gzip.compress((HEADER + ROWS).encode()))
        assert records(path) == RECORDS


def test_a_name_with_signs_of_a_pattern_or_a_quote_is_just_a_name(tmp_path: Path) -> None:
    for name in ("customers [2024]*.csv", "it's.csv", "käufer?.csv", "no suffix"):
        path = tmp_path / name
        path.write_text(HEADER + ROWS, encoding="utf-8")
        assert records(path) == RECORDS
        assert open_source(str(path)).info.name == name


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "customers.dat"
    table = pa.table(
        {"id": [1, 2], "spend": [1.5, None], "since": [dt.date(2020, 1, 2), None], "tags": [["a"], []]}
    )
    pq.write_table(table, path)
    source = open_source(path)
    assert source.info.kind == "parquet"
    assert source.nested == ("tags",)
    assert fetch(source.table).drop_columns("tags").to_pylist() == table.drop_columns("tags").to_pylist()


def test_excel_cells_keep_their_types_and_ids_their_zeros(tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "number", "spend", "since", "seen", "active", "mixed", None])
    sheet.append(["007", 17850, 1.5, dt.date(2020, 1, 2), dt.datetime(2020, 1, 2, 3, 4), True, 5, None])  # noqa: DTZ001
    sheet.append(["008", 17851, None, dt.date(2020, 1, 3), dt.datetime(2020, 1, 3), False, "n/a", "x"])  # noqa: DTZ001
    sheet["A9"].number_format = "0.00"
    book.create_sheet("second").append(["id"])
    book["second"].append([1])
    book.save(path)
    read = read_table(path)
    rows = fetch(read.typed).to_pylist()
    assert rows[0] == {
        "__row": 1,
        "id": "007",
        "number": 17850.0,
        "spend": 1.5,
        "since": dt.date(2020, 1, 2),
        "seen": dt.date(2020, 1, 2),
        "active": 1.0,
        "mixed": 5.0,
        "column_8": None,
    }
    assert fetch(read.texts)["number"].to_pylist() == ["17850", "17851"]
    assert "'Sheet'" in read.source.info.notes[0]
    assert open_source(path, ReadSettings(table="second")).info.columns == 1


@pytest.mark.parametrize("name", ["customers.jsonl", "customers.json"])
def test_json_is_read_by_line_or_as_an_array(tmp_path: Path, name: str) -> None:
    rows = [{"id": "007", "spend": 1.5, "more": {"a": 1}}, {"id": "008", "vip": True, "spend": None}]
    path = tmp_path / name
    path.write_text(
        json.dumps(rows) if name.endswith("json") else "\n".join(map(json.dumps, rows)), encoding="utf-8"
    )
    source = open_source(path)
    assert source.info.kind == "json"
    assert source.nested == ("more",)
    assert fetch(source.table.select("id", "spend", "vip")).to_pylist() == [
        {"id": "007", "spend": 1.5, "vip": None},
        {"id": "008", "spend": None, "vip": True},
    ]


def test_the_one_table_of_a_duckdb_file_is_read_and_the_file_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE customers AS SELECT 1 AS id, 'a' AS name")
    before = path.read_bytes()
    assert records(path) == [{"id": 1, "name": "a"}]
    assert path.read_bytes() == before


def test_one_of_several_tables_is_named(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE customers AS SELECT 1 AS id")
        connection.execute("CREATE VIEW recent AS SELECT 2 AS id")
        connection.execute('CREATE SCHEMA "my shop"')
        connection.execute('CREATE TABLE "my shop"."Robert\'); DROP" AS SELECT 3 AS id')
    assert records(path, ReadSettings(table="recent")) == [{"id": 2}]
    assert records(path, ReadSettings(table="my shop.Robert'); DROP")) == [{"id": 3}]


FRAME = {"id": ["007", "008"], "spend": [1.5, None], "vip": [True, False], "n": [1, 2]}


def test_tables_in_memory_read_the_same_and_have_the_same_fingerprint() -> None:
    pandas, polars = pd.DataFrame(FRAME), pl.DataFrame(FRAME)
    sources = [
        pandas,
        polars,
        polars.lazy(),
        pa.table(FRAME),
        pa.table(FRAME).to_batches()[0],
        ibis.memtable(pa.table(FRAME)),
    ]
    opened = [open_source(source) for source in sources]
    assert [one.info.kind for one in opened] == ["pandas", "polars", "polars", "pyarrow", "pyarrow", "ibis"]
    assert len({one.info.fingerprint for one in opened}) == 1
    assert all(fetch(one.table).to_pylist() == pa.table(FRAME).to_pylist() for one in opened)


def test_a_value_that_changes_changes_the_fingerprint() -> None:
    changed = {**FRAME, "spend": [1.5, 0.0]}
    assert open_source(pa.table(FRAME)).info.fingerprint != open_source(pa.table(changed)).info.fingerprint


def test_the_index_of_a_pandas_table_is_a_column_when_it_has_a_name() -> None:
    source = open_source(pd.DataFrame(FRAME).set_index("id"))
    assert source.table.columns == ("id", "spend", "vip", "n")
    assert "index" in source.info.notes[0]
    assert open_source(pd.DataFrame(FRAME, index=[5, 6])).info.columns == 4


def test_pandas_columns_of_mixed_values_become_text() -> None:
    source = open_source(pd.DataFrame({"x": pd.Series([1, "a", None], dtype=object), 3: [1, 2, 3]}))
    assert fetch(source.table).to_pydict() == {"x": ["1", "a", None], "3": [1, 2, 3]}


def test_categories_are_text() -> None:
    frame = pd.DataFrame({"tier": pd.Categorical(["gold", "silver"]), "n": [1, 2]})
    read = read_table(frame)
    assert read.formats["tier"].kind is Kind.TEXT
    assert fetch(read.typed)["tier"].to_pylist() == ["gold", "silver"]


def test_a_fingerprint_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,x\n1,2\n")
    assert open_source(path).info.fingerprint == hashlib.sha256(path.read_bytes()).hexdigest()


def test_reading_a_file_asks_no_network_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = tmp_path / "customers.csv"
    path.write_bytes(gzip.compress((HEADER + ROWS).encode("utf-16")))
    assert records(path) == RECORDS
    assert list(scratch.iterdir()) == []
