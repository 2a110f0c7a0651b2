"""From placed customers to named, explained segments: everything that a run says about them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segmentry.edges.catalogs.loading import archetypes, column_lexicon
from segmentry.pipeline.evidence import curves
from segmentry.pipeline.explain import explain
from segmentry.pipeline.lineage import Succession
from segmentry.pipeline.name_stability import DRAWS, Crowd, name_stability
from segmentry.pipeline.recommend import Described, advise, targeting
from segmentry.pipeline.survey import Surveyed
from segmentry.pipeline.sweep import Ready
from segmentry.records.arrays import Floats, Ints
from segmentry.records.audit import Action, Audit, Finding, Severity
from segmentry.records.columns import Role
from segmentry.records.comparison import Comparison
from segmentry.records.customers import PLACEMENTS, Assignment, Placement
from segmentry.records.evidence import Evidence, SilhouetteCurve
from segmentry.records.model import Model
from segmentry.records.projection import SegmentHistogram
from segmentry.records.run import Run, Survey
from segmentry.records.segment import Borderline, FeatureProfile, Naming, Play, Segment
from segmentry.records.verdict import Verdict
from segmentry.settings import Settings
from segmentry.stages.cleaning import clean, readiness
from segmentry.stages.exploring import distributions
from segmentry.stages.exploring import projection as project
from segmentry.stages.naming import NameSegments
from segmentry.stages.privacy import proxies
from segmentry.stages.profiling import profile
from segmentry.stages.scoring.score import score


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """Everything that is settled before the segments are described.

    Attributes:
        surveyed: What was read and cleaned.
        ready: The features as they were fitted.
        evidence: The evidence for each k.
        verdict: The recommendation.
        model: The model, its segments in canonical order.
        assignment: Where each customer is.
        follows: How the segments follow from an earlier run; None where none was given.
    """

    surveyed: Surveyed
    ready: Ready
    evidence: Evidence
    verdict: Verdict
    model: Model
    assignment: Assignment
    follows: Succession | None = None


def describe(shipped: Shipped, settings: Settings) -> Run:
    """Profile, name and advise: the run as far as figures show it."""
    surveyed, ready, model = shipped.surveyed, shipped.ready, shipped.model
    survey, centres = surveyed.survey, model.centre_matrix
    placed = _placed(shipped)
    profiles = profile.profiles(placed, centres, ready.everyone)
    traits = {one.feature: one.trait for one in surveyed.traits}
    population = profile.populations(placed, traits)
    named = _namer(shipped, settings)(centres, placed.features, surveyed.traits, profiles)
    described = Described(
        profiles=profiles,
        population=population,
        traits=surveyed.traits,
        values=placed.values,
        segment=placed.segment,
        names=tuple(one.name for one in named.namings),
    )
    plays = advise(described, settings)
    named_model = replace(model, names=tuple(one.name for one in named.namings), book=named.book)
    found = curves(ready, centres)
    segments = tuple(
        _segment(shipped, number, (naming, features, play, found))
        for number, (naming, features, play) in enumerate(zip(named.namings, profiles, plays, strict=True))
    )
    projection = project.fit_projection(ready.points, placed.features)
    segment = shipped.assignment.segment
    return Run(
        survey=replace(survey, audit=_audit(shipped, named_model, settings)),
        seed=settings.choice.seed,
        settings=settings.plain(),
        model=named_model,
        evidence=replace(shipped.evidence, curves=found),
        verdict=shipped.verdict,
        comparison=Comparison(algorithms=()),
        assignment=shipped.assignment,
        segments=_with_identities(_with_rival_names(segments, named_model.names), shipped.follows),
        lineage=shipped.follows.lineage() if shipped.follows else None,
        population=population,
        naming=named.summary,
        map=project.draw_map(ready.recipe(ready.values), segment, centres, projection),
        histograms=_histograms(survey, placed),
        sampled=len(ready.solved_on) if ready.sampled else None,
        targeting=targeting(described, settings),
    )


def explained(run: Run, shipped: Shipped, settings: Settings) -> Run:
    """The run with why its segments are what they are, and how often each of their names comes back.

    Args:
        run: The run as it was described.
        shipped: What it was described from.
        settings: The settings.
    """
    found = explain(
        shipped.surveyed, shipped.ready, shipped.model, shipped.assignment, seed=settings.choice.seed
    )
    profiles = profile.with_permuted(tuple(one.features for one in run.segments), found.permuted)
    segments = (replace(one, features=own) for one, own in zip(run.segments, profiles, strict=True))
    return _with_stability(replace(run, segments=tuple(segments), reasons=found.reasons), shipped, settings)


def _with_stability(run: Run, shipped: Shipped, settings: Settings) -> Run:
    """The run with how often the names come back when the customers are drawn again."""
    ready, placed = shipped.ready, _placed(shipped)
    if placed.k == 1:
        return run
    crowd = Crowd(
        features=placed.features,
        flags=placed.flags,
        matches=shipped.surveyed.traits,
        points=ready.points,
        values=placed.values[ready.fitted],
        segment=placed.segment[ready.fitted],
        centres=shipped.model.centre_matrix,
        refitted=shipped.model.scorer is None,
    )
    draws = DRAWS[settings.choice.effort]
    names = [one.naming.from_data for one in run.segments]
    shares = name_stability(crowd, names, _namer(shipped, settings), draws)
    segments = tuple(
        replace(one, naming=replace(one.naming, stability=float(share)))
        for one, share in zip(run.segments, shares, strict=True)
    )
    return replace(run, segments=segments, naming=replace(run.naming, draws=draws))


def _namer(shipped: Shipped, settings: Settings) -> NameSegments:
    """What names the segments."""
    return NameSegments(
        catalog=archetypes(_path(settings.naming.archetypes)),
        lexicon=column_lexicon(),
        user_names=settings.naming.names,
        seed=settings.choice.seed,
        carried=shipped.follows.names() if shipped.follows else {},
    )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _placed(shipped: Shipped) -> profile.Placed:
    return profile.Placed.by(shipped.model, shipped.ready.values, shipped.assignment.segment)


def _segment(
    shipped: Shipped,
    number: int,
    described: tuple[Naming, tuple[FeatureProfile, ...], Play, tuple[SilhouetteCurve, ...]],
) -> Segment:
    naming, features, play, found = described
    assignment, ids = shipped.assignment, shipped.surveyed.survey.customers.ids
    inside = assignment.segment == number
    customers, everybody = int(inside.sum()), int((assignment.segment >= 0).sum())
    value, share = _value(shipped.surveyed.survey.worth, inside, assignment.segment >= 0)
    border = profile.borderline(assignment, number)
    return Segment(
        number=number + 1,
        naming=naming,
        customers=customers,
        share=customers / everybody if everybody else 0.0,
        value=value,
        value_share=share,
        features=features,
        silhouette=found[number].mean if found else float("nan"),
        mean_confidence=float(assignment.confidence[inside].mean()) if customers else float("nan"),
        typical=tuple(str(ids[position]) for position in _typical(shipped, number)),
        borderline=tuple(
            Borderline(
                id=str(ids[position]),
                rival=shipped.model.names[assignment.rival[position]],
                confidence=float(assignment.confidence[position]),
            )
            for position in border[: profile.BORDERLINE]
        ),
        borderline_customers=len(border),
        play=play,
    )


def _typical(shipped: Shipped, number: int) -> Ints:
    """Positions of a segment's typical customers."""
    values, recipe = shipped.ready.values, shipped.model.recipe
    return profile.typical(
        profile.nearest(shipped.assignment, number), lambda positions: recipe(values[positions])
    )


