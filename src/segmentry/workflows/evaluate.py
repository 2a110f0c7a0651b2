"""The same evidence for segments that a team already has: what do the data say of them?"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import nan

import numpy as np

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.pseudonym_key import pseudonyms
from segmentry.edges.sources import ReadTable, read_table
from segmentry.edges.sources.columns import as_texts, ids_of
from segmentry.errors import DataError, UsageError, shortened, unknown
from segmentry.pipeline.evidence import Weighed, weigh
from segmentry.pipeline.given_evidence import (
    Appraisal,
    Labelled,
    appraise,
    nearest_mean,
    one_audience,
)
from segmentry.pipeline.survey import Surveyed, make_survey
from segmentry.pipeline.sweep import Ready, prepare, solve
from segmentry.progress import begin
from segmentry.records.arrays import Floats, Ints, Texts
from segmentry.records.columns import Role
from segmentry.records.evaluation import FEWEST, Evaluation, GivenFeature, GivenSegment
from segmentry.records.evidence import Evidence, SegmentStability
from segmentry.records.run import Survey
from segmentry.records.solution import Solution
from segmentry.records.verdict import VerdictKind
from segmentry.settings import Settings
from segmentry.stages.choose import Choose
from segmentry.stages.choose.given import given_sentence
from segmentry.stages.cleaning.clean import SMALLEST
from segmentry.stages.clustering.kmeans import adjusted_rand, assign
from segmentry.stages.evidence.budgets import EFFORTS
from segmentry.stages.scoring.customer_columns import PLACEMENT_COLUMNS, VALUE

MOST_SEGMENTS = 50
"""Different values above which a column looks like an id."""

WRITTEN = tuple(column.name for column in PLACEMENT_COLUMNS)
SIGNATURE = frozenset({"runner_up", "confidence_level"})
"""Columns that say where customers were placed, and those that only a run writes."""


def judge(source: object, labels: str, settings: Settings) -> Evaluation:
    """From a customer table that holds segments to the evidence for them.

    Args:
        source: A path, a table in memory or an Ibis table.
        labels: The column that holds the segments.
        settings: The settings; ``k`` has no say.

    Raises:
        SegmentryError: when the source cannot be read or cannot carry segments, or the labels are
            not segments.
    """
    begin("Reading the segments")
    told = _told(source, labels, settings)
    surveyed = make_survey(told.source, told.settings)
    begin("Preparing the features")
    given = _given(told, surveyed)
    begin("Looking for segments of our own")
    found = _found(given, told.settings)
    begin("Weighing the evidence")
    return _evaluation(told, given, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The labels as they stand in the input.

    Attributes:
        read: The input.
        source: The same for the survey; what is in memory is read once and kept, as some of it cannot be
            read again.
        column: The column of the labels.
        texts: The label of each row as text, None where missing.
        written: Columns that an earlier run wrote.
        settings: The settings, with the labels and those columns left out of the features.
    """

    read: ReadTable
    source: object
    column: str
    texts: Texts
    written: tuple[str, ...]
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """The customers whose segment and measures are known.

    Attributes:
        ready: Their features.
        names: k names of segments, the largest first.
        labels: The number of each fitted customer's segment.
        unlabelled, unclear, unmeasured: Customers that are left out, and why.
    """

    ready: Ready
    names: tuple[str, ...]
    labels: Ints
    unlabelled: int
    unclear: int
    unmeasured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is found in the same customers without a look at the labels.

    Attributes:
        ready: The features as they were solved on.
        weighed: The evidence and the recommendation.
        alike: The solution with as many segments; None where the customers do not differ enough.
    """

    ready: Ready
    weighed: Weighed
    alike: Solution | None


def _told(source: object, labels: str, settings: Settings) -> _Told:
    """Read the labels, and refuse a column that holds no segments."""
    read = read_table(source, settings.reading)
    names = list(read.formats)
    column = _named(labels, names)
    _refuse_part(column, settings)
    texts = as_texts(fetch(read.texts.select(column))[column])
    _refuse_no_segments(column, texts)
    written = _written(names, column, settings)
    left_out = [*(one for one in settings.columns.exclude if not _same(one, column)), column, *written]
    describing = tuple(
        descriptor for descriptor in settings.columns.descriptors if not _same(descriptor, column)
    )
    return _Told(
        read=read,
        source=source if isinstance(source, str | os.PathLike) else fetch(read.source.table),
        column=column,
        texts=texts,
        written=written,
        settings=settings.changed(exclude=tuple(dict.fromkeys(left_out)), descriptors=describing),
    )


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _named(asked: str, names: Sequence[str]) -> str:
    """The column that is meant, whatever its case and outer spaces."""
    alike = [asked] if asked in names else [name for name in names if _same(name, asked)]
    if len(alike) != 1:
        raise unknown("column", asked, names)
    return alike[0]


def _refuse_part(column: str, settings: Settings) -> None:
    """Refuse labels that are said to be the id or a feature."""
    if settings.columns.id is not None and _same(settings.columns.id, column):
        raise UsageError(
            f"'{shortened(column)}' is the id: it says who a customer is, not which segment.",
            hint="Name the column that holds the segments in --labels.",
        )
    if any(_same(feature, column) for feature in settings.columns.features):
        raise UsageError(
            f"'{shortened(column)}' cannot be a feature and hold the segments that features are asked about.",
            hint="Take it out of the features.",
        )


def _refuse_no_segments(column: str, texts: Texts) -> None:
    """Refuse labels that divide nobody, or nearly everybody from everybody."""
    present = [text for text in texts if text is not None]
    different = len(set(present))
    where = f"'{shortened(column)}'"
    if not different:
        raise DataError(
            f"No customer has a segment in {where}: every value is missing.",
            hint="Name the column that holds the segments in --labels.",
        )
    if different == 1:
        raise DataError(
            f"All customers are in one segment in {where} ({shortened(present[0])!r}).",
            hint="There must be two or more to be told apart.",
        )
    if different > min(MOST_SEGMENTS, len(present) / 2):
        raise DataError(
            f"{where} holds {different:,} different values for {len(present):,} customers: that looks like an id "
            "or a measure, not like segments.",
            hint=f"Name a column with 2 to {MOST_SEGMENTS} segments in --labels.",
        )


def _written(names: Sequence[str], column: str, settings: Settings) -> tuple[str, ...]:
    """The columns in which an earlier run said where customers were placed: answers, not measures.

    ``value`` is one of them where it stands right after another.
    """
    if not set(names) >= SIGNATURE:
        return ()
    kept = {column, *settings.columns.features, *settings.columns.exclude, *settings.columns.descriptors}
    valued = {VALUE.name for before, name in pairwise(names) if before in WRITTEN and name == VALUE.name}
    return tuple(name for name in names if name in {*WRITTEN, *valued} - kept)


def _given(told: _Told, surveyed: Surveyed) -> _Given:
    """The customers whose segment is known, with their features made ready."""
    customers = surveyed.survey.customers
    labels, unclear = _by_customer(told, surveyed.survey)
    rows = np.flatnonzero([label is not None for label in labels])
    _refuse_few(told.column, len(rows))
    known = customers.rows(rows)
    values = known.matrix([given.column.feature for given in surveyed.given])
    ready = prepare(values, known.ids, surveyed.given, told.settings)
    fitted = labels[rows][ready.fitted]
    _refuse_few(told.column, len(fitted))
    _refuse_no_segments(told.column, fitted)
    names, numbers = _numbered(fitted)
    _refuse_small(told.column, np.bincount(numbers))
    return _Given(
        ready=ready,
        names=names,
        labels=numbers,
        unlabelled=len(labels) - len(rows) - unclear,
        unclear=unclear,
        unmeasured=len(rows) - len(fitted),
    )


def _by_customer(told: _Told, survey: Survey) -> tuple[Texts, int]:
    """The label of each customer, None without one; and how many have rows that name different ones."""
    id_name = next((column.name for column in survey.columns if column.role is Role.ID), None)
    label_of: dict[str, str | None] = {}
    unclear = set()
    known = ids_of(told.read, id_name)
    if told.settings.privacy.pseudonymise and id_name:
        known = pseudonyms(told.settings.privacy.key_file).of(known)
    for who, label in zip(known, told.texts, strict=True):
        if label_of.setdefault(who, label) != label:
            unclear.add(who)
    labels = [None if who in unclear else label_of[who] for who in survey.customers.ids]
    return np.array(labels, dtype=object), len(unclear)


def _refuse_few(column: str, customers: int) -> None:
    if customers < SMALLEST:
        raise DataError(
            f"{customers} customer{'s' * (customers != 1)} with a segment in '{shortened(column)}' and known "
            f"measures {'is' if customers == 1 else 'are'} too few to judge segments by.",
            hint=f"Bring at least {SMALLEST}.",
        )


def _refuse_small(column: str, sizes: Ints) -> None:
    large = int((sizes >= FEWEST).sum())
    if large < 2:  # noqa: PLR2004 - one segment is not told from anything
        raise DataError(
            f"{large or 'None'} of the {len(sizes)} segments in '{shortened(column)}' "
            f"{'has' if large == 1 else 'have'} {FEWEST} customers or more.",
            hint="Two are needed: join small segments, or bring more customers.",
        )


def _numbered(labels: Texts) -> tuple[tuple[str, ...], Ints]:
    """The names of the segments, the largest first, and each customer's number."""
    found, places, counts = np.unique(labels.astype(str), return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return tuple(str(one) for one in found[order]), np.argsort(order)[places]


def _found(given: _Given, settings: Settings) -> _Found:
    """Segments as they are found without a look at the labels, also as many as there are labels."""
    k = len(given.names)
    as_many = k if k <= given.ready.distinct else None
    swept = solve(given.ready, settings.replaced(k=as_many))
    return _Found(
        ready=swept.ready,
        weighed=weigh(swept.ready, swept.solutions, settings.replaced(k=None)),
        alike=next((solution for solution in swept.solutions if solution.k == k), None),
    )


def _evaluation(told: _Told, given: _Given, found: _Found) -> Evaluation:
    """Everything in one record; features in the order of their content while it is measured."""
    by_content = found.ready.by_content
    labelled = Labelled.of(found.ready.points[:, by_content], given.labels)
    seed = told.settings.choice.seed
    seen = appraise(labelled, found.ready.judged_on, EFFORTS[told.settings.choice.effort], seed=seed)
    placed = nearest_mean(labelled)
    ours, verdict = found.weighed.solution, found.weighed.verdict
    alike = found.weighed.evidence.at(found.alike.k).silhouette if found.alike else nan
    made = Evaluation(
        source=told.read.source.info,
        labels=told.column,
        seed=seed,
        settings=told.settings.plain(),
        segments=tuple(_segments(given.names, labelled, placed, seen)),
        features=_features([found.ready.recipe.features[one] for one in by_content], seen),
        customers=len(given.labels),
        unlabelled=given.unlabelled,
        unclear=given.unclear,
        unmeasured=given.unmeasured,
        set_aside=told.written,
        evidence=seen.evidence,
        budget=seen.budget,
        silhouette_customers=len(found.ready.judged_on),
        kept=float((placed == given.labels).mean()),
        kept_by_chance=_by_chance(given.labels, placed),
        kept_index=adjusted_rand(given.labels, placed),
        like_kmeans=_like(given.labels, found.ready.points, found.alike),
        kmeans_silhouette=alike,
        like_recommended=_like(given.labels, found.ready.points, ours if ours.k > 1 else None),
        kind=_kind(seen, labelled.points),
        recommended=verdict,
    )
    return replace(made, sentence=given_sentence(made))


def _by_chance(labels: Ints, placed: Ints) -> float:
    """The share of customers who would be placed in their segment if that were drawn by lot."""
    k = int(labels.max()) + 1
    own, other = np.bincount(labels, minlength=k), np.bincount(placed, minlength=k)
    return float((own * other).sum() / len(labels) ** 2)


def _like(labels: Ints, points: Floats, solution: Solution | None) -> float:
    """How far the labels agree with a solution; NaN without one."""
    return nan if solution is None else adjusted_rand(labels, assign(points, solution.centres)[0])


def _kind(seen: Appraisal, points: Floats) -> VerdictKind:
    """The kind of the given segments, by the rule for those that are found."""
    row = seen.evidence
    if row.resampled is None or len(row.resampled.segments) <= 1:
        return VerdictKind.NOT_JUDGED
    evidence = Evidence(
        by_k=(one_audience(points), row),
        elbow=None,
        fitted=len(points),
        silhouette_customers=len(points),
        curves=(),
    )
    return Choose(k=row.k, max_segments=row.k, floor_customers=1, floor_share=0.0)(evidence).kind


def _segments(names: Sequence[str], given: Labelled, placed: Ints, seen: Appraisal) -> Iterator[GivenSegment]:
    stability = {one.segment: one for one in _stability(seen)}
    apart = ((given.means[:, None, :] - given.means[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    for number, name in enumerate(names):
        inside = given.labels == number
        again = stability.get(number)
        yield GivenSegment(
            name=name,
            customers=int(inside.sum()),
            share=float(inside.mean()),
            silhouette=float(seen.silhouettes[number]),
            kept=float((placed[inside] == number).mean()),
            jaccard=again.jaccard if again else None,
            separated=again.separated if again else False,
            alike=names[int(apart[number].argmin())],
        )


def _stability(seen: Appraisal) -> tuple[SegmentStability, ...]:
    return seen.evidence.resampled.segments if seen.evidence.resampled else ()


def _features(names: Sequence[str], seen: Appraisal) -> tuple[GivenFeature, ...]:
    """The features, most telling first."""
    if seen.evidence.resampled is None:
        return ()
    twins = seen.evidence.resampled.twins
    found = (
        GivenFeature(
            feature=name,
            eta_squared=float(seen.eta_squared[one]),
            twin=twins.eta_squared[one],
            twin_high=twins.eta_squared_high[one],
            between=float(seen.between[one]),
            alone=float(seen.alone[one]),
        )
        for one, name in enumerate(names)
    )
    return tuple(sorted(found, key=lambda one: (-one.eta_squared, one.feature)))
