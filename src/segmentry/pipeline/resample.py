"""Re-runs on one budget: the same draws serve every k and every question (METHOD 3 and 4).

Above the budget's customers everything here rests on a stratified sample, and the budget says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints
from segmentry.records.evidence import (
    LATENT_CLASS,
    Border,
    Budget,
    Resampled,
    SegmentStability,
    Spread,
    Twins,
)
from segmentry.stages.clustering import batched_kmeans
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.clustering.latent_class import Groups, LatentClass
from segmentry.stages.clustering.limits import one_thread
from segmentry.stages.evidence import borders, gap, mixtures, silhouette, stability, twins
from segmentry.stages.features.sampling import stratified

ABREAST, ABREAST_FROM = 2, 50_000
"""Questions that are worked on at the same time, and the numbers in the matrix from which that pays."""

FRESH = 2
"""Fresh starts of every re-run, beside the warm one."""

WEIGHTS, HALVES, BOXES, TWINS, STARTS, BORDERS = range(6)
"""What the seed is combined with, so that no two questions share their chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """What the re-runs found.

    Attributes:
        budget: The work that was done; its customers are those that there were.
        gaps: The gap statistic and its error for each k from 1.
        mixtures: The best Gaussian mixture of each k from 1, as far as they were followed.
        by_k: What re-runs say of each k from 2.
        labels: For each k, the labels of the customers that were drawn again.
    """

    budget: Budget
    gaps: Mapping[int, tuple[float, float]]
    mixtures: Mapping[int, mixtures.Mixture]
    by_k: Mapping[int, Resampled]
    labels: Mapping[int, Ints]


def rerun(
    points: Floats, centres: Mapping[int, Floats], budget: Budget, *, seed: int, groups: Groups = ()
) -> Rerun:
    """Everything that is learned by doing it again.

    Args:
        points: n x p scaled features in canonical order, without gaps.
        centres: The solved k x p centres for each k, ascending from 1.
        budget: How much work to do.
        seed: The random seed.
        groups: Positions of two-valued features, by column, where a column in words is among them.
    """
    with one_thread():  # thousands of small products
        return _rerun(_Among(points=points, centres=centres, seed=seed, groups=groups), budget)


def _rerun(everybody: "_Among", budget: Budget) -> Rerun:
    points, centres, seed = everybody.points, everybody.centres, everybody.seed
    last = max(centres)
    labels, _ = assign(points, centres[last])
    chosen = stratified(labels, size=budget.customers, seed=seed)
    few = stratified(labels[chosen], size=budget.twin_customers, seed=seed)
    among = replace(everybody, points=points[chosen])
    fewer = replace(everybody, points=points[chosen][few])
    several = [k for k in centres if k > 1]
    own = {k: assign(among.points, centres[k])[0] for k in centres}
    with ThreadPoolExecutor(
        max_workers=ABREAST if points.size >= ABREAST_FROM else 1
    ) as pool:  # the longest first; each has its own chance
        twinned = pool.submit(_twins, fewer, several, budget.twins)
        drawn = pool.submit(_bootstrap, among, own, budget.pairs)
        mixed = pool.submit(_mixtures, fewer, budget.restarts)
        halved = pool.submit(_prediction, among, several, budget.halves)
        boxed = pool.submit(_gaps, fewer, budget.references)
        bordered = pool.submit(_borders, among, several)
    apart, agreed = twinned.result(), drawn.result()
    strength, tested = halved.result(), bordered.result()
    return Rerun(
        budget=replace(budget, customers=len(chosen), twin_customers=len(few)),
        gaps=boxed.result(),
        mixtures=mixed.result(),
        by_k={
            k: Resampled(
                twins=apart[k],
                prediction_strength=strength[k],
                agreement=agreed[k].agreement,
                segments=tuple(_segments(k, own, agreed[k].overlaps, tested[k], among)),
                borders=tested[k],
                returns=agreed[k].returns,
            )
            for k in several
        },
        labels=own,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Among:
    """The customers that are drawn again, and the solutions that are judged."""

    points: Floats
    centres: Mapping[int, Floats]
    seed: int
    groups: Groups = ()

    @property
    def singles(self) -> batched_kmeans.Singles:
        return np.ascontiguousarray(self.points, dtype=np.float32)

    def warm(self, k: int) -> batched_kmeans.Singles:
        return self.centres[k].astype(np.float32)

    def chance(self, question: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, question])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """What the segments do when the customers are drawn again.

    Attributes:
        overlaps: Each pair's Jaccard of each segment, pairs x k.
        agreement: The adjusted Rand index of the pairs.
        returns: How often customers come back, by their margin.
    """

    overlaps: Floats
    agreement: Spread
    returns: tuple[tuple[float, float], ...]


