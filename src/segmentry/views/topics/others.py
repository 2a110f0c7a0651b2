"""How other algorithms and other choices would have divided the same customers."""

from collections.abc import Callable
from math import isfinite, nan

from segmentry.records.comparison import AlgorithmRow, Comparison
from segmentry.views.charts.algorithms import spoken
from segmentry.views.charts.choices import option
from segmentry.views.topics.cells import (
    Cell,
    Table,
    TableColumn,
    feature,
    named,
    numeric,
    prose,
    sentence,
    table,
    text,
)
from segmentry.views.words.numbers import ABSENT, column, count, ratio, share

SCORERS = {
    "centroid": "to the nearest centre",
    "posterior": "by the likeliest group",
    "prototypes": "like the nearest known customers",
    "classes": "by the likeliest class",
    "mixed": "to the nearest typical customer",
}
NOT_COMPARABLE = (
    "Silhouette, Calinski-Harabasz and Davies-Bouldin favour algorithms that look for round segments, whatever the "
    "truth. Inertia can be compared only within the K-means family, BIC only between mixtures. They decide nothing here."
)


def algorithms(told: Comparison) -> Table:
    """Every algorithm by what can be compared; one that was not judged says why below."""

    def judged(head: str, write: Callable[[AlgorithmRow], str]) -> TableColumn[AlgorithmRow]:
        return numeric(head, lambda row: ABSENT if row.not_judged else write(row))

    return table(
        "How the algorithms compare on the same customers",
        told.algorithms,
        text("Algorithm", lambda row: _named(row, told)),
        judged("Segments", lambda row: str(row.k)),
        judged("Least stable overlap", lambda row: ratio(row.worst_jaccard)),
        judged("Agreement of re-runs", lambda row: ratio(row.agreement)),
        judged("Told by three questions", lambda row: share(row.rule_fidelity)),
        judged("Customers covered", lambda row: share(row.coverage)),
        judged("Smallest segment, customers", lambda row: count(row.smallest)),
        judged("Like K-means", lambda row: ratio(row.like_kmeans)),
        judged("Like the majority", lambda row: ratio(row.like_consensus)),
        note=_said(told),
    )


def _named(row: AlgorithmRow, told: Comparison) -> Cell:
    if row.not_judged:
        return feature(spoken(row.name), badge="not judged")
    badges = ["used here"] if row.shipped else []
    badges += ["recommended"] if told.recommended == row.name else []
    return feature(spoken(row.name), badge=", ".join(badges))


def _scorer(row: AlgorithmRow) -> str:
    if not row.scorer:
        return ABSENT
    how = SCORERS.get(row.scorer, sentence(row.scorer))
    if isfinite(row.scorer_agreement) and not row.shipped:
        return f"{how}; {share(row.scorer_agreement)} as it did itself"
    return how


def _said(told: Comparison) -> str:
    basis = f"Compared on {count(told.customers)} customers." if told.customers else ""
    left_out = [
        f"{spoken(row.name)}: {sentence(row.not_judged).rstrip('.')}"
        for row in told.algorithms
        if row.not_judged
    ]
    why = f"Not judged: {'; '.join(left_out)}." if left_out else ""
    return " ".join(part for part in (sentence(told.sentence), basis, why) if part)


def biased(told: Comparison) -> Table:
    """The measures that favour one family of algorithms, and other facts, apart from those that decide."""
    rows = told.judged
    inertia = column(nan if row.inertia is None else row.inertia for row in rows)
    harabasz = column(row.calinski_harabasz for row in rows)
    bic = column(nan if row.bic is None else row.bic for row in rows)
    return table(
        "What decides nothing: measures that are not fair between algorithms, and what each can do",
        zip(rows, harabasz, inertia, bic, strict=True),
        text("Algorithm", lambda row: feature(spoken(row[0].name))),
        text("Places new customers", lambda row: _scorer(row[0])),
        numeric("Would choose", lambda row: ABSENT if row[0].own_k is None else str(row[0].own_k)),
        numeric("Silhouette", lambda row: ratio(row[0].silhouette)),
        numeric("Calinski-Harabasz", lambda row: row[1]),
        numeric("Davies-Bouldin", lambda row: ratio(row[0].davies_bouldin)),
        numeric("Inertia", lambda row: row[2]),
        numeric("BIC", lambda row: row[3]),
        note=NOT_COMPARABLE,
    )


def alternatives(told: Comparison) -> Table:
    """What each other choice would have changed."""
    most = told.most_influential
    return table(
        "The same segments with other choices",
        told.alternatives,
        text(
            "What was chosen otherwise",
            lambda row: feature(row.choice, badge="moves most" if row is most else ""),
        ),
        prose("Instead", lambda row: named(option(row))),
        numeric("Agreement", lambda row: ratio(row.agreement)),
        numeric("Lowest of several", lambda row: ratio(row.lowest) if row.lowest < row.agreement else ABSENT),
        numeric("Lift", lambda row: ratio(row.lift)),
        note="Agreement with the segments of this report, 1 for the same and 0 for chance (adjusted Rand index). One "
        "choice was changed at a time; what moves most customers is marked.",
    )


def scalings(told: Comparison) -> Table:
    """How far each pair of scalings agrees."""
    return table(
        "How far the scalings agree on who belongs together",
        list(zip(told.scalings, told.between_scalings, strict=False)),
        text("Scaling", lambda row: named(row[0])),
        *(numeric(sentence(name), _agreement_with(at)) for at, name in enumerate(told.scalings)),
        note=sentence(told.scaling_sentence),
    )


def _agreement_with(at: int) -> Callable[[tuple[str, tuple[float, ...]]], str]:
    """From a scaling and its agreements to that with one other."""
    return lambda row: ratio(row[1][at])
