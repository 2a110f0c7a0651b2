"""The shell: argv in, exit code out; it knows every command and how each ends."""

import gc
import os
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from io import TextIOWrapper
from typing import Annotated

import typer

from segmentry.cli.console import say
from segmentry.cli.dashboard import dashboard
from segmentry.cli.demo import demo
from segmentry.cli.evaluate import evaluate
from segmentry.cli.explore import explore
from segmentry.cli.export import export
from segmentry.cli.forget import forget
from segmentry.cli.init import init
from segmentry.cli.result import result
from segmentry.cli.run import run
from segmentry.cli.score import score
from segmentry.cli.share import share
from segmentry.cli.why import why
from segmentry.errors import SegmentryError, reason, shortened

COMMANDS = (run, demo, explore, evaluate, init, score, why, export, forget, share, dashboard)
"""Every command, in the order of the help."""

RARELY = 200_000
"""New objects after which garbage is looked for."""

STOPPED = "Stopped before it was finished: nothing was written."
INTERRUPTED = "Query interrupted"
"""What DuckDB says when Ctrl-C comes during a query."""

app = typer.Typer(
    name="segmentry",
    help="From a customer table to segments that are real, named, explained and acted on.",
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in COMMANDS:
    app.command()(command)
app.add_typer(result, name="result")


@app.callback(invoke_without_command=True)
def _first(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        from segmentry import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


def run_app(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done. 2: bad usage or bad data, with one message. 1: our fault.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _carry_out(given)
        sys.stdout.flush()
    except typer.Exit as end:
        return end.exit_code
    except SegmentryError as failure:
        return _fail(str(failure))
    except typer.TyperException as failure:
        return _fail(_usage(failure))
    except (KeyboardInterrupt, typer.Abort):
        return _fail(STOPPED)
    except BrokenPipeError:  # who reads the output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as failure:
        where = f" '{shortened(str(failure.filename))}'" if failure.filename else " a file"
        return _fail(
            f"The system refuses{where}: {reason(failure)}. Check the path, permissions and free space."
        )
    return 0


def _carry_out(given: list[str]) -> None:
    """Carry out a command; Ctrl-C is the same during a query as at any other time."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("segmentry", given) as context:
            command.invoke(context)
    except RuntimeError as failure:
        if str(failure) != INTERRUPTED:
            raise
        raise KeyboardInterrupt from failure


def run_main() -> None:
    """The ``segmentry`` command: told to end, it stops as tidily as at Ctrl-C.

    Garbage is collected rarely: imports make hundreds of thousands of objects that stay, and
    looking through them again and again takes a fifth of the start.
    Once the command is done, a signal ends the process without a word.
    """
    gc.set_threshold(RARELY)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    code = run_app()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    sys.exit(code)


def _fail(message: str) -> int:
    say(f"segmentry: {' '.join(message.split())}", err=True)
    return 2


def _usage(failure: typer.TyperException) -> str:
    """What is wrong with the command, and where its help is."""
    context = getattr(failure, "ctx", None)
    said = failure.format_message().partition(", unable to parse")[0]
    if hasattr(failure, "possibilities"):  # an option that is not there
        option = getattr(failure, "option_name", "")
        near = get_close_matches(option, failure.possibilities or (), n=1, cutoff=0.7)
        hint = f" Did you mean {near[0]!r}?" if near else _as_setting(option, context)
        said = f"There is no option '{option}'.{hint}"
    command = context.command_path if context else "segmentry"
    return f"{said}{'' if said.endswith(('.', '?')) else '.'} See '{command} --help'."


def _as_setting(option: str, context: typer.Context | None) -> str:
    """Where a setting goes that somebody gave as an option; nothing where it is none or the command takes none."""
    from segmentry.records.settings import catalog

    name = option.lstrip("-").replace("-", "_")
    taken = {parameter.name for parameter in context.command.params} if context else set()
    if name not in catalog() or "config" not in taken:
        return ""
    return f" '{name}' is a setting: write it in a file, which 'segmentry init' begins, and name that with --config."
