"""From a source to columns with roles, in memory: who is in it, and which rows count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.pseudonym_key import pseudonyms
from segmentry.edges.sources import ROW, ReadTable, read_table
from segmentry.edges.sources.columns import (
    NUMERIC,
    ROW_NUMBER,
    ids_of,
    numbers_of,
    refuse_bad,
    refuse_mixed,
    texts_of,
)
from segmentry.edges.sources.contacts import read_ids
from segmentry.edges.sources.suppression import Remaining, without
from segmentry.errors import UsageError, shortened, unknown
from segmentry.records.arrays import Floats, Ints, Texts
from segmentry.records.catalogs import ColumnFacts, ColumnLexicon, RoleOverrides
from segmentry.records.cell_grammar import OPEN_END
from segmentry.records.columns import Column, Kind, Role
from segmentry.records.run import SourceInfo
from segmentry.records.settings import NO_ID
from segmentry.settings import Settings
from segmentry.stages.cleaning import clean
from segmentry.stages.columns import facts, nominal
from segmentry.stages.columns.experiments import with_outcomes, without_copies
from segmentry.stages.columns.order_logs import refuse_order_log
from segmentry.stages.columns.roles import assign_roles

NOBODY: Ints = np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The input in memory: numbers as they are, words and ids as text, and which rows are kept."""

    read: ReadTable
    columns: tuple[Column, ...]
    facts: tuple[ColumnFacts, ...]
    numbers: Mapping[str, Floats]
    words: Mapping[str, Texts]
    ids: NDArray[np.object_]
    id_name: str
    kept: Ints
    replaced: int
    copies: int
    suppressed: int = 0


def take_in(source: object, settings: Settings, lexicon: ColumnLexicon) -> Intake:
    """The table in memory, its roles settled and its repeats found."""
    read = read_table(source, settings.reading)
    clean.refuse_too_few(read.source.info.rows)
    remaining = _without_suppressed(read, settings, lexicon)
    read = remaining.read
    clean.refuse_too_few(read.source.info.rows)
    columns = _columns(read, settings, lexicon)
    dates = [columns.numbers[column.name] for column in columns.parts if column.format.kind is Kind.DATE]
    refuse_order_log(columns.parts, columns.facts, dates)
    refuse_bad(read, {column.name for column in columns.parts if column.role is Role.SEGMENTATION})
    refuse_mixed(read, {column.name for column in columns.parts if column.role is not Role.EXCLUDED})
    id_name = columns.id
    ids = ids_of(read, id_name)
    repeats = _repeats(read, columns, ids) if id_name else _Repeats(same=NOBODY, replaced=NOBODY)
    kept = np.setdiff1d(np.arange(len(ids)), np.union1d(repeats.same, repeats.replaced))
    clean.refuse_too_few(len(kept))
    if settings.privacy.pseudonymise and id_name:
        ids = pseudonyms(settings.privacy.key_file).of(ids)
    return Intake(
        read=read,
        columns=columns.parts,
        facts=tuple(columns.facts),
        numbers=columns.numbers,
        words=texts_of(read, [column.name for column in columns.parts if nominal.in_words(column)]),
        ids=ids,
        id_name=id_name or ROW_NUMBER,
        kept=kept,
        replaced=len(repeats.replaced),
        copies=_copies(read, id_name) - len(repeats.same) if id_name else 0,
        suppressed=remaining.suppressed,
    )


