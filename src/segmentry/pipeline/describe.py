"""From placed customers to named, explained segments: everything that a run says about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segmentry.edges.catalogs.loading import archetypes, column_lexicon
from segmentry.pipeline.explain import Explained
from segmentry.pipeline.final_model import Placed
from segmentry.pipeline.lineage import Succession
from segmentry.pipeline.name_stability import DRAWS, Crowd, name_stability
from segmentry.pipeline.read import says_no_id
from segmentry.pipeline.recommend import ProfiledSegments, advise, targeting
from segmentry.pipeline.sweep import Ready
from segmentry.records.arrays import Floats, Ints
from segmentry.records.audit import Action, Audit, Finding, RowCount, Severity
from segmentry.records.candidate import Candidate
from segmentry.records.columns import Role
from segmentry.records.comparison import Comparison
from segmentry.records.customers import PLACEMENTS, Placement
from segmentry.records.findings import finding
from segmentry.records.model import Model
from segmentry.records.projection import SegmentHistogram
from segmentry.records.reasons import Reasons
from segmentry.records.run import Run, Survey
from segmentry.records.run_settings import RunSettings
from segmentry.records.segment import (
    Borderline,
    FeatureProfile,
    Naming,
    NamingSummary,
    Play,
    PopulationProfile,
    Segment,
)
from segmentry.records.targets import Targeting
from segmentry.settings import Settings
from segmentry.stages.choose.verdict_words import island_sentence
from segmentry.stages.cleaning import clean, readiness
from segmentry.stages.exploring import distributions, projection
from segmentry.stages.naming import NamedSegments, NameSegments
from segmentry.stages.privacy import proxies
from segmentry.stages.profiling import profile
from segmentry.stages.scoring.score import score

MOST_LISTED = 500
"""Customers of an island that are listed by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Named and explained segments, and what is to be done with each.

    Attributes:
        placed: What they were described from.
        model: What places customers in them, by name.
        audit: The audit, with where everybody went.
        segments: The k segments.
        population: Each feature over all customers.
        naming: How good the names are as a set.
        reasons: Why these segments.
        targeting: What was said about the choice of target segments.
    """

    placed: Placed
    model: Model
    audit: Audit
    segments: tuple[Segment, ...]
    population: tuple[PopulationProfile, ...]
    naming: NamingSummary
    reasons: Reasons
    targeting: Targeting


@dataclass(frozen=True, slots=True, kw_only=True)
class _Portrait:
    """What is said of one segment.

    Attributes:
        naming: Its name.
        features: The p profiles.
        play: What to do with it.
        silhouette: The mean silhouette of its customers; NaN at one segment.
    """

    naming: Naming
    features: tuple[FeatureProfile, ...]
    play: Play
    silhouette: float


def describe(placed: Placed, explained: Explained, settings: Settings) -> Described:
    """Profile, name and advise.

    Args:
        placed: The customers in their segments.
        explained: Why these segments.
        settings: The settings.

    Raises:
        UsageError: when a setting speaks of a segment or a column that there is not.
    """
    surveyed, ready, placer = placed.fitted.surveyed, placed.ready, placed.placer
    profiled = _profiled(placed)
    profiles = profile.profiles(profiled, placer.centre_matrix, ready.everyone)
    population = profile.populations(profiled, {match.feature: match.trait for match in surveyed.traits})
    namer = _namer(placed, settings)
    named = namer(placer.centre_matrix, profiled.features, surveyed.traits, profiles)
    names = tuple(naming.name for naming in named.namings)
    known = ProfiledSegments(
        profiles=profiles,
        population=population,
        traits=surveyed.traits,
        values=profiled.values,
        segment=profiled.segment,
        names=names,
    )
    plays = advise(known, settings)
    model = _model(placed, named)
    stable = _with_stability(named, placed, namer, settings)
    portraits = [
        _Portrait(naming=naming, features=features, play=play, silhouette=silhouette)
        for naming, features, play, silhouette in zip(
            stable.namings,
            profile.with_permuted(profiles, explained.permuted),
            plays,
            _silhouettes(placed),
            strict=True,
        )
    ]
    return Described(
        placed=placed,
        model=model,
        audit=_audit(placed, settings),
        segments=_with_identities(
            tuple(_segment(placed, number, portrait, names) for number, portrait in enumerate(portraits)),
            placed.follows,
        ),
        population=population,
        naming=stable.summary,
        reasons=explained.reasons,
        targeting=targeting(known, settings),
    )


def complete(
    described: Described, candidates: tuple[Candidate, ...], comparison: Comparison, settings: Settings
) -> Run:
    """The run: everything that figures, report, tables and pages are made from.

    Args:
        described: The segments.
        candidates: The other numbers of segments that were tried.
        comparison: How algorithms and other choices compare.
        settings: The settings.
    """
    placed, model = described.placed, described.model
    ready, segment, profiled = placed.ready, placed.assignment.segment, _profiled(placed)
    fitted_projection = projection.fit_projection(ready.points, profiled.features)
    return Run(
        survey=replace(placed.survey, audit=described.audit),
        seed=settings.choice.seed,
        settings=RunSettings(privacy=settings.privacy, groups=settings.groups, every=settings.plain()),
        model=model,
        evidence=placed.evidence,
        verdict=placed.verdict,
        comparison=comparison,
        assignment=placed.assignment,
        segments=described.segments,
        population=described.population,
        naming=described.naming,
        map=projection.draw_map(ready.recipe(ready.values), segment, model.centre_matrix, fitted_projection),
        histograms=_histograms(placed.survey, profiled),
        sampled=len(ready.solved_on) if ready.sampled else None,
        reasons=described.reasons,
        candidates=candidates,
        targeting=described.targeting,
        results=(),
        lineage=placed.follows.lineage() if placed.follows else None,
    )


def _model(placed: Placed, named: NamedSegments) -> Model:
    """What places customers, with the names of the segments and what they follow from."""
    placer, survey = placed.placer, placed.survey
    return Model(
        id_name=survey.customers.id_name,
        recipe=placer.recipe,
        centres=placer.centres,
        names=tuple(naming.name for naming in named.namings),
        reach=placer.reach,
        as_of=survey.as_of,
        max_missing=placer.max_missing,
        scorer=placer.scorer,
        book=named.book,
        returns=placer.returns,
    )


def _silhouettes(placed: Placed) -> list[float]:
    """The mean silhouette of each segment; NaN at one segment."""
    return [curve.mean for curve in placed.evidence.curves] or [float("nan")]


def _with_stability(
    named: NamedSegments, placed: Placed, namer: NameSegments, settings: Settings
) -> NamedSegments:
    """The names with how often each comes back when the customers are drawn again."""
    ready, profiled = placed.ready, _profiled(placed)
    if profiled.k == 1:
        return named
    crowd = Crowd(
        features=profiled.features,
        flags=profiled.flags,
        matches=placed.fitted.surveyed.traits,
        points=ready.points,
        values=profiled.values[ready.fitted],
        segment=profiled.segment[ready.fitted],
        centres=placed.placer.centre_matrix,
        refitted=placed.placer.scorer is None,
    )
    draws = DRAWS[settings.choice.effort]
    shares = name_stability(crowd, [naming.from_data for naming in named.namings], namer, draws)
    namings = (
        replace(naming, stability=float(share)) for naming, share in zip(named.namings, shares, strict=True)
    )
    return replace(named, namings=tuple(namings), summary=replace(named.summary, draws=draws))


def _namer(placed: Placed, settings: Settings) -> NameSegments:
    """What names the segments."""
    return NameSegments(
        catalog=archetypes(_path(settings.naming.archetypes)),
        lexicon=column_lexicon(),
        user_names=settings.naming.names,
        seed=settings.choice.seed,
        carried=placed.follows.names() if placed.follows else {},
    )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _profiled(placed: Placed) -> profile.ProfiledCustomers:
    """The customers as they are profiled."""
    return profile.ProfiledCustomers.by(placed.placer, placed.ready.values, placed.assignment.segment)


def _segment(placed: Placed, number: int, portrait: _Portrait, names: Sequence[str]) -> Segment:
    assignment, ids = placed.assignment, placed.survey.customers.ids
    inside, everyone = assignment.segment == number, assignment.segment >= 0
    customers = int(inside.sum())
    value, share = _value(placed.survey.worth, inside, everyone)
    border = profile.borderline(assignment, number)
    return Segment(
        number=number + 1,
        naming=portrait.naming,
        customers=customers,
        share=customers / int(everyone.sum()) if everyone.any() else 0.0,
        value=value,
        value_share=share,
        features=portrait.features,
        silhouette=portrait.silhouette,
        mean_confidence=float(assignment.confidence[inside].mean()) if customers else float("nan"),
        typical=tuple(str(ids[position]) for position in _typical(placed, number)),
        borderline=tuple(
            Borderline(
                id=str(ids[position]),
                rival=names[assignment.rival[position]],
                confidence=float(assignment.confidence[position]),
            )
            for position in border[: profile.BORDERLINE]
        ),
        borderline_customers=len(border),
        play=portrait.play,
    )


def _typical(placed: Placed, number: int) -> Ints:
    """Positions of a segment's typical customers."""
    values, recipe = placed.ready.values, placed.placer.recipe
    return profile.typical(
        profile.nearest(placed.assignment, number), lambda positions: recipe(values[positions])
    )


