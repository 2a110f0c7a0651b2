"""Text on a terminal: tables that follow its width, paragraphs of 80 columns, plain values."""

import math
from io import StringIO
from textwrap import wrap

from segmentry.views.topics.cells import Table

COLUMNS = 80
"""The width where there is no terminal, and of paragraphs everywhere."""

NAME_SHARE = 0.32
"""The share of the width that the name of a row takes at most."""


def drawn(it: Table, width: int = COLUMNS) -> str:
    """A table with a rule below its head, as wide as the terminal; names are wrapped, other text ends in an ellipsis.

    Args:
        it: The table; its first column of words names the rows, the last one takes what room is left.
        width: The terminal's columns.
    """
    from rich import box, table
    from rich.console import Console
    from rich.text import Text

    ruled = box.Box("    \n    \n────\n    \n    \n────\n    \n    \n")
    grid = table.Table(
        box=ruled,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        expand=True,
        show_footer=bool(it.total),
    )
    names = next((at for at, head in enumerate(it.heads) if not head.numeric), 0)
    for at, head in enumerate(it.heads):
        last = at == len(it.heads) - 1
        grid.add_column(
            Text(head.text),
            Text(it.total[at].text) if it.total else "",
            justify="right" if head.numeric else "left",
            max_width=round(NAME_SHARE * width) if at == names else None,
            ratio=1 if last else None,
            no_wrap=at != names,
            overflow="ellipsis",
        )
    for row in it.rows:
        grid.add_row(*(Text(cell.text) for cell in row))
    page = StringIO()
    Console(file=page, width=width, color_system=None, legacy_windows=False, _environ={}).print(grid)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def filled(text: str) -> str:
    """Paragraphs broken at 80 columns."""
    return "\n".join(line for paragraph in text.split("\n") for line in wrap(paragraph, COLUMNS) or [""])


def finite(value: float) -> float | None:
    """A number for JSON, which has no NaN."""
    return value if math.isfinite(value) else None
