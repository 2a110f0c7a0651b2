"""Every command does what its help says, on a terminal, in a pipe and in a script."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from segmentry import __version__
from segmentry.edges.run_folder.folder import ARTEFACTS
from segmentry.records.settings import catalog
from segmentry.settings import Settings, commented_toml, read_settings

STEPS = (
    "Reading",
    "Checking and cleaning",
    "Exploring",
    "Preparing the features",
    "Trying 2 to 10 segments",
    "Weighing the evidence",
    "Placing every customer",
    "Naming and describing",
    "Trying other ways",
    "Drawing the figures",
    "Writing the report",
)


def strict(text: str) -> Any:
    """JSON as other programs read it, which know no NaN."""

    def refuse(word: str) -> float:
        pytest.fail(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def inside(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


def test_run_prints_the_answer_and_writes_a_folder_named_after_the_file(shop: Any) -> None:
    outcome = shop.process("run", "customers.csv")
    assert outcome.code == 0, outcome.err
    assert outcome.err.splitlines() == [f"{step} ..." for step in STEPS]
    assert outcome.out.splitlines()[1] == "60 customers in 3 segments · customers.csv"
    assert outcome.out.splitlines()[-1] == "Report: runs/customers/report.html"
    assert "\x1b" not in outcome.out
    assert inside(".") == {"customers.csv", "runs"}
    assert inside("runs") == {"customers"}


def test_a_run_an_exploration_and_an_evaluation_write_what_may_be_replaced_and_nothing_else(
    shop: Any, finished: Path
) -> None:
    assert shop("explore", "customers.csv").code == 0
    assert inside("runs") == {"customers-explored"}
    judged = ("evaluate", str(finished / "customers.csv"), "--labels", "segment", "--effort", "quick")
    assert shop(*judged, "--out", "judged").code == 0
    written = inside(str(finished)) | inside("runs/customers-explored") | inside("judged")
    assert written | {"experiments.json"} == ARTEFACTS  # that one comes with the first recorded test
    assert shop("explore", "customers.csv", "--force", "--quiet").code == 0


def test_quiet_prints_nothing(shop: Any) -> None:
    outcome = shop("run", "customers.csv", "--quiet", "--k", "1")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


@pytest.mark.parametrize("k", [1, 2])
def test_json_is_the_result_and_nothing_else(shop: Any, k: int) -> None:
    """Also for one audience, which has no silhouette: no NaN comes out."""
    outcome = shop("run", "customers.csv", "--json", "--k", str(k), "--out", "made")
    found = strict(outcome.out)
    assert (outcome.code, outcome.err) == (0, "")
    assert found["folder"] == "made"
    assert found["customers"] == 60
    assert found["verdict"]["k"] == len(found["segments"]) == k
    assert sum(one["customers"] for one in found["segments"]) == 60


def test_explore_tells_json_too(shop: Any) -> None:
    outcome = shop("explore", "customers.csv", "--json")
    assert strict(outcome.out)["folder"] == "runs/customers-explored"


def test_force_replaces_an_earlier_run(shop: Any, finished: Path) -> None:
    shutil.copytree(finished, "runs/customers")
    assert shop("run", "customers.csv", "--force", "--quiet", "--k", "2").code == 0
    assert strict(Path("runs/customers/run.json").read_text())["verdict"]["k"] == 2
    assert inside("runs") == {"customers"}


def test_force_follows_a_link_and_leaves_it_in_place(shop: Any, finished: Path) -> None:
    shutil.copytree(finished, "archive/june")
    Path("latest").symlink_to("archive/june")
    assert shop("run", "customers.csv", "--out", "latest", "--force", "--quiet", "--k", "1").code == 0
    assert Path("latest").is_symlink()
    assert strict(Path("archive/june/run.json").read_text())["verdict"]["k"] == 1
    assert inside("archive") == {"june"}


def test_an_empty_folder_may_be_filled(shop: Any) -> None:
    Path("made").mkdir()
    assert shop("run", "customers.csv", "--out", "made", "--quiet", "--k", "1").code == 0
    assert "report.html" in inside("made")


def test_demo_needs_nothing(shop: Any) -> None:
    outcome = shop("demo", "--customers", "90", "--seed", "3")
    assert outcome.code == 0
    assert "demo customers" in outcome.out
    assert pq.read_table("runs/demo/customers.parquet").num_rows == 90


def test_features_come_with_commas_or_one_by_one(shop: Any) -> None:
    shop.write("odd.csv", ['id,visits,"spend (EUR, net)",age', *(f"C{i},{i % 7},{i * i % 11},{20 + i % 9}" for i in range(60))])  # fmt: skip
    for number, given in enumerate((["visits,spend (EUR, net)"], ["visits", "Spend (EUR, net)"])):
        options = [part for one in given for part in ("--features", one)]
        out = f"made{number}"
        assert shop("run", "odd.csv", *options, "--out", out, "--quiet", "--k", "1").code == 0
        roles = strict(Path(out, "run.json").read_text())["columns"]
        assert [name for name, role in roles.items() if role == "segmentation"] == [
            "visits",
            "spend (EUR, net)",
        ]


def test_an_option_wins_over_the_settings_file(shop: Any) -> None:
    config = shop.write("shop.toml", ["k = 3", 'exclude = ["city"]'])
    assert shop("run", "customers.csv", "--config", config, "--k", "2", "--quiet").code == 0
    settings = strict(Path("runs/customers/run.json").read_text())["settings"]
    assert (settings["k"], settings["exclude"]) == (2, ["city"])


def test_init_writes_every_setting_once(shop: Any) -> None:
    outcome = shop("init")
    assert outcome.code == 0
    assert "segmentry run customers.csv --config segmentry.toml" in outcome.out
    assert read_settings("segmentry.toml") == Settings()
    every = re.findall(r"^# (\w+) = ", Path("segmentry.toml").read_text(), flags=re.MULTILINE)
    assert sorted(every) == sorted(catalog())


def settings_lines() -> list[str]:
    return re.findall(r"^# (\w+ = .*)$", commented_toml(), flags=re.MULTILINE)


@pytest.mark.parametrize("line", settings_lines())
def test_each_line_of_inits_file_means_its_default_or_an_example(shop: Any, line: str) -> None:
    name = line.partition(" = ")[0]
    whole = commented_toml().replace(f"# {line}", line)
    settings = read_settings(shop.write("one.toml", whole))
    assert settings.stated == {name}
    if catalog()[name].about.example:
        assert settings.plain()[name] == tomllib.loads(line)[name]
    else:
        assert settings == Settings()


def test_inits_file_with_all_defaults_written_out_changes_nothing(shop: Any, finished: Path) -> None:
    lines = [line for line in settings_lines() if not catalog()[line.partition(" = ")[0]].about.example]
    assert shop("run", "customers.csv", "--config", shop.write("all.toml", lines), "--quiet").code == 0
    for name in ("customers.csv", "model.json", "segments.csv", "scoring.sql", "report.html"):
        assert Path("runs/customers", name).read_bytes() == (finished / name).read_bytes(), name


def test_score_prints_csv_that_places_customers_as_the_run_did(shop: Any, finished: Path) -> None:
    outcome = shop.process("score", str(finished), "customers.csv")
    assert outcome.code == 0
    assert outcome.err.splitlines() == ["Reading the model ...", "Placing customers ..."]
    placed = list(csv.DictReader(io.StringIO(outcome.out)))
    trained = pq.read_table(finished / "customers.parquet").to_pylist()
    assert [(one["customer_id"], one["segment"]) for one in placed] == [
        (one["customer_id"], one["segment"]) for one in trained
    ]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_score_writes_a_file(shop: Any, finished: Path, ending: str) -> None:
    for force in ([], ["--force"]):
        outcome = shop("score", str(finished), "customers.csv", "--out", f"placed.{ending}", *force)
        assert outcome.out == f"Placed 60 customers in placed.{ending}\n"
    assert inside(".") == {"customers.csv", f"placed.{ending}"}


def test_score_reads_as_a_settings_file_says(shop: Any, finished: Path, customers: list[str]) -> None:
    new = shop.write("new.csv", [line.replace(",", "^") for line in customers])
    config = shop.write("shop.toml", 'delimiter = "^"')
    outcome = shop("score", str(finished), new, "--config", config)
    assert outcome.code == 0
    assert len(outcome.out.splitlines()) == 61


def test_customers_without_an_id_are_numbered(shop: Any, finished: Path) -> None:
    outcome = shop("score", str(finished), shop.write("new.csv", "visits,spend\n5,100\n50,60\n"), "--quiet")
    placed = list(csv.DictReader(io.StringIO(outcome.out)))
    assert [one["row"] for one in placed] == ["1", "2"]
    assert "customer_id" not in placed[0]


def test_ids_of_many_digits_stay_what_they_are(shop: Any, finished: Path) -> None:
    ids = ["9" * 30, "18446744073709551616", "0042"]
    new = shop.write("new.csv", ["customer_id,visits,spend", *(f"{one},5,100" for one in ids)])
    outcome = shop("score", str(finished), new, "--quiet")
    assert [one["customer_id"] for one in csv.DictReader(io.StringIO(outcome.out))] == ids


@pytest.mark.parametrize("command", [[], ["run"], ["demo"], ["explore"], ["evaluate"], ["init"], ["score"]])
def test_every_command_has_help(shop: Any, command: list[str]) -> None:
    outcome = shop(*command, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith(" ".join(["Usage: segmentry", *command]))
    assert shop(*command, "-h").out == outcome.out


def test_the_version_is_told_by_module_and_by_command(shop: Any) -> None:
    assert shop.process("--version").out == f"{__version__}\n"
    command = Path(sys.executable).with_name("segmentry")
    done = subprocess.run([str(command), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{__version__}\n"


def test_a_terminal_that_knows_only_ascii_is_no_obstacle(shop: Any) -> None:
    outcome = shop.process(
        "run", "customers.csv", "--effort", "quick", "--k", "1", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert outcome.code == 0, outcome.err
    assert "Report: runs/customers/report.html" in outcome.out


def test_a_reader_that_has_read_enough_is_no_error(shop: Any, finished: Path) -> None:
    """As in ``segmentry score ... | head -1``."""
    new = shop.write("new.csv", ["customer_id,visits,spend", *(f"C{i},{i % 60},50" for i in range(20_000))])
    command = [sys.executable, "-m", "segmentry", "score", str(finished), new, "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith('"customer_id"')
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0
