"""A dashboard that a browser can visit: a server in a thread, every page's address, and what a page does."""

import contextlib
import csv
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyarrow.parquet as pq
import uvicorn
from support.dashboard_pages import visitor

from segmentry.dashboard.access.download_log import Log
from segmentry.dashboard.access.passwords import Gate
from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library
from segmentry.dashboard.page_catalog import PAGES
from segmentry.dashboard.serve import Place, listen
from segmentry.views.words.numbers import count, share

VIEWS = (
    "/?k=2",
    "/map?segment=1&x0=-1&x1=1&y0=-1&y1=1",
    "/map?k=2&q=C001",
    "/customers?segment=1&sort=-value",
    "/customers?q=nobody",
    "/compare?segment=1&segment=2&k=2",
    "/segment/1?k=2",
    "/models?k=2",
    "/strategies?for=1&base=5&rise=1&margin=40&order_value=60&contact_cost=0.1&depth=10",
    "/changes?before=first&from=1",
)
"""Pages after a visitor did something there."""
WIDTHS = (1280, 360)
SCHEMES = ("light", "dark")
SIDEWAYS = """() => [document.documentElement.scrollWidth - document.documentElement.clientWidth,
  [...document.querySelectorAll('body *')].filter(one => !one.closest('svg, .scroll, .plot, .code, .away')
    && one.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(one => one.outerHTML.slice(0, 200))]"""
"""How many pixels a page scrolls sideways, and what sticks out."""
FIELDS = """() => [...document.querySelectorAll('form.filter input:not([type=hidden]), form.filter select, #run')]
  .map(one => [one.name, one.type === 'checkbox' ? one.checked : one.value])"""
"""What stands in the fields of a page."""


def view_of(view: str, run: str) -> str:
    """A view of a run."""
    return f"{view}{'&' if '?' in view else '?'}{urlencode({'run': run})}"


@contextlib.contextmanager
def serving(path: Path, gate: Gate | None = None) -> Iterator[str]:
    """A real server over the runs under a path; its address without the last stroke."""
    listening = listen(Place(port=0))
    config = uvicorn.Config(
        create_app(Library(path), gate=gate, log=Log(lambda _: None)),
        log_level="error",
        access_log=False,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 60
        while not server.started:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


def addresses(path: Path, run: str) -> dict[str, str]:
    """The address of every page of the catalog for a run, by the page's path.

    Parts in braces are filled in from the first link of another page that leads there, so a page that no
    other page leads to has no address.
    """
    client = visitor(path)
    carried = urlencode({"run": run})
    found = {one.path: f"{one.path}?{carried}" for one in PAGES if "{" not in one.path}
    for _ in range(2):
        answers = [client.get(one) for one in found.values()]
        assert [(one.url.path, one.text[-600:]) for one in answers if one.status_code != 200] == [], run
        links = [
            unescape(one)
            for answer in answers
            for one in re.findall(r'<a [^>]*?href="(/[^"]*)"', answer.text)
        ]
        for page in PAGES:
            form = re.compile(re.sub(r"\\?\{[^}]*\}", "[^/?]+", page.path) + r"(\?|$)")
            fitting = [one for one in links if form.match(one) and carried in one]
            if page.path not in found and fitting:
                found[page.path] = fitting[0]
    return found


@dataclass
class Watch:
    """Everything that a browser's page did which somebody might have to know.

    Attributes:
        said: Lines of the console, errors, dialogs.
        asked: Addresses that were asked for.
        refused: Answers of 400 and more.
    """

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Any) -> "Watch":
        """Begin to watch a page."""
        watch = cls()
        page.on("console", lambda message: watch.said.append(message.text))
        page.on("pageerror", lambda error: watch.said.append(str(error)))
        page.on("dialog", lambda dialog: (watch.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: watch.asked.append(request.url))
        page.on("response", lambda answer: _note(watch, answer))
        return watch

    def outside(self, base: str) -> list[str]:
        """Requests to anybody but the dashboard."""
        return [one for one in self.asked if not one.startswith((f"{base}/", "data:", "blob:"))]


def _note(watch: Watch, answer: Any) -> None:
    if answer.status >= 400:
        watch.refused.append(f"{answer.status} {answer.url}")


def sideways(page: Any) -> list[str]:
    """What makes a page scroll sideways, by width and colour scheme."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            pixels, wide = page.evaluate(SIDEWAYS)
            if pixels > 0:
                found.append(f"{width} {scheme}: {pixels} pixels, {wide}")
    return found


def words(page: Any) -> str:
    """What the page says, in one line."""
    return " ".join(page.inner_text("main").split())


def listed(page: Any) -> list[list[str]]:
    """The cells of the list of customers that is shown."""
    return page.evaluate(
        "[...document.querySelectorAll('table.list tbody tr')]"
        ".map(row => [...row.cells].map(one => one.innerText.trim()))"
    )


def settled(page: Any, act: Callable[[], object]) -> None:
    """Do something that leads to another view, and wait until it is there."""
    before = page.url
    act()
    page.wait_for_function(
        "before => location.href !== before && !document.body.ariaBusy && document.readyState === 'complete'",
        arg=before,
    )


def state(page: Any) -> list[Any]:
    """All that a view shows: its words, what stands in its fields, and how long its lists are."""
    return [words(page), page.evaluate(FIELDS), listed(page)]


def taken(page: Any, act: Callable[[], object]) -> list[dict[str, str]]:
    """The rows of the CSV that something downloads; its name is one that every system takes."""
    with page.expect_download() as download:
        act()
    assert re.fullmatch(r"[A-Za-z0-9.-]+\.csv", download.value.suggested_filename)
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everybody(page: Any) -> list[list[str]]:
    """All rows of a list, one page after another, by the mouse."""
    found = listed(page)
    while page.locator("nav.pager a[rel=next]").count():
        settled(page, lambda: page.click("nav.pager a[rel=next]"))
        found += listed(page)
    return found


def assert_counted(page: Any, folder: Path) -> None:
    """The heading under the map counts who is in the area that the address names: NumPy over pages.parquet."""
    area = {name: float(page.input_value(f"#{name}")) for name in ("x0", "x1", "y0", "y1")}
    x, y = (pq.read_table(folder / "pages.parquet", columns=[one])[one].to_numpy() for one in ("x", "y"))
    inside = (area["x0"] <= x) & (x <= area["x1"]) & (area["y0"] <= y) & (y <= area["y1"])
    assert 0 < inside.sum() < len(x)
    said = page.inner_text("main section:not(.map) h2")
    assert said == f"{count(int(inside.sum()))} customers, {share(inside.mean())} of all"


def brush(page: Any, low: tuple[float, float], up: tuple[float, float]) -> None:
    """Choose the area of the map between two places, as shares of its picture."""
    drag(page, low, up)
    settled(page, page.mouse.up)


def drag(page: Any, low: tuple[float, float], up: tuple[float, float]) -> None:
    """Drag over the map from one place to another, as shares of its picture; the button stays down."""
    plot = page.locator("#map .plot svg")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    (x0, y0), (x1, y1) = ((box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (low, up))
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x1, y1, steps=4)
