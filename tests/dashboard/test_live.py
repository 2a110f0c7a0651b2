"""A chart that is explored is the chart of the page: of the same segments, from an address that says it all."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from support.dashboard_pages import Seen, looker, visitor

PAGES = (
    "/",
    "/map?segment=2",
    "/compare",
    "/compare?segment=3&segment=1",
    "/compare?k=5&segment=2&segment=4&segment=5",
    "/segment/2",
    "/segment/4?k=5",
)


def links(page: Seen) -> list[tuple[str, str, str]]:
    """The charts of a page that can be explored: each one's name, its own page, and its specification."""
    found = re.findall(
        r'data-chart="(\w+)".*?<p class="explore"><a href="([^"]+)" data-live="([^"]+)">',
        page.html,
        re.DOTALL,
    )
    return [(name, unescape(alone), unescape(spec)) for name, alone, spec in found]


def drawing(page: Seen, name: str) -> str:
    """The picture of a chart on a page."""
    start = page.html.index(f'id="chart-{name}"')
    return page.html[page.html.index("<svg", start) : page.html.index("</svg>", start)]


def texts(spec: dict[str, Any]) -> list[str]:
    """What is written in a live chart."""
    return [row["text"] for layer in spec["layer"] for row in layer["data"]["values"] if "text" in row]


@pytest.mark.parametrize("path", PAGES)
def test_every_chart_of_a_page_can_be_explored_and_stays_what_it_is(runs: Path, path: str) -> None:
    look, client = looker(runs), visitor(runs)
    page = look(path)
    found = links(page)
    assert [name for name, _, _ in found] == re.findall(r'data-chart="(\w+)"', page.html)
    assert found
    for name, alone, spec in found:
        own = look(alone)
        assert own.status == 200, own.words[:200]
        assert drawing(own, name) == drawing(page, name)
        written = unescape(drawing(page, name))
        live = client.get(f"{spec}{'&' if '?' in spec else '?'}scheme=light").json()
        assert texts(live)
        assert all(f">{one}</text>" in written for one in texts(live))


def test_a_chart_of_segments_is_found_by_its_address_alone(runs: Path) -> None:
    look = looker(runs)
    page = look("/segment/3")
    name, alone, spec = links(page)[0]
    assert (name, alone) == ("segment_spread", "/chart/segment_spread?segment=3")
    assert spec == "/charts/segment_spread.json?segment=3"
    assert look(alone).finding in page.words
    assert look("/chart/compared_averages?segment=1&segment=3").status == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/chart/segment_spread", 400, "'segment' must be a whole number"),
        ("/chart/segment_spread?segment=77", 404, "There is no segment 77."),
        ("/chart/segment_spread_9?segment=1", 404, "There is no chart 'segment_spread_9'."),
        ("/chart/compared_averages?segment=9", 404, "There is no segment 9."),
        ("/chart/compared_averages?segment=2", 400, "One segment: there is nothing to compare."),
        ("/chart/compared_spreads?" + "&".join(f"segment={one}" for one in range(1, 7)), 400, "too many"),
        ("/chart/nothing_2", 404, "There is no chart 'nothing_2'."),
    ],
)
def test_a_chart_of_segments_that_cannot_be_meant_says_so(
    runs: Path, path: str, status: int, said: str
) -> None:
    page = looker(runs)(path)
    assert page.status == status
    assert said in page.words
