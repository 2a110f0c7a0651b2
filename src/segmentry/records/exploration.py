"""The numbers behind the exploratory figures: aggregates, never one mark per customer."""

from dataclasses import dataclass

from segmentry.records.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The distribution of one feature over all customers, in raw units.

    Attributes:
        feature: Its name.
        flag: Whether it is two-valued (0/1).
        integer: Whether every value is a whole number.
        log_axis: Whether the bins are equal on a log10 axis (positive and right-skewed).
        edges: b + 1 bin edges in raw units.
        counts: b counts.
        n: Customers with a value.
        missing: Customers without one.
        mean, sd, skew: Moments of the raw values.
        minimum, q05, q25, median, q75, q95, maximum: Order statistics.
        whisker_low, whisker_high: Tukey whiskers: the last values within 1.5 IQR of the quartiles.
        outliers_low, outliers_high: Customers beyond the whiskers.
    """

    feature: str
    flag: bool
    integer: bool
    log_axis: bool
    edges: Floats
    counts: Ints
    n: int
    missing: int
    mean: float
    sd: float
    skew: float
    minimum: float
    q05: float
    q25: float
    median: float
    q75: float
    q95: float
    maximum: float
    whisker_low: float
    whisker_high: float
    outliers_low: int
    outliers_high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """Pearson and Spearman correlations of p features over pairwise complete customers.

    Attributes:
        features: The p names.
        pearson: p x p; NaN where it cannot be computed.
        spearman: p x p; NaN where it cannot be computed.
    """

    features: tuple[str, ...]
    pearson: Floats
    spearman: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDensity:
    """How many customers fall into each cell of a grid over two features.

    Attributes:
        x, y: The two features.
        x_edges, y_edges: Bin edges in raw units (a + 1 and b + 1 of them).
        counts: a x b customers.
        pearson, spearman: Their correlations.
    """

    x: str
    y: str
    x_edges: Floats
    y_edges: Floats
    counts: Ints
    pearson: float
    spearman: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnQuality:
    """The state of one input column.

    Attributes:
        name: The column.
        role: Its part, as text.
        kind: What its values are, as text.
        missing: Rows without a value.
        distinct: Distinct values.
        top_share: The share of the commonest value among those present.
    """

    name: str
    role: str
    kind: str
    missing: int
    distinct: int
    top_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingBlock:
    """Columns that are missing together, in the same rows.

    Attributes:
        columns: The columns, all missing in each of these rows and no other column with them.
        rows: How many rows.
    """

    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """Everything the exploratory figures show.

    Attributes:
        rows: Customers in the table.
        distributions: One per numeric feature, in the order of the input.
        correlations: Of the same features.
        pairs: Every pair of them, strongest Spearman correlation first.
        columns: The state of every input column, ids included.
        missing_blocks: Commonest first.
    """

    rows: int
    distributions: tuple[Distribution, ...]
    correlations: Correlations
    pairs: tuple[PairDensity, ...]
    columns: tuple[ColumnQuality, ...]
    missing_blocks: tuple[MissingBlock, ...]
