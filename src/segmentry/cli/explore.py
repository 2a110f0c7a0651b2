"""``segmentry explore``: a look at a table, without segments."""

from segmentry.cli.console import progress, show
from segmentry.cli.options import (
    AsOf,
    Config,
    Features,
    Force,
    Id,
    Json,
    Out,
    Quiet,
    Source,
    Table,
    chosen,
    default_folder,
    split,
)


def explore(  # noqa: PLR0913 - a command's parameters are its options
    source: Source,
    *,
    out: Out = None,
    force: Force = False,
    as_of: AsOf = None,
    config: Config = None,
    id: Id = None,  # noqa: A002 - the option's name
    features: Features = None,
    table: Table = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Look at a customer table without making segments: quality, distributions, relationships."""
    settings = chosen(config, as_of=as_of, id=id, features=split(features), table=table)
    folder = out or default_folder(source, "-explored")
    with progress(quiet=quiet or as_json):
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.exploration import explore as look

        check_target(folder, force=force)
        found = look(source, settings=settings)
        found.save(folder, force=force)
    show(found.summary(), found.plain(), folder, (quiet, as_json))
