"""``segmentry run --plan``: it says what a run would do, and leaves the folder as it found it."""

import json
from pathlib import Path
from typing import Any


def everything(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_a_plan_says_what_would_be_done_and_writes_nothing(shop: Any) -> None:
    before = everything(shop.folder)
    outcome = shop("run", "customers.csv", "--plan")
    assert outcome.code == 0
    assert everything(shop.folder) == before
    assert not Path("runs").exists()
    for said in ("customers.csv (csv): 60 rows and 4 columns", "DuckDB", "visits", "fits of K-means"):
        assert said in outcome.out
    assert "processor seconds" in outcome.out
    assert "Write      runs/customers: a run folder" in outcome.out


def test_a_plan_as_json_holds_the_same(shop: Any) -> None:
    outcome = shop("run", "customers.csv", "--plan", "--json", "--shared")
    found = json.loads(outcome.out)
    assert (outcome.code, outcome.err) == (0, "")
    assert found["source"]["rows"] == 60
    assert {column["name"]: column["role"] for column in found["columns"]}["customer_id"] == "id"
    assert found["features"] == ["visits", "spend"]
    assert found["customers"] == {"fitted": 60, "placed": 0, "repeated": 0, "suppressed": 0}
    assert found["steps"][0]["fits"] == 9 * 31
    cost = found["expected"]
    assert cost["least_seconds"] < cost["seconds"] < cost["most_seconds"]
    assert cost["megabytes"] > 100
    assert (found["folder"], found["shared"], found["folder_is_taken"]) == ("runs/customers", True, False)
    assert not Path("runs").exists()


def test_a_plan_tells_that_the_folder_is_taken_and_leaves_it(shop: Any) -> None:
    Path("taken").mkdir()
    outcome = shop("run", "customers.csv", "--plan", "--out", "taken")
    assert outcome.code == 0
    assert "only with --force" in " ".join(outcome.out.split())
    assert list(Path("taken").iterdir()) == []


def test_a_broken_file_stops_a_plan_with_one_message(shop: Any) -> None:
    Path("broken.parquet").write_bytes(b"PAR1 and nothing more")
    shop.write("orders.csv", ["customer_id,visits", *(f"C{i % 9},{i}" for i in range(60))])
    for name in ("broken.parquet", "orders.csv", "missing.csv"):
        outcome = shop("run", name, "--plan")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.message.startswith("segmentry: ")
    assert not Path("runs").exists()


def test_a_wrong_option_stops_a_plan_as_it_stops_a_run(shop: Any) -> None:
    for options in (("--k", "0"), ("--features", "nope"), ("--plans",)):
        assert shop("run", "customers.csv", "--plan", *options).code == 2
    assert shop("run", "customers.csv", "--plan", "--quiet").out == ""
