"""Names and values that would be code somewhere come out as text everywhere."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from segmentry.cli import run_app
from segmentry.edges.sources import read_table

NASTY = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(2)>',
    "{{7*7}}",
    "</style><style>*{display:none}",
    "{% for x in y %}",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "two\nlines",
    'it\'s "quoted"',
    "\u202eright to left\u202c",
    "bell\x07 and \x1b[31mred\x7f",
    "long " * 2_000,
    "🛒 emoji",
    '";DROP TABLE customers;--',
    "'; DROP TABLE customers;--",
    "<!-- -->",
    "\\",
    "=",
    "javascript:alert(3)",
    "http://evil.example/pixel.png",
)
FEATURES = 13
"""As many of them are names of features; all of them are ids and words."""
CUSTOMERS = 92
FILE = "=<img src=x onerror=alert(4)>{{7*7}}'\".csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the hostile file is in, with a run and an exploration of it."""
    place = tmp_path_factory.mktemp("hostile")
    rng = np.random.default_rng(0)
    group = np.arange(CUSTOMERS) % 3
    with (place / FILE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["=cmd|' /C calc'!A0", "spend", *NASTY[:FEATURES], "@words"])
        for row in range(CUSTOMERS):
            numbers = rng.normal(np.array([5.0, 1.0, 9.0])[(group[row] + np.arange(FEATURES + 1)) % 3], 1.0)
            cells = [f"{abs(one):.2f}" for one in numbers]
            writer.writerow([f"{NASTY[row % len(NASTY)]}{row}", *cells, NASTY[row % 5]])
    for command in ("run", "explore"):
        arguments = [command, str(place / FILE), "--id", "=cmd|' /C calc'!A0", "--out", str(place / command)]
        assert run_app([*arguments, "--quiet"]) == 0
    return place


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and the addresses that it would ask for."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__()
        self.elements: list[str] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.comments: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, what it would run and what it would fetch."""
        self.elements.append(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.handlers.append(f"{tag} {name}")
            if name in {"href", "src", "srcset", "xlink:href", "action", "data", "poster", "background"}:
                self.addresses.append(value or "")
            if name == "style" and value and "url(" in value:
                self.addresses.append(value)

    def handle_comment(self, data: str) -> None:
        """Note a comment."""
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.text.append(data)


@pytest.fixture(scope="module", params=["run", "explore"])
def page(request: pytest.FixtureRequest, folder: Path) -> tuple[Page, str]:
    text = (folder / request.param / "report.html").read_text(encoding="utf-8")
    parsed = Page()
    parsed.feed(text)
    return parsed, text


def test_the_report_runs_nothing(page: tuple[Page, str]) -> None:
    parsed, text = page
    assert set(parsed.elements).isdisjoint({"script", "iframe", "object", "embed", "img", "base", "form"})
    assert parsed.handlers == []
    assert "javascript:" not in [address.strip().lower()[:11] for address in parsed.addresses]
    assert not re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)


def test_the_report_asks_nobody_for_anything(page: tuple[Page, str]) -> None:
    parsed, text = page
    assert [one for one in parsed.addresses if not one.startswith(("#", "data:"))] == []
    styles = "".join(re.findall(r"<style[^>]*>(.*?)</style>", text, flags=re.DOTALL))
    assert "url(" not in styles.replace("url(#", "")
    assert "@import" not in styles
    assert "*{display:none}" not in styles


def test_the_report_shows_hostile_names_as_they_are(page: tuple[Page, str]) -> None:
    parsed, _ = page
    shown = "".join(parsed.text)
    for name in ("<script>alert(1)</script>", "{{7*7}}", "{% for x in y %}", "+1+1"):
        assert name in shown
    assert FILE in shown


def test_the_report_keeps_the_direction_of_its_own_text(page: tuple[Page, str]) -> None:
    """A mark that turns what follows around would make a page lie about its numbers."""
    assert "\u202e" not in page[1]


def cells(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.csv")):
        if path.name != FILE:
            with path.open(encoding="utf-8", newline="") as file:
                yield from ((path.name, cell) for row in csv.reader(file) for cell in row)


def number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", text) is not None


def test_no_cell_of_any_csv_is_a_formula(folder: Path) -> None:
    """Header cells, figures' numbers and explorations included (OWASP, CSV injection)."""
    assert len({name for name, _ in cells(folder)}) > 20
    begin = ("=", "+", "-", "@", "\t", "\r", "\n")
    found = {(name, cell[:40]) for name, cell in cells(folder) if cell.lstrip(" ").startswith(begin) and not number(cell)}  # fmt: skip
    assert found == set()


def test_parquet_keeps_every_id_as_it_was(folder: Path) -> None:
    table = pq.read_table(folder / "run" / "customers.parquet")
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        ids = [row[0] for row in csv.reader(file)][1:]
    assert table.column_names[0] == "=cmd|' /C calc'!A0"
    assert table[0].to_pylist() == [one.strip() for one in ids]


