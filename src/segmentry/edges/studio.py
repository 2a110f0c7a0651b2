"""Processes that draw: the engine draws one picture at a time in a process, so there are several.

A helper is this file run as a program: it reads a picture as one line of JSON and answers with the
lengths of the SVG and the PNG and then their bytes. It starts while others work, since the engine
takes half a second to come up, and it ends with its input.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from queue import SimpleQueue
from typing import IO, Any, TypeAlias

from segmentry.edges.render import Picture, Rendered, engine, render

HELPERS = 2

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
        self._helpers = [helper for _ in range(several) if (helper := _start()) is not None]
        self._free: SimpleQueue[Helper] = SimpleQueue()
        for helper in self._helpers:
            self._free.put(helper)
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(self._helpers)))
        self._begun: dict[str, Future[Rendered]] = {}

    def begin(self, figures: Sequence[Picture]) -> None:
        """Begin to draw figures that will be asked for."""
        for figure in figures:
            self._future(figure)

    def draw(self, figures: Sequence[Picture]) -> list[Rendered]:
        """Draw figures, in their order; the same figure gives the same bytes wherever it is drawn."""
        return [one.result() for one in [self._future(figure) for figure in figures]]

    def _future(self, figure: Picture) -> "Future[Rendered]":
        """The drawing of a figure, begun at most once: an equal figure is the same picture."""
        sheet = Sheet(name=figure.name, title=figure.title, alt=figure.alt, spec=figure.spec)
        line = json.dumps(asdict(sheet))
        if line not in self._begun:
            self._begun[line] = self._pool.submit(self._one, sheet, line)
        return self._begun[line]

    def _one(self, sheet: Sheet, line: str) -> Rendered:
        if not self._helpers:
            return render(sheet)
        helper = self._free.get()
        try:
            return _ask(helper, sheet.name, line)
        except (OSError, ValueError):
            return render(sheet)
        finally:
            self._free.put(helper)

    def close(self) -> None:
        """Let the helpers go."""
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
    for line in sys.stdin.buffer:
        done = render(Sheet(**json.loads(line)))
        svg = done.svg.encode()
        sys.stdout.buffer.write(f"{len(svg)} {len(done.png)}\n".encode() + svg + done.png)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
