"""The numbers behind the exploratory figures: histograms, correlations, pairs, gaps."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from segmentry.records.arrays import Flags, Floats, Ints, frozen, frozen_ints
from segmentry.records.exploration import Correlations, Distribution, MissingBlock, PairDensity
from segmentry.records.moments import skewness
from segmentry.records.projection import SegmentHistogram
from segmentry.records.ranks import ranked

MAX_BINS = 60
"""Bars of a histogram at most: more are narrower than a line of text."""

FEW_INTEGERS = 40
"""Up to this many whole numbers, each has a bar of its own."""

PAIR_BINS = 28
"""Cells to a side in the picture of a pair of features."""

LOG_SKEW = 2.0
"""Skewness from which an axis of positive values is logarithmic."""

NOTHING = 1e-12
"""A spread below this is rounding, and has no correlation."""

EXACT_PAIRS = 50_000
"""Customers up to which a pair with gaps is ranked anew over its complete customers."""


def distribution(feature: str, values: Floats, *, flag: bool) -> Distribution:
    """The distribution of one feature; bins by Freedman-Diaconis, or one per integer.

    Args:
        feature: Its name.
        values: n raw values, NaN where missing; at least one present.
        flag: Whether it is two-valued.
    """
    present = np.sort(values[~np.isnan(values)])
    integer = bool((present == np.round(present)).all())
    skew = skewness(present)
    log_axis = bool(not flag and present[0] > 0 and skew > LOG_SKEW)
    edges = bin_edges(present, flag=flag, integer=integer, log_axis=log_axis)
    q05, q25, median, q75, q95 = (float(one) for one in np.quantile(present, (0.05, 0.25, 0.5, 0.75, 0.95)))
    fence_low, fence_high = q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)
    within = present[(present >= fence_low) & (present <= fence_high)]
    return Distribution(
        feature=feature,
        flag=flag,
        integer=integer,
        log_axis=log_axis,
        edges=frozen(edges),
        counts=frozen_ints(_counts(present, edges)),
        n=len(present),
        missing=len(values) - len(present),
        mean=float(present.mean()),
        sd=float(present.std()),
        skew=skew,
        minimum=float(present[0]),
        q05=q05,
        q25=q25,
        median=median,
        q75=q75,
        q95=q95,
        maximum=float(present[-1]),
        whisker_low=float(within[0]),
        whisker_high=float(within[-1]),
        outliers_low=int((present < fence_low).sum()),
        outliers_high=int((present > fence_high).sum()),
    )


def bin_edges(present: Floats, *, flag: bool, integer: bool, log_axis: bool) -> Floats:
    """Bin edges over sorted values: Freedman-Diaconis, between integers where all values are integers.

    A bin holds as many integers as the next one: else bins of three and of two would take turns, like a comb.

    >>> bin_edges(np.array([0.0, 1.0, 2.0]), flag=False, integer=True, log_axis=False)
    array([-0.5,  0.5,  1.5,  2.5])
    """
    low, high = float(present[0]), float(present[-1])
    if flag:
        return np.array([-0.5, 0.5, 1.5])
    if integer and not log_axis and high - low <= FEW_INTEGERS:
        return np.arange(low - 0.5, high + 1.0)
    if high <= low:
        return np.array([low - 0.5, low + 0.5])
    moved = np.log10(present) if log_axis else present
    bins = _bins(moved)
    if integer and not log_axis:
        whole = np.ceil((high - low + 1) / bins)
        return np.arange(low - 0.5, high + whole, whole)
    edges = np.linspace(moved[0], moved[-1], bins + 1)
    if log_axis:
        edges = 10**edges
    edges[0], edges[-1] = low, high
    return edges


def _bins(ordered: Floats) -> int:
    """Freedman & Diaconis 1981: width 2 IQR / n^(1/3); between 8 and 60 bins."""
    q25, q75 = np.quantile(ordered, (0.25, 0.75))
    width = 2 * (q75 - q25) / len(ordered) ** (1 / 3)
    span = ordered[-1] - ordered[0]
    return int(np.clip(np.ceil(span / width), 8, MAX_BINS)) if width > 0 else 30


def _counts(values: Floats, edges: Floats) -> Ints:
    return np.bincount(_bin_of(values, edges), minlength=len(edges) - 1)


def _bin_of(values: Floats, edges: Floats) -> Ints:
    """The bin of each value; the last bin holds its upper edge."""
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)


def by_segment(shape: Distribution, values: Floats, segment: Ints, k: int) -> SegmentHistogram:
    """One feature's histogram in each segment, over the bins of all customers."""
    known = ~np.isnan(values) & (segment >= 0)
    bins = len(shape.edges) - 1
    cells = segment[known] * bins + _bin_of(values[known], shape.edges)
    return SegmentHistogram(
        feature=shape.feature,
        edges=shape.edges,
        log_axis=shape.log_axis,
        flag=shape.flag,
        counts=frozen_ints(np.bincount(cells, minlength=k * bins).reshape(k, bins)),
    )


