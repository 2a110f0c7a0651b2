"""customers.* is written from one catalog and read by the names of its columns."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.dashboard_pages import looker

import segmentry as sg
from segmentry.edges.run_folder.columns import names_of
from segmentry.stages.scoring.customer_columns import CUSTOMER_COLUMNS, columns_of

ROOT = Path(__file__).parents[3]
CATALOG = "src/segmentry/stages/scoring/customer_columns.py"
END = ')\n"""What is said of every customer who was placed'


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of which one feature is called like a column of ours, but for a capital letter."""
    table = sg.datasets.ecommerce(120).customers
    capital = ["Distance" if name == "browsing_time" else name for name in table.column_names]
    result = sg.segment(table.rename_columns(capital), k=2, effort="quick", compare=False)
    return result.save(tmp_path_factory.mktemp("saved") / "run")


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "run"))


def rewritten(folder: Path, table: pa.Table) -> None:
    pq.write_table(table, folder / "customers.parquet")


def test_a_run_reads_the_same_whatever_the_order_of_its_columns(saved: Path, folder: Path) -> None:
    table = pq.read_table(folder / "customers.parquet")
    rewritten(folder, table.select(sorted(table.column_names, reverse=True)))
    before, after = sg.load(saved).run, sg.load(folder).run
    assert after.survey.customers.ids.tolist() == before.survey.customers.ids.tolist()
    np.testing.assert_array_equal(after.survey.customers.values, before.survey.customers.values)
    for name in ("segment", "rival", "distance", "rival_distance", "confidence", "out_of_range", "placement"):
        np.testing.assert_array_equal(getattr(after.assignment, name), getattr(before.assignment, name))


def test_pages_show_the_same_whatever_the_order_of_the_columns(saved: Path, folder: Path) -> None:
    table = pq.read_table(folder / "customers.parquet")
    rewritten(folder, table.select(sorted(table.column_names, reverse=True)))
    customer = table.column(0)[0].as_py()
    for page in ("/customers", f"/customer/{customer}", "/segment/1"):
        assert looker(folder)(page).words == looker(saved)(page).words


def test_a_column_of_a_later_version_is_passed_over(saved: Path, folder: Path) -> None:
    table = pq.read_table(folder / "customers.parquet")
    rewritten(folder, table.add_column(3, "mood", pa.array(["good"] * table.num_rows)))
    assert sg.load(folder).run.segments == sg.load(saved).run.segments
    assert looker(folder)("/customers").words == looker(saved)("/customers").words


def test_a_missing_column_is_named(folder: Path) -> None:
    table = pq.read_table(folder / "customers.parquet")
    rewritten(folder, table.drop_columns(["placed"]))
    with pytest.raises(sg.ModelError, match="placed"):
        sg.load(folder)
    page = looker(folder)("/")
    assert page.status == 409
    assert "has no column 'placed'" in page.words


def test_names_give_way_where_they_meet() -> None:
    found = names_of(columns_of(valued=True), "segment", ["value", "distance", "spend"])
    assert list(found.written()) == [
        "segment",
        "segment (segmentry)",
        *(column.name for column in CUSTOMER_COLUMNS[1:]),
        "value (feature)",
        "distance (feature)",
        "spend",
    ]


SCRIPT = """
import json, sys
import pytest
contract = pytest.main(["-v", "-p", "no:cacheprovider", sys.argv[1]])
from pathlib import Path
import duckdb
import pyarrow.parquet as pq
from starlette.testclient import TestClient
import segmentry as sg
from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library

table = sg.datasets.ecommerce(120).customers
result = sg.segment(table, k=2, effort="quick", compare=False)
run = result.save("run")
again = sg.load(run)
client = TestClient(create_app(Library(run)), base_url="http://localhost")
engine = duckdb.connect()
engine.register("customers", table)
customer = pq.read_table(run / "customers.parquet").to_pylist()[0]
shape = client.get("/api/openapi.json").json()["components"]["schemas"]["Placement"]["properties"]
sys.path.insert(0, "docs")
import refresh
print(json.dumps({
    "parquet": pq.read_table(run / "customers.parquet").column_names,
    "csv": (run / "customers.csv").read_text().splitlines()[0].replace('"', "").split(","),
    "score": result.score(table).column_names,
    "sql": engine.sql((run / "scoring.sql").read_text()).columns,
    "loaded": again.customers.column_names,
    "dictionary": client.get("/about").text.split("What the run adds", 1)[1],
    "download": client.get("/customers.csv").text.splitlines()[0].replace('"', "").split(","),
    "api": client.get(f"/api/customers/{customer['customer_id']}").json(),
    "placed": client.post("/api/score", json=table.to_pylist()[:1]).json()["customers"][0],
    "shape": shape,
    "reference": refresh.current("reference/run-folder.md"),
    "kept": refresh.current("reference/run-folder.md") == Path("docs/reference/run-folder.md").read_text(),
    "contract": int(contract),
}))
"""


@pytest.mark.slow
def test_the_worked_example_of_a_new_column_is_one_entry_and_appears_everywhere(tmp_path: Path) -> None:
    """CONTRIBUTING's entry, put into the catalog of a copy: no other file of the copy is changed."""
    shutil.copytree(ROOT / "src", tmp_path / "src")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    entry = re.search(r"^missing = (CustomerColumn\(.*?^\))", guide, flags=re.DOTALL | re.MULTILINE)
    assert entry is not None
    catalog = tmp_path / CATALOG
    text = catalog.read_text(encoding="utf-8")
    assert text.count(END) == 1
    catalog.write_text(text.replace(END, f"{entry[1]},\n{END}"), encoding="utf-8")
    contract = ROOT / "tests/stages/scoring/test_customer_columns.py"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(contract)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path / 'src'}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    for place in ("parquet", "csv", "score", "sql", "loaded", "download", "api", "placed", "shape"):
        assert "missing" in found[place], place
    assert found["placed"]["missing"] == 0
    assert found["shape"]["missing"]["description"] in found["dictionary"]
    assert f"| `missing` | number | {found['shape']['missing']['description']} |" in found["reference"]
    assert not found["kept"], "the reference is made anew with: python docs/refresh.py"
    assert found["contract"] == 0
    assert "test_a_column_has_a_value_of_its_kind_for_every_customer[missing] PASSED" in done.stdout
