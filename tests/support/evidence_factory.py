"""The evidence, votes and comparisons of made-up runs: plausible for any number of segments."""

from collections.abc import Mapping
from dataclasses import replace
from math import nan

import numpy as np
from numpy.typing import NDArray
from support.crowds import Crowd

from segmentry.records.arrays import frozen
from segmentry.records.comparison import AlgorithmRow, Alternative, Comparison
from segmentry.records.evidence import (
    Border,
    Budget,
    Evidence,
    KEvidence,
    Resampled,
    SegmentFlow,
    SegmentStability,
    Spread,
    Twins,
)
from segmentry.records.run import Run
from segmentry.records.verdict import Verdict, VerdictKind, Vote

Groups = NDArray[np.int64]

LAST = 8
BUDGET = Budget(
    effort="standard",
    customers=5_000,
    twins=19,
    twin_customers=3_000,
    references=20,
    halves=10,
    pairs=25,
    restarts=1,
)
METHODS = (
    "Lift over the no-groups twins",
    "Gap statistic",
    "Gaussian mixtures (BIC)",
    "Prediction strength",
    "Stability of every segment",
)
KIND_NUMBERS: Mapping[VerdictKind, tuple[float, float, float]] = {
    VerdictKind.NATURAL: (0.28, 0.97, 1.0),
    VerdictKind.PARTLY_NATURAL: (0.42, 0.9, 0.6),
    VerdictKind.DISTINCT_OVERLAPPING: (0.5, 0.86, 0.0),
    VerdictKind.REPRODUCIBLE_CUT: (0.605, 0.93, 0.0),
    VerdictKind.CONSTRUCTIVE: (0.6, 0.62, 0.0),
}
"""The twins' silhouette, the best Jaccard and the share of segments that stand apart, for each kind."""


SENTENCES: Mapping[VerdictKind, str] = {
    VerdictKind.NATURAL: "We recommend {k} segments (high confidence): the groups are compact and far apart.",
    VerdictKind.PARTLY_NATURAL: (
        "We recommend {k} segments (high confidence): 4 of 5 methods agree, the groups are far tighter than in copies of "
        "the data without groups (0.61 against 0.42) and every segment comes back in re-runs (even the least stable "
        "overlaps with itself by 81%). 2 of them stand apart with empty space around; the others touch, and customers "
        "near a border could go either way."
    ),
    VerdictKind.DISTINCT_OVERLAPPING: (
        "We recommend {k} segments (high confidence): 4 of 5 methods agree. The groups really are tighter than in copies "
        "of the data without groups (0.61 against 0.50) and every segment comes back in re-runs (even the least stable "
        "overlaps with itself by 77%), but they touch: customers near a border could go either way."
    ),
    VerdictKind.REPRODUCIBLE_CUT: (
        "Your customers form a continuum, not islands: {k} segments are hardly tighter than in copies of the data without "
        "groups (0.61 against 0.60). {k} segments are a dependable way to cut it: every segment comes back in re-runs "
        "(even the least stable overlaps with itself by 84%). Treat the borders as management choices."
    ),
    VerdictKind.CONSTRUCTIVE: (
        "We found no natural or dependable grouping: {k} segments are hardly tighter than in copies of the data without "
        "groups (0.61 against 0.60), and in re-runs on other draws of the customers the least stable of {k} segments "
        "differs by 47%. The segments are a construction for management use; expect borders to move. More customers, "
        "better measures or fewer features would help."
    ),
}
"""Sentences as long as they get."""


def resampled(evidence: Evidence, crowd: Crowd, shipped: int) -> Evidence:
    """The evidence with what re-runs say, up to 8 segments or the shipped number."""
    last = max(LAST, shipped)
    labels = _labels(crowd.groups, shipped, last)
    rows = tuple(_judged(row, labels, shipped) if row.k <= last else row for row in evidence.by_k)
    rows = tuple(
        replace(row, resampled=_rerun(row, labels, shipped, len(crowd.names))) if 1 < row.k <= last else row
        for row in rows
    )
    budget = replace(BUDGET, customers=min(len(crowd.groups), BUDGET.customers))
    return replace(evidence, by_k=rows, budget=budget, flows=_flows(labels))


def of_kind(run: Run, kind: VerdictKind) -> Run:
    """The run with the numbers and the verdict of one kind, for the segments it has."""
    if kind not in KIND_NUMBERS:
        unjudged = tuple(replace(row, resampled=None, gap=nan, bic=nan) for row in run.evidence.by_k)
        evidence = replace(run.evidence, by_k=unjudged, budget=None, flows=())
        return replace(run, evidence=evidence, verdict=verdict(run.k, kind))
    rows = tuple(_as_kind(row, kind) if row.resampled else row for row in run.evidence.by_k)
    return replace(run, evidence=replace(run.evidence, by_k=rows), verdict=verdict(run.k, kind))


