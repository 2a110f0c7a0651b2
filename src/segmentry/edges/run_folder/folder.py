"""The folder that is written: under a temporary name, renamed when complete, and never over something else."""

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from segmentry.edges.run_folder.manifest import is_ours
from segmentry.edges.run_folder.new_file import LONGEST_STEM, refuse_taken
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
        with _parents(path.parent):
            half = Path(
                tempfile.mkdtemp(
                    prefix=f".{path.name[:LONGEST_STEM]}.", suffix=".unfinished", dir=path.parent
                )
            )
            try:
                half.chmod(0o755)
                yield half
                _move(half, path)
            finally:
                shutil.rmtree(half, ignore_errors=True)
    except OSError as failure:
        raise _unwritable(Path(target), failure) from failure


def check_target(path: Path, *, force: bool) -> None:
    """Refuse a target before any work is done for it.

    Raises:
        OutputError: when it exists and may not be replaced, or its parent cannot hold it.
    """
    real = Path(os.path.realpath(path))
    try:
        if real.exists():
            _refuse_existing(path, real, force=force)
        parent = next(one for one in real.parents if one.exists())
        tempfile.TemporaryDirectory(prefix=".segmentry.", dir=parent).cleanup()
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
        raise OutputError(
            f"The folder '{path}' exists already.",
            hint="Choose another with --out, or replace it with --force.",
        )
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


def _move(half: Path, path: Path) -> None:
    """Put the finished folder in its place; an earlier one goes only when the new one stands."""
    if not path.exists():
        half.rename(path)
        return
    old = half.with_suffix(".replaced")
    try:
        path.rename(old)
        half.rename(path)
    except BaseException:
        if old.exists() and not path.exists():
            old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _unwritable(path: Path, failure: OSError) -> OutputError:
    return OutputError(
        f"'{path}' cannot be written: {reason(failure)}.", hint="Choose another place with --out."
    )


def write_new(text: str, path: Path, *, force: bool) -> None:
    """A text file that is not there yet, or may be replaced.

    Raises:
        OutputError: when it exists already, or cannot be written.
    """
    refuse_taken(path, force=force)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise _unwritable(path, failure) from None


def carry_over(old: Path, new: Path, ids: Collection[str]) -> None:
    """Take over what else belongs to the run and was not written anew, such as recorded results.

    Raises:
        OutputError: when such a file names somebody who is to be erased.
    """
    named = re.compile("|".join(rf"(?<![\w.@+-]){re.escape(one)}(?![\w@+-])" for one in sorted(ids)))
    for file in sorted(old.iterdir()):
        if file.name not in ARTEFACTS or (new / file.name).exists() or not file.is_file():
            continue
        if named.search(file.read_text(encoding="utf-8", errors="replace")):
            raise OutputError(
                f"'{file}' names somebody who is to be erased, and it was not written by the run.",
                hint="Nothing was changed. Take the id out of it, or move it away, and try again.",
            )
        shutil.copy2(file, new / file.name)
