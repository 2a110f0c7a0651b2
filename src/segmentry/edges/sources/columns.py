"""The columns of a read table in memory, with one meaning of missing."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import ReadTable
from segmentry.errors import DataError, shortened
from segmentry.records.arrays import Floats, Texts
from segmentry.records.columns import Kind

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
            row, value = bad.examples[0]
            raise DataError(
                f"'{shortened(bad.column)}' holds {bad.kind}s, but {bad.count:,} value{'s' * (bad.count != 1)} "
                f"that {'is' if bad.count == 1 else 'are'} not: {shortened(value)!r} in data row {row:,}"
                f"{' and others' if bad.count > 1 else ''}.",
                hint=(
                    f'Mend the file, count the word as missing (missing_tokens = ["{_word(value)}"] in a settings '
                    f'file), or leave the column out (exclude = ["{bad.column}"]).'
                ),
            )


def _word(value: str) -> str:
    return value.strip().lower()[:20]
