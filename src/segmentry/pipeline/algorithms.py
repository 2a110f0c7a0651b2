"""How other algorithms divide the same customers, and whether one is worth leaving K-means for (METHOD 5).

A customer's segment is what an algorithm's scorer says, here as in a run that ships it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import nan
from typing import Any, NamedTuple

import numpy as np

from segmentry.errors import UsageError
from segmentry.records.algorithms import ALGORITHMS, named
from segmentry.records.arrays import Floats, Ints, frozen, frozen_ints
from segmentry.records.comparison import AlgorithmRow, Comparison
from segmentry.records.scorers import Prototypes, Scorer
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.catalog import Algorithm, make
from segmentry.stages.clustering.kmeans import adjusted_rand, as_fitted
from segmentry.stages.scoring.score import place

SIMPLEST = "kmeans"
"""The algorithm that is kept unless another one earns its place."""

QUICK = 5
"""Fresh starts and splits of one K-means re-run."""

SAME, OTHER = 0.9, 0.8
"""Adjusted Rand indices with K-means: from here on the same story, below here another one."""

STEADIER, PLAINER, COVERED = 0.05, 0.03, 0.95
"""What another algorithm must win by in worst Jaccard and in rule fidelity, and whom it must cover."""

DEPENDABLE = 0.6
"""Worst Jaccard below which nothing is recommended: of two that do not come back neither is better."""

DEPTH, FOLDS = 3, 5
"""Questions of the tree that tells how simple the rules are, and the parts it is tested on."""

FAILURES = (ValueError, ArithmeticError, RuntimeError)
"""What a library says of points that it cannot divide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An algorithm's segments, as its scorer makes them.

    Attributes:
        scorer: What places customers; every segment has some.
        centres: k x p means of the segments' customers in scaled units.
        labels: n segments; -1 for noise.
    """

    scorer: Scorer
    centres: Floats
    labels: Ints

    def taken(self, order: Sequence[int]) -> "Settled":
        """The same segments in another order."""
        numbers = np.full(len(order) + 1, -1)
        numbers[list(order)] = np.arange(len(order))
        return Settled(
            scorer=self.scorer.taken(order),
            centres=frozen(self.centres[list(order)]),
            labels=frozen_ints(numbers[self.labels]),
        )


def ship(
    name: str, points: Floats, *, k: int, seed: int, groups: tuple[tuple[int, ...], ...] = ()
) -> Clustering:
    """Fit the algorithm that a run is to ship.

    Args:
        name: Its name in the catalog.
        points: n x p scaled features without gaps, in canonical order.
        k: The number of segments; HDBSCAN finds its own.
        seed: The random seed.
        groups: Positions of the two-valued features, by column; algorithms for words ask for them.

    Raises:
        UsageError: when there is no such algorithm, or it would take too much time or memory.
    """
    entry = named(name)
    lacking = "" if groups else entry.for_words
    found = lacking or _tried(make(name, groups), points, k, seed)
    if isinstance(found, str):
        raise UsageError(
            f"The algorithm '{name}' does not fit these customers: it {found}.",
            hint=f"Choose another one: {', '.join(one for one in ALGORITHMS if one != name)}.",
        )
    return found


def settle(fitted: Clustering, points: Floats) -> Settled:
    """The segments that a scorer makes of n points; those that nobody is in are dropped."""
    scorer = fitted.scorer
    labels = place(points, scorer, reach=np.inf).segment
    if isinstance(scorer, Prototypes) and (labels < 0).all():
        scorer = replace(scorer, reach=None)
        labels = place(points, scorer, reach=np.inf).segment
    taken = np.unique(labels[labels >= 0])
    numbers = np.full(scorer.k + 1, -1)
    numbers[taken] = np.arange(len(taken))
    labels = numbers[labels]
    return Settled(
        scorer=scorer.taken(taken.tolist()),
        centres=frozen([points[labels == number].mean(axis=0) for number in range(len(taken))]),
        labels=frozen_ints(labels),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """The same customers through several algorithms.

    Attributes:
        names: The algorithms by their names in the catalog; K-means is always there, and first.
        replicates: Bootstrap re-runs of each.
        own_ks: Numbers of segments among which the mixture may choose its own; none: it is not asked.
        shipped: The algorithm that the run ships.
        floor: Customers below which a segment is too small to be recommended.
        groups: Positions of the two-valued features, by column; algorithms for words ask for them.
    """

    names: tuple[str, ...] = tuple(ALGORITHMS)
    replicates: int = 8
    own_ks: tuple[int, ...] = ()
    shipped: str = SIMPLEST
    floor: int = 1
    groups: tuple[tuple[int, ...], ...] = ()

    def __call__(self, points: Floats, kmeans_centres: Floats, *, seed: int) -> Comparison:
        """Compare them at K-means' number of segments.

        Args:
            points: n x p scaled features without gaps, in canonical order: at most some 2,000.
            kmeans_centres: k x p centres of the K-means solution.
            seed: The random seed.

        Returns:
            One row per algorithm, K-means first; those that do not fit say why.

        Raises:
            UsageError: when a name is not in the catalog.
        """
        begun = [self._begun(name, points, kmeans_centres, seed) for name in self._ordered()]
        judged = [row for row in begun if isinstance(row, _Judged)]
        common = _Common.of(points, judged, seed)
        table = tuple(self._row(row, common) if isinstance(row, _Judged) else row for row in begun)
        recommended = recommend(table, self.floor)
        return Comparison(
            algorithms=table,
            between=tuple(
                tuple(adjusted_rand(judgement.labels, other.labels) for other in judged)
                for judgement in judged
            ),
            recommended=recommended.name,
            sentence=recommended.sentence,
            customers=len(points),
        )

    def _ordered(self) -> list[str]:
        return list(dict.fromkeys((SIMPLEST, *(named(name).name for name in self.names))))

    def _begun(self, name: str, points: Floats, centres: Floats, seed: int) -> "_Judged | AlgorithmRow":
        """An algorithm's segments, or the row that says why there are none."""
        k = len(centres)
        if name == SIMPLEST:
            return _Judged.of(name, as_fitted(points, centres), points)
        entry = named(name)
        if entry.for_words and not self.groups:
            return AlgorithmRow(name=name, k=k, not_judged=entry.for_words)
        options = {"own_ks": self.own_ks} if entry.chooses else {}
        found = _tried(make(name, self.groups, **options), points, k, seed)
        if isinstance(found, str):
            return AlgorithmRow(name=name, k=k, not_judged=found)
        return _Judged.of(name, found, points)

    def _row(self, judged: "_Judged", common: "_Common") -> AlgorithmRow:
        labels, fitted = judged.labels, judged.fitted
        quick = {"starts": QUICK, "splits": QUICK} if judged.name == SIMPLEST else {}
        again = list(_rerun(make(judged.name, self.groups, **quick), common, self.replicates))
        worst_jaccard, agreement = _stability(judged, again)
        silhouette, calinski_harabasz, davies_bouldin = _separation(common, labels)
        return AlgorithmRow(
            name=judged.name,
            k=judged.k,
            own_k=fitted.own_k,
            worst_jaccard=worst_jaccard,
            agreement=agreement,
            rule_fidelity=_rule_fidelity(common, labels),
            coverage=float((labels >= 0).mean()),
            smallest=int(np.bincount(labels[labels >= 0]).min()),
            like_kmeans=adjusted_rand(labels, common.kmeans),
            like_consensus=adjusted_rand(labels, common.consensus),
            scorer=fitted.scorer.kind,
            scorer_agreement=judged.scorer_agreement,
            silhouette=silhouette,
            calinski_harabasz=calinski_harabasz,
            davies_bouldin=davies_bouldin,
            inertia=fitted.inertia,
            bic=fitted.bic,
            icl=fitted.icl,
            shipped=judged.name == self.shipped,
        )