def _solved(
    draws: batched_kmeans.Draws, among: _Among, ks: Sequence[int]
) -> Iterator[tuple[int, batched_kmeans.Refits]]:
    """Every k on every draw: a warm start, and fresh ones whose seeds serve all k."""
    rng = among.chance(STARTS)
    fresh = [batched_kmeans.seeds(draws, max(ks), rng) for _ in range(FRESH)]
    for k in ks:
        yield k, batched_kmeans.refit(draws, [among.warm(k), *(one[:, :k] for one in fresh)])


def _mixtures(among: _Among, restarts: int) -> dict[int, mixtures.Mixture]:
    """The BIC of each k: of bell shapes, or of latent classes where a column is in words (METHOD 2.6)."""
    labels = {k: assign(among.points, centres)[0] for k, centres in among.centres.items()}
    if not among.groups:
        return mixtures.mixtures(among.points, labels, restarts=restarts, seed=among.seed)
    model = LatentClass(groups=tuple(tuple(one) for one in among.groups), starts=max(restarts, 1))
    found = model.bics(among.points, labels, seed=among.seed)
    return {k: mixtures.Mixture(bic=bic, shape=LATENT_CLASS) for k, bic in found.items()}


def _twins(among: _Among, ks: Sequence[int], count: int) -> dict[int, Twins]:
    if not ks:
        return {}
    copies = twins.make_twins(among.points, count, seed=among.seed + TWINS, groups=among.groups)
    draws = batched_kmeans.drawn(copies)
    labels = {
        k: batched_kmeans.nearest(draws.points, found.centres) for k, found in _solved(draws, among, ks)
    }
    own = [assign(among.points, among.centres[k])[0] for k in ks]
    real = _silhouettes(among.points, own)
    alike = [_silhouettes(copies[one], [labels[k][one] for k in ks]) for one in range(count)]
    return {
        k: twins.compare_with_twins(
            real[at],
            [one[at] for one in alike],
            np.stack([twins.variance_between(copies[one], labels[k][one]) for one in range(count)]),
            twins.variance_between(among.points, own[at]),
        )
        for at, k in enumerate(ks)
    }


def _silhouettes(points: Floats, labelings: Sequence[NDArray[np.integer]]) -> list[float]:
    """The mean silhouette of each labeling; 0 where all are in one segment."""
    several = [at for at, one in enumerate(labelings) if len(np.unique(one)) > 1]
    scores = silhouette.silhouettes(points, [labelings[at].astype(np.int64) for at in several])
    found = dict(zip(several, scores, strict=True))
    return [float(found[at].mean()) if at in found else 0.0 for at in range(len(labelings))]


