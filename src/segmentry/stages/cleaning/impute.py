"""Filling gaps for the fit only: the nearest complete customers say what is likely."""

import numpy as np

from segmentry.records.arrays import Floats

DONORS = 10_000
"""Complete rows that gaps are filled from at most: more change no neighbour much and cost time."""

NEIGHBOURS = 10
"""Neighbours that fill a gap, weighted by distance (METHOD 1.3)."""


def knn_imputed(points: Floats, *, neighbours: int = NEIGHBOURS) -> Floats:
    """The points with each gap filled from the nearest complete customers, weighted by 1 / distance.

    Donors are complete customers only (METHOD 1.3); beyond 10,000 of them, every m-th in the
    order given stands for the rest, so that the cost grows with the gaps and not with their
    product with the customers. With no complete customer the median of the feature is used.

    Args:
        points: n x p scaled features, NaN where missing.
        neighbours: How many donors.

    Returns:
        n x p without gaps.
    """
    gaps = np.isnan(points)
    incomplete = gaps.any(axis=1)
    if not incomplete.any():
        return points
    complete = points[~incomplete]
    if len(complete) < neighbours:
        return median_imputed(points)
    from sklearn.impute import KNNImputer

    donors = complete[:: -(-len(complete) // DONORS)]
    imputer = KNNImputer(n_neighbors=neighbours, weights="distance").fit(donors)
    filled = points.copy()
    filled[incomplete] = imputer.transform(points[incomplete])
    return filled


def median_imputed(points: Floats) -> Floats:
    """The points with each gap filled by the feature's median; 0 where nothing is known."""
    known = ~np.isnan(points).all(axis=0)
    medians = np.zeros(points.shape[1])
    medians[known] = np.nanmedian(points[:, known], axis=0)
    return np.where(np.isnan(points), medians, points)
