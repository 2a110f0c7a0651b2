"""What the command line says: results on standard output, progress on standard error."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from segmentry.progress import listening

STEPS = 10
"""Steps of a whole run, for the length of the bar."""


def say(text: str, *, err: bool = False) -> None:
    """Print text that holds names from files: signs that would command a terminal are made visible."""
    shown = (
        sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode()
        for sign in text
    )
    typer.echo("".join(shown), err=err)


@contextmanager
def progress(*, quiet: bool) -> Iterator[None]:
    """A bar on a terminal, plain lines when piped, nothing when quiet; always on standard error."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Starting", total=STEPS)
            with listening(lambda name: bar.update(task, description=name, advance=1)):
                yield
    else:
        with listening(lambda name: typer.echo(f"{name} ...", err=True)):
            yield


def report(result: Any, folder: Path, *, quiet: bool, as_json: bool) -> None:  # noqa: ANN401 - imported late
    """Say what a run found."""
    show(result.summary(), result.plain(), folder, (quiet, as_json))


def show(summary: str, plain: dict[str, object], folder: Path, how: tuple[bool, bool]) -> None:
    """Print a summary, or the same as JSON; ``how`` is (quiet, as_json)."""
    quiet, as_json = how
    if as_json:
        typer.echo(json.dumps({**plain, "folder": str(folder)}, ensure_ascii=False, indent=2))
    elif not quiet:
        say(f"{summary}\n\nReport: {folder / 'report.html'}")