def verdict(k: int, kind: VerdictKind) -> Verdict:
    """A verdict of one kind with its votes."""
    if k == 1 or kind is VerdictKind.NOT_JUDGED:
        return Verdict(
            kind=VerdictKind.NOT_JUDGED,
            k=k,
            runner_up=2 if k == 1 else 1,
            confidence="not_judged",
            sentence="One audience: everybody is in one segment."
            if k == 1
            else f"{k} segments were asked for.",
            one_audience="Everybody is treated alike: one message, one offer, no segments to keep up.",
            recommended=k,
        )
    grouped = kind not in {VerdictKind.REPRODUCIBLE_CUT, VerdictKind.CONSTRUCTIVE}
    return Verdict(
        kind=kind,
        k=k,
        runner_up=k + 1,
        confidence="high" if grouped else "low",
        sentence=SENTENCES[kind].format(k=k),
        grouped=grouped,
        share=0.8 if grouped else 0.0,
        votes=votes(k),
        one_audience="One audience is always an option: it is the simplest, but it would give up the 87% of the "
        f"differences between customers that {k} segments capture.",
        recommended=k,
    )


def votes(k: int) -> tuple[Vote, ...]:
    """Four votes for k and one for one segment more."""
    given = [k, k, k + 1, k, k]
    return tuple(
        Vote(method=method, k=one, reason="so the numbers say")
        for method, one in zip(METHODS, given, strict=True)
    )


def comparison(k: int, customers: int) -> Comparison:
    """Six algorithms, one of them not judged, and what other choices would have changed."""
    if k == 1:
        return Comparison(algorithms=(_algorithm("kmeans", 1, shipped=True),), customers=customers)
    rows = (
        _algorithm("kmeans", k, shipped=True, inertia=884.58),
        _algorithm("bisecting", k, alike=0.94, inertia=901.2),
        _algorithm("mixture", k, alike=0.97, bic=-12_340.5),
        _algorithm("ward", k, alike=0.9),
        _algorithm("hdbscan", max(1, k - 1), alike=0.62, coverage=0.81),
        AlgorithmRow(name="spectral", k=k, not_judged="It takes too long for so many customers."),
    )
    alike = [1.0, 0.94, 0.97, 0.9, 0.62]
    between = tuple(
        tuple(1.0 if i == j else round(alike[i] * alike[j], 3) for j in range(5)) for i in range(5)
    )
    scalings = ("standard", "robust", "min-max", "ranks")
    return Comparison(
        algorithms=rows,
        between=between,
        recommended="kmeans",
        sentence="All methods but one tell the same story, so the simplest is kept.",
        customers=customers,
        alternatives=_alternatives(),
        scalings=scalings,
        between_scalings=tuple(
            tuple(1.0 if i == j else 0.99 - 0.02 * abs(i - j) for j in range(4)) for i in range(4)
        ),
        scaling_sentence="The scalings agree: whichever is used, customers land in the same segments.",
    )


def _algorithm(
    name: str,
    k: int,
    *,
    alike: float = 1.0,
    coverage: float = 1.0,
    shipped: bool = False,
    inertia: float | None = None,
    bic: float | None = None,
) -> AlgorithmRow:
    alone = k == 1
    return AlgorithmRow(
        name=name,
        k=k,
        own_k=None if name == "ward" else k,
        worst_jaccard=nan if alone else 0.95 * alike,
        agreement=nan if alone else 0.97 * alike,
        rule_fidelity=nan if alone else 0.96 * alike,
        coverage=coverage,
        smallest=30,
        like_kmeans=alike,
        like_consensus=min(1.0, alike + 0.01),
        scorer="posterior" if name == "mixture" else "centroid",
        scorer_agreement=1.0 if shipped else alike,
        silhouette=nan if alone else 0.61 * alike,
        calinski_harabasz=nan if alone else 1_800 * alike,
        davies_bouldin=nan if alone else 0.55 / alike,
        inertia=inertia,
        bic=bic,
        shipped=shipped,
    )


def _alternatives() -> tuple[Alternative, ...]:
    told = (
        ("scaling", "robust", 0.97, 0.32),
        ("scaling", "min-max", 0.99, 0.33),
        ("gaps", "filled with the median", 0.998, nan),
        ("outliers", "kept as they are", 0.93, 0.3),
        ("transform", "none", 0.71, 0.26),
        ("algorithm", "hdbscan", 0.62, nan),
    )
    rows = [
        Alternative(choice=choice, option=option, agreement=agreement, lowest=agreement, lift=lift)
        for choice, option, agreement, lift in told
    ]
    return (*rows, Alternative(choice="seed", option="10 other seeds", agreement=0.99, lowest=0.96))


def _judged(row: KEvidence, labels: Mapping[int, Groups], shipped: int) -> KEvidence:
    """The row with gap, mixture and the second interval."""
    off = abs(row.k - shipped)
    return replace(
        row,
        macro_low=row.silhouette_macro - 0.02,
        macro_high=row.silhouette_macro + 0.02,
        gap=0.9 - 0.12 * off**0.8,
        gap_error=0.02,
        bic=len(labels[1]) * (11.0 + 0.4 * off**0.9),
        mixture="diag",
    )


