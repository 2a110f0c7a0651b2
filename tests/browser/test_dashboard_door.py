"""A dashboard with a password, and a chart that is explored: by mouse, by keys, without a fault and without a stranger."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.dashboard_visits import Watch, serving, sideways

from segmentry.dashboard.access.passwords import Gate, hashed
from segmentry.dashboard.live import vega_bundle

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


@pytest.fixture(scope="module")
def vega() -> None:
    """The scripts that draw live charts; a server begins to make them when it starts."""
    if vega_bundle.ready() is None:
        subprocess.run(
            [sys.executable, "-P", "-m", "segmentry.dashboard.live.vega_bundle"], check=True, timeout=300
        )


def test_a_chart_is_explored_by_the_keys_and_the_mouse_under_the_policy(
    page: Any, served: str, vega: None
) -> None:
    watch = Watch.of(page)
    page.goto(f"{served}/?run=first")
    page.focus("a[data-live] >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("p.explore button")
    assert page.evaluate("document.activeElement.textContent") == "Closer"
    drawn = page.locator(".plot div svg").first
    before = drawn.get_attribute("viewBox")
    page.keyboard.press("Enter")
    assert drawn.get_attribute("viewBox") != before
    page.click("button:has-text('Whole chart')")
    assert drawn.get_attribute("viewBox") == before
    with page.expect_download() as download:
        page.click("button:has-text('Save as PNG')")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    assert sideways(page) == []
    page.click("button:has-text('Back to the picture')")
    assert page.locator(".plot div svg").count() == 0
    assert (watch.said, watch.refused, watch.outside(served)) == ([], [], [])
