"""About says how the run was made, and hands out its report and nothing else."""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from starlette.testclient import TestClient
from support.dashboard_pages import Look

from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library


def test_the_dictionary_names_every_column_of_the_input(look: Look, runs: Path) -> None:
    manifest = json.loads((runs / "first" / "run.json").read_text(encoding="utf-8"))
    rows = look("/about?run=first").rows("What each column is, and the part it plays")
    assert [row[0] for row in rows] == list(manifest["columns"])


def test_settings_versions_and_fingerprint_are_those_of_the_run(look: Look, runs: Path) -> None:
    manifest = json.loads((runs / "first" / "run.json").read_text(encoding="utf-8"))
    page = look("/about?run=first")
    assert [row[0] for row in page.rows("Every setting of this run")] == list(manifest["settings"])
    assert dict(page.rows("Versions")) == manifest["versions"]
    assert manifest["source"]["fingerprint"][:40] in page.words


def test_the_report_is_handed_out_as_it_is_and_may_run_nothing(runs: Path) -> None:
    """The style sheet's fingerprint is worked out here anew; nothing else of the page may be applied."""
    client = TestClient(create_app(Library(runs)), base_url="http://localhost")
    answer = client.get("/report?run=first")
    report = (runs / "first" / "report.html").read_bytes()
    assert answer.content == report
    policy = answer.headers["content-security-policy"]
    sheet = report.split(b"<style>")[1].split(b"</style>")[0]
    assert f"style-src 'sha256-{b64encode(sha256(sheet).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
    again = client.get("/report?run=first", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_run_without_a_report_says_so(runs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    for one in (runs / "first").iterdir():
        if one.is_file() and one.name != "report.html":
            (folder / one.name).symlink_to(one)
    client = TestClient(create_app(Library(folder)), base_url="http://localhost")
    assert "This run folder has no report.html." in client.get("/about").text
    assert client.get("/report").status_code == 404
