"""What cannot be meant or read is refused: one message, exit code 2, and nothing changed on the disc."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest


def rows(*columns: str, n: int = 60, **cells: Callable[[int], object]) -> list[str]:
    """A table as lines of CSV, each column by a function of the row's number."""
    body = [",".join(str(cells[name](row)) for name in columns) for row in range(n)]
    return [",".join(columns), *body]


def ids(row: int) -> str:
    return f"C{row:03d}"


def noise(size: int) -> bytes:
    return random.Random(0).randbytes(size)  # noqa: S311 - rubbish, not secrets


FILES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "empty": ("", ("'customers.csv' is empty",)),
    "blank lines": ("\n\n  \n", ("'customers.csv' is empty",)),
    "header only": ("customer_id,visits\n", ("no customers in customers.csv", "only a header")),
    "one row": ("customer_id,visits\nC1,3\n", ("1 customer is too few", "at least 30")),
    "29 customers": (rows("id", "visits", n=29, id=ids, visits=lambda i: i), ("29 customers are too few",)),
    "rubbish": (noise(5_000), ("'customers.csv' is not text", "Export it as CSV")),
    "web page": (
        "<!DOCTYPE html><html><body>Log in</body></html>",
        ("'customers.csv' is a web page, not a table", "Download the table itself"),
    ),
    "too few cells": (
        [*rows("id", "visits", id=ids, visits=lambda i: i), "C99"],
        ("Line 62 has 1 value, but the header has 2 columns", "delimiter"),
    ),
    "too many cells": (
        [*rows("id", "visits", id=ids, visits=lambda i: i), "C99,1,2,3"],
        ("Line 62 has 4 values, but the header has 2 columns", "delimiter"),
    ),
    "open quotation mark": (
        [*rows("id", "visits", id=ids, visits=lambda i: i), '"C99,1', "C100,2"],
        ("62", "quotation mark"),
    ),
    "no numbers": (
        rows("id", "city", id=ids, city=lambda i: "RO"[i % 2]),
        ("no column of numbers", "at least one number per customer"),
    ),
    "only an id": (rows("customer_id", customer_id=ids), ("no column of numbers",)),
    "two of one name": (
        ["customer_id,spend,spend", *(f"C{i},{i},{i}" for i in range(60))],
        ("Two columns are called 'spend' (columns 2 and 3)", "Rename or remove"),
    ),
    "conflicting rows": (
        [*rows("id", "visits", id=ids, visits=lambda i: i), "C007,99"],
        ("1 row repeats an id in 'id' with different values (such as 'C007')", "--id"),
    ),
    "no id in a row": (
        rows("id", "visits", id=lambda i: "" if i == 4 else ids(i), visits=lambda i: i),
        ("1 row has no id in 'id' (first: data row 5)",),
    ),
    "all equal": (
        rows("id", "visits", "spend", id=ids, visits=lambda _: 5, spend=lambda _: 7),
        ("No column is left", "visits (excluded), spend (excluded)", "Constant"),
    ),
    "all missing": (
        rows("id", "visits", id=ids, visits=lambda _: ""),
        ("no column of numbers", "at least one number per customer"),
    ),
    "mostly missing": (
        rows("id", "visits", id=ids, visits=lambda i: i if i % 2 else ""),
        ("No column is left", "visits (descriptor)", "--features visits"),
    ),
    "infinity": (
        rows("id", "visits", id=ids, visits=lambda i: "inf" if i == 7 else i),
        ("'visits' holds numbers, but 1 value that is not: 'inf' in data row 8", "missing_tokens", "exclude"),
    ),
    "a word among numbers": (
        rows("id", "visits", id=ids, visits=lambda i: "many" if i in {7, 9} else i),
        ("'visits' holds numbers, but 2 values that are not: 'many' in data row 8 and others", "Mend the file"),
    ),
    "no such day": (
        rows("id", "last", id=ids, last=lambda i: "2026-02-30" if i == 7 else f"2026-01-{1 + i % 28:02d}"),
        ("'last' holds dates, but 1 value that is not: '2026-02-30' in data row 8",),
    ),
    "too large": (
        rows("id", "visits", id=ids, visits=lambda i: f"{(-1) ** i * 1.7}e308"),
        ("'visits' holds numbers that are too large (up to 1.7e+308)",),
    ),
    "too small": (
        rows("id", "visits", "spend", id=ids, visits=lambda i: f"{i}e-310", spend=lambda i: i % 7),
        ("'visits' holds numbers that are the same for all, but for rounding (up to 5.9e-309)",),
    ),
    "protected and descriptors": (
        rows(
            "id", "age", "gender", "city", id=ids, age=lambda i: 20 + i, gender=lambda i: "mf"[i % 2],
            city=lambda i: "RO"[i % 2],
        ),
        ("age (protected)", "gender (protected)", "city (descriptor)", "--features age"),
    ),
    "order log": (
        rows(
            "customer_id", "order_date", "amount", n=300, customer_id=lambda i: i % 40,
            order_date=lambda i: f"2026-01-{1 + i % 28:02d}", amount=lambda i: i % 17,
        ),
        ("looks like an order log", "(300 rows, 40 customers)", "'order_date'", "one row per customer"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("command", ["run", "explore"])
def test_a_file_that_carries_no_segments_is_refused(shop: Any, case: str, command: str) -> None:
    content, says = FILES[case]
    message = shop.refusal(command, shop.write("customers.csv", content))
    assert [part for part in says if part not in message] == [], message


def test_damaged_files_of_other_kinds_are_refused(shop: Any) -> None:
    table = pa_csv.read_csv("customers.csv")
    pq.write_table(table, "whole.parquet")
    book = openpyxl.Workbook()
    for line in Path("customers.csv").read_text().splitlines():
        book.active.append(line.split(","))
    book.save("whole.xlsx")
    for name, kind in (("whole.parquet", "Parquet"), ("whole.xlsx", "an Excel workbook")):
        whole = Path(name).read_bytes()
        message = shop.refusal("run", shop.write(f"cut-{name}", whole[: len(whole) // 2]))
        assert f"'cut-{name}' cannot be read as {kind}" in message
        assert "cut short or damaged" in message


def test_infinity_in_a_typed_file_is_refused_too(shop: Any) -> None:
    spend = [float("inf") if row == 7 else float(row) for row in range(60)]
    pq.write_table(pa.table({"id": list(range(60)), "spend": spend}), "typed.parquet")
    assert "'spend' holds numbers, but 1 value that is not: 'inf' in data row 8" in shop.refusal(
        "run", "typed.parquet"
    )


def test_rounding_noise_makes_no_feature_and_no_customers_of_its_own(shop: Any) -> None:
    """0.1 + 0.2 is 0.3, and so are the segments."""
    columns = {
        "id": list(range(60)),
        "noise": [1 + 2.3e-16 * (row % 5) for row in range(60)],
        "spend": [(0.1 + 0.2 if row % 2 else 0.3) + row % 4 for row in range(60)],
    }
    pq.write_table(pa.table(columns), "noise.parquet")
    assert "the same for all, but for rounding" in shop.refusal("run", "noise.parquet", "--features", "noise")
    assert "100 segments cannot be made of 4 different" in shop.refusal("run", "noise.parquet", "--k", "100")
    assert shop("run", "noise.parquet", "--quiet").code == 0
    roles = json.loads(Path("runs/noise/run.json").read_text())["columns"]
    assert roles == {"id": "id", "noise": "excluded", "spend": "segmentation"}


def test_a_path_that_is_no_file_is_refused(shop: Any) -> None:
    assert shop.refusal("run", "customer.csv") == (
        "There is no file 'customer.csv'. Did you mean 'customers.csv'?"
    )
    assert "There is no folder 'data'" in shop.refusal("run", "data/customers.csv")
    assert shop.refusal("run", ".") == "'.' is a folder. Name one of its files: customers.csv."
    assert "only files are read" in shop.refusal("run", "https://shop.example/customers.csv")
    assert "is not a plain file" in shop.refusal("run", os.devnull)
    assert shop.refusal("run", "~nobody-here/a.csv").startswith("There is no file '~nobody-here/a.csv'.")
    assert "file name too long" in shop.refusal("run", "x" * 300)
    assert "file name too long" in shop.refusal("init", "--out", "x" * 300)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--features", "visit"], "No column is called 'visit'. Did you mean 'visits'?"),
        (["--features", "customer_id,spend"], "The column 'customer_id' cannot be a feature: it holds 60 different words"),
        (["--features", " , "], "--features names no column. Give names with commas between"),
        (["--features", "spend,spend"], "The column 'spend' is given more than one role. Name it once."),
        (["--id", "custmer_id"], "No column is called 'custmer_id'. Did you mean 'customer_id'?"),
        (["--id", "city"], "58 rows repeat an id in 'city' with different values"),
        (["--id", "spend", "--features", "spend"], "The column 'spend' is given more than one role."),
        (["--k", "100"], "100 segments cannot be made of 60 different customers. Ask for a k between 1 and 6."),
        (["--k", "0"], "The setting 'k' cannot be 0: it should be greater than or equal to 1."),
        (["--k", "-1"], "The setting 'k' cannot be -1: it should be greater than or equal to 1."),
        (["--k", "four"], "Invalid value for '--k': Input should be a valid integer."),
        (["--seed", "-1"], "The setting 'seed' cannot be -1"),
        (["--max-segments", "0"], "The setting 'max_segments' cannot be 0"),
        (["--as-of", "yesterday"], "The setting 'as_of' cannot be 'yesterday': it should be a day that there is, as YYYY-MM-DD."),
        (["--as-of", "2026-02-30"], "The setting 'as_of' cannot be '2026-02-30'"),
        (["--config", "no.toml"], "There is no settings file 'no.toml'. Write one with 'segmentry init'."),
        (["--config", "."], "The settings file '.' cannot be read: is a directory."),
        (["--featurs", "spend"], "There is no option '--featurs'. Did you mean '--features'? See 'segmentry run --help'."),
        (["--colour", "red"], "There is no option '--colour'. See 'segmentry run --help'."),
        (["--date-order", "dmy"], "There is no option '--date-order'. 'date_order' is a setting: write it in a file"),
        (["--out"], "Option '--out' requires an argument."),
        (["more.csv"], "Got unexpected extra argument"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_meant_is_refused(shop: Any, options: list[str], says: str) -> None:
    assert shop.refusal("run", "customers.csv", *options).startswith(says)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("max_segment = 3", "There is no setting called 'max_segment' (in 'shop.toml'). Did you mean 'max_segments'?"),
        ("colour = 3", "There is no setting called 'colour' (in 'shop.toml'). 'segmentry init' writes"),
        ('missing = "mean"', "The setting 'missing' cannot be 'mean' (in 'shop.toml'): it should be 'knn' or 'median'."),
        ("max_segments = 99", "The setting 'max_segments' cannot be 99 (in 'shop.toml'): it should be less than"),
        ('as_of = "31.1.2026"', "The setting 'as_of' cannot be '31.1.2026' (in 'shop.toml')"),
        ("features = [1]", "The setting 'features.0' cannot be 1 (in 'shop.toml')"),
        ("max_segments 3", "The settings file 'shop.toml' is not valid TOML"),
        ("features = " + "[" * 5_000 + "]" * 5_000, "The settings file 'shop.toml' has too many brackets inside one another."),
        (b"# caf\xe9", "The settings file 'shop.toml' cannot be read: it is not text in UTF-8."),
        ('delimiter = ";"', "With the delimiter ';' the file 'customers.csv' has one column"),
        ('delimiter = ";;"', "The setting 'delimiter' cannot be ';;' (in 'shop.toml'): it should be one character"),
        ('encoding = "klingon"', "There is no encoding called 'klingon'."),
        ('exclude = ["nope"]', "No column is called 'nope'."),
        ('exclude = ["visits", "spend"]', "No column is left to make segments from: city (descriptor), visits (excluded)"),
        ("sentinels = {visit = [99]}", "No column is called 'visit'. Did you mean 'visits'?"),
        ('missing_means_zero = ["nope"]', "No column is called 'nope'."),
        ('value = ["city"]', "No column is called 'city'."),
        ('traits = {visits = "luck"}', "No trait is called 'luck'."),
        ('names = {"9" = "Gold"}', "No segment is called '9'."),
        ('archetypes = "no.yaml"', "The catalog 'no.yaml' cannot be read: no such file or directory."),
        ('playbook = "customers.csv"', "The catalog 'customers.csv' is not a list of entries."),
    ],
)  # fmt: skip
def test_a_settings_file_that_cannot_be_meant_is_refused(shop: Any, toml: str | bytes, says: str) -> None:
    message = shop.refusal("run", "customers.csv", "--config", shop.write("shop.toml", toml))
    assert message.startswith(says)


def test_a_column_of_which_nothing_possible_is_left_is_refused(shop: Any) -> None:
    lines = rows("id", "visits", id=ids, visits=lambda i: i % 3)
    config = shop.write("shop.toml", "sentinels = {visits = [0, 1, 2]}")
    message = shop.refusal("run", shop.write("marks.csv", lines), "--config", config)
    assert message.startswith("No value of 'visits' is possible")
    assert "sentinels" in message


def test_the_same_value_everywhere_in_the_features_asked_for_is_refused(shop: Any) -> None:
    lines = rows("id", "visits", "spend", id=ids, visits=lambda _: 5, spend=lambda i: i)
    message = shop.refusal("run", shop.write("equal.csv", lines), "--features", "visits")
    assert message.startswith("All customers have the same values in visits.")


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("customers.csv", "'customers.csv' is a file, not a folder."),
        ("customers.csv/run", "'customers.csv/run' cannot be written: not a directory."),
        ("/proc/segmentry/run", "'/proc/segmentry/run' cannot be written"),
        (".", "'.' is a folder that you are in, so it is not replaced."),
        ("..", "'..' is a folder that you are in, so it is not replaced."),
        ("", "'.' is a folder that you are in, so it is not replaced."),
        ("x" * 300, f"'{'x' * 300}' cannot be written: file name too long."),
        ("notes", "The folder 'notes' holds something other than a run, so it is not replaced."),
        ("foreign", "The folder 'foreign' holds something other than a run, so it is not replaced."),
        ("mixed", "The folder 'mixed' holds more than a run (thesis.doc), so it is not replaced."),
    ],
)
@pytest.mark.parametrize("command", ["run", "explore"])
def test_an_out_that_cannot_be_written_is_refused_before_any_work(
    shop: Any, command: str, out: str, says: str
) -> None:
    """--force replaces a run, and never anything else."""
    for name, files in {
        "notes": {"notes.txt": "mine"},
        "foreign": {"run.json": '{"by": "another tool"}', "weights.bin": "1"},
        "mixed": {"run.json": '{"segmentry": "0.1.0"}', "model.json": "{}", "thesis.doc": "mine"},
    }.items():
        Path(name).mkdir()
        for file, text in files.items():
            Path(name, file).write_text(text)
    message = shop.refusal(command, "customers.csv", "--out", out, "--force")
    assert message.startswith(says)


def test_an_earlier_run_is_not_replaced_unasked(shop: Any, finished: Path) -> None:
    shutil.copytree(finished, "runs/customers")
    message = shop.refusal("run", "customers.csv")
    assert message == (
        "The folder 'runs/customers' exists already. Choose another with --out, or replace it with --force."
    )


def test_an_earlier_run_outlives_a_run_that_fails(shop: Any, finished: Path) -> None:
    shutil.copytree(finished, "runs/empty")
    assert "is empty" in shop.refusal("run", shop.write("empty.csv", ""), "--force")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rum", "customers.csv"], "No such command 'rum'. Did you mean 'run'? See 'segmentry --help'."),
        (["run"], "Missing argument 'source'. See 'segmentry run --help'."),
        (["score", "runs/customers"], "Missing argument 'source'. See 'segmentry score --help'."),
        (["--json", "run", "customers.csv"], "There is no option '--json'."),
        (["init", "--delimiter", ";"], "There is no option '--delimiter'. See 'segmentry init --help'."),
        (["demo", "--customers", "3"], "Invalid value for '--customers': Input should be greater than or equal to 30."),
        (["demo", "--seed", "-1"], "The setting 'seed' cannot be -1"),
        (["init", "--out", "customers.csv"], "'customers.csv' exists already."),
        (["init", "--out", "no/such.toml"], "'no/such.toml' cannot be written: no such file or directory."),
        (["init", "--out", ".", "--force"], "'.' cannot be written: is a directory."),
    ],
)  # fmt: skip
def test_a_command_that_cannot_be_meant_is_refused(shop: Any, arguments: list[str], says: str) -> None:
    assert shop.refusal(*arguments).startswith(says)


