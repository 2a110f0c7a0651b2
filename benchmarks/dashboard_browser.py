"""What a person sees of a dashboard, timed inside the browser by one clock with the server's start.

A small script in every page looks at each frame whether what is waited for is on the screen; the moment
counts when the frame after it is painted. A choice begins at the press of the pointer.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const get = (key) => { try { return sessionStorage.getItem(key); } catch { return null; } };
  const shown = (one) => one.getClientRects().length > 0;
  const there = ({selector, words}) => [...document.querySelectorAll(selector)].some(
    (one) => words.every((word) => one.textContent.includes(word)) && shown(one));
  window.__began = () => { if (!get('began')) sessionStorage.setItem('began', now()); };
  for (const kind of ['pointerdown', 'change']) addEventListener(kind, () => window.__began(), true);
  const look = () => {
    const goal = get('goal') ?? JSON.stringify(FIRST);
    if (goal && !get('reached') && there(JSON.parse(goal)))
      requestAnimationFrame(() => {
        if (!get('reached') && there(JSON.parse(goal))) sessionStorage.setItem('reached', now());
      });
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
QUIET = 0.7
"""Seconds without traffic after which a page is complete."""
PATIENCE = 60
"""Seconds that anything may take."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What is waited for: an element on the screen, and words in it."""

    selector: str
    words: tuple[str, ...]

    def written(self) -> str:
        """As the script in the page reads it."""
        return json.dumps({"selector": self.selector, "words": self.words})


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A page that was opened.

    Attributes:
        useful: When it was useful, in seconds since 1970.
        painted: Seconds from the navigation to the first paint of anything.
        bytes_useful, bytes_total: Bytes on the wire until then, and until the page was complete.
    """

    useful: float
    painted: float
    bytes_useful: int
    bytes_total: int


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A choice that was made.

    Attributes:
        seen: Seconds from the press until the new numbers were on the screen.
        answered: Seconds from the first request for them to the end of the last answer.
    """

    seen: float
    answered: float


@dataclass
class Traffic:
    """Everything that goes over the wire of a page; times in seconds since 1970."""

    received: list[tuple[float, int]] = field(default_factory=list)
    asked: dict[str, float] = field(default_factory=dict)
    spans: list[tuple[float, float]] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    messages: list[float] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    offset: float = 0.0

    def listen(self, page: Page) -> None:
        """Take note of what the browser reports."""
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", self._request)
        wire.on("Network.loadingFinished", self._finished)
        wire.on("Network.webSocketFrameSent", lambda event: self.sent.append(self._at(event)))
        wire.on("Network.webSocketFrameReceived", self._message)

    def _at(self, event: dict[str, Any]) -> float:
        return float(event["timestamp"]) + self.offset

    def _request(self, event: dict[str, Any]) -> None:
        self.offset = event["wallTime"] - event["timestamp"]
        self.asked[event["requestId"]] = event["wallTime"]
        address = urlsplit(event["request"]["url"])
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            self.outside.append(event["request"]["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        at = self._at(event)
        self.received.append((at, int(event["encodedDataLength"])))
        self.spans.append((self.asked.get(event["requestId"], at), at))

    def _message(self, event: dict[str, Any]) -> None:
        at = self._at(event)
        size = len(event["response"]["payloadData"])
        is_text = event["response"]["opcode"] == 1
        self.received.append((at, size if is_text else size * 3 // 4))  # binary comes as base64
        self.messages.append(at)

    def until(self, moment: float) -> int:
        """Bytes that were received until then."""
        return sum(size for at, size in self.received if at <= moment)

    def answer(self, began: float, reached: float) -> float:
        """Seconds from the first question after a press to the last answer before its result."""
        spans = [span for span in self.spans if began <= span[0] <= reached]
        sent = [at for at in self.sent if began <= at <= reached]
        came = [at for at in self.messages if began <= at <= reached]
        starts = [start for start, _ in spans] + sent[:1]
        ends = [end for _, end in spans if end <= reached] + came[-1:]
        return max(ends) - min(starts) if starts and ends else float("nan")


class Window:
    """One page in a browser of its own, with nothing in its cache."""

    def __init__(self, browser: Browser, first: Goal) -> None:
        """Open it; ``first`` is what makes its first page useful."""
        self.page = browser.new_context(viewport={"width": 1280, "height": 1600}).new_page()
        self.page.goto("about:blank")
        self.page.add_init_script(WATCH.replace("FIRST", first.written()))
        self.traffic = Traffic()
        self.traffic.listen(self.page)

    def opened(self, address: str) -> Opening:
        """Go to an address; wait until it is useful, then until it is complete."""
        self.page.goto(address, wait_until="commit")
        useful = self._reached()
        self.settled()
        painted = self.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        return Opening(
            useful=useful,
            painted=(painted or float("nan")) / 1000,
            bytes_useful=self.traffic.until(useful),
            bytes_total=self.traffic.until(float("inf")),
        )

    def settled(self) -> None:
        """Wait until nothing more comes."""
        waited, size = 0.0, -1
        while waited < QUIET:
            waited = waited + 0.1 if len(self.traffic.received) == size else 0.0
            size = len(self.traffic.received)
            self.page.wait_for_timeout(100)

    def chosen(self, act: Callable[[Page], None], goal: Goal) -> Choice:
        """Do something by hand; wait until its numbers are on the screen."""
        self.page.evaluate(
            "(goal) => { for (const key of ['began', 'reached']) sessionStorage.removeItem(key);"
            " sessionStorage.setItem('goal', goal); }",
            goal.written(),
        )
        act(self.page)
        reached = self._reached()
        began = float(self.page.evaluate("sessionStorage.getItem('began')")) / 1000
        self.settled()
        return Choice(seen=reached - began, answered=self.traffic.answer(began, reached))

    def _reached(self) -> float:
        """When what is waited for was on the screen."""
        for _ in range(PATIENCE * 50):
            found = self.page.evaluate(
                "location.href === 'about:blank' ? null : sessionStorage.getItem('reached')"
            )
            if found:
                return float(found) / 1000
            self.page.wait_for_timeout(20)
        raise SystemExit(f"{self.page.url} never showed what was waited for")


@contextmanager
def browsing(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium with a fresh profile."""
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("chromium is not on the PATH: apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()