class Recommendation(NamedTuple):
    """The algorithm that is recommended, and why, in words."""

    name: str
    sentence: str


def recommend(table: Sequence[AlgorithmRow], floor: int) -> Recommendation:
    """METHOD 5's rule: K-means, unless another algorithm tells another story better.

    Another one has an adjusted Rand index with K-means below 0.8, covers 95 % of the customers, has no
    segment below the floor, comes back itself (worst Jaccard of 0.6), and wins by 0.05 in worst Jaccard and by 0.03 in rule fidelity. The rule
    asks for two of three wins; the third, what it says of later purchases, is not measured. Only
    algorithms with as many segments as K-means are candidates: fewer segments are steadier and
    plainer whatever the algorithm.

    Args:
        table: The rows, K-means among them.
        floor: Customers below which a segment is too small.
    """
    simplest = next(row for row in table if row.name == SIMPLEST)
    others = [row for row in table if row.name != SIMPLEST and not row.not_judged]
    apart = [row for row in others if row.like_kmeans < OTHER]
    better = [row for row in apart if _earns_it(row, simplest, floor)]
    if better:
        best = max(better, key=lambda row: row.worst_jaccard + row.rule_fidelity)
        return Recommendation(best.name, _for(best, simplest))
    return Recommendation(SIMPLEST, _for_the_simplest(others, apart))


