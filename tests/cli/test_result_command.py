"""What a test found is recorded beside the run, shown from then on, and never lost."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from segmentry.edges.run_folder.store import load_run

WINDOW = ("--from", "2026-01-01", "--to", "2026-02-25")
COUNTS = ("--treated", "70", "--control", "80")
BOUGHT = ("--treated-conversions", "56", "--control-conversions", "48")


@pytest.fixture
def run(shop: Any, finished: Path) -> Path:
    """A copy of the finished run."""
    shutil.copytree(finished, shop.folder / "run")
    return Path("run")


@pytest.fixture
def segment(run: Path) -> str:
    """The first segment's name."""
    return load_run(run).segments[0].name


def evidence(run: Path, segment: str) -> str:
    return str(yaml.safe_load((run / "strategies.yaml").read_text(encoding="utf-8"))[segment]["evidence"])


def test_a_result_is_shown_everywhere_in_place_of_untested(shop: Any, run: Path, segment: str) -> None:
    """Newcombe 1998, his example (a): 56 of 70 against 48 of 80 is +.2000, .0524 to .3339."""
    assert "no result is recorded yet" in shop("result", "list", "run").out.lower()
    assert evidence(run, segment) == "untested"
    outcome = shop(
        "result", "add", "run", "--segment", segment, *COUNTS, *BOUGHT, *WINDOW, "--note", "spring"
    )
    assert outcome.code == 0, outcome.err
    said = "+20.0 points (95 % interval +5.2 to +33.4), better; 70 treated, 80 control"
    assert said in outcome.out
    assert said in evidence(run, segment)
    assert said in (run / "report.html").read_text(encoding="utf-8")
    listed = shop("result", "list", "run").out
    assert said in listed
    assert "(spring)" in listed
    (found,) = json.loads(shop("result", "list", "run", "--json").out)
    assert (found["segment"], found["effect"]) == (segment, pytest.approx(0.2))
    assert load_run(run).segments[0].play.standing == evidence(run, segment)


def test_a_result_outlives_the_run_that_it_was_recorded_beside(shop: Any, run: Path, segment: str) -> None:
    """Made again with --force the folder is new, and with other segments nothing is thrown away."""
    assert shop("result", "add", "run", "--segment", segment, *COUNTS, *BOUGHT, *WINDOW, "--quiet").code == 0
    before = (run / "experiments.json").read_bytes()
    again = ("run", "customers.csv", "--out", "run", "--force", "--quiet", "--effort", "quick")
    assert shop(*again).code == 0
    assert (run / "experiments.json").read_bytes() == before
    assert "+20.0 points" in evidence(run, segment)
    assert shop(*again, "--k", "1").code == 0
    assert (run / "experiments.json").read_bytes() == before
    assert "[not a segment and play of this run]" in shop("result", "list", "run").out
    assert "+20.0 points" in (run / "report.html").read_text(encoding="utf-8")


def test_margins_are_compared_by_their_means(shop: Any, run: Path, segment: str) -> None:
    """By hand: a = 25/100, b = 16/100; sqrt(.41) = .6403; 188.8 degrees of freedom, t = 1.9726."""
    margins = ("--treated-margin", "12", "--treated-sd", "5", "--control-margin", "10", "--control-sd", "4")
    outcome = shop(
        "result",
        "add",
        "run",
        "--segment",
        segment,
        "--treated",
        "100",
        "--control",
        "100",
        *margins,
        *WINDOW,
    )
    assert "+2.0 margin per customer (95 % interval +0.74 to +3.3), better" in outcome.out


def test_arms_of_other_sizes_than_planned_are_not_relied_on(shop: Any, run: Path, segment: str) -> None:
    uneven = (
        "--treated",
        "900",
        "--control",
        "100",
        "--treated-conversions",
        "90",
        "--control-conversions",
        "1",
    )
    outcome = shop("result", "add", "run", "--segment", segment, *uneven, *WINDOW)
    assert "not to be relied on: the arms do not have the sizes that were planned" in outcome.out
    planned = shop("result", "add", "run", "--segment", segment, *uneven, *WINDOW, "--control-share", "0.1")
    assert ", better;" in planned.out


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"--segment": "Gold"}, "No segment is called 'Gold'."),
        ({"--play": "magic"}, "has the play '"),
        ({"--treated": "0"}, "The treated arm cannot have 0 customers."),
        ({"--control-conversions": "81"}, "Of 80 customers in the control arm 81 cannot have bought."),
        ({"--treated-conversions": None}, "A result needs the same of both arms"),
        ({"--from": "2026-13-01"}, "--from cannot be '2026-13-01'."),
        ({"--to": "2025-12-31"}, "The test cannot end on 2025-12-31 and begin on 2026-01-01."),
        ({"--control-share": "1"}, "The planned share of the control group cannot be 1.0."),
    ],
)
def test_a_report_that_cannot_be_changes_nothing(
    shop: Any, run: Path, segment: str, change: dict[str, str | None], says: str
) -> None:
    pairs = iter((*COUNTS, *BOUGHT, *WINDOW))
    given: dict[str, str | None] = {"--segment": segment, **dict(zip(pairs, pairs, strict=True)), **change}
    options = [part for key, value in given.items() if value is not None for part in (key, value)]
    assert says in shop.refusal("result", "add", "run", *options)


def test_what_is_no_run_has_no_results(shop: Any) -> None:
    assert "There is no" in shop.refusal("result", "list", "nowhere")


def test_the_same_result_is_not_counted_twice(shop: Any, run: Path, segment: str) -> None:
    add = ("result", "add", "run", "--segment", segment, *COUNTS, *BOUGHT, *WINDOW)
    assert shop(*add).code == 0
    assert "is recorded already" in shop.refusal(*add)


def test_a_damaged_file_of_results_is_never_written_over(shop: Any, run: Path) -> None:
    (run / "experiments.json").write_text("[", encoding="utf-8")
    said = shop.refusal("result", "list", "run")
    assert "experiments.json' is damaged" in said
    assert "Mend it or move it away" in said
    assert shop("run", "customers.csv", "--out", "run", "--force", "--quiet", "--k", "1").code == 2
    assert (run / "experiments.json").read_text(encoding="utf-8") == "["


def test_copies_of_the_catalogs_are_written_and_accepted(shop: Any) -> None:
    outcome = shop("init", "--playbook")
    assert outcome.code == 0, outcome.err
    assert set(shop.files()) == {"customers.csv", "playbook.yaml", "archetypes.yaml", "playbook.schema.json"}
    shop.write("segmentry.toml", 'playbook = "playbook.yaml"\narchetypes = "archetypes.yaml"\n')
    made = ("run", "customers.csv", "--config", "segmentry.toml", "--k", "2", "--effort", "quick", "--quiet")
    assert shop(*made).code == 0
    assert "'playbook.yaml' exists already" in shop.refusal("init", "--playbook")
    assert shop("init", "--playbook", "--force").code == 0


def test_a_wrong_copy_is_answered_with_its_line(shop: Any) -> None:
    shop("init", "--playbook")
    text = Path("playbook.yaml").read_text(encoding="utf-8")
    line = text.splitlines().index("  when: {returns: high}") + 1
    shop.write("playbook.yaml", text.replace("when: {returns: high}", "when: {retruns: high}", 1))
    shop.write("segmentry.toml", 'playbook = "playbook.yaml"\n')
    said = shop.refusal("run", "customers.csv", "--config", "segmentry.toml", "--k", "1")
    assert f"playbook.yaml, line {line}, entry 'fewer_returns': no trait is called 'retruns'." in said
    assert "Did you mean 'returns'?" in said
