"""The folder of an evaluation: the record as JSON, its tables as CSV, and the mark that it is ours."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from segmentry.edges.run_folder import codec
from segmentry.edges.run_folder.manifest import write_entries
from segmentry.edges.run_folder.tables import write_rows
from segmentry.records.evaluation import Evaluation, GivenSegment

Row = Mapping[str, object]


def write_evaluation(found: Evaluation, folder: Path, *, versions: Mapping[str, str]) -> None:
    """Everything that is known of given segments; run.json marks the folder as ours."""
    (folder / "evaluation.json").write_text(codec.dumps(found), encoding="utf-8")
    write_rows([_segment(segment) for segment in found.segments], folder / "segments.csv")
    write_rows(
        [{**codec.plain(feature), "separates": feature.separates} for feature in found.features],
        folder / "features.csv",
    )
    write_rows(
        _borders(found),
        folder / "borders.csv",
        columns=("first", "second", "customers", "p_holm", "empty", "thinness"),
    )
    entries = {
        "source": codec.plain(found.source),
        "labels": found.labels,
        "kind": str(found.kind),
        "seed": found.seed,
        "settings": codec.plain(found.settings),
    }
    write_entries(entries, folder, versions=versions)


def _segment(segment: GivenSegment) -> Row:
    again = segment.jaccard
    return {
        "segment": segment.name,
        "customers": segment.customers,
        "share": segment.share,
        "silhouette": segment.silhouette,
        "kept": segment.kept,
        "jaccard": again.mean if again else None,
        "jaccard_low": again.low if again else None,
        "jaccard_high": again.high if again else None,
        "separated": segment.separated,
        "most_alike": segment.alike,
    }


def _borders(found: Evaluation) -> Iterator[Row]:
    for border in found.borders:
        yield {
            "first": found.segments[border.first].name,
            "second": found.segments[border.second].name,
            "customers": border.customers,
            "p": border.p,
            "p_holm": border.p_holm,
            "empty": border.empty,
            "thinness": border.thinness,
        }
