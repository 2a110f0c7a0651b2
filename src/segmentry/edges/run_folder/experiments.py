"""experiments.json: the recorded tests, which outlive the run that they were recorded beside."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from segmentry.edges.run_folder import codec
from segmentry.edges.work_folder import NEW, put_files, work_folder
from segmentry.errors import ModelError, OutputError, reason
from segmentry.records.strategy import TestResult

FILE = "experiments.json"


def read_experiments(folder: Path) -> tuple[TestResult, ...]:
    """The tests that were recorded in a run folder; none where there is no such file.

    Raises:
        ModelError: when the file is damaged: nobody's result is thrown away in silence.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as failure:
        raise ModelError(f"'{path}' cannot be read: {reason(failure)}.", hint=_MEND) from None
    try:
        return codec.loads(text, tuple[TestResult, ...], where=f"'{path}'")
    except ModelError as failure:
        raise ModelError(failure.what, hint=_MEND) from None


_MEND = "Mend it or move it away: it holds the results that were recorded, and nothing else does."


def write_experiments(results: tuple[TestResult, ...], folder: Path) -> None:
    """The tests as JSON; no file where there are none."""
    if results:
        text = json.dumps([codec.plain(result) for result in results], ensure_ascii=False, indent=1)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else records a result in this folder meanwhile, where the system can see to that."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows has no such locks
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace_files(folder: Path, write: Callable[[Path], None]) -> None:
    """Write files beside those that they replace, and put them in place only when all are complete.

    A program that is killed meanwhile has replaced none of them, or the next that reads the run replaces the rest.

    Args:
        folder: The run folder.
        write: Writes the new files into the folder that it is given.

    Raises:
        OutputError: when something cannot be written; then nothing has changed.
    """
    try:
        with work_folder(folder, "result") as work:
            write(work / NEW)
            put_files(work, replace=True)
    except OSError as failure:
        raise OutputError(
            f"'{folder}' cannot be written: {reason(failure)}.", hint="Check its permissions and free space."
        ) from None