def _with_rival_names(segments: tuple[Segment, ...], names: tuple[str, ...]) -> tuple[Segment, ...]:
    """Borderline customers' rivals by name, now that there are names."""
    given = {f"Segment {number}": name for number, name in enumerate(names, 1)}
    return tuple(
        replace(
            one,
            borderline=tuple(
                replace(near, rival=given.get(near.rival, near.rival)) for near in one.borderline
            ),
        )
        for one in segments
    )


def _with_identities(segments: tuple[Segment, ...], follows: Succession | None) -> tuple[Segment, ...]:
    """The segments with what they have from an earlier run."""
    if follows is None:
        return segments
    return tuple(replace(one, identity=own) for one, own in zip(segments, follows.identities(), strict=True))


def _value(
    worth: Floats | None, inside: NDArray[np.bool_], placed: NDArray[np.bool_]
) -> tuple[float | None, float | None]:
    """The segment's value and its share; None without a measure or where values cancel out."""
    if worth is None:
        return None, None
    own, total = float(np.nansum(worth[inside])), float(np.nansum(worth[placed]))
    return own, own / total if total > 0 and np.nanmin(worth) >= 0 else None


def _histograms(survey: Survey, placed: profile.Placed) -> tuple[SegmentHistogram, ...]:
    shapes = {one.feature: one for one in survey.exploration.distributions}
    return tuple(
        distributions.by_segment(shapes[feature], placed.values[:, index], placed.segment, placed.k)
        for index, feature in enumerate(placed.features)
    )


