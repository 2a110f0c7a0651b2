"""What happened to the customers of each segment: churn, response, default. Outcomes never make segments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segmentry.records.columns import Role
from segmentry.records.rates import wilson
from segmentry.records.reasons import Descriptor, NotJudged

YES, YES_NO = "yes", {"yes", "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentOutcome:
    """An outcome in one segment.

    Attributes:
        customers: Customers with a value.
        events: Those of them to whom it happened.
        low, high: The 95 % interval of the rate; the whole range where nobody has a value.
        of_all: The share of all events that fell on this segment.
    """

    customers: int
    events: int
    low: float
    high: float
    of_all: float

    @property
    def rate(self) -> float:
        """The share to whom it happened; NaN where nobody has a value."""
        return self.events / self.customers if self.customers else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Something that happened to some customers, by segment.

    Attributes:
        column: The column that tells it.
        event: The value that means that it happened; ``yes`` for a flag.
        rate: The share of all customers with a value to whom it happened.
        segments: k segments.
        different: Whether the segments differ in it by more than chance, and by enough to be worth a word.
    """

    column: str
    event: str
    rate: float
    segments: tuple[SegmentOutcome, ...]
    different: bool

    @property
    def highest(self) -> int:
        """The position of the segment with the highest rate."""
        return max(range(len(self.segments)), key=lambda at: (self.segments[at].low, -at))


def outcomes(descriptors: Sequence[Descriptor]) -> tuple[Outcome, ...]:
    """The outcomes with two values, those that differ most first; a column with more is no single event."""
    found = [
        (descriptor, _outcome(descriptor, at))
        for descriptor in descriptors
        if descriptor.role is Role.OUTCOME
        for at in _event(descriptor)
    ]
    ordered = sorted(found, key=lambda pair: (-_effect(pair[0]), pair[0].name))
    return tuple(outcome for _, outcome in ordered)


def _event(descriptor: Descriptor) -> Iterator[int]:
    """The position of the word that means that it happened: yes, else the rarer of two."""
    words = descriptor.words
    if len(words) == 2:  # noqa: PLR2004 - it happened, or it did not
        flag = {word.lower() for word in words} == YES_NO
        yield [word.lower() for word in words].index(YES) if flag else _rarer(descriptor)


def _rarer(descriptor: Descriptor) -> int:
    first, second = (sum(column) for column in zip(*descriptor.counts, strict=True))
    return int(second <= first)


def _outcome(descriptor: Descriptor, at: int) -> Outcome:
    events = sum(row[at] for row in descriptor.counts)
    test = descriptor.test
    return Outcome(
        column=descriptor.name,
        event=descriptor.words[at].lower() if descriptor.words[at].lower() == YES else descriptor.words[at],
        rate=events / sum(map(sum, descriptor.counts)),
        segments=tuple(_in_segment(row[at], sum(row), events) for row in descriptor.counts),
        different=not isinstance(test, NotJudged) and test.different,
    )


def _in_segment(events: int, customers: int, all_events: int) -> SegmentOutcome:
    low, high = wilson(events, customers) if customers else (0.0, 1.0)
    return SegmentOutcome(
        customers=customers,
        events=events,
        low=low,
        high=high,
        of_all=events / all_events if all_events else 0.0,
    )


def _effect(descriptor: Descriptor) -> float:
    return -1.0 if isinstance(descriptor.test, NotJudged) else descriptor.test.effect
