"""An audience as a file with its manifest beside it: both appear together, or neither."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from segmentry.edges.run_folder.new_file import refuse_place, write_private, write_whole
from segmentry.edges.run_folder.tables import harmless
from segmentry.errors import OutputError
from segmentry.records.audience import Audience, Wanted
from segmentry.records.rounding import rounded
from segmentry.records.run import Run
from segmentry.stages.audience import PLATFORMS

NUMBER = re.compile(r"\+\d{7,15}")
"""A telephone number: its plus sign begins no formula, and an apostrophe before it would spoil it."""


def manifest_path(path: Path) -> Path:
    """Where the manifest of an audience stands.

    >>> manifest_path(Path("loyal.csv")).name
    'loyal.manifest.json'
    """
    return path.with_name(f"{path.stem}.manifest.json")


def check_audience(path: Path, *, force: bool) -> None:
    """Refuse a target before any work is done for it.

    Raises:
        OutputError: when it is no CSV, exists already, or its folder cannot hold it.
    """
    if path.suffix.lower() != ".csv":
        raise OutputError(f"'{path}' is not a .csv.", hint="Give --out a name that ends in .csv.")
    refuse_place([path, manifest_path(path)], force=force)


def audience_csv(audience: Audience) -> str:
    """The list as CSV text that no spreadsheet takes for formulas.

    A plain telephone number keeps its plus sign: it computes nothing.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow([harmless(name) for name in audience.columns])
    for row in zip(*audience.columns.values(), strict=True):
        writer.writerow([_safe("" if one is None else str(one)) for one in row])
    return target.getvalue()


def _safe(text: str) -> str:
    return text if NUMBER.fullmatch(text) else harmless(text)


def audience_manifest(
    audience: Audience, run: Run, wanted: Wanted, made: Mapping[str, str]
) -> dict[str, object]:
    """What the list is and what became of everybody who is not on it; no ids.

    Args:
        audience: The audience.
        run: The run that it comes from.
        wanted: What was asked for.
        made: When and with what: ``at``, ``segmentry``, ``file``, ``sha256``, ``contacts``.
    """
    platform = PLATFORMS[wanted.platform]
    return {
        **made,
        "run": {
            "source": run.survey.source.name,
            "fingerprint": run.survey.source.fingerprint,
            "seed": run.seed,
            "segments": run.k,
        },
        "segment": audience.segment,
        "platform": platform.name,
        "profile": {
            "version": platform.version,
            "sources_looked_at": platform.dated,
            "sources": list(platform.sources),
            "note": platform.note,
        },
        "columns": list(audience.columns),
        "customers_in_segment": audience.customers,
        "rows": len(audience),
        "left_out": [
            {"reason": exclusion.reason, "customers": exclusion.customers}
            for exclusion in audience.exclusions
        ],
        "values_left_blank": dict(audience.left_blank),
        "control": None
        if wanted.control is None
        else {
            "how": str(wanted.control),
            "marked": audience.control,
            "salt": wanted.groups.holdout_salt,
            "campaign": wanted.campaign or audience.segment,
            "share": float(rounded(wanted.groups.control_share)),
            "holdout_share": float(rounded(wanted.groups.holdout_share)),
        },
        "basis": audience.basis or None,
        "warnings": list(audience.warnings),
    }


def save_audience(text: str, manifest: Mapping[str, object], path: Path, *, force: bool) -> None:
    """Write the list and its manifest; both are complete before either has its name.

    Raises:
        OutputError: when they exist (and ``force`` is not set) or cannot be written.
    """
    check_audience(path, force=force)
    about = json.dumps(manifest, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    texts = {path: text, manifest_path(path): about}
    write_whole({file: partial(write_private, said) for file, said in texts.items()}, force=force)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, as it stands in the file."""
    return hashlib.sha256(text.encode()).hexdigest()
