"""Pages of the dashboard as a visitor without a browser sees them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from starlette.testclient import TestClient

from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A page as it came.

    Attributes:
        status: Its HTTP status.
        html: Its source.
    """

    status: int
    html: str

    @property
    def words(self) -> str:
        """What is read, in one line."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.html)).split())

    @property
    def finding(self) -> str:
        """The headline."""
        found = re.search(r"<h1>(.*?)</h1>", self.html, re.DOTALL)
        assert found, self.html[:400]
        return unescape(re.sub(r"<[^>]*>", "", found[1])).strip()

    def rows(self, caption: str) -> list[list[str]]:
        """The cells of the body of a table, by its caption."""
        tables = re.findall(r"<table.*?</table>", self.html, re.DOTALL)
        table = next(one for one in tables if re.search(f">{re.escape(caption)}(</span>)?</caption>", one))
        body = table[table.index("<tbody>") :]
        lines = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
        return [
            [
                " ".join(unescape(re.sub(r"<[^>]*>", " ", one)).split())
                for one in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)
            ]
            for line in lines
        ]


Look = Callable[[str], Seen]


def looker(path: Path) -> Look:
    """A visitor of the runs under a path."""
    client = visitor(path)

    def look(address: str) -> Seen:
        answer = client.get(address)
        return Seen(status=answer.status_code, html=answer.text)

    return look


def visitor(path: Path) -> TestClient:
    """A client of the runs under a path."""
    return TestClient(create_app(Library(path)), base_url="http://localhost")