def _audit(shipped: Shipped, model: Model, settings: Settings) -> Audit:
    """The audit, with the ledger of where everybody went and what the gaps changed."""
    surveyed, assignment = shipped.surveyed, shipped.assignment
    worth = surveyed.survey.worth
    used = {}
    for code, placement in enumerate(PLACEMENTS):
        rows = assignment.placement == code
        if rows.any():
            used[str(placement)] = (int(rows.sum()), 0.0 if worth is None else float(np.nansum(worth[rows])))
    return readiness.conclude(
        (*surveyed.findings, *_unplaced(shipped), *_gaps(shipped, model, settings), *_proxies(shipped)),
        clean.ledger(surveyed.came_in, surveyed.dropped, used, surveyed.suppressed),
        features=len(model.recipe.one_each),
        has_id=any(one.role is Role.ID for one in surveyed.survey.columns),
        max_segments=settings.choice.max_segments,
    )


def _proxies(shipped: Shipped) -> Iterator[Finding]:
    """What the segments say of protected characteristics."""
    columns, lexicon = shipped.surveyed.survey.columns, column_lexicon()
    named = [
        one.name
        for one in columns
        if lexicon.known_as(one.name) is None and lexicon.protected.find(one.name) is not None
    ]
    return proxies.findings(
        shipped.surveyed.described, columns, shipped.assignment.segment, len(shipped.model.names), named
    )


def _unplaced(shipped: Shipped) -> Iterator[Finding]:
    """Customers who are in no segment: of whom nothing is known, and who are unlike all segments."""
    placement = shipped.assignment.placement
    if nobody := int((placement == PLACEMENTS.index(Placement.UNPLACED)).sum()):
        yield Finding(
            rule="M1",
            severity=Severity.WARN,
            rows=nobody,
            action=Action.SET_ASIDE,
            setting="features",
            sentence=(
                f"Of {nobody:,} customer{'s' * (nobody != 1)} no measure is known: they are in no segment, and "
                "shares are of the others."
            ),
        )
    if noise := int((placement == PLACEMENTS.index(Placement.NOISE)).sum()):
        yield Finding(
            rule="A1",
            severity=Severity.INFO,
            rows=noise,
            action=Action.SET_ASIDE,
            setting="algorithm",
            sentence=(
                f"{noise:,} customer{'s are' if noise != 1 else ' is'} unlike all segments: the algorithm leaves "
                f"{'them' if noise != 1 else 'it'} out, and shares are of the others."
            ),
        )


def _gaps(shipped: Shipped, model: Model, settings: Settings) -> Iterator[Finding]:
    """What was done about missing values, and how many customers it moved (METHOD 1.3)."""
    gappy = np.flatnonzero(shipped.assignment.missing_share > 0)
    if not len(gappy):
        return
    rows, ids = shipped.ready.values[gappy], shipped.surveyed.survey.customers.ids[gappy]
    if settings.cleaning.missing == "median":
        how, moved = "The median stood in for what is missing", np.array([], dtype=np.int64)
    else:
        filled = tuple(
            replace(step, fill=_median(shipped, index)) for index, step in enumerate(model.recipe.steps)
        )
        other = score(rows, replace(model, recipe=replace(model.recipe, steps=filled)))
        moved = np.flatnonzero(other.segment != shipped.assignment.segment[gappy])
        how = "They were placed by what is known of them"
    several = len(gappy) != 1
    consequence = ""
    if settings.cleaning.missing == "knn":
        consequence = (
            f"; {len(moved):,} would have landed elsewhere with plain averages"
            if len(moved)
            else "; plain averages would have changed nothing"
        )
    yield Finding(
        rule="M3",
        severity=Severity.INFO,
        rows=len(gappy),
        action=Action.CHANGED if settings.cleaning.missing == "median" else Action.KEPT,
        setting="missing",
        sentence=(
            f"{len(gappy):,} customer{'s' * several} {'lack' if several else 'lacks'} one or more of the "
            f"{len(model.recipe.one_each)} measures. {how}{consequence}."
        ),
        examples=tuple(str(ids[one]) for one in moved[:5]),
    )


def _median(shipped: Shipped, index: int) -> float:
    values = shipped.ready.values[shipped.ready.fitted, index]
    return float(np.nanmedian(values))
