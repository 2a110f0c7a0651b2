"""A run as it would be with another number of segments that it tried: described, never trained.

The run kept where everybody would be; what the segments are like is counted by the engine, and named by
the same rules as the run's own.
"""

import math
from dataclasses import replace

import numpy as np

from segmentry.dashboard.data.customers import Customers
from segmentry.dashboard.data.filters import Filter
from segmentry.dashboard.data.query_results import Bars, Spread, by_segment
from segmentry.edges.catalogs.loading import archetypes, column_lexicon, playbook
from segmentry.records.arrays import frozen, frozen_ints
from segmentry.records.candidate import Candidate
from segmentry.records.catalogs import TraitMatch
from segmentry.records.projection import SegmentHistogram, SegmentMap
from segmentry.records.reasons import UNEXPLAINED
from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile, Naming, Play, PopulationProfile, Segment
from segmentry.records.verdict import VerdictKind
from segmentry.stages.columns.traits import map_traits
from segmentry.stages.naming import NameSegments
from segmentry.stages.profiling.profile import (
    CLEARLY_ABOVE_ZERO,
    MARKER_D,
    MARKER_RATIO,
    MARKER_SHARE_OF_RANGE,
)
from segmentry.stages.strategy.plays import choose_plays

NOBODY = Spread(n=0, mean=math.nan, variance=math.nan, quartiles=(math.nan,) * 3)
MOST_D = 99.0
"""An effect size is written no larger: where both sides are constant it has no end."""


def preview(run: Run, own: Customers, k: int) -> Run:
    """The run with k segments."""
    candidate = next(one for one in run.candidates if one.k == k)
    customers = own.with_segments(k)
    spreads = _spreads(run, customers, k)
    population = tuple(
        _population(one, [spreads[segment][at] for segment in spreads])
        for at, one in enumerate(run.population)
    )
    profiles = _profiles(run, candidate, spreads)
    matches = _matches(run)
    namer = NameSegments(catalog=archetypes(None), lexicon=column_lexicon(), seed=run.seed)
    namings = namer(candidate.centres, run.model.recipe.features, matches, profiles).namings
    plays = choose_plays(profiles, population, matches, playbook(None), column_lexicon())
    centres = tuple(tuple(float(one) for one in row) for row in candidate.centres)
    model = replace(run.model, centres=centres, names=tuple(one.name for one in namings), scorer=None)
    return replace(
        run,
        model=model,
        population=population,
        segments=_segments(customers, profiles, tuple(zip(namings, plays, strict=True))),
        histograms=tuple(_histogram(customers, one, k) for one in run.histograms),
        map=_map(run, candidate),
        verdict=replace(
            run.verdict, k=k, kind=VerdictKind.NOT_JUDGED, confidence="not_judged", runner_up=None
        ),
        reasons=UNEXPLAINED,
    )


def _map(run: Run, candidate: Candidate) -> SegmentMap:
    """The map with these centres and without customers: they are counted when it is drawn."""
    projection = run.map.projection
    cells = run.map.density.shape[1:] if run.map.x_edges.size else (0, 0)
    return replace(
        run.map,
        centres=frozen((candidate.centres - projection.mean) @ projection.components.T),
        density=frozen_ints(np.zeros((candidate.k, *cells))),
    )


def _spreads(run: Run, customers: Customers, k: int) -> dict[int, tuple[Spread, ...]]:
    """The features that the segments are made from, in the recipe's order, in each segment from 1."""
    found = [customers.spreads(feature) for feature in run.model.recipe.features]
    return {segment: tuple(one.get(segment, NOBODY) for one in found) for segment in range(1, k + 1)}


def _matches(run: Run) -> tuple[TraitMatch, ...]:
    """Which trait each feature carries, as the run found it."""
    traits = {one.feature: one.trait for one in run.population if one.trait is not None}
    return map_traits(tuple(traits), column_lexicon(), traits) if traits else ()


def _population(one: PopulationProfile, inside: list[Spread]) -> PopulationProfile:
    """The same with the share of its variance that lies between these segments."""
    n = sum(each.n for each in inside)
    known = [each for each in inside if each.n]
    mean = sum(each.n * each.mean for each in known) / max(n, 1)
    between = sum(each.n * (each.mean - mean) ** 2 for each in known)
    total = between + sum(each.n * each.variance for each in known)
    return replace(one, eta_squared=min(between / total, 1.0) if total > 0 else 0.0)


