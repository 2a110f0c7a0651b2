"""``segmentry evaluate``: the evidence for segments that a team already has."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import Output, columns
from segmentry.cli.options import Force, SettingsOptions, Source, expanded

if TYPE_CHECKING:
    from segmentry.settings import Settings


@expanded
def evaluate(  # noqa: PLR0913 - a command's parameters are its options
    source: Source,
    *,
    labels: Annotated[str, typer.Option(help="The column that holds your segments.")],
    out: Annotated[
        Path | None, typer.Option(help="A folder to write tables to; none when not given.")
    ] = None,
    force: Force = False,
    settings: Annotated["Settings", SettingsOptions("effort", "features", "id", "seed")],
    output: Output,
) -> None:
    """Judge segments that you already have: are they real, stable, and told apart by the data?"""
    with output.progress():
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.evaluation import evaluate as look

        if out:
            check_target(out, force=force)
        found = look(source, labels=labels, settings=settings)
        if out:
            found.save(out, force=force)
    text = "\n\n".join([found.summary(columns()), *([f"Tables: {out}"] if out else [])])
    output.tell(text, {**found.plain(), "folder": str(out) if out else None})
