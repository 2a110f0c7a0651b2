"""What a model knows of its names, so that they can be held against its segments without any customer."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segmentry.records.catalogs import Archetype, TraitMatch
from segmentry.records.segment import NameSource


def seal(name: str, centre: Iterable[float]) -> str:
    """A short text that only this name with this centre gives."""
    text = "\n".join((name, *(repr(float(one)) for one in centre)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something that a name says of its segment.

    Attributes:
        feature: The feature.
        more: Whether the segment has more of it than the others, else less.
    """

    feature: str
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenName:
    """The name of one segment, and what it rests on.

    Attributes:
        name: The name.
        source: Where it came from.
        derived: The name that the numbers give; another one where the user or an earlier run named it.
        claims: What the derived name says that the centres show.
        seal: Ties the name to the centre that it was given to; empty for a name of the user's.
    """

    name: str
    source: NameSource
    derived: str
    claims: tuple[Claim, ...]
    seal: str = ""

    @property
    def exempt(self) -> bool:
        """Whether it is not for the numbers to say: the user or an earlier run named it."""
        return self.source in {NameSource.USER, NameSource.KEPT}


@dataclass(frozen=True, slots=True, kw_only=True)
class NameBook:
    """Everything that the names of a model follow from.

    Attributes:
        matches: Which trait each feature carries.
        cast: The archetypes that were given out, accepted or not.
        means: For each segment its means on the traits that an archetype limits, in raw units.
        given: The name of each segment, in their order.
    """

    matches: tuple[TraitMatch, ...]
    cast: tuple[Archetype, ...]
    means: tuple[Mapping[str, float], ...]
    given: tuple[GivenName, ...]
