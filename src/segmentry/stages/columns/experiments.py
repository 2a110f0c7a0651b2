"""Tables of an experiment: who was in which group, what was measured afterwards, and copies of an outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from segmentry.records.arrays import Floats
from segmentry.records.catalogs import ColumnFacts, words
from segmentry.records.columns import Column, Kind, Role
from segmentry.records.ranks import ranked

ARMS = {
    "arm",
    "group",
    "treatment",
    "treated",
    "control",
    "variant",
    "campaign",
    "experiment",
    "cell",
    "segment",
}
"""Words that name the group which a customer was put in."""

MOST_ARMS = 6
"""Groups of an experiment; a column with more values says something else."""

AFTERWARDS = {"after", "afterward", "post", "following", "nach", "apres", "despue", "dopo", "depoi"}
"""Words for what came after the experiment began, in the singular that names are split into."""

RESPONSES = {
    "visit",
    "visited",
    "conversion",
    "converted",
    "response",
    "responded",
    "click",
    "clicked",
    "opened",
}
"""Yes/no columns that say how a customer answered, beside a group."""

MONEY = {"spend", "revenue", "sale", "amount", "purchase"}
"""Amounts that were brought in by the answer: only where a column says who converted."""

ALIKE = 0.9
"""Rank correlation (for two yes/no columns phi) from which a column says what an outcome says: where a tenth leave,
two columns that agree on 98 of 100 customers have it."""

FEWEST = 30
"""Customers with both values below which two columns are not compared."""


def with_outcomes(columns: Sequence[Column], facts: Sequence[ColumnFacts]) -> tuple[Column, ...]:
    """What was measured after an experiment is an outcome; nothing changes where no column names a group."""
    arm = next((fact.name for fact in facts if _is_arm(fact)), None)
    if arm is None:
        return tuple(columns)
    answered = any(_answer(column) for column in columns)
    return tuple(
        replace(column, role=Role.OUTCOME, reason=_reason(arm))
        if column.name != arm
        and column.role is Role.SEGMENTATION
        and _measured_after(column, answered=answered)
        else column
        for column in columns
    )


def without_copies(columns: Sequence[Column], numbers: Mapping[str, Floats]) -> tuple[Column, ...]:
    """A column that says nearly the same as an outcome is one too, unless nothing else would be left."""
    told = [column.name for column in columns if column.role is Role.OUTCOME and column.name in numbers]
    copies = {
        column.name: outcome
        for column in columns
        if column.role is Role.SEGMENTATION and column.name in numbers
        for outcome in told
        if _alike(numbers[column.name], numbers[outcome])
    }
    if all(column.name in copies for column in columns if column.role is Role.SEGMENTATION):
        return tuple(columns)
    return tuple(
        replace(
            column,
            role=Role.OUTCOME,
            reason=f"Says nearly the same as the outcome '{copies[column.name]}': kept for checking.",
        )
        if column.name in copies
        else column
        for column in columns
    )


def _is_arm(fact: ColumnFacts) -> bool:
    said, groups = words(fact.name), fact.distinct + bool(fact.missing)  # "none" is a group as well
    return 1 < groups <= MOST_ARMS and bool(said) and said[-1] in ARMS


def _answer(column: Column) -> bool:
    return column.format.kind is Kind.FLAG and bool(RESPONSES & set(words(column.name)))


def _measured_after(column: Column, *, answered: bool) -> bool:
    """Whether a column beside a group tells what came of it; an amount does where others say who answered."""
    said = words(column.name)
    alone = answered and len(said) == 1 and said[0] in MONEY
    return bool(AFTERWARDS & set(said)) or _answer(column) or alone


def _reason(arm: str) -> str:
    return (
        f"'{arm}' looks like the group of an experiment, and this was measured after it: an outcome, kept for "
        "checking. If it is not, name it with --features."
    )


def _alike(one: Floats, other: Floats) -> bool:
    known = ~np.isnan(one) & ~np.isnan(other)
    if known.sum() < FEWEST or min(len(np.unique(one[known])), len(np.unique(other[known]))) < 2:  # noqa: PLR2004
        return False
    return abs(float(np.corrcoef(ranked(one[known]), ranked(other[known]))[0, 1])) >= ALIKE
