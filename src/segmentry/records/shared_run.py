"""A run as it may be shown around: averages of enough customers, rounded counts, and nobody's row."""

from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.records.projection import SegmentMap
from segmentry.records.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFeature:
    """One feature in one segment; what would tell of too few customers is None.

    Attributes:
        feature: Its name.
        flag: Whether it is two-valued; then the mean is the share of ones.
        hidden: Whether its numbers are hidden.
        mean, median, q25, q75: In raw units.
        index: 100 x segment mean / mean of all customers.
        cohens_d: Segment against the rest.
        marker: Whether it marks the segment.
    """

    feature: str
    flag: bool
    hidden: bool
    mean: float | None = None
    median: float | None = None
    q25: float | None = None
    q75: float | None = None
    index: float | None = None
    cohens_d: float | None = None
    marker: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSegment:
    """One segment.

    Attributes:
        number: From 1, as in the run.
        name: Its name.
        one_liner: The name in one short sentence.
        customers: To the nearest five; None where hidden.
        share: Of the rounded counts; None where hidden.
        features: In the order of the run.
        typical: Averages of its most typical customers, by feature; empty where they are too few.
        averaged: How many customers those averages are of.
        play: What to do with it, in words, by what each is: objective, hypothesis, do, dont, kpi, evidence.
    """

    number: int
    name: str
    one_liner: str
    customers: int | None
    share: float | None
    features: tuple[SharedFeature, ...]
    typical: Mapping[str, float]
    averaged: int
    play: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPopulation:
    """One feature over all customers.

    Attributes:
        feature: Its name.
        flag: Whether it is two-valued.
        mean, median, q05, q95: In raw units; None where hidden. No smallest and no largest value.
    """

    feature: str
    flag: bool
    mean: float | None = None
    median: float | None = None
    q05: float | None = None
    q95: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A run that tells of nobody.

    Attributes:
        source: What the source is called.
        as_of: The day that dates count back from; None without dates.
        customers: To the nearest five.
        verdict: The recommendation about the number of segments.
        segments: The segments.
        population: Each feature over all customers.
        map: The map as density, counts to the nearest five; what would tell of too few is empty.
        limit: The smallest number of customers that is told of.
        hidden: How many cells are hidden.
    """

    source: str
    as_of: str | None
    customers: int
    verdict: Verdict
    segments: tuple[SharedSegment, ...]
    population: tuple[SharedPopulation, ...]
    map: SegmentMap
    limit: int
    hidden: int
