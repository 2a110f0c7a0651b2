"""The order that features are worked on in: by what is in them, so that no name and no column order decides."""

from collections.abc import Iterator, Sequence

import numpy as np

from segmentry.records.arrays import Floats

MOMENTS = (3, 4, 5, 6)
"""Moments that a feature is known by: skew, kurtosis and the two after them, of standardised values."""

DIGITS = 9
"""Digits that count: sums over the same customers in another order differ beyond them."""

Key = tuple[float, ...]


def by_content(values: Floats, names: Sequence[str]) -> tuple[int, ...]:
    """The positions of p features in an order that depends on their values alone; equal ones go by their names.

    Features with the same values in other rows differ in how they go with the other features.

    Args:
        values: n x p raw values, NaN where missing.
        names: The p names.

    >>> spend = np.array([[1.0, 0.0], [2.0, 0.0], [9.0, 1.0], [3.0, 1.0]])
    >>> by_content(spend, ["a", "b"]), by_content(spend, ["z", "b"]), by_content(spend[:, ::-1], ["b", "a"])
    ((1, 0), (1, 0), (0, 1))
    """
    keys = list(_keys(values))
    return tuple(sorted(range(len(names)), key=lambda j: (keys[j], names[j])))


def _keys(values: Floats) -> Iterator[Key]:
    """What each feature is known by."""
    together = np.zeros(len(values))
    for column in values.T:
        together += _standardised(column)
    for column in values.T:
        scaled = _standardised(column)
        gaps = float(np.isnan(column).mean())
        shape = (np.mean(scaled**power) for power in MOMENTS)
        links = (np.mean(scaled * together), np.mean(scaled**2 * together), np.mean(scaled**2 * together**2))
        yield (gaps, *(_rounded(float(value)) for value in (*shape, *links)))


def _standardised(column: Floats) -> Floats:
    """The values around 0 in standard deviations; gaps are at 0."""
    known = column[~np.isnan(column)]
    if not len(known) or known.min() == known.max():
        return np.zeros(len(column))
    return np.asarray(np.nan_to_num((column - known.mean()) / known.std()), dtype=np.float64)


def _rounded(value: float) -> float:
    """The size of a number, to so many digits that the order of a sum does not show."""
    return round(float(np.sign(value) * np.log1p(abs(value))), DIGITS)
