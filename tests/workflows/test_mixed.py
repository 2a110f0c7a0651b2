"""Columns in words make segments: they are found, named, scored and written like numbers are."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from sklearn.metrics import adjusted_rand_score
from support.runs import FAST

import segmentry as sg
from segmentry.cli import run_app
from segmentry.errors import UsageError
from segmentry.records.evidence import LATENT_CLASS
from segmentry.records.verdict import VerdictKind
from tests.workflows.test_scoring_sql import agree, by_sql

PLANS = ("O'Neil", "50%", "=x", "plus one")
FEATURES = ("orders", "basket", "newsletter", "plan")
ANSWERS = {
    "favourite": ("books", "toys", "garden"),
    "pays_by": ("card", "invoice", "wallet"),
    "wants": ("price", "service", "style"),
    "contract": ("monthly", "yearly", "rolling"),
    "visits": ("mornings", "evenings", "weekends"),
}

Truth = np.ndarray[Any, np.dtype[np.int64]]


def mixed(n: int = 600, seed: int = 0) -> tuple[pa.Table, Truth]:
    """Two numbers tell two pairs of groups apart; only the plan tells the groups of a pair apart."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, n)
    high = truth >= 2
    plan = np.where(rng.random(n) < 0.98, truth, rng.integers(0, 4, n))
    table = {
        "customer_id": [f"C{row:04d}" for row in range(n)],
        "orders": (rng.normal(20, 2, n) + 12 * high).round(2),
        "basket": (rng.normal(60, 5, n) - 30 * high).round(2),
        "newsletter": np.where(rng.random(n) < 0.5, "yes", "no"),
        "plan": np.array(PLANS, dtype=object)[plan],
    }
    return pa.table(table), truth


