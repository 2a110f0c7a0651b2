"""Processes that draw: the engine draws one picture at a time in a process, so there are several.

A helper is this file run as a program: it reads a picture as one line of JSON and answers with the
lengths of the SVG and the PNG and then their bytes. It starts while others work, since the engine
takes half a second to come up, and it ends with its input. Helpers come up one after the other: all at
once they would take turns with the work that they start beside.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, TypeAlias

from segmentry.edges.render import Picture, Rendered, engine, render

HELPERS = 2
READY = b"ready\n"

Helper: TypeAlias = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A picture as it is handed to a helper."""

    name: str
    title: str
    alt: str
    spec: dict[str, Any]


class Studio:
    """A few helpers that draw side by side; a picture that a helper cannot draw is drawn here."""

    def __init__(self, helpers: int = HELPERS) -> None:
        """Start the helpers; on one processor there is no use in them."""
        several = helpers if (os.cpu_count() or 1) > 1 else 0
        self._helpers: list[Helper] = []
        self._free: SimpleQueue[Helper | None] = SimpleQueue()
        self._pool = ThreadPoolExecutor(max_workers=max(1, several))
        self._begun: dict[str, Future[Rendered]] = {}
        self._coming = Thread(target=self._bring_up, args=(several,), daemon=True)
        self._coming.start()

    def _bring_up(self, several: int) -> None:
        """One helper after the other; without any, pictures are drawn here."""
        ready = 0
        for helper in filter(None, (_start() for _ in range(several))):
            self._helpers.append(helper)
            if helper.stdout is not None and helper.stdout.readline() == READY:
                self._free.put(helper)
                ready += 1
        if not ready:
            self._free.put(None)

    def begin(self, figures: Sequence[Picture]) -> None:
        """Begin to draw figures that will be asked for, the largest first: a late one would be waited for."""
        lines = {_line(sheet): sheet for sheet in map(_sheet, figures)}
        for line in sorted(lines, key=len, reverse=True):
            self._future(lines[line], line)

    def draw(self, figures: Sequence[Picture]) -> list[Rendered]:
        """Draw figures, in their order; the same figure gives the same bytes wherever it is drawn."""
        self.begin(figures)
        return [self._begun[_line(_sheet(figure))].result() for figure in figures]

    def _future(self, sheet: Sheet, line: str) -> "Future[Rendered]":
        """The drawing of a figure, begun at most once: an equal figure is the same picture."""
        if line not in self._begun:
            self._begun[line] = self._pool.submit(self._one, sheet, line)
        return self._begun[line]

    def _one(self, sheet: Sheet, line: str) -> Rendered:
        helper = self._free.get()
        try:
            return render(sheet) if helper is None else _ask(helper, sheet.name, line)
        except (OSError, ValueError):
            return render(sheet)
        finally:
            self._free.put(helper)

    def close(self) -> None:
        """Let the helpers go."""
        self._coming.join()
        self._pool.shutdown(cancel_futures=True)
        for helper in self._helpers:
            with suppress(OSError, subprocess.TimeoutExpired):
                helper.communicate(timeout=1)
        self._helpers = []


@cache
def _open() -> Studio:
    return Studio()


def warm_up() -> None:
    """Start the helpers now, so that they are ready when there is something to draw."""
    _open()


def begin(figures: Sequence[Picture]) -> None:
    """Begin to draw figures while something else is done; ``render_all`` gives them out."""
    _open().begin(figures)


def render_all(figures: Sequence[Picture]) -> list[Rendered]:
    """Draw figures side by side and let the helpers go."""
    try:
        return _open().draw(figures)
    finally:
        _open().close()
        _open.cache_clear()


def _sheet(figure: Picture) -> Sheet:
    return Sheet(name=figure.name, title=figure.title, alt=figure.alt, spec=figure.spec)


def _line(sheet: Sheet) -> str:
    return json.dumps({"name": sheet.name, "title": sheet.title, "alt": sheet.alt, "spec": sheet.spec})


def _start() -> Helper | None:
    """A helper, deaf to Ctrl-C: who started it tells it to end; None where none can be started.

    -P: Python files in the current folder, where the data are, are nobody's modules.
    """
    command = [sys.executable, "-P", "-m", "segmentry.edges.studio"]
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - this program itself
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return None


def _ask(helper: Helper, name: str, line: str) -> Rendered:
    if helper.stdin is None or helper.stdout is None:
        raise ValueError("The helper has no pipes.")
    helper.stdin.write(line.encode() + b"\n")
    helper.stdin.flush()
    return _answer(name, helper.stdout)


def _answer(name: str, stream: IO[bytes]) -> Rendered:
    """What a helper drew.

    Raises:
        ValueError: when it ended before it had drawn.
    """
    lengths = stream.readline().split()
    if len(lengths) != 2:  # noqa: PLR2004 - of the SVG and of the PNG
        raise ValueError(f"The helper ended before it had drawn {name}.")
    svg, png = (stream.read(int(length)) for length in lengths)
    return Rendered(name=name, svg=svg.decode(), png=png)


def main() -> None:
    """Be a helper: draw what comes in until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        done = render(Sheet(**json.loads(line)))
        svg = done.svg.encode()
        sys.stdout.buffer.write(f"{len(svg)} {len(done.png)}\n".encode() + svg + done.png)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
