"""The options that several commands share, and what they stand for."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segmentry.errors import UsageError
from segmentry.records.algorithms import CHOICES

if TYPE_CHECKING:
    from segmentry.settings import Settings

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
    typer.Option(help=f"What makes the segments: {CHOICES}."),
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="A folder that 'segmentry run' wrote.")]
Suppress = Annotated[
    Path | None,
    typer.Option(help="A file with the ids of people who are to be in nothing: one a line, or a CSV column."),
]
Pseudonymise = Annotated[
    bool,
    typer.Option("--pseudonymise", help="Write keyed hashes in place of ids; the key is in SEGMENTRY_KEY."),
]
Shared = Annotated[
    bool,
    typer.Option(
        "--shared", help="Write only what may be shown around: nobody's row, no cell of few customers."
    ),
]
Previous = Annotated[
    str | None,
    typer.Option(help="The folder of an earlier run, whose segments keep their id, name, colour and place."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def split(features: list[str] | None) -> tuple[str, ...] | None:
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


def chosen(config: Path | None, **options: Any) -> "Settings":  # noqa: ANN401 - checked by Settings
    """The settings of a file, or the defaults, with what the command line says instead."""
    from segmentry.settings import Settings, read_settings

    settings = read_settings(config) if config else Settings()
    return settings.changed(**options)


def default_folder(source: str, suffix: str = "") -> Path:
    """The folder that is written when none is named."""
    stem = Path(source).name.split(".")[0] or "run"
    return Path("runs") / f"{stem}{suffix}"
