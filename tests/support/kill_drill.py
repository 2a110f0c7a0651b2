"""Kills the program at every step and at any instant of its life, and looks whether something is lost, torn or left.

    python tests/support/kill_drill.py --kills 1000

Each kill works on a folder of its own: a finished run, a list, scores and a shared copy. A command is killed in it
by SIGKILL, before its n-th change of a file or folder or at a random instant, or told to end by SIGTERM. The next
commands must then succeed, the folder must be as it was before the killed command or as it would be after it, and
nothing hidden may be left in it or in the temporary folder.
"""

import argparse
import csv
import hashlib
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from support.kills import SAID, changes, ended, in_child, killed_before, sent
from support.pictures import without_drawing
from support.runs import each_run_made_once

from segmentry.cli.shell import run_app

Words: TypeAlias = tuple[str, ...]
Files: TypeAlias = Mapping[str, str]

TABLE = "customers.csv"
RUN = ("run", TABLE, "--effort", "quick", "--config", "drill.toml", "--quiet")
RESULT = ("result", "add", "good", "--segment", "Biggest", "--treated", "900", "--control", "100", "--quiet")
WHEN = (
    "--from",
    "2026-01-01",
    "--to",
    "2026-02-01",
    "--treated-conversions",
    "90",
    "--control-conversions",
    "5",
)
LIFE: Mapping[str, Words] = {
    "run": (*RUN, "--k", "2", "--out", "deep/fresh"),
    "run over a run": (*RUN, "--k", "3", "--out", "good", "--force"),
    "score": ("score", "good", TABLE, "--out", "new.csv", "--quiet"),
    "score over scores": ("score", "good", "fewer.csv", "--out", "scores.csv", "--force", "--quiet"),
    "export": ("export", "good", "--segment", "1", "--out", "new.csv", "--quiet"),
    "export over a list": ("export", "good", "--segment", "2", "--out", "list.csv", "--force", "--quiet"),
    "forget": ("forget", "good", "--id", "C7", "--quiet"),
    "share": ("share", "good", "--out", "fresh", "--quiet"),
    "share over a copy": ("share", "good", "--out", "shared", "--force", "--smallest-cell", "20", "--quiet"),
    "result add": (*RESULT, *WHEN),
}
"""The commands that are killed; the name of a segment is put in for 'Biggest'."""

LATER = 1.1
"""Random instants are up to this share of the time that a command takes."""
CLOCK = re.compile(rb'\d{4}-\d\d-\d\dT[\d:.+Z]+|"clock": \{.*?\}\s*\}', re.DOTALL)
"""What differs between equal runs."""
BESIDE = re.compile(r"said\.txt|(deep/)?next\.|tmp/|.*/\.|\.")
"""What is not looked at as the work of a command: what it said, the next commands' files and what is hidden."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a folder in which a command was killed."""

    command: str
    how: str
    when: str
    faults: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Drill:
    """A folder to start from, and what each command makes of it.

    Attributes:
        start: The folder.
        after: The files after each command.
        steps: How often each command changes a file or a folder.
        seconds: How long it takes.
    """

    start: Path
    before: Files
    after: Mapping[str, Files]
    steps: Mapping[str, int]
    seconds: Mapping[str, float]


