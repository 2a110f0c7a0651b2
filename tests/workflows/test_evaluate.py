"""Segments that a team already has: what the data say of them, whoever made them and however they are written."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from sklearn.neighbors import NearestCentroid
from support.runs import FAST, run_of_shop

import segmentry as sg
from segmentry.records.evaluation import Evaluation
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose.given import given_sentence

AS_IT_IS = {"transform": "none", "clip": "none", "themes": "none"}
EFFORT = "quick"


def judged(table: object, labels: str = "tier", **options: object) -> Evaluation:
    return sg.evaluate(table, labels=labels, effort=EFFORT, **options).evaluation


def labelled(labels: Sequence[object] | NDArray[np.object_], n: int = 300) -> pd.DataFrame:
    """The customers of an online shop with a column of segments."""
    return sg.datasets.ecommerce(n).customers.to_pandas().assign(tier=labels)


def crowd(n: int = 400) -> pd.DataFrame:
    """Customers without groups: four measures that have nothing to do with each other."""
    rng = np.random.default_rng(3)
    return pd.DataFrame(rng.standard_normal((n, 4)), columns=["visits", "spend", "minutes", "clicks"])


@pytest.fixture(scope="module")
def truth() -> NDArray[np.object_]:
    return sg.datasets.ecommerce(300).truth


@pytest.fixture(scope="module")
def true(truth: NDArray[np.object_]) -> Evaluation:
    return judged(labelled(truth))


@pytest.fixture(scope="module")
def shuffled(truth: NDArray[np.object_]) -> Evaluation:
    return judged(labelled(np.random.default_rng(0).permutation(truth)))


def test_true_groups_are_natural_and_what_we_would_find_ourselves(true: Evaluation) -> None:
    assert true.kind is VerdictKind.NATURAL
    assert {one.name for one in true.segments} == {"High Spenders", "Bargain Hunters", "Window Shoppers"}
    assert true.kept > 0.98
    assert true.like_recommended > 0.95
    assert true.like_kmeans > 0.95
    assert true.twins.lift > 0.2
    assert all(one.separated and one.jaccard and one.jaccard.mean > 0.95 for one in true.segments)
    assert all(one.separates for one in true.features)
    assert true.sentence.startswith("These are natural groups")


def test_shuffled_labels_are_unknown_to_the_data(shuffled: Evaluation) -> None:
    assert not shuffled.known
    assert shuffled.evidence.silhouette < 0.01
    assert shuffled.kept == pytest.approx(shuffled.kept_by_chance, abs=0.1)
    assert abs(shuffled.like_recommended) < 0.05
    assert shuffled.sentence.startswith("The data do not know these segments")
    assert "Unknown to these data" in sg.Judgement(shuffled).summary()


def test_one_segment_that_the_measures_know_is_named_among_others_that_they_do_not(
    truth: NDArray[np.object_],
) -> None:
    """Few customers, who differ, beside many at random."""
    names = np.random.default_rng(0).choice(["north", "south"], 300).astype(object)
    names[np.flatnonzero(truth == "Bargain Hunters")[:25]] = "outlet"
    found = judged(labelled(names))
    assert not found.known
    said = " ".join(sg.Judgement(found).summary().split())
    assert "The exception is 'outlet' (100% would stay)." in said
    assert "Of no measure: even in" in said


def test_space_between_other_groups_is_no_credit_to_segments_that_do_not_come_back(
    shuffled: Evaluation,
) -> None:
    """Re-runs that start from shuffled labels end in the true groups, which are far apart."""
    assert shuffled.kind is VerdictKind.CONSTRUCTIVE
    assert not any(one.separated for one in shuffled.segments)
    assert not any(one.empty for one in shuffled.borders)


@pytest.mark.real_data
def test_of_three_species_one_stands_apart(real: Path) -> None:
    """Fisher 1936: setosa is linearly separable from the other two irises, which are not from each other."""
    flowers = pd.DataFrame(np.loadtxt(real / "labelled" / "iris.data.gz"), columns=["sl", "sw", "pl", "pw"])
    species = np.loadtxt(real / "labelled" / "iris.labels.gz").astype(int)
    found = judged(
        flowers.assign(species=[["setosa", "versicolor", "virginica"][one - 1] for one in species]), "species"
    )
    names = [one.name for one in found.segments]
    empty = {frozenset({names[one.first], names[one.second]}): one.empty for one in found.borders}
    assert empty[frozenset({"setosa", "versicolor"})]
    assert not empty[frozenset({"versicolor", "virginica"})]
    assert not any(one.separated for one in found.segments if one.name != "setosa")


def test_a_segment_that_stands_apart_is_the_exception_among_segments_at_random() -> None:
    rng = np.random.default_rng(0)
    customers = pd.DataFrame(rng.normal(size=(400, 3)), columns=["spend", "visits", "clicks"])
    customers.iloc[:100] += 8
    names = np.where(np.arange(400) < 100, "club", rng.choice(["north", "south"], 400))
    found = judged(customers.assign(tier=names))
    assert {one.name: one.separated for one in found.segments} == {
        "club": True,
        "north": False,
        "south": False,
    }
    assert found.sentence.endswith("The exception is 'club', with empty space around.")
    both = replace(
        found, segments=tuple(replace(one, separated=one.name != "north") for one in found.segments)
    )
    assert given_sentence(both).endswith("The exceptions are 'south' and 'club', with empty space around.")


def test_quarters_of_one_column_are_called_that() -> None:
    customers = crowd()
    found = judged(customers.assign(tier=pd.qcut(customers["spend"], 4, labels=["D", "C", "B", "A"])))
    assert found.maker is not None
    assert (found.maker.feature, found.maker.alone) == ("spend", 1.0)
    assert found.features[0].feature == "spend"
    assert [one.feature for one in found.features if one.separates] == ["spend"]
    assert found.kind not in {VerdictKind.NATURAL, VerdictKind.PARTLY_NATURAL}
    assert "'spend' alone tells the segment of 100%" in " ".join(sg.Judgement(found).summary().split())


def test_neither_the_order_of_rows_nor_of_columns_matters(true: Evaluation) -> None:
    rng = np.random.default_rng(1)
    table = labelled(sg.datasets.ecommerce(300).truth)
    other = judged(table.iloc[rng.permutation(300)][list(rng.permutation(table.columns))])
    assert (other.segments, other.features) == (true.segments, true.features)
    assert (other.kind, other.sentence, other.recommended) == (true.kind, true.sentence, true.recommended)
    assert other.evidence.silhouette == true.evidence.silhouette


def test_silhouettes_agree_with_scikit_learn() -> None:
    customers = crowd(200)
    tier = np.where(customers["visits"] > 0.7, "often", np.where(customers["clicks"] > 0, "looks", "rest"))
    found = judged(customers.assign(tier=tier), **AS_IT_IS)
    points = ((customers - customers.mean()) / customers.std(ddof=0)).to_numpy()
    expected = silhouette_samples(points, tier)
    assert found.evidence.silhouette == pytest.approx(expected.mean(), abs=1e-9)
    for one in found.segments:
        assert one.silhouette == pytest.approx(expected[tier == one.name].mean(), abs=1e-9)
    assert found.evidence.silhouette_low < found.evidence.silhouette < found.evidence.silhouette_high


def test_placement_and_agreement_agree_with_scikit_learn() -> None:
    customers = crowd(200)
    tier = np.where(customers["visits"] > 0.7, "often", np.where(customers["clicks"] > 0, "looks", "rest"))
    found = judged(customers.assign(tier=tier), **AS_IT_IS)
    points = ((customers - customers.mean()) / customers.std(ddof=0)).to_numpy()
    placed = NearestCentroid().fit(points, tier).predict(points)
    assert [one.name for one in found.segments] == list(pd.Series(tier).value_counts().index)
    assert found.kept == pytest.approx((placed == tier).mean())
    assert found.kept_index == pytest.approx(adjusted_rand_score(tier, placed))
    share = pd.Series(tier).value_counts(normalize=True) * pd.Series(placed).value_counts(normalize=True)
    assert found.kept_by_chance == pytest.approx(share.sum())
    for one in found.segments:
        assert one.kept == pytest.approx((placed == tier)[tier == one.name].mean())


NUMBERS = {"High Spenders": 0, "Bargain Hunters": 1, "Window Shoppers": 2}


@pytest.mark.parametrize(
    "write",
    [
        lambda names: [NUMBERS[one] for one in names],
        lambda names: [float(NUMBERS[one]) for one in names],
        lambda names: [str(NUMBERS[one]) for one in names],
        lambda names: pd.Categorical([str(NUMBERS[one]) for one in names]),
        lambda names: [f" {NUMBERS[one]} " for one in names],
    ],
    ids=["integers", "floats", "text", "categories", "padded"],
)
def test_segments_may_be_numbers_or_words(
    truth: NDArray[np.object_], true: Evaluation, write: object
) -> None:
    assert callable(write)
    found = judged(labelled(write(truth)).rename(columns={"tier": "bucket"}), "Bucket ")
    assert found.labels == "bucket"
    assert sorted(one.name for one in found.segments) == ["0", "1", "2"]
    assert found.evidence.silhouette == true.evidence.silhouette
    assert "bucket" not in [one.feature for one in found.features]


@pytest.mark.parametrize("whole", [True, False])
def test_yes_and_no_are_two_segments(truth: NDArray[np.object_], whole: bool) -> None:  # noqa: FBT001
    spender = truth == "High Spenders"
    found = judged(labelled(spender if whole else np.where(spender, "yes", "no")))
    assert [one.name for one in found.segments] == (["false", "true"] if whole else ["no", "yes"])


def test_dates_can_name_segments(truth: NDArray[np.object_]) -> None:
    table = labelled([f"2026-0{1 + NUMBERS[one]}-01" for one in truth])
    assert {one.name for one in judged(table).segments} == {"2026-01-01", "2026-02-01", "2026-03-01"}


@pytest.mark.parametrize("kind", ["words", "numbers"])
def test_customers_without_a_segment_are_left_out_and_counted(truth: NDArray[np.object_], kind: str) -> None:
    names = truth.copy() if kind == "words" else np.array([float(NUMBERS[one]) for one in truth])
    names[:40] = None if kind == "words" else math.nan
    found = judged(labelled(names))
    assert found.unlabelled == 40
    assert found.customers + found.unmeasured == 260
    assert len(found.segments) == 3
    assert "40 customers without a segment" in sg.Judgement(found).summary()


def test_the_recommendation_is_for_the_same_customers(truth: NDArray[np.object_]) -> None:
    """Of three groups two have labels: two segments are recommended, as in a run on those alone."""
    names = np.where(truth == "Window Shoppers", None, truth)
    found = judged(labelled(names))
    alone = labelled(names)[names != None].drop(columns="tier")  # noqa: E711 - element by element
    run = sg.segment(alone, effort=EFFORT, compare=False)
    assert found.recommended.k == run.verdict.k == 2


def test_a_segment_of_a_few_customers_is_shown_but_not_judged(truth: NDArray[np.object_]) -> None:
    names = truth.copy()
    names[100:103] = "VIP"
    found = judged(labelled(names))
    (vip,) = found.tiny
    assert (vip.name, vip.jaccard, vip.separated) == ("VIP", None, False)
    assert found.kind is VerdictKind.NATURAL, "the others are what they were"
    assert "Too few customers to be judged: VIP" in " ".join(sg.Judgement(found).summary().split())


def test_segments_of_a_few_customers_each_are_refused() -> None:
    customers = crowd(60)
    tier = pd.qcut(customers["spend"], 15, labels=False)
    with pytest.raises(sg.DataError, match="None of the 15 segments in 'tier' have 5 customers or more"):
        judged(customers.assign(tier=tier))


def test_a_large_segment_is_not_told_by_a_measure_just_because_it_is_large() -> None:
    """Everybody in it would be a good guess without any measure."""
    customers = crowd()
    few = customers["visits"] + customers["spend"] > 2.6
    found = judged(customers.assign(tier=np.where(few, "VIP", "rest")))
    assert found.known
    assert max(one.alone for one in found.features) > 0.95
    assert found.maker is None


def test_customers_whose_rows_name_two_segments_are_left_out(truth: NDArray[np.object_]) -> None:
    table = labelled(truth).assign(updated_at="2026-01-01")
    later = table.iloc[[0, 1]].assign(updated_at="2026-02-01")
    later.loc[later.index[0], "tier"] = (
        "Bargain Hunters" if truth[0] != "Bargain Hunters" else "High Spenders"
    )
    found = judged(pd.concat([table, later]))
    assert found.unclear == 1
    assert found.customers + found.unmeasured == 299


def test_a_column_of_an_earlier_run_can_be_judged(tmp_path: Path) -> None:
    """What the run wrote beside it says where customers were placed: it measures nobody."""
    made = run_of_shop(300, **FAST)
    file = made.save(tmp_path / "run") / "customers.csv"
    found = sg.evaluate(file, labels="segment", effort=EFFORT).evaluation
    assert {one.feature for one in found.features} == set(made.run.model.recipe.features)
    assert "confidence" in found.set_aside
    assert "value" in found.set_aside
    assert found.kept == 1
    assert found.like_recommended == 1
    other = sg.evaluate(file, labels="runner_up", effort=EFFORT).evaluation
    assert "segment" in other.set_aside


def test_a_distance_of_the_shops_own_stays_a_measure(truth: NDArray[np.object_]) -> None:
    rng = np.random.default_rng(0)
    found = judged(labelled(truth).assign(distance=rng.random(300)))
    assert "distance" in [one.feature for one in found.features]
    assert found.set_aside == ()


def test_more_segments_than_a_run_would_make_are_judged_too() -> None:
    customers = crowd()
    tier = pd.qcut(customers["visits"], 4, labels=False) * 4 + pd.qcut(customers["spend"], 4, labels=False)
    found = judged(customers.assign(tier=tier))
    assert found.k == 16
    assert math.isfinite(found.like_kmeans)
    assert found.recommended.k < 16


def test_more_segments_than_different_customers_have_no_k_means() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"email": rng.integers(2, size=90), "app": rng.integers(2, size=90)})
    found = judged(table.assign(tier=np.arange(90) % 6), features=["email", "app"])
    assert math.isnan(found.like_kmeans)
    assert not found.known


def test_a_k_in_the_settings_has_no_say(truth: NDArray[np.object_]) -> None:
    found = judged(labelled(truth), k=5)
    assert (found.k, found.recommended.k) == (3, 3)


@pytest.mark.slow
def test_many_customers_are_judged_by_a_sample_and_counted_in_full() -> None:
    made = sg.datasets.ecommerce(12_000)
    found = judged(made.customers.append_column("tier", pa.array(made.truth)))
    assert sum(one.customers for one in found.segments) == found.customers > 11_000
    assert (found.budget.customers, found.silhouette_customers) == (2_000, 5_000)
    assert found.kind is VerdictKind.NATURAL


def test_what_can_be_read_only_once_is_read_only_once(truth: NDArray[np.object_], true: Evaluation) -> None:
    table = sg.datasets.ecommerce(300).customers.append_column("tier", pa.array(truth))
    found = judged(pa.RecordBatchReader.from_batches(table.schema, table.to_batches()))
    assert found.evidence.silhouette == true.evidence.silhouette


def test_an_evaluation_can_be_saved_and_told_in_json(true: Evaluation, tmp_path: Path) -> None:
    judgement = sg.Judgement(true)
    folder = judgement.save(tmp_path / "judged")
    assert {one.name for one in folder.iterdir()} == {
        "evaluation.json", "segments.csv", "features.csv", "borders.csv", "run.json",
    }  # fmt: skip
    assert json.loads((folder / "evaluation.json").read_text())["kind"] == "natural"
    assert pd.read_csv(folder / "segments.csv")["customers"].sum() == true.customers
    assert json.loads(json.dumps(judgement.plain(), allow_nan=False))["known"] is True
    judgement.save(folder, force=True)


def test_the_reference_has_every_file_and_column_of_an_evaluation(true: Evaluation, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/reference/run-folder.md").read_text(encoding="utf-8")
    page = page.partition("## The folder of an evaluation")[2]
    for path in sg.Judgement(true).save(tmp_path / "judged").iterdir():
        assert f"`{path.name}`" in page
        if path.suffix == ".csv":
            header = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
            assert [one for one in header if f"`{one}`" not in page] == [], path.name


def test_the_screen_is_eighty_columns_wide_and_safe_whatever_the_names(truth: NDArray[np.object_]) -> None:
    hostile = {
        "High Spenders": "\x1b[31mred" + "x" * 90,
        "Bargain Hunters": "客户" * 30,
        "Window Shoppers": "=1+1",
    }
    text = sg.Judgement(judged(labelled([hostile[one] for one in truth]))).summary()
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 80
