"""Files about people that are read for one purpose and never kept: contacts, and lists of ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.edges.sources import ReadTable, read_table
from segmentry.edges.sources.columns import ids_of, texts_of
from segmentry.errors import DataError, listed, reason, shortened, unknown
from segmentry.records.audience import Contacts, Field
from segmentry.records.catalogs import words
from segmentry.records.settings import ReadSettings

NAMES: Mapping[Field, tuple[str, ...]] = {
    Field.EMAIL: (
        "email",
        "e mail",
        "email address",
        "e mail address",
        "mail",
        "email sha256",
        "hashed email",
    ),
    Field.PHONE: (
        *("phone", "phone number", "telephone", "telephone number", "tel", "mobile", "mobile number"),
        *("mobile phone", "cell", "cell phone", "phone sha256", "hashed phone"),
    ),
    Field.FIRST_NAME: ("first name", "firstname", "given name", "forename", "fn"),
    Field.LAST_NAME: ("last name", "lastname", "surname", "family name", "ln"),
    Field.COUNTRY: ("country", "country code"),
    Field.POSTCODE: ("postcode", "postal code", "post code", "zip", "zip code", "plz"),
    Field.CITY: ("city", "town", "ct"),
}
"""What columns of contacts are called."""

LIST_COLUMNS = ("id", "customer id", "customerid")
"""What the column of a list of ids may be called, beside the name that the run gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactColumns:
    """Columns of a contacts file that were named.

    Attributes:
        id: The column of the customer's id; the run's own id name when not given.
        fields: Columns by what they say.
    """

    id: str | None = None
    fields: Mapping[Field, str] = field(default_factory=dict)


def read_contacts(
    source: object, id_name: str, named: ContactColumns | None = None, options: ReadSettings | None = None
) -> Contacts:
    """The contacts in a file or a table, as text.

    Args:
        source: A path, or a table in memory.
        id_name: What the run calls the id.
        named: Columns that were named; the others are found by what they are called.
        options: How to read the file.

    Raises:
        DataError: when it cannot be read, or has no column with the customers' ids.
        UsageError: when a named column is not there.
    """
    asked = named or ContactColumns()
    read = read_table(source, options)
    columns = list(read.formats)
    name = read.source.info.name
    key = _key(columns, asked.id, (id_name, name))
    fields = _found(columns) | {what: _there(column, columns) for what, column in asked.fields.items()}
    ids = ids_of(read, key)
    _, first = np.unique(ids.astype(str), return_index=True)
    once = np.sort(first)
    return Contacts(
        source=name,
        ids=ids[once],
        columns={column: texts[once] for column, texts in texts_of(read, columns).items()},
        fields=fields,
        repeats=len(ids) - len(once),
    )


def _key(columns: list[str], asked: str | None, known: tuple[str, str]) -> str:
    """The column of the ids: the one that was named, else the one that is called as in the run."""
    id_name, source = known
    if asked:
        return _there(asked, columns)
    alike = [column for column in columns if column.strip().casefold() == id_name.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    raise DataError(
        f"'{shortened(source)}' has no column '{shortened(id_name)}', as the run calls its ids; it has {listed(columns)}.",
        hint="Name the column with --contacts-id.",
    )


def _there(asked: str, columns: list[str]) -> str:
    alike = [column for column in columns if column.strip().casefold() == asked.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    raise unknown("column of the contacts", asked, columns)


def _found(columns: list[str]) -> dict[Field, str]:
    """Which column says what, by its name; the first where there are several."""
    said = {words(name): name for name in reversed(columns)}
    return {
        what: said[known]
        for what, names in NAMES.items()
        if (known := next((one for one in map(words, names) if one in said), None)) is not None
    }


def read_ids(path: str | Path, id_name: str | None = None) -> frozenset[str]:
    """The ids in a file: one on each line, or a column of a table.

    A file of one column may begin with what the column is called; of a table with several columns the one
    counts that is called as the run's id, ``id`` or ``customer_id``.

    Args:
        path: The file.
        id_name: What the run calls the id, where that is known.

    Raises:
        DataError: when it cannot be read or does not say which column holds the ids.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"There is no list of ids '{file}'.", hint="Check the path.") from None
    except (OSError, UnicodeDecodeError) as failure:
        raise DataError(
            f"The list of ids '{file}' cannot be read: {reason(failure)}.",
            hint="It must be text in UTF-8: one id on each line, or a CSV with a column of ids.",
        ) from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(sign in line for line in lines[:1] for sign in ",;\t"):
        return _column_of(read_table(file), id_name)
    if "\0" in text:
        raise DataError(
            f"The list of ids '{file}' is not text.",
            hint="Write one id on each line, or a CSV with a column of ids.",
        )
    heading = _headings(id_name)
    return frozenset(_bare(line) for index, line in enumerate(lines) if index or words(line) not in heading)


def _bare(line: str) -> str:
    """An id without the quotes that a CSV puts around it."""
    return line[1:-1].replace('""', '"') if len(line) > 1 and line[0] == line[-1] == '"' else line


def _headings(id_name: str | None) -> set[tuple[str, ...]]:
    return {words(one) for one in (*LIST_COLUMNS, *([id_name] if id_name else []))}


def _column_of(read: ReadTable, id_name: str | None) -> frozenset[str]:
    columns = list(read.formats)
    own = [
        column for column in columns if id_name and column.strip().casefold() == id_name.strip().casefold()
    ]
    lexicon = column_lexicon()
    likely = [
        column
        for column in columns
        if lexicon.languages.words(column) in {words(name) for name in LIST_COLUMNS} | set(lexicon.ids)
    ]
    found = own or likely
    if not found:
        raise DataError(
            f"No column of '{shortened(read.source.info.name)}' is called as an id: it has {listed(columns)}.",
            hint=f"Call the column '{id_name or 'customer_id'}', or write one id on each line.",
        )
    texts = texts_of(read, found[:1])[found[0]]
    return frozenset(str(text) for text in texts if text is not None)
