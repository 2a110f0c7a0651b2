"""What a run would do, before it does it: what is read, who and what takes part, the work and its cost."""

from dataclasses import dataclass

from segmentry.records.columns import Column
from segmentry.records.run import SourceInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step of the work that is done again and again.

    Attributes:
        name: What the step does.
        fits: How often K-means is fitted in it.
        customers: The customers that one fit goes over, at most.
        comparisons: One feature of one customer held against one centre, over all fits, a pass each.
    """

    name: str
    fits: int
    customers: int
    comparisons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCustomers:
    """Who takes part; the four add up to the rows of the source.

    Attributes:
        fitted: Customers that segments are made from.
        placed: Customers with too many gaps to be fitted; they are only placed.
        repeated: Rows left out because they repeat another one.
        suppressed: Rows left out because their people are on the suppression list.
    """

    fitted: int
    placed: int
    repeated: int
    suppressed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the run is expected to take.

    Attributes:
        seconds: Processor seconds.
        least_seconds, most_seconds: Half and twice as many: how far other tables and machines may differ.
        megabytes: Memory at its peak.
    """

    seconds: float
    least_seconds: float
    most_seconds: float
    megabytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A run before it is made.

    Attributes:
        source: What was read.
        engine: What reads it and what makes the segments.
        columns: Every column, with the part that it plays and why.
        features: The measures that segments are made from.
        customers: Who takes part.
        steps: The work that is done again and again.
        algorithms: What is fitted beside K-means to compare.
        cost: What to expect of it.
    """

    source: SourceInfo
    engine: str
    columns: tuple[Column, ...]
    features: tuple[str, ...]
    customers: PlannedCustomers
    steps: tuple[PlannedStep, ...]
    algorithms: tuple[str, ...]
    cost: Cost
