"""From a source to what is known of it before any segments are made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

import numpy as np

from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.edges.sources.columns import ROW_NUMBER, written_as_integers
from segmentry.edges.sources.descriptors import Describable, Descriptors, read_descriptors
from segmentry.pipeline.read import Intake, named_column, says_no_id, source_info, take_in
from segmentry.progress import begin
from segmentry.records.arrays import Floats, Ints, frozen
from segmentry.records.audit import Finding, RowCount
from segmentry.records.catalogs import ColumnLexicon, TraitMatch
from segmentry.records.columns import Column, Kind, Role
from segmentry.records.customers import CustomerTable
from segmentry.records.exploration import ColumnQuality, Exploration, MissingBlock
from segmentry.records.run import Survey, ValueMeasure
from segmentry.settings import Settings
from segmentry.stages.cleaning import audit, clean, readiness
from segmentry.stages.columns import nominal
from segmentry.stages.columns.parsing import level_values
from segmentry.stages.columns.traits import map_traits, value_measure
from segmentry.stages.exploring import distributions
from segmentry.stages.features.recipe import Given, near_duplicates, open_to_traits, without_twins

NOBODY: Ints = np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """A survey and what the next steps need with it.

    Attributes:
        survey: The survey; its audit has not yet heard where the customers were placed.
        findings: What the audit found so far.
        given: The features to be used, with what cleaning settled about each.
        traits: Which canonical trait each feature carries.
        came_in: What was read.
        dropped: What was dropped because it repeats another row.
        suppressed: Rows of people on the suppression list, who are in nothing else.
        descriptors: The columns that make no segments but describe them.
    """

    survey: Survey
    findings: tuple[Finding, ...]
    given: tuple[Given, ...]
    traits: tuple[TraitMatch, ...]
    came_in: RowCount
    dropped: RowCount
    suppressed: int
    descriptors: Descriptors


def make_survey(source: object, settings: Settings) -> Surveyed:
    """Read, give roles, clean, audit and explore.

    Args:
        source: A path, a table in memory or an Ibis table.
        settings: The settings.

    Raises:
        SegmentryError: when the source cannot be read or cannot carry segments.
    """
    lexicon = column_lexicon()
    begin("Reading")
    table = take_in(source, settings, lexicon)
    begin("Checking and cleaning")
    as_of = settings.columns.as_of or clean.newest_day(_dates(table, lexicon))
    given = _given(table, settings, lexicon, as_of)
    values = np.column_stack([_feature(table, feature) for feature in given])
    clean.refuse_unusable([feature.column.name for feature in given], values)
    measure = _measure(table, settings, lexicon)
    worth = _worth(table, measure)
    begin("Exploring")
    exploration = _explore(given, values)
    twins = _twins(values, exploration, given, settings)
    columns = without_twins(table.columns, given, twins)
    traits = map_traits(open_to_traits(given, settings.naming.traits), lexicon, settings.naming.traits)
    seen = replace(
        _inspected(table, columns, exploration, lexicon, as_of),
        numbered=says_no_id(settings, list(table.read.formats)),
    )
    findings = (
        *audit.inspect(
            replace(seen, traits={trait.feature: trait.trait for trait in traits if not trait.proxy})
        ),
        *nominal.findings(
            {
                column.name: nominal.levels(seen.words[column.name])
                for column in columns
                if nominal.in_words(column)
            },
            columns,
        ),
    )
    came_in = RowCount(rows=table.read.source.info.rows, value=_total(worth))
    dropped = _dropped(table, worth)
    kept_worth = None if worth is None else frozen(worth[table.kept])
    survey = Survey(
        source=source_info(table),
        columns=columns,
        customers=_customers(table, given, values),
        value=measure,
        audit=readiness.conclude(
            findings,
            clean.ledger(
                came_in,
                dropped,
                {"read and explored": RowCount(rows=len(values), value=_total(kept_worth))},
                table.suppressed,
            ),
            features=len({feature.column.name for feature in given if feature.column.feature not in twins}),
            has_id=seen.numbered or any(column.role is Role.ID for column in columns),
            max_segments=settings.choice.max_segments,
        ),
        exploration=replace(exploration, columns=_quality(table, columns)),
        as_of=as_of if any(feature.as_of for feature in given) else None,
        worth=kept_worth,
    )
    descriptors = read_descriptors(
        Describable(table.read, columns, table.facts, table.numbers, table.kept, as_of), lexicon
    )
    return Surveyed(
        descriptors=descriptors,
        survey=survey,
        findings=findings,
        given=tuple(feature for feature in given if feature.column.feature not in twins),
        traits=tuple(trait for trait in traits if trait.feature not in twins),
        dropped=dropped,
        came_in=came_in,
        suppressed=table.suppressed,
    )


def _dates(table: Intake, lexicon: ColumnLexicon) -> list[Floats]:
    """The dates that can say when the file was made: not births."""
    return [
        table.numbers[column.name]
        for column in table.columns
        if column.format.kind is Kind.DATE
        and column.role is not Role.PROTECTED
        and not is_birth(column.name, lexicon)
    ]


def is_birth(name: str, lexicon: ColumnLexicon) -> bool:
    """Whether a column holds years or days of birth."""
    found = lexicon.protected.find(name)
    return found is not None and ("birth" in found or "born" in found or found == "dob")


def _given(table: Intake, settings: Settings, lexicon: ColumnLexicon, as_of: str | None) -> tuple[Given, ...]:
    names = [one.name for one in table.columns]
    zeros = [named_column(one, names) for one in settings.cleaning.missing_means_zero]
    marks = {named_column(name, names): values for name, values in settings.cleaning.sentinels.items()}
    settings = settings.changed(sentinels=marks)
    words = {name: texts[table.kept] for name, texts in table.words.items()}
    features = nominal.features(
        table.columns, words, [token.lower() for token in settings.reading.missing_tokens]
    )
    return tuple(
        replace(_settled(column, table, settings, lexicon, as_of), missing_means_zero=column.name in zeros)
        for column in features
    )


def _settled(
    column: Column, table: Intake, settings: Settings, lexicon: ColumnLexicon, as_of: str | None
) -> Given:
    """One feature with its limits: of counts, shares, births and of days that have not come yet."""
    low, high = _limits(column, table, lexicon)
    if column.format.kind is Kind.DATE:
        return Given(column=column, as_of=as_of, valid_low=0.0)
    if column.format.level is not None:
        return Given(column=column)
    if as_of and is_birth(column.name, lexicon):
        low, high = clean.birth_limits(as_of)
    return Given(
        column=column,
        valid_low=low,
        valid_high=high,
        sentinels=_sentinels(column.name, table, settings),
    )


def _sentinels(name: str, table: Intake, settings: Settings) -> tuple[float, ...]:
    """Numbers that stand for missing in a column: those named for it or found, and numbers among the tokens.

    The recipe must know them, or the model would score what the run left out.
    """
    tokens = [_number(token) for token in settings.reading.missing_tokens]
    found = [fact.stand_in for fact in table.facts if fact.name == name and fact.stand_in is not None]
    return (*settings.cleaning.sentinels.get(name, found), *(token for token in tokens if isfinite(token)))


def _number(text: str) -> float:
    """The number that a token is; NaN where it is a word."""
    try:
        return float(text)
    except ValueError:
        return nan


def _limits(column: Column, table: Intake, lexicon: ColumnLexicon) -> tuple[float | None, float | None]:
    if column.format.kind is not Kind.NUMBER:
        return None, None
    return clean.limits(
        table.numbers[column.name],
        counts=lexicon.counts.find(column.name) is not None,
        share=lexicon.shares.find(column.name) is not None,
    )


def _feature(table: Intake, given: Given) -> Floats:
    """The kept customers' values of one feature, the impossible taken out."""
    if given.column.format.level is not None:
        return given.possible(level_values(table.words[given.column.name][table.kept], given.column.format))
    values = table.numbers[given.column.name][table.kept]
    if given.as_of is not None:
        values = clean.days_before(given.as_of, values)
    return given.possible(values)