def test_no_command_at_all_shows_the_commands(shop: Any) -> None:
    outcome = shop()
    assert outcome.code == 2
    assert all(command in outcome.err for command in ("run", "demo", "explore", "init", "score"))


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("placed.txt", "'placed.txt' is neither .csv nor .parquet."),
        ("customers.csv", "'customers.csv' exists already."),
        ("customers.csv/placed.csv", "There is no folder 'customers.csv'."),
        ("no/placed.csv", "There is no folder 'no'."),
        ("folder.csv", "'folder.csv' is a folder."),
    ],
)
def test_a_score_that_cannot_be_written_is_refused(shop: Any, finished: Path, out: str, says: str) -> None:
    Path("folder.csv").mkdir()
    assert shop.refusal("score", str(finished), "customers.csv", "--out", out).startswith(says)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("customer_id,visit,spend\nC1,1,2\n", ("lacks 1 column", "visits", "'visit' comes near 'visits': rename it")),
        ("a,b\n1,2\n", ("lacks 2 columns that the model needs: ", "visits", "spend")),
        ("customer_id,visits,spend\n", ("only a header",)),
        ("customer_id,visits,spend\n,1,2\nC2,1,2\n", ("1 row has no id in 'customer_id' (first: data row 1)",)),
        (noise(3_000), ("is not text",)),
    ],
)  # fmt: skip
def test_new_customers_that_the_model_cannot_place_are_refused(
    shop: Any, finished: Path, table: str | bytes, says: tuple[str, ...]
) -> None:
    message = shop.refusal("score", str(finished), shop.write("new.csv", table))
    assert [part for part in says if part not in message] == [], message


