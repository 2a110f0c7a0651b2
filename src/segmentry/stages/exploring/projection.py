"""The two-component map: the plane that shows the most of how customers differ."""

import numpy as np

from segmentry.records.arrays import Floats, Ints, frozen, frozen_ints
from segmentry.records.projection import Projection, SegmentMap

DOTS = 20_000
"""Customers up to which each has a dot on the map; more are drawn as density."""

GRID = (240, 150)
"""Cells of the density, across and up."""


def fit_projection(points: Floats, features: tuple[str, ...]) -> Projection:
    """The first two principal components of the scaled features.

    The eigenvectors of the covariance; each is turned so that its largest loading is positive.

    Args:
        points: n x p scaled features without gaps.
        features: The p names.
    """
    mean = points.mean(axis=0)
    p = points.shape[1]
    covariance = np.atleast_2d(np.cov(points, rowvar=False, ddof=0))
    variances, vectors = np.linalg.eigh(covariance)
    order = np.argsort(variances)[::-1][:2]
    components, explained = np.zeros((2, p)), np.zeros(2)
    total = float(variances.clip(min=0).sum())
    for row, index in enumerate(order):
        vector = vectors[:, index]
        components[row] = vector * np.sign(vector[np.abs(vector).argmax()])
        explained[row] = variances[index] / total if total > 0 else 0.0
    return Projection(
        features=features, mean=frozen(mean), components=frozen(components), explained=frozen(explained)
    )


def draw_map(points: Floats, segment: Ints, centres: Floats, projection: Projection) -> SegmentMap:
    """Every placed customer on the plane: dots up to 20,000 of them, a density grid above.

    Args:
        points: n x p scaled features; what is missing is taken from the customer's own centre.
        segment: n segment numbers from 0; -1 for customers who could not be placed.
        centres: k x p centres.
        projection: The plane.
    """
    placed = segment >= 0
    plane = positions(points[placed], segment[placed], centres, projection)
    dots = len(plane) <= DOTS
    x_edges, y_edges, density = _empty() if dots else _density(plane, segment[placed], len(centres))
    kept = plane if dots else plane[:0]
    return SegmentMap(
        projection=projection,
        x=frozen(kept[:, 0]),
        y=frozen(kept[:, 1]),
        segment=frozen_ints(segment[placed] if dots else segment[:0]),
        x_edges=x_edges,
        y_edges=y_edges,
        density=density,
        centres=frozen((centres - projection.mean) @ projection.components.T),
        customers=int(placed.sum()),
    )


def positions(points: Floats, segment: Ints, centres: Floats, projection: Projection) -> Floats:
    """Where n customers lie on the plane (n x 2); NaN where they could not be placed.

    Args:
        points: n x p scaled features; what is missing is taken from the customer's own centre.
        segment: n segment numbers from 0; -1 for customers who could not be placed.
        centres: k x p centres.
        projection: The plane.
    """
    shown = np.where(np.isnan(points), centres[segment], points)
    shown[segment < 0] = np.nan
    return np.asarray((shown - projection.mean) @ projection.components.T)


def _empty() -> tuple[Floats, Floats, Ints]:
    return frozen([]), frozen([]), frozen_ints(np.zeros((0, 0, 0)))


def _density(plane: Floats, segment: Ints, k: int) -> tuple[Floats, Floats, Ints]:
    x_edges, y_edges = _edges(plane[:, 0], GRID[0]), _edges(plane[:, 1], GRID[1])
    grids = [
        np.histogram2d(plane[segment == number, 0], plane[segment == number, 1], bins=[x_edges, y_edges])[0]
        for number in range(k)
    ]
    return frozen(x_edges), frozen(y_edges), frozen_ints(np.stack(grids))


def _edges(values: Floats, bins: int) -> Floats:
    low, high = float(values.min()), float(values.max())
    return np.linspace(low, high if high > low else low + 1.0, bins + 1)