def _measure(table: Intake, settings: Settings, lexicon: ColumnLexicon) -> ValueMeasure | None:
    """What says what a customer is worth: as set, or as the names of the columns suggest."""
    open_to_all = {Role.SEGMENTATION, Role.DESCRIPTOR}
    numeric = [
        column.name
        for column in table.columns
        if column.name in table.numbers and column.format.kind is Kind.NUMBER
    ]
    if settings.choice.value:
        named = tuple(named_column(one, numeric) for one in settings.choice.value)
        return ValueMeasure(label=" + ".join(named), columns=named, product=False)
    names = [column.name for column in table.columns if column.name in numeric and column.role in open_to_all]
    traits = map_traits(names, lexicon, {k: v for k, v in settings.naming.traits.items() if k in names})
    return value_measure(names, traits, lexicon)


def _worth(table: Intake, measure: ValueMeasure | None) -> Floats | None:
    if measure is None:
        return None
    return clean.worth([table.numbers[name] for name in measure.columns], product=measure.product)


def _explore(given: Sequence[Given], values: Floats) -> Exploration:
    names = [feature.column.feature for feature in given]
    flags = [feature.column.format.kind is Kind.FLAG for feature in given]
    related = distributions.correlations(names, values)
    return Exploration(
        rows=len(values),
        distributions=tuple(
            distributions.distribution(name, values[:, j], flag=flag)
            for j, (name, flag) in enumerate(zip(names, flags, strict=True))
        ),
        correlations=related,
        pairs=distributions.pair_densities(values, related),
        columns=(),
        missing_blocks=_blocks(given, values),
    )


