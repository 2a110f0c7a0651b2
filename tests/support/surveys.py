"""Surveys made of synthetic customers: complete, plausible and as awkward as a test needs."""

from typing import Any

import numpy as np
from support.crowds import Crowd, make_crowd

from segmentry.records.arrays import Floats, frozen, frozen_ints
from segmentry.records.audit import Action, Audit, Finding, Ledger, LedgerLine, Readiness, Severity
from segmentry.records.columns import Column, Format, Kind, Role
from segmentry.records.customers import CustomerTable
from segmentry.records.exploration import (
    ColumnQuality,
    Correlations,
    Distribution,
    Exploration,
    MissingBlock,
    PairDensity,
)
from segmentry.records.run import SourceInfo, Survey, ValueMeasure

WHOLE_BINS = 40


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
        worth=None,
    )


def _value_measure(names: tuple[str, ...]) -> ValueMeasure:
    columns = names[:2]
    return ValueMeasure(label=" x ".join(columns), columns=columns, product=True)


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


def edges_of(crowd: Crowd, j: int) -> Floats:
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
    edges = edges_of(crowd, j)
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
