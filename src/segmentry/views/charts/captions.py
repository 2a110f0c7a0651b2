"""The words that figures share: what they rest on, and what segments and features are called."""

from dataclasses import dataclass

from segmentry.records.run import Run, Survey
from segmentry.records.segment import NameSource
from segmentry.views.drawing.theme import FEW, INK, TITLE, dark, segment_colour
from segmentry.views.words.numbers import count
from segmentry.views.words.text import clean, label, shorten, width

TITLE_ROOM = 520
FLAG = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """How one segment appears in every figure.

    Attributes:
        number: From 1, in the order of value.
        name: In full, safe to draw.
        title: Short enough for a title; in quotes when it is a description.
        colour: Of its marks.
        ink: Of its words.
        small: Whether it has so few customers that its numbers are uncertain.
        described: Whether the name describes the segment rather than calling it something.
    """

    number: int
    name: str
    title: str
    colour: str
    ink: str
    small: bool
    described: bool = False

    @property
    def subject(self) -> str:
        """The name with its verb: a name in quotes is one thing, any other name is many people."""
        return f"{self.title} {'is' if self.described else 'are'}"

    def doing(self, verb: str) -> str:
        """The name with another verb, such as "stand"."""
        return f"{self.title} {verb}{'s' if self.described else ''}"

    @property
    def starred(self) -> str:
        """The name, with a star when the segment is small."""
        return self.name + (FLAG if self.small else "")

    def fit(self, room: float, size: float, *, bold: bool = False) -> str:
        """The name within a width in pixels, with a star when the segment is small.

        A name that must be shortened gets its number before it: shortened names may be alike.
        """
        star = FLAG if self.small else ""
        left = room - (size if star else 0)
        if width(self.name, size, bold=bold) <= left:
            return self.name + star
        number = "" if self.name.startswith(f"{self.number} ") else f"{self.number} "
        return number + shorten(self.name, left - width(number, size, bold=bold), size, bold=bold) + star


def tags(run: Run) -> tuple[Tag, ...]:
    """The segments' tags, in their order."""
    found = []
    for segment in run.segments:
        colour = segment_colour(segment.colour, run.k)
        name = clean(segment.name)
        title = shorten(name, TITLE_ROOM, TITLE, bold=True)
        described = segment.naming.source is NameSource.DESCRIPTIVE
        found.append(
            Tag(
                number=segment.number,
                name=name,
                title=f"“{title}”" if described else title,
                colour=colour,
                ink=dark(colour) if run.k > 1 else INK,
                small=segment.customers < FEW,
                described=described,
            )
        )
    return tuple(found)


def short_label(feature: str) -> str:
    """A feature's name, short enough for a title."""
    return shorten(label(feature), TITLE_ROOM, TITLE, bold=True)


def survey_foot(survey: Survey, *notes: str) -> str:
    """What an exploratory figure rests on."""
    rows = survey.exploration.rows
    return _joined(f"{count(rows)} customers" if rows != 1 else "1 customer", *notes, *_origin(survey))


def run_foot(run: Run, *notes: str) -> str:
    """What a figure that names segments rests on, and what the star at a name means."""
    small = [segment for segment in run.segments if segment.customers < FEW]
    warning = f"{FLAG} fewer than {FEW} customers: read with care" if small else ""
    return unnamed_foot(run, *notes, warning)


def unnamed_foot(run: Run, *notes: str) -> str:
    """What a figure rests on that names no segment, such as one of numbers of segments."""
    placed = sum(segment.customers for segment in run.segments)
    return _joined(f"{count(placed)} customers", *notes, *_origin(run.survey), f"random seed {run.seed}")


def _origin(survey: Survey) -> tuple[str, str]:
    day = f"as of {survey.as_of}" if survey.as_of else ""
    return shorten(clean(survey.source.name), TITLE_ROOM, TITLE), day


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
