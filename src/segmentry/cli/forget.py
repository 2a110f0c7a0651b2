"""``segmentry forget``: erase customers from a run folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import progress, say
from segmentry.cli.options import Quiet, RunFolder, SettingsOptions, expanded
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.records.run import Run
    from segmentry.settings import Settings

FEW = 10
"""Customers below which an average is close to one person."""


@expanded
def forget(
    run_folder: RunFolder,
    *,
    id: Annotated[  # noqa: A002 - the option's name
        list[str] | None, typer.Option("--id", help="Who is erased; may be given again and again.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="A file with the ids: one on each line, or a CSV with a column of ids."),
    ] = None,
    settings: Annotated["Settings", SettingsOptions()],
    quiet: Quiet = False,
) -> None:
    """Erase customers from every file of a run."""
    if not id and file is None:
        raise UsageError("Nobody is named.", hint="Give --id ID, or --file FILE with one id on each line.")
    with progress(quiet=quiet):
        from segmentry.edges.sources.contacts import read_ids
        from segmentry.results.segmentation import forget as erase

        gone = frozenset(id or ()) | (read_ids(file) if file else frozenset())
        left = erase(run_folder, gone, key_file=settings.privacy.key_file)
    if not quiet:
        say(_said(left, run_folder, len(gone)))


def _said(left: "Run", folder: Path, customers: int) -> str:
    """What was done, and what was not."""
    few = [segment for segment in left.segments if segment.customers < FEW]
    near = "".join(
        f" '{segment.name}' has {segment.customers} left: its averages can be close to one person."
        for segment in few
    )
    return (
        f"Erased {customers:,} customer{'s' * (customers != 1)} from {folder}: tables, report and figures were "
        "written anew, and the old files are gone.\n"
        "The model holds averages, no rows; they still include the erased, and a play may cite them."
        f"{near} To be rid of that too, make the run again with their ids on a --suppress list.\n"
        "Not reached from here: audiences and scores that were written elsewhere, copies, backups, and what "
        "was sent to a platform."
    )
