"""``segmentry run``: from a customer table to a run folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import Output, columns
from segmentry.cli.options import Force, Out, SettingsOptions, Source, default_folder, expanded

if TYPE_CHECKING:
    from segmentry.settings import Settings

OPTIONS = SettingsOptions(
    *("k", "as_of", "seed", "id", "features", "table", "max_segments", "effort", "algorithm"),
    *("suppression", "pseudonymise", "shared", "previous"),
)


@expanded
def run(  # noqa: PLR0913 - a command's parameters are its options
    source: Source,
    *,
    out: Out = None,
    force: Force = False,
    plan: Annotated[
        bool,
        typer.Option(
            "--plan", help="Say what would be read, done and written, and what it takes; then stop."
        ),
    ] = False,
    settings: Annotated["Settings", OPTIONS],
    output: Output,
) -> None:
    """Make segments from a customer table: evidence, names, strategy, figures and a report."""
    folder = out or default_folder(source)
    if plan:
        _say_plan(source, folder, settings, output)
        return
    with output.progress():
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.segmentation import segment

        check_target(folder, force=force)
        result = segment(source, settings=settings)
        if settings.privacy.shared:
            result.share(folder, force=force)
        else:
            result.save(folder, force=force)
    output.show(result.summary(columns()), result.plain(), folder)


def _say_plan(source: str, folder: Path, settings: "Settings", output: Output) -> None:
    """Say what the run would do."""
    with output.progress():
        from segmentry.results.plan import plan
        from segmentry.views.terminal.plan import plain_written, written_text

        planned = plan(source, settings=settings)
    shared, taken = settings.privacy.shared, folder.exists()
    output.tell(
        f"{planned.summary()}\n\n{written_text(folder, shared=shared, taken=taken)}",
        {**planned.plain(), **plain_written(folder, shared=shared, taken=taken)},
    )
