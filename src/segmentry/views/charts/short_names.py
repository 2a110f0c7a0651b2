"""Names that must be shortened, so that none of them looks like another."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile

from segmentry.views.words.text import ELLIPSIS, label, shorten, width

LEAST = 0.35
"""The part of the room that a common beginning may have, however long the rest is."""


def short_name(feature: str, features: Iterable[str], room: float, size: float, *, bold: bool = False) -> str:
    """A feature's name within a width in pixels, unlike that of any other that stands beside it.

    Args:
        feature: The feature.
        features: All that it may be taken for; it is one of them.
        room: Pixels.
        size: The size of the letters.
        bold: Whether they are bold.

    >>> days = [f"how often it was opened on a {day} of the last year" for day in ("monday", "tuesday")]
    >>> [short_name(one, days, 120, 12) for one in days]
    ['how…monday of…year', 'how…tuesday of…year']
    """
    names = tuple(dict.fromkeys(map(label, features)))
    own = label(feature)
    return (
        _all(names, room, size, bold=bold)[names.index(own)]
        if own in names
        else shorten(own, room, size, bold=bold)
    )


@lru_cache(maxsize=512)
def _all(names: tuple[str, ...], room: float, size: float, *, bold: bool) -> tuple[str, ...]:
    """The names shortened: around what they share where that tells them apart, numbered where nothing does."""
    found = [shorten(name, room, size, bold=bold) for name in names]
    for way in (_from_difference, _numbered):
        alike = _alike(found)
        for shown in sorted({found[at] for at in alike}):
            places = [at for at in alike if found[at] == shown]
            for at, text in zip(
                places, way([names[at] for at in places], places, room, size, bold=bold), strict=True
            ):
                found[at] = text
    return tuple(found)


def _alike(found: Sequence[str]) -> list[int]:
    """The places of texts that stand there more than once."""
    often = Counter(found)
    return [at for at, text in enumerate(found) if often[text] > 1]


def _from_difference(
    names: Sequence[str], _: Sequence[int], room: float, size: float, *, bold: bool
) -> list[str]:
    """The beginning of what they share, as far as there is room beside what they differ in."""
    shared = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    common = "".join(letters[0] for letters in shared)
    words = common[: common.rfind(" ") + 1]
    rests = [name[len(words) :] for name in names]
    widest = max(width(rest, size, bold=bold) for rest in rests)
    head = _beginning(words, max(room - widest, room * LEAST), size, bold=bold)
    left = room - width(head, size, bold=bold)
    return [head + shorten(rest, left, size, bold=bold) for rest in rests]


def _beginning(text: str, room: float, size: float, *, bold: bool) -> str:
    """As many of the words as fit the room, and the ellipsis after them."""
    words = text.split()
    known = (" ".join(words[:amount]) + ELLIPSIS for amount in range(len(words), 0, -1))
    return next((one for one in known if width(one, size, bold=bold) <= room), ELLIPSIS)


def _numbered(
    names: Sequence[str], places: Sequence[int], room: float, size: float, *, bold: bool
) -> list[str]:
    """Each with its place among all."""
    numbers = [f"{at + 1} " for at in places]
    return [
        number + shorten(name, room - width(number, size, bold=bold), size, bold=bold)
        for number, name in zip(numbers, names, strict=True)
    ]
