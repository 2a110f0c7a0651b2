"""Why these segments, on whole runs: what is written, what is read back, and what the real data say."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.runs import FAST, run_of_file
from typer.testing import CliRunner

import segmentry as sg
from segmentry.cli.shell import app
from segmentry.errors import UsageError
from segmentry.records.reasons import NotJudged, Rule, Why
from segmentry.results.segmentation import Result
from segmentry.stages.profiling import rule_words
from segmentry.stages.scoring.score import squared_distances


@pytest.fixture(scope="session")
def intellihack() -> Result:
    path = Path(__file__).parents[3] / "shared" / "data" / "intellihack" / "customer_behavior_analytcis.csv"
    return sg.segment(path, effort="quick")


@pytest.fixture(scope="session")
def shop() -> Result:
    """400 generated customers with a plan and a town that made no segments."""
    customers = sg.datasets.ecommerce(400).customers.to_pandas()
    rng = np.random.default_rng(0)
    customers["town"] = rng.choice(["Bergen", "Oslo"], 400)
    customers["favourite"] = [f"thing {one // 2}" for one in range(400)]
    customers["gender"] = rng.choice(["f", "m"], 400)
    return sg.segment(customers, effort="quick")


@pytest.mark.real_data
def test_two_questions_reproduce_the_intellihack_segments(intellihack: Result) -> None:
    """METHOD 6.5 and 14: depth 2, at least 99 % of all 999 on hold-out folds, and the same two questions."""
    rule = intellihack.run.reasons.rule
    assert isinstance(rule, Rule)
    assert rule.depth == 2
    assert rule.customers == 999
    assert rule.fidelity >= 0.99
    assert all(one.precision >= 0.97 and one.recall >= 0.97 for one in rule.qualities)
    assert rule_words.sentence(rule, intellihack.run.model.names) == (
        "Total time spent over 60 → Window Shoppers; otherwise avg cart value over 75 → High Spenders; "
        "otherwise Bargain Hunters."
    )


@pytest.mark.real_data
def test_every_intellihack_customer_is_explained_to_the_last_digit(intellihack: Result) -> None:
    run = intellihack.run
    values = run.survey.customers.values
    squared = squared_distances(run.model.recipe(values), run.model.centre_matrix)
    for at, customer in enumerate(run.survey.customers.ids):
        said = intellihack.why(customer).why
        assert isinstance(said, Why)
        assert said.segment == run.assignment.segment[at]
        margin = squared[at, said.rival] - squared[at, said.segment]
        assert sum(one.weight for one in said.because) == pytest.approx(margin, abs=1e-9)


@pytest.mark.real_data
def test_the_customer_with_gaps_is_explained_by_what_is_known(intellihack: Result) -> None:
    text = str(intellihack.why("CM00924"))
    assert "It rests on the 2 of 5 features that are known" in text
    assert "together: the margin" in text


@pytest.mark.real_data
def test_marketing_campaigns_descriptors_are_described_and_protected_ones_only_shown(real: Path) -> None:
    result = run_of_file(real / "marketing_campaign" / "marketing_campaign.csv", **FAST)
    found = {one.name: one for one in result.run.reasons.descriptors}
    assert not isinstance(found["Education"].test, NotJudged)
    assert isinstance(found["Marital_Status"].test, NotJudged)
    assert isinstance(found["Year_Birth"].test, NotJudged)


def test_a_word_of_its_own_describes_nobody_and_the_reason_is_said(shop: Result) -> None:
    left = dict(shop.run.reasons.left_out)
    assert "200 different values" in left["favourite"]
    names = [one.name for one in shop.run.reasons.descriptors]
    assert "town" in names
    assert "favourite" not in names


def test_no_column_that_makes_segments_is_ever_tested(shop: Result) -> None:
    """METHOD 6.3: a p-value on them is worthless; on pure noise 92 % of them were below .001."""
    used = {step.column for step in shop.run.model.recipe.steps}
    assert used.isdisjoint(one.name for one in shop.run.reasons.descriptors)


def test_reasons_are_written_and_read_back(shop: Result, tmp_path: Path) -> None:
    shop.save(tmp_path / "run")
    again = sg.load(tmp_path / "run")
    assert again.run.reasons == shop.run.reasons
    customer = shop.run.survey.customers.ids[7]
    assert str(again.why(customer)) == str(shop.why(customer))
    with (tmp_path / "run" / "rules.csv").open(encoding="utf-8") as file:
        rules = list(csv.DictReader(file))
    assert [one["segment"] for one in rules if one["for"] == "all segments"] == list(shop.run.model.names)
    with (tmp_path / "run" / "descriptors.csv").open(encoding="utf-8") as file:
        towns = [one for one in csv.DictReader(file) if one["descriptor"] == "town"]
    assert sum(int(one["customers"]) for one in towns) == 400
    with (tmp_path / "run" / "profiles.csv").open(encoding="utf-8") as file:
        profile = next(csv.DictReader(file))
    assert 0 <= float(profile["permuted"]) <= 1
    assert 0 <= float(profile["twin_eta_squared"]) <= 1


def test_why_on_the_command_line(shop: Result, tmp_path: Path) -> None:
    shop.save(tmp_path / "run")
    customer = shop.run.survey.customers.ids[0]
    done = CliRunner().invoke(app, ["why", str(tmp_path / "run"), "--id", customer])
    assert done.exit_code == 0
    assert done.stdout.startswith(customer)
    plain = CliRunner().invoke(app, ["why", str(tmp_path / "run"), "--id", customer, "--json"])
    assert '"because"' in plain.stdout


def test_an_unknown_customer_is_answered_with_one_that_comes_near(shop: Result) -> None:
    customer = str(shop.run.survey.customers.ids[0])
    with pytest.raises(UsageError, match="Did you mean"):
        shop.why(f" {customer.lower()} ")
    with pytest.raises(UsageError, match="There is no customer 'nobody at all'"):
        shop.why("nobody at all")


def test_typical_customers_are_the_medoid_and_the_nearest_and_an_average_is_nobodys_row(shop: Result) -> None:
    """Oracle: the distances between all customers of a segment, by scipy."""
    from scipy.spatial.distance import cdist

    run = shop.run
    points = run.model.recipe(run.survey.customers.values)
    for number, one in enumerate(run.segments):
        complete = (run.assignment.segment == number) & (run.assignment.missing_share == 0)
        inside = np.flatnonzero(complete)
        medoid = inside[cdist(points[inside], points[inside]).sum(axis=1).argmin()]
        assert one.typical[0] == run.survey.customers.ids[medoid]
        assert len(one.typical) == 4
        average = run.reasons.typical[number]
        assert average.customers == 10
        nearest = inside[np.argsort(run.assignment.distance[inside], kind="stable")[:10]]
        assert average.values == pytest.approx(run.survey.customers.values[nearest].mean(axis=0))


def test_the_order_of_rows_and_columns_changes_no_reason(shop: Result) -> None:
    customers = sg.datasets.ecommerce(300).customers.to_pandas()
    first = sg.segment(customers, effort="quick", k=3).run.reasons
    turned = customers.sample(frac=1, random_state=1)[[*customers.columns[::-1]]]
    again = sg.segment(turned, effort="quick", k=3, id="customer_id").run.reasons
    assert again.rule == first.rule
    assert again.rules == first.rules


def test_one_audience_has_reasons_that_say_so() -> None:
    run = sg.segment(sg.datasets.ecommerce(200).customers, k=1).run
    assert isinstance(run.reasons.rule, NotJudged)
    assert all(one.permuted is None for one in run.segments[0].features)
    said = Result(run=run, watch=None).why(run.survey.customers.ids[0])  # type: ignore[arg-type]
    assert "There is one segment" in str(said)


def test_other_algorithms_are_explained_too() -> None:
    table = sg.datasets.ecommerce(250).customers
    for algorithm in ("mixture", "ward"):
        result = sg.segment(table, effort="quick", k=3, algorithm=algorithm)
        said = result.why(result.run.survey.customers.ids[3]).why
        assert isinstance(said, Why)
        assert sum(one.weight for one in said.because) + said.beforehand == pytest.approx(
            said.margin, abs=1e-9
        )
        assert replace(said).segment == result.run.assignment.segment[3]
