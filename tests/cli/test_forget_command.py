"""A customer asks to be forgotten: no field of any file of the run says who they were."""

import csv
import hashlib
import hmac
import json
import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

import segmentry as sg
from segmentry.cli import run_app

KEY = "a key that nobody knows"


def numbered(folder: Path, *options: str) -> Path:
    """A run over 60 customers whose ids are numbers that also occur inside other numbers: 12 in 512.25."""
    rng = np.random.default_rng(4)
    groups = np.arange(60) % 3
    visits = np.maximum(rng.normal(np.array([5, 20, 50])[groups], 3), 0).round(0)
    spend = np.maximum(rng.normal(np.array([1200, 112, 612])[groups], 30), 1).round(2)
    rows = [f"{one + 712},{visits[one]:.0f},{spend[one]:.2f}" for one in range(60)]
    rows[11] = "723,-4,612.00"
    (folder / "customers.csv").write_text("\n".join(["customer_id,visits,spend", *rows]) + "\n")
    run = folder / "run"
    assert run_app(["run", str(folder / "customers.csv"), "--out", str(run), "--quiet", *options]) == 0
    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbered(tmp_path_factory.mktemp("forget"))


@pytest.fixture
def run(made: Path, shop: Any) -> Path:
    return Path(shutil.copytree(made, shop.folder / "run"))


class _Words(HTMLParser):
    """Every text and every attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[str] = []

    def handle_data(self, data: str) -> None:
        self.fields += [data.strip(), *re.split(r"[\s,;:()]+", data)]

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fields += [
            one for name, one in attrs if one and name in {"id", "title", "alt", "href", "aria-label"}
        ]


def leaves(value: Any) -> Iterator[str]:
    """Every text and whole number of a JSON or YAML value, keys included."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, str):
        yield from (value, *re.split(r"[\s,;:()]+", value))


def of_parquet(file: Path) -> Iterator[str]:
    for column in pq.read_table(file).columns:
        yield from map(str, column.to_pylist())


def of_csv(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.reader(text):
            for cell in row:
                yield from (cell, *cell.split("; "), cell.partition(":")[0])


def of_html(file: Path) -> Iterator[str]:
    page = _Words()
    page.feed(file.read_text(encoding="utf-8"))
    yield from page.fields


def of_sql(file: Path) -> Iterator[str]:
    words = re.findall(r"'(?:[^']|'')*'|[\w.]+", file.read_text(encoding="utf-8"))
    yield from (one.strip("'") for one in words)


READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    ".parquet": of_parquet,
    ".csv": of_csv,
    ".html": of_html,
    ".sql": of_sql,
    ".json": lambda file: leaves(json.loads(file.read_text(encoding="utf-8"))),
    ".yaml": lambda file: leaves(yaml.safe_load(file.read_text(encoding="utf-8"))),
}


def fields(folder: Path) -> Iterator[tuple[str, str]]:
    """Every field of every file of a run: decoded, parsed, and cut into words; pictures hold none."""
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        if file.suffix != ".png":
            yield from ((str(file.relative_to(folder)), one) for one in READERS[file.suffix](file))


def marks(who: str) -> set[str]:
    """The id, its pseudonym, and the hashes that platforms would make of it."""
    plain = {who, who.lower()}
    return (
        plain
        | {hmac.new(KEY.encode(), one.encode(), "sha256").hexdigest() for one in plain}
        | {hashlib.sha256(one.encode()).hexdigest() for one in plain}
    )


def example_ids(folder: Path) -> set[str]:
    """Customers that the run names beside their rows: typical, borderline and in findings."""
    result = json.loads((folder / "result.json").read_text())
    named = {one for segment in result["segments"] for one in segment["typical"]}
    named |= {one["id"] for segment in result["segments"] for one in segment["borderline"]}
    texts = [text for one in result["survey"]["audit"]["findings"] for text in one["examples"]]
    return named | {text.partition(":")[0] for text in texts}


