"""How much work the evidence may cost: one budget for everything that is run again."""

from collections.abc import Mapping
from types import MappingProxyType

from segmentry.records.evidence import Budget

SMALL = 2_000
"""Up to this many customers a thorough judgement can afford the full numbers of METHOD."""

EFFORTS: Mapping[str, Budget] = MappingProxyType(
    {
        "quick": Budget(
            effort="quick",
            customers=2_000,
            twins=7,
            twin_customers=1_000,
            references=7,
            halves=4,
            pairs=8,
            restarts=0,
        ),
        "standard": Budget(
            effort="standard",
            customers=5_000,
            twins=19,
            twin_customers=3_000,
            references=20,
            halves=10,
            pairs=25,
            restarts=1,
        ),
        "thorough": Budget(
            effort="thorough",
            customers=5_000,
            twins=39,
            twin_customers=3_000,
            references=50,
            halves=25,
            pairs=100,
            restarts=5,
        ),
    }
)
"""quick is a third of standard; thorough has the numbers of METHOD 3 and 4."""
