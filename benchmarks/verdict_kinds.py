"""Whether each word of the verdict is true, on kinds of tables that the rule was not tuned on.

Usage: python benchmarks/verdict_kinds.py [--half open|sealed] [--first N] [--cached] [--write]

Runs the product on the tables of ``crowd_kinds.py`` and keeps what it found, one line a table, so that a second call goes on
where the first stopped; the rule of today is applied to the evidence that was kept. ``--write`` makes the table of hit rates
that the verdict quotes (open half only), ``docs/how-sure.md``, and a line in ``docs/verdict-log.md``.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

from crowd_kinds import Drawn, KindSpec, drawn, planned  # noqa: E402 - threads are counted at import
from crowd_sets import as_table  # noqa: E402
from kinds_report import Judged, how_sure, judged, logged, write_hit_rates  # noqa: E402
from sklearn.metrics import adjusted_rand_score  # noqa: E402
from verdict import Lines, _without_pictures  # noqa: E402

import segmentry  # noqa: E402
from segmentry.records.evidence import Evidence  # noqa: E402

DOCS = Path(__file__).parents[1] / "docs"
PAGE, LOG = DOCS / "how-sure.md", DOCS / "verdict-log.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the product made of one table.

    Attributes:
        spec: The table.
        ari: Adjusted Rand index of the shipped segments to the true groups.
        cpu_seconds: Processor time of the run.
        evidence: All the evidence but for what is only drawn.
    """

    spec: KindSpec
    ari: float
    cpu_seconds: float
    evidence: Evidence


def found(spec: KindSpec) -> Found:
    """Run the product on one table as a user would."""
    table = drawn(spec)
    began = time.process_time()
    result = segmentry.segment(as_table(table.values), compare=False, seed=0)
    return Found(
        spec=spec,
        ari=_agreement(table, result),
        cpu_seconds=round(time.process_time() - began, 2),
        evidence=_without_pictures(result.evidence),
    )


def _agreement(table: Drawn, result: "segmentry.Result") -> float:
    return round(float(adjusted_rand_score(table.labels, result.run.assignment.segment)), 4)


def collected(specs: Sequence[KindSpec], kept: Lines) -> Iterator[Found]:
    """What is kept, and what is still to be run."""
    known = {one.spec: one for one in kept.read(Found)}
    for count, spec in enumerate(specs, 1):
        if spec not in known:
            known[spec] = found(spec)
            kept.add(known[spec])
            print(f"{count} of {len(specs)}: {spec.kind}", file=sys.stderr, flush=True)
        yield known[spec]


def main() -> None:
    """Run what is still to be run, and say what was found."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--half", choices=("open", "sealed"), default="open")
    asked.add_argument("--first", type=int)
    asked.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "segmentry-verdict")
    asked.add_argument("--cached", action="store_true", help="run nothing: report what is kept")
    asked.add_argument("--write", action="store_true", help="write the hit rates, the page and the log")
    said = asked.parse_args()
    half = "open" if said.half == "open" else f"sealed {segmentry.__version__}"
    said.cache.mkdir(parents=True, exist_ok=True)
    kept = Lines(said.cache / f"kinds-{half.replace(' ', '-')}.jsonl")
    kept.mend()
    specs = list(planned(half))[: said.first]
    done = {one.spec: one for one in kept.read(Found)}
    all_found = [done[spec] for spec in specs if spec in done] if said.cached else collected(specs, kept)
    tables = [judged(one.spec, one.evidence, one.ari, one.cpu_seconds) for one in all_found]
    print(how_sure(tables, half))
    if said.write:
        _written(tables, half)


def _written(tables: Sequence[Judged], half: str) -> None:
    """The table of hit rates from the open half, the page, and a line in the log."""
    if half == "open":
        write_hit_rates(tables)
    PAGE.write_text(how_sure(tables, half), encoding="utf-8")
    with LOG.open("a", encoding="utf-8") as log:
        log.write(logged(tables, half, segmentry.__version__) + "\n")


if __name__ == "__main__":
    main()