def _blocks(given: Sequence[Given], values: Floats) -> tuple[MissingBlock, ...]:
    """What is missing together; the words of a column always are, and stand there as the column."""
    at = {
        feature.column.feature if feature.column.format.level is None else feature.column.name: index
        for index, feature in enumerate(given)
    }
    return distributions.missing_blocks(list(at), np.isnan(values[:, list(at.values())]))


def _twins(
    values: Floats, exploration: Exploration, given: Sequence[Given], settings: Settings
) -> dict[str, str]:
    """Features to leave out, with the one that stands for each; a column in words only as a whole."""
    if settings.scaling.themes == "none":
        return {}
    related = exploration.correlations
    found = near_duplicates(values, related.features, related.spearman, limit=settings.scaling.near_duplicate)
    return nominal.whole(found, {feature.column.feature: feature.column.name for feature in given})


def _quality(table: Intake, columns: Sequence[Column]) -> tuple[ColumnQuality, ...]:
    return tuple(
        ColumnQuality(
            name=column.name,
            role=str(column.role),
            kind=str(column.format.kind),
            missing=known.missing,
            distinct=known.distinct,
            top_share=known.top_share,
        )
        for column, known in zip(columns, table.facts, strict=True)
    )


def _inspected(
    table: Intake,
    columns: tuple[Column, ...],
    exploration: Exploration,
    lexicon: ColumnLexicon,
    as_of: str | None,
) -> audit.Inspected:
    kept = {name: values[table.kept] for name, values in table.numbers.items()}
    births = {
        column.name: int(as_of[:4])
        for column in columns
        if as_of
        and column.name in kept
        and is_birth(column.name, lexicon)
        and column.format.kind is Kind.NUMBER
    }
    return audit.Inspected(
        columns=columns,
        quality={one.name: one for one in _quality(table, columns)},
        numbers=kept,
        labels=table.ids[table.kept],
        blocks=exploration.missing_blocks,
        limits={column.name: _limits(column, table, lexicon) for column in columns if column.name in kept},
        rates=frozenset(one.name for one in columns if lexicon.shares.find(one.name)),
        births=births,
        copies=table.copies,
        duplicates=len(table.ids) - len(table.kept) - table.replaced,
        replaced=table.replaced,
        words={name: texts[table.kept] for name, texts in table.words.items()},
        unread=table.read.bad,
        stand_ins={fact.name: fact for fact in table.facts if fact.stand_in is not None},
        open_ended={fact.name: fact.open_ended for fact in table.facts if fact.open_ended},
    )


def _customers(table: Intake, given: Sequence[Given], values: Floats) -> CustomerTable:
    ids = table.ids[table.kept]
    return CustomerTable(
        id_name=table.id_name,
        ids=ids,
        ids_are_integers=written_as_integers(
            table.read, None if table.id_name == ROW_NUMBER else table.id_name, ids
        ),
        names=tuple(feature.column.feature for feature in given),
        values=frozen(values),
    )


def _dropped(table: Intake, worth: Floats | None) -> RowCount:
    """The rows that repeat another."""
    gone = np.setdiff1d(np.arange(len(table.ids)), table.kept)
    return RowCount(rows=len(gone), value=_total(None if worth is None else worth[gone]))


def _total(worth: Floats | None) -> float:
    return 0.0 if worth is None else float(np.nansum(worth))
