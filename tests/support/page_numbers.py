"""The numbers of a page, found where people find them: facts, tables, and the numbers of charts."""

import re
from html import unescape
from urllib.parse import urlencode

from support.dashboard_pages import Look, Seen

from segmentry.dashboard.web.url import Given


def plain(html: str) -> str:
    """What is read of some HTML."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def facts(page: Seen) -> dict[str, str]:
    """The figures at the top of a page, without their notes."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)(?:<small>.*?</small>)?</dd>", page.html, re.DOTALL)
    return {plain(label): plain(figure) for label, figure in found}


def has_table(page: Seen, caption: str) -> bool:
    """Whether a page has a table."""
    return bool(re.search(f">{re.escape(caption)}(</span>)?</caption>", page.html))


def table(page: Seen, caption: str) -> list[dict[str, str]]:
    """The rows of a table under the heads of its columns."""
    tables = re.findall(r"<table.*?</table>", page.html, re.DOTALL)
    found = next(one for one in tables if re.search(f">{re.escape(caption)}(</span>)?</caption>", one))
    return _rows(found)


def chart_numbers(page: Seen, name: str) -> list[dict[str, str]]:
    """The numbers of a chart; none where it has none."""
    start = page.html.index(f'id="chart-{name}"')
    figure = page.html[start : page.html.index("</figure>", start)]
    return _rows(figure[figure.index("<table>") :]) if "<table>" in figure else []


def charts_of(page: Seen) -> list[str]:
    """The names of the charts of a page."""
    return re.findall(r'data-chart="(\w+)"', page.html)


def _rows(found: str) -> list[dict[str, str]]:
    head, _, body = found.partition("<tbody>")
    heads = [plain(one) for one in re.findall(r"<th .*?</th>", head, re.DOTALL)]
    lines = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    cells = [[plain(one) for one in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)] for line in lines]
    return [dict(zip(heads, one, strict=True)) for one in cells]


def seen(look: Look, path: str, **params: Given) -> Seen:
    """A page that is there."""
    pairs = [
        (name, one)
        for name, given in params.items()
        for one in (given if isinstance(given, list) else [given])
    ]
    page = look(f"{path}?{urlencode(pairs)}" if pairs else path)
    assert page.status == 200, page.words[:300]
    return page
