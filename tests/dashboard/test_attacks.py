"""People who mean no good, and programs that know no better: refused in a sentence, and nothing is let out."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient
from support.dashboard_visits import addresses

import segmentry as sg
from segmentry.dashboard.access.door import HEADERS, LOCAL
from segmentry.dashboard.access.passwords import FREE, LONGEST_WAIT, Gate, hashed
from segmentry.dashboard.api.routes import document
from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library
from segmentry.dashboard.page_catalog import PAGES
from segmentry.errors import UsageError

NAMES = (
    "run",
    "k",
    "segment",
    "confidence",
    "q",
    "after",
    "sort",
    "x0",
    "x1",
    "y0",
    "y1",
    "from",
    "to",
    "then",
)
NASTY = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "2",
    "99999999999999999999",
    "1e400",
    "nan",
    "-inf",
    "٣",
    "\x00",
    "\ud800",
    "a" * 5_000,
    "../../../etc/passwd",
    "/etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "first/../../secret",
    "run.json",
    "'; DROP VIEW customers; --",
    "1 OR 1=1",
    "value; ATTACH '/etc/passwd' AS x",
    "f0) UNION SELECT * FROM read_text('/etc/passwd') --",
    "read_csv('/etc/passwd')",
    "m:total_purchases",
    "-m:nothing",
    "<script>alert(1)</script>",
    '"><svg onload=alert(2)>',
    "{{7*7}}",
    "{% raw %}",
    "%",
    "\r\nset-cookie: stolen=1",
    "http://evil.example/",
    "\u202e",
    "high",
    "low",
)
SECRET = "the sales of next year"  # noqa: S105 - what an attacker looks for


@pytest.fixture(scope="module")
def shop(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, beside and in which are files that are nobody's business."""
    folder = tmp_path_factory.mktemp("place")
    shutil.copytree(runs / "first", folder / "runs" / "first")
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    (folder / "secret").mkdir()
    for one in ("report.html", "run.json", "result.json", "customers.csv"):
        (folder / "secret" / one).write_text(SECRET, encoding="utf-8")
    (folder / "runs" / "first" / "notes.txt").write_text(SECRET, encoding="utf-8")
    return folder / "runs"


@pytest.fixture(scope="module")
def client(shop: Path) -> Iterator[TestClient]:
    with TestClient(
        create_app(Library(shop)), base_url="http://localhost", raise_server_exceptions=False
    ) as found:
        yield found


@pytest.fixture(scope="module")
def targets(shop: Path) -> tuple[str, ...]:
    """Every page and download, without what it is asked."""
    pages = addresses(shop, "first")
    return (*(one.partition("?")[0] for one in pages.values()), "/customers.csv", "/report")


schema = schemathesis.openapi.from_dict(dict(document()))


@pytest.fixture(scope="module")
def tester(shop: Path) -> Iterator[Any]:
    """A client of the tester's own, in this process."""
    with asgi.get_client(create_app(Library(shop), hosts=LOCAL | {"testserver"})) as found:
        yield found


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_programs_get_what_the_document_says(tester: Any, case: schemathesis.Case) -> None:
    """Statuses, content types and bodies are those that the OpenAPI document names, whatever is sent (schemathesis).

    The columns of a new customer are those of the run's model, which no document of all runs can know, so
    a record may fit the document and still lack some: that answer is 422 and tested in test_programs.py.
    """
    answer = case.call(session=tester, base_url="http://testserver")
    too_much = (
        [negative_data_rejection] if answer.status_code == 413 else []
    )  # a refusal that it does not know
    case.validate_response(answer, excluded_checks=[positive_data_acceptance, *too_much])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _asked(client: TestClient, path: str, pairs: list[tuple[str, str]]) -> None:
    query = urlencode([(name, _bytes(value)) for name, value in pairs])
    answer = client.get(f"{path}?{query}", follow_redirects=False)
    assert answer.status_code < 500, (path, pairs, answer.text[:300])
    assert SECRET not in answer.text
    assert "root:" not in answer.text
    assert "Traceback" not in answer.text
    assert "stolen" not in str(answer.headers.get("set-cookie"))
    assert "<script>alert(1)" not in answer.text
    assert '"><svg onload' not in answer.text


