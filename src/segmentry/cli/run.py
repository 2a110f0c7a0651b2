"""``segmentry run``: from a customer table to a run folder."""

from typing import TYPE_CHECKING, Annotated

from segmentry.cli.console import Output, columns
from segmentry.cli.options import Force, Out, SettingsOptions, Source, default_folder, expanded

if TYPE_CHECKING:
    from segmentry.settings import Settings

OPTIONS = SettingsOptions(
    *("k", "as_of", "seed", "id", "features", "table", "max_segments", "effort", "algorithm"),
    *("suppression", "pseudonymise", "shared", "previous"),
)


@expanded
def run(
    source: Source,
    *,
    out: Out = None,
    force: Force = False,
    settings: Annotated["Settings", OPTIONS],
    output: Output,
) -> None:
    """Make segments from a customer table: evidence, names, strategy, figures and a report."""
    folder = out or default_folder(source)
    with output.progress():
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.segmentation import segment_to_save

        check_target(folder, force=force)
        result = segment_to_save(source, settings)
        if settings.privacy.shared:
            result.share(folder, force=force)
        else:
            result.save(folder, force=force)
    output.show(result.summary(columns()), result.plain(), folder)
