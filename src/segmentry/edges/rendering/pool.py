"""Processes that draw: the engine draws one picture at a time in a process, so there are several.

A helper is this file run as a program: it reads the length of an SVG and the SVG, and answers with the
length of the PNG and the PNG, until its input ends.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from queue import SimpleQueue
from typing import IO, TypeAlias

from segmentry.edges.rendering.png import Drawn, engine, entitled, raster

HELPERS = 2

Helper: TypeAlias = subprocess.Popen[bytes]


class Studio:
    """A few helpers that draw side by side; a picture that a helper cannot draw is drawn here."""

    def __init__(self, helpers: int = HELPERS) -> None:
        """Start the helpers; on one processor there is no use in them."""
        several = helpers if (os.cpu_count() or 1) > 1 else 0
        self._helpers: list[Helper] = [one for one in (_start() for _ in range(several)) if one is not None]
        self._free: SimpleQueue[Helper | None] = SimpleQueue()
        for helper in self._helpers:
            self._free.put(helper)
        if not self._helpers:
            self._free.put(None)
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(self._helpers)))
        self._begun: dict[Drawn, Future[bytes]] = {}

    def begin(self, drawn: Sequence[Drawn]) -> None:
        """Begin to draw what will be asked for, the largest first: a late one would be waited for."""
        for one in sorted(drawn, key=lambda one: len(one.svg), reverse=True):
            if one not in self._begun:
                self._begun[one] = self._pool.submit(self._one, one)

    def pictures(self, drawn: Sequence[Drawn]) -> list[bytes]:
        """PNGs, in the order of the drawings; the same drawing gives the same bytes wherever it is drawn."""
        self.begin(drawn)
        return [entitled(self._begun[one].result(), one) for one in drawn]

    def _one(self, drawn: Drawn) -> bytes:
        helper = self._free.get()
        try:
            return raster(drawn.svg) if helper is None else _ask(helper, drawn)
        except (OSError, ValueError):
            return raster(drawn.svg)
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


def begin(drawn: Sequence[Drawn]) -> None:
    """Begin to draw while something else is done; ``pictures`` gives them out."""
    _open().begin(drawn)


def pictures(drawn: Sequence[Drawn]) -> list[bytes]:
    """PNGs, in the order of the drawings; then the helpers go."""
    try:
        return _open().pictures(drawn)
    finally:
        _open().close()
        _open.cache_clear()


def _start() -> Helper | None:
    """A helper, deaf to Ctrl-C: who started it tells it to end; None where none can be started.

    -P: Python files in the current folder, where the data are, are nobody's modules.
    """
    command = [sys.executable, "-P", "-m", "segmentry.edges.rendering.pool"]
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - this program itself
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return None


def _ask(helper: Helper, drawn: Drawn) -> bytes:
    """What a helper draws.

    Raises:
        OSError, ValueError: when it ended before it had drawn.
    """
    if helper.stdin is None or helper.stdout is None:
        raise ValueError("The helper has no pipes.")
    _send(helper.stdin, drawn.svg.encode())
    length = helper.stdout.readline()
    if not length:
        raise ValueError(f"The helper ended before it had drawn {drawn.name}.")
    return helper.stdout.read(int(length))


def _send(stream: IO[bytes], body: bytes) -> None:
    stream.write(b"%d\n" % len(body) + body)
    stream.flush()


def main() -> None:
    """Be a helper: draw what comes in until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine()
    for length in iter(sys.stdin.buffer.readline, b""):
        _send(sys.stdout.buffer, raster(sys.stdin.buffer.read(int(length)).decode()))


if __name__ == "__main__":
    main()
