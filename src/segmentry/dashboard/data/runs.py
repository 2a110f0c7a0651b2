"""The runs that are looked at: one run folder, or a folder of them, opened when they are asked for."""

import os
import threading
from pathlib import Path

import duckdb
from pyarrow import ArrowException

from segmentry.dashboard.data.customers import Customers
from segmentry.dashboard.data.opened_run import Opened, Signature
from segmentry.dashboard.data.pairs import Pairs
from segmentry.dashboard.web.errors import NotThere, Outdated
from segmentry.edges.run_folder.manifest import FILE as MARK
from segmentry.edges.run_folder.manifest import read_manifest
from segmentry.edges.run_folder.row_check import check_rows
from segmentry.edges.run_folder.store import load_record
from segmentry.edges.work_folder import restore
from segmentry.errors import ModelError, UsageError, shortened

KEPT_OPEN = 4
"""Runs that stay open at once."""


class Library:
    """The runs under one path; a folder that is replaced is opened anew."""

    def __init__(self, path: Path) -> None:
        """Look at a path.

        Raises:
            UsageError: when there is no run.
        """
        restore(path)
        self._path = Path(os.path.realpath(path))
        self._single = (self._path / MARK).is_file()
        self._open: dict[str, Opened] = {}
        self._lock = threading.Lock()
        self.pairs = Pairs()
        if not self.names:
            raise UsageError(
                f"There is no run in '{shortened(str(path))}'.",
                hint="Give a folder that 'segmentry run' wrote, or a folder of such folders.",
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the runs, the newest first."""
        if self._single:
            return (self._path.name,)
        if not self._path.is_dir():
            return ()
        marks = [
            entry / MARK
            for entry in self._path.iterdir()
            if not entry.name.startswith(".")
            and (entry / "result.json").is_file()
            and (entry / MARK).is_file()
        ]
        dated = sorted(((_moment(mark.parent), mark.parent.name) for mark in marks), reverse=True)
        return tuple(name for _, name in dated)

    def columns(self, name: str) -> frozenset[str]:
        """The columns of the table that a run was made from; none where that cannot be read."""
        folder = self._path if self._single else self._path / name
        try:
            return frozenset(read_manifest(folder).columns)
        except ModelError:
            return frozenset()

    def opened(self, name: str = "") -> Opened:
        """The run of a name; the newest one for no name.

        Raises:
            NotThere: when there is no such run.
            Outdated: when it cannot be read.
        """
        names = self.names
        wanted = name or (names[0] if names else "")
        if wanted not in names:
            raise NotThere(
                f"There is no run '{shortened(wanted)}'.", hint="Choose one of the runs of this folder."
            )
        folder = self._path if self._single else self._path / wanted
        with self._lock:
            return self._current(wanted, folder)

    def _current(self, name: str, folder: Path) -> Opened:
        """The run as it is now."""
        try:
            signature = _signature(folder)
            known = self._open.pop(name, None)
            if known is None or known.signature != signature:
                known = _opened(name, folder, signature)
        except (OSError, ModelError, ArrowException, duckdb.Error) as failure:
            hint = getattr(failure, "hint", "") or "Load the page again in a moment."
            raise Outdated(
                f"The run '{shortened(name)}' cannot be read now: {failure}", hint=hint
            ) from failure
        self._open[name] = known
        while len(self._open) > KEPT_OPEN:
            self._open.pop(next(iter(self._open)))
        return known


def _opened(name: str, folder: Path, signature: Signature) -> Opened:
    run = load_record(folder)
    check_rows(run, folder)
    return Opened(name=name, folder=folder, run=run, customers=Customers(folder, run), signature=signature)


def _signature(folder: Path) -> Signature:
    """What changes when a run is written anew."""
    found = [(folder / one).stat() for one in (MARK, "result.json", "customers.parquet")]
    return tuple(part for one in found for part in (one.st_ino, one.st_mtime_ns, one.st_size))


def _moment(folder: Path) -> str:
    """When a run was finished; nothing for what cannot be read."""
    try:
        return read_manifest(folder).clock.finished
    except ModelError:
        return ""
