"""Whole runs on real data: the published numbers, and what must not matter."""

import filecmp
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import adjusted_rand_score
from support.runs import FAST, run_of_file

import segmentry as sg
from segmentry.results.segmentation import Result

INTELLIHACK = Path("intellihack") / "customer_behavior_analytcis.csv"
NAMES = {"High Spenders", "Window Shoppers", "Bargain Hunters"}
FIGURES = {
    "distributions", "correlations", "relationships", "EDA_1", "EDA_2", "elbow", "cluster_evaluate",
    "cluster_prof", "distributions_cluster", "clusters_PCA", "cluster_feature_final", "final",
}  # fmt: skip
FILES = {
    "run.json", "model.json", "scoring.sql", "customers.parquet", "customers.csv", "segments.csv",
    "profiles.csv", "evidence.csv", "algorithms.csv", "ledger.csv", "strategies.yaml", "report.html",
}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A result and its customers' segments by id."""

    result: Result

    @property
    def segments(self) -> dict[str, str]:
        """Each customer's segment by id."""
        table = self.result.customers
        return dict(zip(map(str, table[0].to_pylist()), table["segment"].to_pylist(), strict=True))


@pytest.fixture(scope="module")
def intellihack(request: pytest.FixtureRequest) -> Kept:
    from conftest import SHARED

    return Kept(sg.segment(SHARED / INTELLIHACK))


@pytest.mark.real_data
def test_three_equal_segments_with_the_right_names_are_found(intellihack: Kept) -> None:
    """METHOD 14: 333 each, k = 3, names of METHOD 7.4 with relative cosine of at least 0.94."""
    segments = intellihack.result.segments
    assert [one.customers for one in segments] == [333, 333, 333]
    assert {one.name for one in segments} == NAMES
    assert all(one.naming.fit is not None and one.naming.fit >= 0.94 for one in segments)
    assert all(reading.agrees for one in segments for reading in one.naming.readings if reading.defining)


@pytest.mark.real_data
def test_a_customer_of_whom_little_is_known_has_low_confidence(intellihack: Kept) -> None:
    """CM00924 lacks 3 of 5 measures."""
    row = intellihack.result.customers.filter(
        pc.equal(intellihack.result.customers["customer_id"], "CM00924")
    )
    assert row["confidence_level"].to_pylist() == ["low"]
    assert row["placed"].to_pylist() == ["placed by partial distance"]


@pytest.mark.real_data
@pytest.mark.parametrize("seed", [1, 7, 2026])
def test_neither_rows_nor_columns_nor_seed_change_the_segments(
    real: Path, intellihack: Kept, seed: int
) -> None:
    table = pa_csv.read_csv(real / INTELLIHACK)
    rng = np.random.default_rng(seed)
    shuffled = table.take(rng.permutation(len(table))).select(list(rng.permutation(table.column_names)))
    again = Kept(sg.segment(shuffled, seed=seed, compare=False))
    assert again.segments == intellihack.segments


@pytest.mark.real_data
def test_renaming_ids_and_columns_changes_nothing_that_matters(real: Path, intellihack: Kept) -> None:
    """Synonyms of the columns' names, and ids in another order."""
    table = pa_csv.read_csv(real / INTELLIHACK)
    renamed = table.rename_columns(["orders", "aov", "time_on_site", "clicks", "numDiscounts", "client_id"])
    ids = [f"Z{9999 - row}" for row in range(len(table))]
    renamed = renamed.set_column(5, "client_id", pa.array(ids))
    again = Kept(sg.segment(renamed, compare=False))
    assert list(again.segments.values()) == list(intellihack.segments.values())


@pytest.mark.real_data
def test_the_notebook_projects_numbers_come_out(real: Path) -> None:
    """Published: inertia 884.58, silhouette 0.6125, sizes 334/332/333, PCA 0.6333 and 0.2594."""
    plain = {"transform": "none", "clip": "none", "themes": "none"}
    run = sg.segment(real / INTELLIHACK, missing="median", k=3, compare=False, **plain).run
    row = run.evidence.at(3)
    assert row.inertia == pytest.approx(884.58, abs=0.005)
    assert row.silhouette == pytest.approx(0.6125, abs=5e-5)
    assert {one.name: one.customers for one in run.segments} == {
        "High Spenders": 334,
        "Window Shoppers": 332,
        "Bargain Hunters": 333,
    }
    assert run.map.projection.explained == pytest.approx([0.6333, 0.2594], abs=5e-5)


