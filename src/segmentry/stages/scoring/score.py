"""Placing customers: the likeliest segment by what is known of them, the runner-up, and how sure that is."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Flags, Floats, Ints, frozen, frozen_ints
from segmentry.records.customers import BY_RETURNS, MOSTLY_MISSING, PLACEMENTS, Assignment, Placement
from segmentry.records.model import TIE, Corners, Model, Placer
from segmentry.records.rounding import rounded
from segmentry.records.scorers import Centroids, Gaussians, LatentClasses, Prototypes, Scorer

LEAST_SHARE = 1e-9
"""A share that is left over when the others of a column are taken from 1 is no smaller."""


def score(values: Floats, model: Model | Placer) -> Assignment:
    """Place n customers.

    The distance is taken over the observed features O: d^2 = p / |O| * sum over O of (x - c)^2
    (METHOD 1.3). Confidence follows from the margin 1 - d_own / d_rival: it is how often re-runs put
    customers with such a margin in the same segment, or the margin itself where the model does not know.
    A mixture takes the exact marginal over the observed features, and confidence = 1 - p_rival / p_own.

    Args:
        values: n x p raw values in the order of the model's recipe, NaN where missing.
        model: The model, or what places customers before the segments have names.

    Returns:
        One row per customer, in the order given.
    """
    placed = place(
        model.recipe(values),
        model.places,
        reach=model.reach,
        missing_share=model.recipe.missing_share(values),
        max_missing=model.max_missing,
    )
    if not model.returns:
        return placed
    known = (placed.rival >= 0) & (placed.missing_share <= MOSTLY_MISSING)  # re-runs know all of a customer
    sure = np.where(known, returning(placed.confidence, model.returns), placed.confidence)
    return replace(placed, confidence=frozen(rounded(sure)), levels_from=BY_RETURNS)


def returning(margins: Floats, corners: Corners) -> Floats:
    """How often customers with these margins come back in re-runs: along the line, level at its end.

    >>> returning(np.array([0.0, 0.25, 0.9]), [(0.0, 0.5), (0.5, 1.0)]).tolist()
    [0.5, 0.75, 1.0]
    """
    at, share = np.array(corners).T
    return np.asarray(np.interp(margins, at, share))


def place(
    points: Floats,
    scorer: Scorer | Floats,
    *,
    reach: float,
    missing_share: Floats | None = None,
    max_missing: float = MOSTLY_MISSING,
) -> Assignment:
    """Place n scaled points: the scorer without the recipe.

    Args:
        points: n x p scaled features, NaN where missing.
        scorer: What places them; k x p centres stand for the nearest of them.
        reach: Distances beyond it are out of range.
        missing_share: n shares of features missing in the raw data; None: as in ``points``.
        max_missing: Customers with a larger share missing were placed, not fitted.
    """
    gaps = np.isnan(points).mean(axis=1)
    shares = gaps if missing_share is None else missing_share
    known = gaps < 1
    near = _nearness(points, scorer)
    found = _found(near, known)
    taken = known & ~near.noise
    return Assignment(
        segment=frozen_ints(np.where(taken, found.segment, -1)),
        rival=frozen_ints(np.where(taken, found.rival, found.segment)),
        distance=frozen(rounded(np.where(taken, found.distance, np.nan))),
        rival_distance=frozen(rounded(np.where(taken, found.rival_distance, found.distance))),
        confidence=frozen(rounded(np.where(taken, found.confidence, 0.0))),
        missing_share=frozen(shares),
        out_of_range=found.distance > reach,
        placement=_placements((known, near.noise), gaps, shares, max_missing),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nearness:
    """How near n customers are to k segments.

    Attributes:
        cost: n x k: the lowest wins.
        squared: n x k squared distances that are told.
        noise: n flags: too far from every segment to be in one.
        likelihood: Whether costs are negative log probabilities; else they are squared distances.
    """

    cost: Floats
    squared: Floats
    noise: Flags
    likelihood: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The nearest segment of n customers, noise or not, and the runner-up."""

    segment: Ints
    rival: Ints
    distance: Floats
    rival_distance: Floats
    confidence: Floats


