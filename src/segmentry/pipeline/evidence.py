"""What is measured at each k, what re-runs say of it, and the verdict that rests on both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from segmentry.pipeline.resample import Rerun, rerun
from segmentry.pipeline.shapes import other_shape
from segmentry.pipeline.sweep import BEYOND, Ready, polished
from segmentry.records.arrays import Floats, Ints, frozen
from segmentry.records.evidence import Bridge, Evidence, KEvidence, Quiet, Resampled, SilhouetteCurve
from segmentry.records.settings import ChoiceSettings
from segmentry.records.solution import Solution
from segmentry.records.verdict import Verdict, VerdictKind
from segmentry.settings import Settings
from segmentry.stages.choose import Choose
from segmentry.stages.clustering.kmeans import assign
from segmentry.stages.clustering.limits import one_thread
from segmentry.stages.evidence import borders, elbow, flow, islands, separation, silhouette
from segmentry.stages.evidence.budgets import EFFORTS

POLISH_CHOSEN = 300
"""Passes over all customers for the shipped solution, which is solved on a sample: enough to settle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What the evidence says, and what is shipped.

    Attributes:
        evidence: The evidence for each k.
        verdict: The recommendation.
        solution: The solution of the k that is shipped.
        labels: For each judged k, the labels of the customers that were drawn again.
        islands: Positions of the fitted customers in islands that are too small for a segment.
    """

    evidence: Evidence
    verdict: Verdict
    solution: Solution
    labels: Mapping[int, Ints]
    islands: tuple[Ints, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """Customers in segments, found or given, and the silhouettes of those that are looked at.

    Attributes:
        centres: k x p means of the segments.
        inertia: The sum of squared distances to the own mean.
        labels: m segments.
        squared: m squared distances to the own mean.
        seen: The segments of the customers that silhouettes are computed on.
        silhouettes: Their silhouettes; None where they fall into one segment.
        reach: How far their means may be off; None without silhouettes.
    """

    centres: Floats
    inertia: float
    labels: Ints
    squared: Floats
    seen: Ints
    silhouettes: Floats | None = None
    reach: silhouette.Interval | None = None

    def row(self, total: float) -> KEvidence:
        """What is measured of it; what needs two segments is NaN at one.

        Args:
            total: The inertia of one segment.
        """
        k, scores, reach = len(self.centres), self.silhouettes, self.reach
        micro = macro = low = high = macro_low = macro_high = nan
        if scores is not None and reach is not None:
            micro, macro = float(scores.mean()), silhouette.macro(scores, self.seen)
            low, high = micro - reach.micro, min(micro + reach.micro, 1.0)
            macro_low, macro_high = macro - reach.macro, min(macro + reach.macro, 1.0)
        return KEvidence(
            k=k,
            inertia=self.inertia,
            silhouette=micro,
            silhouette_low=low,
            silhouette_high=high,
            silhouette_macro=macro,
            macro_low=macro_low,
            macro_high=macro_high,
            calinski_harabasz=separation.calinski_harabasz(
                total=total, within=self.inertia, k=k, n=len(self.labels)
            ),
            davies_bouldin=separation.davies_bouldin(np.sqrt(self.squared), self.labels, self.centres),
            smallest=int(np.bincount(self.labels, minlength=k).min()),
        )


def with_silhouettes(divided: Sequence[Divided], points: Floats, seed: int) -> list[Divided]:
    """Several ways of dividing the same customers, with silhouettes from one look at the pairs.

    Args:
        divided: The ways.
        points: The customers that silhouettes are computed on.
        seed: The random seed of the intervals.
    """
    several = [at for at, way in enumerate(divided) if len(np.unique(way.seen)) > 1]
    seen = [divided[at].seen for at in several]
    scores = silhouette.silhouettes(points, seen)
    reach = silhouette.intervals(points, seen, seed=seed)
    found = list(divided)
    for at, own, wide in zip(several, scores, reach, strict=True):
        found[at] = replace(divided[at], silhouettes=own, reach=wide)
    return found


def weigh(
    ready: Ready, solved: tuple[Solution, ...], settings: Settings, quiet: Quiet | None = None
) -> Weighed:
    """The evidence for each k, the verdict that rests on it, and the solution it ships.

    Args:
        ready: The features.
        solved: The solution for each number of segments.
        settings: The settings.
        quiet: What is known of features that have to do with nothing else.
    """
    with one_thread():  # sums keep one order, however many processors there are
        rows = _rows(ready, solved, settings.choice.seed)
        lonely = islands.islands(
            ready.points[:, ready.by_content], _floor(settings.choice, len(ready.points))
        )
    shown = [row for row in rows if row.k > 1]
    found = rerun(
        ready.points[:, ready.by_content],
        {
            solution.k: solution.centres[:, ready.by_content]
            for solution in solved
            if solution.k in _ks(ready, solved, settings)
        },
        EFFORTS[settings.choice.effort],
        groups=ready.groups,
        seed=settings.choice.seed,
    )
    evidence = Evidence(
        by_k=tuple(_with(row, found, ready) for row in rows),
        elbow=elbow.elbow([row.k for row in shown], [row.inertia for row in shown]),
        fitted=len(ready.points),
        silhouette_customers=len(ready.judged_on),
        curves=(),
        near_ties=tuple(solution.k for solution in solved if solution.near_tie),
        budget=found.budget,
        islands=tuple(len(members) for members in lonely),
        quiet=None if lonely else quiet,
    )
    choose = Choose(
        k=settings.choice.k,
        max_segments=settings.choice.max_segments,
        floor_customers=settings.choice.min_segment_customers,
        floor_share=settings.choice.min_segment_share,
    )
    verdict = choose(evidence)
    if verdict.k > 1 and verdict.kind is not VerdictKind.NATURAL:
        own = next(solution for solution in solved if solution.k == verdict.k)
        with one_thread():
            evidence = replace(evidence, shape=other_shape(ready, solved, own, seed=settings.choice.seed))
        verdict = choose(evidence)
    shipped = next(solution for solution in solved if solution.k == verdict.k)
    if ready.sampled:
        shipped = polished(ready.points, shipped, POLISH_CHOSEN)
    by_k = (
        replace(row, chosen=True, inertia=shipped.inertia) if row.k == verdict.k else row
        for row in evidence.by_k
    )
    return Weighed(
        evidence=replace(evidence, by_k=tuple(by_k)),
        verdict=verdict,
        solution=shipped,
        labels=found.labels,
        islands=lonely,
    )


def _ks(ready: Ready, solved: Sequence[Solution], settings: Settings) -> set[int]:
    """The numbers of segments that are judged: those of use, two beyond, and the one asked for."""
    last = judged_up_to(settings.choice, len(ready.points))
    return {solution.k for solution in solved if solution.k <= last} | {1, settings.choice.k or 1}


def judged_up_to(choice: ChoiceSettings, customers: int) -> int:
    """The largest number of segments that is judged: two beyond those of use, if each can be large enough."""
    return min(choice.max_segments + BEYOND, int(customers / _floor(choice, customers)))


def _floor(choice: ChoiceSettings, customers: int) -> float:
    """Customers that the smallest useful segment has."""
    return max(choice.min_segment_customers, choice.min_segment_share * customers)


def in_order(weighed: Weighed, order: Sequence[int]) -> Weighed:
    """The same with the shipped segments in another order; what is known of each moves along.

    Args:
        weighed: What was found.
        order: For each new place the old number of its segment.
    """
    solution = replace(weighed.solution, centres=frozen(weighed.solution.centres[list(order)]))
    k = solution.k
    by_k = tuple(
        replace(row, resampled=_reordered(row.resampled, order)) if row.k == k and row.resampled else row
        for row in weighed.evidence.by_k
    )
    flows = flow.flows(weighed.labels, k, order)
    evidence = replace(weighed.evidence, by_k=by_k, flows=flows)
    return replace(weighed, solution=solution, evidence=evidence)


def _reordered(seen: Resampled, order: Sequence[int]) -> Resampled:
    place = {old: new for new, old in enumerate(order)}
    moved = (
        replace(border, first=place[border.first], second=place[border.second]) for border in seen.borders
    )
    turned = (borders.turned(mover) if mover.first > mover.second else mover for mover in moved)
    return replace(
        seen,
        segments=tuple(replace(seen.segments[old], segment=new) for new, old in enumerate(order)),
        borders=tuple(sorted(turned, key=lambda one: (one.first, one.second))),
        bridges=_moved(seen.bridges, place),
    )


def _moved(bridges: Sequence[Bridge], place: Mapping[int, int]) -> tuple[Bridge, ...]:
    """The ways between segments that have new numbers."""
    ends = ((sorted((place[way.first], place[way.second])), way) for way in bridges)
    moved = (replace(way, first=first, second=second) for (first, second), way in ends)
    return tuple(sorted(moved, key=lambda way: (way.first, way.second)))


def _with(row: KEvidence, found: Rerun, ready: Ready) -> KEvidence:
    """The row with what re-runs say of it; features in the recipe's order."""
    gap, error = found.gaps.get(row.k, (nan, nan))
    mixture = found.mixtures.get(row.k)
    seen = found.by_k.get(row.k)
    return replace(
        row,
        gap=gap,
        gap_error=error,
        bic=mixture.bic if mixture else nan,
        mixture=mixture.shape if mixture else "",
        resampled=_by_recipe(seen, ready.by_content) if seen else None,
    )


