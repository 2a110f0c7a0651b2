"""The columns of a read table in memory, with one meaning of missing."""

import json
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import ReadTable
from segmentry.errors import DataError, shortened
from segmentry.records.arrays import Floats, Texts
from segmentry.records.columns import BadValues, Kind

ROW_NUMBER = "row"
"""What the numbers of the rows are called, where there is no id."""

LONGEST_INTEGER = 18
"""Digits that a 64-bit integer surely has room for."""

NUMERIC = (Kind.NUMBER, Kind.FLAG, Kind.DATE)
"""Kinds that become numbers; a date arrives as the days since 1970-01-01."""

NAN = pa.Array.from_buffers(pa.float64(), 1, [None, pa.py_buffer(np.array([np.nan]))])[0]

TEXT_KINDS = ("csv", "tsv")
"""Sources whose cells have no type of their own."""


def numbers_of(read: ReadTable, names: Sequence[str]) -> dict[str, Floats]:
    """Columns of numbers as float64, NaN where missing; dates as days since 1970-01-01."""
    if not names:
        return {}
    fetched = fetch(read.typed.select(*names))
    return {
        name: as_days(fetched[name]) if read.formats[name].kind is Kind.DATE else as_floats(fetched[name])
        for name in names
    }


def texts_of(read: ReadTable, names: Sequence[str]) -> dict[str, Texts]:
    """Columns of words as trimmed text, None where missing."""
    if not names:
        return {}
    fetched = fetch(read.texts.select(*names))
    return {name: as_texts(fetched[name]) for name in names}


def ids_of(read: ReadTable, id_name: str | None) -> NDArray[np.object_]:
    """The ids as text; row numbers from 1 without an id column.

    Raises:
        DataError: when a row has no id.
    """
    if id_name is None:
        return np.array([str(row) for row in range(1, read.source.info.rows + 1)], dtype=object)
    ids = as_texts(fetch(read.texts.select(id_name))[id_name])
    lacking = [row + 1 for row, one in enumerate(ids) if one is None]
    if lacking:
        rows = "1 row has" if len(lacking) == 1 else f"{len(lacking):,} rows have"
        raise DataError(
            f"{rows} no id in '{shortened(id_name)}' (first: data row {lacking[0]:,}).",
            hint="Fill them in, take the rows out, or name another id with --id.",
        )
    return ids


def plain_integer(text: str) -> bool:
    """Whether an id can be written as an integer and read back unchanged.

    >>> plain_integer("1001"), plain_integer("0042"), plain_integer("1e3")
    (True, False, False)
    """
    return (
        text.isascii() and text.isdigit() and len(text) <= LONGEST_INTEGER and (text[0] != "0" or text == "0")
    )


def written_as_integers(read: ReadTable, id_name: str | None, ids: Iterable[str]) -> bool:
    """Whether ids are written as integers: plain ones, unless their column is text by its own type."""
    typed = id_name is not None and read.source.info.kind not in TEXT_KINDS
    if typed and read.source.table[id_name].type().is_string():
        return False
    return all(map(plain_integer, ids))


def as_floats(column: pa.ChunkedArray) -> Floats:
    """Numbers as float64, NaN where missing; ``to_numpy`` and ``pa.scalar`` would import pandas: a fifth of a second.

    >>> as_floats(pa.chunked_array([[1, None], [3]]))
    array([ 1., nan,  3.])
    """
    filled = pc.fill_null(column.cast(pa.float64()), NAN)
    return np.concatenate([np.empty(0), *(np.from_dlpack(chunk) for chunk in filled.chunks)])


def as_days(column: pa.ChunkedArray) -> Floats:
    """Dates as days since 1970-01-01, NaN where missing."""
    return as_floats(column.cast(pa.date32()).cast(pa.int32()))


def as_texts(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """Text, None where missing."""
    return np.array(column.to_pylist(), dtype=object)


def refuse_bad(read: ReadTable, features: Collection[str]) -> None:
    """Refuse features that hold what is not a number.

    Raises:
        DataError: naming the first such column, the rows and what to do.
    """
    for bad in read.bad:
        if bad.column in features:
            raise DataError(_said_of(bad), hint=_advice(bad))


def refuse_mixed(read: ReadTable, used: Collection[str]) -> None:
    """Refuse columns whose numbers are of several units, which cannot be added up.

    Raises:
        DataError: naming the first such column, the units and what to do.
    """
    for mixed in read.mixed:
        if mixed.column in used:
            ways = [f"{way.example} in {_rows(way.rows)}" for way in mixed.units]
            raise DataError(
                f"'{shortened(mixed.column)}' holds {mixed.what}: {', '.join(ways[:-1])} and {ways[-1]}.",
                hint=f'{mixed.advice}, or leave the column out (exclude = ["{mixed.column}"]).',
            )


def _said_of(bad: BadValues) -> str:
    if bad.notations:
        ways = [f"like {shortened(way.example)!r} in {_rows(way.rows)}" for way in bad.notations]
        return f"'{shortened(bad.column)}' is written in several ways: {', '.join(ways[:-1])} and {ways[-1]}."
    row, value = bad.examples[0]
    several = bad.count != 1
    return (
        f"'{shortened(bad.column)}' holds {bad.kind}s, but {bad.count:,} value{'s' * several} "
        f"that {'are' if several else 'is'} not: {shortened(value)!r} in data row {row:,}{' and others' * several}."
    )


def _advice(bad: BadValues) -> str:
    """What to do about it, and only what works: words are missing values if no number is in them."""
    leave_out = f'leave the column out (exclude = ["{bad.column}"])'
    if bad.notations:
        way = "as 2026-01-31" if bad.kind is Kind.DATE else "with the same decimal sign"
        return f"Write all of them {way}, or {leave_out}."
    words = dict.fromkeys(value.strip().lower() for _, value in bad.examples)
    if len(words) < bad.words or any(letter.isdigit() for word in words for letter in word):
        return f"Mend the file, or {leave_out}."
    some = "the word" if len(words) == 1 else "the words"
    return f"Mend the file, count {some} as missing (missing_tokens = {json.dumps(list(words), ensure_ascii=False)} in a settings file), or {leave_out}."


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
