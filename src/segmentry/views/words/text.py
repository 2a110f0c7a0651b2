"""Text that fits: made safe for XML, measured, shortened and broken into lines."""

import unicodedata

ELLIPSIS = "…"
NAMELESS = "(no name)"
TAIL = 0.3
"""The share of a shortened name that is kept from its end: there the siblings differ."""
EMOJI = "\U0001f000"
"""Pictures from here on are in no face that travels with the drawing."""
WORTH = 0.5
"""A half word is left out when at least this part of the text remains."""
BALANCING = 12
"""Halvings on the way to lines of about the same length."""
BOLD = 1.09
WIDE = 1.02
LONGEST = 2_000
"""Letters that are looked at: more fit no room."""

_CLASSES = {
    0.222: "ijl'’",
    0.278: " !,./:;[]\\ftI|·",
    0.333: '()-`r"{}*',
    0.5: "ckszvxyJ↑↓",
    0.556: "abdeghnopqu0123456789?_$#L–€",
    0.6: "+<=>~^FTZ×−≥≤±",
    0.667: "ABEKPSVXY&",
    0.722: "CDHNRUw",
    0.778: "GOQ",
    0.833: "mM",
    0.944: "W",
}
_WIDTHS = {letter: width for width, letters in _CLASSES.items() for letter in letters}
_NARROW_LIMIT = 0x2E80


def clean(text: str) -> str:
    r"""The text as one printable line that any XML parser accepts.

    Control characters, marks that turn the reading direction, half surrogates and emoji go; white
    space becomes single spaces.

    >>> clean("line\nbreak\x00 \u202egnp.exe")
    'line break gnp.exe'
    """
    spaced = "".join(" " if letter.isspace() else letter for letter in text)
    kept = "".join(letter for letter in spaced if not _unprintable(letter))
    return " ".join(kept.split()) or NAMELESS


def _unprintable(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind in {"Cc", "Cf", "Cs", "Cn", "Co"} or (kind == "So" and letter >= EMOJI)


def label(name: str) -> str:
    """A column's name as it is read aloud.

    >>> label("avg_cart_value")
    'avg cart value'
    """
    return clean(name.replace("_", " "))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of the text in pixels, in Arial's measures; rather too wide than too narrow.

    >>> 25 < width("abcd", 12) < 28
    True
    """
    ems = sum(_WIDTHS.get(letter, _unknown(letter)) for letter in text)
    return ems * size * (BOLD if bold else 1.0)


def _unknown(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in _WIDTHS:
        return _WIDTHS[plain]
    return WIDE if ord(letter) >= _NARROW_LIMIT else 0.75


def sentence(text: str) -> str:
    """The text with a capital at its beginning.

    >>> sentence("discount count among Loyal Regulars")
    'Discount count among Loyal Regulars'
    """
    return text[:1].upper() + text[1:]


def shorten(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, or its beginning and end around an ellipsis, so that it fits the room in pixels.

    >>> shorten("Customers who rarely visit, group 12", 120, 12)
    'Customers who…12'
    >>> shorten("Loyal", 120, 12)
    'Loyal'
    """
    if len(text) > LONGEST:
        text = text[: LONGEST // 2] + text[-LONGEST // 2 :]
    if width(text, size, bold=bold) <= room:
        return text
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(_around(text, middle), size, bold=bold) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return _around(text, low)


def _around(text: str, keep: int) -> str:
    tail = int(keep * TAIL)
    return _whole_words_before(text[: keep - tail]) + ELLIPSIS + _whole_words_after(text[len(text) - tail :])


def _whole_words_before(text: str) -> str:
    """Without a last half word, when that leaves most of the text."""
    cut = text.rfind(" ")
    return text[:cut].rstrip(" ,;") if cut > WORTH * len(text) else text.rstrip()


def _whole_words_after(text: str) -> str:
    cut = text.find(" ")
    return text[cut + 1 :] if 0 <= cut < (1 - WORTH) * len(text) else text.lstrip()


def wrap(text: str, room: float, size: float, *, bold: bool = False, lines: int = 2) -> tuple[str, ...]:
    """The text broken at its spaces into a limited number of lines of about the same length.

    What does not fit the room is shortened.

    >>> wrap("High Spenders are 33% of customers and 58% of spend", 300, 16)
    ('High Spenders are 33% of', 'customers and 58% of spend')
    """
    pieces = [shorten(piece, room, size, bold=bold) for piece in text.split(" ")]
    widest = [width(piece, size, bold=bold) for piece in pieces]
    space = width(" ", size, bold=bold)
    tight, loose = max(widest), room
    needed = len(_fill(widest, space, room))
    for _ in range(BALANCING):
        middle = (tight + loose) / 2
        tight, loose = (tight, middle) if len(_fill(widest, space, middle)) <= needed else (middle, loose)
    found = [
        " ".join(pieces[i] for i in line) for line in _fill(widest, space, loose if needed <= lines else room)
    ]
    last = " ".join(found[lines - 1 :])
    return tuple(found[: lines - 1]) + ((shorten(last, room, size, bold=bold),) if last else ())


def whole_sentences(text: str, room: float, size: float, *, lines: int) -> tuple[str, ...]:
    """As many sentences from the start as fit the lines; the first alone is shortened if it must be.

    >>> whole_sentences("One fits. This second one would need far more room than there is.", 120, 12, lines=1)
    ('One fits.',)
    """
    ends = [at + 1 for at in range(len(text)) if text[at] == "." and text[at + 1 : at + 2] in {"", " "}]
    for end in reversed(ends):
        found = wrap(text[:end], room, size, lines=lines + 1)
        if len(found) <= lines:
            return found
    return wrap(text[: ends[0]] if ends else text, room, size, lines=lines)


def _fill(widths: list[float], space: float, room: float) -> list[list[int]]:
    """Which pieces stand on which line when each line takes as many as fit."""
    done: list[list[int]] = [[]]
    used = 0.0
    for i, wide in enumerate(widths):
        if done[-1] and used + space + wide > room:
            done.append([])
            used = 0.0
        used += wide + (space if done[-1] else 0.0)
        done[-1].append(i)
    return done
