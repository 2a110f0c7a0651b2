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
        open_ended=int((present >= OPEN_END).sum()) if format.kind is Kind.DATE else 0,
    )


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
