"""Pictures drawn in the background: resvg holds Python still while it draws, so other processes draw.

A helper is this file run as a program: it reads files and what to draw into them, as JSON.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from segmentry.edges.rendering.png import png

Pictures: TypeAlias = Mapping[Path, str]
"""The SVG of each PNG to write."""

HELPERS = 2
"""A third would only take memory: by then the two are nearly done."""


@contextmanager
def drawn(pictures: Pictures, helpers: int = HELPERS) -> Iterator[None]:
    """Write PNGs while the block runs; when it ends, all are there.

    On a machine with one processor, and where a helper fails, they are drawn here at the end.
    """
    several = helpers if (os.cpu_count() or 1) > 1 else 0
    started = [(share, _start(share)) for share in _shares(pictures, several)]
    done: set[Path] = set()
    try:
        yield
        for share, helper in started:
            if helper is not None and helper.wait() == 0:
                done |= set(share)
    finally:
        for _, helper in started:
            if helper is not None:
                helper.kill()
                helper.wait()
    for path, svg in pictures.items():
        if path not in done:
            path.write_bytes(png(svg))


def _shares(pictures: Pictures, helpers: int) -> list[Pictures]:
    """The pictures divided among the helpers: the longest drawings first, each in turn."""
    longest = sorted(pictures, key=lambda path: len(pictures[path]), reverse=True)
    shares = [{path: pictures[path] for path in longest[at::helpers]} for at in range(helpers)]
    return [share for share in shares if share]


def _start(share: Pictures) -> subprocess.Popen[bytes] | None:
    """A helper, deaf to Ctrl-C: who started it ends it; None where none can be started.

    -P: Python files in the current folder, where the data are, are nobody's modules.
    """
    command = [sys.executable, "-P", "-m", "segmentry.edges.rendering.background"]
    nothing = subprocess.DEVNULL
    with tempfile.TemporaryFile() as asked, suppress(OSError):
        asked.write(json.dumps({str(path.absolute()): svg for path, svg in share.items()}).encode())
        asked.seek(0)
        return subprocess.Popen(  # noqa: S603 - this program itself
            command, stdin=asked, stdout=nothing, stderr=nothing, start_new_session=True
        )
    return None


def main() -> None:
    """Be a helper: draw what the input asks for, as long as there is who asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started_by = os.getppid()
    for path, svg in json.load(sys.stdin.buffer).items():
        if os.getppid() != started_by:
            return
        Path(path).write_bytes(png(svg))


if __name__ == "__main__":
    main()
