"""Whether segments stand in for a protected characteristic that did not make them (METHOD 11)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.audit import Finding, Severity
from segmentry.records.columns import Column, Role
from segmentry.records.findings import finding
from segmentry.records.reasons import DescribingColumn

PROXY = "P3"
"""The rule of these findings."""

WARNED = 0.3
"""Cramer's V from which segments say so much about a characteristic that they stand in for it (METHOD 11)."""

FIFTHS = 5
"""Groups of equal size that a number is cut into, to be compared with segments."""

FEWEST = 30
"""Customers with a value below which a column is not tested."""


NOT_FOR = (
    "do not use these segments for decisions with legal or similarly significant effect on a person, such as "
    "price, credit or eligibility"
)


def findings(
    described: Sequence[DescribingColumn],
    columns: Sequence[Column],
    segment: Ints,
    k: int,
    protected: Sequence[str],
) -> Iterator[Finding]:
    """What the segments say of each protected column.

    Args:
        described: The columns that make no segments, with their values.
        columns: Every column with its role.
        segment: n segment numbers from 0; -1 outside all of them.
        k: The number of segments.
        protected: Names of columns that are protected characteristics by what they are called.
    """
    for column in columns:
        if column.role is Role.SEGMENTATION and column.name in protected:
            yield _used(column.name)
    if k == 1:
        return
    for one in described:
        if one.role is not Role.PROTECTED:
            continue
        known = (segment >= 0) & ~np.isnan(one.values)
        if known.sum() >= FEWEST:
            codes = one.values[known] if one.words else _fifths(one.values[known])
            yield _found(one.name, cramers_v(segment[known], codes.astype(np.int64)), int(known.sum()))


def _fifths(values: Floats) -> Floats:
    """Numbers as the fifth of the customers that they lie in; equal numbers in the same."""
    cuts = np.unique(np.quantile(values, np.arange(1, FIFTHS) / FIFTHS))
    return np.asarray(np.searchsorted(cuts, values, side="left"), dtype=np.float64)


def cramers_v(one: Ints, other: Ints) -> float:
    """Cramer's V = sqrt(chi2 / (n (min(rows, columns) - 1))), from 0 (nothing) to 1 (Cramer 1946, 21.9).

    >>> cramers_v(np.array([0, 0, 1, 1]), np.array([5, 5, 7, 7]))
    1.0
    >>> cramers_v(np.array([0, 0, 1, 1]), np.array([5, 7, 5, 7]))
    0.0
    """
    _, rows = np.unique(one, return_inverse=True)
    _, columns = np.unique(other, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    if min(table.shape) < 2:  # noqa: PLR2004 - what never differs says nothing
        return 0.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()
    chi_squared = float(((table - expected) ** 2 / expected).sum())
    return float(np.sqrt(chi_squared / (table.sum() * (min(table.shape) - 1))))


def _found(name: str, strength: float, customers: int) -> Finding:
    warned = strength >= WARNED
    said = f"Cramer's V {strength:.2f}, from 0 for nothing to 1"
    sentence = (
        f"The segments differ by '{name}', although it did not make them: {NOT_FOR} ({said})."
        if warned
        else f"The segments say little about '{name}', which did not make them ({said})."
    )
    found = finding(PROXY, sentence, columns=(name,), rows=customers)
    return found if warned else replace(found, severity=Severity.INFO)


def _used(name: str) -> Finding:
    said = f"'{name}' is a protected characteristic and makes the segments, as was asked: {NOT_FOR}."
    return replace(finding(PROXY, said, columns=(name,)), setting="features")
