"""Words that would do harm elsewhere: in a spreadsheet, in a picture, as the name of a file."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient
from support.dashboard_pages import visitor
from support.dashboard_visits import addresses
from support.shops import HOSTILE_NEXT, HOSTILE_RUN, SHOPS

from segmentry.dashboard.page_catalog import PAGES

PAIR = {"run": HOSTILE_NEXT, "before": HOSTILE_RUN}
TABLES = (
    ("/customers.csv", PAIR),
    ("/customers.csv", {**PAIR, "segment": "2"}),
    ("/audience.csv", {**PAIR, "segment": "1", "campaign": '=HYPERLINK("http://evil.example")'}),
    ("/audience.csv", {**PAIR, "segment": "3", "control": "mark"}),
    ("/changes.csv", PAIR),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run (OWASP, CSV injection)."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs of hostile words."""
    folder = tmp_path_factory.mktemp("hostile")
    for name in (HOSTILE_RUN, HOSTILE_NEXT):
        SHOPS[name]().save(folder / name)
    return folder


@pytest.fixture(scope="module")
def client(hostile: Path) -> TestClient:
    return visitor(hostile)


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(("path", "asked"), TABLES)
def test_no_cell_of_a_download_is_a_formula_and_its_name_is_a_name(
    client: TestClient, path: str, asked: dict[str, str]
) -> None:
    answer = client.get(f"{path}?{urlencode(asked)}")
    assert answer.status_code == 200
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9.-]+\.csv"', answer.headers["content-disposition"])
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [cell for row in rows for cell in row if cell.startswith(FORMULA) and not _number(cell)] == []


def test_the_manifest_of_an_audience_is_json_with_a_plain_name(client: TestClient) -> None:
    answer = client.get(f"/audience.json?{urlencode({**PAIR, 'segment': '1'})}")
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9.-]+\.json"', answer.headers["content-disposition"])
    assert json.loads(answer.text)


@pytest.mark.parametrize("path", [one.path for one in PAGES])
def test_every_picture_of_a_page_is_a_picture_and_nothing_else(
    client: TestClient, hostile: Path, path: str
) -> None:
    """Well-formed XML of drawing elements, without handlers, styles or addresses."""
    html = client.get(addresses(hostile, HOSTILE_NEXT)[path]).text
    for picture in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        for one in ET.fromstring(picture).iter():  # noqa: S314 - our own pages
            kind = one.tag.rpartition("}")[2]
            assert kind in {
                "svg",
                "g",
                "path",
                "rect",
                "circle",
                "line",
                "text",
                "tspan",
                "title",
                "desc",
                "image",
            }, kind
            assert [name for name in one.attrib if name.lower().startswith("on") or name == "style"] == []
            links = [value for name, value in one.attrib.items() if name.endswith("href")]
            assert all(value.startswith("data:image/png;base64,") for value in links)
