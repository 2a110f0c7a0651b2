"""The names of columns as people meant them: trimmed, none empty, no two the same."""

from collections import Counter
from collections.abc import Sequence

from segmentry.errors import DataError
from segmentry.records.cell_grammar import TRIMMED
from segmentry.stages.columns.parsing_sql import PLACE, ROW

LONGEST = 1_000
"""Letters that the name of a column may have: more are no name but a text that went astray."""


def clean_names(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Clean the names of a header.

    Args:
        header: The names as they stand in the source.

    Returns:
        The names to use, and what was changed, as sentences.

    Raises:
        DataError: if two columns have the same name.

    >>> clean_names(["id", " spend ", ""])[0]
    ('id', 'spend', 'column_3')
    """
    _refuse_long(header)
    trimmed = [name.replace("\0", "").strip(TRIMMED) for name in header]
    twice = [name for name, times in Counter(trimmed).items() if name and times > 1]
    if twice:
        places = " and ".join(str(place + 1) for place, name in enumerate(trimmed) if name == twice[0])
        message = f"Two columns are called '{twice[0]}' (columns {places})."
        raise DataError(message, hint="Rename or remove one of them.")
    names = _told_apart(trimmed)
    return names, tuple(_notes(header, trimmed, names))


def _refuse_long(header: Sequence[str]) -> None:
    long = next((place for place, name in enumerate(header, start=1) if len(name) > LONGEST), None)
    if long is not None:
        message = (
            f"The name of column {long} has {len(header[long - 1]):,} letters; {LONGEST:,} are the most."
        )
        raise DataError(
            message, hint="Shorten it, or look for a quotation mark in the header that is never closed."
        )


def _told_apart(trimmed: Sequence[str]) -> tuple[str, ...]:
    """Names that stay apart when case is ignored, as it is in SQL; the first keeps its own."""
    taken = {ROW, PLACE}
    given = {name.lower() for name in trimmed}
    names = []
    for place, name in enumerate(trimmed, start=1):
        free = name or f"column_{place}"
        if free.lower() in taken or (not name and free.lower() in given):
            free = next(one for one in _numbered(free) if one.lower() not in taken | given)
        taken.add(free.lower())
        names.append(free)
    return tuple(names)


def _numbered(name: str) -> list[str]:
    return [f"{name}_{number}" for number in range(2, 10_000)]


def _notes(header: Sequence[str], trimmed: Sequence[str], names: Sequence[str]) -> list[str]:
    notes = []
    spaced = [name for raw, name in zip(header, trimmed, strict=True) if name and raw != name]
    if spaced:
        notes.append(f"Spaces around {_list(spaced)} in the header were cut off.")
    unnamed = [name for raw, name in zip(trimmed, names, strict=True) if not raw]
    if unnamed:
        notes.append(f"Columns without a name are called {_list(unnamed)}.")
    notes += [
        f"The column '{raw}' is called '{name}' here, because another name differs only in case."
        for raw, name in zip(trimmed, names, strict=True)
        if raw and raw != name
    ]
    return notes


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
