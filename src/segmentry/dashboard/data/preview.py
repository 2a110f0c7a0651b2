"""A run as it would be with another number of segments that it tried: described, never trained.

The run kept where everybody would be; what the segments are like is counted by the engine, and named by
the same rules as the run's own.
"""

import math
from dataclasses import replace

import numpy as np

from segmentry.dashboard.data.customers import Customers
from segmentry.dashboard.data.filters import Filter
from segmentry.dashboard.data.query_results import Bars, by_segment
from segmentry.edges.catalogs.loading import archetypes, column_lexicon, playbook
from segmentry.records.arrays import frozen, frozen_ints
from segmentry.records.candidate import Candidate
from segmentry.records.catalogs import TraitMatch
from segmentry.records.moments import Baseline, Moments, eta_squared
from segmentry.records.projection import SegmentHistogram, SegmentMap
from segmentry.records.reasons import UNEXPLAINED
from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile, Naming, Play, PopulationProfile, Segment
from segmentry.records.verdict import VerdictKind
from segmentry.stages.columns.traits import map_traits
from segmentry.stages.naming import NameSegments
from segmentry.stages.profiling.profile import importances, profiles_of
from segmentry.stages.strategy.plays import choose_plays


def preview(run: Run, own: Customers, k: int) -> Run:
    """The run with k segments."""
    candidate = next(one for one in run.candidates if one.k == k)
    customers = own.with_segments(k)
    moments = _moments(run, customers, k)
    population = tuple(
        replace(whole, eta_squared=eta_squared(within))
        for whole, within in zip(run.population, moments, strict=True)
    )
    profiles = _profiles(run, candidate, moments)
    matches = _matches(run)
    namer = NameSegments(catalog=archetypes(None), lexicon=column_lexicon(), seed=run.seed)
    namings = namer(candidate.centres, run.model.recipe.features, matches, profiles).namings
    plays = choose_plays(profiles, population, matches, playbook(None), column_lexicon())
    centres = tuple(tuple(float(one) for one in row) for row in candidate.centres)
    model = replace(run.model, centres=centres, names=tuple(naming.name for naming in namings), scorer=None)
    return replace(
        run,
        model=model,
        population=population,
        segments=_segments(customers, profiles, tuple(zip(namings, plays, strict=True))),
        histograms=tuple(_histogram(customers, histogram, k) for histogram in run.histograms),
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


def _moments(run: Run, customers: Customers, k: int) -> list[list[Moments]]:
    """Each feature that the segments are made from, in the recipe's order, in each segment."""
    found = [customers.moments(feature) for feature in run.model.recipe.features]
    nobody = Moments(n=0)
    return [[within.get(segment, nobody) for segment in range(1, k + 1)] for within in found]


def _matches(run: Run) -> tuple[TraitMatch, ...]:
    """Which trait each feature carries, as the run found it."""
    traits = {profile.feature: profile.trait for profile in run.population if profile.trait is not None}
    return map_traits(tuple(traits), column_lexicon(), traits) if traits else ()


def _profiles(
    run: Run, candidate: Candidate, moments: list[list[Moments]]
) -> tuple[tuple[FeatureProfile, ...], ...]:
    """The profile of every feature in every segment, from counted moments."""
    importance = importances(candidate.centres, run.map.projection.mean)
    columns = [
        profiles_of(_baseline(run, whole), within, shares.tolist())
        for whole, within, shares in zip(run.population, moments, importance.T, strict=True)
    ]
    return tuple(zip(*columns, strict=True))


def _baseline(run: Run, whole: PopulationProfile) -> Baseline:
    """The feature over all customers, as the run counted it."""
    shapes = run.survey.exploration.distributions
    return Baseline(
        feature=whole.feature,
        flag=whole.flag,
        mean=whole.mean,
        sd=whole.sd,
        q05=whole.q05,
        q95=whole.q95,
        lowest=next(shape.minimum for shape in shapes if shape.feature == whole.feature),
    )


def _segments(
    customers: Customers,
    profiles: tuple[tuple[FeatureProfile, ...], ...],
    described: tuple[tuple[Naming, Play], ...],
) -> tuple[Segment, ...]:
    """The segments with their sizes and values; nobody's confidence is known for them."""
    parts = by_segment([part for part in customers.parts(Filter()) if part.segment])
    total = sum(part.customers for part in parts.values())
    worth = sum(part.value for part in parts.values())
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


def _histogram(customers: Customers, histogram: SegmentHistogram, k: int) -> SegmentHistogram:
    edges = np.log10(histogram.edges) if histogram.log_axis else histogram.edges
    bars = Bars(
        low=float(edges[0]), wide=float(edges[1] - edges[0]), bins=len(edges) - 1, log=histogram.log_axis
    )
    counts = np.zeros((k, bars.bins), dtype=np.int64)
    for segment, place, amount in customers.bins(histogram.feature, bars):
        counts[segment - 1, place] = amount
    return replace(histogram, counts=frozen_ints(counts))
