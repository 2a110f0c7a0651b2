"""Strategies: the calculator says what the formulas say, and a segment goes along whole, with its manifest."""

import csv
import io
import json
import math
from hashlib import sha256
from pathlib import Path
from statistics import NormalDist

import pyarrow.parquet as pq
import pytest
import yaml
from support.dashboard_pages import Look


def test_every_segment_has_its_card_with_what_fired_it_and_its_evidence(look: Look, runs: Path) -> None:
    """The oracle is strategies.yaml of the run folder."""
    plays = yaml.safe_load((runs / "first" / "strategies.yaml").read_text(encoding="utf-8"))
    page = look("/strategies?run=first")
    assert page.html.count('class="play"') == len(plays)
    for one in plays.values():
        assert one["objective"] in page.words
        for fired in one["because"]:
            assert fired["sentence"] in page.words
        assert one["evidence"] in page.words


def test_the_calculator_gives_the_sample_size_of_the_textbook(look: Look) -> None:
    """3 % to 3.6 % takes 13,911 customers an arm (METHOD 8.4); 10 % to 12 % takes 3,839."""
    assert "takes 13,911 customers" in look("/strategies?run=first&base=3&rise=0.6").words
    assert "takes 3,839 customers" in look("/strategies?run=first&base=10&rise=2").words


def test_the_calculator_gives_break_even_and_smallest_effect(look: Look, runs: Path) -> None:
    """Both worked out here from METHOD 8.3 and 8.4; the customers are counted in customers.parquet."""
    names = pq.read_table(runs / "first" / "customers.parquet")["segment"].to_pylist()
    first = look("/").rows("The segments with their sizes and averages")[0][0]
    n = names.count(first)
    page = look(
        "/strategies?run=first&for=1&base=20&margin=40&order_value=50&contact_cost=0&depth=15&used=100"
    )
    assert "It pays from a rise of +12.0 points on" in page.words
    assert f"A test of all {n:,} customers of the segment" in page.words
    z = (NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)) ** 2
    low, high = 0.0, 0.8
    for _ in range(60):
        rise = (low + high) / 2
        seen = rise**2 >= z * (0.2 * 0.8 + (0.2 + rise) * (0.8 - rise)) / (n / 2)
        low, high = (low, rise) if seen else (rise, high)
    assert f"sees a rise of +{100 * high:.1f} points or more" in page.words
    assert math.isclose(low, high, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("base=100", "'base' must be more than 0 and less than 100 percent."),
        ("base=x", "'base' must be a number, not 'x'."),
        ("base=3&rise=0", "'rise' must be other than 0"),
        ("base=3&rise=99", "'rise' must be other than 0"),
        ("base=3&alpha=0", "'alpha' must be more than 0"),
        ("base=3&margin=0&order_value=1&contact_cost=1", "'margin' must be more than 0"),
        ("base=3&margin=4&order_value=-1&contact_cost=1", "An order is worth more than 0"),
        ("for=99", "There is no segment 99."),
    ],
)
def test_a_field_that_cannot_be_meant_is_said(look: Look, asked: str, said: str) -> None:
    page = look(f"/strategies?run=first&{asked}")
    assert page.status == 400
    assert said in page.words


def test_a_play_that_cannot_pay_is_said_to(look: Look) -> None:
    page = look("/strategies?run=first&base=3&margin=10&order_value=50&contact_cost=1&depth=20&used=100")
    assert "It cannot pay" in page.words


def test_the_audience_is_the_segment_less_those_the_manifest_names(look: Look, runs: Path) -> None:
    """The oracle is the segment in customers.parquet; the manifest's fingerprint is of the very file."""
    table = pq.read_table(runs / "first" / "customers.parquet").to_pylist()
    first = look("/").rows("The segments with their sizes and averages")[0][0]
    segment = {one["customer_id"]: one for one in table if one["segment"] == first}
    text = look("/audience.csv?run=first&segment=1&share=50").html
    rows = list(csv.DictReader(io.StringIO(text)))
    manifest = json.loads(look("/audience.json?run=first&segment=1&share=50").html)
    assert manifest["sha256"] == sha256(text.encode()).hexdigest()
    assert manifest["customers_in_segment"] == len(segment)
    assert len(rows) + sum(one["customers"] for one in manifest["left_out"]) == len(segment)
    assert manifest["rows"] == len(rows)
    for one in rows:
        assert float(one["confidence"]) == segment[one["customer_id"]]["confidence"]
        assert one["confidence_level"] == segment[one["customer_id"]]["confidence_level"]
    assert {one["group"] for one in rows} == {"control", "treated"}
    assert sum(one["group"] == "control" for one in rows) == manifest["control"]["marked"]


def test_without_a_control_group_everybody_is_on_the_list(look: Look, runs: Path) -> None:
    first = look("/").rows("The segments with their sizes and averages")[0][0]
    names = pq.read_table(runs / "first" / "customers.parquet")["segment"].to_pylist()
    rows = list(csv.DictReader(io.StringIO(look("/audience.csv?run=first&segment=1&control=none").html)))
    assert len(rows) == names.count(first)


@pytest.mark.parametrize(
    "asked",
    [
        "segment=0",
        "segment=x",
        "segment=",
        "segment=1&share=101",
        "segment=1&share=x",
        "segment=1&control=away",
    ],
)
def test_an_audience_that_cannot_be_meant_is_refused(look: Look, asked: str) -> None:
    assert look(f"/audience.csv?run=first&{asked}").status == 400
    assert look(f"/audience.json?run=first&{asked}").status == 400
