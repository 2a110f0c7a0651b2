"""The same segmentation with other choices: which of them matters? (METHOD 2.4, 4).

One run is one of many that could have been made (Ernst & Dolnicar 2018). Here each choice is made
otherwise, one at a time, at the chosen number of segments, and the customers who move are counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import nan

import numpy as np
from numpy.typing import NDArray

from segmentry.pipeline.algorithms import SIMPLEST, Compare
from segmentry.pipeline.evidence import Weighed
from segmentry.pipeline.final_model import Fitted
from segmentry.pipeline.shapes import SHAPES
from segmentry.pipeline.sweep import Ready, prepare
from segmentry.records.algorithms import ALGORITHMS, MIXED
from segmentry.records.arrays import Floats, Ints
from segmentry.records.comparison import AlgorithmRow, Alternative, Comparison
from segmentry.records.customers import Assignment
from segmentry.records.evidence import Shape
from segmentry.settings import Settings
from segmentry.stages.choose.verdict_words import shape_sentence
from segmentry.stages.clustering import batched_kmeans
from segmentry.stages.clustering.kmeans import adjusted_rand, assign
from segmentry.stages.clustering.limits import one_thread
from segmentry.stages.evidence import silhouette, twins
from segmentry.stages.features.recipe import Given
from segmentry.stages.features.sampling import stratified

CUSTOMERS, TWIN_CUSTOMERS, TWINS = 2_000, 1_000, 5
"""Customers that other choices are tried on at most, and what the lift of a scaling rests on."""

STARTS = 8
"""Fresh starts of each other choice."""

SEEDS = 10
"""Single starts that are compared, as a run without restarts would make them (METHOD 4)."""

SAME = 0.9
"""Adjusted Rand index from which two ways give the same segments (METHOD 2.4)."""

DOMINANT = 0.6
"""Share of what lies between segments from which one feature makes them alone (METHOD 2.4)."""

SCALINGS = ("standard", "minmax", "robust", "none")
OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "scaling": {
        "standard": "standard deviations",
        "minmax": "from 0 to 1",
        "robust": "quartiles",
        "none": "raw units",
    },
    "clip": {"mad": "outliers pulled in", "none": "outliers left where they are"},
    "transform": {"auto": "skew tamed", "none": "values as they are"},
    "missing": {"knn": "gaps filled from neighbours", "median": "gaps filled with the median"},
}
"""Every choice that is made otherwise, with its options in words."""

NAMES = {"scaling": "scaling", "clip": "outliers", "transform": "skew", "missing": "gaps"}


def other_ways(fitted: Fitted, assignment: Assignment, settings: Settings) -> Comparison:
    """How other algorithms and other choices would have divided the same customers.

    Args:
        fitted: The features as they were fitted, and what the evidence speaks for.
        assignment: Where each customer is.
        settings: The settings; ``compare = false`` leaves it at what is shipped.
    """
    surveyed, ready, weighed = fitted.surveyed, fitted.ready, fitted.weighed
    if not settings.choice.compare or weighed.solution.k == 1:
        return Comparison(algorithms=(_alone(weighed, assignment, settings),))
    tried = trial(
        ready, surveyed.survey.customers.ids, surveyed.given, assignment.segment, seed=settings.choice.seed
    )
    compared = _with_shape(_algorithms(ready, weighed, settings), weighed.evidence.shape)
    scaled = scalings(tried, settings, floor=settings.choice.min_segment_share)
    return replace(
        compared,
        alternatives=alternatives(tried, settings, _with_shipped(compared)),
        scalings=scaled.names,
        between_scalings=scaled.between,
        scaling_sentence=scaled.sentence,
    )


def _with_shape(compared: Comparison, shape: Shape | None) -> Comparison:
    """The comparison, which recommends HDBSCAN where the groups are not round, whatever their number."""
    if shape is None or shape.is_number:
        return compared
    return replace(compared, recommended=SHAPES, sentence=shape_sentence(shape))


def _alone(weighed: Weighed, assignment: Assignment, settings: Settings) -> AlgorithmRow:
    """What is shipped, when nothing else was tried."""
    row = weighed.evidence.at(weighed.solution.k)
    ours = settings.choice.algorithm == SIMPLEST
    sizes = np.bincount(assignment.segment[assignment.segment >= 0])
    return AlgorithmRow(
        name=settings.choice.algorithm,
        k=len(sizes),
        silhouette=row.silhouette if ours else nan,
        inertia=row.inertia if ours else None,
        smallest=int(sizes.min()),
        scorer="centroid" if ours else "",
        shipped=True,
    )


def _with_shipped(compared: Comparison) -> dict[str, float]:
    """How far each other algorithm agrees with the one that is shipped."""
    judged = compared.judged
    own = next((at for at, row in enumerate(judged) if row.shipped), None)
    if own is None:
        return {}
    return {row.name: compared.between[own][at] for at, row in enumerate(judged) if at != own}


def _algorithms(ready: Ready, weighed: Weighed, settings: Settings) -> Comparison:
    """The algorithms on a stratified sample, as many and as often as the effort allows."""
    points, centres = ready.points[:, ready.by_content], weighed.solution.centres[:, ready.by_content]
    limits = LIMITS[settings.choice.effort]
    chosen = stratified(assign(points, centres)[0], size=limits.customers, seed=settings.choice.seed)
    names = tuple(dict.fromkeys((*limits.names, settings.choice.algorithm)))
    floor = max(1, int(settings.choice.min_segment_share * len(chosen)))
    with one_thread():
        found = Compare(
            names=(*names, *_for_words(ready)),
            replicates=limits.replicates,
            own_ks=tuple(row.k for row in weighed.evidence.by_k if row.k <= settings.choice.max_segments),
            shipped=settings.choice.algorithm,
            floor=floor,
            groups=ready.two_valued,
        )(points[chosen], centres, seed=settings.choice.seed)
    if limits.names == tuple(ALGORITHMS):
        return found
    left_out = (
        AlgorithmRow(
            name=name, k=len(centres), not_judged=f"left out with effort = '{settings.choice.effort}'"
        )
        for name in ALGORITHMS
        if name not in names
    )
    return replace(
        found, algorithms=(*found.algorithms, *left_out), sentence=QUICKLY if limits.quick else found.sentence
    )


def _for_words(ready: Ready) -> tuple[str, ...]:
    """The algorithms for columns in words, and for tables of mostly yes and no (METHOD 2.6)."""
    if ready.groups:
        return tuple(MIXED)
    flags = sum(len(one) for one in ready.two_valued)
    return ("latent_class",) if 2 * flags >= len(ready.recipe.steps) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much work the comparison of algorithms may cost.

    Attributes:
        names: The algorithms.
        customers: Customers that they are compared on at most.
        replicates: Bootstrap re-runs of each.
    """

    names: tuple[str, ...]
    customers: int
    replicates: int

    @property
    def quick(self) -> bool:
        """Whether too little was tried to recommend anything."""
        return self.replicates == 0