def changed(**fields: Any) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), **fields})


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "",
        lambda text: text[: len(text) // 2],
        lambda _: "[]",
        lambda _: "null",
        lambda _: "[" * 100_000,
        lambda _: "customer_id,visits\nC1,2\n",
        changed(centres=[]),
        changed(centres="ab"),
        changed(centres=[[None, None]]),
        changed(names=["a"]),
        changed(reach="far"),
        changed(extra=1),
        lambda text: text.replace('"number"', '"numbr"'),
    ],
)
def test_a_damaged_model_places_nobody(shop: Any, finished: Path, damage: Callable[[str], str]) -> None:
    shutil.copytree(finished, "run")
    shop.write("run/model.json", damage((finished / "model.json").read_text()))
    message = shop.refusal("score", "run", "customers.csv", "--out", "placed.csv")
    assert message.startswith("'run/model.json' is damaged or from another version: ")
    assert message.endswith("Make the run again.")


def test_a_folder_that_is_no_run_places_nobody(shop: Any) -> None:
    Path("data").mkdir()
    hint = "Give the folder that 'segmentry run' wrote."
    assert shop.refusal("score", "data", "customers.csv") == f"There is no 'data/model.json'. {hint}"
    assert shop.refusal("score", "nowhere", "customers.csv") == f"There is no 'nowhere'. {hint}"


