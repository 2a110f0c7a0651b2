"""What the evidence costs: processor seconds of the steps that run things again, by effort.

Usage: python benchmarks/evidence_cost.py [--large]

Each effort is a process of its own, so that no import is counted for another. --large adds a
million customers. Prints a Markdown table: the medians, and the largest memory of the process.
"""

import json
import resource
import statistics
import subprocess
import sys
import time

from segmentry.datasets import ecommerce
from segmentry.settings import Settings
from segmentry.workflows.segment import segment

EFFORTS = ("quick", "standard", "thorough")
ROUNDS = {999: 5, 20_000: 3, 1_000_000: 1}
ADDED = ("Weighing the evidence", "Trying other ways")
"""The steps that re-runs are made in."""


def main() -> None:
    """Measure and print."""
    if len(sys.argv) > 2 and sys.argv[1] == "--one":
        print(json.dumps(measured(sys.argv[2], int(sys.argv[3]))))
        return
    sizes = [n for n in ROUNDS if n < 1_000_000 or "--large" in sys.argv]
    print("| customers | effort | weighing, CPU s | other ways, CPU s | together | memory, MB |")
    print("| ---: | --- | ---: | ---: | ---: | ---: |")
    for n in sizes:
        for effort in EFFORTS:
            found = [_alone(effort, n) for _ in range(ROUNDS[n])]
            weighing, others = (statistics.median(one[step] for one in found) for step in ADDED)
            memory = max(one["memory"] for one in found)
            print(
                f"| {n:,} | {effort} | {weighing:.2f} | {others:.2f} | {weighing + others:.2f} | {memory:.0f} |",
                flush=True,
            )


def measured(effort: str, n: int) -> dict[str, float]:
    """Processor seconds of each step of one run, and the largest memory."""
    table = ecommerce(n).customers
    began: list[tuple[str, float]] = []
    segment(table, Settings().changed(effort=effort), lambda step: began.append((step, time.process_time())))
    ends = [*(at for _, at in began[1:]), time.process_time()]
    seconds = {step: end - at for (step, at), end in zip(began, ends, strict=True)}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {step: seconds[step] for step in ADDED} | {"memory": memory}


def _alone(effort: str, n: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", effort, str(n)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(text))


if __name__ == "__main__":
    main()
