"""A source as typed columns: a sample proposes how each column is read, and all rows decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.edges.engines.duckdb import create, fetch_sql, table
from segmentry.edges.sources.mixed_units import mixed_units
from segmentry.edges.sources.opening import open_source
from segmentry.edges.sources.source import TABLE, Source
from segmentry.records.columns import BadValues, Decimal, Format, Kind, MixedUnits, Notation
from segmentry.records.settings import ReadSettings
from segmentry.stages.columns.notations import Unit, other_notations, units_in
from segmentry.stages.columns.parsing import (
    HALF,
    WORTH_TRYING,
    Hints,
    date_order_of,
    guess,
    is_open,
    kind_of_type,
    present,
    proven_decimal,
    reads,
    settle,
)
from segmentry.stages.columns.parsing_sql import (
    PLACE,
    ROW,
    Reading,
    parsed_query,
    place_of,
    possible_day_sql,
    quoted,
    text_sql,
    text_value_sql,
    typed_text_sql,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


TYPED = "typed"
TEXTS = "texts"
SAMPLE_ROWS = 5_000
"""Rows from the top of a long table that are looked at, and as many spread over all of it."""
SAMPLE_VALUES = 400
"""Different values of a column that are looked at."""
MOST_FAILING = 100
MOST_EXAMPLES = 5
ROUNDS = 4
NUMERIC = (Kind.NUMBER, Kind.FLAG)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTable:
    """A source, read and parsed.

    Attributes:
        source: What it was read from, as it stood there.
        typed: `__row`, counted from 1 in the order of the input, and every column of the input as its
            value: DOUBLE for numbers and flags, DATE for dates, text for the rest; NULL for what is
            missing, not finite or bad.
        texts: The same columns as trimmed text, for ids and labels: leading zeros are kept.
        formats: How each column was read, in the order of the input.
        bad: Values that are there but are not what the rest of their column is.
        mixed: Columns whose numbers are of several units.
    """

    source: Source
    typed: "ir.Table"
    texts: "ir.Table"
    formats: Mapping[str, Format]
    bad: tuple[BadValues, ...]
    mixed: tuple[MixedUnits, ...] = ()


def read_table(
    source: object, options: ReadSettings | None = None, known: Mapping[str, Format] | None = None
) -> ReadTable:
    """Open a source and parse its columns.

    Args:
        source: A path, or a pandas, Polars, PyArrow or Ibis table.
        options: How to read it, where it does not say so itself.
        known: How its columns were read when a model was made from them; their kinds are kept.

    Raises:
        DataError: if it cannot be read, or its dates can be read in two ways.
        UsageError: if an option, or the source, is not valid.
    """
    chosen = options or ReadSettings()
    return parse(open_source(source, chosen), chosen, known or {})


def parse(opened: Source, chosen: ReadSettings, known: Mapping[str, Format]) -> ReadTable:
    """Parse the columns of an open source; arguments and errors are those of ``read_table``."""
    engine = opened.table.get_backend()
    columns = _columns(opened, engine, known)
    verdicts = _typed_verdicts(engine, columns) | _text_verdicts(engine, columns, opened, chosen)
    readings = [
        Reading(name=column.name, form=verdicts[column.name].form, text=column.text) for column in columns
    ]
    typed = create(engine, TYPED, parsed_query(TABLE, readings, chosen.missing_words))
    return ReadTable(
        source=opened,
        typed=typed,
        texts=_texts(engine, columns, chosen.missing_words),
        formats=MappingProxyType({reading.name: reading.form for reading in readings}),
        bad=tuple(
            _bad(opened, column, verdicts[column.name], chosen.missing_words)
            for column in columns
            if verdicts[column.name].bad
        ),
        mixed=tuple(
            found
            for column in columns
            for kind in verdicts[column.name].units
            for found in mixed_units(engine, column.name, kind)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column before it is judged: whether it arrives as text, and what was known of it."""

    name: str
    type_name: str
    text: bool
    nested: bool
    known: Format | None

    @property
    def sql(self) -> str:
        return quoted(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """How a column is to be read, how many of its values are bad, and which units may be mixed in it."""

    form: Format
    bad: int = 0
    units: tuple[Unit, ...] = ()


def _columns(opened: Source, engine: "Backend", known: Mapping[str, Format]) -> list[_Column]:
    kept = engine.con.sql(f"SELECT * FROM {TABLE} LIMIT 0")  # noqa: S608 - a constant
    useful = {name: form for name, form in known.items() if form.kind is not Kind.EMPTY}
    return [
        _Column(
            name=name,
            type_name=str(type_name),
            text=_arrives_as_text(str(type_name), useful.get(name)),
            nested=name in opened.nested,
            known=useful.get(name),
        )
        for name, type_name in zip(kept.columns, kept.types, strict=True)
        if name != PLACE
    ]


def _arrives_as_text(type_name: str, known: Format | None) -> bool:
    """Text, or of a type that has nothing to do with what the column was before."""
    kind = kind_of_type(type_name)
    if kind is None or known is None or known.kind is Kind.TEXT:
        return kind is None
    return kind is not known.kind and not {kind, known.kind} <= set(NUMERIC)


def _texts(engine: "Backend", columns: Sequence[_Column], missing: Iterable[str]) -> "ir.Table":
    tokens = tuple(missing)
    kept = (
        f"{text_sql(column.sql, tokens) if column.text else typed_text_sql(column.sql)} AS {column.sql}"
        for column in columns
    )
    place = place_of(column.name for column in columns)
    rows = f"SELECT {', '.join((f'{place} + 1 AS {ROW}', *kept))} FROM {TABLE}"  # noqa: S608 - names are quoted
    engine.con.execute(f"CREATE OR REPLACE VIEW {TEXTS} AS {rows}")
    return table(engine, TEXTS)


def _typed_verdicts(engine: "Backend", columns: Sequence[_Column]) -> dict[str, _Verdict]:
    """Columns with a type of their own: only 0 and 1 make a flag, no value at all makes them empty."""
    typed = [column for column in columns if not column.text]
    if not typed:
        return {}
    counts = _one_row(engine, [count for one in typed for count in _typed_counts(one)])
    verdicts = {}
    for place, one in enumerate(typed):
        there, neither, beyond = counts[3 * place : 3 * place + 3]
        verdicts[one.name] = _Verdict(form=Format(kind=_typed_kind(one, there, neither)), bad=beyond)
    return verdicts


def _typed_counts(column: _Column) -> tuple[str, str, str]:
    """Counts of the values that are there, of those that are neither 0 nor 1, and of those beyond all limits."""
    if kind_of_type(column.type_name) is Kind.DATE:
        return f"count({column.sql})", "0", f"count(*) FILTER (NOT {possible_day_sql(column.sql)})"
    if kind_of_type(column.type_name) is not Kind.NUMBER:
        return f"count({column.sql})", "0", "0"
    number = f"CAST({column.sql} AS DOUBLE)"
    return (
        f"count(*) FILTER (NOT isnan({number}))",
        f"count(*) FILTER ({number} NOT IN (0, 1) AND NOT isnan({number}))",
        f"count(*) FILTER (isinf({number}))",
    )


def _typed_kind(column: _Column, there: int, neither: int) -> Kind:
    if column.known is not None:
        return column.known.kind
    if there == 0:
        return Kind.EMPTY
    kind = kind_of_type(column.type_name) or Kind.TEXT
    return Kind.FLAG if kind is Kind.NUMBER and neither == 0 else kind


def _text_verdicts(
    engine: "Backend", columns: Sequence[_Column], opened: Source, options: ReadSettings
) -> dict[str, _Verdict]:
    nested = Format(kind=Kind.TEXT, note="Its values are lists, records or bytes.")
    verdicts = {column.name: _Verdict(form=nested) for column in columns if column.nested}
    texts = [column for column in columns if column.text and not column.nested]
    samples = _samples(engine, texts, opened.info.rows, options)
    trials = [_Trial.start(text, samples[text.name]) for text in texts]
    for _ in range(ROUNDS):
        trials = _asked(engine, trials, options)
        if all(trial.over for trial in trials):
            break
    hints = _hints(trials, opened, options)
    return verdicts | {trial.column.name: trial.verdict(hints) for trial in trials}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """A column of text on its way to a verdict.

    Attributes:
        column: The column.
        sample: Values of it, with their rows.
        candidates: The formats that are tried, best first.
        readable, failing: Rows that the best of them reads, and rows with a value that it does not.
        over: Whether all rows have been asked and there is nothing more to learn.
    """

    column: _Column
    sample: Mapping[str, int]
    candidates: tuple[Format, ...]
    readable: int = 0
    failing: int = 0
    over: bool = False

    @classmethod
    def start(cls, column: _Column, sample: Mapping[str, int]) -> "_Trial":
        candidates = guess(
            sample, Hints(name=column.name, known=column.known, answers=column_lexicon().answers)
        )
        return cls(column=column, sample=sample, candidates=candidates, over=candidates[0].kind is Kind.TEXT)

    def asked(self, readable: Sequence[int], failing: Sequence[int]) -> "_Trial":
        """The trial after all rows were counted: the candidates that fail least are left."""
        fewest = min(failing)
        left = tuple(
            candidate for candidate, fails in zip(self.candidates, failing, strict=True) if fails == fewest
        )
        best = failing.index(fewest)
        return replace(self, candidates=left, readable=readable[best], failing=fewest, over=fewest == 0)

    def again(self, examples: Mapping[str, int]) -> "_Trial":
        """The trial with values that could not be read added to its sample."""
        sample = {**examples, **self.sample}
        fresh = _Trial.start(self.column, sample)
        unchanged = fresh.candidates[0] == self.candidates[0] or len(sample) == len(self.sample)
        return replace(self, over=True) if unchanged else fresh

    def verdict(self, hints: Hints) -> _Verdict:
        """How the column is read, once all rows were asked."""
        known = self.column.known
        form = self.candidates[0]
        if len(self.candidates) > 1 and form != known:
            example = next((value for value in self.sample if is_open(value)), next(iter(self.sample)))
            form = settle(self.candidates, replace(hints, name=self.column.name), example)
        counts = form.kind in {Kind.NUMBER, Kind.DATE}
        if self.failing and known is None and not (counts and self._explained(form) >= HALF):
            return _Verdict(form=Format(kind=Kind.TEXT))
        asked = form.kind is Kind.NUMBER and known is None
        return _Verdict(form=form, bad=self.failing, units=units_in(self.sample) if asked else ())

    def _explained(self, form: Format) -> float:
        """The share of values that the format reads, or that another notation of its kind does."""
        others = other_notations([value for value in self.sample if not reads(value, form)], form)
        known = sum(any(reads(value, one) for one in (form, *others)) for value in self.sample)
        read = self.readable / (self.readable + self.failing)
        return max(read, known / len(self.sample) if read >= WORTH_TRYING else 0.0)


def _samples(
    engine: "Backend", columns: Sequence[_Column], rows: int, options: ReadSettings
) -> dict[str, Mapping[str, int]]:
    """Some values of each column: of all rows, or of the first and of some spread over the rest."""
    if not columns:
        return {}
    step = max(1, rows // SAMPLE_ROWS)
    place = place_of(column.name for column in columns)
    some = f"WHERE {place} < {SAMPLE_ROWS} OR {place} % {step} = 0" if rows > 2 * SAMPLE_ROWS else ""
    texts = ", ".join(f"CAST({column.sql} AS VARCHAR)" for column in columns)
    found = fetch_sql(engine, f"SELECT {texts} FROM {TABLE} {some}")  # noqa: S608 - every name is quoted
    return {
        column.name: present(_some_values(found[place]), options.missing_words)
        for place, column in enumerate(columns)
    }


def _some_values(column: pa.ChunkedArray) -> dict[str, int]:
    """Some different values and their rows; half of the room is for those with a comma or a point."""
    counted = pc.value_counts(column.combine_chunks())
    counted = counted.filter(pc.is_valid(counted.field(0)))
    marked = pc.match_substring_regex(counted.field(0), "[.,]")
    chosen = pa.concat_arrays([_spread(counted.filter(marked)), _spread(counted.filter(pc.invert(marked)))])
    return dict(zip(chosen.field(0).to_pylist(), chosen.field(1).to_pylist(), strict=True))


def _spread(values: pa.Array) -> pa.Array:
    """Some values from first to last; ``pa.array`` would import pandas, which takes a fifth of a second."""
    step = -(-len(values) // (SAMPLE_VALUES // 2)) or 1
    places = np.arange(0, len(values), step, dtype=np.int64)
    return values.take(pa.Array.from_buffers(pa.int64(), len(places), [None, pa.py_buffer(places)]))


def _asked(engine: "Backend", trials: Sequence[_Trial], options: ReadSettings) -> list[_Trial]:
    """Ask all rows about the trials that are not over, and learn from what cannot be read."""
    waiting = [one for one in trials if not one.over]
    if not waiting:
        return list(trials)
    counts = iter(_counts(engine, waiting, options.missing_words))
    after = []
    for one in trials:
        trial = one
        if not one.over:
            pairs = [(next(counts), next(counts)) for _ in one.candidates]
            trial = one.asked([readable for readable, _ in pairs], [failing for _, failing in pairs])
        if not trial.over:
            trial = trial.again(_failing(engine, trial, options))
        after.append(trial)
    return after


def _counts(engine: "Backend", trials: Sequence[_Trial], missing: tuple[str, ...]) -> list[int]:
    """For every candidate of every trial: the rows that it reads, and those that it should but cannot."""
    values, counts = [], []
    for place, trial in enumerate(trials):
        values.append(f"{trial.column.sql} AS c{place}")
        for rank, form in enumerate(trial.candidates):
            value = f"v{place}_{rank}"
            values.append(f"{_value(trial.column, form, missing)} AS {value}")
            counts += [
                f"count({value})",
                f"count(CASE WHEN {value} IS NULL THEN {text_sql(f'c{place}', missing)} END)",
            ]
    return _one_row(engine, counts, f"(SELECT {', '.join(values)} FROM {TABLE})")  # noqa: S608 - every name is quoted


def _value(column: _Column, form: Format, missing: Iterable[str]) -> str:
    return "NULL" if form.kind is Kind.EMPTY else text_value_sql(column.sql, form, missing)


def _failing(engine: "Backend", trial: _Trial, options: ReadSettings) -> dict[str, int]:
    """Some values that the best candidate cannot read, each counting once."""
    return _unread_values(engine, trial.column, trial.candidates[0], options.missing_words)


def _unread_values(
    engine: "Backend", column: _Column, form: Format, missing: tuple[str, ...]
) -> dict[str, int]:
    """Some values that a format cannot read, the commonest first, each counting once."""
    unread = _unread(column, form, missing)
    query = f"SELECT CAST({column.sql} AS VARCHAR) FROM {TABLE} WHERE {unread} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {MOST_FAILING}"  # noqa: S608 - every name is quoted
    found = present(dict.fromkeys(fetch_sql(engine, query)[0].to_pylist(), 1), missing)
    return dict.fromkeys(found, 1)


def _unread(column: _Column, form: Format, missing: Iterable[str]) -> str:
    """The condition that a value is there but cannot be read, as SQL."""
    if not column.text and form.kind is Kind.DATE:
        return f"NOT {possible_day_sql(column.sql)}"
    if not column.text:
        return f"isinf(CAST({column.sql} AS DOUBLE))"
    tokens = tuple(missing)
    return f"{_value(column, form, tokens)} IS NULL AND {text_sql(column.sql, tokens)} IS NOT NULL"


def _one_row(engine: "Backend", counts: Sequence[str], rows: str = TABLE) -> list[int]:
    found = fetch_sql(engine, f"SELECT {', '.join(counts)} FROM {rows}")  # noqa: S608 - every name is quoted
    return [column[0].as_py() for column in found.columns]


def _hints(trials: Sequence[_Trial], opened: Source, options: ReadSettings) -> Hints:
    """What the columns that leave nothing open, and the delimiter, say about those that do."""
    numbers = [trial for trial in trials if trial.candidates[0].kind is Kind.NUMBER]
    proven = {proven_decimal(number.sample) for number in numbers} - {None}
    usual = Decimal.COMMA if opened.delimiter == ";" else None
    orders = {date_order_of(trial.candidates[0]) for trial in trials if len(trial.candidates) == 1} - {None}
    return Hints(
        decimal=options.decimal_sign or (proven.pop() if len(proven) == 1 else usual),
        date_order=options.date_order or (orders.pop() if len(orders) == 1 else None),
    )


def _bad(opened: Source, column: _Column, verdict: _Verdict, missing: Iterable[str]) -> BadValues:
    unread, place = _unread(column, verdict.form, missing), place_of(opened.table.columns)
    engine = opened.table.get_backend()
    query = f"SELECT {place} + 1, CAST({column.sql} AS VARCHAR) FROM {TABLE} WHERE {unread} ORDER BY {place} LIMIT {MOST_EXAMPLES}"  # noqa: S608 - every name is quoted
    rows, values = fetch_sql(engine, query).columns
    examples = tuple(zip(rows.to_pylist(), values.to_pylist(), strict=True))
    return BadValues(
        column=column.name,
        kind=verdict.form.kind,
        count=verdict.bad,
        examples=examples,
        notations=_notations(engine, column, verdict, tuple(missing)) if column.text else (),
        words=_one_row(
            engine, [f"count(DISTINCT CASE WHEN {unread} THEN CAST({column.sql} AS VARCHAR) END)"]
        )[0],
    )


def _notations(
    engine: "Backend", column: _Column, verdict: _Verdict, missing: tuple[str, ...]
) -> tuple[Notation, ...]:
    """How often each notation stands, where most of what cannot be read is in another one."""
    unread = _unread(column, verdict.form, missing)
    others = other_notations(list(_unread_values(engine, column, verdict.form, missing)), verdict.form)
    first = _notation(engine, column, f"NOT ({unread}) AND {text_sql(column.sql, missing)} IS NOT NULL")
    found, before = [first], unread
    for form in others:
        value = text_value_sql(column.sql, form, missing)
        found.append(_notation(engine, column, f"{before} AND {value} IS NOT NULL"))
        before = f"{before} AND {value} IS NULL"
    explained = sum(one.rows for one in found[1:])
    return tuple(found) if explained > HALF * verdict.bad else ()


def _notation(engine: "Backend", column: _Column, condition: str) -> Notation:
    query = f"SELECT count(*), min(CAST({column.sql} AS VARCHAR)) FROM {TABLE} WHERE {condition}"  # noqa: S608 - every name is quoted
    rows, example = fetch_sql(engine, query).columns
    return Notation(rows=rows[0].as_py(), example=str(example[0].as_py()))