@pytest.mark.real_data
def test_eta_squared_is_the_published_one(real: Path) -> None:
    """METHOD 6.2: 0.75, 0.84, 0.86, 0.88, 0.79, on the table whose gaps hold the median."""
    table = pa_csv.read_csv(real / INTELLIHACK)
    for index in range(5):
        filled = pc.fill_null(table[index], float(pc.quantile(table[index], 0.5)[0].as_py()))
        table = table.set_column(index, table.column_names[index], filled)
    found = [round(one.eta_squared, 2) for one in sg.segment(table, compare=False).run.population]
    assert found == [0.75, 0.84, 0.86, 0.88, 0.79]


@pytest.mark.real_data
@pytest.mark.usefixtures("drawn_pictures")
def test_every_file_and_figure_is_written_twice_alike(real: Path, intellihack: Kept, tmp_path: Path) -> None:
    """Same input, settings and seed: the same bytes, but for the clock."""
    results = {"one": intellihack.result, "two": sg.segment(real / INTELLIHACK)}
    folders = [result.save(tmp_path / name) for name, result in results.items()]
    names = sorted(str(path.relative_to(folders[0])) for path in folders[0].rglob("*") if path.is_file())
    assert {Path(name).name for name in names} >= FILES | {f"{one}.png" for one in FIGURES}
    _, different, odd = filecmp.cmpfiles(*folders, names, shallow=False)
    assert (different, odd) == (["run.json"], [])
    first, second = (json.loads((folder / "run.json").read_text()) for folder in folders)
    assert {**first, "clock": None} == {**second, "clock": None}


@pytest.mark.real_data
def test_the_mall_falls_into_five(real: Path) -> None:
    """Published: k = 5, inertia 44448.4554, sizes 81/39/35/23/22 on income and score, unscaled."""
    chosen = {"features": ("Annual Income (k$)", "Spending Score (1-100)"), "compare": False}
    mall = real / "mall" / "Mall_Customers.csv"
    assert sg.segment(mall, **chosen).verdict.k == 5
    plain = sg.segment(mall, scaling="none", clip="none", transform="none", **chosen)
    assert plain.verdict.k == 5
    assert sorted(one.customers for one in plain.segments) == [22, 23, 35, 39, 81]
    assert plain.evidence.at(5).inertia <= 44448.46


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("clean", "dirty"),
    [
        ("marketing_campaign/marketing_campaign.csv", "dirty/marketing_campaign_semicolon_bom.csv"),
        ("marketing_campaign/marketing_campaign.csv", "dirty/marketing_campaign_comma.csv"),
        ("mall/Mall_Customers.csv", "dirty/Mall_trailing_space_headers.csv"),
    ],
)
def test_dirty_copies_give_the_clean_files_partition(real: Path, clean: str, dirty: str) -> None:
    one = Kept(run_of_file(real / clean, **FAST)).segments
    other = Kept(sg.segment(real / dirty, **FAST)).segments
    assert one.keys() == other.keys()
    assert adjusted_rand_score(list(one.values()), [other[key] for key in one]) == 1.0


@pytest.mark.real_data
def test_the_audit_of_a_real_campaign_names_what_is_wrong(real: Path) -> None:
    """METHOD C4, C7-C9: constants, 666,666, births of 1893-1900, 182 rows alike, 24 missing incomes."""
    result = run_of_file(real / "marketing_campaign" / "marketing_campaign.csv", **FAST)
    said = {(one.rule, *one.columns): one for one in result.run.survey.audit.findings}
    assert {("C4", "Z_CostContact"), ("C4", "Z_Revenue")} <= said.keys()
    assert said["C7", "Income"].examples == ("9432: 666,666",)
    assert {one.split(": ")[1] for one in said["C8", "Year_Birth"].examples} == {"1893", "1899", "1900"}
    assert next(one.rows for one in said.values() if one.rule == "C9") == 182
    assert said["M1", "Income"].rows == 24
    assert result.run.survey.worth is not None
    assert result.run.survey.worth.sum() == 1_356_988