def _rerun(row: KEvidence, labels: Mapping[int, Groups], shipped: int, p: int) -> Resampled:
    k = row.k
    off = max(0, k - shipped) if shipped > 1 else k - 1
    best = 0.97 - 0.08 * off if shipped > 1 else 0.9 - 0.06 * off
    sizes = np.bincount(labels[k], minlength=k)
    apart = k <= shipped and shipped > 1
    pairs = [(a, b) for a in range(k) for b in range(a + 1, k) if b - a <= (1 if k <= LAST else 3)]
    return Resampled(
        twins=_twins(row, 0.3 - 0.008 * k if shipped > 1 else row.silhouette - 0.01, p),
        prediction_strength=min(1.0, max(0.05, best - 0.04)),
        agreement=spread(max(0.1, best - 0.02)),
        segments=tuple(
            SegmentStability(
                segment=i,
                customers=int(sizes[i]),
                jaccard=spread(max(0.1, best - 0.03 * (i % 4))),
                inherited=nan if k == 2 else 1 - 0.11 * (i % 3),
                separated=apart,
            )
            for i in range(k)
        ),
        borders=tuple(border(a, b, int(sizes[a] + sizes[b]), empty=apart) for a, b in pairs),
    )


def _twins(row: KEvidence, twin: float, p: int) -> Twins:
    return Twins(
        silhouette=row.silhouette,
        twin=Spread(mean=twin, low=twin - 0.03, lower=twin - 0.01, upper=twin + 0.01, high=twin + 0.03),
        p=0.05 if row.silhouette > twin + 0.03 else 0.4,
        eta_squared=tuple(0.25 + 0.02 * (j % 5) for j in range(p)),
        eta_squared_high=tuple(0.35 + 0.02 * (j % 5) for j in range(p)),
    )


def spread(mean: float) -> Spread:
    """A spread around a mean that is at most 1."""
    wide = min(0.12, (1 - mean) * 1.5 + 0.004)
    return Spread(
        mean=mean,
        low=mean - 2 * wide,
        lower=mean - wide,
        upper=min(1.0, mean + wide / 2),
        high=min(1.0, mean + wide),
    )


def border(first: int, second: int, customers: int, *, empty: bool) -> Border:
    """A border with two humps beside empty space, or with one hump."""
    places = np.linspace(-1.25, 1.25, 41)
    middles = (places[1:] + places[:-1]) / 2
    humps = (
        np.exp(-((middles + 0.5) ** 2) / 0.045) + 0.8 * np.exp(-((middles - 0.5) ** 2) / 0.045)
        if empty
        else np.exp(-((middles + 0.08) ** 2) / 0.32)
    )
    return Border(
        first=first,
        second=second,
        customers=customers,
        p=0.0001 if empty else 0.6,
        p_holm=0.0003 if empty else 1.0,
        empty=empty,
        places=frozen(places),
        counts=frozen(np.round(humps / humps.sum() * customers)),
    )


def _as_kind(row: KEvidence, kind: VerdictKind) -> KEvidence:
    assert row.resampled is not None
    twin, best, apart = KIND_NUMBERS[kind]
    seen = row.resampled
    many = round(apart * len(seen.segments))
    segments = tuple(
        replace(one, jaccard=spread(best - 0.03 * (i % 4)), separated=i < many)
        for i, one in enumerate(seen.segments)
    )
    borders = tuple(
        border(one.first, one.second, one.customers, empty=one.first < many and one.second < many)
        for one in seen.borders
    )
    shift = row.silhouette - 0.61
    twins = _twins(row, twin + shift, len(seen.twins.eta_squared))
    return replace(row, resampled=replace(seen, twins=twins, segments=segments, borders=borders))


def _labels(groups: Groups, shipped: int, last: int) -> Mapping[int, Groups]:
    """Who is where at each k: neighbours merged below the shipped number, segments split above it."""
    dice = np.random.default_rng(0)
    found = {k: groups * k // shipped for k in range(1, shipped)} | {shipped: groups}
    for k in range(shipped + 1, last + 1):
        leaves = (found[k - 1] == (k - 1 - shipped) % max(shipped, 2)) & (dice.random(len(groups)) < 0.45)
        found[k] = np.where(leaves | (dice.random(len(groups)) < 0.01), k - 1, found[k - 1])
    return found


def _flows(labels: Mapping[int, Groups]) -> tuple[SegmentFlow, ...]:
    found = []
    for k in range(3, max(labels) + 1):
        for parent in range(k - 1):
            for child in range(k):
                customers = int(((labels[k - 1] == parent) & (labels[k] == child)).sum())
                if customers:
                    found.append(SegmentFlow(k=k, parent=parent, child=child, customers=customers))
    return tuple(found)
