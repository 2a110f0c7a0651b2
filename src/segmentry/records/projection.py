"""The two-component map of the customers and the histograms by segment."""

from dataclasses import dataclass

from segmentry.records.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Two principal components: the plane that shows the most of the differences.

    Attributes:
        features: The p features.
        mean: p means of the scaled features.
        components: 2 x p loadings (the second row is zeros when p = 1).
        explained: 2 shares of the variance.
    """

    features: tuple[str, ...]
    mean: Floats
    components: Floats
    explained: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentMap:
    """Customers on the plane: dots for a few thousand, a density grid for more.

    Attributes:
        projection: The plane.
        x, y: Positions of the dots (at most 20,000 customers; empty when a density is given).
        segment: The dots' segments from 0.
        x_edges, y_edges: Edges of the density grid (empty when dots are given).
        density: k x a x b customers per segment and cell (empty when dots are given).
        centres: k x 2 positions of the segment centres.
        customers: How many customers the map shows.
    """

    projection: Projection
    x: Floats
    y: Floats
    segment: Ints
    x_edges: Floats
    y_edges: Floats
    density: Ints
    centres: Floats
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentHistogram:
    """One feature by segment, over the bins of its distribution.

    Attributes:
        feature: The feature.
        edges: b + 1 bin edges in raw units.
        log_axis: Whether the bins are equal on a log10 axis.
        flag: Whether it is two-valued.
        counts: k x b customers.
    """

    feature: str
    edges: Floats
    log_axis: bool
    flag: bool
    counts: Ints
