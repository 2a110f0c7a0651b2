"""Why a customer is in a segment rather than in the next one: an exact sum over the features (METHOD 6.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmentry.records.arrays import Floats
from segmentry.records.model import TIE, Model
from segmentry.records.reasons import Because, NotJudged, Why
from segmentry.records.scorers import Centroids, Gaussians, LatentClasses, Prototypes

LEAST_SHARE = 1e-9
"""As when customers are placed: a share that is left over is no smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Costs:
    """What each segment costs a customer, feature by feature; the cheapest one gets them.

    Attributes:
        each: k x p costs of the features; 0 where the value is missing.
        beforehand: k costs that do not depend on the customer.
        likelihood: Whether they are minus twice log probabilities; else squared distances.
        noise: Whether the customer is too far from every segment to be in one.
    """

    each: Floats
    beforehand: Floats
    likelihood: bool = False
    noise: bool = False

    @property
    def total(self) -> Floats:
        """What each of the k segments costs."""
        return np.asarray(self.each.sum(axis=1) + self.beforehand)


def why(model: Model, values: Floats) -> Why | NotJudged:
    """Why the model puts one customer where it does.

    For the nearest of k centres: delta_j = p / |O| x ((x_j - rival_j)^2 - (x_j - own_j)^2) over the
    observed features O; the deltas add up to the squared distance to the rival minus that to the own
    segment. Prototypes: the same with the nearest prototype of each. Probabilities: what each feature
    adds to twice the log of how many times likelier the own segment is, and what the segments start with.

    Args:
        model: The model.
        values: The customer's p raw values in the order of the model's recipe, NaN where missing.

    Returns:
        The reasons; ``NotJudged`` where there is nothing to explain.
    """
    row = np.asarray(values, dtype=np.float64).reshape(1, -1)
    point = model.recipe(row)[0]
    known = ~np.isnan(point)
    if not known.any():
        return NotJudged(reason="Nothing is known of this customer that the segments are made from.")
    if len(model.names) == 1:
        return NotJudged(reason="There is one segment, and everybody is in it.")
    costs = COSTS[type(model.places)](model.places, point)
    if costs.noise:
        return NotJudged(reason="This customer is unlike all segments, so the model puts them in none.")
    own = _first(costs, costs.total)
    rival = _first(costs, np.where(np.arange(len(model.names)) == own, np.inf, costs.total))
    return _reasons(model, row, known, (costs, own, rival))


def _reasons(model: Model, row: Floats, known: Any, found: tuple[_Costs, int, int]) -> Why:  # noqa: ANN401 - flags
    costs, own, rival = found
    delta = costs.each[rival] - costs.each[own]
    raw = model.recipe.possible(row)[0]
    features = model.recipe.features
    order = sorted(np.flatnonzero(known), key=lambda j: (-abs(delta[j]), features[j]))
    beforehand = float(costs.beforehand[rival] - costs.beforehand[own])
    return Why(
        segment=own,
        rival=rival,
        margin=float(delta.sum()) + beforehand,
        because=tuple(
            Because(feature=features[j], value=float(raw[j]), weight=float(delta[j])) for j in order
        ),
        beforehand=beforehand,
        unknown=tuple(features[j] for j in np.flatnonzero(~known)),
    )


def _first(costs: _Costs, total: Floats) -> int:
    """The first of the cheapest; nearly equal ones are ties, as when customers are placed."""
    least = total.min()
    most = least + 2 * TIE if costs.likelihood else least * (1 + TIE)
    return int((total <= most).argmax())


def _squared(points: Floats, point: Floats) -> Floats:
    """Squared distances by feature (m x p), scaled up from the observed features to all of them."""
    observed = ~np.isnan(point)
    away = np.where(observed, points - np.where(observed, point, 0.0), 0.0)
    return np.asarray(away**2 * (len(point) / observed.sum()))


def _to_centres(scorer: Centroids, point: Floats) -> _Costs:
    return _Costs(each=_squared(scorer.matrix, point), beforehand=np.zeros(scorer.k))


def _to_prototypes(scorer: Prototypes, point: Floats) -> _Costs:
    """To the nearest prototype of each segment."""
    each = _squared(scorer.matrix, point)
    total = each.sum(axis=1)
    nearest = [int(np.where(scorer.owners == segment, total, np.inf).argmin()) for segment in range(scorer.k)]
    at = int(total.argmin())
    noise = scorer.reach is not None and bool(np.sqrt(total[at]) > scorer.reach[at])
    return _Costs(each=each[nearest], beforehand=np.zeros(scorer.k), noise=noise)


def _to_gaussians(scorer: Gaussians, point: Floats) -> _Costs:
    """Minus twice the log of weight times density over the observed features.

    (x - m)' P (x - m) = sum over j of (x - m)_j (P (x - m))_j: what two features share is halved between them.
    """
    seen = ~np.isnan(point)
    each, beforehand = np.zeros((scorer.k, scorer.p)), np.empty(scorer.k)
    for number in range(scorer.k):
        covariance = np.array(scorer.covariances[number])[np.ix_(seen, seen)]
        away = point[seen] - np.array(scorer.means[number])[seen]
        each[number, seen] = away * np.linalg.solve(covariance, away)
        volume = float(np.linalg.slogdet(covariance)[1]) + seen.sum() * np.log(2 * np.pi)
        beforehand[number] = volume - 2 * np.log(scorer.weights[number])
    return _Costs(each=each, beforehand=beforehand, likelihood=True)


def _to_classes(scorer: LatentClasses, point: Floats) -> _Costs:
    """Minus twice the log of weight times the chances of what is known.

    The words of a column share what the column says: it is put down to the word that holds, or to the
    first where none does.
    """
    means, variances = np.array(scorer.means), np.array(scorer.variances)
    each = np.zeros((scorer.k, scorer.p))
    beforehand = -2 * np.log(np.array(scorer.weights))
    grouped = {one for group in scorer.groups for one in group}
    for j in sorted(set(np.flatnonzero(~np.isnan(point)).tolist()) - grouped):
        each[:, j] = (point[j] - means[:, j]) ** 2 / variances[:, j]
        beforehand = beforehand + np.log(variances[:, j])
    for group in (one for one in scorer.groups if not np.isnan(point[list(one)]).any()):
        given = point[list(group)] / np.array(scorer.yes)[list(group)]
        shares = np.maximum(means[:, list(group)], LEAST_SHARE)
        nobody = np.maximum(1 - means[:, list(group)].sum(axis=1), LEAST_SHARE)
        none = max(1 - float(given.sum()), 0.0)
        cost = -2 * ((np.log(shares) * given).sum(axis=1) + none * np.log(nobody))
        each[:, group[int(given.argmax())]] = cost
    return _Costs(each=each, beforehand=beforehand, likelihood=True)


COSTS: dict[type, Callable[[Any, Floats], _Costs]] = {
    Centroids: _to_centres,
    Prototypes: _to_prototypes,
    Gaussians: _to_gaussians,
    LatentClasses: _to_classes,
}
"""How each scorer weighs a customer."""
