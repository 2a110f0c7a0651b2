"""The address of a page: all state is in it, so a link, a reload and Back show the same view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

Given: TypeAlias = str | int | float | Iterable[str | int] | None

CARRIED = ("run", "k")
"""Parameters that every link carries along: which run is looked at, and which number of segments."""
LONGEST = 200
"""Letters of a parameter that are read; nothing that people type is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A path and its parameters.

    Attributes:
        path: The path.
        params: Names and values in their order; a name may come several times.
    """

    path: str
    params: tuple[tuple[str, str], ...] = ()

    def one(self, name: str) -> str:
        """The value of a parameter; the last one counts, and nothing is an empty text."""
        found = [value for key, value in self.params if key == name]
        return found[-1][:LONGEST].strip() if found else ""

    def several(self, name: str) -> tuple[str, ...]:
        """All values of a parameter."""
        found = (value[:LONGEST].strip() for key, value in self.params if key == name)
        return tuple(dict.fromkeys(one for one in found if one))

    def to(self, path: str, **params: Given) -> str:
        """A link to another page of the same run.

        >>> Address(path="/", params=(("k", "4"), ("segment", "2"))).to("/map", segment=[1, 3])
        '/map?k=4&segment=1&segment=3'
        """
        kept = [(name, value) for name, value in self.params if name in CARRIED and name not in params]
        return _written(path, [*kept, *_pairs(params)])

    def here(self, **changes: Given) -> str:
        """A link to this page with some parameters changed; None takes one away.

        >>> Address(path="/customers", params=(("q", "7"), ("after", "50"))).here(after=None, sort="value")
        '/customers?q=7&sort=value'
        """
        kept = [(name, value) for name, value in self.params if name not in changes]
        return _written(self.path, [*kept, *_pairs(changes)])

    def moved(self, path: str, **changes: Given) -> str:
        """A link to another page with the same choice of customers, some of it changed.

        >>> Address(path="/map", params=(("segment", "2"), ("after", "50"))).moved("/customers")
        '/customers?segment=2'
        """
        kept = [(name, value) for name, value in self.params if name != "after" and name not in changes]
        return _written(path, [*kept, *_pairs(changes)])

    def hidden(self, *without: str) -> tuple[tuple[str, str], ...]:
        """The parameters that a form sends along without showing them."""
        return tuple((name, value) for name, value in self.params if name not in without)


def _pairs(params: Mapping[str, Given]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in params.items():
        values = [value] if isinstance(value, str | int | float) else [] if value is None else value
        found += [(name, str(one)) for one in values if one != ""]
    return found


def _written(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
