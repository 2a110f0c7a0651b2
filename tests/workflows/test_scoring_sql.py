"""scoring.sql, run by DuckDB, says of every row what the Python scorer says."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.runs import FAST, run_of_file

import segmentry as sg

LABELS = ("segment", "runner_up", "confidence_level", "out_of_range")
NUMBERS = ("confidence", "distance", "runner_up_distance")


def by_sql(sql: str, customers: Any) -> pa.Table:
    engine = duckdb.connect()
    engine.register("given", customers) if isinstance(customers, pa.Table) else None
    source = "given" if isinstance(customers, pa.Table) else f"read_csv('{customers}')"
    engine.execute(f"CREATE TABLE customers AS SELECT * FROM {source}")  # noqa: S608
    return engine.sql(sql).to_arrow_table()


def agree(sql: pa.Table, python: pa.Table) -> None:
    name = python.column_names[0]
    assert [str(one) for one in sql[name].to_pylist()] == [str(one) for one in python[name].to_pylist()]
    for column in LABELS:
        assert sql[column].to_pylist() == python[column].to_pylist(), column
    for column in NUMBERS:
        ours = np.asarray(python[column].to_numpy(), dtype=float)
        theirs = np.asarray(sql[column].to_numpy(), dtype=float)
        np.testing.assert_allclose(theirs, ours, rtol=1e-11, atol=1e-9, equal_nan=True, err_msg=column)


def awkward(n: int, seed: int = 0) -> pa.Table:
    """Customers with missing, extreme, negative and unseen values."""
    rng = np.random.default_rng(seed)
    table = sg.datasets.ecommerce(max(n, 30), seed).customers
    columns = {}
    for name in table.column_names[:-1]:
        values = np.array(table[name].to_numpy(), dtype=float)
        values[rng.random(n) < 0.25] = np.nan
        values[rng.random(n) < 0.05] *= 1e6
        values[rng.random(n) < 0.05] *= -3
        columns[name] = pa.array(values, from_pandas=True)
    return pa.table({**columns, "customer_id": table["customer_id"]})


@pytest.mark.parametrize(
    "options", [{}, {"missing": "median"}, {"k": 1}, {"transform": "none", "clip": "none"}]
)
def test_sql_and_python_agree_on_a_thousand_awkward_customers(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    """DuckDB is the other engine: same labels for every row, distances to 1e-9."""
    result = sg.segment(sg.datasets.ecommerce(400, seed=3).customers, **FAST, **options)
    folder = result.save(tmp_path / "run")
    new = awkward(1_000, seed=5)
    agree(by_sql((folder / "scoring.sql").read_text(), new), sg.load(folder).score(new))


def test_confidence_is_how_often_such_customers_come_back(tmp_path: Path) -> None:
    """One crowd: borders move, so confidence is not the margin; SQL, a saved run and new customers agree."""
    rng = np.random.default_rng(2)
    crowd = pa.table({name: rng.normal(50, 10, 500) for name in ("visits", "spend", "minutes")})
    result = sg.segment(crowd, k=4, effort="quick", compare=False)
    corners = result.run.model.returns
    placed = result.customers
    margin = 1 - placed["distance"].to_numpy() / placed["runner_up_distance"].to_numpy()
    assert placed["confidence"].to_numpy() == pytest.approx(np.interp(margin, *zip(*corners, strict=True)))
    assert 0.02 < np.mean(np.array(placed["confidence_level"].to_pylist()) == "low") < 0.6
    folder = result.save(tmp_path / "run")
    new = pa.table({name: rng.normal(50, 30, 400) for name in crowd.column_names})
    gaps = [pa.array(np.where(rng.random(400) < 0.4, np.nan, one), from_pandas=True) for one in new.columns]
    scored = sg.load(folder).score(pa.table(gaps, names=new.column_names))
    with_rows = pa.table([*gaps, pa.array(range(1, 401))], names=[*new.column_names, "row"])
    agree(by_sql((folder / "scoring.sql").read_text(), with_rows), scored)
    assert sg.load(folder).customers["confidence_level"].equals(placed["confidence_level"])


def test_sql_reads_text_as_the_run_did(tmp_path: Path) -> None:
    """Decimal commas, currency, yes/no and dates, all as text, with words never seen before."""
    rng = np.random.default_rng(1)
    lines = ["id;spend;member;last_order"]
    for row in range(300):
        spend = f"{rng.gamma(2, 700) + 1000 * (row % 2):,.2f} €".replace(",", " ").replace(".", ",")
        day = f"{rng.integers(1, 28):02d}.{rng.integers(1, 12):02d}.2025"
        lines.append(f"C{row:04d};{spend};{'ja' if rng.random() < 0.5 else 'nein'};{day}")
    file = tmp_path / "shop.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    result = sg.segment(file, k=3, **FAST)
    folder = result.save(tmp_path / "run")
    new = tmp_path / "new.csv"
    new.write_text(
        "\n".join([*lines[:40], "X1;;vielleicht;morgen", "X2;1e9;ja;31.12.2031", "X3;-5,5;nein;"]),
        encoding="utf-8",
    )
    text = duckdb.sql(f"SELECT * FROM read_csv('{new}', all_varchar=true, delim=';')").to_arrow_table()  # noqa: S608
    agree(by_sql((folder / "scoring.sql").read_text(), text), result.score(new))
    agree(by_sql((folder / "scoring.sql").read_text(), new), result.score(new))


@pytest.mark.real_data
@pytest.mark.parametrize(
    "name",
    [
        "intellihack/customer_behavior_analytcis.csv",
        "marketing_campaign/marketing_campaign.csv",
        "mall/Mall_Customers.csv",
    ],
)
def test_sql_gives_the_runs_own_customers_their_segments(tmp_path: Path, real: Path, name: str) -> None:
    """The input itself: SQL, `score` and customers.parquet say the same of everybody."""
    result = run_of_file(real / name, **FAST)
    folder = result.save(tmp_path / "run")
    scored = sg.load(folder).score(real / name)
    agree(by_sql((folder / "scoring.sql").read_text(), real / name), scored)
    written = pq.read_table(folder / "customers.parquet")
    for column in (*LABELS, *NUMBERS):
        assert (
            scored[column].to_pylist() == pytest.approx(written[column].to_pylist(), nan_ok=True)
            if column in NUMBERS
            else (scored[column].to_pylist() == written[column].to_pylist())
        )
