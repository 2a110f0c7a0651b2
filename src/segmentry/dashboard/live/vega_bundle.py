"""Vega-Embed for live charts: made once from vl-convert's own copy, kept in the user's cache, served from here.

Making it takes some seconds, so a process of its own does it while pages are shown; no page needs it.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

NAME = "vega-embed"
EXPOSE = "window.vegaEmbed = vegaEmbed;"
GENTLE = 10
"""How much the making gives way to everything else."""


def cached() -> Path:
    """Where the bundle of this version is, or will be."""
    return _folder() / f"{NAME}-{version('vl-convert-python')}.js"


def begin() -> None:
    """Begin to make the bundle, unless it is there."""
    if cached().is_file():
        return
    command = [sys.executable, "-P", "-m", "segmentry.dashboard.live.vega_bundle"]
    nothing = subprocess.DEVNULL
    with suppress(OSError):
        subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603 - this program


def ready() -> bytes | None:
    """The bundle; None while it is being made."""
    return cached().read_bytes() if cached().is_file() else None


@cache
def _folder() -> Path:
    """The user's cache, or a folder of this user's own where that cannot be written."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "segmentry"
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
        if os.access(home, os.W_OK):
            return home
    return Path(tempfile.mkdtemp(prefix="segmentry-"))


def main() -> None:
    """Make the bundle; it appears under its name only when it is whole."""
    os.nice(GENTLE)
    import vl_convert

    text = vl_convert.javascript_bundle(EXPOSE)
    target = cached()
    half = target.with_suffix(f".{os.getpid()}.unfinished")
    half.write_text(text, encoding="utf-8")
    half.replace(target)


if __name__ == "__main__":
    main()
