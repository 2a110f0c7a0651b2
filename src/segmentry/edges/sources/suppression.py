"""A source without the people on a suppression list: taken out before anything is learned from it."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pyarrow as pa

from segmentry.edges.engines.duckdb import create, fetch
from segmentry.edges.sources import ReadTable, parse
from segmentry.edges.sources.columns import as_texts
from segmentry.edges.sources.source import TABLE
from segmentry.records.columns import Format
from segmentry.records.settings import ReadSettings

GONE = "suppressed"


def without(
    read: ReadTable,
    id_name: str,
    ids: Collection[str],
    options: ReadSettings,
    known: Mapping[str, Format] | None = None,
) -> tuple[ReadTable, int]:
    """The source as if some customers had never been in it, and how many rows they had.

    Even how its columns are read is found out again without them.

    Args:
        read: The source, read.
        id_name: The column of the ids.
        ids: Who is to be in nothing.
        options: How it was read.
        known: How its columns were read when a model was made from them.
    """
    there = as_texts(fetch(read.texts.select(id_name))[id_name])
    gone = [row for row, one in enumerate(there) if one in ids]
    if not gone:
        return read, 0
    engine = read.source.table.get_backend()
    engine.con.register(GONE, pa.table({"gone": pa.array(gone, pa.int64())}))
    rest = f"SELECT * FROM {TABLE} WHERE rowid NOT IN (SELECT gone FROM {GONE}) ORDER BY rowid"  # noqa: S608 - constants
    table = create(engine, TABLE, rest)
    engine.con.unregister(GONE)
    info = replace(read.source.info, rows=read.source.info.rows - len(gone))
    left = parse(replace(read.source, table=table, info=info), options, known or {})
    return left, len(gone)
