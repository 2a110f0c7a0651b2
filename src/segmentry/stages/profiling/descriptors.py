"""What else the customers of a segment have in common: columns that made no segments, tested (METHOD 6.3).

What did make the segments is never tested: segments are cut so that they differ in it, so a test would
find a difference in pure noise too (Chen & Witten 2023, Gao et al. 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.columns import Role
from segmentry.records.reasons import DescribingColumn, Descriptor, DescriptorTest, NotJudged

LEAST_V, LEAST_EPSILON, LEVEL = 0.1, 0.01, 0.05
"""An effect is worth a word from V = 0.1 on (METHOD 6.3); epsilon squared is of the size of V squared."""

MOST_WORDS, REST = 12, "any other"
NEARLY_THE_SAME = 0.95
"""From this rank correlation on, a column says what a feature says (METHOD 2.5)."""

SETTLED = 0.95
"""From this share of the most that words of this many customers each can explain of a feature's ranks, they
are that feature in classes, such as bands of spend."""

FEW, HARDLY, MOSTLY = 5, 1, 0.8
"""Cochran's rule: 80 % of the expected counts are 5 at least, and none is below 1."""

PROTECTED = NotJudged(
    reason="A protected characteristic: its composition is shown, and nothing is concluded."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The customers that descriptors are held against.

    Attributes:
        segment: n segments from 0.
        k: The number of segments.
        features: The p names that segments are made from.
        values: n x p raw values of those.
    """

    segment: Ints
    k: int
    features: tuple[str, ...]
    values: Floats


def describe_segments(
    columns: Sequence[DescribingColumn], grouped: Grouped
) -> tuple[tuple[Descriptor, ...], tuple[tuple[str, str], ...]]:
    """Every column by segment, and which were left out, each with the reason.

    Holm's correction is over all the columns that were tested together.

    Args:
        columns: The columns, their n values in the order of ``grouped``.
        grouped: The customers.
    """
    kept, left = [], []
    for column in columns:
        reason = copy_of(column, grouped) if column.role is not Role.PROTECTED else None
        if reason is None:
            kept.append(by_segment(column, grouped.segment, grouped.k))
        else:
            left.append((column.name, reason))
    return tuple(_corrected(kept)), tuple(left)


def by_segment(column: DescribingColumn, segment: Ints, k: int) -> Descriptor:
    """One column by segment, tested unless it is protected; Holm's correction comes later."""
    known = ~np.isnan(column.values) & (segment >= 0)
    values, group = column.values[known], segment[known]
    counts: tuple[tuple[int, ...], ...] = ()
    quartiles: tuple[tuple[float, float, float], ...] = ()
    words = column.words
    if words:
        table, words = _table(values, group, (words, k))
        counts = tuple(tuple(int(one) for one in row) for row in table)
        test = chi_squared(table)
    else:
        quartiles = tuple(_quartiles(values[group == number]) for number in range(k))
        test = kruskal_wallis(values, group, k)
    return Descriptor(
        name=column.name,
        role=column.role,
        customers=int(known.sum()),
        words=words,
        counts=counts,
        quartiles=quartiles,
        test=PROTECTED if column.role is Role.PROTECTED else test,
    )


def chi_squared(table: Ints) -> DescriptorTest | NotJudged:
    """Pearson's chi-squared and Cramer's V of a k x words table; rare words are put together for it.

    V = sqrt(chi2 / (n x (min(k, words) - 1))) (Cramer 1946).

    >>> chi_squared(np.array([[30, 10], [10, 30]])).effect
    0.5
    """
    from scipy.special import chdtrc

    counts = _enough(np.asarray(table, dtype=np.float64))
    if counts is None:
        return NotJudged(reason="Too few customers have each of its values.")
    rows, columns = counts.shape
    n = counts.sum()
    expected = _expected(counts)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    freedom = (rows - 1) * (columns - 1)
    return DescriptorTest(
        test="chi2",
        statistic=statistic,
        freedom=freedom,
        p=float(chdtrc(freedom, statistic)),
        effect=float(np.sqrt(statistic / (n * (min(rows, columns) - 1)))),
    )


def kruskal_wallis(values: Floats, group: Ints, k: int) -> DescriptorTest | NotJudged:
    """Kruskal and Wallis's H with ties, and epsilon squared = H / (n - 1) (Tomczak & Tomczak 2014).

    >>> kruskal_wallis(np.arange(12.0), np.repeat([0, 1, 2], 4), 3) # doctest: +ELLIPSIS
    NotJudged(...)
    >>> round(kruskal_wallis(np.arange(60.0), np.repeat([0, 1, 2], 20), 3).effect, 2)
    0.89
    """
    from scipy.special import chdtrc

    sizes = np.bincount(group, minlength=k)
    there = sizes > 0
    n, groups = len(values), int(there.sum())
    if groups < 2 or sizes[there].min() < FEW:  # noqa: PLR2004 - a difference needs two
        return NotJudged(reason="Too few customers of a segment have a value.")
    ranks, ties = _ranks(values)
    if ties <= 0:
        return NotJudged(reason="All customers have the same value.")
    sums = np.bincount(group, weights=ranks, minlength=k)[there]
    statistic = float((12 / (n * (n + 1)) * (sums**2 / sizes[there]).sum() - 3 * (n + 1)) / ties)
    statistic = max(statistic, 0.0)
    return DescriptorTest(
        test="kruskal",
        statistic=statistic,
        freedom=groups - 1,
        p=float(chdtrc(groups - 1, statistic)),
        effect=min(statistic / (n - 1), 1.0),
    )


def copy_of(column: DescribingColumn, grouped: Grouped) -> str | None:
    """Why a column says nothing new: it is nearly a copy of what the segments were made from."""
    for name, feature in zip(grouped.features, grouped.values.T, strict=True):
        known = ~np.isnan(column.values) & ~np.isnan(feature)
        if known.sum() < FEW:
            continue
        ranks, _ = _ranks(feature[known])
        own = column.values[known]
        alike = _explained(ranks, own) >= SETTLED if column.words else _alike(ranks, own)
        if alike:
            return f"It says nearly the same as '{name}', which the segments are made from."
    return None


def _alike(ranks: Floats, own: Floats) -> bool:
    others, _ = _ranks(own)
    if np.ptp(others) == 0 or np.ptp(ranks) == 0:
        return False
    return bool(abs(np.corrcoef(ranks, others)[0, 1]) >= NEARLY_THE_SAME)


def _explained(ranks: Floats, codes: Floats) -> float:
    """The share of the ranks' variance between the words, of what it would be were the feature cut in them.

    Classes of shares s that follow each other leave each its own variance: 1 - sum(s^3) lies between them.
    """
    at = codes.astype(np.int64)
    centred = ranks - ranks.mean()
    total = float((centred**2).sum())
    sums, sizes = np.bincount(at, weights=centred), np.bincount(at)
    most = 1 - float(((sizes / len(at)) ** 3).sum())
    between = float((sums**2 / np.maximum(sizes, 1)).sum())
    return between / total / most if total > 0 and most > 0 else 0.0


def holm(p: Sequence[float]) -> list[float]:
    """Holm's step-down correction (1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    corrected, highest = [0.0] * len(p), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - rank) * p[at]))
        corrected[at] = highest
    return corrected


def _corrected(found: Sequence[Descriptor]) -> list[Descriptor]:
    tests = [one.test for one in found if isinstance(one.test, DescriptorTest)]
    corrected = iter(holm([test.p for test in tests]))
    return [
        replace(one, test=_decided(one.test, next(corrected)))
        if isinstance(one.test, DescriptorTest)
        else one
        for one in found
    ]


def _decided(test: DescriptorTest, p_holm: float) -> DescriptorTest:
    least = LEAST_V if test.test == "chi2" else LEAST_EPSILON
    return replace(test, p_holm=p_holm, different=p_holm < LEVEL and test.effect >= least)


def _table(values: Floats, group: Ints, shape: tuple[tuple[str, ...], int]) -> tuple[Ints, tuple[str, ...]]:
    """Customers by segment and word, the twelve commonest words and the rest."""
    words, k = shape
    codes = values.astype(np.int64)
    kept = words if len(words) <= MOST_WORDS + 1 else (*words[:MOST_WORDS], REST)
    at = np.minimum(codes, len(kept) - 1)
    table = np.bincount(group * len(kept) + at, minlength=k * len(kept)).reshape(k, len(kept))
    return table, kept


def _enough(counts: Floats) -> Floats | None:
    """The table with rare words put together until the expected counts bear the test; None if never."""
    counts = counts[counts.sum(axis=1) > 0]
    counts = counts[:, counts.sum(axis=0) > 0]
    while min(counts.shape) >= 2 and not _bears(_expected(counts)):  # noqa: PLR2004 - two by two at least
        order = np.argsort(counts.sum(axis=0), kind="stable")
        rest = np.sort(order[2:])
        counts = np.column_stack([counts[:, rest], counts[:, order[:2]].sum(axis=1)])
    return counts if min(counts.shape, default=0) >= 2 else None  # noqa: PLR2004 - likewise


def _bears(expected: Floats) -> bool:
    return bool(expected.min() >= HARDLY and (expected >= FEW).mean() >= MOSTLY)


def _expected(counts: Floats) -> Floats:
    return np.asarray(counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum())


def _quartiles(values: Floats) -> tuple[float, float, float]:
    if not len(values):
        return (float("nan"),) * 3
    low, middle, high = (float(one) for one in np.quantile(values, [0.25, 0.5, 0.75]))
    return low, middle, high


def _ranks(values: Floats) -> tuple[Floats, float]:
    """Mean ranks from 1, and the factor for ties: 1 - sum(t^3 - t) / (n^3 - n)."""
    _, inverse, many = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(many)
    n = float(len(values))
    ties = 1 - float((many.astype(np.float64) ** 3 - many).sum()) / (n**3 - n) if n > 1 else 0.0
    return np.asarray((last - (many - 1) / 2)[inverse.reshape(-1)]), ties