def command(home: Path, words: Words) -> int:
    """Carry out a command in a folder as the shell does."""
    os.chdir(home)
    tempfile.tempdir = str(home / "tmp")
    said = os.open(home / SAID, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return run_app(words)


def files(home: Path) -> Files:
    """What is in a folder, but for what differs between equal runs and what commands said."""
    return {
        str(file.relative_to(home)): hashlib.sha256(CLOCK.sub(b"", file.read_bytes())).hexdigest()
        for file in sorted(home.rglob("*"))
        if file.is_file() and not BESIDE.match(str(file.relative_to(home)))
    }


def prepare(root: Path) -> Drill:
    """Make the folder to start from, and carry out each command once without a kill."""
    warm_up(root / "warm")
    start = root / "start"
    (start / "tmp").mkdir(parents=True)
    write_customers(start)
    for words in (
        (*RUN, "--k", "2", "--out", "good"),
        ("score", "good", TABLE, "--out", "scores.csv", "--quiet"),
        ("export", "good", "--segment", "1", "--out", "list.csv", "--quiet"),
        ("share", "good", "--out", "shared", "--quiet"),
    ):
        must(start, words)
    after, steps, seconds = {}, {}, {}
    for name, words in LIFE.items():
        home = shutil.copytree(start, root / "whole")
        began = time.perf_counter()
        steps[name] = changes(home, partial(command, home, called(words, home)))
        seconds[name] = time.perf_counter() - began
        after[name] = files(home)
        shutil.rmtree(home)
    return Drill(start=start, before=files(start), after=after, steps=steps, seconds=seconds)


def warm_up(home: Path) -> None:
    """Import everything and make the runs in this process: its copies have them then."""
    (home / "tmp").mkdir(parents=True)
    write_customers(home)
    os.chdir(home)
    for words in ((*RUN, "--k", "2", "--out", "good"), *LIFE.values()):
        run_app(called(words, home))


def write_customers(home: Path) -> None:
    """The table, a part of it, and the settings."""
    random_numbers = np.random.default_rng(5)
    lines = ["customer_id,orders,spend,recency_days"]
    for number in range(150):
        big = number % 3
        orders, spend = random_numbers.poisson(2 + 9 * big), random_numbers.lognormal(3 + big, 0.2)
        lines.append(f"C{number},{orders},{spend:.2f},{random_numbers.integers(5, 60 + 90 * (2 - big))}")
    (home / TABLE).write_text("\n".join(lines) + "\n")
    (home / "fewer.csv").write_text("\n".join(lines[:90]) + "\n")
    (home / "drill.toml").write_text("compare = false\n")


def called(words: Words, home: Path) -> Words:
    """The words with the name of a segment."""
    if "Biggest" not in words:
        return words
    with (home / "good" / "segments.csv").open(encoding="utf-8", newline="") as lines:
        name = next(csv.DictReader(lines))["segment"]
    return tuple(name if word == "Biggest" else word for word in words)


def must(home: Path, words: Words) -> None:
    """Carry out a command that must succeed."""
    if code := ended(in_child(partial(command, home, words))):
        raise SystemExit(f"{' '.join(words)} ended with {code}: {(home / SAID).read_text()}")


def killed_at_change(drill: Drill, name: str, number: int, home: Path) -> Outcome:
    """Kill a command before its n-th change."""
    code = killed_before(number, home, partial(command, home, called(LIFE[name], home)))
    found = tuple(faults(drill, name, home, code))
    return Outcome(command=name, how="killed at a change", when=str(number), faults=found)


def killed_at_instant(drill: Drill, name: str, moment: float, home: Path) -> Outcome:
    """Kill a command after some seconds."""
    code = sent(signal.SIGKILL, moment, partial(command, home, called(LIFE[name], home)))
    found = tuple(faults(drill, name, home, code))
    return Outcome(command=name, how="killed at an instant", when=f"{moment:.3f} s", faults=found)


def told_to_end(drill: Drill, name: str, moment: float, home: Path) -> Outcome:
    """Tell a command to end after some seconds: it leaves nothing even before the next command."""
    code = sent(signal.SIGTERM, moment, partial(command, home, called(LIFE[name], home)))
    found = (*(f"left at once: {one}" for one in left(home)), *faults(drill, name, home, code))
    return Outcome(command=name, how="told to end", when=f"{moment:.3f} s", faults=found)


def faults(drill: Drill, name: str, home: Path, code: int) -> Iterator[str]:
    """What is wrong after a command was killed."""
    if code not in {0, 2, -signal.SIGKILL, -signal.SIGTERM}:
        yield f"ended with {code}: {(home / 'said.txt').read_text()[-2000:]}"
    yield from failed(home, ("result", "list", "good"))
    yield from failed(home, ("score", "good", "fewer.csv", "--out", "next.csv", "--quiet"))
    if (home / "deep").exists():
        yield from failed(home, ("init", "--out", "deep/next.toml"))
    yield from (f"left: {one}" for one in left(home))
    now = files(home)
    if now == drill.before:
        yield from failed(home, called(LIFE[name], home))
        now = files(home)
    if torn := different(now, drill.after[name]):
        yield f"torn: {len(torn)} files, such as {min(torn)}"


def failed(home: Path, words: Words) -> Iterator[str]:
    """What a command says that does not succeed."""
    if code := ended(in_child(partial(command, home, words))):
        yield f"'{' '.join(words)}' then ended with {code}: {(home / SAID).read_text()[-2000:]}"


def left(home: Path) -> list[str]:
    """Hidden files and folders, and what is in the temporary folder."""
    return [
        str(one.relative_to(home))
        for one in home.rglob("*")
        if one.name.startswith(".") or one.parent == home / "tmp"
    ]


def different(one: Files, other: Files) -> set[str]:
    """The files that are not the same."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def kills(drill: Drill, number: int, seed: int) -> Iterator[Callable[[Path], Outcome]]:
    """As many kills as asked: half before changes, each of which has its turn, and half at random instants."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    every = [(name, step) for name, steps in drill.steps.items() for step in range(1, steps + 1)]
    dice.shuffle(every)
    at_changes = every[: number // 2]
    for name, step in at_changes:
        yield partial(killed_at_change, drill, name, step)
    for at in range(number - len(at_changes)):
        name = dice.choice(list(LIFE))
        moment = dice.random() * drill.seconds[name] * LATER
        yield partial(told_to_end if at % 3 == 0 else killed_at_instant, drill, name, moment)


def main() -> int:
    """Make the kills, say what was found, and fail when anything was."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    made, wrong = Counter[str](), 0
    with ExitStack() as stack:
        stack.enter_context(without_drawing())
        stack.enter_context(each_run_made_once())
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        drill = prepare(root)
        for kill in kills(drill, options.kills, options.seed):
            home = shutil.copytree(drill.start, root / "home")
            outcome = kill(home)
            made[outcome.how] += 1
            wrong += bool(outcome.faults)
            for fault in outcome.faults:
                tell(f"{outcome.command}, {outcome.how} {outcome.when}: {fault}")
            shutil.rmtree(home, ignore_errors=True)
            if sum(made.values()) % 100 == 0:
                tell(f"{sum(made.values())} times so far")
    tell(f"{sum(made.values())} times ({dict(made)}), and {wrong} times something was lost, torn or left")
    return wrong > 0


def tell(line: str) -> None:
    """Say something at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
