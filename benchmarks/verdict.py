"""Whether the verdict is right: hundreds of customer tables with known groups, or known to have none.

Usage: python benchmarks/verdict.py [--half report|calibrate|all] [--effort quick|standard|thorough]
                                    [--calibrate] [--rejudge] [--quick N] [--cached] [--cache FOLDER] [--tag NAME]

Makes the sets (``crowd_sets.py``), moves their groups to the difficulty of their stratum before the
product sees any of them, runs the product on each and prints what it got right, beside every index
alone. What was done stays in the cache, one line a set: a second call goes on where the first one
stopped, ``--calibrate`` tries other thresholds on the evidence that is there, and ``--rejudge``
reports what the rule of today makes of it. Evidence is measured again only under another ``--tag``.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from crowd_sets import GENERATOR, Crowd, CrowdSpec, Tuning, make, plan, tune
from sklearn.metrics import adjusted_rand_score
from verdict_calibrate import calibration, ruled
from verdict_report import report
from verdict_rules import Outcome

import segmentry
from segmentry.edges.run_folder import codec
from segmentry.records.arrays import frozen
from segmentry.records.evidence import Evidence, KEvidence
from segmentry.settings import Settings
from segmentry.stages.choose import VerdictRule

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
MOST = Settings().choice.max_segments
EVERY = 20
"""A line of progress is written after so many sets."""

T = TypeVar("T")
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """A line of the cache: one set and how far apart its groups lie."""

    spec: CrowdSpec
    tuning: Tuning


@dataclass(frozen=True, slots=True)
class Lines:
    """A file of records, one line each, that only grows.

    Attributes:
        path: The file.
    """

    path: Path

    def read(self, kind: type[T]) -> list[T]:
        """Every record; a last line that was cut short is left out."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        return [codec.loads(line, kind, where=self.path.name) for line in lines if line.endswith("\n")]

    def mend(self) -> None:
        """Take out a last line that was cut short."""
        if self.path.exists() and not (text := self.path.read_bytes()).endswith(b"\n"):
            self.path.write_bytes(text[: text.rfind(b"\n") + 1])

    def add(self, record: object) -> None:
        """Write one more."""
        text = json.dumps(codec.plain(record), ensure_ascii=False, allow_nan=False)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")


def main() -> None:
    """Make the sets, run the product, print the report."""
    asked = _arguments()
    os.environ.update(dict.fromkeys(THREADS, "1"))
    half = "calibrate" if asked.calibrate else asked.half
    specs = [spec for spec in _some(asked.quick) if half in {spec.half, "all"}]
    asked.cache.mkdir(parents=True, exist_ok=True)
    found = {one.spec: one for one in _kept(asked).read(Outcome)}
    if not asked.cached:
        left = [spec for spec in specs if spec not in found]
        found |= {judgement.spec: judgement for judgement in _judged(left, asked)}
    outcomes = [found[spec] for spec in specs if spec in found]
    if asked.calibrate:
        print(calibration(outcomes))
        return
    now = [ruled(outcome, VerdictRule()) for outcome in outcomes]
    changed = sum(outcome != other for outcome, other in zip(outcomes, now, strict=True))
    if changed:
        print(
            f"The rule of today gives another verdict on {changed} of {len(outcomes)} sets.", file=sys.stderr
        )
    print(report(now if asked.rejudge else outcomes, asked.up_to))


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add = asked.add_argument
    add("--half", choices=("report", "calibrate", "all"), default="report", help="which sets")
    add("--calibrate", action="store_true", help="try other thresholds, on the calibrate half")
    add("--effort", choices=("quick", "standard", "thorough"), default="standard", help="of the product")
    add("--quick", type=int, metavar="N", help="only N sets of each: without groups, with groups, with noise")
    add("--cached", action="store_true", help="run nothing: report what is in the cache")
    add(
        "--rejudge",
        action="store_true",
        help="apply today's rule to the evidence there is; the ARI stays as shipped",
    )
    add("--cache", type=Path, default=Path(tempfile.gettempdir()) / "segmentry-verdict", help="a folder")
    add("--tag", help="a name for these runs in the cache; version and effort when not given")
    add("--workers", type=int, default=2, help="processes side by side")
    add(
        "--up-to",
        type=int,
        default=MOST,
        metavar="K",
        help="the most segments that the single indices may say",
    )
    return asked.parse_args()


