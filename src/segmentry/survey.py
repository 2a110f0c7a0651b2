"""From a source to what is known of it before any segments are made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from segmentry.edges.catalogs import column_lexicon
from segmentry.edges.descriptors import Describable, read_descriptors
from segmentry.edges.engine import fetch
from segmentry.edges.memory import (
    NUMERIC,
    ROW_NUMBER,
    ids_of,
    numbers_of,
    refuse_bad,
    texts_of,
    written_as_integers,
)
from segmentry.edges.sources import ROW, ReadOptions, ReadTable, read_table
from segmentry.errors import unknown
from segmentry.records.arrays import Floats, Ints, Texts, frozen
from segmentry.records.audit import Finding
from segmentry.records.catalog import ColumnFacts, ColumnLexicon, RoleOverrides, TraitMatch
from segmentry.records.columns import Column, Kind, Role
from segmentry.records.customers import CustomerTable
from segmentry.records.exploration import ColumnQuality, Exploration, MissingBlock
from segmentry.records.grammar import MISSING_TOKENS
from segmentry.records.reasons import Described
from segmentry.records.run import Survey, ValueMeasure
from segmentry.settings import Settings
from segmentry.stages import audit, clean, explore, facts, nominal, readiness
from segmentry.stages.features import Given, near_duplicates, open_to_traits, without_twins
from segmentry.stages.parsing import level_values
from segmentry.stages.roles import assign_roles
from segmentry.stages.traits import map_traits, value_measure

NOBODY: Ints = np.array([], dtype=np.int64)

Step = Callable[[str], None]
"""Told the name of each step as it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """A survey and what the next steps need with it.

    Attributes:
        survey: The survey; its audit has not yet heard where the customers were placed.
        findings: What the audit found so far.
        given: The features to be used, with what cleaning settled about each.
        traits: Which canonical trait each feature carries.
        dropped: Rows dropped as repeats, and their value.
        came_in: Rows read, and their value.
        described: The columns that make no segments but describe them.
        undescribed: Those that cannot, each with the reason.
    """

    survey: Survey
    findings: tuple[Finding, ...]
    given: tuple[Given, ...]
    traits: tuple[TraitMatch, ...]
    dropped: tuple[int, float]
    came_in: tuple[int, float]
    described: tuple[Described, ...] = ()
    undescribed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
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


def make_survey(source: object, settings: Settings, step: Step) -> Surveyed:
    """Read, give roles, clean, audit and explore.

    Args:
        source: A path, a table in memory or an Ibis table.
        settings: The settings.
        step: Told the name of each step as it begins.

    Raises:
        SegmentryError: when the source cannot be read or cannot carry segments.
    """
    lexicon = column_lexicon()
    step("Reading")
    table = _read(source, settings, lexicon)
    step("Checking and cleaning")
    as_of = settings.as_of or clean.newest_day(_dates(table, lexicon))
    given = _given(table, settings, lexicon, as_of)
    values = np.column_stack([_feature(table, one) for one in given])
    clean.refuse_unusable([one.column.name for one in given], values)
    measure = _measure(table, settings, lexicon)
    worth = _worth(table, measure)
    step("Exploring")
    exploration = _explore(given, values)
    twins = _twins(values, exploration, given, settings)
    columns = without_twins(table.columns, given, twins)
    traits = map_traits(open_to_traits(given, settings.traits), lexicon, settings.traits)
    seen = _inspected(table, columns, exploration, lexicon, as_of)
    findings = (
        *audit.inspect(replace(seen, traits={one.feature: one.trait for one in traits if not one.proxy})),
        *nominal.findings(
            {one.name: nominal.levels(seen.words[one.name]) for one in columns if nominal.in_words(one)},
            columns,
        ),
    )
    came_in, dropped = _flows(table, worth)
    kept_worth = None if worth is None else frozen(worth[table.kept])
    survey = Survey(
        source=table.read.source.info,
        columns=columns,
        customers=_customers(table, given, values),
        value=measure,
        audit=readiness.conclude(
            findings,
            clean.ledger(came_in, dropped, {"read and explored": (len(values), _total(kept_worth))}),
            features=len({one.column.name for one in given if one.column.feature not in twins}),
            has_id=any(one.role is Role.ID for one in columns),
            max_segments=settings.max_segments,
        ),
        exploration=replace(exploration, columns=_quality(table, columns)),
        as_of=as_of if any(one.as_of for one in given) else None,
        worth=kept_worth,
    )
    described, undescribed = read_descriptors(
        Describable(table.read, columns, table.facts, table.numbers, table.kept, as_of), lexicon
    )
    return Surveyed(
        described=described,
        undescribed=undescribed,
        survey=survey,
        findings=findings,
        given=tuple(one for one in given if one.column.feature not in twins),
        traits=tuple(one for one in traits if one.feature not in twins),
        dropped=dropped,
        came_in=came_in,
    )


