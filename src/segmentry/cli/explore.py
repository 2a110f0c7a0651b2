"""``segmentry explore``: a look at a table, without segments."""

from typing import TYPE_CHECKING, Annotated

from segmentry.cli.console import Output
from segmentry.cli.options import Force, Out, SettingsOptions, Source, default_folder, expanded

if TYPE_CHECKING:
    from segmentry.settings import Settings


@expanded
def explore(
    source: Source,
    *,
    out: Out = None,
    force: Force = False,
    settings: Annotated["Settings", SettingsOptions("as_of", "id", "features", "table")],
    output: Output,
) -> None:
    """Look at a customer table without making segments: quality, distributions, relationships."""
    folder = out or default_folder(source, "-explored")
    with output.progress():
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.exploration import explore as look

        check_target(folder, force=force)
        found = look(source, settings=settings)
        found.save(folder, force=force)
    output.show(found.summary(), found.plain(), folder)