def _nearness(points: Floats, scorer: Scorer | Floats) -> _Nearness:
    if isinstance(scorer, Gaussians):
        return _to_gaussians(points, scorer)
    if isinstance(scorer, Prototypes):
        return _to_prototypes(points, scorer)
    if isinstance(scorer, LatentClasses):
        return _to_classes(points, scorer)
    squared = squared_distances(points, scorer.matrix if isinstance(scorer, Centroids) else scorer)
    return _Nearness(cost=squared, squared=squared, noise=np.zeros(len(points), dtype=bool))


def _to_prototypes(points: Floats, scorer: Prototypes) -> _Nearness:
    """The distance to a segment is that to the nearest of its prototypes.

    METHOD 5 asks for 10 nearest neighbours, which are customers' rows. Among at most 200 averages the
    nearest one agrees with the own labels of Ward, HDBSCAN and spectral clustering more often than a vote
    of the ten nearest (measured on labelled data): prototypes lie close where segments meet, so ten of
    them reach across the border. It also gives a distance and a confidence that read like those of centres.
    """
    every = squared_distances(points, scorer.matrix)
    squared = np.full((len(points), scorer.k), np.inf)
    for index, owner in enumerate(scorer.segments):
        np.minimum(squared[:, owner], every[:, index], out=squared[:, owner])
    if scorer.reach is None:
        noise = np.zeros(len(points), dtype=bool)
    else:
        noise = np.sqrt(every.min(axis=1)) > np.array(scorer.reach)[every.argmin(axis=1)]
    return _Nearness(cost=squared, squared=squared, noise=noise)


def _to_gaussians(points: Floats, scorer: Gaussians) -> _Nearness:
    """Negative log of weight times density, over the observed features of each customer.

    The marginal of a Gaussian over some of its features is the Gaussian of their means and their
    part of the covariance (Bishop 2006, 2.3.2). The distance that is told is Mahalanobis', scaled
    up to all p features as others are.
    """
    n, p = points.shape
    cost, squared = np.empty((n, scorer.k)), np.empty((n, scorer.k))
    weights, means, covariances = (
        np.array(one) for one in (scorer.weights, scorer.means, scorer.covariances)
    )
    observed = ~np.isnan(points)
    patterns, which = np.unique(observed, axis=0, return_inverse=True)
    for index, seen in enumerate(patterns):
        rows = np.flatnonzero(which.reshape(-1) == index)
        roots = np.linalg.cholesky(covariances[:, seen][:, :, seen])
        for number in range(scorer.k):
            away = _standardised(points[rows][:, seen] - means[number, seen], roots[number])
            volume = np.log(np.diagonal(roots[number])).sum() + seen.sum() * np.log(2 * np.pi) / 2
            cost[rows, number] = away / 2 + volume - np.log(weights[number])
            squared[rows, number] = away * p / max(int(seen.sum()), 1)
    return _Nearness(cost=cost, squared=squared, noise=np.zeros(n, dtype=bool), likelihood=True)


def _to_classes(points: Floats, scorer: LatentClasses) -> _Nearness:
    """Negative log of weight times the chances of what is known of each customer.

    Columns are independent within a class, so what is missing is left out. The distance that is told
    is to the class's means, as with centres.
    """
    n, means, variances = len(points), np.array(scorer.means), np.array(scorer.variances)
    cost = np.tile(-np.log(scorer.weights), (n, 1))
    grouped = {one for group in scorer.groups for one in group}
    for j in sorted(set(range(scorer.p)) - grouped):
        away = (points[:, j, None] - means[:, j]) ** 2 / variances[:, j] + np.log(variances[:, j])
        cost += np.nan_to_num(away / 2)
    for group in scorer.groups:
        none, nobody = np.ones(n), np.ones(scorer.k)
        for j in group:
            given = points[:, j] / scorer.yes[j]
            cost -= np.nan_to_num(given[:, None] * np.log(np.maximum(means[:, j], LEAST_SHARE)))
            none, nobody = none - given, nobody - means[:, j]
        cost -= np.nan_to_num(np.maximum(none, 0.0)[:, None] * np.log(np.maximum(nobody, LEAST_SHARE)))
    squared = squared_distances(points, scorer.matrix)
    return _Nearness(cost=cost, squared=squared, noise=np.zeros(n, dtype=bool), likelihood=True)


