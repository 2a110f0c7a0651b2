"""Runs and surveys made of synthetic customers: complete, plausible and as awkward as a test needs."""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats, frozen, frozen_ints
from segmentry.records.audit import Action, Audit, Finding, Ledger, LedgerLine, Readiness, Severity
from segmentry.records.columns import Column, Format, Kind, Role
from segmentry.records.customers import Assignment, CustomerTable
from segmentry.records.evidence import (
    AlgorithmRow,
    Evidence,
    KEvidence,
    SilhouetteCurve,
    Verdict,
    VerdictKind,
)
from segmentry.records.exploration import (
    ColumnQuality,
    Correlations,
    Distribution,
    Exploration,
    MissingBlock,
    PairDensity,
)
from segmentry.records.map import Projection, SegmentHistogram, SegmentMap
from segmentry.records.model import Model
from segmentry.records.recipe import FeatureStep, Recipe
from segmentry.records.run import Run, SourceInfo, Survey, ValueMeasure
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

FEATURES = (
    "total_purchases",
    "avg_cart_value",
    "total_time_spent",
    "product_click",
    "discount_count",
    "days_since_last_order",
    "email_open_rate",
    "returns",
    "support_tickets",
    "wishlist_items",
    "review_count",
    "session_minutes",
    "pages_per_visit",
    "basket_size",
    "delivery_fee_paid",
    "loyalty_points",
    "coupon_value",
    "referrals",
    "app_visits",
    "newsletter_clicks",
)
SEGMENTS = (
    "High Spenders",
    "Loyal Regulars",
    "Bargain Hunters",
    "Promising Newcomers",
    "Window Shoppers",
    "Occasional Gifters",
    "Seasonal Visitors",
    "Drifting Away",
    "Big Basket Families",
    "Weekend Browsers",
    "Returns-Prone Buyers",
    "Quiet Subscribers",
)
LONG_FEATURE = (
    "Average monthly spend on household and garden articles excluding delivery charges and VAT, item {}"
)
LONG_SEGMENT = (
    "Customers who rarely visit but spend a great deal each time they come back to the shop, group {}"
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}}",
    '=HYPERLINK("x","y")',
    "line\nbreak\ttab\x00\x07",
    "\u202egnp.exe\u200f \u2066right to left\u2069",
    "🛒🎁 cart & <b>gift</b>",
    "datum['x'] || signal.y",
    "a.b[0]['c']\\d",
    "",
    "  ",
    "x" * 10_000,
)
WHOLE_BINS = 40

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Synthetic customers.

    Attributes:
        values: n x p raw values, NaN where missing.
        groups: n group numbers from 0.
        flags: p times whether the feature is two-valued.
        money: p times whether the feature is skewed money.
        names: p feature names.
    """

    values: Floats
    groups: NDArray[np.int64]
    flags: tuple[bool, ...]
    money: tuple[bool, ...]
    names: tuple[str, ...]

    @property
    def scaled(self) -> Floats:
        """The values with missing ones filled by the mean, standardised."""
        mean = np.nanmean(self.values, axis=0)
        filled = np.where(np.isnan(self.values), mean, self.values)
        return (filled - mean) / np.where(filled.std(axis=0) > 0, filled.std(axis=0), 1.0)

    def sorted_by(self, worth: Floats, k: int) -> "Crowd":
        """The same customers with the groups renumbered, the most valuable per customer first."""
        means = [worth[self.groups == i].mean() for i in range(k)]
        rank = np.argsort(np.argsort([-one for one in means], kind="stable"), kind="stable")
        return replace(self, groups=rank[self.groups])


def feature_names(p: int, style: str = "plain") -> tuple[str, ...]:
    """The names of p features: plain, long or hostile."""
    if style == "long":
        return tuple(LONG_FEATURE.format(i + 1) for i in range(p))
    return _cycled(HOSTILE if style == "hostile" else FEATURES, p)


def segment_names(k: int, style: str = "plain") -> tuple[str, ...]:
    """The names of k segments: plain, long or hostile."""
    if style == "long":
        return tuple(LONG_SEGMENT.format(i + 1) for i in range(k))
    if style == "plain" and k == 1:
        return ("All Customers",)
    return _cycled(HOSTILE if style == "hostile" else SEGMENTS, k)


def _cycled(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    laps = [names[i % len(names)] for i in range(count)]
    return tuple(name if i < len(names) else f"{name} {i // len(names) + 1}" for i, name in enumerate(laps))


def make_crowd(
    k: int = 3,
    p: int = 5,
    n: int = 999,
    seed: int = 0,
    *,
    names: str = "plain",
    flags: int = 0,
    money: int = 0,
    missing: bool = False,
    tiny: bool = False,
) -> Crowd:
    """Draw n customers of k groups over p features.

    Args:
        k: Groups.
        p: Features.
        n: Customers.
        seed: Of the generator.
        names: plain, long or hostile.
        flags: How many of the last features are 0/1.
        money: How many of the first features are skewed amounts of money.
        missing: Whether values are missing, alone and in blocks.
        tiny: Whether the last group has three customers.
    """
    dice = np.random.default_rng(seed)
    sizes = np.floor(np.linspace(1.5, 0.8, k) / np.linspace(1.5, 0.8, k).sum() * n).astype(int)
    if tiny and k > 1:
        sizes[-1] = 3
    sizes[0] += n - sizes.sum()
    groups = dice.permutation(np.repeat(np.arange(k), sizes))
    spread = np.tile(np.linspace(-1.8, 1.8, k) if k > 1 else np.zeros(1), (p, 1))
    latent = dice.permuted(spread, axis=1).T[groups] + dice.normal(0, 0.55, (n, p))
    values = np.maximum(0.0, np.array([6.0, 30.0, 18.0, 11.0, 3.0])[np.arange(p) % 5] * (latent + 2.6))
    values = np.where(np.arange(p) % 5 == 1, np.round(values, 2), np.round(values))
    is_money, is_flag = np.arange(p) < money, np.arange(p) >= p - flags
    values[:, is_money] = np.round(np.exp(4.2 + 0.9 * latent[:, is_money]), 2)
    values[:, is_flag] = (latent[:, is_flag] + dice.normal(0, 0.6, (n, int(is_flag.sum()))) > 0).astype(float)
    if missing:
        values[dice.random((n, p)) < 0.03] = np.nan
        values[np.ix_(np.flatnonzero(dice.random(n) < 0.02), np.arange(min(2, p)))] = np.nan
    return Crowd(
        values=values,
        groups=groups,
        flags=tuple(bool(one) for one in is_flag),
        money=tuple(bool(one) for one in is_money & ~is_flag),
        names=feature_names(p, names),
    )


def make_survey(
    p: int = 5,
    n: int = 999,
    seed: int = 0,
    *,
    value: bool = True,
    crowd: Crowd | None = None,
    **options: Any,
) -> Survey:
    """A survey of synthetic customers; the options are those of `make_crowd`."""
    crowd = crowd or make_crowd(p=p, n=n, seed=seed, **options)
    n, p = crowd.values.shape
    ids = np.array([f"C{i:06d}" for i in range(n)], dtype=object)
    names = crowd.names
    return Survey(
        source=SourceInfo(
            name="customers.csv", kind="csv", rows=n, columns=p + 1, fingerprint="0" * 64, notes=("utf-8",)
        ),
        columns=(
            _id_column(),
            *(_column(name, flag=flag) for name, flag in zip(names, crowd.flags, strict=True)),
        ),
        customers=CustomerTable(
            id_name="customer_id", ids=ids, ids_are_integers=False, names=names, values=frozen(crowd.values)
        ),
        value=_value_measure(names) if value else None,
        audit=_audit(n, crowd),
        exploration=_exploration(crowd),
        as_of="2026-11-23",
    )


def _value_measure(names: tuple[str, ...]) -> ValueMeasure:
    columns = names[:2]
    return ValueMeasure(label=" x ".join(columns), columns=columns, product=True)


def _worth(crowd: Crowd) -> Floats:
    return np.nan_to_num(crowd.values[:, :2]).prod(axis=1)


def _id_column() -> Column:
    return Column(
        name="customer_id",
        feature="customer_id",
        format=Format(kind=Kind.TEXT),
        role=Role.ID,
        reason="different in every row",
    )


def _column(name: str, *, flag: bool) -> Column:
    kind = Kind.FLAG if flag else Kind.NUMBER
    return Column(
        name=name,
        feature=name,
        format=Format(kind=kind),
        role=Role.SEGMENTATION,
        reason="a number per customer",
    )


def _audit(n: int, crowd: Crowd) -> Audit:
    gaps = int(np.isnan(crowd.values).sum())
    finding = Finding(
        rule="M1",
        severity=Severity.WARN,
        columns=crowd.names[:1],
        rows=gaps,
        action=Action.CHANGED,
        sentence=f"{gaps} values are missing.",
    )
    return Audit(
        readiness=Readiness.CAUTIONS if gaps else Readiness.READY,
        reasons=("values are missing",) if gaps else (),
        light="green",
        light_sentence="Enough customers for the number of features.",
        findings=(finding,) if gaps else (),
        ledger=Ledger(
            rows_in=n,
            value_in=0.0,
            lines=(LedgerLine(rule="used", action=Action.KEPT, rows=n, value=0.0, sentence="used"),),
        ),
    )


def _exploration(crowd: Crowd) -> Exploration:
    pearson = _correlation(crowd.scaled)
    spearman = _correlation(crowd.scaled.argsort(axis=0).argsort(axis=0).astype(float))
    p = len(crowd.names)
    order = sorted(
        ((i, j) for i in range(p) for j in range(i + 1, p)), key=lambda ij: -abs(np.nan_to_num(spearman[ij]))
    )
    return Exploration(
        rows=len(crowd.values),
        distributions=tuple(_distribution(crowd, j) for j in range(p)),
        correlations=Correlations(features=crowd.names, pearson=frozen(pearson), spearman=frozen(spearman)),
        pairs=tuple(
            _pair(crowd, i, j, pearson=float(pearson[i, j]), spearman=float(spearman[i, j])) for i, j in order
        ),
        columns=(
            ColumnQuality(
                name="customer_id",
                role="id",
                kind="text",
                missing=0,
                distinct=len(crowd.values),
                top_share=1 / len(crowd.values),
            ),
            *(_quality(crowd, j) for j in range(p)),
        ),
        missing_blocks=_blocks(crowd),
    )


def _correlation(values: Floats) -> Floats:
    spread = values.std(axis=0)
    centred = (values - values.mean(axis=0)) / np.where(spread > 0, spread, np.nan)
    return np.asarray(centred.T @ centred / len(values))


def _edges(crowd: Crowd, j: int) -> Floats:
    column = crowd.values[~np.isnan(crowd.values[:, j]), j]
    if crowd.flags[j]:
        return np.array([-0.5, 0.5, 1.5])
    if crowd.money[j]:
        return np.geomspace(column[column > 0].min(), column.max() * 1.0001, 25)
    if column.max() - column.min() <= WHOLE_BINS and (column == np.round(column)).all():
        return np.arange(column.min() - 0.5, column.max() + 1.5)
    return np.linspace(column.min(), max(column.max(), column.min() + 1), 25)


def _distribution(crowd: Crowd, j: int) -> Distribution:
    column = crowd.values[~np.isnan(crowd.values[:, j]), j]
    edges = _edges(crowd, j)
    q05, q25, median, q75, q95 = (float(one) for one in np.quantile(column, [0.05, 0.25, 0.5, 0.75, 0.95]))
    low, high = q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)
    spread = float(column.std())
    return Distribution(
        feature=crowd.names[j],
        flag=crowd.flags[j],
        integer=bool((column == np.round(column)).all()),
        log_axis=crowd.money[j],
        edges=frozen(edges),
        counts=frozen_ints(np.histogram(column, edges)[0]),
        n=len(column),
        missing=len(crowd.values) - len(column),
        mean=float(column.mean()),
        sd=spread,
        skew=float(((column - column.mean()) ** 3).mean() / spread**3) if spread else 0.0,
        minimum=float(column.min()),
        q05=q05,
        q25=q25,
        median=median,
        q75=q75,
        q95=q95,
        maximum=float(column.max()),
        whisker_low=float(column[column >= low].min()),
        whisker_high=float(column[column <= high].max()),
        outliers_low=int((column < low).sum()),
        outliers_high=int((column > high).sum()),
    )


def _pair(crowd: Crowd, i: int, j: int, *, pearson: float, spearman: float) -> PairDensity:
    known = ~np.isnan(crowd.values[:, [i, j]]).any(axis=1)
    x, y = crowd.values[known, i], crowd.values[known, j]
    x_edges = np.linspace(x.min(), x.max() + 1e-9 + float(x.min() == x.max()), 25)
    y_edges = np.linspace(y.min(), y.max() + 1e-9 + float(y.min() == y.max()), 25)
    return PairDensity(
        x=crowd.names[i],
        y=crowd.names[j],
        x_edges=frozen(x_edges),
        y_edges=frozen(y_edges),
        counts=frozen_ints(np.histogram2d(x, y, bins=(x_edges, y_edges))[0]),
        pearson=pearson,
        spearman=spearman,
    )


def _quality(crowd: Crowd, j: int) -> ColumnQuality:
    column = crowd.values[~np.isnan(crowd.values[:, j]), j]
    distinct, counts = np.unique(column, return_counts=True)
    return ColumnQuality(
        name=crowd.names[j],
        role="segmentation",
        kind="flag" if crowd.flags[j] else "number",
        missing=len(crowd.values) - len(column),
        distinct=len(distinct),
        top_share=float(counts.max() / len(column)),
    )


def _blocks(crowd: Crowd) -> tuple[MissingBlock, ...]:
    gaps = np.isnan(crowd.values)
    patterns, rows = np.unique(gaps[gaps.any(axis=1)], axis=0, return_counts=True)
    found = [
        MissingBlock(columns=tuple(np.array(crowd.names)[pattern].tolist()), rows=int(count))
        for pattern, count in zip(patterns, rows, strict=True)
    ]
    return tuple(sorted(found, key=lambda block: -block.rows))


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
        **options: Those of `make_crowd`: flags, money, missing, tiny.
    """
    style = "hostile" if hostile else "long" if long_names else "plain"
    drawn = make_crowd(k, p, n, seed, names=style, **options)
    crowd = drawn.sorted_by(_worth(drawn), k)
    scaled = crowd.scaled
    centres = np.array([scaled[crowd.groups == i].mean(axis=0) for i in range(k)])
    names = segment_names(k, style)
    return Run(
        survey=make_survey(crowd=crowd, value=value),
        seed=seed,
        settings={"k": "auto"},
        model=_model(crowd, centres, names),
        evidence=_evidence(crowd, k),
        verdict=_verdict(k),
        algorithms=(
            AlgorithmRow(
                name="kmeans",
                k=k,
                silhouette=0.61,
                inertia=884.58,
                smallest=3,
                scores_new_customers=True,
                shipped=True,
            ),
        ),
        assignment=_assignment(scaled, centres, crowd.groups),
        segments=tuple(_segment(crowd, centres, i, value=value, name=names[i]) for i in range(k)),
        population=tuple(_population(crowd, j, k) for j in range(p)),
        naming=NamingSummary(mean_fit=0.9, best_other=0.4, chance_p95=0.6, trait_map=(), unmapped=()),
        map=_map(crowd, scaled, centres, dots),
        histograms=tuple(_histogram(crowd, j, k) for j in range(p)),
        sampled=sampled,
    )


