"""The system's Chromium, and a dashboard for it, for tests of pages."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.dashboard_visits import serving
from support.shops import CROWDS, SHOPS, made_once

HERE = Path(__file__).parent
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

AXE = """scheme => axe.run(document, {resultTypes: ['violations'],
    ...(scheme === 'dark' ? {runOnly: ['color-contrast', 'link-in-text-block']} : {})})
  .then(found => found.violations.map(one => `${one.id}: ${one.help}: ` + one.nodes.slice(0, 3).map(node =>
    node.html.slice(0, 300) + ([...node.any, ...node.all, ...node.none][0] ?? {}).message).join(' | ')))"""
"""The faults that axe-core finds; in the dark only colours are others."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: it runs in ``make test-all``."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser; the test is skipped, with the reason, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this session share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def shops(common: Path) -> Path:
    """A folder of awkward runs (``shops.py``)."""
    return made_once(common / "shops", SHOPS)


@pytest.fixture(scope="session")
def crowds(common: Path) -> Path:
    """A folder with a run of a million customers and a second one."""
    return made_once(common / "crowds", CROWDS)


@pytest.fixture(scope="module")
def served(shops: Path) -> Iterator[str]:
    """The address of a dashboard over the awkward runs."""
    with serving(shops) as address:
        yield address


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page of a browser that takes downloads."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def examined(chromium: Any) -> Iterator[Callable[..., list[str]]]:
    """What axe-core finds at an address after something was done there, light and dark; it sets the policy aside, because it comes as a script."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")  # no colour between two
    context.add_init_script(axe.Axe().axe_script)
    page = context.new_page()

    def found(address: str, first: Callable[[Any], None] = lambda _: None) -> list[str]:
        page.goto(address)
        first(page)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        faults: list[str] = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            faults += [f"{scheme}: {one}" for one in page.evaluate(AXE, scheme)]
        return faults

    yield found
    context.close()
