"""Re-runs on one budget: the same draws serve every k and every question (METHOD 3 and 4).

Segments that were found and segments that were given are asked the same questions. Above the budget's customers everything here rests on a stratified sample, and the budget says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints
from segmentry.records.evidence import (
    EMPTY,
    LATENT_CLASS,
    Border,
    Bridge,
    Budget,
    Resampled,
    SegmentStability,
    Spread,
    Twins,
)
from segmentry.stages.choose import VerdictRule
from segmentry.stages.clustering import batched_kmeans
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.clustering.latent_class import Groups, LatentClass
from segmentry.stages.clustering.limits import one_thread
from segmentry.stages.evidence import borders, bridge, gap, mixtures, silhouette, stability, twins
from segmentry.stages.features.sampling import stratified

ABREAST, ABREAST_FROM = 2, 50_000
"""Questions that are worked on at the same time, and the numbers in the matrix from which that pays."""

FRESH = 2
"""Fresh starts of every re-run, beside the warm one."""

BACK = VerdictRule().stable_jaccard
"""Overlap from which a given segment comes back when the customers are drawn again."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Partitions:
    """Customers who are drawn again, and the ways of dividing them that are judged.

    Attributes:
        points: n x p scaled features in canonical order, without gaps.
        centres: For each k, the k x p centres that re-runs start from.
        labels: For each k, the customers' segments.
        seed: The random seed.
        groups: Positions of two-valued features, by column, where a column in words is among them.
        given: Whether the segments were given: they then stay what they are in each half of the customers, re-runs
            start from their means alone, and only what comes back counts as standing apart.
    """

    points: Floats
    centres: Mapping[int, Floats]
    labels: Mapping[int, Ints]
    seed: int
    groups: Groups = ()
    given: bool = False

    def some(self, chosen: Ints) -> "Partitions":
        """The same ways of dividing some of the customers."""
        labels = {k: labels[chosen] for k, labels in self.labels.items()}
        return replace(self, points=self.points[chosen], labels=labels)

    @property
    def several(self) -> list[int]:
        """The numbers of segments from 2 on."""
        return [k for k in self.centres if k > 1]

    @property
    def singles(self) -> batched_kmeans.Singles:
        """The points in the precision of re-runs."""
        return np.ascontiguousarray(self.points, dtype=np.float32)

    def warm(self, k: int) -> batched_kmeans.Singles:
        """The centres that re-runs start from."""
        return self.centres[k].astype(np.float32)

    def refits(
        self, draws: batched_kmeans.Draws, ks: Sequence[int], fresh: int
    ) -> Iterator[tuple[int, batched_kmeans.Refits]]:
        """Every k on every draw: a warm start, and fresh ones whose seeds serve all k."""
        rng = np.random.default_rng([self.seed, STARTS])
        starts = [batched_kmeans.seeds(draws, max(ks), rng) for _ in range(fresh)]
        for k in ks:
            yield k, batched_kmeans.refit(draws, [self.warm(k), *(seeds[:, :k] for seeds in starts)])

    def drawn_again(self, weights: batched_kmeans.Singles) -> Iterator[tuple[int, batched_kmeans.Labels]]:
        """For every k, where all customers are when only the weighted ones make the segments: R x n."""
        points, fresh = self.singles, 0 if self.given else FRESH
        for k, refits in self.refits(batched_kmeans.drawn(points, weights), self.several, fresh):
            yield k, batched_kmeans.nearest(points, refits.centres)


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
        strata, _ = assign(points, centres[max(centres)])
        chosen = stratified(strata, size=budget.customers, seed=seed)
        few = stratified(strata[chosen], size=budget.twin_customers, seed=seed)
        labels = {k: assign(points[chosen], found)[0] for k, found in centres.items()}
        among = Partitions(points=points[chosen], centres=centres, labels=labels, seed=seed, groups=groups)
        fewer = among.some(few)
        with abreast(points) as pool:
            mixed = pool.submit(_mixtures, fewer, budget.restarts)
            boxed = pool.submit(_gaps, fewer, budget.references)
            by_k = resampled(pool, among, fewer, budget)
        return Rerun(
            budget=replace(budget, customers=len(chosen), twin_customers=len(few)),
            gaps=boxed.result(),
            mixtures=mixed.result(),
            by_k=by_k,
            labels=labels,
        )


def abreast(points: Floats) -> ThreadPoolExecutor:
    """What works on the questions: each has its own chance, so that their order changes nothing."""
    return ThreadPoolExecutor(max_workers=ABREAST if points.size >= ABREAST_FROM else 1)


