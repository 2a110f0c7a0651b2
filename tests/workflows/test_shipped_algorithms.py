"""Every algorithm as what a run ships: it scores what it was made from, and says what was judged."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from support.runs import FAST, run_of_shop

import segmentry as sg
from segmentry.errors import UsageError
from segmentry.records.verdict import VerdictKind
from segmentry.stages.clustering.catalog import ALGORITHMS

OTHERS = [name for name in ALGORITHMS if name != "kmeans"]
MADE = sg.datasets.ecommerce(400, seed=3)


@pytest.mark.parametrize("name", OTHERS)
def test_scoring_the_training_customers_gives_their_segments(name: str, tmp_path: Path) -> None:
    """score(train) = labels, from memory and from the run folder; the truth is found."""
    result = run_of_shop(400, 3, algorithm=name, **FAST)
    own = result.customers["segment"].to_pylist()
    assert result.score(MADE.customers)["segment"].to_pylist() == own
    folder = result.save(tmp_path / "run")
    assert sg.load(folder).score(MADE.customers)["segment"].to_pylist() == own
    assert adjusted_rand_score(MADE.truth, [str(one) for one in own]) > 0.9
    assert result.verdict.kind is VerdictKind.NOT_JUDGED
    assert "were asked for" in result.verdict.sentence
    assert [row.name for row in result.run.comparison.algorithms if row.shipped] == [name]


@pytest.mark.parametrize("name", ["mixture", "ward"])
def test_a_scorer_without_sql_says_so(name: str, tmp_path: Path) -> None:
    """No scoring.sql, and run.json says why; no prototype is a customer's row."""
    result = run_of_shop(400, 3, algorithm=name, **FAST)
    folder = result.save(tmp_path / "run")
    assert not (folder / "scoring.sql").exists()
    assert json.loads((folder / "run.json").read_text())["scoring_sql"].startswith("not written")


@pytest.mark.parametrize("name", OTHERS)
def test_the_order_of_rows_and_columns_changes_no_partition(name: str) -> None:
    """Permuted rows and columns: everybody with the same companions."""
    table = MADE.customers.to_pandas()
    shuffled = table.sample(frac=1, random_state=1)[list(reversed(table.columns))]
    results = (
        run_of_shop(400, 3, algorithm=name, **FAST),
        sg.segment(shuffled, algorithm=name, **FAST),
    )
    first, second = (result.customers.to_pandas().set_index("customer_id") for result in results)
    again = second["segment"].reindex(first.index)
    assert adjusted_rand_score(first["segment"].fillna("none"), again.fillna("none")) == 1.0


def test_unknown_and_unfit_algorithms_are_refused_with_the_others_named() -> None:
    """One clear message each."""
    with pytest.raises(UsageError, match="kmeans, bisecting, mixture"):
        sg.segment(MADE.customers, algorithm="kmean")
    with pytest.raises(UsageError, match="does not fit these customers"):
        sg.segment(MADE.customers, algorithm="kprototypes", effort="quick")


def test_the_comparison_names_what_was_left_out() -> None:
    """Quick effort tries no other algorithm and says so; standard judges all of them."""
    quick = sg.segment(MADE.customers, effort="quick").run.comparison
    assert quick.recommended == "kmeans"
    assert all(row.not_judged for row in quick.algorithms if row.name != "kmeans")
    full = sg.segment(MADE.customers).run.comparison
    assert {row.name for row in full.judged} == set(ALGORITHMS)
    assert full.sentence == "All methods tell the same story (ARI >= 0.9): we keep the simplest."
    assert any(one.choice == "algorithm" for one in full.alternatives)


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "most", "true"), [("hepta", 6, 7), ("r15", 16, 15)])
def test_known_groups_are_found_to_within_one(real: Path, name: str, most: int, true: int) -> None:
    """The published number of groups: 7 in hepta (with defaults), 15 in r15 (up to 16 segments)."""
    points = np.loadtxt(real / "labelled" / f"{name}.data.gz")
    truth = np.loadtxt(real / "labelled" / f"{name}.labels.gz").ravel()
    table = pd.DataFrame(points, columns=[f"measure_{chr(97 + j)}" for j in range(points.shape[1])])
    result = sg.segment(table, max_segments=most, effort="quick", compare=False)
    assert abs(result.verdict.k - true) <= 1
    assert adjusted_rand_score(truth, result.customers["segment"].to_pylist()) > 0.8


@pytest.mark.real_data
def test_groups_that_are_known_to_lie_apart_are_natural(real: Path) -> None:
    """Hepta of the fundamental clustering problem suite is seven balls with clear space between (Ultsch 2005)."""
    table = pd.DataFrame(np.loadtxt(real / "labelled" / "hepta.data.gz"), columns=["one", "two", "three"])
    run = sg.segment(table, max_segments=10, effort="quick", compare=False).run
    assert run.k == 7
    assert run.verdict.kind is VerdictKind.NATURAL
