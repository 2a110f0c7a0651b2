"""Which segment of an earlier run a segment is, so that it keeps its id, its colour and its place."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a segment since the earlier run (METHOD 7.5)."""

    KEPT = "kept"
    CHANGED = "changed"
    NEW = "new"


class Basis(StrEnum):
    """What two runs were compared by."""

    CUSTOMERS = "shared customers"
    MODEL = "the earlier model"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A segment's lasting identity.

    Attributes:
        id: "S1", "S2", ...; never given to another segment in later runs.
        colour: Its place in the palette, from 1.
        fate: What became of it since the earlier run.
        jaccard: The customers in both, as a share of those in either; None for a new one.
        before: Its name in the earlier run; None for a new one.
    """

    id: str
    colour: int
    fate: Fate
    jaccard: float | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A segment of the earlier run that there is no more.

    Attributes:
        id: Its id, which is not given again.
        name: Its name.
    """

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """How a run follows from an earlier one.

    Attributes:
        basis: What they were compared by.
        customers: How many customers that was.
        gone: Segments that there are no more.
        issued: The highest number that any id of the line has had.
        sentence: What was carried over, in words.
    """

    basis: Basis
    customers: int
    gone: tuple[Gone, ...]
    issued: int
    sentence: str
