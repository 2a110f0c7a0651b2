import functools
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.factories import make_run
from support.surveys import make_survey

from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS
from segmentry.views.report import exploration_html, report_html

RUNS: dict[str, dict[str, Any]] = {
    "plain": {"k": 3, "missing": True},
    "one audience": {"k": 1, "value": False},
    "hostile": {"k": 12, "p": 8, "hostile": True, "flags": 2, "tiny": True},
    "long": {"k": 5, "p": 13, "long_names": True},
}
HEADINGS = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => Number(one.tagName[1]))"
LUMINANCE = """
const light = text => {
  const parts = text.match(/[\\d.]+/g).slice(0, 3).map(one => one / 255)
    .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
};
const ground = element => {
  for (let one = element; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (!/, 0\\)$/.test(colour)) return colour;
  }
  return 'rgb(255, 255, 255)';
};
"""
FAINT = f"""() => {{ {LUMINANCE}
  return [...document.querySelectorAll('body *')]
    .filter(one => !one.closest('svg') && [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(one => {{
      const pair = [light(getComputedStyle(one).color), light(ground(one))].sort((a, b) => b - a);
      return [(pair[0] + 0.05) / (pair[1] + 0.05), one.tagName, one.textContent.trim().slice(0, 40)];
    }}).filter(found => found[0] < 4.5);
}}"""
SMALL = """() => [...document.querySelectorAll('body *')]
  .filter(one => !one.closest('svg') && [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .filter(one => parseFloat(getComputedStyle(one).fontSize) < 12).map(one => one.textContent.slice(0, 40))"""
ON_A_PHONE = """() => [...document.querySelectorAll('.sheet')].filter(one => one.offsetWidth).map(sheet => {
  const drawn = sheet.querySelector('svg'), scale = drawn.getScreenCTM().a, box = drawn.getBoundingClientRect();
  const sizes = [...drawn.querySelectorAll('text')].map(one => one.getAttribute('font-size') * scale);
  const inside = !sheet.matches('.phone') || (box.left >= 0 && box.right <= innerWidth);
  return [sheet.parentElement.id, Math.min(...sizes, 99), inside];
})"""
UNREACHABLE = """() => [...document.querySelectorAll('body *')]
  .filter(one => !one.closest('svg') && one.scrollWidth > one.clientWidth + 1)
  .filter(one => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
  .filter(one => one.tabIndex < 0 || !one.getAttribute('aria-label')).map(one => one.className)"""


@functools.cache
def page_of(name: str) -> str:
    if name == "exploration":
        survey = make_survey(p=7, missing=True)
        figures = {key: chart(survey) for key, chart in EXPLORATORY.items()}
        return exploration_html(survey, figures)
    run = make_run(**RUNS[name])
    figures = {key: chart(run.survey) for key, chart in EXPLORATORY.items()}
    return report_html(run, figures | {key: chart(run) for key, chart in SEGMENTS.items()})


@pytest.fixture(params=[*RUNS, "exploration"])
def report(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / "report.html"
    file.write_text(page_of(request.param), encoding="utf-8")
    return file


def opened(chromium: Any, file: Path, width: int = 1280, scheme: str = "light") -> Any:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    return page


def test_the_page_asks_for_nothing_but_itself_and_complains_of_nothing(chromium: Any, report: Path) -> None:
    page = chromium.new_context().new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(report.as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert said == []
    page.context.close()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_never_scrolls_sideways_and_what_does_can_be_reached(
    chromium: Any, report: Path, width: int
) -> None:
    page = opened(chromium, report, width)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(UNREACHABLE) == []
    page.context.close()


def test_figures_of_a_phone_fit_the_window_and_can_be_read(chromium: Any, report: Path) -> None:
    """At 360 pixels no letter of a figure is below 12, and none of what is drawn for a phone is outside."""
    page = opened(chromium, report, 360)
    found = page.evaluate(ON_A_PHONE)
    assert min(size for _, size, _ in found) >= 12
    assert [name for name, _, inside in found if not inside] == []
    assert page.locator(".phone").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(chromium: Any, report: Path, scheme: str) -> None:
    """WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1; no letter below 12 pixels."""
    page = opened(chromium, report, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate(FAINT) == []
    assert page.evaluate(SMALL) == []
    page.context.close()


def test_headings_are_in_order_and_links_lead_somewhere(chromium: Any, report: Path) -> None:
    page = opened(chromium, report)
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(level <= before + 1 for before, level in pairwise(levels))
    dead = page.evaluate(
        "[...document.querySelectorAll('a')].map(one => one.getAttribute('href'))"
        ".filter(href => !href.startsWith('#') || !document.getElementById(href.slice(1)))"
    )
    assert dead == []
    page.context.close()


def test_the_first_stop_of_the_tab_key_skips_to_the_content(chromium: Any, report: Path) -> None:
    page = opened(chromium, report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.context.close()


def test_the_page_prints(chromium: Any, report: Path) -> None:
    page = opened(chromium, report)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    page.context.close()


@pytest.mark.parametrize("name", ["plain", "one audience", "long", "exploration"])
def test_up_to_five_segments_take_at_most_twenty_pages_of_paper(
    chromium: Any, tmp_path: Path, name: str
) -> None:
    """People print a report to read it at a table: 20 A4 pages are the most that is read."""
    file = tmp_path / "report.html"
    file.write_text(page_of(name), encoding="utf-8")
    page = opened(chromium, file)
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type /Page\b", printed)) <= 20
    page.context.close()


def test_on_a_phone_the_contents_are_folded(chromium: Any, tmp_path: Path) -> None:
    """The headline stands in the first window; the list of contents opens on a tap."""
    file = tmp_path / "report.html"
    file.write_text(page_of("plain"), encoding="utf-8")
    page = opened(chromium, file, width=360)
    link = page.locator(".fold a").first
    assert page.locator("h1").bounding_box()["y"] < 200
    assert not link.is_visible()
    page.locator(".fold summary").click()
    assert link.is_visible()
    page.context.close()


def test_each_strategy_fits_one_printed_page(chromium: Any, report: Path) -> None:
    """A4 less the margins of the style sheet is 182 x 267 mm: 688 x 1,009 pixels."""
    page = opened(chromium, report, width=688)
    page.emulate_media(media="print")
    found = page.evaluate(
        "[...document.querySelectorAll('.strategy')].map(one => [one.offsetHeight, "
        "getComputedStyle(one).breakBefore, getComputedStyle(one).breakAfter])"
    )
    assert all(height <= 1009 for height, _, _ in found), found
    assert {(before, after) for _, before, after in found} <= {("page", "page")}
    page.context.close()
