"""Every figure of a page is complete without a script: its picture, its tips, its sentence and its numbers."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from support.dashboard_pages import Seen, looker

PAGES = (
    "/",
    "/map?segment=2",
    "/compare",
    "/compare?segment=3&segment=1",
    "/compare?k=5&segment=2&segment=4&segment=5",
    "/segment/2",
    "/segment/4?k=5",
    "/models",
)
SPOKEN = {"/": {"segment_sizes", "cluster_prof"}, "/models": {"elbow", "evidence_by_k", "segment_stability"}}
"""Figures whose marks say what they are."""
SVG = "{http://www.w3.org/2000/svg}"


def pictures(page: Seen) -> dict[str, ET.Element]:
    """The picture of each figure of a page."""
    found = re.findall(r'data-chart="(\w+)".*?(<svg.*?</svg>)', page.html, re.DOTALL)
    return {name: ET.fromstring(svg) for name, svg in found}  # noqa: S314 - our own drawing


@pytest.mark.parametrize("path", PAGES)
def test_every_figure_of_a_page_says_what_it_shows_and_has_its_numbers(runs: Path, path: str) -> None:
    page = looker(runs)(path)
    found = pictures(page)
    assert list(found) == re.findall(r'data-chart="(\w+)"', page.html)
    assert found
    for name, svg in found.items():
        assert svg.attrib["role"] == "img"
        assert svg.attrib["aria-label"].endswith(".")
        figure = page.html[page.html.index(f'id="chart-{name}"') :].partition("</figure>")[0]
        assert "<summary>The numbers" in figure
        assert figure.count("<tr>") > 1


@pytest.mark.parametrize("path", SPOKEN)
def test_marks_say_what_they_are(runs: Path, path: str) -> None:
    found = pictures(looker(runs)(path))
    for name in SPOKEN[path]:
        tips = [title.text for title in found[name].iter(f"{SVG}title")]
        assert tips
        assert all(tips)


def test_a_tip_names_the_segment_and_its_share(runs: Path) -> None:
    page = looker(runs)("/")
    tips = [str(title.text) for title in pictures(page)["segment_sizes"].iter(f"{SVG}title")]
    shown = unescape(page.html)
    for tip in tips:
        name, share, what = re.fullmatch(r"(.+): (.+)\. (.+)", tip).groups()  # type: ignore[union-attr]
        assert name in shown
        assert f">{share}</text>" in shown
        assert what in {"Share of customers", "Share of value"}
