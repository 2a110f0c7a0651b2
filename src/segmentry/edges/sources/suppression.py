"""A source without the people on a suppression list: taken out before anything is learned from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import ReadTable, parse
from segmentry.edges.sources.columns import as_texts
from segmentry.edges.sources.source import TABLE, kept_rows
from segmentry.records.columns import Format
from segmentry.records.settings import ReadSettings
from segmentry.stages.columns.parsing_sql import place_of, quoted

GONE = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """A source without some customers.

    Attributes:
        read: The source as if they had never been in it.
        suppressed: How many rows they had.
    """

    read: ReadTable
    suppressed: int


def without(
    read: ReadTable,
    id_name: str,
    ids: Collection[str],
    options: ReadSettings,
    known: Mapping[str, Format] | None = None,
) -> Remaining:
    """Leave some customers out of a source.

    Even how its columns are read is found out again without them.

    Args:
        read: The source, read.
        id_name: The column of the ids.
        ids: The customers to leave out.
        options: How it was read.
        known: How its columns were read when a model was made from them.
    """
    there = as_texts(fetch(read.texts.select(id_name))[id_name])
    gone = [row for row, one in enumerate(there) if one in ids]
    if not gone:
        return Remaining(read=read, suppressed=0)
    engine = read.source.table.get_backend()
    engine.con.register(GONE, pa.table({"gone": pa.array(gone, pa.int64())}))
    names = read.source.table.columns
    place, columns = place_of(names), ", ".join(map(quoted, names))
    rest = f"SELECT {columns} FROM {TABLE} WHERE {place} NOT IN (SELECT gone FROM {GONE}) ORDER BY {place}"  # noqa: S608 - names are quoted
    table = kept_rows(engine, rest, names)
    engine.con.unregister(GONE)
    info = replace(read.source.info, rows=read.source.info.rows - len(gone))
    left = parse(replace(read.source, table=table, info=info), options, known or {})
    return Remaining(read=left, suppressed=len(gone))
