"""Pages are compressed for browsers that accept it, and the same for every browser."""

from pathlib import Path

import pytest
from support.dashboard_pages import visitor

from segmentry.dashboard.app import LEAST_COMPRESSED

FEW = 100_000
"""Bytes that a page may have (FIGURES, number 1)."""
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
    compressed = client.get(path, headers={"accept-encoding": "gzip, deflate, br"})
    whole = client.get(path, headers={"accept-encoding": "identity"})
    assert compressed.status_code == whole.status_code == 200
    assert compressed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in whole.headers
    assert compressed.headers["vary"].lower() == whole.headers["vary"].lower() == "accept-encoding"
    assert compressed.text == whole.text
    assert int(compressed.headers["content-length"]) < FEW / 2
    assert "default-src 'none'" in compressed.headers["content-security-policy"]


def test_a_comparison_of_two_segments_is_small_even_uncompressed(awkward: Path) -> None:
    """Its histograms were the most of it: an outline is drawn in as few steps as it has corners."""
    answer = visitor(awkward).get("/compare", headers={"accept-encoding": "identity"})
    assert len(answer.content) < FEW


def test_a_downloaded_file_is_streamed_as_it_is(awkward: Path) -> None:
    """Compressing millions of rows would take longer than sending them."""
    client = visitor(awkward)
    compressed = client.get("/customers.csv", headers={"accept-encoding": "gzip"})
    whole = client.get("/customers.csv", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in compressed.headers
    assert "content-length" not in compressed.headers
    assert compressed.content == whole.content
    assert compressed.headers == whole.headers


def test_the_report_keeps_its_own_policy_and_tag_when_compressed(awkward: Path) -> None:
    client = visitor(awkward)
    compressed = client.get("/report", headers={"accept-encoding": "gzip"})
    whole = client.get("/report", headers={"accept-encoding": "identity"})
    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.content == whole.content
    for name in ("content-security-policy", "etag", "cache-control", "x-frame-options"):
        assert compressed.headers[name] == whole.headers[name]
    again = client.get("/report", headers={"if-none-match": whole.headers["etag"], "accept-encoding": "gzip"})
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_that_fits_into_a_packet_is_not_compressed(awkward: Path) -> None:
    answer = visitor(awkward).get("/api/nothing", headers={"accept-encoding": "gzip"})
    assert len(answer.content) < LEAST_COMPRESSED
    assert "content-encoding" not in answer.headers
