"""Draw every figure in every awkward case on contact sheets, to be looked at before a release.

Usage: ``python tests/support/contact_sheet.py [folder]``; the folder is ``contact-sheet`` unless said otherwise.
"""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from support.factories import make_run

from segmentry.edges.rendering.png import png
from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS
from segmentry.views.drawing.figure import Figure
from segmentry.views.drawing.theme import WIDTH

CASES: Mapping[str, Mapping[str, Any]] = {
    "3-segments-5-features": {},
    "3-segments-5-features-long-names": {"long_names": True},
    "3-segments-25-features": {"p": 25},
    "8-segments-5-features": {"k": 8},
    "8-segments-25-features": {"k": 8, "p": 25},
    "8-segments-25-features-long-names": {"k": 8, "p": 25, "long_names": True},
    "12-segments-40-features-long-names": {"k": 12, "p": 40, "long_names": True, "tiny": True},
    "one-segment": {"k": 1},
    "money-flags-gaps-density": {"k": 4, "p": 8, "n": 20_000, "money": 4, "flags": 3, "missing": True},
    "5-segments": {"k": 5},
    "nothing-run-again": {"judged": False},
    "hostile-names": {"k": 8, "p": 10, "hostile": True},
}
COLUMNS, SHRINK, GAP = 4, 0.5, 12


def main(folder: Path) -> None:
    """Write the figures of every case, a sheet of each case and one page that shows all sheets."""
    folder.mkdir(parents=True, exist_ok=True)
    for case, options in CASES.items():
        drawn = draw(case, options, folder)
        (folder / f"{case}.png").write_bytes(png(arranged(drawn)))
        sys.stdout.write(f"{case}: {len(drawn)} pictures\n")
    (folder / "index.html").write_text(page(CASES), encoding="utf-8")


def draw(case: str, options: Mapping[str, Any], folder: Path) -> list[Figure]:
    """Every page of every figure of one case, each written as a PNG of its own."""
    run = make_run(**options)
    figures = [page for chart in EXPLORATORY.values() for page in chart(run.survey)]
    figures += [page for chart in SEGMENTS.values() for page in chart(run)]
    (folder / case).mkdir(exist_ok=True)
    for figure in figures:
        (folder / case / f"{figure.name}.png").write_bytes(png(figure.svg))
    return figures


def arranged(figures: Sequence[Figure]) -> str:
    """The figures nested in one large drawing, each in the column that is shortest so far."""
    bottoms = [float(GAP)] * COLUMNS
    placed: list[str] = []
    wide = WIDTH * SHRINK + GAP
    for figure in figures:
        column = bottoms.index(min(bottoms))
        place = f'<svg x="{GAP + column * wide}" y="{bottoms[column]}" '
        size = f'width="{WIDTH * SHRINK}" height="{figure.full_height * SHRINK}"'
        inner = re.sub(r' width="\S+" height="\S+"', f" {size}", figure.svg, count=1)
        placed.append(inner.replace("<svg ", place, 1))
        bottoms[column] += figure.full_height * SHRINK + GAP
    width, height = GAP + COLUMNS * wide, max(bottoms)
    ground = f'<rect width="{width}" height="{height}" fill="#d9dde3"/>'
    body = "".join(placed)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{ground}{body}</svg>'


def page(cases: Iterable[str]) -> str:
    """One page with all sheets below one another."""
    sheets = "".join(
        f'<h2>{escape(case)}</h2><img src="{escape(case)}.png" alt="Every figure: {escape(case)}">'
        for case in cases
    )
    look = "<style>body{font:16px sans-serif;margin:24px}img{max-width:100%}</style>"
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Contact sheets</title>{look}{sheets}</html>'


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "contact-sheet"))
