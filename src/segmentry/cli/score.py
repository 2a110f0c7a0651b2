"""``segmentry score``: new customers in the segments of an earlier run."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.console import progress, say
from segmentry.cli.options import AsOf, Config, Pseudonymise, Quiet, RunFolder, Source, Suppress, chosen


def score(  # noqa: PLR0913 - a command's parameters are its options
    run_folder: RunFolder,
    source: Source,
    *,
    out: Annotated[
        Path | None, typer.Option(help="A .csv or .parquet file; printed as CSV when not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    as_of: AsOf = None,
    config: Config = None,
    suppress: Suppress = None,
    pseudonymise: Pseudonymise = False,
    quiet: Quiet = False,
) -> None:
    """Place new customers in the segments of an earlier run."""
    from segmentry.edges.run_folder.tables import check_file, print_csv, save_table
    from segmentry.results.segmentation import score_with

    settings = chosen(
        config,
        as_of=as_of,
        suppression=str(suppress) if suppress else None,
        pseudonymise=pseudonymise or None,
    )
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