def _with_identities(segments: tuple[Segment, ...], follows: Succession | None) -> tuple[Segment, ...]:
    """The segments with what they have from an earlier run."""
    if follows is None:
        return segments
    return tuple(
        replace(segment, identity=own) for segment, own in zip(segments, follows.identities(), strict=True)
    )


def _value(
    worth: Floats | None, inside: NDArray[np.bool_], placed: NDArray[np.bool_]
) -> tuple[float | None, float | None]:
    """The segment's value and its share; None without a measure or where values cancel out."""
    if worth is None:
        return None, None
    own, total = float(np.nansum(worth[inside])), float(np.nansum(worth[placed]))
    return own, own / total if total > 0 and np.nanmin(worth) >= 0 else None


def _histograms(survey: Survey, placed: profile.ProfiledCustomers) -> tuple[SegmentHistogram, ...]:
    shapes = {distribution.feature: distribution for distribution in survey.exploration.distributions}
    return tuple(
        distributions.by_segment(shapes[feature], placed.values[:, index], placed.segment, placed.k)
        for index, feature in enumerate(placed.features)
    )


def _audit(placed: Placed, settings: Settings) -> Audit:
    """The audit, with the ledger of where everybody went and what the gaps changed."""
    surveyed, assignment = placed.fitted.surveyed, placed.assignment
    worth = surveyed.survey.worth
    used = {}
    for code, placement in enumerate(PLACEMENTS):
        rows = assignment.placement == code
        if rows.any():
            used[str(placement)] = RowCount(
                rows=int(rows.sum()), value=0.0 if worth is None else float(np.nansum(worth[rows]))
            )
    return readiness.conclude(
        (
            *surveyed.findings,
            *_unplaced(placed),
            *_islands(placed),
            *_gaps(placed, settings),
            *_proxies(placed),
        ),
        clean.ledger(surveyed.came_in, surveyed.dropped, used, surveyed.suppressed),
        features=len(placed.placer.recipe.one_each),
        has_id=says_no_id(settings, [column.name for column in surveyed.survey.columns])
        or any(column.role is Role.ID for column in surveyed.survey.columns),
        max_segments=settings.choice.max_segments,
    )