def _model(crowd: Crowd, centres: Floats, names: tuple[str, ...]) -> Model:
    steps = tuple(
        FeatureStep(
            column=name,
            feature=name,
            format=Format(kind=Kind.NUMBER),
            centre=float(np.nanmean(column)),
            scale=float(np.nanstd(column)) or 1.0,
            reason="standardised",
        )
        for name, column in zip(crowd.names, crowd.values.T, strict=True)
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


def _verdict(k: int) -> Verdict:
    if k == 1:
        return Verdict(
            kind=VerdictKind.NOT_JUDGED,
            k=1,
            runner_up=None,
            confidence="not_judged",
            sentence="One audience: everybody is in one segment.",
        )
    return Verdict(
        kind=VerdictKind.NATURAL,
        k=k,
        runner_up=k + 1,
        confidence="high",
        sentence=f"We recommend {k} segments (high confidence): the groups are compact and far apart.",
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
    worth = _worth(crowd)
    shares = centres[i] ** 2 / ((centres[i] ** 2).sum() or 1.0)
    if len(centres) == 1:
        shares = np.full(len(crowd.names), 1 / len(crowd.names))
    one_liner = f"{name[:80]}: what they are, in one short sentence."
    return Segment(
        number=i + 1,
        naming=Naming(name=name, source=NameSource.ARCHETYPE, one_liner=one_liner, fit=0.9, archetype=name),
        customers=int(inside.sum()),
        share=float(inside.mean()),
        value=float(worth[inside].sum()) if value else None,
        value_share=float(worth[inside].sum() / worth.sum()) if value else None,
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
    edges = _edges(crowd, j)
    counts = [np.histogram(crowd.values[crowd.groups == i, j], edges)[0] for i in range(k)]
    return SegmentHistogram(
        feature=crowd.names[j],
        edges=frozen(edges),
        log_axis=crowd.money[j],
        flag=crowd.flags[j],
        counts=frozen_ints(np.array(counts)),
    )
