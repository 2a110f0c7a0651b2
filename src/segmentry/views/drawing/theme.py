"""One look for every figure: frame, colours and letter sizes."""

WIDTH = 800
MARGIN = 28
LEFT, RIGHT = MARGIN, WIDTH - MARGIN
INNER = RIGHT - LEFT
NARROW = 312
"""The room of a drawing on a phone that is 360 pixels wide, less the margins of the page."""

FONT = "'Liberation Sans', Arial, Helvetica, Arimo, sans-serif"
"""Faces of one measure: the first travels with segmentry, the others are on people's machines."""
TITLE, HEADING, BODY, SMALL = 21, 14, 13, 12

PALETTE = ("#2370bd", "#cd7c20", "#02a671", "#652794", "#b93f81", "#5f6b0e", "#a57ef3", "#7e302a")
UNASSIGNED = "#6b7280"
INK, QUIET, RULE, GRID, GHOST, PAPER = "#1b2430", "#5b6472", "#9aa3af", "#e6e9ee", "#d5dae1", "#ffffff"
ACCENT = PALETTE[0]
DIVERGING = ("#cd7c20", "#ffffff", "#2370bd")
DARKEST = 0.04045
"""Below this sRGB is linear."""
LEGIBLE = 5.5
"""The least contrast of words in a segment's colour."""
FEW = 50
"""A segment with fewer customers is flagged: its numbers are uncertain."""


def segment_colour(number: int, k: int) -> str:
    """The colour of a segment by its number from 1; beyond eight segments all are blue.

    >>> segment_colour(2, 3), segment_colour(2, 12)
    ('#cd7c20', '#2370bd')
    """
    return PALETTE[number - 1] if max(k, number) <= len(PALETTE) else ACCENT


def dark(colour: str) -> str:
    """The colour darkened until it reads as text on white.

    >>> contrast(dark("#cd7c20")) >= LEGIBLE
    True
    """
    steps = (blend(colour, INK, step / 20) for step in range(21))
    return next(one for one in steps if contrast(one) >= LEGIBLE)


def contrast(colour: str, ground: str = PAPER) -> float:
    """The contrast of two colours by WCAG 2, from 1 to 21.

    >>> round(contrast("#000000")), contrast("#ffffff")
    (21, 1.0)
    """
    darker, lighter = sorted((_luminance(colour), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in channels(colour)]
    red, green, blue = (((one + 0.055) / 1.055) ** 2.4 if one > DARKEST else one / 12.92 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def blend(colour: str, other: str, amount: float) -> str:
    """The colour mixed with an amount in [0, 1] of another.

    >>> blend("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(channels(colour), channels(other), strict=True)
    return _hex([(a + (b - a) * amount) / 255 for a, b in pairs])


def diverging(value: float) -> str:
    """Blue for +1, white for 0, orange for -1.

    >>> diverging(0.0)
    '#ffffff'
    """
    low, middle, high = DIVERGING
    return blend(middle, high if value > 0 else low, min(abs(value), 1.0))


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255.

    >>> channels("#2370bd")
    (35, 112, 189)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(parts: tuple[float, ...] | list[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


FLOOR = "#f8f9fb"