def answers(n: int = 600, seed: int = 0, *, grouped: bool = True) -> tuple[pa.Table, Truth]:
    """Customers of three kinds, known by five answers in words; or answers that have nothing in common."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    table: dict[str, Any] = {"customer_id": [f"C{row:04d}" for row in range(n)]}
    for at, (name, words) in enumerate(ANSWERS.items()):
        own = rng.random(n) < (0.85 if grouped else 0.0)
        table[name] = np.array(words)[np.where(own, (truth + at) % 3, rng.integers(0, 3, n))]
    return pa.table(table), truth


def partition(result: sg.Result) -> list[str]:
    return [str(one) for one in result.customers["segment"].to_pylist()]


@pytest.fixture(scope="module")
def shop() -> sg.Result:
    return sg.segment(mixed()[0], features=FEATURES, k=4, **FAST)


def test_groups_that_only_words_tell_apart_are_found_with_them_and_not_without(shop: sg.Result) -> None:
    table, truth = mixed()
    without = sg.segment(table, k=4, **FAST)
    assert adjusted_rand_score(truth, partition(shop)) > 0.9
    assert adjusted_rand_score(truth, partition(without)) < 0.6


def test_a_table_of_words_alone_shows_its_kinds_of_customers_by_itself() -> None:
    table, truth = answers()
    result = sg.segment(table, compare=False)
    assert result.run.k == 3
    assert adjusted_rand_score(truth, partition(result)) > 0.9
    assert {row.mixture for row in result.run.evidence.by_k if row.mixture} == {LATENT_CLASS}
    votes = {vote.method: vote for vote in result.run.verdict.votes}
    assert "latent classes" in votes["Gaussian mixtures (BIC)"].reason


def test_answers_that_have_nothing_in_common_are_not_called_groups() -> None:
    found = sg.segment(answers(grouped=False)[0], compare=False).run.verdict.kind
    assert found in {VerdictKind.REPRODUCIBLE_CUT, VerdictKind.CONSTRUCTIVE}


def test_every_word_is_a_feature_of_zeros_and_ones_that_is_not_scaled(shop: sg.Result) -> None:
    steps = {one.feature: one for one in shop.run.model.recipe.steps}
    assert set(steps) == {"orders", "basket", "newsletter", *(f"plan = {plan}" for plan in PLANS)}
    for plan in PLANS:
        step = steps[f"plan = {plan}"]
        assert (step.column, step.format.level, step.centre, step.scale) == ("plan", plan, 0.0, 1.0)
        assert set(shop.run.survey.customers.column(step.feature)) == {0.0, 1.0}
    roles = {one.name: str(one.role) for one in shop.run.survey.columns}
    assert roles["plan"] == "segmentation"


def test_the_audit_says_which_words_are_features_and_which_are_too_rare() -> None:
    table, _ = mixed()
    plans = table["plan"].to_pylist()
    plans[:9] = ["gold"] * 5 + ["iron"] * 4
    rare = table.set_column(table.column_names.index("plan"), "plan", pa.array(plans))
    result = sg.segment(rare, features=FEATURES, k=4, **FAST)
    said = [one.sentence for one in result.run.survey.audit.findings if one.rule == "F2"]
    assert said[0] == (
        "2 words of 'plan' have no feature of their own, too rare or beyond the 12 commonest (9 customers, 1.5%): "
        "they count as any other word."
    )
    assert said[1].startswith(
        "'plan' is in words (1 of 4 columns that make segments): 4 words became features"
    )
    assert "2 rarer words have zeros only" in str(result.run.model.recipe)


def test_two_words_make_one_feature_of_the_rarer() -> None:
    table, truth = mixed()
    words = pa.array(np.where(truth % 2, "often", "seldom"))
    chosen = ("orders", "basket", "reads")
    result = sg.segment(table.append_column("reads", words), features=chosen, k=4, **FAST)
    rarer = "often" if (truth % 2).mean() < 0.5 else "seldom"
    assert result.run.model.recipe.features == ("orders", "basket", f"reads = {rarer}")


def test_most_words_count_as_any_other_when_there_are_too_many() -> None:
    rng = np.random.default_rng(0)
    table, _ = mixed()
    many = pa.array([f"town {one}" for one in rng.integers(0, 70, 600)])
    with pytest.raises(UsageError) as error:
        sg.segment(table.append_column("wish", many), features=("orders", "wish"))
    assert str(error.value) == (
        "The column 'wish' cannot be a feature: it holds 70 different words, and a feature in words has 2 to 50. "
        'Put rare words together in the file, or let the column describe the segments (descriptors = ["wish"]).'
    )


def awkward(n: int, seed: int = 1) -> pa.Table:
    """New customers: words never seen, words in other letters, blanks around them, nothing at all."""
    rng = np.random.default_rng(seed)
    words = [
        *PLANS,
        *(f"  {one}\t" for one in PLANS),
        "new",
        "O'NEIL",
        "",
        "n/a",
        None,
        "plus  one",
        '"',
        "ä",
    ]
    numbers = rng.normal(25, 8, (n, 2)).round(2)
    gaps = rng.random((n, 2)) < 0.2
    columns = [
        pa.array(np.where(gap, np.nan, one), from_pandas=True)
        for one, gap in zip(numbers.T, gaps.T, strict=True)
    ]
    return pa.table(
        {
            "customer_id": [f"N{row}" for row in range(n)],
            "orders": columns[0],
            "basket": columns[1],
            "newsletter": [["yes", "no", None, "perhaps"][one] for one in rng.integers(0, 4, n)],
            "plan": pa.array([words[one] for one in rng.integers(0, len(words), n)], pa.string()),
        }
    )


@pytest.mark.parametrize("options", [{}, {"missing": "median"}, {"missing_means_zero": ("plan",)}])
def test_sql_and_python_place_awkward_words_alike(tmp_path: Path, options: dict[str, Any]) -> None:
    result = sg.segment(mixed(300)[0], features=FEATURES, k=4, **FAST, **options)
    folder = result.save(tmp_path / "run")
    new = awkward(500)
    sql = (folder / "scoring.sql").read_text()
    agree(by_sql(sql, new), sg.load(folder).score(new))
    pa_csv.write_csv(new, tmp_path / "new.csv")
    text = duckdb.sql(f"SELECT * FROM read_csv('{tmp_path / 'new.csv'}', all_varchar=true)").to_arrow_table()  # noqa: S608
    agree(by_sql(sql, text), result.score(tmp_path / "new.csv"))


def test_words_that_were_set_as_missing_are_missing_in_sql_and_python(tmp_path: Path) -> None:
    table, _ = mixed(300)
    plans = ["Not Said" if row % 10 == 0 else plan for row, plan in enumerate(table["plan"].to_pylist())]
    told = table.set_column(4, "plan", pa.array(plans))
    result = sg.segment(told, features=FEATURES, k=4, missing_tokens=("Not Said",), **FAST)
    assert not any("Not Said" in one for one in result.run.model.recipe.features)
    folder = result.save(tmp_path / "run")
    scored = sg.load(folder).score(told)
    agree(by_sql((folder / "scoring.sql").read_text(), told), scored)
    assert scored["segment"].to_pylist() == result.customers["segment"].to_pylist()


def test_numbers_stand_for_words_where_a_new_file_has_them_as_numbers(tmp_path: Path) -> None:
    """Codes that begin with zeros are words; a database may hand some of them back as numbers."""
    table, truth = mixed(300)
    codes = pa.array([f"{100 + one:04d}" if one else "7" for one in truth])
    result = sg.segment(table.append_column("way", codes), features=("orders", "basket", "way"), k=4, **FAST)
    folder = result.save(tmp_path / "run")
    for kind in (pa.int64(), pa.float64(), pa.decimal128(20, 1)):
        new = table.append_column("way", pa.array([7] * len(table)).cast(kind))
        agree(by_sql((folder / "scoring.sql").read_text(), new), sg.load(folder).score(new))
        assert set(sg.load(folder).score(new)["confidence_level"].to_pylist()) != {"low"}


def test_a_saved_run_places_its_own_customers_as_it_did(shop: sg.Result, tmp_path: Path) -> None:
    folder = shop.save(tmp_path / "run")
    scored = sg.load(folder).score(mixed()[0])
    assert scored["segment"].to_pylist() == partition(shop)
    agree(by_sql((folder / "scoring.sql").read_text(), mixed()[0]), scored)


def test_who_lacks_the_words_is_placed_by_the_rest_and_counts_as_lacking_one_column() -> None:
    table, truth = mixed()
    plans = [None if row % 9 == 0 else plan for row, plan in enumerate(table["plan"].to_pylist())]
    result = sg.segment(table.set_column(4, "plan", pa.array(plans)), features=FEATURES, k=4, **FAST)
    lacking = result.run.assignment.missing_share
    assert set(lacking) == {0.0, 0.25}
    blocks = result.run.survey.exploration.missing_blocks
    assert [one.columns for one in blocks] == [("plan",)]
    said = " ".join(one.sentence for one in result.run.survey.audit.findings)
    assert "67 customers lack 'plan'." in said
    assert "lack one or more of the 4 measures" in said
    right = np.array(partition(result))
    pairs = {name: set(truth[right == name] >= 2) for name in set(right)}
    assert sum(len(both) == 1 for both in pairs.values()) >= 3


@pytest.fixture(scope="module")
def plain() -> sg.Result:
    return sg.segment(answers()[0], k=3, **FAST)


def test_the_order_of_rows_and_columns_changes_nothing(plain: sg.Result) -> None:
    table, _ = answers()
    order = np.random.default_rng(0).permutation(len(table))
    turned = table.select(table.column_names[::-1]).take(pa.array(order))
    again = sg.segment(turned, k=3, **FAST)
    mine = dict(zip(plain.customers["customer_id"].to_pylist(), partition(plain), strict=True))
    theirs = dict(zip(again.customers["customer_id"].to_pylist(), partition(again), strict=True))
    assert mine == theirs


def test_what_words_are_called_changes_nobodys_segment(plain: sg.Result) -> None:
    table, _ = answers()
    renamed = {
        name: [f"{'zyx'[ANSWERS[name].index(word)]} {word}" for word in table[name].to_pylist()]
        for name in ANSWERS
    }
    again = sg.segment(pa.table({"customer_id": table["customer_id"], **renamed}), k=3, **FAST)
    assert adjusted_rand_score(partition(plain), partition(again)) == 1.0


def test_two_columns_that_say_the_same_in_other_words_count_once() -> None:
    table, _ = mixed(300)
    plans = table["plan"].to_pylist()
    codes = pa.array([f"code {PLANS.index(one)}" for one in plans])
    both = (*FEATURES, "plan_code")
    result = sg.segment(table.append_column("plan_code", codes), features=both, k=4, **FAST)
    roles = {one.name: (str(one.role), one.reason) for one in result.run.survey.columns}
    assert {roles["plan"][0], roles["plan_code"][0]} == {"segmentation", "excluded"}
    assert "Says nearly the same as" in roles["plan_code"][1] + roles["plan"][1]


def test_words_of_one_column_never_leave_one_another_out() -> None:
    """Nearly everybody has one of two words: they are opposites, and both stay."""
    table, _ = mixed()
    rng = np.random.default_rng(0)
    words = pa.array(rng.choice(["a", "b", "c"], 600, p=[0.5, 0.49, 0.01]))
    result = sg.segment(table.append_column("way", words), features=("orders", "basket", "way"), k=4, **FAST)
    assert {"way = a", "way = b"} <= set(result.run.model.recipe.features)


def test_features_of_words_read_as_people_say_them(plain: sg.Result) -> None:
    for one in plain.run.segments:
        assert one.naming.name.startswith("Mostly ")
        assert "=" not in one.naming.name
        assert "%, everybody " in one.naming.one_liner
    said = str(plain)
    assert "mostly favourite = " in said
    assert "high favourite" not in said
    assert "low favourite" not in said


def test_a_word_may_be_called_what_another_column_is_called() -> None:
    table, _ = mixed(300)
    column = pa.array(np.random.default_rng(0).normal(size=300).round(2))
    chosen = ("plan = 50%", "plan")
    result = sg.segment(table.append_column("plan = 50%", column), features=chosen, k=3, **FAST)
    assert len(set(result.run.model.recipe.features)) == 5
    assert "plan = 50% (from plan)" in result.run.model.recipe.features


def test_the_command_line_makes_segments_by_words_and_scores_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pa_csv.write_csv(mixed(200)[0], "shop.csv")
    pa_csv.write_csv(awkward(50), "new.csv")
    assert (
        run_app(["run", "shop.csv", "--features", ",".join(FEATURES), "--k", "4", "--out", "run", "--quiet"])
        == 0
    )
    assert run_app(["score", "run", "new.csv", "--out", "placed.csv"]) == 0
    assert len(Path("placed.csv").read_text().splitlines()) == 51
    assert "plan = O" in Path("run/report.html").read_text()
