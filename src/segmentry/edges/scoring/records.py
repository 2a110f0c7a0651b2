"""New customers as records, one by one: each value read as its column was, and what is wrong said by row and column."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from segmentry.errors import listed, shortened
from segmentry.records.arrays import Texts
from segmentry.records.cell_grammar import MISSING_TOKENS, TRIMMED, without_time, written_number
from segmentry.records.columns import Decimal, Format, Kind
from segmentry.records.customers import Assignment
from segmentry.records.model import Model
from segmentry.stages.cleaning.clean import days_before
from segmentry.stages.columns.parsing import level_values, reads
from segmentry.stages.scoring.score import score

MOST_FAULTS = 50
"""Faults that are told at once."""
EPOCH = date(1970, 1, 1)
NOTHING = frozenset(MISSING_TOKENS)
ISO = "%Y-%m-%d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A value that is not valid.

    Attributes:
        row: The record, from 1.
        column: The column; empty where the whole record is wrong.
        problem: What is wrong, as a sentence.
    """

    row: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Records, read.

    Attributes:
        ids: n ids as text; row numbers where there is none.
        columns: n values for each column of the model: numbers (dates as days since 1970-01-01) or words.
        faults: What could not be read; the other parts are of use only when there is none.
    """

    ids: tuple[str, ...]
    columns: Mapping[str, Sequence[float | str | None]]
    faults: tuple[Fault, ...]


def read_records(model: Model, records: Sequence[object]) -> Read:
    """Read n records as the columns of the model were read.

    Args:
        model: The model.
        records: Mappings from column to value; a value may be a number, a text as in a file, a
            boolean for yes/no columns, or None where it is not known. Other keys are passed over.
    """
    formats = {step.column: step.format.of_column for step in model.recipe.steps}
    ids: list[str] = []
    columns: dict[str, list[float | str | None]] = {name: [] for name in formats}
    faults: list[Fault] = []
    for row, record in enumerate(records, 1):
        found = list(_faults(row, record, formats))
        faults += found
        if not found and isinstance(record, Mapping):
            ids.append(_id(record.get(model.id_name), row))
            for name, form in formats.items():
                columns[name].append(value_of(record[name], form))
        if len(faults) >= MOST_FAULTS:
            break
    return Read(ids=tuple(ids), columns=columns, faults=tuple(faults[:MOST_FAULTS]))


def place_records(model: Model, read: Read, *, as_of: str | None = None) -> Assignment:
    """Place what was read without a fault, exactly as ``score_table`` does.

    Args:
        model: The model.
        read: At least one record.
        as_of: The day that dates count back from (ISO); the model's own when not given.
    """
    from segmentry.edges.scoring.tables import (
        for_new_customers,  # with the engine that reads files, which pages never need
    )

    ready = for_new_customers(model, as_of)
    columns = []
    for step in ready.recipe.steps:
        values = read.columns[step.column]
        if step.format.level is not None:
            texts: Texts = np.array(values, dtype=object)
            columns.append(level_values(texts, step.format))
            continue
        numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        dated = step.format.kind is Kind.DATE and step.as_of is not None
        columns.append(days_before(step.as_of, numbers) if dated and step.as_of else numbers)
    return score(np.column_stack(columns), ready)


def value_of(value: object, form: Format) -> float | str | None:
    """One value, as its column was read; None where there is none.

    Raises:
        ValueError: when it cannot be read; the message says why.

    >>> value_of("1.234,5", Format(kind=Kind.NUMBER, decimal=Decimal.COMMA)), value_of("n/a", Format(kind=Kind.NUMBER))
    (1234.5, None)
    """
    if isinstance(value, str):
        cell = value.strip(TRIMMED)
        return None if cell.lower() in NOTHING else _of_text(cell, form)
    if value is None:
        return None
    if isinstance(value, bool):
        return _of_boolean(value, form)
    if isinstance(value, int | float):
        return _of_number(value, form)
    raise ValueError(f"A {'list' if isinstance(value, list) else 'nested record'} is no value.")


def _faults(row: int, record: object, formats: Mapping[str, Format]) -> Iterator[Fault]:
    """What is wrong with one record."""
    if not isinstance(record, Mapping):
        yield Fault(row=row, column="", problem="A customer is a record from column names to values.")
        return
    for name, form in formats.items():
        if name not in record:
            problem = (
                f"It is not there. Send null where it is not known. The model needs: {listed(list(formats))}."
            )
            yield Fault(row=row, column=name, problem=problem)
            continue
        try:
            value_of(record[name], form)
        except ValueError as failure:
            yield Fault(row=row, column=name, problem=str(failure))


def _id(value: object, row: int) -> str:
    return whole(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else str(row)


def whole(text: str) -> str:
    r"""The text with halves of letters, which JSON can write and nothing can show, replaced.

    >>> whole("a\ud800")
    'a?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def _of_text(cell: str, form: Format) -> float | str:
    if form.kind is Kind.TEXT:
        return cell
    if form.kind is Kind.DATE:
        return _day(cell, form)
    number = written_number(cell, form.decimal or Decimal.POINT)
    if form.kind is Kind.FLAG:
        if cell.lower() in form.true_words or cell.lower() in form.false_words:
            return float(cell.lower() in form.true_words)
        if number not in {0, 1}:
            raise ValueError(f"{_told(cell)} is neither yes nor no.")
    if number is None:
        raise ValueError(f"{_told(cell)} is no number.")
    return number


def _day(cell: str, form: Format) -> float:
    """Days since 1970-01-01."""
    written = form.date_format or ISO
    if not reads(cell, form):
        raise ValueError(f"{_told(cell)} is no date like {EPOCH.strftime(written)}.")
    try:
        day = datetime.strptime(without_time(cell), written)  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise ValueError(f"There is no day {_told(cell)}.") from None
    return float((day.date() - EPOCH).days)


def _of_boolean(value: bool, form: Format) -> float | str:  # noqa: FBT001 - it is the value itself
    if form.kind is Kind.TEXT:
        return str(value).lower()
    if form.kind is not Kind.FLAG:
        raise ValueError(f"{str(value).lower()} is no {'date' if form.kind is Kind.DATE else 'number'}.")
    return float(value)


def _of_number(value: float, form: Format) -> float | str:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("It is too large a number.")
    if form.kind is Kind.TEXT:
        return str(value)
    if form.kind is Kind.DATE:
        raise ValueError(f"{_told(str(value))} is no date.")
    if form.kind is Kind.FLAG and number not in {0, 1}:
        raise ValueError(f"{_told(str(value))} is neither yes nor no.")
    return number


def _told(cell: str) -> str:
    return f"'{shortened(whole(cell))}'"
