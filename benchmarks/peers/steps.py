"""What a person chooses on a map, one press at a time, so that every press leads to something new."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

Names = tuple[str, ...]
SEGMENT, LEVEL = "segment", "level"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One press.

    Attributes:
        control: SEGMENT or LEVEL.
        words: What is pressed.
        segments, levels: What is chosen after it; empty for all.
    """

    control: str
    words: str
    segments: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()


def one_of_each(segments: Names, levels: Names) -> Iterator[Step]:
    """Where one segment and one level are chosen at a time: every pair of them, to and fro."""
    chosen: frozenset[str] = frozenset()
    order = list(segments)
    for level in (None, *levels):
        if level is not None:
            yield Step(control=LEVEL, words=level, segments=chosen, levels=frozenset([level]))
        inside = frozenset() if level is None else frozenset([level])
        for name in order if level is None else order[1:]:
            chosen = frozenset([name])
            yield Step(control=SEGMENT, words=name, segments=chosen, levels=inside)
        order.reverse()


def several(segments: Names, levels: Names) -> Iterator[Step]:
    """The same where boxes are ticked: a new one is ticked, then the old one is not."""
    chosen = Step(control="", words="")
    order = list(segments)
    for level in (None, *levels):
        if level is not None:
            for move in _moves(chosen, LEVEL, next(iter(chosen.levels), None), level):
                yield (chosen := move)
        if level is None:
            yield (chosen := _ticked(chosen, SEGMENT, order[0]))
        for old, new in pairwise(order):
            for move in _moves(chosen, SEGMENT, old, new):
                yield (chosen := move)
        order.reverse()


def _moves(chosen: Step, control: str, old: str | None, new: str) -> Iterator[Step]:
    both = _ticked(chosen, control, new)
    yield both
    if old is not None:
        yield _ticked(both, control, old)


def _ticked(chosen: Step, control: str, words: str) -> Step:
    """After a box was pressed."""
    one = frozenset([words])
    if control == SEGMENT:
        return replace(chosen, control=control, words=words, segments=chosen.segments ^ one)
    return replace(chosen, control=control, words=words, levels=chosen.levels ^ one)
