"""``segmentry dashboard``: the pages of a run, or of a folder of runs, in a browser."""

from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.console import say
from segmentry.errors import UsageError


def dashboard(  # noqa: PLR0913 - a command's parameters are its options
    runs: Annotated[
        Path | None,
        typer.Argument(metavar="RUNS", help="A run folder, or a folder of them; 'runs' when not given."),
    ] = None,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = 8765,
    host: Annotated[
        str, typer.Option(help="The address to listen on; any but this machine's own needs a password.")
    ] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    password_file: Annotated[
        Path | None, typer.Option(help="A file with the hash of the password that visitors must know.")
    ] = None,
    server_name: Annotated[
        list[str] | None,
        typer.Option(help="A further name under which the server is reached; may be given again."),
    ] = None,
    hash_password: Annotated[
        bool,
        typer.Option("--hash-password", help="Read a password, print its hash for --password-file, and end."),
    ] = False,
) -> None:
    """Explore the segments of a run in a browser."""
    if hash_password:
        _print_hash()
        return
    from segmentry.dashboard.serve import Place, serve

    place = Place(host=host, port=port, names=tuple(server_name or ()), password_file=password_file)

    def started(url: str) -> None:
        say(f"Dashboard: {url}  (Ctrl-C ends it)", err=True)

    try:
        serve(_path(runs), place, started=started, browser=not no_browser)
    except KeyboardInterrupt:
        say("The dashboard has ended.", err=True)


def _path(runs: Path | None) -> Path:
    from segmentry.edges.work_folder import restore

    path = Path("runs") if runs is None else runs
    restore(path)
    if path.is_file():
        raise UsageError(
            f"'{path}' is a file, and the dashboard shows runs.",
            hint=f"Make one first: segmentry run {path}.",
        )
    if not path.is_dir():
        raise UsageError(
            f"There is no folder '{path}'.", hint="Make a run first: segmentry run customers.csv."
        )
    return path


def _print_hash() -> None:
    from segmentry.dashboard.access.passwords import hashed

    typer.echo(hashed(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)))