@pytest.mark.real_data
def test_a_real_order_log_is_recognised(shop: Any, real: Path) -> None:
    log = real / "dirty" / "Retail_Data_Transactions_mdy.csv"
    message = shop.refusal("run", str(log))
    assert message.startswith("This looks like an order log, not a customer table: 'customer_id' repeats")
    assert "'trans_date'" in message


def test_the_real_command_refuses_in_the_same_way(shop: Any) -> None:
    before = shop.files()
    outcome = shop.process("run", "customer.csv")
    assert outcome.code == 2
    assert outcome.message == "segmentry: There is no file 'customer.csv'. Did you mean 'customers.csv'?"
    assert shop.files() == before


def test_ctrl_c_during_a_query_is_no_fault_of_the_program(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB takes the signal, and raises an error of its own with these words."""

    def interrupted(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("segmentry.results.segmentation.segment", interrupted)
    outcome = shop("run", "customers.csv")
    assert outcome.code == 2
    assert outcome.message == "segmentry: Stopped before it was finished: nothing was written."


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("step", ["Trying", "Drawing"])
def test_a_run_that_is_stopped_half_way_changes_nothing(
    shop: Any, finished: Path, stop: signal.Signals, step: str
) -> None:
    """Ctrl-C, or the end of the shift: an earlier run in the same place stays as it was."""
    shutil.copytree(finished, "runs/many")
    shop.write("many.csv", rows("id", "visits", "spend", n=2_000, id=ids, visits=lambda i: i * i % 97,
                                spend=lambda i: i * i % 89))  # fmt: skip
    before = shop.files()
    command = [sys.executable, "-m", "segmentry", "run", "many.csv", "--force", "--effort", "quick"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if line.startswith(step))
        os.killpg(process.pid, stop)  # a terminal, too, tells everything that the command has started
        out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.splitlines()[-1] == "segmentry: Stopped before it was finished: nothing was written."
    assert not out
    assert shop.files() == before


def test_a_disc_that_is_full_leaves_nothing_behind(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last file of a run does not fit: the others go with it."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28), "report.html")

    monkeypatch.setattr("segmentry.edges.run_folder.store.write_page", full)
    message = shop.refusal("explore", "customers.csv", "--out", "deep/down/run")
    assert message == (
        "'deep/down/run' cannot be written: no space left on device. Choose another place with --out."
    )