def test_no_field_names_the_forgotten_and_nothing_else_is_harmed(shop: Any, run: Path) -> None:
    named = sorted(example_ids(run))
    assert "723" in named, "an example of a finding is to be forgotten too"
    gone = {*named[:4], "723", "712"}
    before = pq.read_table(run / "customers.parquet").to_pylist()
    model, sql = (run / "model.json").read_bytes(), (run / "scoring.sql").read_bytes()
    inside = {field for _, field in fields(run) if field not in gone and any(who in field for who in gone)}
    assert any(re.fullmatch(r"[\d.]+", field) for field in inside), "ids occur inside other numbers"
    outcome = shop("forget", "run", *(part for who in gone for part in ("--id", who)))
    assert outcome.code == 0, outcome.err
    found = set(fields(run))
    for who in gone:
        assert not {name for name, field in found if field in marks(who)}, who
    after = pq.read_table(run / "customers.parquet").to_pylist()
    assert after == [row for row in before if str(row["customer_id"]) not in gone]
    for file in run.glob("*.parquet"):
        assert pq.read_table(file).num_rows == len(after), file
    assert (run / "model.json").read_bytes() == model
    assert (run / "scoring.sql").read_bytes() == sql
    manifest = json.loads((run / "run.json").read_text())
    assert [one["customers"] for one in manifest["forgotten"]] == [len(gone)]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT.*", manifest["forgotten"][0]["at"])
    assert "averages" in outcome.out
    assert "--suppress" in outcome.out


def test_what_is_left_adds_up_and_can_be_used(shop: Any, run: Path) -> None:
    assert shop("forget", "run", "--id", "712", "--quiet").code == 0
    assert shop("forget", "run", "--id", "713", "--id", "714", "--quiet").code == 0
    left = sg.load(run)
    table = left.customers.to_pydict()
    assert len(table["customer_id"]) == 57
    for one in left.segments:
        inside = [row for row, name in enumerate(table["segment"]) if name == one.name]
        assert one.customers == len(inside)
        for feature in one.features:
            values = np.array([table[feature.feature][row] for row in inside], dtype=float)
            assert feature.mean == pytest.approx(np.nanmean(values), rel=1e-9)
    ledger = left.run.survey.audit.ledger
    assert ledger.rows_in == 57
    manifest = json.loads((run / "run.json").read_text())
    assert [one["customers"] for one in manifest["forgotten"]] == [1, 2]
    assert manifest["customers"] == 57
    finding = next(one for one in left.run.survey.audit.findings if one.rule == "P2")
    assert finding.rows == 3
    assert shop("score", "run", str(shop.folder / "customers.csv"), "--out", "placed.csv").code == 0


def test_the_forgotten_of_a_pseudonymised_run_are_found_by_the_key(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGMENTRY_KEY", KEY)
    run = numbered(shop.folder, "--pseudonymise")
    shop.write("gone.txt", ["customer_id", "712", "723"])
    assert shop("forget", str(run), "--file", "gone.txt", "--quiet").code == 0
    found = {field for _, field in fields(run)}
    assert not found & (marks("712") | marks("723"))
    assert hmac.new(KEY.encode(), b"713", "sha256").hexdigest() in found
    monkeypatch.delenv("SEGMENTRY_KEY")
    assert "SEGMENTRY_KEY" in shop.refusal("forget", str(run), "--id", "713")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--id", "71"), "no customer '71'"),
        (("--id", "712", "--id", "nobody"), "no customer 'nobody'"),
        ((), "Nobody is named"),
        (("--file", "missing.txt"), "There is no list of ids"),
    ],
)
def test_who_is_not_there_is_said_and_nothing_is_changed(
    shop: Any, run: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert run.is_dir()
    assert said in shop.refusal("forget", "run", *arguments)


def test_a_file_that_is_not_the_runs_own_stops_the_erasure(shop: Any, run: Path) -> None:
    (run / "audience.csv").write_text("customer_id\n712\n")
    assert "audience.csv" in shop.refusal("forget", "run", "--id", "712")


def test_nobody_is_erased_from_a_folder_that_is_no_run(shop: Any) -> None:
    assert "run" in shop.refusal("forget", "nowhere", "--id", "712")
