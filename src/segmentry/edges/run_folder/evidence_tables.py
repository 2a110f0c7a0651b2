"""The evidence as flat tables: one row for each k, segment, border, vote and other choice."""

from collections.abc import Iterator, Mapping, Sequence
from math import nan
from pathlib import Path

from segmentry.edges.run_folder import codec
from segmentry.edges.run_folder.tables import write_rows
from segmentry.records.evidence import Evidence, KEvidence
from segmentry.records.run import Run

Row = Mapping[str, object]


def write_evidence(run: Run, folder: Path) -> None:
    """Everything that the verdict rests on, as CSV."""
    names = run.model.names
    tables: Mapping[str, tuple[Sequence[Row], tuple[str, ...]]] = {
        "evidence": ([evidence_row(row) for row in run.evidence.by_k], ("k",)),
        "stability": (list(_stability(run.evidence, names)), ("k", "segment", "jaccard")),
        "borders": (list(_borders(run.evidence, names)), ("k", "first", "second", "p_holm")),
        "votes": ([codec.plain(vote) for vote in run.verdict.votes], ("method", "k", "reason")),
        "algorithms": ([codec.plain(row) for row in run.comparison.algorithms], ("name", "k")),
        "choices": (
            [codec.plain(alternative) for alternative in run.comparison.alternatives],
            ("choice", "option", "agreement"),
        ),
    }
    for name, (rows, columns) in tables.items():
        write_rows(rows, folder / f"{name}.csv", columns=columns)


def evidence_row(row: KEvidence) -> Row:
    """What was measured at one k, in one flat row."""
    plain = codec.plain(row)
    flat = {key: value for key, value in plain.items() if key not in {"resampled", "chosen"}}
    seen = row.resampled
    twins = seen.twins if seen else None
    return {
        **flat,
        "twin_silhouette": twins.twin.mean if twins else nan,
        "lift": twins.lift if twins else nan,
        "twin_p": twins.p if twins else nan,
        "prediction_strength": seen.prediction_strength if seen else nan,
        "agreement": seen.agreement.mean if seen else nan,
        "worst_jaccard": seen.worst_jaccard if seen else nan,
        "separated_share": seen.separated_share if seen else nan,
        "chosen": row.chosen,
    }


def _stability(evidence: Evidence, names: Sequence[str]) -> Iterator[Row]:
    for row in evidence.judged:
        for one in row.resampled.segments if row.resampled else ():
            yield {
                "k": row.k,
                "segment": names[one.segment] if row.chosen else str(one.segment + 1),
                "customers": one.customers,
                "jaccard": one.jaccard.mean,
                "jaccard_low": one.jaccard.low,
                "jaccard_high": one.jaccard.high,
                "inherited": one.inherited,
                "separated": one.separated,
            }


def _borders(evidence: Evidence, names: Sequence[str]) -> Iterator[Row]:
    for row in evidence.judged:
        for one in row.resampled.borders if row.resampled else ():
            first, second = (names[end] if row.chosen else str(end + 1) for end in (one.first, one.second))
            yield {
                "k": row.k,
                "first": first,
                "second": second,
                "customers": one.customers,
                "p": one.p,
                "p_holm": one.p_holm,
                "empty": one.empty,
                "thinness": one.thinness,
            }
