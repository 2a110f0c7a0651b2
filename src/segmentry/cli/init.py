"""``segmentry init``: a settings file to start from."""

from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.speaking import say


def init(
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("segmentry.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write a settings file with every setting, its meaning and its default."""
    from segmentry.edges.store import write_new
    from segmentry.settings import commented_toml

    write_new(commented_toml(), out, force=force)
    say(f"Wrote {out}. Use it with: segmentry run customers.csv --config {out}")