def _standardised(away: Floats, root: Floats) -> Floats:
    """Squared Mahalanobis distances, by forward substitution feature by feature.

    Customers do not share sums, so one customer alone gets the same digits as among others.
    """
    total, solved = np.zeros(len(away)), np.empty_like(away)
    for j in range(away.shape[1]):
        left = away[:, j].copy()
        for i in range(j):
            left -= root[j, i] * solved[:, i]
        solved[:, j] = left / root[j, j]
        total += solved[:, j] ** 2
    return total


def _found(near: _Nearness, known: Flags) -> _Found:
    segment = np.where(known, _lowest(near, near.cost), -1)
    distance = np.where(known, np.sqrt(_pick(near.squared, segment)), np.nan)
    rival, rival_distance = _rivals(near, segment, known)
    sure = _surer(near, segment, rival) if near.likelihood else _clearer(distance, rival_distance)
    confidence = np.asarray(np.where(known, np.clip(sure, 0.0, 1.0), 0.0))
    return _Found(
        segment=segment, rival=rival, distance=distance, rival_distance=rival_distance, confidence=confidence
    )


def _lowest(near: _Nearness, cost: Floats) -> Ints:
    """The first of the lowest costs; nearly equal probabilities or distances are ties."""
    smallest = cost.min(axis=1, keepdims=True)
    most = smallest + TIE if near.likelihood else smallest * (1 + TIE)
    return np.asarray((cost <= most).argmax(axis=1))


def _pick(squared: Floats, segment: Ints) -> Floats:
    return np.asarray(squared[np.arange(len(squared)), np.maximum(segment, 0)])


def _rivals(near: _Nearness, segment: Ints, known: Flags) -> tuple[Ints, Floats]:
    n, k = near.cost.shape
    if k == 1:
        return np.full(n, -1), np.full(n, np.nan)
    others = near.cost.copy()
    others[np.arange(n), np.maximum(segment, 0)] = np.inf
    rival = np.where(known, _lowest(near, others), -1)
    return rival, np.where(known, np.sqrt(_pick(near.squared, rival)), np.nan)


def _clearer(distance: Floats, rival_distance: Floats) -> Floats:
    """1 - own / rival; 1 with one segment, 0 where both centres coincide."""
    ratio = np.divide(distance, rival_distance, out=np.ones(len(distance)), where=rival_distance > 0)
    return np.where(np.isnan(rival_distance), 1.0, 1 - ratio)


def _surer(near: _Nearness, segment: Ints, rival: Ints) -> Floats:
    """1 - the rival's probability / the own; 1 with one segment."""
    if near.cost.shape[1] == 1:
        return np.ones(len(segment))
    return np.asarray(-np.expm1(np.minimum(_pick(near.cost, segment) - _pick(near.cost, rival), 0.0)))


def _placements(known: tuple[Flags, Flags], gaps: Floats, shares: Floats, most: float) -> NDArray[np.int8]:
    """Codes into PLACEMENTS: complete, filled for the fit, placed by partial distance, not placed, noise."""
    something, noise = known
    code = {one: PLACEMENTS.index(one) for one in Placement}
    filled = np.where(shares > 0, code[Placement.IMPUTED], code[Placement.FITTED])
    partial = np.where(shares > most, code[Placement.PARTIAL], filled)
    partial = np.where(gaps == 0, filled, partial)
    partial = np.where(noise, code[Placement.NOISE], partial)
    return np.asarray(np.where(something, partial, code[Placement.UNPLACED]), dtype=np.int8)
