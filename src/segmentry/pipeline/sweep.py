"""Compress, solve, polish: every k on the same customers (DESIGN 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import UsageError
from segmentry.records.arrays import Floats, Ints, frozen, frozen_ints
from segmentry.records.columns import Kind
from segmentry.records.recipe import Recipe
from segmentry.records.settings import ChoiceSettings, CleaningSettings
from segmentry.records.solution import Solution
from segmentry.settings import Settings
from segmentry.stages.cleaning import clean
from segmentry.stages.cleaning.impute import knn_imputed, median_imputed
from segmentry.stages.clustering.kmeans import KMeans, assign, polish
from segmentry.stages.evidence import silhouette
from segmentry.stages.evidence.separation import calinski_harabasz
from segmentry.stages.features import order
from segmentry.stages.features.recipe import Given, fit_recipe, weighted
from segmentry.stages.features.sampling import sample
from segmentry.stages.features.themes import themes, weights

ALL_UP_TO, SAMPLE = 50_000, 25_000
"""Customers up to which the sweep is solved on all of them, and how many stand for more."""

KNN_UP_TO, FEW_GAPS = 200_000, 0.01
"""Gaps are filled by the median above this many customers, or below this share of them (METHOD 1.3)."""

K_MAX, BEYOND = 10, 2
"""The sweep goes to 10 at least, and so far beyond what the business can use (METHOD 3.4)."""

STARTS, STARTS_ON_SAMPLE, SPLITS = 20, 3, 10
"""Fresh starts per k, and splits of k - 1: restarts matter more than rows, and splits do most of it."""

A_PART = 3
"""Quick effort searches with a third of them: still more starts than the 10 that most notebooks make."""

POLISH_EACH = 2
"""Passes over all customers for each solution that is solved on a sample, to compare inertia fairly."""


@dataclass(frozen=True, kw_only=True)
class Ready:
    """Features made ready for distances, in one canonical order of the customers.

    Attributes:
        recipe: How raw columns become scaled features.
        values: n x p raw values of the recipe's features, in input order.
        fitted: m positions of the customers that are fitted, ordered by feature values, then id.
        points: m x p scaled features without gaps, in that order.
        solved_on: Positions into ``points`` of the customers that the sweep is solved on.
        judged_on: Positions into ``points`` of the customers that silhouettes are computed on.
        distinct: How many of the points solved on are different.
        weights: p weights in the points: 1, or less where features share a theme.
        by_content: The features' positions in the order of what is in them: names and columns' order change nothing.
    """

    recipe: Recipe
    values: Floats
    fitted: Ints
    points: Floats
    solved_on: Ints
    judged_on: Ints
    distinct: int
    weights: Floats
    by_content: tuple[int, ...]

    @property
    def sampled(self) -> bool:
        """Whether the sweep is solved on a sample."""
        return len(self.solved_on) < len(self.points)

    @cached_property
    def two_valued(self) -> tuple[tuple[int, ...], ...]:
        """Positions, in the order of content, of the two-valued features: a group for each column."""
        found: dict[str, list[int]] = {}
        for at, one in enumerate(self.by_content):
            step = self.recipe.steps[one]
            if step.format.kind is Kind.FLAG:
                found.setdefault(step.column, []).append(at)
        return tuple(tuple(one) for one in found.values())

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The same where a column in words is among them; else none, and they count as numbers do."""
        words = any(step.format.level is not None for step in self.recipe.steps)
        return self.two_valued if words else ()

    @cached_property
    def everyone(self) -> Floats:
        """The p means of the points."""
        return frozen(self.points.mean(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """Every number of segments, solved.

    Attributes:
        ready: The features, with the weights that they were solved with.
        solutions: The solution for each number of segments, ascending.
    """

    ready: Ready
    solutions: tuple[Solution, ...]


def prepare(values: Floats, ids: NDArray[np.object_], given: tuple[Given, ...], settings: Settings) -> Ready:
    """Fit the recipe, fill gaps for the fit, and put the customers in canonical order.

    The order is by feature values (features by content), then id, so that neither the rows' order
    nor the columns' order nor their names change any sum.

    Args:
        values: n x p raw values of the features in ``given``, NaN where missing.
        ids: n ids.
        given: The p features.
        settings: The settings.
    """
    usable = complete_enough(values, given, settings.cleaning)
    by_content = order.by_content(values[usable], [one.column.feature for one in given])
    keys = [ids.astype(str), *(values[:, j] for j in reversed(by_content))]
    sorted_rows = np.lexsort(keys)
    fitted = sorted_rows[usable[sorted_rows]]
    recipe = fit_recipe(
        values[fitted], given, settings.scaling, missing=settings.cleaning.missing, seed=settings.choice.seed
    )
    points = _filled(recipe(values[fitted])[:, by_content])[:, np.argsort(by_content)]
    solved_on = (
        sample(ids[fitted], size=SAMPLE, seed=settings.choice.seed) if len(points) > ALL_UP_TO else None
    )
    solved_on = frozen_ints(np.arange(len(points))) if solved_on is None else solved_on
    return Ready(
        recipe=recipe,
        values=values,
        fitted=frozen_ints(fitted),
        points=frozen(points),
        solved_on=solved_on,
        judged_on=sample(
            ids[fitted],
            size=len(points) if len(points) <= silhouette.EXACT_UP_TO else silhouette.SAMPLE,
            seed=settings.choice.seed,
        ),
        distinct=clean.refuse_one_point(points[solved_on], recipe.features),
        weights=frozen(np.ones(points.shape[1])),
        by_content=by_content,
    )


def complete_enough(values: Floats, given: Sequence[Given], cleaning: CleaningSettings) -> NDArray[np.bool_]:
    """Which of n customers lack so few of the p features that they can be fitted."""
    asked = Recipe(steps=tuple(feature.step() for feature in given))
    shares = np.isnan(values)[:, asked.one_each].mean(axis=1)
    return np.asarray(shares < 1 if cleaning.missing == "median" else shares <= cleaning.max_missing_row)


def _filled(points: Floats) -> Floats:
    incomplete = int(np.isnan(points).any(axis=1).sum())
    if incomplete < FEW_GAPS * len(points) or len(points) > KNN_UP_TO:
        return median_imputed(points)
    return knn_imputed(points)


def solve(ready: Ready, settings: Settings) -> Swept:
    """Every k, solved again when some features turn out to tell one story."""
    solved = sweep(ready, settings)
    lighter = themed(ready, solved, settings)
    return Swept(ready=lighter, solutions=solved if lighter is ready else sweep(lighter, settings))


def sweep(ready: Ready, settings: Settings) -> tuple[Solution, ...]:
    """The best solution for every k from 1 to 10, and for the k that was asked for.

    Raises:
        UsageError: when the k that was asked for is below 1 or above the distinct customers.
    """
    if settings.choice.k is not None and not 1 <= settings.choice.k <= ready.distinct:
        raise UsageError(
            f"{settings.choice.k} segments cannot be made of {ready.distinct:,} different customers.",
            hint=f"Ask for a k between 1 and {min(ready.distinct, settings.choice.max_segments)}.",
        )
    last = searched_up_to(settings.choice, ready.distinct)
    points = ready.points[:, ready.by_content]
    search = searcher(settings.choice.effort, sampled=ready.sampled)
    solved = search(points[ready.solved_on], ks=range(1, last + 1), seed=settings.choice.seed)
    if ready.sampled:
        solved = tuple(polished(points, solution, POLISH_EACH) for solution in solved)
    return tuple(
        replace(solution, centres=frozen(solution.centres[:, np.argsort(ready.by_content)]))
        for solution in solved
    )


def searched_up_to(choice: ChoiceSettings, distinct: int) -> int:
    """The largest number of segments that is tried among this number of different customers."""
    return min(max(K_MAX, choice.k or 0, choice.max_segments + BEYOND), distinct)


def searcher(effort: str, *, sampled: bool) -> KMeans:
    """K-means with as many starts as the sample and the effort allow."""
    part = A_PART if effort == "quick" else 1
    starts = STARTS_ON_SAMPLE if sampled else STARTS
    return KMeans(starts=ceil(starts / part), splits=ceil(SPLITS / part))


def polished(points: Floats, solution: Solution, passes: int) -> Solution:
    """The solution after some Lloyd passes over all customers."""
    centres, inertia, _ = polish(points, solution.centres, passes=passes)
    return replace(solution, centres=centres, inertia=inertia)


def themed(ready: Ready, solved: tuple[Solution, ...], settings: Settings) -> Ready:
    """The features with those that tell one story weighted down, after a first fit (METHOD 2.5).

    The first fit is the number of segments with the best Calinski-Harabasz index: nothing is decided by it
    but which features move together inside segments.

    Returns:
        The same object when there is no theme: then the sweep stands.
    """
    several = [solution for solution in solved if 1 < solution.k <= settings.choice.max_segments]
    if settings.scaling.themes == "none" or not several:
        return ready
    points = ready.points[ready.solved_on]
    total = solved[0].inertia
    first = max(
        several,
        key=lambda one: calinski_harabasz(total=total, within=one.inertia, k=one.k, n=len(points)),
    )
    labels, _ = assign(points, first.centres)
    found = themes(points[:, ready.by_content], labels, ready.groups)
    if not found:
        return ready
    by_recipe = [sorted(ready.by_content[one] for one in theme) for theme in found]
    weight = weights(by_recipe, points.shape[1])
    return replace(
        ready,
        recipe=weighted(ready.recipe, by_recipe, weight),
        points=frozen(ready.points * weight),
        weights=frozen(weight),
    )
