"""A shared run as files: its page, its segments and their profiles, and a manifest that says what is left out."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from segmentry.edges.run_folder import codec
from segmentry.edges.run_folder.manifest import write_entries
from segmentry.edges.run_folder.tables import write_rows
from segmentry.records.shared_run import Shared, SharedFeature

FEATURE = ("mean", "median", "q25", "q75", "index", "cohens_d")


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
    for one in shared.segments:
        yield {
            "number": one.number,
            "segment": one.name,
            "customers": one.customers,
            "share": one.share,
            "one_liner": one.one_liner,
            "markers": "; ".join(feature.feature for feature in one.features if feature.marker),
            **{f"play_{what}": words for what, words in one.play.items()},
        }


def _profiles(shared: Shared) -> Iterator[dict[str, object]]:
    everybody = {one.feature: one for one in shared.population}
    for one in shared.segments:
        for feature in one.features:
            yield {
                "number": one.number,
                "segment": one.name,
                "feature": feature.feature,
                "hidden": feature.hidden,
                **_numbers(feature),
                "typical": one.typical.get(feature.feature),
                **{
                    f"population_{name}": value
                    for name, value in _everybody(everybody[feature.feature]).items()
                },
            }


def _numbers(feature: SharedFeature) -> dict[str, object]:
    plain = codec.plain(feature)
    return {name: plain[name] for name in FEATURE}


def _everybody(one: object) -> dict[str, object]:
    plain = codec.plain(one)
    return {name: plain[name] for name in ("mean", "median", "q05", "q95")}