def _read(source: object, settings: Settings, lexicon: ColumnLexicon) -> _Table:
    """The table in memory, its roles settled and its repeats found."""
    read = read_table(source, read_options(settings))
    clean.refuse_too_few(read.source.info.rows)
    numeric = [name for name, one in read.formats.items() if one.kind in NUMERIC]
    numbers = numbers_of(read, numeric)
    known = _facts(read, numbers)
    columns = assign_roles(known, lexicon, _overrides(settings, list(read.formats)), words=nominal.refusal)
    _refuse_order_log(columns, known)
    refuse_bad(read, {one.name for one in columns if one.role is Role.SEGMENTATION})
    id_name = next((one.name for one in columns if one.role is Role.ID), None)
    ids = ids_of(read, id_name)
    same, replaced = _dropped(read, columns, numbers, ids) if id_name else (NOBODY, NOBODY)
    kept = np.setdiff1d(np.arange(len(ids)), np.union1d(same, replaced))
    clean.refuse_too_few(len(kept))
    return _Table(
        read=read,
        columns=columns,
        facts=tuple(known),
        numbers=numbers,
        words=texts_of(read, [one.name for one in columns if nominal.in_words(one)]),
        ids=ids,
        id_name=id_name or ROW_NUMBER,
        kept=kept,
        replaced=len(replaced),
        copies=_copies(read, id_name) - len(same) if id_name else 0,
    )


def _dropped(
    read: ReadTable, columns: Sequence[Column], numbers: Mapping[str, Floats], ids: NDArray[np.object_]
) -> tuple[Ints, Ints]:
    """Rows that repeat an earlier one whole, and rows that a later one of the customer replaces."""
    id_name = next(one.name for one in columns if one.role is Role.ID)
    again = clean.repeated(ids)
    if not len(again):
        return NOBODY, NOBODY
    same = np.intersect1d(_repeats(read), again)
    left = np.setdiff1d(np.arange(len(ids)), same)
    updated = next((numbers[one.name] for one in columns if _is_update(one)), None)
    replaced = NOBODY if updated is None else clean.superseded(ids, updated, left)
    once = np.setdiff1d(left, replaced)
    clean.refuse_conflicts(id_name, ids, once[clean.repeated(ids[once])])
    return same, replaced


def _refuse_order_log(columns: Sequence[Column], known: Sequence[ColumnFacts]) -> None:
    """Recognise an order log before anything else is said about its columns."""
    for column, facts_of in zip(columns, known, strict=True):
        if column.role is Role.ID:
            clean.refuse_order_log(columns, column.name, facts_of.rows - facts_of.missing, facts_of.distinct)


def _is_update(column: Column) -> bool:
    """Whether a date says when the row was last updated."""
    return column.format.kind is Kind.DATE and column_lexicon().bookkeeping.find(column.name) is not None


def _repeats(read: ReadTable) -> NDArray[np.int64]:
    """Positions of the rows that repeat an earlier one in every column."""
    found = fetch(facts.repeats(read.typed, list(read.formats), ROW))
    return np.asarray(found[ROW].to_numpy(), dtype=np.int64) - 1


def _copies(read: ReadTable, id_name: str) -> int:
    """How many rows are the same as an earlier one but for the id."""
    others = [name for name in read.formats if name != id_name]
    return read.source.info.rows - int(fetch(facts.distinct_rows(read.typed, others))["n"][0].as_py())


def read_options(settings: Settings) -> ReadOptions:
    """What the settings say about reading."""
    return ReadOptions(
        delimiter=settings.delimiter,
        encoding=settings.encoding,
        decimal=settings.decimal,
        sheet=settings.table,
        table=settings.table,
        date_order=settings.date_order,
        missing_tokens=(*MISSING_TOKENS, *settings.missing_tokens),
    )


def _facts(read: ReadTable, numbers: Mapping[str, Floats]) -> list[ColumnFacts]:
    texts = [name for name in read.formats if name not in numbers]
    counts = fetch(facts.text_summary(read.typed, texts)).to_pylist()[0] if texts else {}
    rows = read.source.info.rows
    known = []
    for name, one in read.formats.items():
        if name in numbers:
            known.append(facts.number_facts(name, one, numbers[name]))
            continue
        index = texts.index(name)
        missing, distinct = int(counts[f"missing_{index}"] or 0), int(counts[f"distinct_{index}"])
        top = _top_count(read, name, rows - missing, distinct)
        share = top / (rows - missing) if rows > missing else 0.0
        known.append(
            ColumnFacts(name=name, format=one, rows=rows, missing=missing, distinct=distinct, top_share=share)
        )
    return known


