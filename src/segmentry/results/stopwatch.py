"""The only clock in the product: what is written in run.json of when, how long and with which versions."""

import platform
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version

from segmentry.edges.run_folder.manifest import Clock

LIBRARIES = ("ibis-framework", "duckdb", "scikit-learn", "numpy", "scipy", "resvg")


def versions() -> dict[str, str]:
    """The versions of the product and of what its numbers rest on."""
    found = {"segmentry": version("segmentry"), "python": platform.python_version()}
    return found | {library: version(library) for library in LIBRARIES}


def now() -> str:
    """This moment, in UTC (ISO)."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - the shell's clock


class Watch:
    """Notes when each step began; the only clock in the product."""

    def __init__(self) -> None:
        """Start it."""
        self._started = datetime.now(UTC)  # noqa: TID251 - the shell's clock
        self._laps: list[tuple[str, float]] = []

    def __call__(self, name: str) -> None:
        """A step begins."""
        self._laps.append((name, time.perf_counter()))

    def clock(self) -> Clock:
        """What it has seen so far."""
        ends = [*(at for _, at in self._laps[1:]), time.perf_counter()]
        seconds: Mapping[str, float] = {
            name: round(end - at, 3) for (name, at), end in zip(self._laps, ends, strict=True)
        }
        finished = datetime.now(UTC)  # noqa: TID251 - the shell's clock
        return Clock(
            started=self._started.isoformat(timespec="seconds"),
            finished=finished.isoformat(timespec="seconds"),
            seconds=dict(seconds),
        )
