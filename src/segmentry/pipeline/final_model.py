"""What is shipped: the segments in canonical order, and the model that places customers in them."""

from dataclasses import replace

import numpy as np

from segmentry.pipeline.algorithms import SIMPLEST, Settled, settle, ship
from segmentry.pipeline.evidence import Weighed, in_order
from segmentry.pipeline.lineage import in_earlier_places
from segmentry.pipeline.survey import Surveyed
from segmentry.pipeline.sweep import Ready
from segmentry.records.arrays import Floats, frozen
from segmentry.records.evidence import Evidence
from segmentry.records.model import Model
from segmentry.records.rounding import rounded
from segmentry.records.run import Run
from segmentry.records.scorers import Scorer
from segmentry.records.verdict import Verdict, VerdictKind
from segmentry.settings import Settings
from segmentry.stages.clustering.catalog import TITLES
from segmentry.stages.clustering.kmeans import adjusted_rand, assign
from segmentry.stages.profiling import profile
from segmentry.stages.scoring.score import place

REACH = 0.995
"""Customers farther from their centre than this share of the training customers are out of range."""


def canonical(surveyed: Surveyed, ready: Ready, weighed: Weighed, earlier: Run | None = None) -> Weighed:
    """What was found, with the segments in canonical order: the most valuable first, or as in an earlier run.

    The centres are rounded as they are written, so that memory and file score alike.
    """
    centres = rounded(weighed.solution.centres)
    found = place(ready.recipe(ready.values), centres, reach=np.inf)
    order = profile.canonical_order(found.segment, surveyed.survey.worth, centres)
    order = in_earlier_places(earlier, surveyed.survey, found.segment, order)
    rounder = replace(weighed.solution, centres=frozen(centres))
    return in_order(replace(weighed, solution=rounder), order)


def shipped(
    surveyed: Surveyed, ready: Ready, weighed: Weighed, settings: Settings, earlier: Run | None = None
) -> tuple[Weighed, Model]:
    """The model that places customers, its segments not named yet, and what is known of them.

    Raises:
        UsageError: when another algorithm was asked for and cannot divide these customers.
    """
    if settings.choice.algorithm == SIMPLEST:
        model = _model(surveyed, ready, weighed.solution.centres, None, settings)
        seen = weighed.evidence.at(weighed.verdict.k).resampled
        return weighed, replace(model, returns=seen.returns if seen else ())
    settled = _another(surveyed, ready, weighed.solution.k, settings, earlier)
    told = _told_of(settled, ready, weighed, settings.choice.algorithm)
    return told, _model(surveyed, ready, settled.centres, settled.scorer, settings)


def _model(
    surveyed: Surveyed, ready: Ready, centres: Floats, scorer: Scorer | None, settings: Settings
) -> Model:
    found = place(ready.recipe(ready.values), centres if scorer is None else scorer, reach=np.inf)
    fitted = found.distance[ready.fitted]
    return Model(
        id_name=surveyed.survey.customers.id_name,
        recipe=ready.recipe,
        centres=tuple(tuple(float(value) for value in centre) for centre in centres),
        names=tuple(f"Segment {number}" for number in range(1, len(centres) + 1)),
        reach=float(rounded(np.quantile(fitted[~np.isnan(fitted)], REACH))),
        as_of=surveyed.survey.as_of,
        max_missing=settings.cleaning.max_missing_row,
        scorer=scorer,
    )


def _another(surveyed: Surveyed, ready: Ready, k: int, settings: Settings, earlier: Run | None) -> Settled:
    """Another algorithm's segments in canonical order; above the sample's size it is fitted on the sample."""
    points = ready.points[:, ready.by_name]
    some = points[ready.solved_on]
    fitted = ship(settings.choice.algorithm, some, k=k, seed=settings.choice.seed, groups=ready.two_valued)
    found = settle(fitted, some)
    back = np.argsort(ready.by_name).tolist()
    scorer = found.scorer.columns(back)
    centres = frozen(rounded(found.centres[:, back]))
    everybody = place(ready.recipe(ready.values), scorer, reach=np.inf).segment
    order = profile.canonical_order(everybody, surveyed.survey.worth, centres)
    order = in_earlier_places(earlier, surveyed.survey, everybody, order)
    return replace(found, scorer=scorer, centres=centres).taken(list(order))


def _told_of(settled: Settled, ready: Ready, weighed: Weighed, name: str) -> Weighed:
    """What is known when another algorithm is shipped: the number was judged, its segments were not."""
    own = place(ready.points, settled.scorer, reach=np.inf).segment
    theirs, _ = assign(ready.points, weighed.solution.centres)
    alike = adjusted_rand(own, theirs)
    title, k, judged = TITLES.get(name, name), len(settled.centres), weighed.verdict
    sentence = (
        f"Segments by {title} were asked for: there are {k}, and they agree with those of K-means by {alike:.2f} "
        f"(adjusted Rand index). What follows was judged for K-means. {judged.sentence}"
    )
    verdict: Verdict = replace(
        judged, k=k, kind=VerdictKind.NOT_JUDGED, confidence="not_judged", sentence=sentence
    )
    rows = tuple(
        replace(row, chosen=row.k == k, resampled=None if row.k == k else row.resampled)
        for row in weighed.evidence.by_k
    )
    evidence: Evidence = replace(weighed.evidence, by_k=rows, flows=())
    return replace(weighed, evidence=evidence, verdict=verdict)