def _earns_it(row: AlgorithmRow, simplest: AlgorithmRow, floor: int) -> bool:
    fits = row.k == simplest.k and row.coverage >= COVERED and row.smallest >= floor
    steadier = row.worst_jaccard >= simplest.worst_jaccard + STEADIER
    plainer = row.rule_fidelity >= simplest.rule_fidelity + PLAINER
    return fits and steadier and plainer and row.worst_jaccard >= DEPENDABLE


def _for(best: AlgorithmRow, simplest: AlgorithmRow) -> str:
    title = named(best.name).title
    return (
        f"{title[:1].upper()}{title[1:]} divides the customers otherwise (ARI {best.like_kmeans:.2f} with K-means) "
        f"and better: its least stable segment comes back more surely (Jaccard {best.worst_jaccard:.2f} against "
        f"{simplest.worst_jaccard:.2f}), and three questions tell more of its customers apart "
        f"({best.rule_fidelity:.0%} against {simplest.rule_fidelity:.0%})."
    )


def _for_the_simplest(others: Sequence[AlgorithmRow], apart: Sequence[AlgorithmRow]) -> str:
    if not others:
        return "No other algorithm was judged: we keep K-means."
    lowest = min(row.like_kmeans for row in others)
    if lowest >= SAME:
        return "All methods tell the same story (ARI >= 0.9): we keep the simplest."
    if not apart:
        return f"The methods tell nearly the same story (ARI >= {_floored(lowest)}): we keep the simplest."
    titles = [named(row.name).title for row in apart]
    several = len(titles) > 1
    who = f"{', '.join(titles[:-1])} and {titles[-1]}" if several else titles[0]
    return (
        f"{who[:1].upper()}{who[1:]} {'divide' if several else 'divides'} the customers otherwise "
        f"(ARI {'from ' if several else ''}{lowest:.2f} with K-means), but {'none is' if several else 'is not'} "
        "clearly both more stable and simpler to tell apart at the same number of segments: we keep the simplest."
    )


def _floored(value: float) -> str:
    """Two digits, never more than there is."""
    return f"{np.floor(value * 100) / 100:.2f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """An algorithm that was fitted."""

    name: str
    fitted: Clustering
    labels: Ints
    scorer_agreement: float

    @classmethod
    def of(cls, name: str, fitted: Clustering, points: Floats) -> "_Judged":
        scored = place(points, fitted.scorer, reach=np.inf).segment
        return cls(
            name=name,
            fitted=fitted,
            labels=settle(fitted, points).labels,
            scorer_agreement=float((scored == fitted.labels).mean()),
        )

    @property
    def k(self) -> int:
        """The segments that somebody is in."""
        return int(self.labels.max()) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What all algorithms are measured with.

    Attributes:
        points: n x p scaled features.
        distances: n x n distances between them.
        kmeans: n segments by K-means.
        consensus: n segments by the majority of the algorithms.
        k: K-means' number of segments.
        seed: The random seed.
    """

    points: Floats
    distances: Floats
    kmeans: Ints
    consensus: Ints
    k: int
    seed: int

    @classmethod
    def of(cls, points: Floats, judged: Sequence[_Judged], seed: int) -> "_Common":
        from sklearn.metrics import pairwise_distances

        first = judged[0]
        return cls(
            points=points,
            distances=pairwise_distances(points),
            kmeans=first.labels,
            consensus=_consensus([judgement.labels for judgement in judged]),
            k=len(np.unique(first.labels)),
            seed=seed,
        )


