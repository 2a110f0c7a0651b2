"""The folder that is written: under a temporary name, renamed when complete, and never over something else."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from segmentry.edges.run_folder.manifest import is_ours
from segmentry.edges.run_folder.new_file import refuse_taken, write_whole
from segmentry.edges.work_folder import NEW, move_away, put_folder, tidy, work_folder
from segmentry.errors import OutputError, listed, reason

ARTEFACTS = frozenset(
    {
        "algorithms.csv",
        "borders.csv",
        "choices.csv",
        "columns.csv",
        "customers.csv",
        "customers.parquet",
        "descriptors.csv",
        "evaluation.json",
        "evidence.csv",
        "experiments.json",
        "features.csv",
        "figures",
        "findings.csv",
        "ledger.csv",
        "model.json",
        "pages.parquet",
        "profiles.csv",
        "report.html",
        "result.json",
        "rules.csv",
        "run.json",
        "scoring.sql",
        "segments.csv",
        "stability.csv",
        "strategies.yaml",
        "targets.csv",
        "votes.csv",
    }
)
"""Everything that is written; a folder that holds anything else is never replaced."""


@contextmanager
def new_folder(target: str | os.PathLike[str], *, force: bool = False) -> Iterator[Path]:
    """A folder to fill, which appears under its name only when the block ends well.

    Args:
        target: The folder to make.
        force: Whether an earlier run of that name may be replaced.

    Raises:
        OutputError: when it exists already, or cannot be written.
    """
    check_target(Path(target), force=force)
    path = Path(os.path.realpath(target))
    try:
        with _parents(path.parent), work_folder(path.parent, path.name) as work:
            yield work / NEW
            _put(work, path, Path(target), force=force)
    except OSError as failure:
        raise _unwritable(Path(target), failure) from failure


def _put(work: Path, path: Path, named: Path, *, force: bool) -> None:
    """Put the finished folder in its place, whatever has come there meanwhile."""
    if path.exists():
        _refuse_existing(named, path, force=force)
    if path.exists() and force:
        _refuse_existing(named, move_away(work, path), force=force)  # nobody changes it there
    try:
        put_folder(work, path)
    except OSError:
        if path.exists():
            raise _taken(named) from None
        raise


def check_target(path: Path, *, force: bool) -> None:
    """Refuse a target before any work is done for it, and clear what killed programs left beside it.

    Raises:
        OutputError: when it exists and may not be replaced, or its parent cannot hold it.
    """
    real = Path(os.path.realpath(path))
    parent = next(one for one in real.parents if one.exists())
    try:
        tidy(parent)
        if real.exists():
            _refuse_existing(path, real, force=force)
        tempfile.TemporaryFile(dir=parent).close()
    except OSError as failure:
        raise _unwritable(path, failure) from None


def _refuse_existing(path: Path, real: Path, *, force: bool) -> None:
    """Refuse what may not be replaced: files, folders in use, and folders that hold more than a run."""
    if not real.is_dir():
        raise OutputError(f"'{path}' is a file, not a folder.", hint="Choose another name with --out.")
    if Path.cwd().is_relative_to(real):
        raise OutputError(
            f"'{path}' is a folder that you are in, so it is not replaced.",
            hint="Name a new one with --out, such as runs/customers.",
        )
    inside = sorted(entry.name for entry in real.iterdir())
    if inside and not force:
        raise _taken(path)
    if inside and not is_ours(real):
        raise OutputError(
            f"The folder '{path}' holds something other than a run, so it is not replaced.",
            hint="Choose another with --out.",
        )
    if others := [name for name in inside if name not in ARTEFACTS and not name.startswith(".")]:
        raise OutputError(
            f"The folder '{path}' holds more than a run ({listed(others)}), so it is not replaced.",
            hint="Move that away first, or choose another with --out.",
        )


@contextmanager
def _parents(folder: Path) -> Iterator[None]:
    """Make a folder and its parents; in the end those that stayed empty are taken away again."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for one in missing:
            if one.is_dir() and not any(one.iterdir()):
                one.rmdir()


def _taken(path: Path) -> OutputError:
    return OutputError(
        f"The folder '{path}' exists already.",
        hint="Choose another with --out, or replace it with --force.",
    )


def _unwritable(path: Path, failure: OSError) -> OutputError:
    return OutputError(
        f"'{path}' cannot be written: {reason(failure)}.", hint="Choose another place with --out."
    )


def write_new(texts: Mapping[Path, str], *, force: bool) -> None:
    """Text files of one folder that are not there yet, or may be replaced: all of them, or none.

    Raises:
        OutputError: when one of them exists already, or cannot be written.
    """
    for path in texts:
        refuse_taken(path, force=force)
    write_whole({path: partial(_write_text, text) for path, text in texts.items()}, force=force)


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def _texts_of(file: Path) -> Iterator[str]:
    """What a file says in words: of JSON its texts, since a number in it is no id."""
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        yield from _texts_in(json.loads(text)) if file.suffix == ".json" else (text,)
    except (ValueError, RecursionError):
        yield text


def _texts_in(value: object) -> Iterator[str]:
    """The names and texts in a value of JSON, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)


def carry_over(old: Path, new: Path, ids: Collection[str]) -> None:
    """Take over what else belongs to the run and was not written anew, such as recorded results.

    Raises:
        OutputError: when such a file names somebody who is to be erased.
    """
    named = re.compile("|".join(rf"(?<![\w.@+-]){re.escape(one)}(?![\w@+-])" for one in sorted(ids)))
    for file in sorted(old.iterdir()):
        if file.name not in ARTEFACTS or (new / file.name).exists() or not file.is_file():
            continue
        if any(named.search(text) for text in _texts_of(file)):
            raise OutputError(
                f"'{file}' names somebody who is to be erased, and it was not written by the run.",
                hint="Nothing was changed. Take the id out of it, or move it away, and try again.",
            )
        shutil.copy2(file, new / file.name)
