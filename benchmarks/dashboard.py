"""The dashboard beside a Streamlit and a Dash app of the same Overview and Map, all in one run.

Usage: python benchmarks/dashboard.py [--runs FOLDER] [--customers N ...] [--rounds R]

Makes run folders of generated customers where FOLDER has none (`segmentry run --effort quick`), then
starts every dashboard in turn, R times, and looks at it with the system's Chromium and a fresh profile.
Prints a Markdown table for each number of customers. The noise of the machine is in all columns alike:
quote ratios. Needs the extras `bench` and `test`, and Chromium on the PATH.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow.csv as pa_csv
from dashboard_browser import Goal, Window, browsing
from dashboard_server import Server, serving
from dashboard_users import Shop, alone, together
from peers.catalog import OURS, PEERS, Peer, Place
from peers.frame import LEVELS, prepare
from peers.steps import Step
from playwright.sync_api import Browser, sync_playwright

from segmentry.datasets import ecommerce

WARM = 3
"""Times that a warm server is opened by a new browser profile, in each round."""
ASKED = 12
"""Requests for each thing that people do, and for each of ten people at once."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the dashboards must show, asked of customers.parquet beforehand.

    Attributes:
        names: The segments.
        counts: Customers by segment and confidence level.
        shop: What can be asked for.
    """

    names: tuple[str, ...]
    counts: dict[tuple[str, str], int]
    shop: Shop

    def after(self, step: Step) -> str:
        """The number of customers after a step, as people read it."""
        fitting = (
            number
            for (segment, level), number in self.counts.items()
            if (not step.segments or segment in step.segments) and (not step.levels or level in step.levels)
        )
        return f"{sum(fitting):,}"


@dataclass
class Measured:
    """Everything about one dashboard; lists of seconds, bytes and megabytes over all rounds."""

    found: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, *values: float) -> None:
        """One or more measurements."""
        self.found[name].extend(values)

    def middle(self, name: str, digits: int = 2) -> str:
        """The median."""
        return f"{statistics.median(self.found[name]):,.{digits}f}" if self.found[name] else ""

    def tail(self, name: str) -> str:
        """The median and the 95th percentile."""
        return f"{self.middle(name, 3)} / {p95(self.found[name]):.3f}" if self.found[name] else ""


def p95(values: Sequence[float]) -> float:
    """The 95th percentile: the smallest value that 95 % do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]


def made(customers: int, folder: Path) -> Place:
    """A run of generated customers; made where there is none with what the pages need."""
    run = folder / f"run-{customers}"
    if not (run / "pages.parquet").is_file():
        source = folder / f"customers-{customers}.csv"
        pa_csv.write_csv(ecommerce(customers, seed=1).customers, source)
        command = [sys.executable, "-m", "segmentry", "run", str(source), "--out", str(run)]
        subprocess.run([*command, "--effort", "quick", "--force", "--quiet"], check=True)
        source.unlink()
    place = Place(run=run, prepared=folder / f"peers-{customers}")
    prepare(run, place.prepared)
    return place


def expected(place: Place) -> Expected:
    """What a separate query of the customers gives."""
    manifest = json.loads((place.run / "run.json").read_text(encoding="utf-8"))
    file = duckdb.read_parquet(str(place.run / "customers.parquet"))
    counts = file.aggregate("segment, confidence_level, count(*)").fetchall()
    first = file.columns[0]
    return Expected(
        names=tuple(one["name"] for one in manifest["segments"]),
        counts={(segment, level): number for segment, level, number in counts},
        shop=Shop(
            segments=len(manifest["segments"]),
            columns=["-confidence", "-value", *(f"-f:{name}" for name in file.columns[10:])],
            ids=[str(one) for (one,) in file.select(f'"{first}"').limit(200).fetchall()],
        ),
    )


def opened(server: Server, browser: Browser, wanted: Expected, measured: Measured) -> None:
    """The overview: from the command, then again and again on the warm server."""
    table = Goal(selector="table", words=wanted.names)
    window = Window(browser, table)
    server.listens()
    measured.add("listens", time.time() - server.began)
    measured.add("command", window.opened(server.address).useful - server.began)
    measured.add("command cpu", server.processor)
    measured.add("outside", len(window.traffic.outside))
    for _ in range(WARM):
        window.page.context.close()
        window = Window(browser, table)
        began = time.time()
        seen = window.opened(server.address)
        measured.add("warm", seen.useful - began)
        measured.add("painted", seen.painted)
        measured.add("bytes useful", seen.bytes_useful / 1000)
        measured.add("bytes total", seen.bytes_total / 1000)
        measured.add("outside", len(window.traffic.outside))
    window.page.context.close()


