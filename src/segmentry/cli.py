"""The command line: it only translates between the shell, the workflow and the edges."""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.errors import SegmentryError, UsageError, reason, shortened

if TYPE_CHECKING:
    from segmentry.settings import Settings

app = typer.Typer(
    name="segmentry",
    help="From a customer table to segments that are real, named, explained and acted on.",
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Source = Annotated[
    str, typer.Argument(help="A CSV, TSV, Excel, Parquet, JSON-lines or DuckDB file: one row per customer.")
]
Out = Annotated[
    Path | None, typer.Option(help="The folder to write; runs/<name of the file> when not given.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace an earlier run in that folder.")]
K = Annotated[
    int | None, typer.Option("--k", help="The number of segments; 1 is one audience. Found when not given.")
]
AsOf = Annotated[str | None, typer.Option(help="The day that dates count back from (YYYY-MM-DD).")]
Seed = Annotated[int | None, typer.Option(help="The random seed.")]
Config = Annotated[Path | None, typer.Option(help="A settings file; 'segmentry init' writes one.")]
Id = Annotated[str | None, typer.Option("--id", help="The column that says who a customer is.")]
Features = Annotated[
    list[str] | None,
    typer.Option(help="The columns to segment by, with commas between or given again and again."),
]
Table = Annotated[str | None, typer.Option(help="The sheet of an Excel file, or the table of a DuckDB file.")]
MaxSegments = Annotated[int | None, typer.Option(help="As many segments as your team can run campaigns for.")]
Effort = Annotated[
    str | None, typer.Option(help="How much evidence: quick, standard (when not given) or thorough.")
]
Algorithm = Annotated[
    str | None,
    typer.Option(help="What makes the segments: kmeans (when not given), mixture, ward, hdbscan, ..."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


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


@app.command()
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
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make segments from a customer table: evidence, names, strategy, figures and a report."""
    settings = _settings(
        config,
        k=k,
        as_of=as_of,
        seed=seed,
        id=id,
        features=_split(features),
        table=table,
        max_segments=max_segments,
        effort=effort,
        algorithm=algorithm,
    )
    folder = out or _default_folder(source)
    with _working(quiet=quiet or as_json) as step:
        from segmentry.edges.store import check_target
        from segmentry.result import segment

        check_target(folder, force=force)
        result = segment(source, settings=settings, step=step, draw_ahead=True)
        result.save(folder, force=force, step=step)
    _report(result, folder, quiet=quiet, as_json=as_json)


@app.command()
def demo(  # noqa: PLR0913 - a command's parameters are its options
    *,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("runs/demo"),
    force: Force = False,
    customers: Annotated[
        int, typer.Option("--customers", min=30, help="How many customers to make up.")
    ] = 999,
    seed: Seed = None,
    effort: Effort = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make up customers of an online shop and run the whole analysis on them."""
    settings = _settings(None, seed=seed, effort=effort)
    with _working(quiet=quiet or as_json) as step:
        from segmentry.datasets import ecommerce
        from segmentry.edges.store import check_target
        from segmentry.result import segment

        check_target(out, force=force)
        made = ecommerce(customers, settings.seed).customers
        result = segment(made, settings=settings, step=step, name="demo customers", draw_ahead=True)
        result.save(out, force=force, step=step)
    _report(result, out, quiet=quiet, as_json=as_json)


@app.command()
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
    settings = _settings(config, as_of=as_of, id=id, features=_split(features), table=table)
    folder = out or _default_folder(source, "-explored")
    with _working(quiet=quiet or as_json) as step:
        from segmentry.edges.store import check_target
        from segmentry.result import explore as look

        check_target(folder, force=force)
        found = look(source, settings=settings, step=step)
        found.save(folder, force=force, step=step)
    _print(found.summary(), found.plain(), folder, (quiet, as_json))


@app.command()
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
    settings = _settings(config, effort=effort, features=_split(features), id=id, seed=seed)
    with _progress(quiet=quiet or as_json) as step:
        from segmentry.edges.store import check_target
        from segmentry.result import evaluate as look

        if out:
            check_target(out, force=force)
        found = look(source, labels=labels, settings=settings, step=step)
        if out:
            found.save(out, force=force)
    if as_json:
        where = str(out) if out else None
        typer.echo(json.dumps({**found.plain(), "folder": where}, ensure_ascii=False, indent=2))
    elif not quiet:
        _say("\n\n".join([found.summary(), *([f"Tables: {out}"] if out else [])]))


@app.command()
def init(
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("segmentry.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write a settings file with every setting, its meaning and its default."""
    from segmentry.edges.store import write_new
    from segmentry.settings import commented_toml

    write_new(commented_toml(), out, force=force)
    _say(f"Wrote {out}. Use it with: segmentry run customers.csv --config {out}")


@app.command()
def score(  # noqa: PLR0913 - a command's parameters are its options
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that 'segmentry run' wrote.")],
    source: Source,
    *,
    out: Annotated[
        Path | None, typer.Option(help="A .csv or .parquet file; printed as CSV when not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    as_of: AsOf = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Place new customers in the segments of an earlier run."""
    from segmentry.edges.tables import check_file, print_csv, save_table
    from segmentry.result import score_with

    settings = _settings(config, as_of=as_of)
    if out:
        check_file(out, force=force)
    with _progress(quiet=quiet) as step:
        scored = score_with(run_folder, source, settings=settings, step=step)
    if out is None:
        print_csv(scored, sys.stdout.buffer)
        return
    save_table(scored, out, force=force)
    if not quiet:
        _say(f"Placed {scored.num_rows:,} customers in {out}")


def run_app(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done. 2: bad usage or bad data, with one message. 1: our fault.
    """
    command = typer.main.get_command(app)
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with command.make_context("segmentry", given) as context:
            command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as end:
        return end.exit_code
    except SegmentryError as failure:
        return _fail(str(failure))
    except typer.TyperException as failure:
        return _fail(_usage(failure))
    except (KeyboardInterrupt, typer.Abort):
        return _fail("Stopped before it was finished: nothing was written.")
    except BrokenPipeError:  # who reads the output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as failure:
        where = f" '{shortened(str(failure.filename))}'" if failure.filename else " a file"
        return _fail(
            f"The system refuses{where}: {reason(failure)}. Check the path, permissions and free space."
        )
    return 0


def run_main() -> None:
    """The ``segmentry`` command: told to end, it stops as tidily as at Ctrl-C.

    Garbage is collected rarely: imports make hundreds of thousands of objects that stay, and
    looking through them again and again takes a fifth of the start.
    Done, it leaves at once: taking the interpreter and the engines down takes half a second, and
    every file is closed by then.
    """
    gc.set_threshold(RARELY)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    code = run_app()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError, ValueError):
            stream.flush()
    os._exit(code)


def _fail(message: str) -> int:
    _say(f"segmentry: {' '.join(message.split())}", err=True)
    return 2


def _usage(failure: typer.TyperException) -> str:
    """What is wrong with the command, and where its help is."""
    said = failure.format_message().partition(", unable to parse")[0]
    if hasattr(failure, "possibilities"):  # an option that is not there
        option = getattr(failure, "option_name", "")
        near = get_close_matches(option, failure.possibilities or (), n=1, cutoff=0.7)
        said = f"There is no option '{option}'.{f' Did you mean {near[0]!r}?' if near else ''}"
    context = getattr(failure, "ctx", None)
    command = context.command_path if context else "segmentry"
    return f"{said}{'' if said.endswith(('.', '?')) else '.'} See '{command} --help'."


def _say(text: str, *, err: bool = False) -> None:
    """Print text that holds names from files: signs that would command a terminal are made visible."""
    shown = (
        sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode()
        for sign in text
    )
    typer.echo("".join(shown), err=err)


def _split(features: list[str] | None) -> tuple[str, ...] | None:
    """Names given again and again, or with commas between."""
    if not features:
        return None
    names = tuple(part.strip() for given in features for part in _commas(given) if part.strip())
    if not names:
        raise UsageError("--features names no column.", hint="Give names with commas between: visits,spend.")
    return names


def _commas(given: str) -> Iterator[str]:
    """The parts between commas; a comma inside brackets belongs to the name."""
    depth, part = 0, ""
    for sign in given:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth <= 0:
            yield part
            part = ""
        else:
            part += sign
    yield part


def _settings(config: Path | None, **options: Any) -> "Settings":  # noqa: ANN401 - checked by Settings
    from segmentry.settings import Settings, read_settings

    settings = read_settings(config) if config else Settings()
    return settings.changed(**options)


def _default_folder(source: str, suffix: str = "") -> Path:
    stem = Path(source).name.split(".")[0] or "run"
    return Path("runs") / f"{stem}{suffix}"


@contextmanager
def _working(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Progress; the drawing engines come up meanwhile, so what is heavy is imported inside."""
    from segmentry.edges.studio import warm_up

    warm_up()
    with _progress(quiet=quiet) as step:
        yield step


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, plain lines when piped, nothing when quiet; always on standard error."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Starting", total=STEPS)
            yield lambda name: bar.update(task, description=name, advance=1)
    else:
        yield lambda name: typer.echo(f"{name} ...", err=True)


STEPS = 10
RARELY = 200_000
"""New objects after which garbage is looked for."""


def _report(result: Any, folder: Path, *, quiet: bool, as_json: bool) -> None:  # noqa: ANN401 - imported late
    _print(result.summary(), result.plain(), folder, (quiet, as_json))


def _print(summary: str, plain: dict[str, object], folder: Path, how: tuple[bool, bool]) -> None:
    quiet, as_json = how
    if as_json:
        typer.echo(json.dumps({**plain, "folder": str(folder)}, ensure_ascii=False, indent=2))
    elif not quiet:
        _say(f"{summary}\n\nReport: {folder / 'report.html'}")
