"""What programs get over HTTP is what the files of the run and the command line say."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import segmentry as sg
from segmentry.dashboard.access.passwords import Gate, hashed
from segmentry.dashboard.api.routes import MOST_BYTES, MOST_ROWS, document
from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library
from segmentry.edges.run_folder.store import load_model


@pytest.fixture(scope="module")
def client(runs: Path) -> TestClient:
    return TestClient(create_app(Library(runs)), base_url="http://localhost")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on a file with decimal commas, dates, yes and no, words and gaps."""
    folder = tmp_path_factory.mktemp("mixed")
    source = folder / "shop.csv"
    plans = ("basic", "gold", "silver")
    with source.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["client", "spend", "joined", "newsletter", "plan"])
        for n in range(300):
            group = n % 3
            spend = f"{(20, 220, 900)[group] + n % 17},{n % 10}0" if n % 29 else ""
            day = f"{1 + n % 28:02d}.{1 + group * 4:02d}.2025"
            rows.writerow([f"K{n:03d}", spend, day, ("ja", "nein")[n % 2], plans[(group + (n % 7 == 0)) % 3]])
    sg.segment(str(source), effort="quick", k=3, features=["spend", "joined", "newsletter", "plan"]).save(
        folder / "runs" / "mixed"
    )
    return folder


def test_segments_are_those_of_the_customers_file(client: TestClient, runs: Path) -> None:
    """The oracle is a count over customers.parquet with PyArrow."""
    table = pq.read_table(runs / "first" / "customers.parquet")
    counted = {one["values"]: one["counts"] for one in table["segment"].value_counts().to_pylist()}
    found = client.get("/api/segments?run=first").json()
    assert {one["name"]: one["customers"] for one in found["segments"]} == {
        name: amount for name, amount in counted.items() if name is not None
    }
    assert found["in_no_segment"] == counted.get(None, 0)


def test_a_customer_is_the_row_of_the_customers_file(client: TestClient, runs: Path) -> None:
    for row in pq.read_table(runs / "first" / "customers.parquet").to_pylist()[:40]:
        found = client.get(f"/api/customers/{row['customer_id']}?run=first").json()
        ours = (
            "segment",
            "confidence",
            "confidence_level",
            "distance",
            "runner_up",
            "out_of_range",
            "placed",
        )
        assert {name: found[name] for name in ours} == {name: row[name] for name in ours}
        assert found["features"] == {name: row[name] for name in found["features"]}


def test_new_customers_are_placed_as_the_command_line_places_them(client: TestClient, runs: Path) -> None:
    """The oracle is ``score`` of the saved run, which reads the same customers as a table."""
    made = sg.datasets.ecommerce(200, seed=5).customers
    expected = sg.load(runs / "first").score(made).to_pylist()
    answer = client.post("/api/score?run=first", json=made.to_pylist())
    assert answer.status_code == 200, answer.text
    _same(answer.json()["customers"], expected, "customer_id")


def test_words_dates_and_decimal_commas_are_read_as_in_the_file(mixed: Path) -> None:
    """The oracle is ``score`` of the same rows as a file; every cell is sent as the text that it is there."""
    client = TestClient(create_app(Library(mixed / "runs")), base_url="http://localhost")
    with (mixed / "shop.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    expected = sg.load(mixed / "runs" / "mixed").score(str(mixed / "shop.csv")).to_pylist()
    answer = client.post("/api/score", json=rows)
    assert answer.status_code == 200, answer.text
    _same(answer.json()["customers"], expected, "client")


def _same(found: list[dict[str, Any]], expected: list[dict[str, Any]], id_name: str) -> None:
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours["id"] == str(theirs[id_name])
        for name in ("segment", "runner_up", "confidence_level", "out_of_range", "placed"):
            assert ours[name] == theirs[name], (ours, theirs)
        assert ours["confidence"] == pytest.approx(theirs["confidence"], abs=1e-9)


def test_one_customer_may_be_sent_alone(client: TestClient, runs: Path) -> None:
    row = pq.read_table(runs / "first" / "customers.parquet").to_pylist()[3]
    alone = client.post("/api/score?run=first", json=row).json()["customers"]
    assert [one["segment"] for one in alone] == [row["segment"]]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("many", "'many' is no number."),
        (True, "true is no number."),
        ([3], "A list is no value."),
        ({"a": 1}, "A nested record is no value."),
        (10**400, "It is too large a number."),
    ],
)
def test_a_value_that_cannot_be_meant_is_named_by_row_and_column(
    client: TestClient, runs: Path, value: object, said: str
) -> None:
    rows = pq.read_table(runs / "first" / "customers.parquet").to_pylist()[:3]
    column = sg.load(runs / "first").run.model.recipe.steps[1].column
    rows[1][column] = value
    answer = client.post("/api/score?run=first", json=rows)
    assert answer.status_code == 422
    assert answer.json()["where"] == [{"row": 2, "column": column, "problem": said}]
    assert answer.json()["error"] == f"row 2, '{column}': {said}"


