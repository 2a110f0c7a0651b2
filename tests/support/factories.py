"""Runs and surveys for tests: `make_run` and `make_survey`, complete, plausible and as awkward as needed."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from support.crowds import Crowd, Mask, make_crowd, segment_names, worth
from support.evidence_factory import comparison, resampled, verdict
from support.surveys import edges_of, make_survey

from segmentry.records.arrays import Floats, frozen, frozen_ints
from segmentry.records.columns import Format, Kind, Role
from segmentry.records.comparison import AlgorithmRow, Comparison
from segmentry.records.customers import Assignment
from segmentry.records.evidence import Evidence, KEvidence, SilhouetteCurve
from segmentry.records.model import Model
from segmentry.records.projection import Projection, SegmentHistogram, SegmentMap
from segmentry.records.reasons import UNEXPLAINED, Descriptor, NotJudged
from segmentry.records.recipe import FeatureStep, Recipe
from segmentry.records.run import Run
from segmentry.records.run_settings import RunSettings
from segmentry.records.segment import (
    Borderline,
    FeatureProfile,
    Fired,
    NameSource,
    Naming,
    NamingSummary,
    Play,
    PopulationProfile,
    Segment,
)
from segmentry.records.targets import Targeting
from segmentry.records.verdict import VerdictKind
from segmentry.stages.profiling.descriptors import LEAST_V, chi_squared

__all__ = ["make_crowd", "make_run", "make_survey", "with_outcomes"]


def make_run(
    k: int = 3,
    p: int = 5,
    n: int = 999,
    seed: int = 0,
    *,
    long_names: bool = False,
    hostile: bool = False,
    value: bool = True,
    dots: int = 5_000,
    sampled: int | None = None,
    judged: bool = True,
    **options: Any,
) -> Run:
    """A run over synthetic customers.

    Args:
        k: Segments.
        p: Features.
        n: Customers.
        seed: Of the generator.
        long_names: Whether feature and segment names are sentences.
        hostile: Whether they are attacks.
        value: Whether the columns say what a customer is worth.
        dots: Up to how many customers the map has dots rather than a density.
        sampled: How many customers the sweep was solved on.
        judged: Whether anything was run again: without it there are no votes and no comparison.
        **options: Those of `make_crowd`: flags, money, missing, tiny.
    """
    style = "hostile" if hostile else "long" if long_names else "plain"
    drawn = make_crowd(k, p, n, seed, names=style, **options)
    crowd = drawn.sorted_by(worth(drawn), k)
    scaled = crowd.scaled
    centres = np.array([scaled[crowd.groups == i].mean(axis=0) for i in range(k)])
    names = segment_names(k, style)
    return Run(
        survey=make_survey(crowd=crowd, value=value),
        seed=seed,
        settings=RunSettings.of({"k": "auto"}),
        model=_model(crowd, centres, names),
        evidence=resampled(_evidence(crowd, k), crowd, k) if judged else _evidence(crowd, k),
        verdict=verdict(k, VerdictKind.NATURAL if judged else VerdictKind.NOT_JUDGED),
        comparison=comparison(k, n) if judged else Comparison(algorithms=(_kmeans(k),)),
        assignment=_assignment(scaled, centres, crowd.groups),
        segments=tuple(_segment(crowd, centres, i, value=value, name=names[i]) for i in range(k)),
        population=tuple(_population(crowd, j, k) for j in range(p)),
        naming=NamingSummary(mean_fit=0.9, best_other=0.4, chance_p95=0.6, trait_map=(), unmapped=()),
        map=_map(crowd, scaled, centres, dots),
        histograms=tuple(_histogram(crowd, j, k) for j in range(p)),
        sampled=sampled,
        reasons=UNEXPLAINED,
        candidates=(),
        targeting=Targeting(),
        results=(),
        lineage=None,
    )


def _model(crowd: Crowd, centres: Floats, names: tuple[str, ...]) -> Model:
    steps = tuple(
        FeatureStep(
            column=name,
            feature=name,
            format=Format(kind=Kind.FLAG if flag else Kind.NUMBER),
            centre=float(np.nanmean(column)),
            scale=float(np.nanstd(column)) or 1.0,
            reason="standardised",
        )
        for name, column, flag in zip(crowd.names, crowd.values.T, crowd.flags, strict=True)
    )
    rows = tuple(tuple(float(one) for one in row) for row in centres)
    return Model(
        id_name="customer_id",
        recipe=Recipe(steps=steps),
        centres=rows,
        names=names,
        reach=4.0,
        as_of="2026-11-23",
    )


def with_outcomes(run: Run) -> Run:
    """The run with two outcomes: a flag that the first segments have more often, and a word that all have alike."""
    placed = [segment.customers for segment in run.segments]
    churned = [round(customers / (at + 2)) for at, customers in enumerate(placed)]
    late = [customers // 10 for customers in placed]
    found = (
        _outcome("Churn", ("no", "yes"), [(n - m, m) for n, m in zip(placed, churned, strict=True)]),
        _outcome(
            "Account status", ("Current", "Default"), [(n - m, m) for n, m in zip(placed, late, strict=True)]
        ),
    )
    return replace(run, reasons=replace(run.reasons, descriptors=found, looked_at=sum(placed)))


def _outcome(name: str, words: tuple[str, str], counts: list[tuple[int, int]]) -> Descriptor:
    test = chi_squared(np.asarray(counts))
    if not isinstance(test, NotJudged):
        test = replace(test, p_holm=test.p, different=test.effect >= LEAST_V)
    return Descriptor(
        name=name,
        role=Role.OUTCOME,
        customers=sum(map(sum, counts)),
        words=words,
        counts=tuple(counts),
        test=test,
    )


def _evidence(crowd: Crowd, shipped: int) -> Evidence:
    total = float((crowd.scaled**2).sum())
    top = max(10, shipped)
    inertia = [
        total * (0.13 + 0.87 * max(0.0, (shipped - k) / max(1, shipped - 1)) ** 1.7)
        for k in range(1, top + 1)
    ]
    inertia = [one * 0.965 ** max(0, k - shipped) for k, one in enumerate(inertia, 1)]
    smallest = int(np.bincount(crowd.groups, minlength=shipped).min())
    by_k = []
    for k in range(1, top + 1):
        width = 0.61 - 0.055 * abs(k - shipped) ** 0.8 if k > 1 else float("nan")
        by_k.append(
            KEvidence(
                k=k,
                inertia=inertia[k - 1],
                silhouette=width,
                silhouette_low=width - 0.012,
                silhouette_high=width + 0.012,
                silhouette_macro=width - 0.005,
                calinski_harabasz=1800.0 / (1 + 0.2 * abs(k - shipped)) if k > 1 else float("nan"),
                davies_bouldin=0.55 + 0.12 * abs(k - shipped) if k > 1 else float("nan"),
                smallest=smallest if k == shipped else max(1, len(crowd.groups) // (2 * k)),
                chosen=k == shipped,
            )
        )
    return Evidence(
        by_k=tuple(by_k),
        elbow=shipped if shipped > 1 else None,
        fitted=len(crowd.groups),
        silhouette_customers=min(len(crowd.groups), 5_000),
        curves=tuple(_curve(crowd, i) for i in range(shipped)) if shipped > 1 else (),
        near_ties=(shipped + 2,),
    )


def _curve(crowd: Crowd, i: int) -> SilhouetteCurve:
    mean = 0.66 - 0.06 * (i % 4)
    quantiles = mean + 0.18 - 0.75 * np.linspace(0, 1, 101) ** 4 + 0.03 * np.cos(np.linspace(0, np.pi, 101))
    return SilhouetteCurve(
        segment=i,
        customers=int((crowd.groups == i).sum()),
        mean=float(quantiles.mean()),
        quantiles=frozen(np.minimum(quantiles, 1.0)),
    )


def _kmeans(k: int) -> AlgorithmRow:
    return AlgorithmRow(
        name="kmeans", k=k, silhouette=0.61, inertia=884.58, smallest=3, scorer="centroid", shipped=True
    )


def _assignment(scaled: Floats, centres: Floats, groups: NDArray[np.int64]) -> Assignment:
    n, k = len(groups), len(centres)
    far = np.sqrt(((scaled[:, None, :] - centres[None]) ** 2).sum(axis=2))
    own = far[np.arange(n), groups]
    others = far.copy()
    others[np.arange(n), groups] = np.inf
    rival = others.argmin(axis=1) if k > 1 else np.full(n, -1)
    rival_distance = others.min(axis=1) if k > 1 else np.full(n, np.nan)
    confidence = np.clip(1 - own / rival_distance, 0, 1) if k > 1 else np.ones(n)
    return Assignment(
        segment=frozen_ints(groups),
        rival=frozen_ints(rival),
        distance=frozen(own),
        rival_distance=frozen(rival_distance),
        confidence=frozen(confidence),
        missing_share=frozen(np.zeros(n)),
        out_of_range=np.zeros(n, dtype=np.bool_),
        placement=np.zeros(n, dtype=np.int8),
    )


def _segment(crowd: Crowd, centres: Floats, i: int, *, value: bool, name: str) -> Segment:
    inside = crowd.groups == i
    worths = worth(crowd)
    shares = centres[i] ** 2 / ((centres[i] ** 2).sum() or 1.0)
    if len(centres) == 1:
        shares = np.full(len(crowd.names), 1 / len(crowd.names))
    one_liner = f"{name[:80]}: what they are, in one short sentence."
    return Segment(
        number=i + 1,
        naming=Naming(name=name, source=NameSource.ARCHETYPE, one_liner=one_liner, fit=0.9, archetype=name),
        customers=int(inside.sum()),
        share=float(inside.mean()),
        value=float(worths[inside].sum()) if value else None,
        value_share=float(worths[inside].sum() / worths.sum()) if value else None,
        features=tuple(_profile(crowd, inside, j, float(shares[j])) for j in range(len(crowd.names))),
        silhouette=0.6 if len(centres) > 1 else float("nan"),
        mean_confidence=0.7 if len(centres) > 1 else 1.0,
        typical=("C000001", "C000002"),
        borderline=(Borderline(id="C000003", rival=name, confidence=0.05),) if len(centres) > 1 else (),
        borderline_customers=1 if len(centres) > 1 else 0,
        play=_play(crowd),
    )


def _profile(crowd: Crowd, inside: Mask, j: int, importance: float) -> FeatureProfile:
    column = crowd.values[:, j]
    mine, rest = column[inside & ~np.isnan(column)], column[~inside & ~np.isnan(column)]
    overall = float(np.nanmean(column))
    pooled = float(np.sqrt((mine.var() + rest.var()) / 2)) if len(rest) and len(mine) else 0.0
    gap = (float(mine.mean()) - float(rest.mean())) / pooled if pooled else 0.0
    nothing = (float("nan"),) * 3
    q25, median, q75 = (float(one) for one in np.quantile(mine, [0.25, 0.5, 0.75])) if len(mine) else nothing
    mean = float(mine.mean()) if len(mine) else float("nan")
    return FeatureProfile(
        feature=crowd.names[j],
        flag=crowd.flags[j],
        n=len(mine),
        mean=mean,
        median=median,
        q25=q25,
        q75=q75,
        index=100 * mean / overall if overall > 0 and len(mine) else None,
        cohens_d=gap,
        marker=abs(gap) >= 1.0,
        importance=importance,
    )


def _population(crowd: Crowd, j: int, k: int) -> PopulationProfile:
    column = crowd.values[:, j]
    known = ~np.isnan(column)
    q05, q25, median, q75, q95 = (
        float(one) for one in np.quantile(column[known], [0.05, 0.25, 0.5, 0.75, 0.95])
    )
    mean = float(column[known].mean())
    between = 0.0
    for i in range(k):
        mine = column[known & (crowd.groups == i)]
        between += len(mine) * (float(mine.mean()) - mean) ** 2 if len(mine) else 0.0
    total = float(((column[known] - mean) ** 2).sum())
    return PopulationProfile(
        feature=crowd.names[j],
        flag=crowd.flags[j],
        mean=mean,
        median=median,
        q25=q25,
        q75=q75,
        q05=q05,
        q95=q95,
        sd=float(column[known].std()),
        eta_squared=between / total if total else 0.0,
        trait=None,
    )


def _play(crowd: Crowd) -> Play:
    fired = Fired(
        trait="spend",
        feature=crowd.names[0],
        level="high",
        segment_value=20.0,
        population_value=10.0,
        sentence="20 against 10 for everybody.",
    )
    return Play(
        id="early_access",
        objective="Keep them",
        hypothesis="They value being first",
        offer="Early access",
        channel=("email",),
        message="You first",
        do="Thank them",
        dont="Discount",
        guardrails=("margin",),
        suppressions=("opted out",),
        kpi="repeat orders",
        fired=(fired,),
    )


def _map(crowd: Crowd, scaled: Floats, centres: Floats, dots: int) -> SegmentMap:
    n, p, k = len(scaled), len(crowd.names), len(centres)
    _, sizes, axes = np.linalg.svd(scaled, full_matrices=False)
    components = np.zeros((2, p))
    components[: min(2, p)] = axes[:2] * np.sign(axes[:2].sum(axis=1, keepdims=True) + 1e-9)
    explained = np.zeros(2)
    explained[: min(2, p)] = (sizes**2 / (sizes**2).sum())[:2]
    x, y = (scaled @ components.T).T
    x_edges, y_edges = np.zeros(0), np.zeros(0)
    density = np.zeros((k, 0, 0))
    if n > dots:
        x_edges = np.linspace(x.min(), x.max() + 1e-9, 241)
        y_edges = np.linspace(y.min() - 0.01, y.max() + 0.01, 161)
        density = np.array(
            [
                np.histogram2d(x[crowd.groups == i], y[crowd.groups == i], (x_edges, y_edges))[0]
                for i in range(k)
            ]
        )
    shown = slice(None) if n <= dots else slice(0, 0)
    return SegmentMap(
        projection=Projection(
            features=crowd.names,
            mean=frozen(np.zeros(p)),
            components=frozen(components),
            explained=frozen(explained),
        ),
        x=frozen(x[shown]),
        y=frozen(y[shown]),
        segment=frozen_ints(crowd.groups[shown]),
        x_edges=frozen(x_edges),
        y_edges=frozen(y_edges),
        density=frozen_ints(density),
        centres=frozen(centres @ components.T),
        customers=n,
    )


def _histogram(crowd: Crowd, j: int, k: int) -> SegmentHistogram:
    edges = edges_of(crowd, j)
    counts = [np.histogram(crowd.values[crowd.groups == i, j], edges)[0] for i in range(k)]
    return SegmentHistogram(
        feature=crowd.names[j],
        edges=frozen(edges),
        log_axis=crowd.money[j],
        flag=crowd.flags[j],
        counts=frozen_ints(np.array(counts)),
    )