def _top_count(read: ReadTable, name: str, present: int, distinct: int) -> int:
    """How often the commonest value stands; worked out only where it can be more than once."""
    if distinct in {0, 1, present}:
        return present if distinct == 1 else min(distinct, 1)
    return int(fetch(facts.commonest(read.typed, name))["n"][0].as_py())


def _overrides(settings: Settings, names: list[str]) -> RoleOverrides:
    """The roles that were asked for, with names found whatever their case and outer spaces."""
    return RoleOverrides(
        id=_named(settings.id, names) if settings.id else None,
        features=tuple(_named(one, names) for one in settings.features),
        descriptors=tuple(_named(one, names) for one in settings.descriptors),
        excluded=tuple(_named(one, names) for one in settings.exclude),
        max_missing=settings.max_missing_column,
    )


def _named(asked: str, names: Sequence[str]) -> str:
    if asked in names:
        return asked
    alike = [name for name in names if name.strip().casefold() == asked.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    raise unknown("column", asked, names)


def _dates(table: _Table, lexicon: ColumnLexicon) -> list[Floats]:
    """The dates that can say when the file was made: not births."""
    return [
        table.numbers[one.name]
        for one in table.columns
        if one.format.kind is Kind.DATE and one.role is not Role.PROTECTED and not is_birth(one.name, lexicon)
    ]


def is_birth(name: str, lexicon: ColumnLexicon) -> bool:
    """Whether a column holds years or days of birth."""
    found = lexicon.protected.find(name)
    return found is not None and ("birth" in found or "born" in found or found == "dob")


def _given(table: _Table, settings: Settings, lexicon: ColumnLexicon, as_of: str | None) -> tuple[Given, ...]:
    names = [one.name for one in table.columns]
    zeros = [_named(one, names) for one in settings.missing_means_zero]
    marks = {_named(name, names): values for name, values in settings.sentinels.items()}
    settings = settings.changed(sentinels=marks)
    words = {name: texts[table.kept] for name, texts in table.words.items()}
    features = nominal.features(table.columns, words, [one.lower() for one in settings.missing_tokens])
    return tuple(_settled(one, table, settings, lexicon, (as_of, one.name in zeros)) for one in features)


def _settled(
    column: Column, table: _Table, settings: Settings, lexicon: ColumnLexicon, known: tuple[str | None, bool]
) -> Given:
    """One feature with its limits: of counts, shares, births and of days that have not come yet."""
    as_of, zero = known
    low, high = _limits(column, table, lexicon)
    if column.format.kind is Kind.DATE:
        return Given(column=column, as_of=as_of, missing_means_zero=zero)
    if column.format.level is not None:
        return Given(column=column, missing_means_zero=zero)
    if as_of and is_birth(column.name, lexicon):
        low, high = clean.birth_limits(as_of)
    return Given(
        column=column,
        valid_low=low,
        valid_high=high,
        sentinels=_sentinels(column.name, settings),
        missing_means_zero=zero,
    )


def _sentinels(name: str, settings: Settings) -> tuple[float, ...]:
    """Numbers that stand for missing in a column: those named for it, and numbers among the tokens.

    The recipe must know them, or the model would score what the run left out.
    """
    tokens = [_number(one) for one in settings.missing_tokens]
    return (*settings.sentinels.get(name, ()), *(one for one in tokens if isfinite(one)))


def _number(text: str) -> float:
    """The number that a token is; NaN where it is a word."""
    try:
        return float(text)
    except ValueError:
        return nan


def _limits(column: Column, table: _Table, lexicon: ColumnLexicon) -> tuple[float | None, float | None]:
    if column.format.kind is not Kind.NUMBER:
        return None, None
    return clean.limits(
        table.numbers[column.name],
        counts=lexicon.counts.find(column.name) is not None,
        share=lexicon.shares.find(column.name) is not None,
    )


def _feature(table: _Table, given: Given) -> Floats:
    """The kept customers' values of one feature, the impossible taken out."""
    if given.column.format.level is not None:
        return given.possible(level_values(table.words[given.column.name][table.kept], given.column.format))
    values = table.numbers[given.column.name][table.kept]
    if given.as_of is not None:
        values = clean.days_before(given.as_of, values)
    return given.possible(values)


def _measure(table: _Table, settings: Settings, lexicon: ColumnLexicon) -> ValueMeasure | None:
    """What says what a customer is worth: as set, or as the names of the columns suggest."""
    open_to_all = {Role.SEGMENTATION, Role.DESCRIPTOR}
    numeric = [
        one.name for one in table.columns if one.name in table.numbers and one.format.kind is Kind.NUMBER
    ]
    if settings.value:
        named = tuple(_named(one, numeric) for one in settings.value)
        return ValueMeasure(label=" + ".join(named), columns=named, product=False)
    names = [one.name for one in table.columns if one.name in numeric and one.role in open_to_all]
    traits = map_traits(names, lexicon, {k: v for k, v in settings.traits.items() if k in names})
    return value_measure(names, traits, lexicon)


def _worth(table: _Table, measure: ValueMeasure | None) -> Floats | None:
    if measure is None:
        return None
    return clean.worth([table.numbers[name] for name in measure.columns], product=measure.product)


def _explore(given: Sequence[Given], values: Floats) -> Exploration:
    names = [one.column.feature for one in given]
    flags = [one.column.format.kind is Kind.FLAG for one in given]
    related = explore.correlations(names, values)
    return Exploration(
        rows=len(values),
        distributions=tuple(
            explore.distribution(name, values[:, j], flag=flag)
            for j, (name, flag) in enumerate(zip(names, flags, strict=True))
        ),
        correlations=related,
        pairs=explore.pair_densities(values, related),
        columns=(),
        missing_blocks=_blocks(given, values),
    )


def _blocks(given: Sequence[Given], values: Floats) -> tuple[MissingBlock, ...]:
    """What is missing together; the words of a column always are, and stand there as the column."""
    at = {
        one.column.feature if one.column.format.level is None else one.column.name: index
        for index, one in enumerate(given)
    }
    return explore.missing_blocks(list(at), np.isnan(values[:, list(at.values())]))


def _twins(
    values: Floats, exploration: Exploration, given: Sequence[Given], settings: Settings
) -> dict[str, str]:
    """Features to leave out, with the one that stands for each; a column in words only as a whole."""
    if settings.themes == "none":
        return {}
    related = exploration.correlations
    found = near_duplicates(values, related.features, related.spearman, limit=settings.near_duplicate)
    return nominal.whole(found, {one.column.feature: one.column.name for one in given})


def _quality(table: _Table, columns: Sequence[Column]) -> tuple[ColumnQuality, ...]:
    return tuple(
        ColumnQuality(
            name=one.name,
            role=str(one.role),
            kind=str(one.format.kind),
            missing=known.missing,
            distinct=known.distinct,
            top_share=known.top_share,
        )
        for one, known in zip(columns, table.facts, strict=True)
    )


def _inspected(
    table: _Table,
    columns: tuple[Column, ...],
    exploration: Exploration,
    lexicon: ColumnLexicon,
    as_of: str | None,
) -> audit.Inspected:
    kept = {name: values[table.kept] for name, values in table.numbers.items()}
    births = {
        one.name: int(as_of[:4])
        for one in columns
        if as_of and one.name in kept and is_birth(one.name, lexicon) and one.format.kind is Kind.NUMBER
    }
    return audit.Inspected(
        columns=columns,
        quality={one.name: one for one in _quality(table, columns)},
        numbers=kept,
        labels=table.ids[table.kept],
        blocks=exploration.missing_blocks,
        limits={one.name: _limits(one, table, lexicon) for one in columns if one.name in kept},
        births=births,
        copies=table.copies,
        duplicates=len(table.ids) - len(table.kept) - table.replaced,
        replaced=table.replaced,
        words={name: texts[table.kept] for name, texts in table.words.items()},
    )


def _customers(table: _Table, given: Sequence[Given], values: Floats) -> CustomerTable:
    ids = table.ids[table.kept]
    return CustomerTable(
        id_name=table.id_name,
        ids=ids,
        ids_are_integers=written_as_integers(
            table.read, None if table.id_name == ROW_NUMBER else table.id_name, ids
        ),
        names=tuple(one.column.feature for one in given),
        values=frozen(values),
    )


def _flows(table: _Table, worth: Floats | None) -> tuple[tuple[int, float], tuple[int, float]]:
    """Rows and value that came in, and that were dropped."""
    gone = np.setdiff1d(np.arange(len(table.ids)), table.kept)
    dropped = (len(gone), _total(None if worth is None else worth[gone]))
    return (table.read.source.info.rows, _total(worth)), dropped


def _total(worth: Floats | None) -> float:
    return 0.0 if worth is None else float(np.nansum(worth))
