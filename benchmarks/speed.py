"""The whole command against the same pictures made the notebook way, as whole processes in turn.

Usage: python benchmarks/speed.py [--large]

Prints a Markdown table: medians of wall and processor seconds, the largest memory, and the ratio
round by round, with quick and with standard effort beside the same notebook. The machine's noise is
in all columns alike; quote ratios. --large adds a million customers, ours alone: the notebook way
cannot hold a million squared distances.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from compileall import compile_dir
from dataclasses import dataclass
from pathlib import Path

import pyarrow.csv as pa_csv

import segmentry
from segmentry.datasets import ecommerce

HERE = Path(__file__).parent
ROUNDS = {999: 5, 20_000: 3}
LARGE = 1_000_000
EFFORTS = ("quick", "standard")
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


def ours(source: Path, out: Path, effort: str) -> list[str]:
    """The command that users type."""
    command = [sys.executable, "-m", "segmentry", "run", str(source), "--out", str(out), "--effort", effort]
    return [*command, "--force", "--quiet"]


def theirs(source: Path, out: Path) -> list[str]:
    """The notebook as a script."""
    return [sys.executable, str(HERE / "notebook_way.py"), str(source), str(out)]


def median(values: list[float]) -> float:
    """The median, to two decimals."""
    return round(statistics.median(values), 2)


def versus(customers: int, rounds: int, folder: Path) -> list[str]:
    """A row for each effort: ours and the notebook way in turn, after one round that is not counted."""
    source = folder / f"customers-{customers}.csv"
    pa_csv.write_csv(ecommerce(customers, seed=1).customers, source)
    found = [
        (
            {effort: timed(ours(source, folder / effort, effort)) for effort in EFFORTS},
            timed(theirs(source, folder / "theirs")),
        )
        for _ in range(rounds + 1)
    ][1:]
    other = [one for _, one in found]
    return [row(f"{customers:,}", effort, [own[effort] for own, _ in found], other) for effort in EFFORTS]


def row(customers: str, effort: str, own: list[Timed], other: list[Timed]) -> str:
    """The medians of both, and the ratio of each round."""
    ratios = [theirs.wall / ours.wall for ours, theirs in zip(own, other, strict=True)]
    cells = [
        customers,
        effort,
        str(median([one.wall for one in own])),
        str(median([one.wall for one in other])),
        f"**{median(ratios)}x** ({min(ratios):.2f}-{max(ratios):.2f})",
        str(median([one.cpu for one in own])),
        str(median([one.cpu for one in other])),
        f"{max(one.megabytes for one in own):,.0f}",
        f"{max(one.megabytes for one in other):,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the tables; our bytecode is there, as installers leave it and as it is for every library."""
    compile_dir(Path(segmentry.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        print(
            "| customers | effort | ours, s | notebook way, s | ratio (range) | ours, cpu s | notebook, cpu s | ours, MB | notebook, MB |"
        )
        print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for customers, rounds in ROUNDS.items():
            print("\n".join(versus(customers, rounds, folder)), flush=True)
        if "--large" in sys.argv[1:]:
            source = folder / "large.csv"
            pa_csv.write_csv(ecommerce(LARGE, seed=1).customers, source)
            for effort in EFFORTS:
                once = timed(ours(source, folder / "large", effort))
                spent = f"{once.wall:.0f} s wall, {once.cpu:.0f} s cpu, {once.megabytes:,.0f} MB"
                print(f"\n{LARGE:,} customers, {effort}: {spent}", flush=True)
        print("\n| start | median of 9, s |\n| --- | ---: |")
        for name, arguments in STARTS.items():
            print(f"| {name} | {median([timed([sys.executable, *arguments]).wall for _ in range(9)])} |")


if __name__ == "__main__":
    main()
