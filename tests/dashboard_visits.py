"""A dashboard that a browser can visit: a server in a thread, every page's address, and what a page does."""

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from dashboard_pages import visitor

from segmentry.dashboard.app import create_app
from segmentry.dashboard.audit_log import Log
from segmentry.dashboard.library import Library
from segmentry.dashboard.pages.catalog import PAGES
from segmentry.dashboard.serve import Place, listen

WIDTHS = (1280, 360)
SCHEMES = ("light", "dark")
SIDEWAYS = """() => [document.documentElement.scrollWidth - document.documentElement.clientWidth,
  [...document.querySelectorAll('body *')].filter(one => !one.closest('svg, .scroll, .plot, .code, .away')
    && one.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(one => one.outerHTML.slice(0, 200))]"""
"""How many pixels a page scrolls sideways, and what sticks out."""


@contextlib.contextmanager
def serving(path: Path) -> Iterator[str]:
    """A real server over the runs under a path; its address without the last stroke."""
    listening = listen(Place(port=0))
    config = uvicorn.Config(
        create_app(Library(path), log=Log(lambda _: None)),
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
