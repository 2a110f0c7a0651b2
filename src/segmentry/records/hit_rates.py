"""How often the recommended number was right on tables of known groups, by the evidence for it.

Made by ``benchmarks/verdict_kinds.py --write``; do not edit by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FEWEST = 5
"""Tables below which nothing is said."""

MOST = 3
"""Votes of five from which most methods agree."""


@dataclass(frozen=True, slots=True)
class HitRate:
    """Tables with the same evidence, and how many of them had the recommended number of groups."""

    tables: int
    right: int


HIT_RATES: Mapping[tuple[bool, bool], HitRate] = MappingProxyType(
    {
        (False, False): HitRate(17, 2),
        (False, True): HitRate(16, 14),
        (True, False): HitRate(4, 2),
        (True, True): HitRate(10, 10),
    }
)
"""By whether the groups are natural, and whether most methods vote for the number."""


def hit_rate(*, natural: bool, votes: int) -> HitRate | None:
    """How often a number with this evidence was right; None where too few tables had such evidence."""
    found = HIT_RATES.get((natural, votes >= MOST))
    return found if found is not None and found.tables >= FEWEST else None
