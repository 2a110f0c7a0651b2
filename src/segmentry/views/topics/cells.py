"""Tables as the page shows them: every cell is text, and says whose text it is."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from segmentry.records.segment import Segment
from segmentry.views.drawing.theme import PALETTE
from segmentry.views.words.text import ELLIPSIS, NAMELESS, TAIL

NAME_LENGTH, SENTENCE_LENGTH, FULL_LENGTH = 70, 420, 300
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})
JOINERS = "\u200c\u200d"
"""Signs without a width that some scripts and emoji are spelled with."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell, or one name inside a sentence.

    Attributes:
        text: What is read.
        full: The rest of a shortened name, for the tooltip; empty when nothing was left out.
        foreign: Whether the text came with the data and is set apart from the words around it.
        colour: The class of a segment's colour; empty for none.
        number: A segment's number; 0 for none.
        badge: A word that marks the row; empty for none.
        link: Where it leads; empty for nowhere.
        tone: high, medium or low, where the text is a confidence.
    """

    text: str
    full: str = ""
    foreign: bool = False
    colour: str = ""
    number: int = 0
    badge: str = ""
    link: str = ""
    tone: str = ""

    def to(self, link: str) -> "Cell":
        """The same, with a link."""
        return replace(self, link=link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column.

    Attributes:
        text: What the column holds, with its unit.
        numeric: Whether it is set to the right.
        wide: Whether it holds sentences.
        cell: The same as a name that came with the data; None for our own words.
        link: Where a click leads, in a table that can be sorted.
        turn: ascending, descending or none, in such a table.
    """

    text: str
    numeric: bool = False
    wide: bool = False
    cell: Cell | None = None
    link: str = ""
    turn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a page.

    Attributes:
        caption: What it shows, in a sentence or a title.
        heads: Its columns; the first one names the row.
        rows: Its cells.
        total: A last row that sums up; empty for none.
        note: What a reader should know about it, below.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn(Generic[Row]):
    """A column of a table: its head, and what it says of a row."""

    head: Head
    write: Callable[[Row], Cell | str]

    def cell(self, row: Row) -> Cell:
        """What it says of a row."""
        written = self.write(row)
        return said(written) if isinstance(written, str) else written


def text(head: str, write: Callable[[Row], Cell | str]) -> TableColumn[Row]:
    """A column of words."""
    return TableColumn(head=Head(text=head), write=write)


def numeric(head: str | Cell, write: Callable[[Row], Cell | str]) -> TableColumn[Row]:
    """A column of numbers."""
    if isinstance(head, Cell):
        return TableColumn(head=Head(text=head.text, cell=head, numeric=True), write=write)
    return TableColumn(head=Head(text=head, numeric=True), write=write)


def prose(head: str, write: Callable[[Row], Cell | str]) -> TableColumn[Row]:
    """A column of sentences."""
    return TableColumn(head=Head(text=head, wide=True), write=write)


def table(
    caption: str, rows: Iterable[Row], *columns: TableColumn[Row], total: Sequence[str] = (), note: str = ""
) -> Table:
    """A table with a row for each of the rows.

    >>> found = table("Sizes", [3, 20], text("Name", lambda n: "abc"), numeric("Customers", str), total=["All", "23"])
    >>> [cell.text for cell in found.rows[1]], found.heads[1].numeric, found.total[1].text
    (['abc', '20'], True, '23')
    """
    return Table(
        caption=caption,
        heads=tuple(column.head for column in columns),
        rows=tuple(tuple(column.cell(row) for column in columns) for row in rows),
        total=tuple(said(written) for written in total),
        note=note,
    )


def facts(
    caption: str, lines: Iterable[tuple[Cell | str, Cell | str]], *, heads: tuple[str, str], note: str = ""
) -> Table:
    """A table of two columns: what, and which."""
    return table(
        caption, lines, text(heads[0], lambda line: line[0]), prose(heads[1], lambda line: line[1]), note=note
    )


def said(text: str, *, badge: str = "") -> Cell:
    """Our own words, or a number."""
    return Cell(text=text, badge=badge)


def named(text: str, *, length: int = NAME_LENGTH, badge: str = "") -> Cell:
    """A name that came with the data: one printable line, shortened.

    A name is shortened in its middle, since names that share a beginning differ at their ends; longer
    text, which says something, at its end.

    >>> named("  first   second ").text
    'first second'
    """
    short = abridged(text, length) if length <= NAME_LENGTH else shortened(text, length)
    whole = shortened(text, FULL_LENGTH)
    return Cell(text=short, full=whole if whole != short else "", foreign=True, badge=badge)


def feature(name: str, *, badge: str = "") -> Cell:
    """A feature's name as it is read aloud.

    >>> feature("avg_cart_value").text
    'avg cart value'
    """
    return named(name.replace("_", " "), badge=badge)


def tagged(segment: Segment, k: int) -> Cell:
    """A segment's name with its colour and number."""
    cell = named(segment.name)
    colour = colour_class(segment.colour, k)
    return Cell(text=cell.text, full=cell.full, foreign=True, colour=colour, number=segment.number)


def colour_class(number: int, k: int) -> str:
    """The class that paints a segment; beyond eight segments all share one colour.

    >>> colour_class(2, 3), colour_class(2, 12)
    ('seg-2', 'seg-1')
    """
    return f"seg-{number if k <= len(PALETTE) else 1}"


def sentence(text: str) -> str:
    """A sentence that may hold names from the data: one printable line of bearable length."""
    return shortened(text, SENTENCE_LENGTH) if text.strip() else ""


def shortened(text: str, length: int) -> str:
    """One printable line, at most as long as asked.

    >>> shortened("abcdefgh", 5)
    'abcd…'
    """
    line = printable(text[: 4 * length])
    whole = len(line) <= length and len(text) <= 4 * length
    return line if whole else line[: length - 1].rstrip() + ELLIPSIS


def abridged(text: str, length: int = NAME_LENGTH) -> str:
    """A name as one printable line, at most as long as asked: its beginning and its end.

    >>> abridged("opened on a monday", 17), abridged("opened on a sunday", 17)
    ('opened on a…onday', 'opened on a…unday')
    """
    line = printable(text if len(text) <= 4 * length else text[: 2 * length] + text[-2 * length :])
    if len(line) <= length:
        return line
    tail = round((length - 1) * TAIL)
    return line[: length - 1 - tail].rstrip() + ELLIPSIS + line[-tail:].lstrip()


def printable(text: str) -> str:
    r"""The text as one line without a sign that steers a terminal or turns the reading direction.

    >>> printable("line\nbreak\x00 \u202egnp.exe")
    'line break gnp.exe'
    """
    spaced = "".join(" " if letter.isspace() else letter for letter in text)
    kept = (
        letter for letter in spaced if letter in JOINERS or unicodedata.category(letter) not in UNPRINTABLE
    )
    return " ".join("".join(kept).split()) or NAMELESS


def listed(names: Iterable[str], limit: int = 8) -> str:
    """Names from the data in one line; those beyond the limit are counted.

    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    given: Sequence[str] = [abridged(name) for name in names]
    rest = len(given) - limit
    return ", ".join(given[:limit]) + (f" and {rest} more" if rest > 0 else "")