LIMITS: Mapping[str, Limits] = {
    "quick": Limits(names=(SIMPLEST,), customers=500, replicates=0),
    "standard": Limits(names=tuple(ALGORITHMS), customers=1_000, replicates=6),
    "thorough": Limits(names=tuple(ALGORITHMS), customers=2_000, replicates=20),
}
QUICKLY = "Other algorithms were not tried with quick effort: we keep the simplest."


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What other choices are tried on.

    Attributes:
        values: m x p raw values of some fitted customers.
        ids: Their ids.
        given: The p features.
        weights: Their weights in the run.
        labels: The segments that the run puts them in.
        k: The number of segments.
    """

    values: Floats
    ids: NDArray[np.object_]
    given: tuple[Given, ...]
    weights: Floats
    labels: Ints
    k: int


def trial(
    ready: Ready, ids: NDArray[np.object_], given: tuple[Given, ...], labels: Ints, *, seed: int
) -> Trial:
    """A stratified sample of the fitted customers, with the segments they are in.

    Args:
        ready: The features as they were fitted.
        ids: n ids.
        given: The p features.
        labels: n segments from 0, -1 for none.
        seed: The random seed.
    """
    placed = ready.fitted[labels[ready.fitted] >= 0]
    rows = placed[stratified(labels[placed], size=CUSTOMERS, seed=seed)]
    return Trial(
        values=ready.values[rows],
        ids=ids[rows],
        given=given,
        weights=ready.weights,
        labels=labels[rows],
        k=int(labels.max()) + 1,
    )


def alternatives(
    tried: Trial, settings: Settings, algorithms: Mapping[str, float]
) -> tuple[Alternative, ...]:
    """Other choices one at a time, other seeds, other algorithms; with thorough effort all together.

    Args:
        tried: The customers.
        settings: The choices of the run.
        algorithms: How far each other algorithm agrees with the one that is shipped.
    """
    found = [*_one_at_a_time(tried, settings), _seeds(tried, settings)]
    if settings.choice.effort == "thorough":
        found.append(_all_together(tried, settings))
    found += [
        Alternative(choice="algorithm", option=name, agreement=alike, lowest=alike)
        for name, alike in algorithms.items()
    ]
    return tuple(found)


def _one_at_a_time(tried: Trial, settings: Settings) -> Iterator[Alternative]:
    gaps = bool(np.isnan(tried.values).any())
    for choice, options in OTHERWISE.items():
        if choice == "missing" and not gaps:
            continue
        for option, words in options.items():
            if option != settings.flat()[choice]:
                labels, _ = _segments(tried, settings.changed(**{choice: option}))
                agreement = adjusted_rand(tried.labels, labels)
                yield Alternative(choice=NAMES[choice], option=words, agreement=agreement, lowest=agreement)


def _all_together(tried: Trial, settings: Settings) -> Alternative:
    """Every combination of the choices."""
    names = [name for name in OTHERWISE if name != "missing" or np.isnan(tried.values).any()]
    found = [
        adjusted_rand(
            tried.labels, _segments(tried, settings.changed(**dict(zip(names, options, strict=True))))[0]
        )
        for options in product(*(OTHERWISE[name] for name in names))
    ]
    return Alternative(
        choice="all choices",
        option=f"all {len(found)} combinations",
        agreement=float(np.median(found)),
        lowest=min(found),
    )


def _seeds(tried: Trial, settings: Settings) -> Alternative:
    """Single starts from other seeds, as a run without restarts would make them."""
    _, points = _segments(tried, settings)
    draws = batched_kmeans.drawn(np.repeat(points[None], SEEDS, axis=0))
    found = batched_kmeans.refit(
        draws, [batched_kmeans.seeds(draws, tried.k, np.random.default_rng(settings.choice.seed + 1))]
    )
    labels = batched_kmeans.nearest(draws.points, found.centres)
    agreements = [adjusted_rand(tried.labels, label) for label in labels]
    return Alternative(
        choice="seed",
        option=f"{SEEDS} single starts",
        agreement=float(np.median(agreements)),
        lowest=min(agreements),
    )


def _segments(tried: Trial, settings: Settings) -> tuple[NDArray[np.int16], batched_kmeans.Singles]:
    """The segments that other settings give, in the order of the trial, and the points they are made of."""
    ready = prepare(tried.values, tried.ids, tried.given, settings.changed(max_missing_row=1.0))
    points = np.empty_like(ready.points)
    points[ready.fitted] = ready.points * tried.weights
    draws = batched_kmeans.drawn(points[None])
    rng = np.random.default_rng(settings.choice.seed)
    found = batched_kmeans.refit(draws, [batched_kmeans.seeds(draws, tried.k, rng) for _ in range(STARTS)])
    return batched_kmeans.nearest(draws.points, found.centres)[0], draws.points[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalings:
    """How the scalings agree.

    Attributes:
        names: Their names.
        between: Their pairwise adjusted Rand indices.
        sentence: What that says, in words.
    """

    names: tuple[str, ...]
    between: tuple[tuple[float, ...], ...]
    sentence: str


def scalings(tried: Trial, settings: Settings, *, floor: float) -> Scalings:
    """Every scaling, and whether it matters; judged by what is comparable, never by its own silhouette.

    The order of METHOD 2.4: the smallest segment is large enough, no feature makes the segments alone, the
    lift over the scaling's own twins.

    Args:
        tried: The customers.
        settings: The choices of the run.
        floor: The smallest useful share of customers.
    """
    found = {name: _segments(tried, settings.changed(scaling=name)) for name in SCALINGS}
    k = tried.k
    labels = [one for one, _ in found.values()]
    between = np.eye(len(labels))
    for a, b in combinations(range(len(labels)), 2):
        between[a, b] = between[b, a] = adjusted_rand(labels[a], labels[b])
    if between.min() >= SAME:
        sentence = f"Scaling does not matter here: all ways give the same {k} segments (they agree by at least {between.min():.2f})."
    else:
        sentence = _which(found, settings, k, floor)
    return Scalings(
        names=tuple(OTHERWISE["scaling"][name] for name in SCALINGS),
        between=tuple(tuple(float(one) for one in row) for row in between),
        sentence=sentence,
    )


def _which(
    found: Mapping[str, tuple[NDArray[np.int16], batched_kmeans.Singles]],
    settings: Settings,
    k: int,
    floor: float,
) -> str:
    words, ours = OTHERWISE["scaling"], settings.scaling.scaling
    standing = {
        name: _standing(labels, points, k, (floor, settings.choice.seed))
        for name, (labels, points) in found.items()
    }
    best = max(SCALINGS, key=lambda name: (standing[name][:2], round(standing[name][2], 2), name == ours))
    start = "Scaling matters here: the ways disagree about who belongs together."
    if best == ours:
        return f"{start} By what can be compared, {words[ours]} are the best basis, and the run uses them."
    large, shared, lift = standing[ours]
    why = (
        f"with {words[ours]} the smallest segment is too small to be of use"
        if not large
        else f"with {words[ours]} one feature makes the segments almost alone"
        if not shared
        else f"its segments stand out more from a crowd without groups (lift {standing[best][2]:.2f} against {lift:.2f})"
    )
    return f'{start} {words[best].capitalize()} would be worth a try (scaling = "{best}"): {why}.'


def _standing(
    labels: NDArray[np.int16], points: batched_kmeans.Singles, k: int, limits: tuple[float, int]
) -> tuple[bool, bool, float]:
    """Whether segments are large enough, whether several features make them, and their lift."""
    floor, seed = limits
    sizes = np.bincount(labels, minlength=k)
    shares = twins.variance_between(points.astype(np.float64), labels.astype(np.int64))
    between = shares * points.var(axis=0)
    several = points.shape[1] == 1 or between.max() <= DOMINANT * between.sum()
    return bool(sizes.min() >= floor * len(labels)), bool(several), _lift(labels, points, k, seed)


def _lift(labels: NDArray[np.int16], points: batched_kmeans.Singles, k: int, seed: int) -> float:
    chosen = stratified(labels.astype(np.int64), size=TWIN_CUSTOMERS, seed=seed)
    own, kept = labels[chosen].astype(np.int64), points[chosen].astype(np.float64)
    if len(np.unique(own)) < 2:  # noqa: PLR2004 - one segment has no silhouette
        return nan
    copies = twins.make_twins(kept, TWINS, seed=seed)
    draws = batched_kmeans.drawn(copies)
    rng = np.random.default_rng(seed)
    found = batched_kmeans.refit(draws, [batched_kmeans.seeds(draws, k, rng) for _ in range(3)])
    alike = [
        float(silhouette.silhouettes(copy, [one.astype(np.int64)])[0].mean())
        for copy, one in zip(copies, batched_kmeans.nearest(draws.points, found.centres), strict=True)
        if len(np.unique(one)) > 1
    ]
    return float(silhouette.silhouettes(kept, [own])[0].mean() - np.mean(alike or [0.0]))
