"""The dashboards that are measured: how each is started, and how a person uses it."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from peers.steps import SEGMENT, Names, Step, one_of_each, several
from playwright.sync_api import Page

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run is.

    Attributes:
        run: Its folder.
        prepared: What was written for the peers beforehand.
    """

    run: Path
    prepared: Path


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One dashboard.

    Attributes:
        name: What it is called in the tables.
        command: From the run and a port to what is typed.
        map: The path of its map.
        count: Where the map says how many customers are chosen, as a CSS selector.
        segment, level: Where segments and confidence levels are chosen, as CSS selectors.
        steps: What is pressed there in turn.
        environment: Variables of its process.
    """

    name: str
    command: Callable[[Place, int], list[str]]
    map: str
    count: str
    segment: str
    level: str
    steps: Callable[[Names, Names], Iterator[Step]] = one_of_each
    environment: dict[str, str] = field(default_factory=dict)

    def press(self, page: Page, step: Step) -> None:
        """Press what a step says."""
        group = page.locator(self.segment if step.control == SEGMENT else self.level)
        group.get_by_text(step.words, exact=True).click()

    @property
    def surroundings(self) -> dict[str, str]:
        """All variables of its process."""
        return os.environ | self.environment


def _ours(place: Place, port: int) -> list[str]:
    command = [sys.executable, "-m", "segmentry", "dashboard", str(place.run)]
    return [*command, "--port", str(port), "--no-browser"]


def _streamlit(place: Place, port: int) -> list[str]:
    options = {
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    app = str(HERE / "streamlit_app.py")
    places = [str(place.run), str(place.prepared)]
    return [sys.executable, "-m", "streamlit", "run", *flags, app, "--", *places]


def _dash(place: Place, port: int) -> list[str]:
    return [sys.executable, str(HERE / "dash_app.py"), str(place.run), str(place.prepared), str(port)]


OURS = Peer(
    name="segmentry",
    command=_ours,
    map="/map",
    count="main h2",
    segment="#filter fieldset:has(input[name=segment])",
    level="#filter fieldset:has(input[name=confidence])",
    steps=several,
)
PEERS = (
    OURS,
    Peer(
        name="Streamlit",
        command=_streamlit,
        map="/map",
        count='[data-testid="stMetricValue"]',
        segment='[role="radiogroup"][aria-label="Segment"]',
        level='[role="radiogroup"][aria-label="Confidence"]',
    ),
    Peer(
        name="Dash",
        command=_dash,
        map="/map",
        count="#count",
        segment="#segment",
        level="#level",
        environment={"DASH_DISABLE_VERSION_CHECK": "true"},
    ),
)