def _some(count: int | None) -> Sequence[CrowdSpec]:
    """The plan, in an order that mixes the strata; or the first sets of each kind in that order."""
    specs = plan()
    mixed = [specs[index] for index in np.random.default_rng(0).permutation(len(specs))]
    if count is None:
        return mixed
    kinds: Mapping[str, Callable[[CrowdSpec], bool]] = {
        "without groups": lambda spec: spec.k == 1,
        "with groups": lambda spec: spec.k > 1 and not spec.noise,
        "with noise": lambda spec: spec.noise > 0,
    }
    return [spec for kind in kinds.values() for spec in [one for one in mixed if kind(one)][:count]]


def _kept(asked: argparse.Namespace) -> Lines:
    tag = asked.tag or f"{segmentry.__version__}-{asked.effort}"
    return Lines(asked.cache / f"outcomes-{GENERATOR}-{tag}.jsonl")


def _judged(specs: Sequence[CrowdSpec], asked: argparse.Namespace) -> Iterator[Outcome]:
    """First tune every set, then run the product on each."""
    tunings = Lines(asked.cache / f"tunings-{GENERATOR}.jsonl")
    known = {one.spec: one for one in tunings.read(Tuned)}
    untuned = [(spec,) for spec in specs if spec not in known]
    known |= {one.spec: one for one in _side_by_side(_tuned, untuned, tunings, asked.workers)}
    work = [(known[spec], asked.effort) for spec in specs]
    yield from _side_by_side(judged, work, _kept(asked), asked.workers)


def _side_by_side(
    act: Callable[..., T], work: Sequence[tuple[object, ...]], kept: Lines, workers: int
) -> Iterator[T]:
    """Do it all in processes of one thread each; each result is kept as soon as it is there."""
    if not work:
        return
    kept.mend()
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        coming = [pool.submit(act, *one) for one in work]
        for count, one in enumerate(as_completed(coming), 1):
            kept.add(one.result())
            if count % EVERY == 0 or count == len(work):
                print(f"{kept.path.name}: {count} of {len(work)}", file=sys.stderr, flush=True)
            yield one.result()


def _tuned(spec: CrowdSpec) -> Tuned:
    return Tuned(spec=spec, tuning=tune(spec))


def judged(tuned: Tuned, effort: str) -> Outcome:
    """Run the product on one set as a user would, and see how right it was."""
    crowd = make(tuned.spec, tuned.tuning)
    began = time.process_time()
    result = segmentry.segment(crowd.table, effort=effort, compare=False, seed=0)
    seconds = time.process_time() - began
    _refuse_other_features(tuned.spec, result.run.model.recipe.features)
    return Outcome(
        spec=tuned.spec,
        tuning=tuned.tuning,
        kind=str(result.verdict.kind),
        k=result.verdict.k,
        grouped=result.verdict.grouped,
        confidence=result.verdict.confidence,
        ari=_agreement(crowd, result),
        cpu_seconds=round(seconds, 2),
        evidence=_without_pictures(result.evidence),
    )


def _agreement(crowd: Crowd, result: "segmentry.Result") -> float:
    """Of the shipped segments with the true groups, customer by customer."""
    shipped = result.customers
    if not shipped["customer_id"].equals(crowd.table["customer_id"]):
        raise RuntimeError("The customers came back in another order.")
    return round(float(adjusted_rand_score(crowd.labels, shipped["segment"].to_numpy())), 4)


def _refuse_other_features(spec: CrowdSpec, features: Sequence[str]) -> None:
    """A set counts only if the product segments by all of its features."""
    if len(features) != spec.p:
        raise RuntimeError(f"'{spec.name}' has {spec.p} features, but {len(features)} were used.")


def _without_pictures(evidence: Evidence) -> Evidence:
    """The evidence without what is only drawn."""
    return replace(
        evidence, curves=(), flows=(), by_k=tuple(_without_histograms(row) for row in evidence.by_k)
    )


def _without_histograms(row: KEvidence) -> KEvidence:
    if row.resampled is None:
        return row
    borders = tuple(replace(border, places=frozen([]), counts=frozen([])) for border in row.resampled.borders)
    return replace(row, resampled=replace(row.resampled, borders=borders))


if __name__ == "__main__":
    main()