def correlations(features: Sequence[str], values: Floats) -> Correlations:
    """Pearson and Spearman correlations over the customers that have both values.

    Args:
        features: The p names.
        values: n x p raw values, NaN where missing.
    """
    ranks = np.column_stack([ranked(values[:, j]) for j in range(values.shape[1])])
    pearson, spearman = _pearson(values), _pearson(ranks)
    if len(values) <= EXACT_PAIRS:
        _rerank(values, spearman)
    return Correlations(features=tuple(features), pearson=frozen(pearson), spearman=frozen(spearman))


def _pearson(values: Floats) -> Floats:
    """Pairwise-complete Pearson correlations, all pairs at once from masked sums."""
    mask = ~np.isnan(values)
    present = np.where(mask, values, 0.0)
    counts = np.maximum(mask.sum(axis=0), 1)
    spread = np.where(mask, values - present.sum(axis=0) / counts, 0.0)
    scale = np.sqrt((spread**2).sum(axis=0) / counts)
    spread = np.divide(spread, scale, out=np.zeros_like(spread), where=scale > 0)
    seen = mask.astype(np.float64)
    n = np.maximum(seen.T @ seen, 1)
    sums, squares = spread.T @ seen, (spread**2).T @ seen
    covariance = spread.T @ spread / n - (sums / n) * (sums.T / n)
    variance = squares / n - (sums / n) ** 2
    norm = np.sqrt(np.maximum(variance * variance.T, 0.0))
    found = np.divide(covariance, norm, out=np.full_like(norm, np.nan), where=norm > NOTHING)
    return np.asarray(np.clip(found, -1.0, 1.0))


def _rerank(values: Floats, spearman: Floats) -> None:
    """Put right the pairs whose gaps differ: ranks are over the customers that have both."""
    gaps = np.isnan(values)
    for i, j in combinations(range(values.shape[1]), 2):
        if (gaps[:, i] == gaps[:, j]).all():
            continue
        both = ~(gaps[:, i] | gaps[:, j])
        pair = np.column_stack([ranked(values[both, i]), ranked(values[both, j])])
        spearman[i, j] = spearman[j, i] = _pearson(pair)[0, 1]


def pair_densities(values: Floats, related: Correlations) -> tuple[PairDensity, ...]:
    """Every pair of features on a grid, strongest rank correlation first."""
    p = len(related.features)
    edges = [_pair_edges(values[:, j]) for j in range(p)]
    bins = [_bin_of(np.nan_to_num(values[:, j]), edges[j]) for j in range(p)]
    gaps = np.isnan(values)
    strength = np.nan_to_num(np.abs(related.spearman))
    order = sorted(combinations(range(p), 2), key=lambda pair: (-round(float(strength[pair]), 12), pair))
    return tuple(_pair(related, (i, j), edges, bins, ~(gaps[:, i] | gaps[:, j])) for i, j in order)


def _pair(
    related: Correlations, pair: tuple[int, int], edges: list[Floats], bins: list[Ints], both: Flags
) -> PairDensity:
    i, j = pair
    shape = (len(edges[i]) - 1, len(edges[j]) - 1)
    cells = bins[i][both] * shape[1] + bins[j][both]
    return PairDensity(
        x=related.features[i],
        y=related.features[j],
        x_edges=frozen(edges[i]),
        y_edges=frozen(edges[j]),
        counts=frozen_ints(np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)),
        pearson=float(related.pearson[i, j]),
        spearman=float(related.spearman[i, j]),
    )


def _pair_edges(values: Floats) -> Floats:
    """A grid over the bulk of a feature: what lies beyond the 0.5 and 99.5 % points is drawn at the edge."""
    present = values[~np.isnan(values)]
    low, high = (float(one) for one in np.quantile(present, (0.005, 0.995)))
    whole = bool((present == np.round(present)).all())
    if whole and high - low < PAIR_BINS:
        return np.arange(low - 0.5, high + 1.0)
    return np.linspace(low, high if high > low else low + 1.0, PAIR_BINS + 1)


def missing_blocks(columns: Sequence[str], gaps: Flags) -> tuple[MissingBlock, ...]:
    """Which columns are missing together, commonest first.

    Args:
        columns: The q names.
        gaps: n x q flags: whether the value is missing.

    >>> missing_blocks(("a", "b"), np.array([[True, True], [True, True], [False, False]]))
    (MissingBlock(columns=('a', 'b'), rows=2),)
    """
    some = gaps[gaps.any(axis=1)]
    if not len(some):
        return ()
    patterns, counts = np.unique(some, axis=0, return_counts=True)
    found = [
        MissingBlock(columns=tuple(np.array(columns, dtype=object)[pattern]), rows=int(count))
        for pattern, count in zip(patterns, counts, strict=True)
    ]
    return tuple(sorted(found, key=lambda block: (-block.rows, block.columns)))