def resampled(
    pool: ThreadPoolExecutor, among: Partitions, fewer: Partitions, budget: Budget
) -> dict[int, Resampled]:
    """What re-runs on other draws of the customers say of each k from 2, found or given.

    Args:
        pool: What works on the questions.
        among: The customers.
        fewer: Those of them that are compared with copies without groups.
        budget: How much work to do.
    """
    twinned = pool.submit(_twins, fewer, budget.twins)  # the longest first
    drawn = pool.submit(_bootstrap, among, budget.pairs)
    halved = pool.submit(_prediction, among, budget.halves)
    bordered = pool.submit(_borders, among)
    apart, agreed, strength, tested = (
        twinned.result(),
        drawn.result(),
        halved.result(),
        bordered.result(),
    )
    ways = _ways(among)
    found = {}
    for k in among.several:
        back = agreed[k].overlaps.mean(axis=0)
        walked = tuple(_walked(border, ways[k]) for border in tested[k])
        tests = tuple(_believed(border, back) for border in walked) if among.given else walked
        found[k] = Resampled(
            twins=apart[k],
            prediction_strength=strength[k],
            agreement=agreed[k].agreement,
            segments=tuple(_segments(k, agreed[k].overlaps, _Space(borders=tests, ways=ways[k]), among)),
            borders=tests,
            returns=agreed[k].returns,
            bridges=ways[k],
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Space:
    """What lies between the segments: the tested borders of neighbours, and the way between each pair."""

    borders: tuple[Border, ...]
    ways: tuple[Bridge, ...]

    def apart(self, sizes: Sequence[int]) -> list[bool]:
        """Which segments have empty borders, and no crowded way to any other."""
        linked = {end for way in self.ways for end in (way.first, way.second) if way.thinness > EMPTY}
        return [
            empty and segment not in linked
            for segment, empty in enumerate(borders.separated(self.borders, sizes))
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """What the segments do when the customers are drawn again.

    Attributes:
        overlaps: Each pair's Jaccard of each segment, pairs x k.
        agreement: The adjusted Rand index of the pairs.
        returns: How often customers come back, by their margin; empty for segments that were given.
    """

    overlaps: Floats
    agreement: Spread
    returns: tuple[tuple[float, float], ...]


def _mixtures(among: Partitions, restarts: int) -> dict[int, mixtures.Mixture]:
    """The BIC of each k: of bell shapes, or of latent classes where a column is in words (METHOD 2.6)."""
    if not among.groups:
        return mixtures.mixtures(among.points, among.labels, restarts=restarts, seed=among.seed)
    model = LatentClass(groups=tuple(tuple(group) for group in among.groups), starts=max(restarts, 1))
    found = model.bics(among.points, among.labels, seed=among.seed)
    return {k: mixtures.Mixture(bic=bic, shape=LATENT_CLASS) for k, bic in found.items()}


def _twins(among: Partitions, count: int) -> dict[int, Twins]:
    """The segments beside as many that are found in copies without groups (METHOD 3.2)."""
    ks = among.several
    if not ks:
        return {}
    copies = twins.make_twins(among.points, count, seed=among.seed + TWINS, groups=among.groups)
    draws = batched_kmeans.drawn(copies)
    labels = {
        k: batched_kmeans.nearest(draws.points, found.centres) for k, found in among.refits(draws, ks, FRESH)
    }
    real = _silhouettes(among.points, [among.labels[k] for k in ks])
    alike = [_silhouettes(copies[copy], [labels[k][copy] for k in ks]) for copy in range(count)]
    return {
        k: twins.compare_with_twins(
            real[at],
            [found[at] for found in alike],
            np.stack([twins.variance_between(copies[copy], labels[k][copy]) for copy in range(count)]),
            twins.variance_between(among.points, among.labels[k]),
        )
        for at, k in enumerate(ks)
    }


def _silhouettes(points: Floats, labelings: Sequence[NDArray[np.integer]]) -> list[float]:
    """The mean silhouette of each labeling; 0 where all are in one segment."""
    several = [at for at, labels in enumerate(labelings) if len(np.unique(labels)) > 1]
    scores = silhouette.silhouettes(points, [labelings[at].astype(np.int64) for at in several])
    found = dict(zip(several, scores, strict=True))
    return [float(found[at].mean()) if at in found else 0.0 for at in range(len(labelings))]


def _bootstrap(among: Partitions, pairs: int) -> dict[int, _Again]:
    """What each k's segments do when the customers are drawn again."""
    if not among.several:
        return {}
    weights = stability.bootstrap_weights(len(among.points), 2 * pairs, seed=among.seed + WEIGHTS)
    found = {}
    for k, labels in among.drawn_again(weights):
        tables = stability.crossed(among.labels[k], labels, k)
        overlaps = stability.jaccards(tables)
        between = np.stack(
            [stability.crossed(labels[pair], labels[pair + pairs][None], k)[0] for pair in range(pairs)]
        )
        found[k] = _Again(
            overlaps=(overlaps[:pairs] + overlaps[pairs:]) / 2,
            agreement=twins.spread(stability.rand_indices(between)),
            returns=() if among.given else _returns(among, k, labels, tables),
        )
    return found


def _returns(
    among: Partitions, k: int, labels: batched_kmeans.Labels, tables: Floats
) -> tuple[tuple[float, float], ...]:
    """How often customers come back, by how clear their segment is: 1 - d1 / d2, 0 where both are 0."""
    back = stability.returning(among.labels[k], labels, tables)
    away = np.sqrt(((among.points[:, None, :] - among.centres[k]) ** 2).sum(axis=2))
    nearest = np.partition(away, 1, axis=1)[:, :2]
    ratio = np.divide(nearest[:, 0], nearest[:, 1], out=np.ones(len(away)), where=nearest[:, 1] > 0)
    return stability.returns_by_margin(1 - ratio, back)


def _prediction(among: Partitions, splits: int) -> dict[int, float]:
    """The worst segment's share of pairs that the segments of the other half keep together."""
    if not among.several:
        return {}
    weights = stability.halves(len(among.points), splits, seed=among.seed + HALVES)
    found = {}
    for k, labels in among.drawn_again(weights):
        own = among.labels[k] if among.given else labels
        tables = stability.crossed(own, np.roll(labels, splits, axis=0), k, weights)
        found[k] = float(stability.prediction_strength(tables).mean())
    return found


def _gaps(among: Partitions, references: int) -> dict[int, tuple[float, float]]:
    ks = list(among.centres)
    boxes = batched_kmeans.drawn(
        gap.boxes(among.points, references, seed=among.seed + BOXES, groups=among.groups)
    )
    inertias = {k: found.inertia for k, found in among.refits(boxes, ks, FRESH)}
    own = batched_kmeans.drawn(among.singles[None])
    return {k: gap.gap(float(batched_kmeans.refit(own, [among.warm(k)]).inertia[0]), inertias[k]) for k in ks}


def _borders(among: Partitions) -> dict[int, tuple[Border, ...]]:
    """The gap test between neighbours of every k (METHOD 3.3)."""
    seen = borders.crowd(among.points, seed=among.seed + BORDERS)
    points = among.singles
    found = {}
    for k in among.several:

        def refit(weights: NDArray[np.float32], k: int = k) -> Floats:
            draws = batched_kmeans.drawn(points, weights)
            return batched_kmeans.refit(draws, [among.warm(k)]).centres.astype(np.float64)

        found[k] = borders.borders(seen, among.centres[k], refit, seed=among.seed + BORDERS)
    return found


def _ways(among: Partitions) -> Mapping[int, tuple[Bridge, ...]]:
    """The way between each pair of segments of every k, on a sample where there are many customers."""
    if not among.several:
        return {}
    chosen = stratified(among.labels[max(among.several)], size=bridge.MOST, seed=among.seed)
    some = among.some(chosen)
    spread = borders.crowd(some.points, seed=among.seed + BORDERS).spread
    return bridge.bridges(bridge.landscape(spread), {k: some.labels[k] for k in among.several})


def _walked(border: Border, ways: Sequence[Bridge]) -> Border:
    """The border with the way between its two segments, which is empty space only if that way is thin."""
    ends = (border.first, border.second)
    way = next(way for way in ways if (way.first, way.second) == ends)
    return replace(border, thinness=way.thinness, empty=border.empty and way.thinness <= EMPTY)


def _believed(border: Border, back: Floats) -> Border:
    """The border, empty only beside a segment that comes back: else the gap is between others than these."""
    comes_back = max(back[border.first], back[border.second]) >= BACK
    return replace(border, empty=border.empty and bool(comes_back))


def _segments(k: int, overlaps: Floats, between: _Space, among: Partitions) -> Iterator[SegmentStability]:
    own = among.labels
    sizes = np.bincount(own[k], minlength=k)
    near = np.bincount(np.concatenate(borders.two_nearest(among.points, among.centres[k])), minlength=k)
    apart = between.apart(near.tolist())
    whole = stability.inherited(own[k - 1], own[k], k) if k - 1 in own else np.full(k, np.nan)
    back = overlaps.mean(axis=0) >= BACK
    for segment in range(k):
        yield SegmentStability(
            segment=segment,
            customers=int(sizes[segment]),
            jaccard=twins.spread(overlaps[:, segment]),
            inherited=float(whole[segment]),
            separated=apart[segment] and (not among.given or bool(back[segment])),
        )
