"""What is shipped: the segments in canonical order, what places customers in them, and where each customer is."""

from dataclasses import dataclass, replace

import numpy as np

from segmentry.pipeline.algorithms import SIMPLEST, Settled, settle, ship
from segmentry.pipeline.evidence import Weighed, curves, in_order, weigh
from segmentry.pipeline.lineage import Succession, in_earlier_places, succession
from segmentry.pipeline.quiet import without_mute
from segmentry.pipeline.shapes import SHAPES, shaped
from segmentry.pipeline.survey import Surveyed
from segmentry.pipeline.sweep import Ready, Swept, prepare, solve
from segmentry.progress import begin
from segmentry.records.algorithms import named
from segmentry.records.arrays import Floats, frozen
from segmentry.records.customers import Assignment
from segmentry.records.evidence import Evidence, Shape
from segmentry.records.model import Corners, Placer
from segmentry.records.rounding import rounded
from segmentry.records.run import Run, Survey
from segmentry.records.scorers import Scorer
from segmentry.records.verdict import Verdict, VerdictKind
from segmentry.settings import Settings
from segmentry.stages.cleaning import clean
from segmentry.stages.clustering.kmeans import adjusted_rand, assign
from segmentry.stages.profiling import profile
from segmentry.stages.scoring.score import place, score

