"""``segmentry run``: from a customer table to a run folder."""

from segmentry.cli.console import progress, report
from segmentry.cli.options import (
    Algorithm,
    AsOf,
    Config,
    Effort,
    Features,
    Force,
    Id,
    Json,
    K,
    MaxSegments,
    Out,
    Previous,
    Pseudonymise,
    Quiet,
    Seed,
    Shared,
    Source,
    Suppress,
    Table,
    chosen,
    default_folder,
    split,
)


def run(  # noqa: PLR0913 - a command's parameters are its options
    source: Source,
    *,
    out: Out = None,
    force: Force = False,
    k: K = None,
    as_of: AsOf = None,
    seed: Seed = None,
    config: Config = None,
    id: Id = None,  # noqa: A002 - the option's name
    features: Features = None,
    table: Table = None,
    max_segments: MaxSegments = None,
    effort: Effort = None,
    algorithm: Algorithm = None,
    suppress: Suppress = None,
    pseudonymise: Pseudonymise = False,
    shared: Shared = False,
    previous: Previous = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make segments from a customer table: evidence, names, strategy, figures and a report."""
    settings = chosen(
        config,
        k=k,
        as_of=as_of,
        seed=seed,
        id=id,
        features=split(features),
        table=table,
        max_segments=max_segments,
        effort=effort,
        algorithm=algorithm,
        suppression=str(suppress) if suppress else None,
        pseudonymise=pseudonymise or None,
        shared=shared or None,
        previous=previous,
    )
    folder = out or default_folder(source)
    with progress(quiet=quiet or as_json):
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.segmentation import segment_to_save

        check_target(folder, force=force)
        result = segment_to_save(source, settings)
        write = result.share if settings.privacy.shared else result.save
        write(folder, force=force)
    report(result, folder, quiet=quiet, as_json=as_json)
