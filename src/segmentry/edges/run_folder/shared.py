"""A shared run as files: its page, its segments and their profiles, and a manifest that says what is left out."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from segmentry.edges.run_folder.manifest import write_entries
from segmentry.edges.run_folder.tables import write_rows
from segmentry.records.shared_run import Shared

FEATURE = ("mean", "median", "q25", "q75", "index", "cohens_d")
POPULATION = ("mean", "median", "q05", "q95")
"""What is told of a feature in a segment, and over all customers."""


def write_shared(shared: Shared, folder: Path, *, versions: Mapping[str, str], at: str) -> None:
    """The tables and the manifest.

    Args:
        shared: What may be told.
        folder: The folder to fill.
        versions: Of the program and its libraries.
        at: The moment.
    """
    write_rows(_segments(shared), folder / "segments.csv")
    write_rows(_profiles(shared), folder / "profiles.csv")
    entries = {
        "shared": {
            "smallest_cell": shared.limit,
            "hidden_cells": shared.hidden,
            "counts": "to the nearest 5",
            "at": at,
        },
        "source": shared.source,
        "as_of": shared.as_of,
        "customers": shared.customers,
        "verdict": {
            "kind": str(shared.verdict.kind),
            "k": shared.verdict.k,
            "confidence": str(shared.verdict.confidence),
            "sentence": shared.verdict.sentence,
        },
    }
    write_entries(entries, folder, versions=versions)


def _segments(shared: Shared) -> Iterator[dict[str, object]]:
    for segment in shared.segments:
        yield {
            "number": segment.number,
            "segment": segment.name,
            "customers": segment.customers,
            "share": segment.share,
            "one_liner": segment.one_liner,
            "markers": "; ".join(feature.feature for feature in segment.features if feature.marker),
            **{f"play_{what}": words for what, words in segment.play.items()},
        }


def _profiles(shared: Shared) -> Iterator[dict[str, object]]:
    population = {
        feature.feature: {f"population_{name}": getattr(feature, name) for name in POPULATION}
        for feature in shared.population
    }
    for segment in shared.segments:
        for feature in segment.features:
            yield {
                "number": segment.number,
                "segment": segment.name,
                "feature": feature.feature,
                "hidden": feature.hidden,
                **{name: getattr(feature, name) for name in FEATURE},
                "typical": segment.typical.get(feature.feature),
                **population[feature.feature],
            }
