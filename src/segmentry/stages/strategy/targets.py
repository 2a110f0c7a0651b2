"""Which segments to serve: knock-outs first, then attractiveness from the data (Dolnicar, steps 2 and 8; METHOD 8.5)."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

from segmentry.records.evidence import Resampled
from segmentry.records.reasons import Rule
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.records.strategy import Measure
from segmentry.records.targets import Criterion, KnockOut, Score, Target, Targets

T = TypeVar("T")

COMES_BACK = 0.6
"""The mean Jaccard overlap under which a segment is not to be trusted (Hennig 2007)."""
GROUPED = 0.05
"""The lift over copies without groups from which on segments are clearly distinct (METHOD 3.2)."""
REACHED = 0.6
"""A segment is reachable if this share of it can be contacted (METHOD 8.5)."""

FOUND = 0.7
"""A segment can be found if its rule has this precision and recall (METHOD 8.5)."""

LOW = 1.0
"""The lowest score of the matrix (METHOD 8.5)."""

HIGH = 10.0
"""The highest (METHOD 8.5)."""

MIDDLE = (LOW + HIGH) / 2


def targets(run: Run) -> Targets:
    """Every segment as a target: conditions, scores and the two axes.

    A criterion's score is 1 for the least and 10 for the most of the segments, and in proportion
    between; where all are alike it is 5.5. Attractiveness is their weighted mean over the criteria
    that could be measured. How well the shop competes is never guessed.
    """
    measured = {one: found for one in Criterion if (found := _measured(run, one)) is not None}
    weights = {one: run.targeting.weights.get(one, 0.0) for one in measured}
    total = sum(weights.values())
    shares = {one: weight / total for one, weight in weights.items() if total > 0 and weight > 0}
    label = _potential_label(run)
    return Targets(
        targets=tuple(
            _target(
                run, segment, [_score(criterion, measured[criterion], number, shares) for criterion in shares]
            )
            for number, segment in enumerate(run.segments)
        ),
        unmeasured=tuple(
            one for one in Criterion if one not in measured and run.targeting.weights.get(one, 0.0) > 0
        ),
        potential_label=label,
    )


def _target(run: Run, segment: Segment, scores: Sequence[Score]) -> Target:
    return Target(
        number=segment.number,
        name=segment.name,
        knock_outs=_knock_outs(run, segment),
        scores=tuple(scores),
        attractiveness=sum(score.weight * score.score for score in scores) if scores else None,
        competitiveness=_of(run.targeting.competitiveness, segment),
        potential=_potential(segment),
    )


def _score(
    criterion: Criterion, values: Sequence[float], number: int, shares: Mapping[Criterion, float]
) -> Score:
    low, high, own = min(values), max(values), values[number]
    score = LOW + (HIGH - LOW) * (own - low) / (high - low) if high > low else MIDDLE
    return Score(criterion=criterion, value=own, score=score, weight=shares[criterion])


def _measured(run: Run, criterion: Criterion) -> tuple[float, ...] | None:
    """The k values of a criterion; None where it cannot be measured for every segment."""
    trend = next((at for at, profile in enumerate(run.population) if profile.trait == "trend"), None)
    found: Mapping[Criterion, Sequence[float | None]] = {
        Criterion.VALUE_SHARE: [segment.value_share for segment in run.segments],
        Criterion.VALUE_EACH: [
            segment.value / segment.customers if segment.value is not None and segment.customers else None
            for segment in run.segments
        ],
        Criterion.SIZE: [segment.share for segment in run.segments],
        Criterion.GROWTH: [
            None if trend is None else segment.features[trend].mean for segment in run.segments
        ],
        Criterion.REACHABLE: [_of(run.targeting.reachable, segment) for segment in run.segments],
        Criterion.RESPONSE: [_response(segment) for segment in run.segments],
    }
    values = [one for one in found[criterion] if one is not None and math.isfinite(one)]
    return tuple(values) if len(values) == run.k else None


def _response(segment: Segment) -> float | None:
    """The rise of the conversion rate that the newest recorded test has measured."""
    found = [result.effect for result in segment.play.results if result.measure is Measure.CONVERSION]
    return found[-1] if found else None


def _knock_outs(run: Run, segment: Segment) -> tuple[KnockOut, ...]:
    seen = next((row.resampled for row in run.evidence.judged if row.k == run.k), None)
    return (
        _homogeneous(seen, segment),
        _distinct(seen, segment),
        _large(run, segment),
        _suits(run, segment),
        _identifiable(run, segment),
        _reachable(run, segment),
    )


def _homogeneous(seen: Resampled | None, segment: Segment) -> KnockOut:
    if seen is None:
        return KnockOut(condition="comes back", met=None, finding="not examined in this run")
    overlap = next(one.jaccard.mean for one in seen.segments if one.segment == segment.number - 1)
    return KnockOut(
        condition="comes back",
        met=overlap >= COMES_BACK,
        finding=f"{overlap:.0%} the same when customers are drawn anew; {COMES_BACK:.0%} are needed",
    )


def _distinct(seen: Resampled | None, segment: Segment) -> KnockOut:
    if seen is None:
        return KnockOut(condition="distinct", met=None, finding="not examined in this run")
    apart = next(one.separated for one in seen.segments if one.segment == segment.number - 1)
    if apart:
        return KnockOut(condition="distinct", met=True, finding="empty space around it")
    lift = seen.twins.lift
    return KnockOut(
        condition="distinct",
        met=lift >= GROUPED,
        finding=f"no empty space around it; all segments are {lift:.2f} tighter than in copies without "
        f"groups, and {GROUPED:.2f} are needed",
    )


def _large(run: Run, segment: Segment) -> KnockOut:
    least = run.targeting.least_customers
    learning = segment.play.learning
    if segment.customers >= least and learning is not None and learning.too_small:
        return KnockOut(
            condition="large enough", met=False, finding=f"{segment.customers:,} customers: too few to learn"
        )
    return KnockOut(
        condition="large enough",
        met=segment.customers >= least,
        finding=f"{segment.customers:,} customers; {least:,} are needed",
    )


def _suits(run: Run, segment: Segment) -> KnockOut:
    met = _of(run.targeting.suits_us, segment)
    finding = (
        "not given: set suits_us in segmentry.toml" if met is None else f"{'yes' if met else 'no'}, you say"
    )
    return KnockOut(condition="suits your strengths", met=met, finding=finding)


def _identifiable(run: Run, segment: Segment) -> KnockOut:
    at = segment.number - 1
    rule = run.reasons.rules[at] if at < len(run.reasons.rules) else None
    found = (
        next((quality for quality in rule.qualities if quality.segment == at), None)
        if isinstance(rule, Rule)
        else None
    )
    if found is None or not math.isfinite(found.precision):
        return KnockOut(condition="identifiable", met=None, finding="no short rule was found for it")
    return KnockOut(
        condition="identifiable",
        met=min(found.precision, found.recall) >= FOUND,
        finding=f"a short rule finds {found.recall:.0%} of them, and {found.precision:.0%} of those it finds are "
        f"theirs; {FOUND:.0%} of each are needed",
    )


def _reachable(run: Run, segment: Segment) -> KnockOut:
    share = _of(run.targeting.reachable, segment)
    if share is None:
        return KnockOut(condition="reachable", met=None, finding="not given: set reachable in segmentry.toml")
    return KnockOut(
        condition="reachable",
        met=share >= REACHED,
        finding=f"{share:.0%} can be reached; {REACHED:.0%} are needed",
    )


def _of(given: tuple[T | None, ...], segment: Segment) -> T | None:
    return given[segment.number - 1] if segment.number <= len(given) else None


def _potential(segment: Segment) -> float | None:
    margin = segment.play.economics.margin
    if segment.value is None or segment.value < 0:
        return None
    return segment.value * margin if margin is not None else segment.value


def _potential_label(run: Run) -> str:
    if any(_potential(segment) is None for segment in run.segments):
        return ""
    return "margin" if run.segments[0].play.economics.margin is not None else "value"
