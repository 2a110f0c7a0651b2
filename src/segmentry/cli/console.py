"""What the command line says: results on standard output, progress on standard error."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import get_terminal_size

import typer

from segmentry.cli.options import Json, Quiet
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


def columns() -> int:
    """The width of the terminal; 80 where the output is piped, so that it is the same everywhere."""
    return max(80, get_terminal_size().columns) if sys.stdout.isatty() else 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """How a command says what it does and found."""

    quiet: Quiet = False
    as_json: Json = False

    def progress(self) -> AbstractContextManager[None]:
        """Steps as they start, where nobody waits for JSON or for silence."""
        return progress(quiet=self.quiet or self.as_json)

    def tell(self, text: str, plain: Mapping[str, object]) -> None:
        """Print a text, or the same as JSON."""
        if self.as_json:
            typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        elif not self.quiet:
            say(text)

    def show(self, summary: str, plain: Mapping[str, object], folder: Path) -> None:
        """Tell what a command found and where it is written."""
        self.tell(f"{summary}\n\nReport: {folder / 'report.html'}", {**plain, "folder": str(folder)})
