"""Why these segments: rules, importance and descriptors, worked out once the customers are placed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.pipeline.final_model import Placed
from segmentry.pipeline.sweep import Ready
from segmentry.records.arrays import Floats, Ints, frozen
from segmentry.records.columns import Kind
from segmentry.records.customers import Assignment
from segmentry.records.model import Placer
from segmentry.records.reasons import DescribingColumn, Reasons, TypicalCustomer
from segmentry.records.rounding import rounded
from segmentry.records.scorers import Centroids
from segmentry.stages.profiling import profile
from segmentry.stages.profiling.descriptors import Grouped, describe_segments
from segmentry.stages.profiling.importance import REPEATS, Moved, by_centres, by_scorer, permuted
from segmentry.stages.profiling.rules import Asked, MakeRules
from segmentry.stages.scoring.score import place

DESCRIBED_UP_TO, RULED_UP_TO = 50_000, 5_000
"""Customers that descriptors are tested on and rules are made from; more are stood for by a sample."""

SHUFFLED_UP_TO, SHUFFLED_OTHERWISE = 5_000, 1_000
"""Customers whose features are shuffled: with centres, and where placing them takes longer."""

AVERAGED = 10
"""Customers that a typical one is the average of (METHOD 11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why, and what belongs into the features' profiles.

    Attributes:
        reasons: Why these segments.
        permuted: k x p shares of a segment's customers who change segment when a feature is shuffled.
    """

    reasons: Reasons
    permuted: Floats


def explain(placed: Placed, *, seed: int) -> Explained:
    """What tells the segments apart, and what else their customers have in common.

    Args:
        placed: The customers in their segments; the columns that made no segments are among what was read.
        seed: The random seed.
    """
    surveyed, ready, placer, assignment = (
        placed.fitted.surveyed,
        placed.ready,
        placed.placer,
        placed.assignment,
    )
    everybody = _in_order(ready, assignment)
    rows = everybody[_evenly(len(everybody), DESCRIBED_UP_TO)]
    values = placer.recipe.possible(ready.values[rows])
    segment = np.asarray(assignment.segment[rows])
    few = _evenly(len(rows), RULED_UP_TO)
    rule, rules = MakeRules()(
        Asked(
            features=placer.recipe.features,
            flags=tuple(step.format.kind is Kind.FLAG for step in placer.recipe.steps),
            values=values[few],
            segment=segment[few],
            k=placer.k,
        ),
        seed=seed,
    )
    described, left_out = describe_segments(
        [_of(rows, column) for column in surveyed.descriptors.described],
        Grouped(segment=segment, k=placer.k, features=placer.recipe.features, values=values),
    )
    shuffled, changes = _shuffled(ready, placer, everybody, seed)
    return Explained(
        reasons=Reasons(
            rule=rule,
            rules=rules,
            descriptors=described,
            left_out=(*surveyed.descriptors.left_out, *left_out),
            typical=tuple(_typical(ready, placer, assignment, number) for number in range(placer.k)),
            looked_at=len(rows),
            shuffled=shuffled,
            repeats=REPEATS if shuffled else 0,
        ),
        permuted=changes,
    )


def _in_order(ready: Ready, assignment: Assignment) -> Ints:
    """Placed customers in canonical order, those who were not fitted last; the sample where there is one."""
    if ready.sampled:
        rows = np.asarray(ready.fitted[ready.solved_on])
    else:
        rest = np.setdiff1d(np.arange(len(ready.values)), ready.fitted)
        keys = [ready.values[rest, j] for j in reversed(ready.by_content)]
        rows = np.concatenate([ready.fitted, rest[np.lexsort(keys)] if len(rest) else rest])
    return np.asarray(rows[assignment.segment[rows] >= 0])


def _evenly(n: int, most: int) -> Ints:
    """All positions, or a limited number of them, evenly spaced."""
    if n <= most:
        return np.arange(n)
    return np.linspace(0, n - 1, most).round().astype(np.int64)


def _of(rows: Ints, described: DescribingColumn) -> DescribingColumn:
    return replace(described, values=frozen(described.values[rows]))


def _shuffled(ready: Ready, placer: Placer, everybody: Ints, seed: int) -> tuple[int, Floats]:
    """How many customers were shuffled, and how many changed segment."""
    k, p = placer.k, len(placer.recipe.steps)
    if k == 1:
        return 0, np.full((k, p), np.nan)
    quick = isinstance(placer.places, Centroids)
    rows = everybody[_evenly(len(everybody), SHUFFLED_UP_TO if quick else SHUFFLED_OTHERWISE)]
    points = placer.recipe(ready.values[rows])
    moved = _mover(placer, points)
    return len(rows), permuted(points, _together(ready), moved, k=k, seed=seed)


def _mover(placer: Placer, points: Floats) -> Moved:
    if isinstance(placer.places, Centroids):
        return by_centres(points, placer.places.matrix)
    return by_scorer(points, lambda others: np.asarray(place(others, placer.places, reach=np.inf).segment))


def _together(ready: Ready) -> Sequence[Sequence[int]]:
    """The features that are shuffled together, in the order of their content: the words of a column."""
    steps = ready.recipe.steps
    found: dict[str, list[int]] = {}
    for j in ready.by_content:
        found.setdefault(
            steps[j].feature if steps[j].format.level is None else f"= {steps[j].column}", []
        ).append(j)
    return list(found.values())


def _typical(ready: Ready, placer: Placer, assignment: Assignment, segment: int) -> TypicalCustomer:
    """The average of the ten customers nearest to the centre who have every value."""
    nearest = profile.nearest(assignment, segment)[:AVERAGED]
    if len(nearest) < AVERAGED:
        return TypicalCustomer(segment=segment, customers=0, values=())
    means = placer.recipe.possible(ready.values[nearest]).mean(axis=0)
    return TypicalCustomer(
        segment=segment, customers=len(nearest), values=tuple(float(one) for one in rounded(means))
    )
