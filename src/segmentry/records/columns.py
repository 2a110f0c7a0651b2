"""What each column of the input is, and what part it plays."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The part a column plays (Dolnicar: segmentation against descriptor variables)."""

    ID = "id"
    SEGMENTATION = "segmentation"
    DESCRIPTOR = "descriptor"
    OUTCOME = "outcome"
    PROTECTED = "protected"
    EXCLUDED = "excluded"


class Kind(StrEnum):
    """What the values of a column are."""

    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    TEXT = "text"
    EMPTY = "empty"


class Decimal(StrEnum):
    """Which sign separates the decimals in numbers that are written as text."""

    POINT = "point"
    COMMA = "comma"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How the values of one column are to be read.

    Attributes:
        kind: What the values are.
        decimal: The decimal sign of numbers written as text; None where the file's own type says.
        date_format: The strptime format of dates written as text; None where the type says.
        true_words: For a flag, the lower-case words that count as 1.
        false_words: For a flag, the lower-case words that count as 0.
        note: What was noticed while finding this out, for the audit; empty if nothing.
        level: For a flag that is one of the words of a column, that word: it is 1 where the trimmed
            text is the same, 0 for any other text.
        no_value: For such a flag, the lower-case words that were set to count as no value.
    """

    kind: Kind
    decimal: Decimal | None = None
    date_format: str | None = None
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()
    note: str = ""
    level: str | None = None
    no_value: tuple[str, ...] = ()

    @property
    def of_column(self) -> "Format":
        """How the column itself is read: for one of its words, as text."""
        return self if self.level is None else Format(kind=Kind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the input: how it is read and the part it plays.

    Attributes:
        name: The name in the file.
        feature: The name its numbers go by: the same, but ``days_since_<name>`` for a date and
            ``<name> = <word>`` for one of the words of a column.
        format: How its values are read.
        role: The part it plays.
        reason: Why it plays this part, as a short sentence.
    """

    name: str
    feature: str
    format: Format
    role: Role
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """One way in which values of a column are written.

    Attributes:
        rows: How many rows have such a value.
        example: One of them.
    """

    rows: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadValues:
    """Values that are there but are not what the rest of their column is.

    Attributes:
        column: The column.
        kind: What the rest of the column is.
        count: How many rows have such a value.
        examples: At most five: the row, counted from 1 below the header, and the text.
        notations: Where it is the same kind of value in several notations: each of them, that of most
            values first; empty where it is something else.
        words: How many different values they are.
    """

    column: str
    kind: Kind
    count: int
    examples: tuple[tuple[int, str], ...]
    notations: tuple[Notation, ...] = ()
    words: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedUnits:
    """A column whose numbers are of several units.

    Attributes:
        column: The column.
        what: What it holds, in words.
        units: Each unit, with how many rows have it and its sign or a value.
        advice: What to do, as the beginning of a sentence.
    """

    column: str
    what: str
    units: tuple[Notation, ...]
    advice: str