def _tried(algorithm: Algorithm, points: Floats, k: int, seed: int) -> Clustering | str:
    """What an algorithm found, or why it found nothing."""
    n, p = points.shape
    if reason := algorithm.refusal(n, p, k):
        return reason
    try:
        return algorithm(points, k=k, seed=seed)
    except FAILURES as failure:
        return f"cannot divide these customers ({str(failure).partition(chr(10))[0].rstrip('.')})"


def _stability(judged: _Judged, again: Sequence[Ints]) -> tuple[float, float]:
    """The mean Jaccard of the least stable segment, and the mean ARI of pairs of re-runs."""
    if not again:
        return nan, nan
    kept = np.mean([_overlaps(judged.labels, other) for other in again], axis=0)
    pairs = [adjusted_rand(first, second) for first, second in combinations(again, 2)]
    return float(kept.min()), float(np.mean(pairs)) if pairs else nan


def _rerun(algorithm: Algorithm, common: _Common, replicates: int) -> Iterator[Ints]:
    """The segments of all customers by fits on bootstrap samples, the same for all algorithms."""
    n = len(common.points)
    for number in range(replicates):
        drawn = np.random.default_rng([common.seed, number]).integers(n, size=n)
        found = _tried(algorithm, common.points[np.sort(drawn)], common.k, common.seed)
        if isinstance(found, Clustering):
            yield place(common.points, found.scorer, reach=np.inf).segment


def _overlaps(labels: Ints, other: Ints) -> Floats:
    """The Jaccard overlap of each segment with the segment of a re-run that it overlaps most."""
    both = _together(labels, other)
    sizes, others = np.bincount(labels[labels >= 0]), np.bincount(other[other >= 0])
    return np.asarray((both / np.maximum(sizes[:, None] + others - both, 1)).max(axis=1))


def _together(labels: Ints, other: Ints) -> Floats:
    """Customers in each pair of segments of two labelings; those without a segment are in none."""
    inside = (labels >= 0) & (other >= 0)
    counts = np.zeros((int(labels.max()) + 1, int(other.max(initial=0)) + 1))
    np.add.at(counts, (labels[inside], other[inside]), 1)
    return counts


def _consensus(labelings: Sequence[Ints]) -> Ints:
    """The majority's segments, each labeling aligned with the first; it decides ties (METHOD 5).

    Alignment is the one that most customers agree with (Kuhn 1955). Noise has no vote, nor has a
    segment without a partner.
    """
    from scipy.optimize import linear_sum_assignment

    first = labelings[0]
    votes = np.zeros((len(first), int(first.max()) + 1))
    votes[np.arange(len(first)), first] += 0.5
    for labels in labelings:
        partners = np.full(int(labels.max()) + 2, -1)
        own, firsts = linear_sum_assignment(-_together(labels, first))
        partners[own] = firsts
        aligned = partners[labels]
        said = np.flatnonzero(aligned >= 0)
        votes[said, aligned[said]] += 1
    return np.asarray(votes.argmax(axis=1))


def _rule_fidelity(common: _Common, labels: Ints) -> float:
    """The share of customers that a tree of three questions places alike, in 5-fold cross-validation."""
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    folds = KFold(min(FOLDS, len(labels)), shuffle=True, random_state=common.seed)
    tree = DecisionTreeClassifier(max_depth=DEPTH, random_state=common.seed)
    right: Any = cross_val_score(tree, common.points, labels, cv=folds)
    return float(right.mean())


def _separation(common: _Common, labels: Ints) -> tuple[float, float, float]:
    """Silhouette with noise counted as 0, Calinski-Harabasz and Davies-Bouldin.

    The last two have no value for a customer: with noise they are not judged, since leaving it out
    would flatter (METHOD 5).
    """
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_samples

    inside = np.flatnonzero(labels >= 0)
    if not 1 < int(labels.max()) + 1 < len(inside):
        return nan, nan, nan
    widths: Any = silhouette_samples(
        common.distances[np.ix_(inside, inside)], labels[inside], metric="precomputed"
    )
    silhouette = float(widths.sum()) / len(labels)
    if len(inside) < len(labels):
        return silhouette, nan, nan
    return (
        silhouette,
        float(calinski_harabasz_score(common.points, labels)),
        float(davies_bouldin_score(common.points, labels)),
    )