def test_strategies_and_json_are_data(folder: Path) -> None:
    plays = yaml.safe_load((folder / "run" / "strategies.yaml").read_text(encoding="utf-8"))
    names = [one["name"] for one in json.loads((folder / "run" / "run.json").read_text())["segments"]]
    assert list(plays) == names
    for path in (*folder.glob("*/*.json"),):
        json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_the_sql_scores_and_drops_no_table(folder: Path) -> None:
    """DuckDB places the customers of the file as the run did; the names stay inside their quotes."""
    read = read_table(folder / FILE)
    texts = read.texts.to_pyarrow()
    engine = duckdb.connect()
    engine.register("given", pa.table({name: texts[name] for name in read.formats}))
    engine.execute("CREATE TABLE customers AS SELECT * FROM given")
    scored = engine.sql((folder / "run" / "scoring.sql").read_text(encoding="utf-8")).to_arrow_table()
    placed = pq.read_table(folder / "run" / "customers.parquet")
    assert scored["segment"].to_pylist() == placed["segment"].to_pylist()
    assert engine.sql("SELECT count(*) FROM customers").fetchall() == [(CUSTOMERS,)]


def test_hostile_customers_are_placed_and_printed_harmlessly(folder: Path, shop: Any) -> None:
    outcome = shop("score", str(folder / "run"), str(folder / FILE), "--out", "placed.csv")
    assert outcome.code == 0
    found = [cell for _, cell in cells(shop.folder) if cell[:1] in {"=", "+", "-", "@"} and not number(cell)]
    assert found == []


def test_a_name_cannot_command_the_terminal(shop: Any) -> None:
    """Escape signs in a file's name or a column's are shown, not obeyed."""
    table = ["id,\x1b[31mred", *(f"C{row},{row % 7}" for row in range(60))]
    outcome = shop("run", shop.write("\x1b[2Jgone.csv", table), "--k", "1", "--out", "\x1b[1mmade")
    assert outcome.code == 0
    assert "\x1b" not in outcome.out + outcome.err
    assert r"\x1b[2Jgone" in shop.refusal("run", "\x1b[2Jgone.cvs")
    assert r"\x1b[31mred" in shop.refusal("run", "\x1b[2Jgone.csv", "--features", "nope", "--out", "other")


def test_a_message_stays_short_whatever_the_file_holds(shop: Any) -> None:
    header = ",".join(f"{'x' * 500}{place}" for place in range(200))
    shop.write("wide.csv", [header, *(",".join(["1"] * 200) for _ in range(40))])
    assert len(shop.refusal("run", "wide.csv", "--features", "y" * 10_000)) < 1_000


def test_out_is_a_folder_here_even_when_it_looks_like_an_address(shop: Any) -> None:
    outcome = shop("run", "customers.csv", "--k", "1", "--quiet", "--out", "s3://bucket/run")
    assert outcome.code == 0
    assert Path("s3:/bucket/run/customers.parquet").is_file()


def test_a_line_break_in_a_header_keeps_the_customers(shop: Any, customers: list[str]) -> None:
    """As Excel writes it: a line feed within the cell, and both signs at the end of the line."""
    header = 'customer_id,"visits\nin 2026",spend,city'
    shop.write("broken.csv", "\r\n".join([header, *customers[1:]]))
    assert shop("run", "broken.csv", "--k", "1", "--quiet").code == 0
    columns = json.loads(Path("runs/broken/run.json").read_text())["columns"]
    assert list(columns) == ["customer_id", "visits\nin 2026", "spend", "city"]
    assert pq.read_table("runs/broken/customers.parquet").num_rows == 60


def test_a_file_name_that_is_not_utf_8_is_no_obstacle(shop: Any) -> None:
    name = os.fsdecode(b"kund\xf6r.csv")
    Path("customers.csv").rename(name)
    outcome = shop.process("run", name, "--k", "1", "--effort", "quick")
    assert outcome.code == 0, outcome.err
    made = shop.folder / "runs" / os.fsdecode(b"kund\xf6r")
    assert json.loads((made / "run.json").read_text(encoding="utf-8"))["source"]["name"] == "kund\ufffdr.csv"


def test_python_files_beside_the_data_are_not_run(shop: Any) -> None:
    """A folder of downloads may hold a json.py."""
    for module in ("json", "yaml", "numpy", "segmentry", "sitecustomize"):
        shop.write(f"{module}.py", "open('taken', 'w').close()\n")
    command = Path(sys.executable).with_name("segmentry")
    done = subprocess.run(
        [str(command), "run", "customers.csv", "--k", "1", "--effort", "quick"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not Path("taken").exists()
