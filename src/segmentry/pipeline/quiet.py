"""What the verdict would be without the measures that have to do with nothing else: shown beside it, never silently."""

from dataclasses import replace

import numpy as np

from segmentry.pipeline.evidence import weigh
from segmentry.pipeline.sweep import Ready, sweep
from segmentry.records.arrays import Ints, frozen
from segmentry.records.evidence import Quiet
from segmentry.records.recipe import Recipe
from segmentry.settings import Settings
from segmentry.stages.evidence import borders, mute
from segmentry.stages.features.sampling import stratified

MOST = 5_000
"""Customers that links between features are looked for among."""

LEAST = 2
"""Features that a verdict without the mute ones needs."""


def without_mute(ready: Ready, settings: Settings) -> Quiet | None:
    """Which features are mute, and what the evidence says without them; None where none are."""
    if ready.groups or ready.points.shape[1] <= LEAST:
        return None
    chosen = stratified(np.zeros(len(ready.points), dtype=np.int64), size=MOST, seed=settings.choice.seed)
    points = ready.points[chosen][:, ready.by_content]
    silent = mute.mute(borders.crowd(points, seed=settings.choice.seed).spread)[np.argsort(ready.by_content)]
    if not silent.any():
        return None
    named = tuple(ready.recipe.features[at] for at in ready.by_content if silent[at])
    kept = np.flatnonzero(~silent)
    if len(kept) < LEAST:
        return Quiet(features=named, of=len(silent))
    fewer, quick = _only(ready, kept), settings.replaced(effort="quick", k=None)
    verdict = weigh(fewer, sweep(fewer, quick), quick).verdict
    return Quiet(features=named, of=len(silent), k=verdict.k, kind=verdict.kind)


def _only(ready: Ready, kept: Ints) -> Ready:
    """The same customers by some of the features."""
    place = {int(old): new for new, old in enumerate(kept)}
    points = ready.points[:, kept]
    return replace(
        ready,
        recipe=Recipe(steps=tuple(ready.recipe.steps[at] for at in kept)),
        values=ready.values[:, kept],
        points=frozen(points),
        weights=frozen(ready.weights[kept]),
        distinct=len(np.unique(points[ready.solved_on], axis=0)),
        by_content=tuple(place[at] for at in ready.by_content if at in place),
    )
