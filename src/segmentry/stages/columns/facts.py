"""What is known of each column before it is given a role."""

from typing import TYPE_CHECKING

import numpy as np

from segmentry.records.arrays import Floats
from segmentry.records.catalogs import ColumnFacts
from segmentry.records.cell_grammar import OPEN_END
from segmentry.records.columns import Format, Kind
from segmentry.records.rounding import rounded

if TYPE_CHECKING:
    import ibis.expr.types as ir

STAND_INS = (-1.0, -9.0, -99.0, -999.0, -9999.0)
"""Negative values that often stand for "never" or "unknown" (METHOD 1.2, C2)."""

STAND_IN_SHARE = 0.01
"""A value stands for "never" only if this share of customers has it (METHOD 1.2, C2)."""

LEAST_OTHERS = 5
"""And only beside so many other values: -1, 0 and 1 are three answers."""

SPACING = 1e-9
"""Gaps that differ by less than this share are even: the rest is rounding."""


def number_facts(name: str, format: Format, values: Floats) -> ColumnFacts:  # noqa: A002 - the record's word
    """The facts of a column of numbers.

    Args:
        name: The column.
        format: How it is read.
        values: n values, NaN where missing.
    """
    present = values[~np.isnan(values)]
    stand_in = stand_in_of(present) if format.kind is Kind.NUMBER else None
    integer = bool((present == np.round(present)).all()) if len(present) else False
    distinct, counts = np.unique(present if integer else rounded(present), return_counts=True)
    return ColumnFacts(
        name=name,
        format=format,
        rows=len(values),
        missing=len(values) - len(present),
        distinct=len(distinct),
        top_share=float(counts.max() / len(present)) if len(present) else 0.0,
        integer=integer,
        in_sequence=_in_sequence(present, distinct),
        in_blocks=integer and int((present[1:] != present[:-1]).sum()) + 1 == len(distinct),
        stand_in=stand_in,
        stand_in_rows=0 if stand_in is None else int((present == stand_in).sum()),
        open_ended=int((present >= OPEN_END).sum()) if format.kind is Kind.DATE else 0,
    )


def stand_in_of(present: Floats) -> float | None:
    """The one negative value among numbers that are not negative otherwise, where it is one that people use.

    >>> stand_in_of(np.array([-1.0] * 9 + [3, 0, 12, 40, 7, 5])), stand_in_of(np.array([-1.0, -2, 3, 4, 5, 6]))
    (-1.0, None)
    """
    negative = np.unique(present[present < 0])
    if len(negative) != 1 or negative[0] not in STAND_INS:
        return None
    often = (present == negative[0]).sum() >= max(2, STAND_IN_SHARE * len(present))
    return float(negative[0]) if often and len(np.unique(present)) > LEAST_OTHERS else None


def _in_sequence(present: Floats, distinct: Floats) -> bool:
    """Evenly spaced when sorted, or rising or falling with the rows."""
    if len(distinct) < 3:  # noqa: PLR2004 - two values are always evenly spaced
        return False
    steps = np.diff(present)
    gaps = np.diff(distinct)
    even = float(gaps.max() - gaps.min()) <= SPACING * max(1.0, float(gaps.max()))
    return bool(even or (steps > 0).all() or (steps < 0).all())


def text_summary(table: "ir.Table", names: list[str]) -> "ir.Table":
    """One row of counts per text column, worked out where the data live.

    Args:
        table: The typed table.
        names: Its text columns.

    Returns:
        An expression with ``missing_i`` and ``distinct_i`` for the i-th name.
    """
    counts = {}
    for index, name in enumerate(names):
        counts[f"missing_{index}"] = table[name].isnull().sum()
        counts[f"distinct_{index}"] = table[name].nunique()
    return table.aggregate(**counts)


def commonest(table: "ir.Table", name: str) -> "ir.Table":
    """The count of a column's commonest value, as an expression with the column ``n``."""
    present = table.filter(table[name].notnull())
    return present.group_by(name).aggregate(n=present.count()).order_by("n").aggregate(n=lambda t: t.n.max())


def distinct_rows(table: "ir.Table", names: list[str]) -> "ir.Table":
    """The number of distinct rows over some columns, as an expression with the column ``n``."""
    return table.select(*names).distinct().aggregate(n=lambda t: t.count())


def repeats(table: "ir.Table", names: list[str], row: str) -> "ir.Table":
    """The row numbers of rows that are the same as an earlier one over some columns.

    Args:
        table: The typed table.
        names: The columns to compare.
        row: The row number column.
    """
    import ibis

    earlier = ibis.row_number().over(group_by=list(names), order_by=row)
    return table.mutate(_earlier=earlier).filter(lambda t: t["_earlier"] > 0).select(row)
