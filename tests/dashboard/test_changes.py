"""Changes between two runs: every number against a join of the two customers files made here anew."""

import csv
import io
import re
from collections import Counter
from html import unescape
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.optimize import linear_sum_assignment
from support.dashboard_pages import Look, looker

import segmentry as sg


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of a shop: some customers are new, some are gone, and some behave otherwise."""
    folder = tmp_path_factory.mktemp("shop")
    everybody = sg.datasets.ecommerce(700, seed=3).customers
    october = everybody.slice(0, 620)
    dice = np.random.default_rng(0)
    november = everybody.slice(80)
    for name in everybody.column_names:
        if name == "customer_id":
            continue
        values = november[name].to_numpy(zero_copy_only=False)
        mixed = np.where(dice.random(len(values)) < 0.25, dice.permutation(values), values)
        november = november.set_column(
            november.column_names.index(name), name, pa.array(mixed, from_pandas=True)
        )
    for name, table, k in (("october", october, 4), ("november", november, 5)):
        sg.segment(table, name=f"{name}.csv", effort="quick", k=k).save(folder / name)
    return folder


@pytest.fixture(scope="module")
def see(shop: Path) -> Look:
    return looker(shop)


def _joined(shop: Path) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Each customer's segment then and now, and which segment of then is which of now.

    The alignment is worked out anew from METHOD 7.5: the one-to-one pairs of most Jaccard overlap,
    those below 0.3 left out.
    """
    then, now = (
        {
            one["customer_id"]: one["segment"]
            for one in pq.read_table(shop / run / "customers.parquet").to_pylist()
        }
        for run in ("october", "november")
    )
    both = then.keys() & now.keys()
    olds, news = (sorted({of[one] for one in both}) for of in (then, now))
    overlap = np.array(
        [
            [
                sum(then[one] == old and now[one] == new for one in both)
                / sum(then[one] == old or now[one] == new for one in both)
                for new in news
            ]
            for old in olds
        ]
    )
    rows, columns = linear_sum_assignment(-overlap)
    heirs = {olds[a]: news[b] for a, b in zip(rows, columns, strict=True) if overlap[a, b] >= 0.3}
    return then, now, heirs


def _movers(shop: Path) -> dict[str, tuple[str, str]]:
    then, now, heirs = _joined(shop)
    return {
        one: (then[one], now[one]) for one in then.keys() & now.keys() if heirs.get(then[one]) != now[one]
    }


def test_the_finding_counts_those_who_moved(see: Look, shop: Path) -> None:
    then, now, _ = _joined(shop)
    moved, both = _movers(shop), then.keys() & now.keys()
    page = see("/changes?run=november&before=october")
    assert page.finding.startswith(
        f"{100 * len(moved) / len(both):.0f}% of customers moved to another segment"
    )
    assert f"{len(both)} customers in both october and november · 80 new · 80 no longer there" in page.words


def test_the_table_has_every_stream_and_the_totals_of_both_ends(see: Look, shop: Path) -> None:
    then, now, _ = _joined(shop)
    page = see("/changes?run=november&before=october")
    rows = page.rows("Customers by segment before (rows) and now (columns)")
    everybody = then.keys() | now.keys()
    streams = Counter((then.get(one, "new customers"), now.get(one, "no longer there")) for one in everybody)
    seen = [int(text.replace(",", "")) for row in rows[:-1] for text in row[1:-1] if text != "–"]
    assert sorted(seen) == sorted(streams.values())
    before, after = (
        Counter(one for one, _ in streams.elements()),
        Counter(one for _, one in streams.elements()),
    )
    assert sorted(int(row[-1].replace(",", "")) for row in rows[:-1]) == sorted(before.values())
    assert rows[-1][0] == "Total now"
    assert sorted(int(one.replace(",", "")) for one in rows[-1][1:-1]) == sorted(after.values())