def test_the_ledger_balances_and_everybody_is_in_the_folder(tmp_path: Path) -> None:
    made = sg.datasets.ecommerce(400, seed=2).customers
    with_repeats = pa.concat_tables([made, made.slice(0, 3)])
    result = sg.segment(with_repeats, **FAST)
    ledger = result.run.survey.audit.ledger
    assert (ledger.rows_in, sum(line.rows for line in ledger.lines)) == (403, 403)
    assert next(line.rows for line in ledger.lines if line.rule == "C1") == 3
    written = pq.read_table(result.save(tmp_path / "run") / "customers.parquet")
    assert written["customer_id"].to_pylist() == made["customer_id"].to_pylist()


def test_the_truth_of_generated_customers_is_found() -> None:
    """The generator's own groups are the oracle; its impossible rows are found by the audit."""
    made = sg.datasets.ecommerce(1_500, seed=4)
    result = sg.segment(made.customers, compare=False)
    assert adjusted_rand_score(made.truth, result.customers["segment"].to_pylist()) > 0.97
    rule = next(one for one in result.run.survey.audit.findings if one.rule == "C3")
    assert rule.rows == len(made.impossible)


def test_above_fifty_thousand_a_sample_stands_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sampled and polished run ends where the run on everybody ends."""
    made = sg.datasets.ecommerce(3_000, seed=6)
    whole = sg.segment(made.customers, **FAST)
    monkeypatch.setattr("segmentry.pipeline.sweep.ALL_UP_TO", 1_000)
    monkeypatch.setattr("segmentry.pipeline.sweep.SAMPLE", 800)
    sampled = sg.segment(made.customers, **FAST)
    assert sampled.run.sampled == 800
    assert whole.run.sampled is None
    assert (
        adjusted_rand_score(whole.customers["segment"].to_pylist(), sampled.customers["segment"].to_pylist())
        > 0.99
    )
    assert sampled.evidence.at(3).inertia == pytest.approx(whole.evidence.at(3).inertia, rel=1e-3)


@pytest.mark.parametrize("options", [{}, {"k": 1}, {"k": 12, "max_segments": 12, "effort": "quick"}])
def test_a_saved_run_comes_back_whole(tmp_path: Path, options: dict[str, Any]) -> None:
    """Loaded and saved again, the folder is the same: nothing that a reader needs is lost."""
    result = sg.segment(sg.datasets.ecommerce(300, seed=1).customers, **options)
    first = result.save(tmp_path / "first")
    second = sg.load(first).save(tmp_path / "second")
    names = [str(path.relative_to(first)) for path in first.rglob("*") if path.is_file()]
    _, different, odd = filecmp.cmpfiles(first, second, names, shallow=False)
    assert (different, odd) == (["run.json"], [])


def test_one_audience_is_legal() -> None:
    result = sg.segment(sg.datasets.ecommerce(300).customers, k=1)
    assert (result.verdict.k, result.segments[0].share) == (1, 1.0)
    assert "One audience was asked for" in result.verdict.sentence


def test_the_readme_result_prints_and_plots() -> None:
    result = sg.segment(sg.datasets.ecommerce(300).customers)
    assert "High Spenders" in repr(result)
    assert "<table" in result._repr_html_()
    assert result.chart("elbow").svg.startswith("<svg")


def test_two_valued_and_dates_become_features(tmp_path: Path) -> None:
    """Dates count back from the newest date + 1 day; yes/no is 1/0."""
    lines = ["id,spend,member,joined"]
    lines += [
        f"{row},{row % 50 + 10 * (row % 2)},{'Yes' if row % 3 else 'No'},2024-01-{row % 28 + 1:02d}"
        for row in range(100, 220)
    ]
    (tmp_path / "shop.csv").write_text("\n".join(lines))
    run = sg.segment(tmp_path / "shop.csv", k=2, **FAST).run
    assert run.survey.as_of == "2024-01-29"
    days = run.survey.customers.column("days_since_joined")
    assert (days.min(), days.max()) == (1.0, 28.0)
    assert set(run.survey.customers.column("member")) == {0.0, 1.0}
    assert run.survey.customers.ids_are_integers


def test_the_latest_row_of_a_customer_counts(tmp_path: Path) -> None:
    """METHOD C1: conflicting rows, the later `updated_at` wins and the ledger says so."""
    made = sg.datasets.ecommerce(300, seed=3).customers
    old = made.slice(0, 2).set_column(0, "total_purchases", pa.array([99.0, 98.0]))
    both = pa.concat_tables([old, made])
    days = pa.array(["2025-01-01"] * 2 + ["2025-02-01"] * 300)
    result = sg.segment(both.append_column("updated_at", days), **FAST)
    assert result.customers.num_rows == 300
    assert result.customers["total_purchases"].to_pylist() == made["total_purchases"].to_pylist()
    assert any("later row of the same customer" in one.sentence for one in result.run.survey.audit.findings)
    with pytest.raises(sg.DataError, match="repeat an id"):
        sg.segment(both.append_column("updated_at", pa.array(["2025-01-01"] * 302)))


def test_a_date_and_a_column_of_the_same_meaning_stay_apart(tmp_path: Path) -> None:
    lines = ["id,last_order,days_since_last_order,spend"]
    lines += [f"A{row},2024-02-{row % 28 + 1:02d},{row % 90},{row * 7 % 50}" for row in range(120)]
    (tmp_path / "shop.csv").write_text("\n".join(lines))
    customers = sg.segment(tmp_path / "shop.csv", k=2, **FAST).run.survey.customers
    assert len(set(customers.names)) == 3
    assert customers.column("days_since_last_order").max() == 89.0
    assert customers.column("days_since_last_order (from last_order)").max() == 28.0


def test_new_customers_are_counted_back_from_the_day_that_is_asked_for(tmp_path: Path) -> None:
    """A later day makes everybody's last order older: 28 February is 29 days before 29 March."""
    lines = ["id,last_order,spend"]
    lines += [f"A{row},2024-02-{row % 28 + 1:02d},{row * 7 % 50}" for row in range(120)]
    (tmp_path / "shop.csv").write_text("\n".join(lines))
    result = sg.segment(tmp_path / "shop.csv", k=2, **FAST)
    now, later = result.score(tmp_path / "shop.csv"), result.score(tmp_path / "shop.csv", as_of="2024-03-29")
    assert now["distance"].to_pylist() == result.customers["distance"].to_pylist()
    assert later["distance"].to_pylist() != now["distance"].to_pylist()
    assert set(later["placed"].to_pylist()) == {"complete"}


