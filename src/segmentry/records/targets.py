"""Which segments to serve: what rules one out, how attractive each is, and how well the shop competes (METHOD 8.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Criterion(StrEnum):
    """What makes a segment attractive; each is measured in the data or by a test."""

    VALUE_SHARE = "value_share"
    VALUE_EACH = "value_each"
    SIZE = "size"
    GROWTH = "growth"
    REACHABLE = "reachable"
    RESPONSE = "response"


WEIGHTS: Mapping[str, float] = {
    Criterion.VALUE_SHARE.value: 0.25,
    Criterion.VALUE_EACH.value: 0.25,
    Criterion.SIZE.value: 0.2,
    Criterion.GROWTH.value: 0.1,
    Criterion.REACHABLE.value: 0.1,
    Criterion.RESPONSE.value: 0.1,
}
"""How much each criterion counts when nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targeting:
    """What was said about the choice of target segments; empty where nothing was.

    Attributes:
        weights: How much each criterion counts; they sum to 1.
        competitiveness: k scores from 1 to 10: how well the shop serves each segment beside others;
            None where nobody has said.
        suits_us: k answers to whether a segment suits the shop's strengths; None likewise.
        reachable: k shares of customers who can be reached; None where not given.
        least_customers: The smallest useful segment.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    competitiveness: tuple[float | None, ...] = ()
    suits_us: tuple[bool | None, ...] = ()
    reachable: tuple[float | None, ...] = ()
    least_customers: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KnockOut:
    """One condition that a target segment must meet.

    Attributes:
        condition: In a word or two.
        met: Whether it is met; None where that is not known.
        finding: The number behind it, or what to do to know.
    """

    condition: str
    met: bool | None
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One criterion of one segment.

    Attributes:
        criterion: Which.
        value: What was measured, in its own unit.
        score: From 1 (the least of the segments) to 10 (the most).
        weight: How much it counts, among the criteria that could be measured.
    """

    criterion: Criterion
    value: float
    score: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One segment as a target.

    Attributes:
        number: The segment's number.
        name: Its name.
        knock_outs: The conditions.
        scores: What makes it attractive.
        attractiveness: The weighted mean of the scores, from 1 to 10; None with nothing to compare.
        competitiveness: From 1 to 10; None where nobody has said.
        potential: The profit or value that it holds, for the size of its mark; None without a value.
    """

    number: int
    name: str
    knock_outs: tuple[KnockOut, ...]
    scores: tuple[Score, ...]
    attractiveness: float | None
    competitiveness: float | None
    potential: float | None

    @property
    def ruled_out(self) -> tuple[str, ...]:
        """The conditions that it does not meet."""
        return tuple(out.condition for out in self.knock_outs if out.met is False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Every segment as a target.

    Attributes:
        targets: The segments, in their order.
        unmeasured: Criteria that could not be measured; their weight was given to the others.
        potential_label: What ``potential`` is; empty without a value.
    """

    targets: tuple[Target, ...]
    unmeasured: tuple[Criterion, ...]
    potential_label: str

    @property
    def filled(self) -> bool:
        """Whether somebody has said of every segment how well the shop competes there."""
        return all(target.competitiveness is not None for target in self.targets)
