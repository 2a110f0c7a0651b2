"""Placing customers: nearest centre over what is known of them, the runner-up, and how sure that is."""

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Flags, Floats, Ints, frozen, frozen_ints
from segmentry.records.customers import MOSTLY_MISSING, PLACEMENTS, Assignment, Placement
from segmentry.records.model import TIE, Model
from segmentry.records.rounding import rounded


def score(values: Floats, model: Model) -> Assignment:
    """Place n customers.

    The distance is taken over the observed features O: d^2 = p / |O| * sum over O of (x - c)^2
    (METHOD 1.3); confidence = 1 - d_own / d_rival.

    Args:
        values: n x p raw values in the order of the model's recipe, NaN where missing.
        model: The model.

    Returns:
        One row per customer, in the order given.
    """
    missing = np.isnan(model.recipe.possible(values)).mean(axis=1)
    return place(
        model.recipe(values),
        model.centre_matrix,
        reach=model.reach,
        missing_share=missing,
        max_missing=model.max_missing,
    )


def place(
    points: Floats,
    centres: Floats,
    *,
    reach: float,
    missing_share: Floats | None = None,
    max_missing: float = MOSTLY_MISSING,
) -> Assignment:
    """Place n scaled points: the scorer without the recipe.

    Args:
        points: n x p scaled features, NaN where missing.
        centres: k x p centres.
        reach: Distances beyond it are out of range.
        missing_share: n shares of features missing in the raw data; None: as in ``points``.
        max_missing: Customers with a larger share missing were placed, not fitted.
    """
    squared = squared_distances(points, centres)
    gaps = np.isnan(points).mean(axis=1)
    known = gaps < 1
    segment = np.where(known, _first_smallest(squared), -1)
    distance = np.where(known, np.sqrt(_pick(squared, segment)), np.nan)
    rival, rival_distance = _rivals(squared, segment, known)
    shares = gaps if missing_share is None else missing_share
    return Assignment(
        segment=frozen_ints(segment),
        rival=frozen_ints(rival),
        distance=frozen(rounded(distance)),
        rival_distance=frozen(rounded(rival_distance)),
        confidence=frozen(rounded(_confidence(distance, rival_distance, known))),
        missing_share=frozen(shares),
        out_of_range=distance > reach,
        placement=_placements(known, gaps, shares, max_missing),
    )


def squared_distances(points: Floats, centres: Floats) -> Floats:
    """Squared distances (n x k) over the observed features, scaled up to all p of them."""
    n, p = points.shape
    observed = ~np.isnan(points)
    weight = p / np.maximum(observed.sum(axis=1), 1)
    squared = np.empty((n, len(centres)))
    for index, centre in enumerate(centres):
        away = points - centre
        np.nan_to_num(away, copy=False, nan=0.0)
        squared[:, index] = np.einsum("ij,ij->i", away, away)
    return np.asarray(squared * weight[:, None])


def _first_smallest(squared: Floats) -> Ints:
    smallest = squared.min(axis=1, keepdims=True)
    return np.asarray((squared <= smallest * (1 + TIE)).argmax(axis=1))


def _pick(squared: Floats, segment: Ints) -> Floats:
    return np.asarray(squared[np.arange(len(squared)), np.maximum(segment, 0)])


def _rivals(squared: Floats, segment: Ints, known: Flags) -> tuple[Ints, Floats]:
    n, k = squared.shape
    if k == 1:
        return np.full(n, -1), np.full(n, np.nan)
    others = squared.copy()
    others[np.arange(n), np.maximum(segment, 0)] = np.inf
    rival = np.where(known, _first_smallest(others), -1)
    return rival, np.where(known, np.sqrt(_pick(others, rival)), np.nan)


def _confidence(distance: Floats, rival_distance: Floats, known: Flags) -> Floats:
    """1 - own / rival; 1 with one segment, 0 where nothing is known or both centres coincide."""
    ratio = np.divide(distance, rival_distance, out=np.ones(len(distance)), where=rival_distance > 0)
    sure = np.where(np.isnan(rival_distance), 1.0, 1 - ratio)
    return np.asarray(np.where(known, np.clip(sure, 0.0, 1.0), 0.0))


def _placements(known: Flags, gaps: Floats, shares: Floats, most: float) -> NDArray[np.int8]:
    """Codes into PLACEMENTS: complete, filled for the fit, placed by partial distance, not placed."""
    code = {one: PLACEMENTS.index(one) for one in Placement}
    filled = np.where(shares > 0, code[Placement.IMPUTED], code[Placement.FITTED])
    partial = np.where(shares > most, code[Placement.PARTIAL], filled)
    partial = np.where(gaps == 0, filled, partial)
    return np.asarray(np.where(known, partial, code[Placement.UNPLACED]), dtype=np.int8)
