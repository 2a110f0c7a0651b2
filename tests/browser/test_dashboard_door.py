"""A dashboard with a password, and a chart that is explored: by mouse, by keys, without a fault and without a stranger."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from support.dashboard_visits import Watch, brush, drag, serving, sideways

from segmentry.dashboard.access.passwords import Gate, hashed

PASSWORD = "correct horse battery"  # noqa: S105 - of this test


@pytest.fixture(scope="module")
def guarded(shops: Path) -> Iterator[str]:
    """The address of a dashboard with a password."""
    with serving(shops, Gate(hashed(PASSWORD))) as address:
        yield address


@pytest.mark.parametrize("scripts", [True, False])
def test_the_password_leads_to_the_page_that_was_asked_for(
    chromium: Any, guarded: str, *, scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=scripts)
    page = context.new_page()
    watch = Watch.of(page)
    page.goto(f"{guarded}/customers?run=first&segment=1")
    assert page.inner_text("h1") == "Sign in"
    page.keyboard.type("not the password")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("[role=alert]") == "That is not the password."
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers?run=first&segment=1")
    assert page.is_checked("#segment-1")
    assert context.cookies()[0]["httpOnly"]
    assert watch.outside(guarded) == []
    context.close()


def test_the_door_fits_a_phone_and_has_no_fault(chromium: Any, examined: Any, guarded: str) -> None:
    page = chromium.new_context().new_page()
    watch = Watch.of(page)
    page.goto(f"{guarded}/login")
    assert sideways(page) == []
    assert (watch.said, watch.refused, watch.outside(guarded)) == ([], [], [])
    page.context.close()
    assert examined(f"{guarded}/login") == []


def test_a_chart_is_explored_by_the_keys_and_the_mouse_under_the_policy(page: Any, served: str) -> None:
    watch = Watch.of(page)
    page.goto(f"{served}/?run=first")
    drawn = page.locator(".plot svg").first
    before = drawn.get_attribute("viewBox")
    page.focus("p.explore button >> nth=0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Closer"
    page.keyboard.press("Enter")
    closer = drawn.get_attribute("viewBox")
    assert closer != before
    page.keyboard.press("ArrowRight")
    assert drawn.get_attribute("viewBox") != closer
    page.click("button:has-text('Whole chart')")
    assert drawn.get_attribute("viewBox") == before
    page.click("button:has-text('Next value')")
    assert page.inner_text("#tip") == page.inner_text("#said") != ""
    assert sideways(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent").startswith("Explore this chart: ")
    assert (watch.said, watch.refused, watch.outside(served)) == ([], [], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_is_kept_as_a_file_with_its_words_on_white_paper(
    chromium: Any, served: str, scheme: str
) -> None:
    page = chromium.new_context(color_scheme=scheme).new_page()
    watch = Watch.of(page)
    page.goto(f"{served}/?run=first")
    page.click("p.explore button >> nth=0")
    page.click("button:has-text('Closer')")
    with page.expect_download() as download:
        page.click("button:has-text('Save as SVG')")
    assert download.value.suggested_filename == "segment_sizes.svg"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    words = [one.text for one in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314
    title = page.inner_text("#chart-segment_sizes figcaption h2, #chart-segment_sizes figcaption h3")
    assert title.startswith(str(words[0]))
    assert page.inner_text("#chart-segment_sizes .foot") in words
    assert "Share of customers" in words
    assert "<title>" in text
    with page.expect_download() as download:
        page.click("button:has-text('Save as PNG')")
    picture = Image.open(download.value.path()).convert("RGB")
    assert picture.width == 1600
    assert picture.getpixel((2, 2)) == (255, 255, 255)
    assert len(picture.getcolors(2**24) or ()) > 20
    assert (watch.said, watch.refused, watch.outside(served)) == ([], [], [])
    page.context.close()


def test_a_mark_says_what_it_is_where_the_pointer_rests(page: Any, served: str) -> None:
    page.goto(f"{served}/?run=first")
    mark = page.locator("#chart-segment_sizes svg rect:has(title)").first
    said = mark.locator("title").text_content()
    mark.hover()
    assert page.inner_text("#tip") == said
    page.hover("h1")
    assert page.is_hidden("#tip")


def test_a_closer_look_at_the_map_leaves_its_brush_alone(page: Any, served: str) -> None:
    """While the frame is moved over the map nothing is chosen; afterwards the brush works as before."""
    page.goto(f"{served}/map?run=first")
    address = page.url
    page.click("#map p.explore button")
    page.click("button:has-text('Closer')")
    drag(page, (0.3, 0.3), (0.6, 0.6))
    page.mouse.up()
    page.wait_for_timeout(300)
    assert page.url == address
    page.keyboard.press("Escape")
    brush(page, (0.3, 0.3), (0.6, 0.6))
    assert "x0=" in page.url
    page.wait_for_selector("#map p.explore button")


def test_without_scripts_a_chart_is_whole_and_has_no_button_that_does_nothing(
    chromium: Any, served: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/?run=first")
    assert page.locator("p.explore").count() == 0
    assert page.locator(".plot svg title").count() > 0
    page.click("summary >> nth=0")
    assert page.locator("details table").first.is_visible()
    context.close()


def looked_closely(page: Any) -> None:
    page.click("p.explore button >> nth=0")
    page.click("button:has-text('Next value')")


def test_an_explored_chart_has_no_fault(examined: Any, served: str) -> None:
    assert examined(f"{served}/?run=first", looked_closely) == []
