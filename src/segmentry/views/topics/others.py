"""How other algorithms and other choices would have divided the same customers."""

from math import isfinite, nan

from segmentry.records.comparison import AlgorithmRow, Alternative, Comparison
from segmentry.views.charts.algorithms import spoken
from segmentry.views.charts.choices import option
from segmentry.views.topics.cells import Cell, Head, Table, feature, named, numeric, said, sentence
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
    return Table(
        caption="How the algorithms compare on the same customers",
        heads=(
            Head(text="Algorithm"),
            *numeric(
                "Segments",
                "Least stable overlap",
                "Agreement of re-runs",
                "Told by three questions",
                "Customers covered",
                "Smallest segment, customers",
                "Like K-means",
                "Like the majority",
            ),
        ),
        rows=tuple(_algorithm(one, told) for one in told.algorithms),
        note=_said(told),
    )


def _algorithm(one: AlgorithmRow, told: Comparison) -> tuple[Cell, ...]:
    if one.not_judged:
        return (feature(spoken(one.name), badge="not judged"), *(said(ABSENT) for _ in range(8)))
    return (
        _named(one, told),
        said(str(one.k)),
        said(ratio(one.worst_jaccard)),
        said(ratio(one.agreement)),
        said(share(one.rule_fidelity)),
        said(share(one.coverage)),
        said(count(one.smallest)),
        said(ratio(one.like_kmeans)),
        said(ratio(one.like_consensus)),
    )


def _named(one: AlgorithmRow, told: Comparison) -> Cell:
    badges = ["used here"] if one.shipped else []
    badges += ["recommended"] if told.recommended == one.name else []
    return feature(spoken(one.name), badge=", ".join(badges))


def _scorer(one: AlgorithmRow) -> str:
    if not one.scorer:
        return ABSENT
    how = SCORERS.get(one.scorer, sentence(one.scorer))
    if isfinite(one.scorer_agreement) and not one.shipped:
        return f"{how}; {share(one.scorer_agreement)} as it did itself"
    return how


def _said(told: Comparison) -> str:
    basis = f"Compared on {count(told.customers)} customers." if told.customers else ""
    left_out = [
        f"{spoken(one.name)}: {sentence(one.not_judged).rstrip('.')}"
        for one in told.algorithms
        if one.not_judged
    ]
    why = f"Not judged: {'; '.join(left_out)}." if left_out else ""
    return " ".join(part for part in (sentence(told.sentence), basis, why) if part)


def biased(told: Comparison) -> Table:
    """The measures that favour one family of algorithms, and other facts, apart from those that decide."""
    rows = told.judged
    inertia = column(nan if one.inertia is None else one.inertia for one in rows)
    harabasz = column(one.calinski_harabasz for one in rows)
    bic = column(nan if one.bic is None else one.bic for one in rows)
    return Table(
        caption="What decides nothing: measures that are not fair between algorithms, and what each can do",
        heads=(
            Head(text="Algorithm"),
            Head(text="Places new customers"),
            *numeric("Would choose", "Silhouette", "Calinski-Harabasz", "Davies-Bouldin", "Inertia", "BIC"),
        ),
        rows=tuple(
            (
                feature(spoken(one.name)),
                said(_scorer(one)),
                said(ABSENT if one.own_k is None else str(one.own_k)),
                said(ratio(one.silhouette)),
                said(harabasz[i]),
                said(ratio(one.davies_bouldin)),
                said(inertia[i]),
                said(bic[i]),
            )
            for i, one in enumerate(rows)
        ),
        note=NOT_COMPARABLE,
    )


def alternatives(told: Comparison) -> Table:
    """What each other choice would have changed."""
    return Table(
        caption="The same segments with other choices",
        heads=(
            Head(text="What was chosen otherwise"),
            Head(text="Instead", wide=True),
            *numeric("Agreement", "Lowest of several", "Lift"),
        ),
        rows=tuple(_alternative(one, told) for one in told.alternatives),
        note="Agreement with the segments of this report, 1 for the same and 0 for chance (adjusted Rand index). One "
        "choice was changed at a time; what moves most customers is marked.",
    )


def _alternative(one: Alternative, told: Comparison) -> tuple[Cell, ...]:
    most = "moves most" if one is told.most_influential else ""
    return (
        feature(one.choice, badge=most),
        named(option(one)),
        said(ratio(one.agreement)),
        said(ratio(one.lowest) if one.lowest < one.agreement else ABSENT),
        said(ratio(one.lift)),
    )


def scalings(told: Comparison) -> Table:
    """How far each pair of scalings agrees."""
    return Table(
        caption="How far the scalings agree on who belongs together",
        heads=(Head(text="Scaling"), *numeric(*(sentence(one) for one in told.scalings))),
        rows=tuple(
            (named(name), *(said(ratio(value)) for value in row))
            for name, row in zip(told.scalings, told.between_scalings, strict=False)
        ),
        note=sentence(told.scaling_sentence),
    )
