"""Templates and static files: everything from the data is escaped, everything static is known by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment

from segmentry.views.drawing.theme import (
    LEGIBLE,
    PALETTE,
    PAPER,
    blend,
    contrast,
    dark,
)
from segmentry.views.topics import layout

NIGHT = "#12161c"
"""The ground of a dark page, as in dashboard.css."""
LIFTED = 0.18
"""How much lighter the segments' colours are there."""

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """A file that browsers fetch.

    Attributes:
        content: Its bytes.
        kind: Its media type.
        tag: Changes when the content does.
    """

    content: bytes
    kind: str
    tag: str


def laid_out(template: str, words: Mapping[str, object]) -> str:
    """A page from its template and its words."""
    return environment().get_template(template).render(**words)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of the dashboard."""
    return layout.environment("segmentry.dashboard")


@lru_cache(maxsize=1)
def static_files() -> Mapping[str, StaticFile]:
    """Every static file by its name; the style sheet gets the segments' colours."""
    found: dict[str, StaticFile] = {}
    for entry in files("segmentry.dashboard").joinpath("static").iterdir():
        ending = entry.name[entry.name.rfind(".") :]
        if ending not in KINDS:
            continue
        content = entry.read_bytes() + (_colours().encode() if ending == ".css" else b"")
        tag = f'"{sha256(content).hexdigest()[:16]}"'
        found[entry.name] = StaticFile(content=content, kind=KINDS[ending], tag=tag)
    return found


def _colours() -> str:
    """Each segment's colour as a class; words in it are darker on a light page and lighter on a dark one."""
    light = "".join(_painted(n, colour, dark(colour)) for n, colour in enumerate(PALETTE, 1))
    night = "".join(
        _painted(n, blend(colour, PAPER, LIFTED), bright(colour)) for n, colour in enumerate(PALETTE, 1)
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{{night}}}\n"


def _painted(number: int, colour: str, ink: str) -> str:
    return (
        f".seg-{number}{{--seg:{colour};--say:{ink}}}"
        f"svg text.t-say-{number}{{fill:{ink}}}"
        f"svg .t-seg-{number}[fill]:not([fill=none]){{fill:{colour}}}svg .t-seg-{number}[stroke]{{stroke:{colour}}}"
    )


def bright(colour: str) -> str:
    """The colour lightened until it reads as text on a dark page.

    >>> contrast(bright("#652794"), NIGHT) >= LEGIBLE
    True
    """
    steps = (blend(colour, PAPER, step / 20) for step in range(21))
    return next(one for one in steps if contrast(one, NIGHT) >= LEGIBLE)