REACH = 0.995
"""Customers farther from their centre than this share of the training customers are out of range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Every number of segments tried, and the one that the evidence speaks for.

    Attributes:
        surveyed: What was read and cleaned.
        swept: The features as they were fitted, and the solution for each number of segments.
        weighed: The evidence, the verdict and the solution by K-means, its segments in canonical order.
    """

    surveyed: Surveyed
    swept: Swept
    weighed: Weighed

    @property
    def ready(self) -> Ready:
        """The features as they were fitted."""
        return self.swept.ready

    @property
    def survey(self) -> Survey:
        """What was known before any segments were made."""
        return self.surveyed.survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Every customer in a segment; the segments have numbers and no names.

    Attributes:
        fitted: What they were made from.
        evidence: The evidence for each k.
        verdict: The recommendation.
        placer: What places customers, its segments in canonical order.
        assignment: Where each customer is.
        follows: How the segments follow from an earlier run; None where none was given.
    """

    fitted: Fitted
    evidence: Evidence
    verdict: Verdict
    placer: Placer
    assignment: Assignment
    follows: Succession | None

    @property
    def ready(self) -> Ready:
        """The features as they were fitted."""
        return self.fitted.ready

    @property
    def survey(self) -> Survey:
        """What was known before any segments were made."""
        return self.fitted.survey


def fit(surveyed: Surveyed, settings: Settings, earlier: Run | None = None) -> Fitted:
    """Try every number of segments and weigh the evidence for each.

    Args:
        surveyed: What was read and cleaned.
        settings: The settings.
        earlier: A run whose order of segments is kept; None for none.

    Raises:
        SegmentryError: when there are too few customers, or a setting does not fit them.
    """
    begin("Preparing the features")
    customers = surveyed.survey.customers
    values = customers.matrix([given.column.feature for given in surveyed.given])
    ready = prepare(values, customers.ids, surveyed.given, settings)
    clean.refuse_too_few(len(ready.fitted))
    begin("Trying 2 to 10 segments")
    swept = solve(ready, settings)
    begin("Weighing the evidence")
    weighed = weigh(swept.ready, swept.solutions, settings, without_mute(swept.ready, settings))
    return Fitted(
        surveyed=surveyed, swept=swept, weighed=_canonical(surveyed.survey, swept.ready, weighed, earlier)
    )


def _canonical(survey: Survey, ready: Ready, weighed: Weighed, earlier: Run | None) -> Weighed:
    """The segments in canonical order: the most valuable first, or as in an earlier run.

    The centres are rounded as they are written, so that memory and file score alike.
    """
    centres = rounded(weighed.solution.centres)
    found = place(ready.recipe(ready.values), centres, reach=np.inf)
    order = profile.canonical_order(found.segment, survey.worth, centres[:, ready.by_content])
    order = in_earlier_places(earlier, survey, found.segment, order)
    rounder = replace(weighed.solution, centres=frozen(centres))
    return in_order(replace(weighed, solution=rounder), order)


def place_everyone(fitted: Fitted, settings: Settings, earlier: Run | None = None) -> Placed:
    """Ship the segments, by the algorithm that was asked for, and place every customer.

    Raises:
        UsageError: when another algorithm was asked for and cannot divide these customers.
    """
    begin("Placing every customer")
    ready, weighed = fitted.ready, fitted.weighed
    if settings.choice.algorithm == SIMPLEST:
        seen = weighed.evidence.at(weighed.verdict.k).resampled
        placer = _placer(ready, weighed.solution.centres, settings, returns=seen.returns if seen else ())
    else:
        settled = _another(fitted, settings, earlier)
        weighed = _told_of(settled, ready, weighed, settings.choice.algorithm)
        placer = _placer(ready, settled.centres, settings, scorer=settled.scorer)
    assignment = score(ready.values, placer)
    return Placed(
        fitted=fitted,
        evidence=replace(weighed.evidence, curves=curves(ready, placer.centre_matrix)),
        verdict=weighed.verdict,
        placer=placer,
        assignment=assignment,
        follows=None if earlier is None else succession(earlier, fitted.survey, assignment.segment, placer.k),
    )


def _placer(
    ready: Ready, centres: Floats, settings: Settings, *, scorer: Scorer | None = None, returns: Corners = ()
) -> Placer:
    found = place(ready.recipe(ready.values), centres if scorer is None else scorer, reach=np.inf)
    distances = found.distance[ready.fitted]
    return Placer(
        recipe=ready.recipe,
        centres=tuple(tuple(float(value) for value in centre) for centre in centres),
        reach=float(rounded(np.quantile(distances[~np.isnan(distances)], REACH))),
        max_missing=settings.cleaning.max_missing_row,
        scorer=scorer,
        returns=returns,
    )


def _another(fitted: Fitted, settings: Settings, earlier: Run | None) -> Settled:
    """Another algorithm's segments in canonical order; above the sample's size it is fitted on the sample."""
    ready, survey, k = fitted.ready, fitted.survey, fitted.weighed.solution.k
    points = ready.points[:, ready.by_content]
    some = points[ready.solved_on]
    seed, name, shape = settings.choice.seed, settings.choice.algorithm, fitted.weighed.evidence.shape
    made = (
        shaped(some, seed=seed)
        if _named(shape, name)
        else ship(name, some, k=k, seed=seed, groups=ready.two_valued)
    )
    found = settle(made, some)
    back = np.argsort(ready.by_content).tolist()
    scorer = found.scorer.columns(back)
    centres = frozen(rounded(found.centres[:, back]))
    everybody = place(ready.recipe(ready.values), scorer, reach=np.inf).segment
    order = profile.canonical_order(everybody, survey.worth, found.centres)
    order = in_earlier_places(earlier, survey, everybody, order)
    return replace(found, scorer=scorer, centres=centres).taken(list(order))


def _named(shape: Shape | None, name: str) -> bool:
    """Whether the verdict names this algorithm for groups that are not round."""
    return name == SHAPES and shape is not None and not shape.is_number


def _told_of(settled: Settled, ready: Ready, weighed: Weighed, name: str) -> Weighed:
    """What is known when another algorithm is shipped: the number was judged, its segments were not."""
    own = place(ready.points, settled.scorer, reach=np.inf).segment
    theirs, _ = assign(ready.points, weighed.solution.centres)
    alike = adjusted_rand(own, theirs)
    title, k, judged = named(name).title, len(settled.centres), weighed.verdict
    sentence = (
        f"Segments by {title} were asked for: there are {k}, and they agree with those of K-means by {alike:.2f} "
        f"(adjusted Rand index). What follows was judged for K-means. {judged.sentence}"
    )
    if (shape := weighed.evidence.shape) is not None and _named(shape, name) and shape.k == k:
        sentence = (
            f"Segments by {title} were asked for: there are {k}, with empty space between all of them. On random halves "
            f"of your customers they come back (even the least stable overlaps with itself by {shape.jaccard:.0%}). "
            f"K-means cuts through them: its segments agree with these by {alike:.2f} (adjusted Rand index)."
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