def test_ids_come_back_in_the_type_they_came_in(tmp_path: Path) -> None:
    made = sg.datasets.ecommerce(100, seed=1).customers
    digits = made.set_column(5, "customer_id", pa.array([str(1000 + row) for row in range(100)]))
    assert sg.segment(digits, k=2, **FAST).customers.schema.field("customer_id").type == pa.string()
    pa_csv.write_csv(digits, tmp_path / "digits.csv")
    result = sg.segment(tmp_path / "digits.csv", k=2, **FAST)
    assert result.customers.schema.field("customer_id").type == pa.int64()
    assert result.score(digits).schema.field("customer_id").type == pa.string()


@pytest.mark.real_data
@pytest.mark.parametrize(
    "log",
    [
        "online_retail/online_retail.parquet",
        "rfm/rfm_data_orders.csv",
        "dirty/Retail_Data_Transactions_mdy.csv",
    ],
)
def test_real_order_logs_are_recognised(real: Path, log: str) -> None:
    with pytest.raises(sg.DataError, match="order log"):
        sg.segment(real / log)


def test_a_forced_k_says_how_small_its_segments_are() -> None:
    result = sg.segment(sg.datasets.ecommerce(100, seed=1).customers, k=30, **FAST)
    assert "The smallest of them has" in result.verdict.sentence


def test_a_clear_difference_is_never_called_average() -> None:
    """Two segments that differ by several standard deviations, neither of them marked."""
    rng = np.random.default_rng(0)
    left = np.where(rng.random(400) < 0.6, rng.normal(8.8, 0.9, 400), rng.normal(6.0, 0.9, 400))
    table = pa.table(
        {"id": [f"A{row}" for row in range(400)], "orders": left, "visits": left + rng.normal(0, 0.4, 400)}
    )
    names = {one.name for one in sg.segment(table, k=2, **FAST).segments}
    assert not any("Average" in name for name in names)


def test_a_quick_search_loses_next_to_nothing() -> None:
    """A third of the starts, against all of them: the inertia of each k is at most a hundredth above."""
    table = sg.datasets.ecommerce(999).customers
    inertias = [
        np.array([row.inertia for row in sg.segment(table, effort=effort, compare=False).run.evidence.by_k])
        for effort in ("quick", "standard")
    ]
    assert (inertias[0] <= inertias[1] * 1.01).all()
