"""Pages are small on their way, and the same for every browser."""

from pathlib import Path

import pytest
from support.dashboard_pages import visitor

FEW = 100_000
"""Bytes that a page may have before the library that draws live charts (FIGURES, number 1)."""
PAGES = (
    "/",
    "/map",
    "/customers",
    "/compare?segment=1&segment=2&segment=3&segment=4",
    "/segment/1",
    "/models",
    "/about",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_small_on_its_way_and_the_same_for_every_browser(awkward: Path, path: str) -> None:
    client = visitor(awkward)
    pressed = client.get(path, headers={"accept-encoding": "gzip, deflate, br"})
    whole = client.get(path, headers={"accept-encoding": "identity"})
    assert pressed.status_code == whole.status_code == 200
    assert pressed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in whole.headers
    assert pressed.headers["vary"] == whole.headers["vary"] == "accept-encoding"
    assert pressed.text == whole.text
    assert int(pressed.headers["content-length"]) < FEW / 2
    assert "default-src 'none'" in pressed.headers["content-security-policy"]


def test_a_comparison_of_two_segments_is_small_even_uncompressed(awkward: Path) -> None:
    """Its histograms were the most of it: an outline is drawn in as few steps as it has corners."""
    answer = visitor(awkward).get("/compare", headers={"accept-encoding": "identity"})
    assert len(answer.content) < FEW
