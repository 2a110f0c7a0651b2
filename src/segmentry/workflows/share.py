"""A run that may be shown around: counts of few customers are hidden, and so is what they could be worked out from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segmentry.edges.run_folder.folder import new_folder
from segmentry.edges.run_folder.shared import write_shared
from segmentry.edges.run_folder.store import write_page
from segmentry.progress import begin
from segmentry.records.arrays import Floats, Ints, frozen, frozen_ints
from segmentry.records.projection import SegmentMap
from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile, Play, PopulationProfile, Segment
from segmentry.records.shared_run import Shared, SharedFeature, SharedPopulation, SharedSegment
from segmentry.stages.privacy.disclosure import between, hidden, one_total, rounded_count, rows_and_columns
from segmentry.stages.profiling.profile import ProfiledCustomers
from segmentry.views.report import shared_html
from segmentry.workflows.figures import shared_figures, written

GRID = (16, 10)
"""Cells of the shared map, across and up: few enough that most hold enough customers."""

PLAY = ("objective", "hypothesis", "do", "dont", "kpi", "evidence")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hiding:
    """What is not told.

    Attributes:
        limit: The smallest number of customers that is told of.
        sizes: The customers of each of the k segments as they are told; None where that is hidden.
        cells: k x p flags: the features of which the segment's numbers are hidden.
    """

    limit: int
    sizes: tuple[int | None, ...]
    cells: Mask

    @property
    def told(self) -> int:
        """Customers of all segments whose size is told."""
        return sum(size or 0 for size in self.sizes)


def _counts(placed: ProfiledCustomers, inside: Mask) -> Ints:
    """Customers in each segment, and in none, who are ``inside``."""
    return np.bincount(np.where(placed.segment < 0, placed.k, placed.segment)[inside], minlength=placed.k + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """When something was made, and by which versions.

    Attributes:
        versions: The versions of the product and of what its numbers rest on.
        at: The moment (ISO).
    """

    versions: Mapping[str, str]
    at: str


def share(run: Run, folder: Path, limit: int, *, force: bool, made: Made) -> None:
    """Write a folder that may be shown around: nobody's row, no count of few customers, rounded counts.

    Args:
        run: The run, with its customers.
        folder: The folder to make.
        limit: The smallest number of customers that is told of.
        force: Whether an earlier one may be replaced.
        made: When it is made.

    Raises:
        OutputError: when the folder exists (and ``force`` is not set) or cannot be written.
    """
    shared = shareable(run, limit)
    with new_folder(folder, force=force) as half:
        begin("Drawing the figures")
        whole = all(segment.customers is not None for segment in shared.segments)
        figures = shared_figures(drawable(run, shared)) if whole else {}
        with written(figures, half / "figures"):
            begin("Writing the report")
            write_page(shared_html(shared, figures), half)
            write_shared(shared, half, versions=made.versions, at=made.at)


def shareable(run: Run, limit: int) -> Shared:
    """What of a run may be shown around.

    Args:
        run: The run, with its customers.
        limit: The smallest number of customers that is told of.
    """
    placed = ProfiledCustomers.by(run.model, run.feature_values, run.assignment.segment)
    hiding = _hiding(placed, limit)
    return Shared(
        source=run.survey.source.name,
        as_of=run.survey.as_of,
        customers=rounded_count(len(placed.segment)),
        verdict=run.verdict,
        segments=tuple(_segment(run, placed, number, hiding) for number in range(run.k)),
        population=tuple(
            _population(profile, placed, index, limit) for index, profile in enumerate(run.population)
        ),
        map=_density(run, placed, limit),
        limit=limit,
        hidden=int(hiding.cells.sum()) + hiding.sizes.count(None),
    )


def _hiding(placed: ProfiledCustomers, limit: int) -> _Hiding:
    sizes = _counts(placed, np.ones(len(placed.segment), dtype=bool))
    small = hidden(sizes, limit, one_total(len(sizes)), unseen=np.arange(len(sizes)) == placed.k)
    cells = [_hidden_cells(placed, index, limit, small) for index in range(len(placed.flags))]
    told = zip(sizes[: placed.k].tolist(), small[: placed.k], strict=True)
    return _Hiding(
        limit=limit,
        sizes=tuple(None if gone else rounded_count(size, limit) for size, gone in told),
        cells=np.column_stack(cells)[: placed.k],
    )


def _hidden_cells(placed: ProfiledCustomers, index: int, limit: int, small: Mask) -> Mask:
    """In which segments the numbers of a feature are hidden.

    A mean is of those with a value: their counts add up over the segments, so with a total that is known a
    hidden one follows from the others. A share of ones is a count as well, and so is that of the zeros.
    """
    values = placed.values[:, index]
    columns = [~np.isnan(values)] if not placed.flags[index] else [values == 1, values == 0]
    counts = np.column_stack([_counts(placed, inside) for inside in columns])
    outside = np.arange(len(counts)) == placed.k
    unseen = np.repeat((small | outside)[:, None], len(columns), axis=1)
    lines = one_total(len(counts)) if len(columns) == 1 else rows_and_columns((len(counts), len(columns)))
    gone = hidden(counts, limit, lines, unseen=unseen).any(axis=1)
    return np.logical_or(gone, small)


def _segment(run: Run, placed: ProfiledCustomers, number: int, hiding: _Hiding) -> SharedSegment:
    segment, customers = run.segments[number], hiding.sizes[number]
    values = placed.values[placed.segment == number]
    typical = _typical(run, placed, number, hiding.limit)
    return SharedSegment(
        number=segment.number,
        name=segment.name,
        one_liner=segment.naming.one_liner,
        customers=customers,
        share=None if customers is None else customers / hiding.told,
        features=tuple(
            SharedFeature(feature=feature.feature, flag=feature.flag, hidden=True)
            if hiding.cells[number, index]
            else _feature(feature, values[:, index])
            for index, feature in enumerate(segment.features)
        ),
        typical={} if customers is None or typical is None else typical,
        averaged=0 if typical is None else hiding.limit,
        play=_play(segment.play),
    )


def _play(play: Play) -> Mapping[str, str]:
    return {what: str(getattr(play, what)) for what in PLAY if isinstance(getattr(play, what, None), str)}


def _feature(profile: FeatureProfile, values: Floats) -> SharedFeature:
    if profile.flag:
        return SharedFeature(
            feature=profile.feature,
            flag=True,
            hidden=False,
            mean=_share(values),
            cohens_d=_two(profile.cohens_d),
            marker=profile.marker,
        )
    return SharedFeature(
        feature=profile.feature,
        flag=False,
        hidden=False,
        mean=_three(profile.mean),
        median=_three(profile.median),
        q25=_three(profile.q25),
        q75=_three(profile.q75),
        index=None if profile.index is None else float(round(profile.index)),
        cohens_d=_two(profile.cohens_d),
        marker=profile.marker,
    )


def _share(values: Floats) -> float:
    """The share of ones, of counts to the nearest five."""
    ones, zeros = rounded_count(int((values == 1).sum())), rounded_count(int((values == 0).sum()))
    return ones / (ones + zeros) if ones + zeros else 0.0


def _three(value: float) -> float | None:
    """Three digits: an average with all of its digits and a count give away a sum."""
    return float(f"{value:.3g}") if np.isfinite(value) else None


def _two(value: float) -> float | None:
    return round(value, 2) if np.isfinite(value) else None


def _population(
    profile: PopulationProfile, placed: ProfiledCustomers, index: int, limit: int
) -> SharedPopulation:
    values = placed.values[:, index]
    known = int((~np.isnan(values)).sum())
    ones, zeros = int((values == 1).sum()), int((values == 0).sum())
    if known < limit or (profile.flag and (0 < ones < limit or 0 < zeros < limit)):
        return SharedPopulation(feature=profile.feature, flag=profile.flag)
    if profile.flag:
        return SharedPopulation(feature=profile.feature, flag=True, mean=_share(values))
    return SharedPopulation(
        feature=profile.feature,
        flag=False,
        mean=_three(profile.mean),
        median=_three(profile.median),
        q05=_three(profile.q05),
        q95=_three(profile.q95),
    )


def _typical(run: Run, placed: ProfiledCustomers, number: int, limit: int) -> dict[str, float] | None:
    """Averages of the customers nearest to the centre, as many as may be told of; None where they are fewer."""
    inside = np.flatnonzero((placed.segment == number) & ~np.isnan(placed.values).any(axis=1))
    if len(inside) < limit:
        return None
    nearest = inside[np.argsort(run.assignment.distance[inside], kind="stable")[:limit]]
    means = placed.values[nearest].mean(axis=0)
    features = run.model.recipe.features
    return {
        name: float(f"{mean:.3g}")
        for name, mean, flag in zip(features, means, placed.flags, strict=True)
        if not flag
    }


def _density(run: Run, placed: ProfiledCustomers, limit: int) -> SegmentMap:
    """The map as density: customers of each segment in each cell, the far ones brought in from the edge."""
    found, centres = run.map, run.model.centre_matrix
    points = run.model.recipe(placed.values)
    inside = placed.segment >= 0
    own = centres[placed.segment[inside]]
    shown = np.where(np.isnan(points[inside]), own, points[inside])
    plane = (shown - found.projection.mean) @ found.projection.components.T
    across, up = between(plane[:, 0]), between(plane[:, 1])
    edges = [_edges(values, bins) for values, bins in zip((across, up), GRID, strict=True)]
    counts = np.stack(
        [
            np.histogram2d(
                across[placed.segment[inside] == number], up[placed.segment[inside] == number], bins=edges
            )[0]
            for number in range(run.k)
        ]
    ).astype(np.int64)
    cells = np.arange(counts.size).reshape(run.k, -1)
    gone = hidden(counts, limit, list(cells))
    rounded = np.array([rounded_count(int(one), limit) if one else 0 for one in counts.ravel()])
    density = np.where(gone.ravel(), 0, rounded).reshape(counts.shape)
    return replace(
        found,
        x=frozen([]),
        y=frozen([]),
        segment=frozen_ints([]),
        x_edges=frozen(edges[0]),
        y_edges=frozen(edges[1]),
        density=frozen_ints(density),
        centres=frozen(np.round(found.centres, 2)),
        customers=rounded_count(int(inside.sum())),
    )


def _edges(values: Floats, bins: int) -> Floats:
    low, high = float(values.min()), float(values.max())
    return np.linspace(low, high if high > low else low + 1.0, bins + 1)


def drawable(run: Run, shared: Shared) -> Run:
    """The run as its figures may show it: no customers, rounded sizes, and only features without a hidden cell.

    Only for a shared run of which every segment is told.
    """
    survey = run.survey
    told = [
        profile.mean is not None and not any(segment.features[index].hidden for segment in shared.segments)
        for index, profile in enumerate(shared.population)
    ]
    return replace(
        run,
        survey=replace(
            survey,
            customers=survey.customers.rows(slice(0)),
            worth=None,
            value=None,
            exploration=replace(survey.exploration, rows=shared.customers),
        ),
        segments=tuple(
            _drawn(segment, seen, told) for segment, seen in zip(run.segments, shared.segments, strict=True)
        ),
        population=tuple(
            _coarse(profile, seen)
            for profile, seen, kept in zip(run.population, shared.population, told, strict=True)
            if kept
        ),
        map=shared.map,
        histograms=(),
    )


def _or_zero(value: float | None) -> float:
    """A number that figures can draw; a share of ones has no quartiles, and they are not drawn for it."""
    return 0.0 if value is None else value


def _coarse(profile: PopulationProfile, told: SharedPopulation) -> PopulationProfile:
    return replace(
        profile,
        mean=_or_zero(told.mean),
        median=_or_zero(told.median),
        q25=_or_zero(_three(profile.q25)),
        q75=_or_zero(_three(profile.q75)),
        q05=_or_zero(told.q05),
        q95=_or_zero(told.q95),
        sd=_or_zero(_three(profile.sd)),
        eta_squared=_or_zero(_two(profile.eta_squared)),
    )


def _drawn(segment: Segment, seen: SharedSegment, told: list[bool]) -> Segment:
    features = tuple(
        replace(
            feature,
            n=0,
            mean=_or_zero(told_of.mean),
            median=_or_zero(told_of.median),
            q25=_or_zero(told_of.q25),
            q75=_or_zero(told_of.q75),
            index=told_of.index,
            cohens_d=_or_zero(told_of.cohens_d),
        )
        for feature, told_of, kept in zip(segment.features, seen.features, told, strict=True)
        if kept
    )
    return replace(
        segment,
        customers=seen.customers or 0,
        share=seen.share or 0.0,
        value=None,
        value_share=None,
        features=features,
        typical=(),
        borderline=(),
        borderline_customers=0,
    )
