"""What a browser would see in a page: its tags, anchors, words and tables."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br"}


@dataclass
class Outline(HTMLParser):
    """What a browser would see in a page."""

    ids: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read character references as the letters they stand for."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.cells.append([])
        if tag in {"td", "th"}:
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """Refuse a tag that closes another."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the words that are not inside a style sheet or a picture."""
        if "style" not in self.open and "svg" not in self.open:
            self.words.append(data)
            if self.cells and {"td", "th"} & set(self.open):
                self.cells[-1][-1] += data

    @property
    def text(self) -> str:
        """All the words, single-spaced."""
        return " ".join(" ".join(self.words).split())

    def rows(self) -> list[list[str]]:
        """The rows of all tables, single-spaced."""
        return [[" ".join(cell.split()) for cell in row] for row in self.cells]


def read(page: str) -> Outline:
    """Read a page whose tags must all be closed."""
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    return outline
