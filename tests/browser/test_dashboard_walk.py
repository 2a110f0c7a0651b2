"""People walk through the dashboard: with the mouse, with the keys alone, without scripts, and come back."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from support.dashboard_visits import Watch, addresses, everybody, listed, settled, taken

from segmentry.dashboard.page_catalog import PAGES
from segmentry.views.words.numbers import share

MENU = [one for one in PAGES if one.menu]
STOPS = """() => {
  const stops = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter(one => !one.disabled && !one.matches('.skip') && one.checkVisibility({visibilityProperty: true}));
  stops.forEach((one, at) => { one.dataset.stop = at; });
  return stops.length;
}"""
HERE = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [one.dataset.stop ?? null, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, seen,
    one.outerHTML.slice(0, 120)];
}"""


@pytest.fixture(scope="module")
def where(shops: Path) -> dict[str, str]:
    return addresses(shops, "first")


def tab_to(page: Any, selector: str, most: int = 400) -> None:
    """Press Tab until something is reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    pytest.fail(f"the Tab key does not reach {selector} on {page.url}")


def test_the_mouse_opens_every_page_of_the_menu(page: Any, served: str) -> None:
    watch = Watch.of(page)
    page.goto(f"{served}/?run=first")
    for one in MENU:
        page.click(f"nav[aria-label=Pages] >> text='{one.title}'")
        page.wait_for_url(re.compile(rf"{re.escape(served + one.path)}(\?|$)"))
        assert page.get_attribute("nav[aria-label=Pages] a[aria-current=page]", "href").startswith(one.path)
        assert page.inner_text(".runs option:checked, p.runs").strip() == "first"
    assert (watch.said, watch.refused, watch.outside(served)) == ([], [], [])


def test_the_keys_alone_open_every_page_of_the_menu(page: Any, served: str) -> None:
    page.goto(f"{served}/?run=first")
    for one in MENU:
        tab_to(
            page, f"nav[aria-label=Pages] a[href^='{one.path}?']" if one.path != "/" else "nav a[href^='/?']"
        )
        page.keyboard.press("Enter")
        current = f"nav[aria-label=Pages] a[aria-current=page][href^='{one.path}?']"
        page.wait_for_selector(current)
        page.wait_for_load_state()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", [one.path for one in PAGES])
def test_the_tab_key_reaches_everything_and_shows_where_it_is(
    page: Any, served: str, where: dict[str, str], path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(served + where[path])
    assert page.evaluate(HERE)[0] is None
    stops = page.evaluate(STOPS)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(stops):
        page.keyboard.press("Tab")
        stop, outlined, seen, html = page.evaluate(HERE)
        assert outlined, f"no frame around {html}"
        assert seen, f"out of sight: {html}"
        reached.add(stop)
    assert len(reached - {None}) == stops


def test_the_skip_link_leads_past_the_menu(page: Any, served: str) -> None:
    page.goto(f"{served}/customers?run=first")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("address", ["/customers", "/map"])
def test_the_downloaded_customers_are_the_rows_that_were_shown(page: Any, served: str, address: str) -> None:
    page.goto(f"{served}{address}?run=first")
    settled(page, lambda: page.check("#segment-2"))
    settled(page, lambda: page.check("#confidence-low"))
    assert "segment=2" in page.url
    assert "confidence=low" in page.url
    rows = taken(page, lambda: page.click("a[download]"))
    shown = everybody(page)
    assert len(shown) == len(rows) > 0
    assert sorted((row[0], row[1], row[2]) for row in shown) == sorted(
        (row["customer_id"], row["segment"], share(float(row["confidence"]))) for row in rows
    )


def test_the_keys_alone_filter_turn_the_page_and_download(page: Any, served: str) -> None:
    page.goto(f"{served}/customers?run=first")
    tab_to(page, "#segment-1")
    settled(page, lambda: page.keyboard.press("Space"))
    assert "segment=1" in page.url
    assert page.evaluate("document.activeElement.id") == "segment-1", "the focus stays where it was"
    tab_to(page, "a[download]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        assert {row["segment"] for row in csv.DictReader(file)} == {listed(page)[0][1]}
    tab_to(page, "#next")
    first = listed(page)[0]
    settled(page, lambda: page.keyboard.press("Enter"))
    assert "after=" in page.url
    assert listed(page)[0] != first


def test_the_keys_alone_choose_an_area_of_the_map(page: Any, served: str) -> None:
    page.goto(f"{served}/map?run=first")
    tab_to(page, "#map .plot")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    settled(page, lambda: page.keyboard.press("Enter"))
    assert "x0=" in page.url
    assert page.locator("h1").inner_text().split(",")[0].split()[0].isdigit()
    assert page.evaluate("document.activeElement.matches('#map .plot')"), "the focus stays on the map"


def test_the_run_picker_shows_another_run(page: Any, served: str) -> None:
    page.goto(f"{served}/?run=first")
    page.select_option("#run", "one")
    page.wait_for_url("**run=one*")
    assert page.inner_text("#run option:checked") == "one"


@pytest.mark.parametrize("address", ["/customers", "/map"])
def test_filter_and_list_work_without_scripts(chromium: Any, served: str, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{served}{address}?run=first")
    page.check("#segment-1")
    page.check("#confidence-low")
    with page.expect_navigation():
        page.click("form.filter button")
    assert "segment=1" in page.url
    assert "run=first" in page.url
    rows = listed(page)
    assert {row[1] for row in rows} == {rows[0][1]}
    if page.locator("#next").count():
        with page.expect_navigation():
            page.click("#next")
        assert listed(page)[0] != rows[0]
    context.close()


@pytest.mark.parametrize("path", [one.path for one in PAGES])
def test_a_page_survives_zoom_and_reduced_motion(
    chromium: Any, served: str, where: dict[str, str], path: str
) -> None:
    """200 % of zoom on a screen of 1280 pixels is a page of 640 pixels."""
    context = chromium.new_context(viewport={"width": 640, "height": 400}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(served + where[path])
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    moving = "[...document.querySelectorAll('*')].filter(one => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"
    assert page.evaluate(moving) == 0
    context.close()
