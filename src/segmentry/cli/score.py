"""``segmentry score``: new customers in the segments of an earlier run."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import progress, say
from segmentry.cli.options import ForceFile, Quiet, RunFolder, SettingsOptions, Source, expanded

if TYPE_CHECKING:
    from segmentry.settings import Settings


@expanded
def score(  # noqa: PLR0913 - a command's parameters are its options
    run_folder: RunFolder,
    source: Source,
    *,
    out: Annotated[
        Path | None, typer.Option(help="A .csv or .parquet file; printed as CSV when not given.")
    ] = None,
    force: ForceFile = False,
    settings: Annotated["Settings", SettingsOptions("as_of", "suppression", "pseudonymise")],
    quiet: Quiet = False,
) -> None:
    """Place new customers in the segments of an earlier run."""
    from segmentry.edges.run_folder.tables import check_file, print_csv, save_table
    from segmentry.results.segmentation import score_with

    if out:
        check_file(out, force=force)
    with progress(quiet=quiet):
        scored = score_with(run_folder, source, settings=settings)
    if out is None:
        print_csv(scored, sys.stdout.buffer)
        return
    save_table(scored, out, force=force)
    if not quiet:
        say(f"Placed {scored.num_rows:,} customers in {out}")