def _by_recipe(seen: Resampled, by_content: Sequence[int]) -> Resampled:
    back = np.argsort(by_content)
    apart = seen.twins
    return replace(
        seen,
        twins=replace(
            apart,
            own_eta_squared=tuple(apart.own_eta_squared[position] for position in back),
            eta_squared=tuple(apart.eta_squared[position] for position in back),
            eta_squared_high=tuple(apart.eta_squared_high[position] for position in back),
        ),
    )


def _rows(ready: Ready, solved: Sequence[Solution], seed: int) -> list[KEvidence]:
    """What is measured at each k, everybody in the nearest segment."""
    ways = []
    for solution in solved:
        labels, squared = assign(ready.points, solution.centres)
        ways.append(
            Divided(
                centres=solution.centres,
                inertia=solution.inertia,
                labels=labels,
                squared=squared,
                seen=labels[ready.judged_on],
            )
        )
    judged = with_silhouettes(ways, ready.points[ready.judged_on], seed)
    return [way.row(solved[0].inertia) for way in judged]


def curves(ready: Ready, centres: Floats) -> tuple[SilhouetteCurve, ...]:
    """The silhouettes of the shipped segments, in the order of their centres; none for one segment."""
    if len(centres) == 1:
        return ()
    with one_thread():
        return _curves(ready.points[ready.judged_on], centres)


def _curves(points: Floats, centres: Floats) -> tuple[SilhouetteCurve, ...]:
    labels, _ = assign(points, centres)
    scores = silhouette.silhouettes(points, [labels])[0]
    found = []
    for segment in range(len(centres)):
        own = scores[labels == segment]
        quantiles = np.quantile(own, np.linspace(1, 0, 101)) if len(own) else np.full(101, np.nan)
        mean = float(own.mean()) if len(own) else float("nan")
        found.append(
            SilhouetteCurve(segment=segment, customers=len(own), mean=mean, quantiles=frozen(quantiles))
        )
    return tuple(found)
