"""No query parameter breaks a page: whatever is asked, the answer is a page that says something."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from support.dashboard_pages import Look

import segmentry as sg
from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library
from segmentry.dashboard.web.templates import static_files
from segmentry.views.charts.catalog import SEGMENTS

PATHS = (
    *("/models", "/changes", "/changes.csv", "/strategies", "/about", "/api", "/report"),
    *("/audience.csv", "/audience.json", "/chart/elbow", "/charts/elbow.json", "/charts/migration.json"),
)
NAMES = (
    *("run", "k", "before", "from", "to", "after", "segment", "control", "share", "campaign", "sure", "for"),
    *(
        "base",
        "rise",
        "control_share",
        "alpha",
        "power",
        "margin",
        "order_value",
        "contact_cost",
        "depth",
        "used",
    ),
    *("scheme", "sort", "q"),
)
HOSTILE = (
    *("", "0", "1", "-1", "1e400", "nan", "inf", "99999999999999999999", "0.0000001", "100", "٣", "1_0"),
    *(
        "<script>alert(1)</script>",
        '"><svg onload=alert(1)>',
        "{{7*7}}",
        "=HYPERLINK(1)",
        "' OR 1=1 --",
        "../../etc/passwd",
    ),
    *("\x00", "a" * 500, "first", "second", "dark", "mark", "leave-out", "none", "yes"),
)


@pytest.fixture(scope="module")
def client(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A folder with two runs, the second of one audience."""
    folder = tmp_path_factory.mktemp("two")
    (folder / "first").symlink_to(runs / "first")
    made = sg.datasets.ecommerce(150).customers
    sg.segment(made, name="one.csv", effort="quick", k=1).save(folder / "second")
    return TestClient(create_app(Library(folder)), base_url="http://localhost")


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PATHS),
    params=st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(HOSTILE) | st.text(max_size=12)), max_size=5
    ),
)
def test_no_parameter_breaks_a_page(client: TestClient, path: str, params: list[tuple[str, str]]) -> None:
    clean = [(name, value.encode("utf-8", "replace").decode()) for name, value in params]
    answer = client.get(path, params=clean)
    assert answer.status_code < 500, (path, params)
    assert "<script>alert" not in answer.text
    assert "<svg onload" not in answer.text


def test_a_run_of_one_audience_has_every_page(client: TestClient) -> None:
    for path in ("/models", "/changes", "/strategies", "/about", "/api"):
        answer = client.get(path, params={"run": "second"})
        assert answer.status_code == 200
        assert "<h1>" in answer.text


@pytest.mark.parametrize("name", ["verdict", "elbow", "evidence_by_k", "segment_sizes", "cluster_prof"])
def test_a_live_chart_has_the_marks_of_the_picture_and_says_what_they_are(look: Look, name: str) -> None:
    """A specification holds every mark that the report draws in the body, and nothing to fetch or to run."""
    page = look(f"/chart/{name}?run=first")
    assert page.status == 200
    assert f'data-live="/charts/{name}.json?run=first"' in page.html
    spec = json.loads(look(f"/charts/{name}.json?run=first&scheme=light").html)
    assert any("tooltip" in one["encoding"] for one in spec["layer"])
    assert all(set(one["data"]) == {"values"} for one in spec["layer"])
    night = json.loads(look(f"/charts/{name}.json?run=first&scheme=dark").html)
    assert [len(one["data"]["values"]) for one in night["layer"]] == [
        len(one["data"]["values"]) for one in spec["layer"]
    ]
    assert night != spec


def test_every_chart_of_the_catalog_is_live_or_not_there(look: Look) -> None:
    for name in SEGMENTS:
        assert look(f"/charts/{name}.json?run=first").status in {200, 404}


def test_the_scripts_of_the_pages_are_small() -> None:
    assert sum(len(one.content) for name, one in static_files().items() if name.endswith(".js")) <= 15 * 1024