def test_a_column_that_is_not_there_is_named(client: TestClient, runs: Path) -> None:
    steps = sg.load(runs / "first").run.model.recipe.steps
    answer = client.post("/api/score?run=first", json=[{"customer_id": "new"}])
    assert answer.status_code == 422
    assert [one["column"] for one in answer.json()["where"]] == [one.column for one in steps]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("joined", "31.02.2025", "There is no day '31.02.2025'."),
        ("joined", "2025-02-01", "'2025-02-01' is no date like 01.01.1970."),
        ("newsletter", "maybe", "'maybe' is neither yes nor no."),
    ],
)
def test_dates_and_yes_or_no_are_checked_too(mixed: Path, column: str, value: str, said: str) -> None:
    client = TestClient(create_app(Library(mixed / "runs")), base_url="http://localhost")
    sent = {"spend": "20,5", "joined": "01.02.2025", "newsletter": "ja", "plan": "gold", column: value}
    answer = client.post("/api/score", json=sent)
    assert (answer.status_code, answer.json()["where"][0]["problem"]) == (422, said)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"NaN", b"[NaN]", b"\xff\xfe", b"[" * 100_000, b'{"a": Infinity}']
)
def test_what_is_no_json_is_said(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/score", content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "The body is no JSON.")


def test_too_much_is_not_taken(client: TestClient) -> None:
    assert client.post("/api/score", content=b" " * (MOST_BYTES + 1)).status_code == 413
    assert client.post("/api/score", json=[{}] * (MOST_ROWS + 1)).status_code == 413
    assert client.post("/api/score", json=[]).status_code == 422


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_sent_is_placed_or_refused(client: TestClient, runs: Path, data: st.DataObject) -> None:
    columns = [step.column for step in load_model(runs / "first").recipe.steps]
    row = st.fixed_dictionaries(dict.fromkeys((*columns, "customer_id"), VALUES))
    sent = data.draw(VALUES | row | st.lists(row | VALUES, max_size=3))
    answer = client.post("/api/score?run=first", content=json.dumps(sent).encode())
    assert answer.status_code in {200, 422}
    assert answer.headers["content-type"] == "application/json"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(customer=st.text(min_size=1, max_size=40), run=st.text(max_size=210), day=st.text(max_size=12))
def test_no_address_breaks_the_answers(client: TestClient, customer: str, run: str, day: str) -> None:
    from urllib.parse import quote

    name = quote(customer.encode("utf-8", "replace"), safe="")
    params = {"run": run.encode("utf-8", "replace"), "as_of": day.encode("utf-8", "replace")}
    for answer in (
        client.get(f"/api/customers/{name}"),
        client.get("/api/segments", params=params),
        client.post("/api/score", params=params, json={}),
    ):
        assert answer.status_code < 500


def test_programs_too_need_the_password(runs: Path) -> None:
    app = create_app(Library(runs), gate=Gate(hashed("open sesame")))
    client = TestClient(app, base_url="http://localhost")
    for answer in (
        client.get("/api/segments"),
        client.post("/api/score", json={}),
        client.get("/api/openapi.json"),
    ):
        assert answer.status_code == 401
        assert answer.json()["error"] == "This dashboard has a password."
    client.post("/login", data={"password": "open sesame"})
    assert client.get("/api/segments").status_code == 200


def test_another_site_cannot_have_a_browser_score(client: TestClient) -> None:
    answer = client.post("/api/score", json={}, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_the_document_describes_what_is_answered(client: TestClient, runs: Path) -> None:
    """Every answer has exactly the fields of its schema; every reference in the document leads somewhere."""
    found = client.get("/api/openapi.json").json()
    assert found == document()
    schemas = found["components"]["schemas"]
    text = json.dumps(found)
    for name in {one.split('"')[0] for one in text.split("#/components/schemas/")[1:]}:
        assert name in schemas
    row = pq.read_table(runs / "first" / "customers.parquet").to_pylist()[0]
    answers = {
        "SegmentsShape": client.get("/api/segments"),
        "CustomerShape": client.get(f"/api/customers/{row['customer_id']}"),
        "ScoredShape": client.post("/api/score", json=row),
        "Problem": client.get("/api/customers/nobody"),
    }
    for name, answer in answers.items():
        assert set(answer.json()) == set(schemas[name]["properties"])


def test_the_page_shows_every_call_of_the_document(client: TestClient) -> None:
    page = client.get("/api").text
    for path, methods in document()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    assert "https://" not in page


def test_the_ids_of_integer_columns_are_found(tmp_path: Path) -> None:
    made = sg.datasets.ecommerce(120).customers
    numbered = made.set_column(made.column_names.index("customer_id"), "customer_id", pa.array(range(1, 121)))
    sg.segment(numbered, name="n.csv", effort="quick", k=2).save(tmp_path / "numbered")
    client = TestClient(create_app(Library(tmp_path)), base_url="http://localhost")
    assert client.get("/api/customers/7").json()["id"] == "7"