def _bootstrap(among: _Among, own: Mapping[int, Ints], pairs: int) -> dict[int, _Again]:
    """What each k's segments do when the customers are drawn again."""
    ks = [k for k in own if k > 1]
    if not ks:
        return {}
    weights = stability.bootstrap_weights(len(among.points), 2 * pairs, seed=among.seed + WEIGHTS)
    points = among.singles
    found = {}
    for k, refits in _solved(batched_kmeans.drawn(points, weights), among, ks):
        labels = batched_kmeans.nearest(points, refits.centres)
        tables = stability.crossed(own[k], labels, k)
        overlaps = stability.jaccards(tables)
        back = stability.returning(own[k], labels, tables)
        between = np.stack(
            [stability.crossed(labels[one], labels[one + pairs][None], k)[0] for one in range(pairs)]
        )
        found[k] = _Again(
            overlaps=(overlaps[:pairs] + overlaps[pairs:]) / 2,
            agreement=twins.spread(stability.rand_indices(between)),
            returns=stability.returns_by_margin(_margins(among.points, among.centres[k]), back),
        )
    return found


def _margins(points: Floats, centres: Floats) -> Floats:
    """How clear each customer's segment is: 1 - d1 / d2, 0 where both are 0."""
    away = np.sqrt(((points[:, None, :] - centres) ** 2).sum(axis=2))
    nearest = np.partition(away, 1, axis=1)[:, :2]
    ratio = np.divide(nearest[:, 0], nearest[:, 1], out=np.ones(len(points)), where=nearest[:, 1] > 0)
    return np.asarray(1 - ratio)


def _prediction(among: _Among, ks: Sequence[int], splits: int) -> dict[int, float]:
    if not ks:
        return {}
    weights = stability.halves(len(among.points), splits, seed=among.seed + HALVES)
    points = among.singles
    found = {}
    for k, refits in _solved(batched_kmeans.drawn(points, weights), among, ks):
        labels = batched_kmeans.nearest(points, refits.centres)
        others = np.roll(labels, splits, axis=0)
        tables = np.stack(
            [
                stability.crossed(one, other[None], k, row[None])[0]
                for one, other, row in zip(labels, others, weights, strict=True)
            ]
        )
        found[k] = float(stability.prediction_strength(tables).mean())
    return found


def _gaps(among: _Among, references: int) -> dict[int, tuple[float, float]]:
    ks = list(among.centres)
    drawn = gap.boxes(among.points, references, seed=among.seed + BOXES, groups=among.groups)
    boxes = {k: found.inertia for k, found in _solved(batched_kmeans.drawn(drawn), among, ks)}
    own = batched_kmeans.drawn(among.singles[None])
    return {k: gap.gap(float(batched_kmeans.refit(own, [among.warm(k)]).inertia[0]), boxes[k]) for k in ks}


def _borders(among: _Among, ks: Sequence[int]) -> dict[int, tuple[Border, ...]]:
    return dict(_tested(among, ks))


def _tested(among: _Among, ks: Sequence[int]) -> Iterator[tuple[int, tuple[Border, ...]]]:
    seen = borders.crowd(among.points, seed=among.seed + BORDERS)
    points = among.singles
    for k in ks:

        def refit(weights: NDArray[np.float32], k: int = k) -> Floats:
            return batched_kmeans.refit(
                batched_kmeans.drawn(points, weights), [among.warm(k)]
            ).centres.astype(np.float64)

        yield k, borders.borders(seen, among.centres[k], refit, seed=among.seed + BORDERS)


def _segments(
    k: int, own: Mapping[int, Ints], overlaps: Floats, tested: Sequence[Border], among: _Among
) -> Iterator[SegmentStability]:
    sizes = np.bincount(own[k], minlength=k)
    near = np.bincount(np.concatenate(borders.two_nearest(among.points, among.centres[k])), minlength=k)
    apart = borders.separated(tested, near.tolist())
    whole = stability.inherited(own[k - 1], own[k], k) if k - 1 in own else np.full(k, np.nan)
    for one in range(k):
        yield SegmentStability(
            segment=one,
            customers=int(sizes[one]),
            jaccard=twins.spread(overlaps[:, one]),
            inherited=float(whole[one]),
            separated=apart[one],
        )
