"""The manifest of a run folder that is written anew: what it said before, and who is not in it any more."""

import json
import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from segmentry.edges.run_folder.store import ARTEFACTS
from segmentry.errors import ModelError, OutputError, reason

FORGOTTEN = "forgotten"
"""The entry of run.json that counts who was erased, each time with its moment; never who."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """What run.json says.

    Raises:
        ModelError: when it is missing or damaged.
    """
    file = folder / "run.json"
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        lacking = [key for key in ("clock", "versions") if key not in manifest]
    except (OSError, ValueError, TypeError) as failure:
        why = reason(failure) if isinstance(failure, OSError) else "it is damaged"
        raise ModelError(f"'{file}' cannot be read: {why}.", hint="Make the run again.") from None
    if lacking:
        raise ModelError(f"'{file}' has no '{lacking[0]}'.", hint="Make the run again.")
    return dict(manifest)


def keep_forgotten(folder: Path, before: Mapping[str, Any], now: tuple[int, str]) -> None:
    """Write into run.json how many were erased and when, now and earlier."""
    file = folder / "run.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    customers, moment = now
    manifest[FORGOTTEN] = [*before.get(FORGOTTEN, ()), {"customers": customers, "at": moment}]
    text = json.dumps(manifest, ensure_ascii=False, allow_nan=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8")


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
