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
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from queue import SimpleQueue
from typing import IO, Any

from segmentry.edges.render import Picture, Rendered, engine, render

HELPERS = 2


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

    def draw(self, figures: Sequence[Picture]) -> list[Rendered]:
        """Draw figures, in their order; the same figure gives the same bytes wherever it is drawn."""
        sheets = [Sheet(name=one.name, title=one.title, alt=one.alt, spec=one.spec) for one in figures]
        if not self._helpers:
            return [render(sheet) for sheet in sheets]
        free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for helper in self._helpers:
            free.put(helper)
        with ThreadPoolExecutor(max_workers=len(self._helpers)) as pool:
            return list(pool.map(lambda sheet: _by_helper(sheet, free), sheets))

    def close(self) -> None:
        """Let the helpers go."""
        for helper in self._helpers:
            with suppress(OSError):
                helper.communicate(timeout=1)
        self._helpers = []


@cache
def _open() -> Studio:
    return Studio()


def warm_up() -> None:
    """Start the helpers now, so that they are ready when there is something to draw."""
    _open()


def render_all(figures: Sequence[Picture]) -> list[Rendered]:
    """Draw figures side by side and let the helpers go."""
    try:
        return _open().draw(figures)
    finally:
        _open().close()
        _open.cache_clear()


def _start() -> subprocess.Popen[bytes] | None:
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


def _by_helper(sheet: Sheet, free: "SimpleQueue[subprocess.Popen[bytes]]") -> Rendered:
    helper = free.get()
    try:
        assert helper.stdin is not None  # noqa: S101 - both ends are pipes
        assert helper.stdout is not None  # noqa: S101
        helper.stdin.write(json.dumps(asdict(sheet)).encode() + b"\n")
        helper.stdin.flush()
        return _answer(sheet.name, helper.stdout)
    except (OSError, ValueError):
        return render(sheet)
    finally:
        free.put(helper)


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
