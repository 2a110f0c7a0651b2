"""K-means: the best of many starts and of splits of the solution with one segment less.

Fresh starts and splits fail in different ways, so both are tried: 20 starts alone miss the best
known inertia at some k in most random seeds. Restarts matter far more than rows. ``batched_kmeans`` is for
the thousands of small re-runs of the evidence.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, Ints, frozen, frozen_ints
from segmentry.records.scorers import Centroids, rows
from segmentry.records.solution import Clustering, Solution
from segmentry.stages.clustering.limits import one_thread, possible, too_few

PARALLEL_FROM, SINGLE_FROM = 50_000, 500_000
"""Numbers in the matrix from which a second thread, and single precision, pay."""

MOST_ITERATIONS = 1_000
"""Lloyd passes of the best start, which is followed until nothing moves."""


BUNCH = 5
"""Fresh starts of one call: the best of each bunch goes on."""

SAME, NEAR = 1e-6, 1e-2
"""Shares of inertia within which two starts found the same solution, and within which they may tie."""

Points: TypeAlias = NDArray[np.floating[Any]]
"""Points or centres in the precision of the search."""

Found: TypeAlias = tuple[float, Points]
"""The inertia that a start ends with, and its centres."""

Start: TypeAlias = Callable[[], Found]
"""One start, ready to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KMeans:
    """Lloyd's K-means (scikit-learn's kernel), searched well.

    Attributes:
        starts: Fresh k-means++ starts per k.
        splits: Starts from the centres of k - 1 plus one point drawn by its squared distance.
        max_iterations: Lloyd iterations of one start.

    >>> points = np.array([[0.0], [0.1], [5.0], [5.1]])
    >>> [round(one.inertia, 3) for one in KMeans(starts=2)(points, ks=(1, 2), seed=0)]
    [25.01, 0.01]
    """

    starts: int = 20
    splits: int = 10
    max_iterations: int = 300

    def __call__(self, points: Floats, *, ks: Iterable[int], seed: int) -> tuple[Solution, ...]:
        """Solve every k, each starting from the solution before it.

        Args:
            points: n x p scaled features without missing values, in canonical order.
            ks: Numbers of segments; 1 to the number of distinct points. Every k between is solved.
            seed: The random seed.

        Returns:
            One solution per k, ascending, with inertia that never rises with k.
        """
        wanted = sorted(set(ks))
        return tuple(one for one in self._chain(points, wanted[-1], seed) if one.k in wanted)

    def _chain(self, points: Floats, last: int, seed: int) -> Iterator[Solution]:
        best = _one_segment(points)
        yield best
        search: Points = np.asarray(points, order="C")
        if points.size >= SINGLE_FROM:
            search = search.astype(np.float32)
        for k in range(2, last + 1):
            jobs = self._jobs(search, best.centres, k, np.random.default_rng([seed, k]))
            found = _run(jobs, parallel=points.size >= PARALLEL_FROM)
            best = _finish(points, found)
            yield best

    def _jobs(self, points: Points, parents: Floats, k: int, rng: np.random.Generator) -> list[Start]:
        bunches = [min(BUNCH, self.starts - done) for done in range(0, self.starts, BUNCH)]
        fresh: list[Start] = [
            partial(
                _lloyd, points, k, search=_Search(iterations=self.max_iterations, seed=seed, starts=starts)
            )
            for starts, seed in zip(bunches, rng.integers(2**31 - 1, size=len(bunches)).tolist(), strict=True)
        ]
        split: list[Start] = [
            partial(_lloyd, points, start, search=_Search(iterations=self.max_iterations))
            for start in _splits(points, parents, self.splits, rng)
        ]
        return fresh + split


@dataclass(frozen=True, slots=True, kw_only=True)
class Lloyd:
    """K-means at one number of segments, as the other algorithms are called; the search is the same.

    Attributes:
        starts: Fresh starts for each number of segments up to k.
        splits: Starts from the solution with one segment less.
    """

    starts: int = 20
    splits: int = 10

    def refusal(self, n: int, p: int, k: int) -> str | None:  # noqa: ARG002 - every algorithm is asked alike
        """Why it is not fitted on n customers; None when it is."""
        return too_few(n, k)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:
        """Make k segments of n x p points."""
        search = KMeans(starts=self.starts, splits=self.splits)
        return as_fitted(points, search(points, ks=(possible(points, k),), seed=seed)[-1].centres)


def as_fitted(points: Floats, centres: Floats) -> Clustering:
    """What K-means makes of n x p points once its centres are found."""
    labels, squared = assign(points, centres)
    return Clustering(
        labels=frozen_ints(labels), scorer=Centroids(centres=rows(centres)), inertia=float(squared.sum())
    )


def polish(
    points: Floats, centres: Floats, *, passes: int, tolerance: float = 1e-6
) -> tuple[Floats, float, int]:
    """Lloyd passes over all customers from solved centres, in blocks that stay in cache.

    Args:
        points: n x p scaled features without missing values.
        centres: k x p centres to start from.
        passes: At most this many passes that move the centres.
        tolerance: Stop when a pass lowers inertia by less than this share.

    Returns:
        The moved centres, their inertia over all customers, and the passes used.
    """
    moved, used = np.array(centres, dtype=np.float64), 0
    sums, counts, inertia = lloyd_pass(points, moved)
    while used < passes:
        filled = counts > 0
        moved[filled] = sums[filled] / counts[filled, None]
        used += 1
        before = inertia
        sums, counts, inertia = lloyd_pass(points, moved)
        if before - inertia <= tolerance * before:
            break
    return frozen(moved), inertia, used


