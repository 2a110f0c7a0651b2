"""People walk through the dashboard: with the mouse, with the keys alone, without scripts, and come back."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dashboard_visits import Watch, addresses, listed, words

from segmentry.dashboard.pages.catalog import PAGES
from segmentry.views.numbers import share

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
FILTER = "segment=1&confidence=low"


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def where(shops: Path) -> dict[str, str]:
    return addresses(shops, "first")


def taken(page: Any) -> list[dict[str, str]]:
    """The rows of the CSV that the page's link downloads, by the mouse."""
    with page.expect_download() as download:
        page.click("a[download]")
    name = download.value.suggested_filename
    assert re.fullmatch(r"[A-Za-z0-9.-]+\.csv", name)
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everybody(page: Any) -> list[list[str]]:
    """All rows of a list, one page after another, by the mouse."""
    found = listed(page)
    while page.locator("#next").count():
        before = page.url
        page.click("#next")
        page.wait_for_function("before => location.href !== before && !document.body.ariaBusy", arg=before)
        found += listed(page)
    return found


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
    page.check("#segment-2")
    page.wait_for_url("**segment=2*")
    page.check("#confidence-low")
    page.wait_for_url("**confidence=low*")
    rows = taken(page)
    shown = everybody(page)
    assert len(shown) == len(rows) > 0
    assert sorted((row[0], row[1], row[2]) for row in shown) == sorted(
        (row["customer_id"], row["segment"], share(float(row["confidence"]))) for row in rows
    )


def test_the_keys_alone_filter_turn_the_page_and_download(page: Any, served: str) -> None:
    page.goto(f"{served}/customers?run=first")
    tab_to(page, "#segment-1")
    page.keyboard.press("Space")
    page.wait_for_url("**segment=1*")
    page.wait_for_function("!document.body.ariaBusy")
    assert page.evaluate("document.activeElement.id") == "segment-1", "the focus stays where it was"
    tab_to(page, "a[download]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        assert {row["segment"] for row in csv.DictReader(file)} == {listed(page)[0][1]}
    tab_to(page, "#next")
    first = listed(page)[0]
    page.keyboard.press("Enter")
    page.wait_for_url("**after=*")
    page.wait_for_function("!document.body.ariaBusy")
    assert listed(page)[0] != first


def test_the_keys_alone_choose_an_area_of_the_map(page: Any, served: str) -> None:
    page.goto(f"{served}/map?run=first")
    tab_to(page, "#map .plot")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**x0=*")
    page.wait_for_function("!document.body.ariaBusy")
    assert page.locator("h1").inner_text().split(",")[0].split()[0].isdigit()
    assert page.evaluate("document.activeElement.matches('#map .plot')"), "the focus stays on the map"


def test_the_mouse_draws_an_area_of_the_map_and_back_takes_it_away(page: Any, served: str) -> None:
    page.goto(f"{served}/map?run=first")
    before = words(page)
    box = page.locator("#map .plot svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    page.wait_for_url("**x0=*")
    page.wait_for_function("!document.body.ariaBusy")
    chosen = words(page)
    assert chosen != before
    page.reload()
    assert words(page) == chosen
    page.go_back()
    page.wait_for_function(
        "before => document.querySelector('main').innerText.split(/\\s+/).join(' ').trim() === before",
        arg=before,
    )
    page.go_forward()
    page.wait_for_function(
        "one => document.querySelector('main').innerText.split(/\\s+/).join(' ').trim() === one", arg=chosen
    )


def test_a_link_that_is_sent_on_shows_the_same_view(chromium: Any, page: Any, served: str) -> None:
    page.goto(f"{served}/customers?run=first")
    page.check("#segment-1")
    page.wait_for_url("**segment=1*")
    page.click("text=Confidence >> visible=true >> nth=-1")
    page.wait_for_url("**sort=*")
    page.wait_for_function("!document.body.ariaBusy")
    page.click("#next")
    page.wait_for_url("**after=*")
    page.wait_for_function("!document.body.ariaBusy")
    other = chromium.new_context().new_page()
    other.goto(page.url)
    assert words(other) == words(page)
    assert listed(other) == listed(page)
    other.context.close()


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
    page.click("form.filter button")
    assert "segment=1" in page.url
    assert "run=first" in page.url
    rows = listed(page)
    assert {row[1] for row in rows} == {rows[0][1]}
    if page.locator("#next").count():
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
