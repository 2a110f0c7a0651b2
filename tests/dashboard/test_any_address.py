"""No query parameter breaks a page: whatever is asked, the answer is a page that says something."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import segmentry as sg
from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library
from segmentry.dashboard.web.templates import static_files

PATHS = (
    *("/models", "/changes", "/changes.csv", "/strategies", "/about", "/api", "/report"),
    *("/audience.csv", "/audience.json"),
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


def test_the_scripts_of_the_pages_are_small() -> None:
    """They are all that runs in a browser: nothing else is fetched to explore a chart."""
    assert (
        sum(len(file.content) for name, file in static_files().items() if name.endswith(".js")) <= 16 * 1024
    )
