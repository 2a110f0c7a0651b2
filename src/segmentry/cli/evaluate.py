"""``segmentry evaluate``: the evidence for segments that a team already has."""

import json
from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.console import progress, say
from segmentry.cli.options import (
    Config,
    Effort,
    Features,
    Force,
    Id,
    Json,
    Quiet,
    Seed,
    Source,
    chosen,
    split,
)


def evaluate(  # noqa: PLR0913 - a command's parameters are its options
    source: Source,
    *,
    labels: Annotated[str, typer.Option(help="The column that holds your segments.")],
    out: Annotated[
        Path | None, typer.Option(help="A folder to write tables to; none when not given.")
    ] = None,
    force: Force = False,
    effort: Effort = None,
    features: Features = None,
    id: Id = None,  # noqa: A002 - the option's name
    config: Config = None,
    seed: Seed = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Judge segments that you already have: are they real, stable, and told apart by the data?"""
    settings = chosen(config, effort=effort, features=split(features), id=id, seed=seed)
    with progress(quiet=quiet or as_json):
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.evaluation import evaluate as look

        if out:
            check_target(out, force=force)
        found = look(source, labels=labels, settings=settings)
        if out:
            found.save(out, force=force)
    if as_json:
        where = str(out) if out else None
        typer.echo(json.dumps({**found.plain(), "folder": where}, ensure_ascii=False, indent=2))
    elif not quiet:
        say("\n\n".join([found.summary(), *([f"Tables: {out}"] if out else [])]))
