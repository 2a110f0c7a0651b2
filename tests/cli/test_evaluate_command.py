"""``segmentry evaluate``: the answer on the screen, in JSON or in a folder, and one message when it cannot be."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from segmentry.edges.run_folder.folder import ARTEFACTS

GROUPS = ("browsers", "buyers", "both")
STEPS = (
    "Reading the segments",
    "Reading",
    "Checking and cleaning",
    "Exploring",
    "Preparing the features",
    "Looking for segments of our own",
    "Weighing the evidence",
)


@pytest.fixture(autouse=True)
def _with_tiers(shop: Any, customers: list[str]) -> None:
    """``customers.csv`` with its three groups as a column, and others that hold no segments."""
    head, *rows = customers
    extra = "tier,same,nobody,few"
    lines = [
        f"{row},{GROUPS[one % 3]},all,,{'A' if one < 10 else 'B' if one < 20 else ''}"
        for one, row in enumerate(rows)
    ]
    shop.write("customers.csv", [f"{head},{extra}", *lines])


def strict(text: str) -> Any:
    """JSON as other programs read it, which know no NaN."""

    def refuse(word: str) -> float:
        pytest.fail(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_the_answer_is_one_screen_of_plain_words_and_nothing_is_written(shop: Any) -> None:
    before = shop.files()
    outcome = shop.process("evaluate", "customers.csv", "--labels", "tier", "--effort", "quick")
    assert outcome.code == 0, outcome.err
    assert outcome.err.splitlines() == [f"{step} ..." for step in STEPS]
    lines = outcome.out.splitlines()
    assert lines[0].startswith("3 segments in 'tier': ")
    assert lines[1] == "60 customers · customers.csv"
    assert lines[2] == "Measured by spend, visits"
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80
    for question in ("Real?", "Told apart?", "Made of what?", "Our advice?"):
        assert sum(line.startswith(question) for line in lines) == 1
    assert shop.files() == before


def test_json_is_the_answer_and_nothing_else(shop: Any) -> None:
    outcome = shop("evaluate", "customers.csv", "--labels", "Tier", "--json", "--effort", "quick")
    found = strict(outcome.out)
    assert (outcome.code, outcome.err) == (0, "")
    assert (found["labels"], found["k"], found["customers"], found["folder"]) == ("tier", 3, 60, None)
    assert {one["segment"] for one in found["segments"]} == set(GROUPS)
    assert [one["feature"] for one in found["features"]] == ["visits", "spend"]


def test_json_has_no_nan_where_a_segment_is_too_small_to_be_judged(shop: Any, customers: list[str]) -> None:
    lines = [
        f"{row},{'one' if at == 7 else GROUPS[at % 3]}" if at else f"{row},tier"
        for at, row in enumerate(customers)
    ]
    shop.write("one.csv", lines)
    found = strict(shop("evaluate", "one.csv", "--labels", "tier", "--json", "--effort", "quick").out)
    assert found["segments"][-1]["segment"] == "one"
    assert found["segments"][-1]["jaccard"] is None


def test_quiet_prints_nothing(shop: Any) -> None:
    outcome = shop("evaluate", "customers.csv", "--labels", "tier", "--quiet", "--effort", "quick")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_out_writes_a_folder_of_tables_that_is_ours(shop: Any) -> None:
    given = ("evaluate", "customers.csv", "--labels", "tier", "--effort", "quick", "--out", "judged")
    outcome = shop(*given)
    assert outcome.code == 0
    assert outcome.out.endswith("Tables: judged\n")
    assert {one.name for one in Path("judged").iterdir()} <= ARTEFACTS
    assert strict(Path("judged/run.json").read_text())["labels"] == "tier"
    with Path("judged/segments.csv").open(encoding="utf-8") as file:
        assert [one["customers"] for one in csv.DictReader(file)] == ["20", "20", "20"]
    assert "exists already" in shop.refusal(*given)
    assert shop(*given, "--force", "--quiet").code == 0


def test_options_and_settings_are_heard(shop: Any) -> None:
    config = shop.write("shop.toml", ['exclude = ["city", "tier"]', "k = 5", "seed = 4"])
    given = ("evaluate", "customers.csv", "--labels", "tier", "--json", "--effort", "quick")
    found = strict(shop(*given, "--config", config, "--features", "visits", "--seed", "9").out)
    assert [one["feature"] for one in found["features"]] == ["visits"]
    assert found["seed"] == 9
    assert found["k"] == 3


REFUSED = {
    "no such column": (("--labels", "teir"), ("No column is called 'teir'", "Did you mean 'tier'?")),
    "one segment": (("--labels", "same"), ("All customers are in one segment in 'same' ('all')",)),
    "nobody": (("--labels", "nobody"), ("No customer has a segment in 'nobody'", "--labels")),
    "the id": (
        ("--labels", "customer_id"),
        ("'customer_id' holds 60 different values for 60 customers", "looks like an id", "2 to 50"),
    ),
    "the id, as set": (
        ("--labels", "customer_id", "--id", "customer_id"),
        ("'customer_id' is the id", "--labels"),
    ),
    "a measure": (("--labels", "spend"), ("'spend' holds", "not like segments")),
    "a feature": (
        ("--labels", "tier", "--features", "visits,tier"),
        ("'tier' cannot be a feature", "Take it out"),
    ),
    "too few": (("--labels", "few"), ("20 customers with a segment in 'few'", "at least 30")),
    "no label": ((), ("Missing option '--labels'",)),
    "no effort": (("--labels", "tier", "--effort", "huge"), ("effort",)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_judged_is_refused_in_one_message(shop: Any, case: str) -> None:
    arguments, said = REFUSED[case]
    message = shop.refusal("evaluate", "customers.csv", *arguments, "--out", "judged")
    for part in said:
        assert part in message, message


def test_nothing_is_read_when_the_folder_may_not_be_replaced(shop: Any) -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("keep")
    message = shop.refusal("evaluate", "none.csv", "--labels", "tier", "--out", "mine", "--force")
    assert "holds something other than a run" in message


def test_ids_of_fewer_customers_are_no_segments_either(shop: Any, customers: list[str]) -> None:
    """40 different values are not too many for segments, but one for each customer is."""
    few = shop.write("few.csv", customers[:41])
    assert "looks like an id" in shop.refusal("evaluate", few, "--labels", "customer_id")


def test_fifty_segments_are_the_most(shop: Any) -> None:
    rows = [f"C{one},{one % 7},{one % 11},{one % 50},{one % 51}" for one in range(500)]
    file = shop.write("many.csv", ["customer_id,visits,spend,fifty,more", *rows])
    assert "51 different values" in shop.refusal("evaluate", file, "--labels", "more")
    assert shop("evaluate", file, "--labels", "fifty", "--quiet", "--effort", "quick").code == 0