def source_info(table: Intake) -> SourceInfo:
    """What was read, the rows of suppressed people counted with it."""
    info = table.read.source.info
    return replace(info, rows=info.rows + table.suppressed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """The columns of a source.

    Attributes:
        numbers: The values of those that hold numbers.
        facts: What is known of each.
        parts: The part that each plays.
    """

    numbers: dict[str, Floats]
    facts: list[ColumnFacts]
    parts: tuple[Column, ...]

    @property
    def id(self) -> str | None:
        """The column of the ids; None where there is none."""
        return next((column.name for column in self.parts if column.role is Role.ID), None)


def _columns(read: ReadTable, settings: Settings, lexicon: ColumnLexicon) -> _Columns:
    numbers = numbers_of(read, [name for name, form in read.formats.items() if form.kind in NUMERIC])
    known = [
        replace(fact, stand_in=None, stand_in_rows=0) if fact.name in settings.cleaning.sentinels else fact
        for fact in _unread_is_there(_facts(read, numbers), read)
    ]
    columns = assign_roles(known, lexicon, _overrides(settings, list(read.formats)), words=nominal.refusal)
    if not settings.columns.features:
        columns = without_copies(with_outcomes(columns, known), numbers)
    for fact in known:
        if fact.stand_in is not None:
            numbers[fact.name] = np.where(numbers[fact.name] == fact.stand_in, np.nan, numbers[fact.name])
    dated = {fact.name for fact in known if fact.open_ended}
    numbers |= {name: np.where(numbers[name] >= OPEN_END, np.nan, numbers[name]) for name in dated}
    return _Columns(numbers=numbers, facts=known, parts=columns)


def _without_suppressed(read: ReadTable, settings: Settings, lexicon: ColumnLexicon) -> Remaining:
    """The table without the people on the suppression list.

    Raises:
        UsageError: when there is a list but no id to look it up by.
    """
    if settings.privacy.suppression is None:
        return Remaining(read=read, suppressed=0)
    id_name = _columns(read, settings, lexicon).id
    if id_name is None:
        raise UsageError(
            f"A suppression list needs ids, and no column of '{shortened(read.source.info.name)}' is one.",
            hint="Name it with --id.",
        )
    return without(read, id_name, read_ids(settings.privacy.suppression, id_name), settings.reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repeats:
    """Rows that do not count.

    Attributes:
        same: Positions of the rows that repeat an earlier one whole.
        replaced: Positions of the rows that a later one of the customer replaces.
    """

    same: Ints
    replaced: Ints


def _repeats(read: ReadTable, columns: _Columns, ids: NDArray[np.object_]) -> _Repeats:
    """The rows of customers who have several.

    Raises:
        DataError: when it cannot be told which of a customer's rows counts.
    """
    again = clean.repeated(ids)
    if not len(again):
        return _Repeats(same=NOBODY, replaced=NOBODY)
    same = np.intersect1d(_whole_repeats(read), again)
    left = np.setdiff1d(np.arange(len(ids)), same)
    updated = next((columns.numbers[column.name] for column in columns.parts if _is_update(column)), None)
    replaced = NOBODY if updated is None else clean.superseded(ids, updated, left)
    once = np.setdiff1d(left, replaced)
    clean.refuse_conflicts(columns.id or ROW_NUMBER, ids, once[clean.repeated(ids[once])])
    return _Repeats(same=same, replaced=replaced)


def _is_update(column: Column) -> bool:
    """Whether a date says when the row was last updated."""
    said = column_lexicon().bookkeeping.find(column.name)
    return column.format.kind is Kind.DATE and said not in {None, "created"}


def _whole_repeats(read: ReadTable) -> NDArray[np.int64]:
    """Positions of the rows that repeat an earlier one in every column."""
    found = fetch(facts.repeats(read.typed, list(read.formats), ROW))
    return np.asarray(found[ROW].to_numpy(), dtype=np.int64) - 1


def _copies(read: ReadTable, id_name: str) -> int:
    """How many rows are the same as an earlier one but for the id."""
    others = [name for name in read.formats if name != id_name]
    return read.source.info.rows - int(fetch(facts.distinct_rows(read.typed, others))["n"][0].as_py())


def _facts(read: ReadTable, numbers: Mapping[str, Floats]) -> list[ColumnFacts]:
    texts = [name for name in read.formats if name not in numbers]
    counts = fetch(facts.text_summary(read.typed, texts)).to_pylist()[0] if texts else {}
    rows = read.source.info.rows
    known = []
    for name, form in read.formats.items():
        if name in numbers:
            known.append(facts.number_facts(name, form, numbers[name]))
            continue
        index = texts.index(name)
        missing, distinct = int(counts[f"missing_{index}"] or 0), int(counts[f"distinct_{index}"])
        top = _top_count(read, name, rows - missing, distinct)
        share = top / (rows - missing) if rows > missing else 0.0
        known.append(
            ColumnFacts(
                name=name, format=form, rows=rows, missing=missing, distinct=distinct, top_share=share
            )
        )
    return known


def _unread_is_there(known: list[ColumnFacts], read: ReadTable) -> list[ColumnFacts]:
    """What cannot be read is there all the same: it does not count as missing."""
    unread = {bad.column: bad.count for bad in read.bad}
    return [replace(fact, missing=fact.missing - unread.get(fact.name, 0)) for fact in known]


def _top_count(read: ReadTable, name: str, present: int, distinct: int) -> int:
    """How often the commonest value stands; worked out only where it can be more than once."""
    if distinct in {0, 1, present}:
        return present if distinct == 1 else min(distinct, 1)
    return int(fetch(facts.commonest(read.typed, name))["n"][0].as_py())


def _overrides(settings: Settings, names: list[str]) -> RoleOverrides:
    """The roles that were asked for, with names found whatever their case and outer spaces."""
    numbered = says_no_id(settings, names)
    return RoleOverrides(
        id=named_column(settings.columns.id, names) if settings.columns.id and not numbered else None,
        numbered=numbered,
        features=tuple(named_column(asked, names) for asked in settings.columns.features),
        descriptors=tuple(named_column(asked, names) for asked in settings.columns.descriptors),
        excluded=tuple(named_column(asked, names) for asked in settings.columns.exclude),
        max_missing=settings.cleaning.max_missing_column,
    )


def says_no_id(settings: Settings, names: Sequence[str]) -> bool:
    """Whether the settings say that no column is an id, so that row numbers serve."""
    return settings.columns.id == NO_ID and NO_ID not in names


def named_column(asked: str, names: Sequence[str]) -> str:
    """A column of the input, whatever its case and outer spaces.

    Raises:
        UsageError: naming the columns that there are, and the nearest one.
    """
    if asked in names:
        return asked
    alike = [name for name in names if name.strip().casefold() == asked.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    raise unknown("column", asked, names)
