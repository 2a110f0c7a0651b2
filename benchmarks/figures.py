"""Every figure of a run as PNG, beside Altair with vl-convert and matplotlib drawing the same numbers.

Usage: python benchmarks/figures.py [--customers 20000] [--rounds 5]

Prints a Markdown table: medians of wall and processor seconds for all figures, and the ratio round by
round. The peers draw one plain chart of each figure's numbers at the same size, with their own defaults:
no layout of names, no panels and no notes, so they do less. One process draws; the data are made, and
each library has drawn once, before anything is timed.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import matplotlib as mpl
import pandas as pd

import segmentry as sg
from segmentry.edges.rendering.png import png
from segmentry.records.run import Run
from segmentry.views.drawing.figure import Figure
from segmentry.workflows.figures import run_figures

mpl.use("agg")
from matplotlib import pyplot as plt

WIDTH, HEIGHT, SCALE = 800, 600, 2
MOST_ROWS = 5_000
"""Altair refuses more rows than this; the peers draw the first ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """What a peer draws: one column over another, in the colours of a third where there is one."""

    title: str
    table: pd.DataFrame
    across: str
    up: str
    colour: str | None

    @property
    def bars(self) -> bool:
        """Whether names stand below."""
        return not pd.api.types.is_numeric_dtype(self.table[self.across])


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What drawing all figures once took, in seconds."""

    wall: float
    cpu: float


def plain(page: Figure) -> Plain:
    """The numbers of a figure as a plain chart: the last number over the first column."""
    table = pd.DataFrame(page.data[:MOST_ROWS])
    numbers = [name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])]
    words = [name for name in table.columns if name not in numbers]
    across = table.columns[0]
    up = next((name for name in numbers if name != across), numbers[0] if numbers else across)
    colour = next((name for name in words if name != across), None)
    return Plain(title=page.title, table=table, across=across, up=up, colour=colour)


def with_altair(charts: Sequence[Plain]) -> list[bytes]:
    """Altair's charts, made PNG by vl-convert."""
    found = []
    for chart in charts:
        drawn = alt.Chart(chart.table, title=chart.title)
        marked = drawn.mark_bar() if chart.bars else drawn.mark_line(point=True)
        coded = marked.encode(x=chart.across, y=chart.up, **({"color": chart.colour} if chart.colour else {}))
        out = io.BytesIO()
        coded.properties(width=WIDTH, height=HEIGHT).save(out, format="png", scale_factor=SCALE)
        found.append(out.getvalue())
    return found


def with_matplotlib(charts: Sequence[Plain]) -> list[bytes]:
    """Matplotlib's charts."""
    found = []
    for chart in charts:
        sheet, axes = plt.subplots(figsize=(WIDTH / 100, HEIGHT / 100))
        groups = chart.table.groupby(chart.colour, sort=False) if chart.colour else [("", chart.table)]
        for name, part in groups:
            draw = axes.bar if chart.bars else axes.plot
            draw(part[chart.across], part[chart.up].astype(float), label=str(name))
        axes.set_title(chart.title)
        out = io.BytesIO()
        sheet.savefig(out, format="png", dpi=100 * SCALE)
        plt.close(sheet)
        found.append(out.getvalue())
    return found


def ours(run: Run) -> list[bytes]:
    """Our own, from the record of the run on."""
    return [png(page.svg) for pages in run_figures(run).values() for page in pages]


def timed(draw: Callable[[], list[bytes]]) -> Round:
    """Draw everything once."""
    wall, cpu = time.perf_counter(), time.process_time()
    draw()
    return Round(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def row(name: str, rounds: Sequence[Round], own: Sequence[Round], figures: int) -> str:
    """A line of the table."""
    wall, cpu = (statistics.median(getattr(one, what) for one in rounds) for what in ("wall", "cpu"))
    ratios = sorted(one.cpu / mine.cpu for one, mine in zip(rounds, own, strict=True))
    ratio = f"{statistics.median(ratios):.2f}x ({ratios[0]:.2f}-{ratios[-1]:.2f})"
    return f"| {name} | {wall:.2f} | {cpu:.2f} | {1000 * cpu / figures:.0f} | {ratio} |"


def main() -> None:
    """Draw in turn, and print the table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--customers", type=int, default=20_000)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    run = sg.segment(sg.datasets.ecommerce(given.customers).customers, effort="quick").run
    pages = [page for found in run_figures(run).values() for page in found]
    charts = [plain(page) for page in pages]
    draws: Mapping[str, Callable[[], list[bytes]]] = {
        "segmentry": lambda: ours(run),
        "Altair + vl-convert": lambda: with_altair(charts),
        "matplotlib": lambda: with_matplotlib(charts),
    }
    for draw in draws.values():
        draw()
    rounds: dict[str, list[Round]] = {name: [] for name in draws}
    for _ in range(given.rounds):
        for name, draw in draws.items():
            rounds[name].append(timed(draw))
    lines = [
        f"| {len(pages)} pictures of {given.customers:,} customers | wall, s | cpu, s | cpu ms each | cpu, ratio to ours |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(row(name, found, rounds["segmentry"], len(pages)) for name, found in rounds.items()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
