"""The columns of customers.parquet and customers.csv: what each is called, what it means and how it is made.

This is the only list of them. The files, the table that ``score`` gives, scoring.sql, the dashboard and its data
dictionary, the API and the reference are made from it, by name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints, Texts
from segmentry.records.columns import Kind
from segmentry.records.customers import MOSTLY_MISSING, PLACEMENTS, Assignment
from segmentry.records.model import Model
from segmentry.records.quoting import literal, number

Values: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCustomers:
    """The n customers that the columns are about.

    Attributes:
        assignment: Where each of them is.
        names: The names of the segments.
        worth: n values of the value measure, NaN where unknown; None without a measure.
    """

    assignment: Assignment
    names: tuple[str, ...]
    worth: Floats | None = None

    def called(self, segments: Ints) -> Texts:
        """The names of n segments; None for -1."""
        return np.array([*self.names, None], dtype=object)[segments]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerColumn:
    """One column.

    Attributes:
        name: Its name.
        kind: Text, number or flag.
        meaning: What it says, for people: in the dashboard, the API and the reference.
        values: Makes its n values: text with None, numbers with NaN where there is none, or flags.
        sql: Its expression in scoring.sql; None where that does not have it. It speaks of ``own``, ``rival``
            (segments from 0), ``own_d``, ``rival_d`` (squared distances), ``margin`` and ``missing_share``, or ...
        from_columns: ... whether it speaks of other columns of this catalog instead.
        always: Whether every customer has a value.
    """

    name: str
    kind: Kind
    meaning: str
    values: Callable[[PlacedCustomers], Values]
    sql: Callable[[Model], str] | None = None
    from_columns: bool = False
    always: bool = False


def _names_sql(segment: str, model: Model) -> str:
    names = " ".join(f"WHEN {index} THEN {literal(name)}" for index, name in enumerate(model.names))
    return f"CASE {segment} {names} END"


def _confidence_sql(model: Model) -> str:
    return (
        "CASE WHEN own IS NULL THEN 0.0 WHEN rival IS NULL THEN 1.0 "
        f"WHEN missing_share > {MOSTLY_MISSING} THEN margin ELSE {_returns_sql(model)} END"
    )


def _returns_sql(model: Model) -> str:
    """The confidence that follows from a margin: along the line of the model's corners, level at its end."""
    if not model.returns:
        return "margin"
    *rising, (_, most) = model.returns
    steps = [
        f"WHEN margin < {number(x2)} THEN {number(y)} + {number((y2 - y) / (x2 - x))} * (margin - {number(x)})"
        for (x, y), (x2, y2) in zip(rising, model.returns[1:], strict=True)
    ]
    return f"CASE {' '.join(steps)} ELSE {number(most)} END" if steps else number(most)


def _level_sql(model: Model) -> str:
    return (
        f"CASE WHEN own IS NULL OR missing_share > {MOSTLY_MISSING} OR confidence < {model.levels.medium!r} "
        f"THEN 'low' WHEN confidence >= {model.levels.high!r} THEN 'high' ELSE 'medium' END"
    )


PLACEMENT_COLUMNS: tuple[CustomerColumn, ...] = (
    CustomerColumn(
        name="segment",
        kind=Kind.TEXT,
        meaning="The segment's name; empty for a customer who is in none.",
        values=lambda placed: placed.called(placed.assignment.segment),
        sql=lambda model: _names_sql("own", model),
    ),
    CustomerColumn(
        name="confidence",
        kind=Kind.NUMBER,
        meaning="How clear the placement is, from 0 (on the border) to 1.",
        always=True,
        values=lambda placed: placed.assignment.confidence,
        sql=_confidence_sql,
    ),
    CustomerColumn(
        name="distance",
        kind=Kind.NUMBER,
        meaning="How far the customer is from the centre of the segment, in scaled units, over the features that are known.",
        values=lambda placed: placed.assignment.distance,
        sql=lambda _: "SQRT(own_d)",
    ),
    CustomerColumn(
        name="runner_up",
        kind=Kind.TEXT,
        meaning="The second-nearest segment; empty when there is one segment.",
        values=lambda placed: placed.called(placed.assignment.rival),
        sql=lambda model: _names_sql("rival", model),
    ),
    CustomerColumn(
        name="confidence_level",
        kind=Kind.TEXT,
        meaning="The confidence in a word: high, medium or low.",
        always=True,
        values=lambda placed: placed.assignment.levels().astype(object),
        sql=_level_sql,
        from_columns=True,
    ),
    CustomerColumn(
        name="runner_up_distance",
        kind=Kind.NUMBER,
        meaning="How far the customer is from the centre of the second-nearest segment.",
        values=lambda placed: placed.assignment.rival_distance,
        sql=lambda _: "SQRT(rival_d)",
    ),
    CustomerColumn(
        name="out_of_range",
        kind=Kind.FLAG,
        meaning="Whether the customer is farther from the centre than 99.5 % of those that the segments were made from.",
        always=True,
        values=lambda placed: placed.assignment.out_of_range,
        sql=lambda model: f"COALESCE(distance > {number(model.reach)}, FALSE)",
        from_columns=True,
    ),
    CustomerColumn(
        name="placed",
        kind=Kind.TEXT,
        meaning="How the customer came to the segment, such as 'complete' or 'placed by partial distance'.",
        always=True,
        values=lambda placed: np.array([str(one) for one in PLACEMENTS], dtype=object)[
            placed.assignment.placement
        ],
    ),
)
"""What is said of every customer who was placed, in this order; of new ones too."""

VALUE = CustomerColumn(
    name="value",
    kind=Kind.NUMBER,
    meaning="What the customer is worth by the value measure; not there without one.",
    values=lambda placed: (
        np.full(len(placed.assignment.segment), np.nan) if placed.worth is None else placed.worth
    ),
)
"""The customer's value, which only a run with a value measure knows."""

CUSTOMER_COLUMNS = (*PLACEMENT_COLUMNS, VALUE)


def columns_of(*, valued: bool) -> Sequence[CustomerColumn]:
    """The columns of a table of customers, with or without a value measure."""
    return CUSTOMER_COLUMNS if valued else PLACEMENT_COLUMNS
