"""Answers for a choice of segments and confidence levels, put together from counts of everybody.

Everybody is counted once by segment and level. A choice of these is a sum over some of the counts, so it
costs the same at a thousand customers and at ten million, and no customer is read for it.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from segmentry.dashboard.data.filters import LEVELS, Filter
from segmentry.records.arrays import Ints, frozen_ints

Line = tuple[Any, ...]
"""A segment, a level, and what was counted there."""


def within(lines: Iterable[Line], chosen: Filter) -> list[Line]:
    """The lines of a choice.

    >>> within([(1, "high", 5), (1, "low", 2), (2, "high", 9)], Filter(segments=(1,), levels=("high",)))
    [(1, 'high', 5)]
    """
    segments, levels = set(chosen.segments), set(chosen.levels)
    return [
        line for line in lines if (not segments or line[0] in segments) and (not levels or line[1] in levels)
    ]


def summed(lines: Iterable[Line], chosen: Filter) -> list[tuple[int, int, float | None]]:
    """Segment, customers and value of a choice; the value is None where nobody has one.

    >>> summed([(2, "low", 1, None), (1, "high", 5, 2.0), (1, "low", 2, 1.5)], Filter())
    [(1, 7, 3.5), (2, 1, None)]
    """
    found: dict[int, tuple[int, list[float]]] = {}
    for segment, _, customers, value in within(lines, chosen):
        number, values = found.get(segment, (0, []))
        found[segment] = number + customers, values if value is None else [*values, value]
    return [
        (segment, number, math.fsum(values) if values else None)
        for segment, (number, values) in sorted(found.items())
    ]


def pooled(lines: Sequence[Line], chosen: Filter, features: int) -> list[tuple[int, float, float]]:
    """For each feature: customers with a value, their mean and standard deviation; NaN where nobody has one.

    The variance of a union is the mean of the variances plus the variance of the means, each weighted by
    its customers.

    Args:
        lines: Segment and level, then customers, mean and variance of each feature.
        chosen: The choice.
        features: How many features there are.

    >>> pooled([(1, "high", 1, 2.0, 0.0), (2, "low", 1, 4.0, 0.0)], Filter(), 1)
    [(2, 3.0, 1.0)]
    """
    table = within(lines, chosen)
    return [_pool([line[at : at + 3] for line in table]) for at in range(2, 2 + 3 * features, 3)]


def _pool(groups: Sequence[Line]) -> tuple[int, float, float]:
    filled = [group for group in groups if group[0]]
    total = sum(number for number, _, _ in filled)
    if not total:
        return 0, math.nan, math.nan
    mean = math.fsum(number * centre for number, centre, _ in filled) / total
    spread = math.fsum(number * (variance + (centre - mean) ** 2) for number, centre, variance in filled)
    return total, mean, math.sqrt(spread / total)


def cells_within(cells: Ints, chosen: Filter) -> Ints:
    """The cells of a choice.

    Args:
        cells: m x 5: segment, level from 1 in the order of LEVELS, column, row, customers.
        chosen: The choice.
    """
    kept = np.ones(len(cells), dtype=bool)
    if chosen.segments:
        kept &= np.isin(cells[:, 0], chosen.segments)
    if chosen.levels:
        kept &= np.isin(cells[:, 1], [LEVELS.index(level) + 1 for level in chosen.levels])
    return frozen_ints(cells[kept])