def test_every_mover_is_listed_once_with_then_and_now(see: Look, shop: Path) -> None:
    address, seen = "/changes?run=november&before=october", []
    while address:
        page = see(address)
        seen += page.rows("Customers who moved")
        following = re.search(r'href="([^"]*)"[^>]*rel="next"', page.html)
        address = unescape(following[1]) if following else ""
    assert {row[0] for row in seen} == set(_movers(shop))
    assert len(seen) == len(_movers(shop))


def test_the_file_has_the_movers_and_one_stream_only_when_asked(see: Look, shop: Path) -> None:
    moved = _movers(shop)
    rows = list(csv.DictReader(io.StringIO(see("/changes.csv?run=november&before=october").html)))
    assert {one["customer_id"]: (one["segment_before"], one["segment_now"]) for one in rows} == moved
    names = [one.name for one in sg.load(shop / "october").segments]
    first = list(csv.DictReader(io.StringIO(see("/changes.csv?run=november&before=october&from=1").html)))
    assert {one["customer_id"] for one in first} == {
        one for one, (then, _) in moved.items() if then == names[0]
    }


def test_a_segment_that_is_the_same_is_said_to_be_with_its_overlap(see: Look, shop: Path) -> None:
    _, _, heirs = _joined(shop)
    rows = see("/changes?run=november&before=october").rows("Which segment is which")
    paired = {row[1].split(" (before)")[0]: row[0].split(" (now)")[0] for row in rows if row[1] != "–"}
    assert paired == heirs
    for row in rows:
        wanted = "a new segment" if row[1] == "–" else "the same segment"
        assert row[3].startswith(wanted)


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("before=november&run=november", 400, "A run cannot be compared with itself."),
        ("before=../etc", 404, "There is no run '../etc'."),
        ("from=9", 400, "There is no segment 9."),
        ("to=x", 400, "'to' must be a whole number"),
        ("after=-1", 400, "'after' must be a whole number"),
        ("from=0&to=0", 200, "0 customers moved"),
    ],
)
def test_what_cannot_be_meant_is_said(see: Look, asked: str, status: int, said: str) -> None:
    page = see(f"/changes?{asked}")
    assert page.status == status
    assert said in page.words


def test_one_run_or_no_shared_customer_is_a_sentence(look: Look, shop: Path, tmp_path: Path) -> None:
    assert looker(shop / "october")("/changes").finding == "There is one run, so nothing to compare it with"
    (tmp_path / "october").symlink_to(shop / "october")
    others = sg.datasets.ecommerce(200, seed=9).customers
    ids = pa.array([f"other {n}" for n in range(200)])
    others = others.set_column(others.column_names.index("customer_id"), "customer_id", ids)
    sg.segment(others, name="other.csv", effort="quick", k=2).save(tmp_path / "other")
    assert looker(tmp_path)("/changes").finding == "No customer is in both runs"


def test_a_run_without_ids_cannot_be_compared(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "october").symlink_to(shop / "october")
    nameless = sg.datasets.ecommerce(200).customers.drop_columns(["customer_id"])
    sg.segment(nameless, name="nameless.csv", effort="quick", k=2).save(tmp_path / "nameless")
    page = looker(tmp_path)("/changes")
    assert page.finding == "The customers of these runs cannot be told apart"


def test_a_run_of_the_same_table_is_compared_with_before_one_of_another(tmp_path: Path) -> None:
    everybody = sg.datasets.ecommerce(300).customers
    other = everybody.rename_columns([f"other_{one}" for one in everybody.column_names])
    for name, table in (("oldest", everybody), ("elsewhere", other), ("newest", everybody.slice(50))):
        sg.segment(table, name=f"{name}.csv", effort="quick", k=3, compare=False).save(tmp_path / name)
    see = looker(tmp_path)
    assert "250 customers in both oldest and newest" in see("/changes?run=newest").words
    assert "newest" in see("/changes?run=oldest").words, "without an earlier one it is the next"