def _proxies(placed: Placed) -> Iterator[Finding]:
    """What the segments say of protected characteristics."""
    surveyed, lexicon = placed.fitted.surveyed, column_lexicon()
    named = [
        column.name
        for column in surveyed.survey.columns
        if lexicon.known_as(column.name) is None and lexicon.protected.find(column.name) is not None
    ]
    return proxies.findings(
        surveyed.descriptors.described,
        surveyed.survey.columns,
        placed.assignment.segment,
        placed.placer.k,
        named,
    )


def _unplaced(placed: Placed) -> Iterator[Finding]:
    """Customers who are in no segment: of whom nothing is known, and who are unlike all segments."""
    placement = placed.assignment.placement
    if nobody := int((placement == PLACEMENTS.index(Placement.UNPLACED)).sum()):
        said = (
            f"Of {nobody:,} customer{'s' * (nobody != 1)} no measure is known: they are in no segment, and "
            "shares are of the others."
        )
        yield replace(
            finding("M1", said, rows=nobody),
            severity=Severity.WARN,
            action=Action.SET_ASIDE,
            setting="features",
        )
    if noise := int((placement == PLACEMENTS.index(Placement.NOISE)).sum()):
        yield finding(
            "A1",
            f"{noise:,} customer{'s are' if noise != 1 else ' is'} unlike all segments: the algorithm leaves "
            f"{'them' if noise != 1 else 'it'} out, and shares are of the others.",
            rows=noise,
        )


def _islands(placed: Placed) -> Iterator[Finding]:
    """Customers far from everybody else who are too few for a segment."""
    ready, ids = placed.ready, placed.survey.customers.ids
    for members in placed.fitted.weighed.islands:
        yield finding(
            "E1",
            f"{island_sentence((len(members),))}.",
            rows=len(members),
            examples=tuple(sorted(str(who) for who in ids[ready.fitted[members]])[:MOST_LISTED]),
        )


def _gaps(placed: Placed, settings: Settings) -> Iterator[Finding]:
    """What was done about missing values, and how many customers it moved (METHOD 1.3)."""
    placer = placed.placer
    gappy = np.flatnonzero(placed.assignment.missing_share > 0)
    if not len(gappy):
        return
    rows, ids = placed.ready.values[gappy], placed.survey.customers.ids[gappy]
    if settings.cleaning.missing == "median":
        how, moved = "The median stood in for what is missing", np.array([], dtype=np.int64)
    else:
        filled = tuple(
            replace(step, fill=_median(placed.ready, index)) for index, step in enumerate(placer.recipe.steps)
        )
        other = score(rows, replace(placer, recipe=replace(placer.recipe, steps=filled)))
        moved = np.flatnonzero(other.segment != placed.assignment.segment[gappy])
        how = "They were placed by what is known of them"
    several = len(gappy) != 1
    consequence = ""
    if settings.cleaning.missing == "knn":
        consequence = (
            f"; {len(moved):,} would have landed elsewhere with plain averages"
            if len(moved)
            else "; plain averages would have changed nothing"
        )
    said = (
        f"{len(gappy):,} customer{'s' * several} {'lack' if several else 'lacks'} one or more of the "
        f"{len(placer.recipe.one_each)} measures. {how}{consequence}."
    )
    examples = tuple(str(ids[row]) for row in moved[:5])
    found = finding("M3", said, rows=len(gappy), examples=examples)
    yield replace(found, action=Action.CHANGED) if settings.cleaning.missing == "median" else found


def _median(ready: Ready, index: int) -> float:
    values = ready.values[ready.fitted, index]
    return float(np.nanmedian(values))