def _profiles(
    run: Run, candidate: Candidate, spreads: dict[int, tuple[Spread, ...]]
) -> tuple[tuple[FeatureProfile, ...], ...]:
    """The profile of every feature in every segment (METHOD 6.1, 6.4a), from counted moments."""
    squared = (candidate.centres - run.map.projection.mean) ** 2
    importance = squared / np.maximum(squared.sum(axis=1, keepdims=True), 1e-300)
    return tuple(
        tuple(
            _profile(run, at, spreads, segment, float(importance[segment - 1, at]))
            for at in range(len(run.model.recipe.features))
        )
        for segment in range(1, candidate.k + 1)
    )


def _profile(
    run: Run, at: int, spreads: dict[int, tuple[Spread, ...]], segment: int, importance: float
) -> FeatureProfile:
    everybody = run.population[at]
    lowest = next(
        one.minimum for one in run.survey.exploration.distributions if one.feature == everybody.feature
    )
    own = spreads[segment][at]
    rest = _joined([found[at] for other, found in spreads.items() if other != segment])
    d = _cohens_d(own, rest)
    away = abs(own.mean - everybody.mean)
    ratio_scale = lowest >= 0 and everybody.mean > CLEARLY_ABOVE_ZERO * everybody.sd
    far = away >= MARKER_SHARE_OF_RANGE * (everybody.q95 - everybody.q05)
    much = ratio_scale and away / everybody.mean >= MARKER_RATIO
    q25, median, q75 = own.quartiles
    return FeatureProfile(
        feature=everybody.feature,
        flag=everybody.flag,
        n=own.n,
        mean=own.mean,
        median=median,
        q25=q25,
        q75=q75,
        index=100 * own.mean / everybody.mean if ratio_scale and own.n else None,
        cohens_d=d,
        marker=bool((far or much) and abs(d) >= MARKER_D),
        importance=importance,
    )


def _joined(parts: list[Spread]) -> Spread:
    """Several segments as one."""
    known = [one for one in parts if one.n]
    n = sum(one.n for one in known)
    mean = sum(one.n * one.mean for one in known) / n if n else math.nan
    within = sum(one.n * (one.variance + (one.mean - mean) ** 2) for one in known)
    return Spread(n=n, mean=mean, variance=within / n if n else math.nan, quartiles=(math.nan,) * 3)


def _cohens_d(own: Spread, rest: Spread) -> float:
    """Cohen's d with the pooled standard deviation, as in ``stages.profile``."""
    if min(own.n, rest.n) < 2:  # noqa: PLR2004 - a variance needs two
        return 0.0
    pooled = math.sqrt((own.n * own.variance + rest.n * rest.variance) / (own.n + rest.n - 2))
    difference = own.mean - rest.mean
    if pooled <= 0:
        return math.copysign(MOST_D, difference) if difference else 0.0
    return min(max(difference / pooled, -MOST_D), MOST_D)


def _segments(
    customers: Customers,
    profiles: tuple[tuple[FeatureProfile, ...], ...],
    described: tuple[tuple[Naming, Play], ...],
) -> tuple[Segment, ...]:
    """The segments with their sizes and values; nobody's confidence is known for them."""
    parts = by_segment([one for one in customers.parts(Filter()) if one.segment])
    total = sum(one.customers for one in parts.values())
    worth = sum(one.value for one in parts.values())
    known = customers.has_value and worth > 0
    return tuple(
        Segment(
            number=number,
            naming=naming,
            customers=parts[number].customers if number in parts else 0,
            share=(parts[number].customers if number in parts else 0) / max(total, 1),
            value=(parts[number].value if number in parts else 0.0) if customers.has_value else None,
            value_share=(parts[number].value if number in parts else 0.0) / worth if known else None,
            features=features,
            silhouette=math.nan,
            mean_confidence=math.nan,
            typical=(),
            borderline=(),
            borderline_customers=0,
            play=play,
        )
        for number, (features, (naming, play)) in enumerate(zip(profiles, described, strict=True), 1)
    )


def _histogram(customers: Customers, one: SegmentHistogram, k: int) -> SegmentHistogram:
    edges = np.log10(one.edges) if one.log_axis else one.edges
    bars = Bars(low=float(edges[0]), wide=float(edges[1] - edges[0]), bins=len(edges) - 1, log=one.log_axis)
    counts = np.zeros((k, bars.bins), dtype=np.int64)
    for segment, place, amount in customers.bins(one.feature, bars):
        counts[segment - 1, place] = amount
    return replace(one, counts=frozen_ints(counts))