@pytest.mark.parametrize("name", NAMES)
def test_no_parameter_of_any_page_breaks_it(client: TestClient, targets: tuple[str, ...], name: str) -> None:
    """Every value goes to a third of the pages, another third for each value: each page gets a dozen."""
    for at, value in enumerate(NASTY):
        pairs = [(name, value)] if name == "run" else [("run", "first"), (name, value)]
        for path in targets[at % 3 :: 3]:
            _asked(client, path, pairs)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_parameters_together_break_a_page(
    client: TestClient, targets: tuple[str, ...], data: st.DataObject
) -> None:
    values = st.sampled_from(NASTY) | st.text(max_size=30) | st.floats().map(str) | st.integers().map(str)
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=5), values), max_size=6))
    _asked(client, data.draw(st.sampled_from(targets)), pairs)


@pytest.mark.parametrize("value", NASTY)
def test_no_part_of_a_path_breaks_a_page(client: TestClient, value: str) -> None:
    part = quote(_bytes(value), safe="")
    for page in PAGES:
        if "{" not in page.path:
            continue
        answer = client.get(f"{page.path.partition('{')[0]}{part}", follow_redirects=False)
        assert answer.status_code < 500, answer.text[:300]
        assert SECRET not in answer.text
        assert "root:" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e%2fapp.py",
        "/static/..%5c..%5capp.py",
        "/static//etc/passwd",
        "/report?run=../secret",
        "/report?run=..",
        "/report?run=.",
        "/?run=%2e%2e/secret",
        "/first/notes.txt",
        "/notes.txt",
        "/run.json",
        "/result.json",
        "/customers.parquet",
        "/docs",
        "/redoc",
        "/openapi.json",
        "//evil.example/",
    ],
)
def test_no_file_outside_the_pages_is_handed_out(client: TestClient, path: str) -> None:
    answer = client.get(f"http://localhost{path}", follow_redirects=False)
    assert answer.status_code in {400, 404}
    assert SECRET not in answer.text


def test_a_run_folder_that_leads_elsewhere_is_no_way_out(shop: Path, client: TestClient) -> None:
    """A report that is a link to another file would hand that file out; the run's own is a file."""
    link = shop / "linked"
    shutil.copytree(shop / "first", link)
    (link / "customers.parquet").unlink()
    (link / "customers.parquet").symlink_to(shop.parent / "secret.txt")
    try:
        answer = client.get("/customers?run=linked")
        assert answer.status_code == 409
        assert SECRET not in answer.text
    finally:
        shutil.rmtree(link)


def test_the_engine_reads_nothing_else_and_cannot_be_unlocked(shop: Path) -> None:
    """What an attacker would do who could write SQL after all."""
    customers = Library(shop).opened("first").customers
    for statement in (
        f"SELECT * FROM read_text('{shop.parent / 'secret.txt'}')",  # noqa: S608 - it is the attack
        f"SELECT * FROM read_csv('{shop / 'first' / 'customers.csv'}')",  # noqa: S608 - it is the attack
        f"COPY (SELECT 1) TO '{shop / 'written.csv'}'",
        f"ATTACH '{shop / 'other.db'}'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "INSTALL httpfs",
        "LOAD httpfs",
    ):
        with pytest.raises(Exception, match=r"(?i)permission|disabled|locked|cannot|not allowed"):
            customers._engine.cursor().execute(statement)  # noqa: SLF001 - there is no other way to send SQL
    assert {one.name for one in shop.iterdir()} == {"first"}


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "",
        "[::",
        "0.0.0.0",  # noqa: S104 - a name, not a place to listen
    ],
)
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    """So a page that has its own name point at this machine (DNS rebinding) reads nothing."""
    for path in ("/", "/api/segments", "/static/dashboard.js", "/customers.csv"):
        answer = client.get(path, headers={"host": host})
        assert answer.status_code == 400
        assert "customers" not in answer.text
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("host", ["*", "*.example.com"])
def test_no_name_may_stand_for_every_host(shop: Path, host: str) -> None:
    """A wildcard would let a page that points its own name at this machine in again."""
    with pytest.raises(UsageError, match="is not the name of a host"):
        create_app(Library(shop), hosts=LOCAL | {host})


