"""Who moved: how the customers of an earlier run are spread over the segments of a later one."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, nan

NOWHERE, NOT_THERE = 0, -1
"""What stands for no segment, and for customers who are not in a run at all; segments count from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The customers who came from one place and are in another.

    Attributes:
        before: The segment of the earlier run from 1; 0 for none, -1 for not in that run.
        now: The same in the later run.
        customers: How many.
        value: What they are worth now, together; NaN where that is not known.
    """

    before: int
    now: int
    customers: int
    value: float = nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Two runs, compared by the customers that both have.

    Attributes:
        before: The names of the earlier segments, in their order.
        now: The names of the later segments, in their order.
        follows: For each later segment the earlier one that it is (METHOD 7.5), from 1; 0 for a new one.
        overlap: For each later segment the Jaccard overlap with that; 0 for a new one.
        streams: Every stream that holds a customer.
        colours: The places in the palette of the later segments; their numbers when empty.
    """

    before: tuple[str, ...]
    now: tuple[str, ...]
    follows: tuple[int, ...]
    overlap: tuple[float, ...]
    streams: tuple[Stream, ...]
    colours: tuple[int, ...] = ()

    def colour(self, now: int) -> int:
        """The place in the palette of a later segment, from 1."""
        return self.colours[now - 1] if self.colours else now

    @property
    def shared(self) -> int:
        """Customers who are in both runs."""
        return customers(stream for stream in self.streams if NOT_THERE not in {stream.before, stream.now})

    @property
    def movers(self) -> tuple[Stream, ...]:
        """The streams of customers who are in both runs and are elsewhere now, the largest first."""
        found = [stream for stream in self.streams if self.moved(stream)]
        return tuple(sorted(found, key=lambda one: (-one.customers, one.before, one.now)))

    @property
    def joined(self) -> int:
        """Customers of the later run whom the earlier one does not have."""
        return customers(stream for stream in self.streams if stream.before == NOT_THERE)

    @property
    def left(self) -> int:
        """Customers of the earlier run whom the later one does not have."""
        return customers(stream for stream in self.streams if stream.now == NOT_THERE)

    @property
    def gone(self) -> tuple[int, ...]:
        """Earlier segments that no later one follows."""
        return tuple(number for number in range(1, len(self.before) + 1) if number not in self.follows)

    def moved(self, stream: Stream) -> bool:
        """Whether customers of a stream are in both runs, and elsewhere now."""
        if NOT_THERE in {stream.before, stream.now}:
            return False
        return self.heir(stream.before) != stream.now

    def heir(self, before: int) -> int:
        """The later segment that is the earlier one; none stays none, and -1 where there is no such segment."""
        if before == NOWHERE:
            return NOWHERE
        return self.follows.index(before) + 1 if before in self.follows else NOT_THERE

    def total_before(self, segment: int) -> int:
        """Customers of an earlier segment."""
        return customers(stream for stream in self.streams if stream.before == segment)

    def total_now(self, segment: int) -> int:
        """Customers of a later segment."""
        return customers(stream for stream in self.streams if stream.now == segment)


def customers(streams: Iterable[Stream]) -> int:
    """How many customers some streams hold.

    >>> customers([Stream(before=1, now=1, customers=3), Stream(before=1, now=2, customers=2)])
    5
    """
    return sum(stream.customers for stream in streams)


def worth(streams: Iterable[Stream]) -> float:
    """What the customers of some streams are worth now; NaN where that is not known of any."""
    known = [stream.value for stream in streams if isfinite(stream.value)]
    return sum(known) if known else nan