def lloyd_pass(points: Floats, centres: Floats) -> tuple[Floats, Floats, float]:
    """One scan: k x p sums, k counts and the inertia of the nearest-centre assignment.

    Blocks are visited in a fixed order and summed in double precision, so that the same points
    give the same bytes on any number of cores.
    """
    k, p = centres.shape
    sums, counts, inertia = np.zeros((k, p)), np.zeros(k), 0.0
    half_norms = np.einsum("ij,ij->i", centres, centres) / 2
    for start in range(0, len(points), 8192):
        block = points[start : start + 8192]
        closeness = block @ centres.T - half_norms
        nearest = closeness.argmax(axis=1)
        one_hot = np.zeros((len(block), k))
        one_hot[np.arange(len(block)), nearest] = 1.0
        sums += one_hot.T @ block
        counts += one_hot.sum(axis=0)
        inertia += float(np.einsum("ij,ij->", block, block) - 2 * closeness.max(axis=1).sum())
    return sums, counts, max(inertia, 0.0)


def assign(points: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """The nearest centre of each of n points and the squared distance to it, in bounded memory."""
    labels, squared = np.empty(len(points), dtype=np.int64), np.empty(len(points))
    for start in range(0, len(points), 65536):
        rows = slice(start, start + 65536)
        block = _squared_distances(points[rows], centres)
        labels[rows] = block.argmin(axis=1)
        squared[rows] = block[np.arange(len(block)), labels[rows]]
    return labels, squared


def _one_segment(points: Floats) -> Solution:
    centre = points.mean(axis=0, keepdims=True)
    return Solution(centres=frozen(centre), inertia=float(((points - centre) ** 2).sum()))


def _run(jobs: list[Start], *, parallel: bool) -> list[Found]:
    """Run the starts, one kernel thread each: sums inside a fit keep one order."""
    import sklearn

    quick = {"assume_finite": True, "skip_parameter_validation": True}
    if parallel:
        with ThreadPoolExecutor(initializer=partial(_settle, quick)) as pool:
            return list(pool.map(lambda job: job(), jobs))
    with one_thread(), sklearn.config_context(**quick):
        return [job() for job in jobs]


def _settle(quick: dict[str, bool]) -> None:
    """Make a thread of ours run one kernel thread, on numbers that have been checked."""
    import sklearn
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1)
    sklearn.set_config(**quick)


def _lloyd(points: Points, start: Points | int, *, search: "_Search") -> Found:
    """Lloyd from given centres, or the best of some starts from k k-means++ centres."""
    from sklearn.cluster import KMeans as Kernel

    fit = Kernel(
        start if isinstance(start, int) else len(start),
        init="k-means++" if isinstance(start, int) else start,
        n_init=search.starts,
        random_state=search.seed,
        max_iter=search.iterations,
        tol=search.tolerance,
    ).fit(points)
    return float(fit.inertia_), np.asarray(fit.cluster_centers_)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """How many starts are made at once, and how far each is followed."""

    iterations: int
    seed: int = 0
    starts: int = 1
    tolerance: float = 1e-4


def _splits(points: Points, parents: Floats, count: int, rng: np.random.Generator) -> Iterator[Points]:
    """Parents' centres plus one point, drawn with probability proportional to its squared distance."""
    squared = assign(points.astype(np.float64), parents)[1]
    total = squared.sum()
    if total <= 0:
        return
    for chosen in rng.choice(len(points), size=count, p=squared / total):
        yield np.vstack([parents.astype(points.dtype), points[chosen : chosen + 1]])


def _finish(points: Floats, found: list[Found]) -> Solution:
    """The best candidate, finished in double precision, and whether another one nearly ties."""
    ranked = sorted(range(len(found)), key=lambda index: (found[index][0], index))
    to_the_end = _Search(iterations=MOST_ITERATIONS, tolerance=0.0)
    best = found[ranked[0]][1].astype(np.float64)
    [(_, finished)] = _run([partial(_lloyd, points, best, search=to_the_end)], parallel=False)
    centres = frozen(finished)
    inertia = lloyd_pass(points, centres)[2]
    rivals = (frozen(found[index][1]) for index in _rivals([(found[index][0], index) for index in ranked]))
    near_tie = any(_nearly_ties(points, centres, rival) for rival in rivals)
    return Solution(centres=centres, inertia=inertia, near_tie=near_tie)


def _rivals(scored: list[tuple[float, int]]) -> Iterator[int]:
    """The candidates near the best in inertia, one for each inertia that was found."""
    last = best = scored[0][0]
    for inertia, index in scored[1:]:
        if inertia > best * (1 + NEAR):
            return
        if inertia > last * (1 + SAME):
            yield index
        last = inertia


def _nearly_ties(points: Floats, best: Floats, rival: Floats) -> bool:
    """Whether the rival's excess inertia is within 1.96 standard errors, with ARI under 0.9."""
    ours, theirs = _squared_distances(points, best), _squared_distances(points, rival)
    excess = theirs.min(axis=1) - ours.min(axis=1)
    noise = 1.96 * float(excess.std()) * np.sqrt(len(points))
    if excess.sum() > noise:
        return False
    return adjusted_rand(ours.argmin(axis=1), theirs.argmin(axis=1)) < 0.9  # noqa: PLR2004 - METHOD 2.4


def _squared_distances(points: Floats, centres: Floats) -> Floats:
    norms = np.einsum("ij,ij->i", points, points)[:, None] + np.einsum("ij,ij->i", centres, centres)
    return np.asarray(np.maximum(norms - 2 * points @ centres.T, 0.0))


def adjusted_rand(one: NDArray[np.integer], other: NDArray[np.integer]) -> float:
    """The adjusted Rand index of two labelings (Hubert & Arabie 1985), from their contingency table.

    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(one, other))