def test_a_name_is_no_way_to_the_same_name_with_www(shop: Path) -> None:
    """Starlette would redirect; a name that was not given is refused like any other."""
    client = TestClient(create_app(Library(shop), hosts=LOCAL | {"www.shop.example"}), follow_redirects=False)
    assert client.get("/", headers={"host": "shop.example"}).status_code == 400
    assert client.get("/", headers={"host": "WWW.shop.example:80"}).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST"])
def test_this_machine_is_answered_by_each_of_its_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


def test_every_answer_carries_the_headers(client: TestClient, targets: tuple[str, ...]) -> None:
    for path in (*targets, "/static/dashboard.css", "/nothing", "/?k=x", "/api/segments", "/api/nothing"):
        answer = client.get(path)
        for name in HEADERS:
            assert name in answer.headers, (path, name)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "*" not in policy


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_pages_can_only_be_read(client: TestClient, targets: tuple[str, ...], method: str) -> None:
    for path in targets:
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET"


def test_ten_wrong_passwords_slow_down(runs: Path) -> None:
    """The wait doubles with every wrong password, also for the right one, and ends; the clock is a value."""
    now = [1_000.0]
    gate = Gate(hashed("correct horse battery"), clock=lambda: now[0])
    client = TestClient(
        create_app(Library(runs), gate=gate), base_url="http://localhost", follow_redirects=False
    )
    waits = []
    for _ in range(10):
        answer = client.post("/login", data={"password": "wrong wrong wrong"})
        assert answer.status_code in {403, 429}
        waits.append(gate.wait("testclient"))
        now[0] += gate.wait("testclient")
    assert waits[: FREE - 1] == [0.0] * (FREE - 1)
    assert all(later == pytest.approx(2 * one) for one, later in itertools.pairwise(waits[FREE - 1 :]))
    assert sum(waits) > 200
    client.post("/login", data={"password": "wrong wrong wrong"})
    early = client.post("/login", data={"password": "correct horse battery"})
    assert early.status_code == 429
    assert 0 < int(early.headers["retry-after"]) <= LONGEST_WAIT
    now[0] += gate.wait("testclient")
    entered = client.post("/login", data={"password": "correct horse battery", "next": "//evil.example"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_nothing_is_seen_without_the_password(runs: Path, targets: tuple[str, ...]) -> None:
    client = TestClient(
        create_app(Library(runs), gate=Gate(hashed("correct horse battery"))),
        base_url="http://localhost",
        follow_redirects=False,
    )
    for path in targets:
        for cookie in ("", "segmentry=99999999999.0000", "segmentry=", "segmentry=.", "segmentry=٣.x"):
            answer = client.get(path, headers={"cookie": cookie.encode()} if cookie else {})
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/login?next=%2F")
            assert answer.content == b""


def test_a_run_that_is_replaced_while_it_is_looked_at_is_shown_anew(tmp_path: Path) -> None:
    """Also in the middle: a folder that is half there is said to be so, and the next request shows the new run."""
    folder = tmp_path / "runs"
    small, large = (sg.datasets.ecommerce(n).customers for n in (90, 150))
    sg.segment(small, name="shop.csv", effort="quick", k=2).save(folder / "first")
    sg.segment(large, name="shop.csv", effort="quick", k=3).save(tmp_path / "next")
    client = TestClient(
        create_app(Library(folder)), base_url="http://localhost", raise_server_exceptions=False
    )
    assert "90 customers" in client.get("/?run=first").text
    assert client.get("/customers?run=first&segment=2").status_code == 200
    (folder / "first").rename(tmp_path / "gone")
    gone = client.get("/customers?run=first")
    assert gone.status_code == 404
    assert "There is no run" in gone.text
    (tmp_path / "next").rename(folder / "first")
    assert "150 customers" in client.get("/?run=first").text
    assert client.get("/customers?run=first&segment=3").status_code == 200
    (folder / "first" / "customers.parquet").unlink()
    broken = client.get("/customers?run=first")
    assert broken.status_code == 409
    assert "Traceback" not in broken.text
    shutil.rmtree(folder)
    assert client.get("/").status_code == 404
