"""The fingerprint of a source: SHA-256 of a file's bytes, or of the values of a table."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.edges.engines.duckdb import fetch_sql
from segmentry.stages.columns.parsing_sql import quoted

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def of_file(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_table(engine: "Backend", name: str) -> str:
    """SHA-256 of a table's names and values, one column at a time; the same from pandas and Polars."""
    digest = hashlib.sha256()
    for column in engine.con.sql(f"SELECT * FROM {quoted(name)} LIMIT 0").columns:  # noqa: S608 - quoted
        values = fetch_sql(engine, f"SELECT CAST({quoted(column)} AS VARCHAR) FROM {quoted(name)}")[0]  # noqa: S608 - quoted
        lengths = pc.fill_null(pc.binary_length(values), -1)
        digest.update(f"{len(column)}:{column}".encode())
        digest.update(np.asarray(lengths, dtype="<i4").tobytes())
        for chunk in values.cast(pa.large_string()).chunks:
            digest.update(_letters(chunk))
    return digest.hexdigest()


def _letters(texts: pa.LargeStringArray) -> bytes:
    """All the texts of an array, one after the other, in UTF-8."""
    _, places, letters = texts.buffers()
    if letters is None or len(texts) == 0:
        return b""
    ends = np.frombuffer(places, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return bytes(letters.slice(int(ends[0]), int(ends[-1] - ends[0])))
