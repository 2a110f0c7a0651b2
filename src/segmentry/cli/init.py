"""``segmentry init``: a settings file to start from, and copies of the catalogs to change."""

from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.console import say

COPIES = ("playbook.yaml", "archetypes.yaml", "playbook.schema.json")
"""What ``--playbook`` writes."""


def init(
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("segmentry.toml"),
    playbook: Annotated[
        bool,
        typer.Option(
            "--playbook",
            help="Write copies of the plays and archetypes to change, and a schema, beside the file.",
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write a settings file with every setting, its meaning and its default."""
    if playbook:
        _copies(out.parent, force=force)
        return
    from segmentry.edges.run_folder.folder import write_new
    from segmentry.settings import commented_toml

    write_new({out: commented_toml()}, force=force)
    say(f"Wrote {out}. Use it with: segmentry run customers.csv --config {out}")


def _copies(folder: Path, *, force: bool) -> None:
    """All of the copies, or none when one is there already."""
    from segmentry.edges.catalogs.loading import shipped_texts
    from segmentry.edges.run_folder.folder import write_new

    write_new({folder / name: text for name, text in zip(COPIES, shipped_texts(), strict=True)}, force=force)
    plays, archetypes, schema = (folder / name for name in COPIES)
    say(
        f"Wrote {plays}, {archetypes} and {schema}. Change them, and name them in segmentry.toml: "
        f'playbook = "{plays}", archetypes = "{archetypes}".'
    )
