"""An audience on its way out: read what is needed once more, draw up the list, write it with its manifest."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from segmentry.edges.audiences import audience_csv, audience_manifest, check_audience, digest, save_audience
from segmentry.edges.pseudonym_key import pseudonyms
from segmentry.edges.sources.contacts import ContactColumns, read_contacts, read_ids
from segmentry.errors import UsageError
from segmentry.records.audience import Audience, Contacts, Wanted
from segmentry.records.run import Run
from segmentry.records.settings import ReadSettings
from segmentry.workflows.audience import audience

Ids: TypeAlias = str | os.PathLike[str] | Collection[str] | None
"""Ids themselves, or the path of a file that holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What is read for an audience beside the run.

    Attributes:
        contacts: How customers can be reached: a path, or a table in memory.
        columns: Columns of the contacts that were named.
        reading: How to read the contacts.
        suppress: Further people who are left out, beside those on the run's own list.
        key_file: The file with the key of a pseudonymised run; the environment when not given.
    """

    contacts: object = None
    columns: ContactColumns = field(default_factory=ContactColumns)
    reading: ReadSettings | None = None
    suppress: Ids = None
    key_file: str | None = None


def drawn_up(run: Run, wanted: Wanted, files: Files) -> Audience:
    """The audience, with the suppression list applied again and the contacts joined on the id.

    Raises:
        SegmentryError: when a file cannot be read, or what is wanted does not fit the run.
    """
    suppressed = wanted.suppressed | suppressed_ids(run, files.suppress)
    contacts = None
    if files.contacts is not None:
        contacts = read_contacts(files.contacts, run.survey.customers.id_name, files.columns, files.reading)
    privacy = run.settings.privacy
    if privacy.pseudonymise:
        names = pseudonyms(files.key_file or privacy.key_file)
        suppressed = frozenset(names(one) for one in suppressed)
        contacts = contacts and _renamed(contacts, names.of(contacts.ids).tolist())
    return audience(run, replace(wanted, suppressed=suppressed), contacts)


def _renamed(contacts: Contacts, ids: list[str]) -> Contacts:
    import numpy as np

    return replace(contacts, ids=np.array(ids, dtype=object))


def ids_given(ids: Ids, id_name: str) -> frozenset[str]:
    """Ids, whether they were given themselves or in a file.

    Raises:
        DataError: when the file cannot be read.
    """
    if isinstance(ids, str | os.PathLike):
        return read_ids(Path(ids), id_name)
    return frozenset(map(str, ids or ()))


def suppressed_ids(run: Run, further: Ids) -> frozenset[str]:
    """Everybody on the run's suppression list, read again as it is now, and on a further one.

    Raises:
        UsageError: when the run's list is not there any more and no other is given.
    """
    id_name = run.survey.customers.id_name
    listed = ids_given(further, id_name)
    own = run.settings.privacy.suppression or None
    if own is None or (further is not None and not Path(own).exists()):
        return listed
    if not Path(own).exists():
        raise UsageError(
            f"The run left out the people in '{own}', and that list is not there any more.",
            hint="Name where it is now: --suppress FILE.",
        )
    return listed | read_ids(own, id_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """The CSV to write.

    Attributes:
        path: Where; the manifest is written beside it.
        replace: Whether a file that is there may be replaced.
    """

    path: Path
    replace: bool = False


def send(run: Run, wanted: Wanted, files: Files, target: NewFile, made: Mapping[str, str]) -> Audience:
    """Write an audience and its manifest.

    Args:
        run: The run.
        wanted: Which segment, which platform, who of its customers.
        files: What is read for it.
        target: The CSV to write.
        made: When (``at``) and with which version (``segmentry``).

    Raises:
        SegmentryError: as ``drawn_up``, and when the file exists or cannot be written.
    """
    check_audience(target.path, force=target.replace)
    found = drawn_up(run, wanted, files)
    text = audience_csv(found)
    about = {**made, "file": target.path.name, "sha256": digest(text)}
    manifest = audience_manifest(found, run, wanted, about)
    save_audience(text, manifest, target.path, force=target.replace)
    return found