def filtered(peer: Peer, server: Server, browser: Browser, wanted: Expected, measured: Measured) -> None:
    """The map: opened, then every choice in turn until its number is on the screen."""
    everyone = wanted.after(Step(control="", words=""))
    window = Window(browser, Goal(selector=peer.count, words=(everyone,)))
    began = time.time()
    seen = window.opened(server.address + peer.map)
    measured.add("map", seen.useful - began)
    measured.add("map bytes", seen.bytes_total / 1000)
    before, steps = server.processor, 0
    for step in peer.steps(wanted.names, LEVELS):
        goal = Goal(selector=peer.count, words=(wanted.after(step),))
        choice = window.chosen(lambda page, step=step: peer.press(page, step), goal)
        measured.add("seen", choice.seen)
        measured.add("answered", choice.answered)
        steps += 1
    measured.add("filter cpu", (server.processor - before) / steps)
    measured.add("outside", len(window.traffic.outside))
    window.page.context.close()


def one_round(peer: Peer, place: Place, wanted: Expected, measured: Measured) -> None:
    """One life of a dashboard's server."""
    with sync_playwright() as playwright, browsing(playwright) as browser, serving(peer, place) as server:
        opened(server, browser, wanted, measured)
        measured.add("memory at first", server.megabytes)
        filtered(peer, server, browser, wanted, measured)
        measured.add("memory", server.megabytes)
        if peer is OURS:
            for name, seconds in alone(server.port, wanted.shop, ASKED).items():
                measured.add(f"ask: {name}", *seconds)
            measured.add("ten", *together(server.port, wanted.shop, ASKED))
            measured.add("memory of ten", server.megabytes)


def table(all_measured: dict[str, Measured], goals: dict[str, str]) -> str:
    """The comparison as Markdown."""
    rows = {
        "command to first useful page, s": lambda one: one.middle("command"),
        "first useful page, warm server, s": lambda one: one.middle("warm"),
        "first paint, warm server, s": lambda one: one.middle("painted"),
        "kB until the useful page": lambda one: one.middle("bytes useful", 0),
        "kB of the whole overview": lambda one: one.middle("bytes total", 0),
        "map until its number stands, s": lambda one: one.middle("map"),
        "kB of the whole map": lambda one: one.middle("map bytes", 0),
        "filter on the screen, p50 / p95 s": lambda one: one.tail("seen"),
        "filter on the wire, p50 / p95 s": lambda one: one.tail("answered"),
        "server's processor until the overview is complete, s": lambda one: one.middle("command cpu"),
        "server's processor for a filter, s": lambda one: one.middle("filter cpu", 3),
        "server memory after the overview, MB": lambda one: one.middle("memory at first", 0),
        "server memory, peak, MB": lambda one: one.middle("memory", 0),
        "requests to other machines": lambda one: f"{sum(one.found['outside']):.0f}",
    }
    lines = [f"| | {' | '.join(all_measured)} | to reach |", f"| --- |{' ---: |' * (len(all_measured) + 1)}"]
    for name, cell in rows.items():
        cells = [cell(one) for one in all_measured.values()]
        lines.append(f"| {' | '.join([name, *cells, goals.get(name, '')])} |")
    return "\n".join(lines)


def our_table(ours: Measured) -> str:
    """How fast our server answers, as Markdown."""
    lines = ["| what people do | answered, p50 / p95 s |", "| --- | ---: |"]
    asks = [name for name in ours.found if name.startswith("ask: ")]
    lines += [f"| {name.removeprefix('ask: ')} | {ours.tail(name)} |" for name in asks]
    lines.append(f"| ten people at once: filter, brush, sort, page | {ours.tail('ten')} |")
    return "\n".join([*lines, "", f"Peak memory with ten people: {ours.middle('memory of ten', 0)} MB."])


def goals(customers: int) -> dict[str, str]:
    """The numbers that were set beforehand."""
    large = customers > 1_000_000
    return {
        "command to first useful page, s": "" if large else "2",
        "first paint, warm server, s": "0.5",
        "kB until the useful page": "100",
        "filter on the wire, p50 / p95 s": f"p95 {'1' if large else '0.3'}",
        "server memory, peak, MB": "700" if large else "300",
    }


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=Path, default=Path("runs") / "dashboard-benchmark")
    parser.add_argument("--customers", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=[one.name for one in PEERS])
    return parser.parse_args()


def main() -> None:
    """Print the tables."""
    asked = arguments()
    asked.runs.mkdir(parents=True, exist_ok=True)
    peers = [one for one in PEERS if not asked.only or one.name in asked.only]
    for customers in asked.customers:
        place = made(customers, asked.runs)
        wanted = expected(place)
        measured = {one.name: Measured() for one in peers}
        for number in range(asked.rounds + 1):
            for peer in peers[number % len(peers) :] + peers[: number % len(peers)]:
                one_round(peer, place, wanted, Measured() if number == 0 else measured[peer.name])
        print(
            f"\n{customers:,} customers, {asked.rounds} rounds:\n\n{table(measured, goals(customers))}\n",
            flush=True,
        )
        if OURS.name in measured:
            print(our_table(measured[OURS.name]), flush=True)


if __name__ == "__main__":
    main()
