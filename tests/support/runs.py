"""Runs that several tests look at, each made once in a process: a result is frozen, so they may share it."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import segmentry as sg
from segmentry.progress import begin, listening
from segmentry.records.run import Run
from segmentry.settings import Settings
from segmentry.workflows import segment as workflow

FAST: dict[str, Any] = {"effort": "quick", "compare": False}
"""Settings for claims that hold at every effort and say nothing of other algorithms."""


@cache
def run_of_file(file: Path, **settings: Hashable) -> sg.Result:
    """The run over a file with some settings."""
    return sg.segment(file, **settings)


@cache
def run_of_shop(customers: int = 300, shop: int = 0, **settings: Hashable) -> sg.Result:
    """The run over the generated customers of a shop, told apart from others by its number."""
    return sg.segment(sg.datasets.ecommerce(customers, seed=shop).customers, **settings)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A run, and the steps that were told while it was made."""

    run: Run
    steps: tuple[str, ...]


_KEPT: dict[tuple[object, ...], _Kept] = {}
_SEGMENT = workflow.segment


@contextmanager
def each_run_made_once() -> Iterator[None]:
    """Make a run over the same input with the same settings once, whichever command or call asks for it.

    Only for tests whose claim is about what is around a run. The steps are told again.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflow, "segment", _segment)
        yield


def _segment(source: object, settings: Settings, **how: Any) -> Run:
    key = _key(source, settings)
    if key is None:
        return _SEGMENT(source, settings, **how)
    if key in _KEPT:
        for step in _KEPT[key].steps:
            begin(step)
        return _KEPT[key].run
    steps: list[str] = []
    with listening(steps.append):
        run = _SEGMENT(source, settings, **how)
    _KEPT[key] = _Kept(run=run, steps=tuple(steps))
    return run


OTHER_FILES = ("suppression", "pseudonymise", "archetypes", "playbook", "previous")
"""Settings with which a run depends on more than a table: other files, or a key."""


def _key(source: object, settings: Settings) -> tuple[object, ...] | None:
    """What a run depends on, where that is a table and settings alone."""
    chosen = settings.flat()
    contents = _contents(source)
    if not contents or any(chosen[name] for name in OTHER_FILES):
        return None
    return (*contents, repr(settings))


def _contents(source: object) -> tuple[object, ...]:
    """What is in a file or in a table; nothing for any other source."""
    if isinstance(source, str | Path) and Path(source).is_file():
        return (Path(source).name, sha256(Path(source).read_bytes()).digest())
    if isinstance(source, pa.Table):
        file = BytesIO()
        pq.write_table(source, file)
        return (sha256(file.getvalue()).digest(),)
    return ()
