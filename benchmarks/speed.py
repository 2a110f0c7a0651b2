"""The whole command against the same pictures made the notebook way, as whole processes in turn.

Usage: python benchmarks/speed.py [--large]

Prints a Markdown table: medians of wall and processor seconds, the largest memory, and the ratio
pair by pair. The machine's noise is in both columns alike; quote ratios. --large adds a million
customers, ours alone: the notebook way cannot hold a million squared distances.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow.csv as pa_csv

from segmentry.datasets import ecommerce

HERE = Path(__file__).parent
ROUNDS = {999: 5, 20_000: 3}
LARGE = 1_000_000
STARTS = {"segmentry --help": ["-m", "segmentry", "--help"], "import segmentry": ["-c", "import segmentry"]}


@dataclass(frozen=True)
class Timed:
    """One whole process."""

    wall: float
    cpu: float
    megabytes: float


def timed(command: list[str]) -> Timed:
    """Run a command to its end; fail when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Timed(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, _megabytes(usage))


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def ours(source: Path, out: Path) -> list[str]:
    """The command that users type."""
    return [sys.executable, "-m", "segmentry", "run", str(source), "--out", str(out), "--force", "--quiet"]


def theirs(source: Path, out: Path) -> list[str]:
    """The notebook as a script."""
    return [sys.executable, str(HERE / "notebook_way.py"), str(source), str(out)]


def median(values: list[float]) -> float:
    """The median, to two decimals."""
    return round(statistics.median(values), 2)


def versus(customers: int, rounds: int, folder: Path) -> str:
    """One row: ours and the notebook way in turn, after one run of each that is not counted."""
    source = folder / f"customers-{customers}.csv"
    pa_csv.write_csv(ecommerce(customers, seed=1).customers, source)
    pairs = [
        (timed(ours(source, folder / "ours")), timed(theirs(source, folder / "theirs")))
        for _ in range(rounds + 1)
    ][1:]
    ratios = [other.wall / own.wall for own, other in pairs]
    cells = [
        f"{customers:,}",
        str(median([own.wall for own, _ in pairs])),
        str(median([other.wall for _, other in pairs])),
        f"**{median(ratios)}x** ({min(ratios):.2f}-{max(ratios):.2f})",
        str(median([own.cpu for own, _ in pairs])),
        str(median([other.cpu for _, other in pairs])),
        f"{max(own.megabytes for own, _ in pairs):,.0f}",
        f"{max(other.megabytes for _, other in pairs):,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        print(
            "| customers | ours, s | notebook way, s | ratio (range) | ours, cpu s | notebook, cpu s | ours, MB | notebook, MB |"
        )
        print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for customers, rounds in ROUNDS.items():
            print(versus(customers, rounds, folder), flush=True)
        if "--large" in sys.argv[1:]:
            source = folder / "large.csv"
            pa_csv.write_csv(ecommerce(LARGE, seed=1).customers, source)
            once = timed(ours(source, folder / "large"))
            print(
                f"\n{LARGE:,} customers: {once.wall:.0f} s wall, {once.cpu:.0f} s cpu, {once.megabytes:,.0f} MB"
            )
        print("\n| start | median of 9, s |\n| --- | ---: |")
        for name, arguments in STARTS.items():
            print(f"| {name} | {median([timed([sys.executable, *arguments]).wall for _ in range(9)])} |")


if __name__ == "__main__":
    main()
