"""The verdict: how many segments, what kind of segments they are, and how sure that is."""

from dataclasses import dataclass
from enum import StrEnum


class VerdictKind(StrEnum):
    """What kind of segments these are (METHOD 3.4)."""

    NATURAL = "natural"
    PARTLY_NATURAL = "partly_natural"
    DISTINCT_OVERLAPPING = "distinct_overlapping"
    REPRODUCIBLE_CUT = "reproducible_cut"
    CONSTRUCTIVE = "constructive"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one member of the panel says.

    Attributes:
        method: Its name.
        k: The number of segments it is for; None when it abstains.
        reason: Why, in words.
    """

    method: str
    k: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The recommendation about k.

    Attributes:
        kind: What kind of segments these are.
        k: The number of segments.
        runner_up: The next best k; None when nothing else was tried.
        confidence: high, medium, low or not_judged: how sure the number is.
        sentence: The verdict in words.
        grouped: Whether the customers are more grouped than a smooth crowd, at any k in the running.
        share: Share of the panel's votes for k; 0 when the customers are not grouped.
        votes: The panel, one vote each; empty when it was not asked.
        one_audience: What treating everybody alike would mean: the option that is always there.
        recommended: The k that the evidence speaks for; differs from k when a number was asked for.
    """

    kind: VerdictKind
    k: int
    runner_up: int | None
    confidence: str
    sentence: str
    grouped: bool = False
    share: float = 0.0
    votes: tuple[Vote, ...] = ()
    one_audience: str = ""
    recommended: int | None = None
