"""The columns that make no segments, read for describing them: numbers as they are, words as a few kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import ReadTable
from segmentry.records.arrays import Floats, Ints, frozen
from segmentry.records.catalogs import ColumnFacts, ColumnLexicon
from segmentry.records.columns import Column, Kind, Role
from segmentry.records.reasons import DescribingColumn
from segmentry.stages.cleaning.clean import days_before
from segmentry.stages.columns.nominal import MOST_WORDS

DESCRIBING = (Role.DESCRIPTOR, Role.OUTCOME, Role.PROTECTED)
YES_NO = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Describable:
    """A table in memory, as far as its descriptors need it.

    Attributes:
        read: The table in the engine.
        columns: Its columns with their roles.
        facts: What is known of each.
        numbers: Its numbers, by column.
        kept: Positions of the rows that are kept.
        as_of: The day that dates count back from; None without one.
    """

    read: ReadTable
    columns: Sequence[Column]
    facts: Sequence[ColumnFacts]
    numbers: Mapping[str, Floats]
    kept: Ints
    as_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptors:
    """The columns that make no segments.

    Attributes:
        described: Those that describe customers.
        left_out: The names of those that cannot, each with the reason.
    """

    described: tuple[DescribingColumn, ...]
    left_out: tuple[tuple[str, str], ...]


def read_descriptors(table: Describable, lexicon: ColumnLexicon) -> Descriptors:
    """The columns that describe customers, and those that cannot, each with the reason.

    Args:
        table: The table.
        lexicon: What the names of columns say: numbers that are codes are read as words.
    """
    found, left = [], []
    for column, known in zip(table.columns, table.facts, strict=True):
        if column.role not in DESCRIBING:
            continue
        kinds = column.format.kind is Kind.TEXT or (
            column.format.kind is Kind.NUMBER and lexicon.codes.find(column.name) is not None
        )
        if reason := _refusal(known, kinds=kinds):
            left.append((column.name, reason))
        else:
            found.append(_of_words(table, column) if kinds else _of_numbers(table, column))
    return Descriptors(described=tuple(found), left_out=tuple(left))


def _refusal(known: ColumnFacts, *, kinds: bool) -> str | None:
    """Why a column cannot describe customers; None when it can."""
    if known.distinct <= 1:
        return "All customers have the same value, or none has one."
    if kinds and known.distinct > MOST_WORDS:
        return (
            f"It holds {known.distinct:,} different values: more than {MOST_WORDS} are no kinds of customer."
        )
    return None


def _of_numbers(table: Describable, column: Column) -> DescribingColumn:
    values = table.numbers[column.name][table.kept]
    if column.format.kind is Kind.DATE and table.as_of is not None:
        values = days_before(table.as_of, values)
    words = YES_NO if column.format.kind is Kind.FLAG else ()
    return DescribingColumn(name=column.feature, role=column.role, values=frozen(values), words=words)


def _of_words(table: Describable, column: Column) -> DescribingColumn:
    """Words as positions among them, the commonest first; equally common ones by the alphabet."""
    texts = fetch(table.read.texts.select(column.name))[column.name].combine_chunks().dictionary_encode()
    codes = np.array(texts.indices.to_numpy(zero_copy_only=False), dtype=np.float64)[table.kept]
    words = [str(value) for value in texts.dictionary.to_pylist()]
    known = codes[~np.isnan(codes)].astype(np.int64)
    counts = np.bincount(known, minlength=len(words))
    order = [at for at in sorted(range(len(words)), key=lambda at: (-counts[at], words[at])) if counts[at]]
    place = np.full(len(words) + 1, np.nan)
    place[order] = np.arange(len(order))
    values = place[np.where(np.isnan(codes), len(words), codes).astype(np.int64)]
    return DescribingColumn(
        name=column.name, role=column.role, values=frozen(values), words=tuple(words[at] for at in order)
    )
