"""``segmentry share``: a copy of a run that may be shown around."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import progress, say
from segmentry.cli.options import Force, Quiet, RunFolder, SettingsOptions, expanded

if TYPE_CHECKING:
    from segmentry.settings import Settings

OPTIONS = SettingsOptions("smallest_cell", file=False, otherwise="the run's own")


@expanded
def share(
    run_folder: RunFolder,
    *,
    out: Annotated[Path | None, typer.Option(help="The folder to write; RUN-shared when not given.")] = None,
    settings: Annotated["Settings", OPTIONS],
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a copy of a run that may be shown around: nobody's row, no cell of few customers."""
    folder = out or run_folder.with_name(f"{run_folder.name}-shared")
    with progress(quiet=quiet):
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.segmentation import load

        check_target(folder, force=force)
        load(run_folder).share(folder, **settings.given(), force=force)
    if not quiet:
        say(f"Wrote {folder}, which may be shown around: {folder / 'report.html'}")
