"""``segmentry why``: why one customer is in their segment."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.console import say
from segmentry.cli.options import Json


def why(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that 'segmentry run' wrote.")],
    *,
    id: Annotated[str, typer.Option("--id", help="The customer's id.")],  # noqa: A002 - the option's name
    as_json: Json = False,
) -> None:
    """Say why a customer is in their segment: what each feature adds, exactly."""
    from segmentry.results.segmentation import load

    found = load(run_folder).why(id)
    if as_json:
        values = {"id": found.id, "sentence": found.sentence, "why": asdict(found.why)}
        typer.echo(json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        say(str(found))
