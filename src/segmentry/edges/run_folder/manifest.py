"""run.json: what was read, how, when and with what. Nothing else reads or writes that file.

Every folder that segmentry writes has one, and is known by it. That of a run is read back as a ``Manifest``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from segmentry.edges.run_folder import codec
from segmentry.errors import ModelError, reason
from segmentry.records.audit import SUPPRESSED
from segmentry.records.columns import Role
from segmentry.records.run import Run, SourceInfo
from segmentry.records.run_settings import RunSettings
from segmentry.records.verdict import Verdict
from segmentry.stages.scoring.scoring_sql import has_no_sql

FILE = "run.json"
FORMAT = 1
"""The format of the folders that are written and read. It rises when an older program would misread a folder."""
OPTIONAL = ("suppressed", "scoring_sql", "forgotten")
"""Entries that are there only when there is something to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When a run was made and how long its steps took; the only part that differs between equal runs."""

    started: str
    finished: str
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEntry:
    """One segment: its number from 1, its lasting id, its name, its customers and their share of all placed."""

    number: int
    id: str
    name: str
    customers: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """How many customers were left out or erased, and when; never who."""

    customers: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What run.json says of a run.

    Attributes:
        source: What was read.
        as_of: The day that dates count back from (ISO); None without dates.
        seed: The random seed.
        verdict: The recommendation about the number of segments.
        segments: The segments, in their order.
        customers: How many there are.
        sampled: How many of them the search rested on; None for all.
        readiness: Whether the data were ready.
        columns: The role of each column.
        value: What the value of a customer is made of; None without a measure.
        settings: The settings that it was made with.
        versions: Of the program, of Python and of the libraries.
        clock: When it was made and how long each step took.
        suppressed: Who was left out by a suppression list; None where nobody was.
        scoring_sql: Why there is no scoring.sql; None where there is one.
        forgotten: Every erasure, the oldest first.
    """

    source: SourceInfo
    as_of: str | None
    seed: int
    verdict: Verdict
    segments: tuple[SegmentEntry, ...]
    customers: int
    sampled: int | None
    readiness: str
    columns: Mapping[str, Role]
    value: str | None
    settings: RunSettings
    versions: Mapping[str, str]
    clock: Clock
    suppressed: Removal | None = None
    scoring_sql: str | None = None
    forgotten: tuple[Removal, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the segments."""
        return tuple(segment.name for segment in self.segments)


def manifest_of(run: Run, *, versions: Mapping[str, str], clock: Clock) -> Manifest:
    """The manifest of a run."""
    survey = run.survey
    suppressed = sum(line.rows for line in survey.audit.ledger.lines if line.rule == SUPPRESSED)
    without_sql = has_no_sql(run.model.scorer)
    return Manifest(
        source=survey.source,
        as_of=survey.as_of,
        seed=run.seed,
        verdict=run.verdict,
        segments=tuple(
            SegmentEntry(
                number=segment.number,
                id=segment.id,
                name=segment.name,
                customers=segment.customers,
                share=round(segment.share, 12),
            )
            for segment in run.segments
        ),
        customers=len(survey.customers),
        sampled=run.sampled,
        readiness=str(survey.audit.readiness),
        columns={column.name: column.role for column in survey.columns},
        value=survey.value.label if survey.value else None,
        settings=run.settings,
        versions=versions,
        clock=clock,
        suppressed=Removal(customers=suppressed, at=clock.started) if suppressed else None,
        scoring_sql=f"not written: {without_sql}" if without_sql else None,
    )


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write run.json for a run."""
    entries = codec.plain(manifest)
    for name in OPTIONAL:
        if not entries[name]:
            del entries[name]
    write_entries(entries, folder, versions=manifest.versions)


def write_entries(entries: Mapping[str, object], folder: Path, *, versions: Mapping[str, str]) -> None:
    """Write run.json with any entries, between the mark that the folder is ours and the versions."""
    told = {"segmentry": versions["segmentry"], "format": FORMAT, **entries}
    told.setdefault("versions", dict(versions))
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """What run.json says of a run. A key that it does not know is passed over.

    Raises:
        ModelError: when it is missing, damaged or of another format.
    """
    file = folder / FILE
    try:
        told = _entries(folder)
    except (OSError, ValueError) as failure:
        why = reason(failure) if isinstance(failure, OSError) else "it is damaged"
        raise ModelError(f"'{file}' cannot be read: {why}.", hint="Make the run again.") from None
    _refuse_other_format(folder, told)
    known = {field.name: told[field.name] for field in fields(Manifest) if field.name in told}
    return codec.from_plain(known, Manifest, where=f"'{file}'")


def check_format(folder: Path) -> None:
    """Refuse a folder of another format before anything else of it is read.

    Raises:
        ModelError: when its run.json names another format than ours.
    """
    if is_ours(folder):
        _refuse_other_format(folder, _entries(folder))


def is_ours(folder: Path) -> bool:
    """Whether segmentry wrote a folder; other programs write a run.json too."""
    try:
        return "segmentry" in _entries(folder)
    except (OSError, ValueError):
        return False


def _entries(folder: Path) -> dict[str, Any]:
    """run.json as it stands.

    Raises:
        OSError: when it cannot be read.
        ValueError: when it is not a JSON object.
    """
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(told, dict):
        raise ValueError("not an object")  # noqa: TRY004 - damaged, like any other text
    return told


def _refuse_other_format(folder: Path, told: Mapping[str, object]) -> None:
    """Folders without a number were written before there was one, in format 1."""
    found = told.get("format", FORMAT)
    if found != FORMAT:
        raise ModelError(
            f"'{folder}' is a folder of format {found!r}, and this version of segmentry reads format {FORMAT}.",
            hint=f"Open it with the version that wrote it ({told.get('segmentry')}), or make the run again: "
            f"segmentry run <customers> --out {folder} --force.",
        )
