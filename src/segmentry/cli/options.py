"""The options of commands, and how they come from the settings' own fields or from a record of options."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import update_wrapper
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

import typer

from segmentry.errors import UsageError
from segmentry.records.settings import Setting, catalog

if TYPE_CHECKING:
    from segmentry.settings import Settings

Source = Annotated[
    str, typer.Argument(help="A CSV, TSV, Excel, Parquet, JSON-lines or DuckDB file: one row per customer.")
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="A folder that 'segmentry run' wrote.")]
Out = Annotated[
    Path | None, typer.Option(help="The folder to write; runs/<name of the file> when not given.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace an earlier run in that folder.")]
ForceFile = Annotated[bool, typer.Option("--force", help="Replace the file.")]
Config = Annotated[Path | None, typer.Option(help="A settings file; 'segmentry init' writes one.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

Command = Callable[..., None]
Given = dict[str, Any]


def expanded(command: Command) -> Command:
    """The command as the shell sees it: each record that it takes stands there as the options that make it.

    A parameter ``settings`` says with ``SettingsOptions`` which settings have an option; any other dataclass has
    one for each of its fields.
    """
    whole = signature(command).parameters.values()
    records = {taken.name: found for taken in whole if (found := _record(taken.annotation)) is not None}
    parts = [
        part
        for taken in whole
        for part in (records[taken.name].parameters() if taken.name in records else [_by_name(taken)])
    ]

    def from_the_shell(**given: Any) -> None:  # noqa: ANN401 - what the shell was given
        for name, record in records.items():
            given[name] = record.made_from(given)
        command(**given)

    update_wrapper(from_the_shell, command)
    from_the_shell.__signature__ = Signature(parts)  # type: ignore[attr-defined]
    from_the_shell.__annotations__ = {part.name: part.annotation for part in parts}
    return from_the_shell


@dataclass(frozen=True, slots=True, init=False)
class SettingsOptions:
    """Which settings have an option in a command.

    Attributes:
        names: Their names.
        file: Whether a settings file can be given too.
        otherwise: What holds when an option is not given, where that is not the setting's default.
    """

    names: tuple[str, ...]
    file: bool
    otherwise: str

    def __init__(self, *names: str, file: bool = True, otherwise: str = "") -> None:
        """Take the names one after the other."""
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "file", file)
        object.__setattr__(self, "otherwise", otherwise)

    def parameters(self) -> Iterator[Parameter]:
        """An option for each setting, and ``--config``."""
        for name in self.names:
            setting = catalog()[name]
            _refuse_optionless(setting)
            yield _keyword(
                name, _annotation(setting, self.otherwise), False if setting.kind is bool else None
            )
        if self.file:
            yield _keyword("config", Config, None)

    def made_from(self, given: Given) -> "Settings":
        """The settings of the file, or the defaults, with what the options say instead."""
        from segmentry.settings import Settings, read_settings

        said = {name: _said(catalog()[name], given.pop(name)) for name in self.names}
        config = given.pop("config", None)
        return (read_settings(config) if config else Settings()).changed(**said)


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """A dataclass whose fields are options."""

    kind: type

    def parameters(self) -> Iterator[Parameter]:
        """An option for each field."""
        hints = get_type_hints(self.kind, include_extras=True)
        for field in fields(self.kind):
            yield _keyword(
                field.name, hints[field.name], Parameter.empty if field.default is MISSING else field.default
            )

    def made_from(self, given: Given) -> object:
        """The record."""
        return self.kind(**{field.name: given.pop(field.name) for field in fields(self.kind)})


def _record(annotation: Any) -> SettingsOptions | RecordOptions | None:  # noqa: ANN401 - any annotation
    marks = (mark for mark in getattr(annotation, "__metadata__", ()) if isinstance(mark, SettingsOptions))
    return next(marks, RecordOptions(annotation) if is_dataclass(annotation) else None)  # type: ignore[arg-type]


def _by_name(taken: Parameter) -> Parameter:
    return taken.replace(kind=Parameter.KEYWORD_ONLY)


def _keyword(name: str, annotation: Any, default: Any) -> Parameter:  # noqa: ANN401 - any option
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _option(setting: Setting) -> str:
    return f"--{(setting.about.option or setting.name).replace('_', '-')}"


def _refuse_optionless(setting: Setting) -> None:
    """A switch can only turn on, and a table does not fit on a command line: such settings stay in the file."""
    if setting.default is True or get_origin(setting.kind) is Mapping:
        raise TypeError(f"The setting '{setting.name}' cannot be an option: leave it to the settings file.")


def _annotation(setting: Setting, otherwise: str) -> Any:  # noqa: ANN401 - a type made at run time
    """The option's type, name and help, all as the setting says."""
    option = typer.Option(
        _option(setting), help=_help(setting, otherwise), metavar="|".join(setting.choices) or None
    )
    if setting.kind is bool:
        return Annotated[bool, option]
    kinds = {setting.kind, *get_args(setting.kind)}
    plain = next((kind for kind in (str, int, float) if kind in kinds), str)
    kind: Any = list[str] if _holds_several(setting) else plain
    return Annotated[kind | None, option]


def _help(setting: Setting, otherwise: str) -> str:
    text = setting.about.text
    if _holds_several(setting):
        return f"{text} Put commas between names, or repeat the option."
    if setting.default is None or setting.default is False:
        return text
    return f"{text} Default: {otherwise or setting.default}."


def _holds_several(setting: Setting) -> bool:
    return get_origin(setting.kind) is tuple


def _said(setting: Setting, value: Any) -> Any:  # noqa: ANN401 - what the shell was given
    """The value of an option as the settings take it; None where it was not given."""
    if _holds_several(setting) and value:
        return names_in(value, _option(setting))
    return value or None if setting.kind is bool else value


def names_in(given: list[str], option: str) -> tuple[str, ...]:
    """Names that were given with commas between them or by repeating the option."""
    names = tuple(part.strip() for text in given for part in _between_commas(text) if part.strip())
    if not names:
        raise UsageError(f"{option} names no column.", hint="Give names with commas between: visits,spend.")
    return names


def _between_commas(text: str) -> Iterator[str]:
    """The parts between commas; a comma inside brackets belongs to the name."""
    depth, part = 0, ""
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth <= 0:
            yield part
            part = ""
        else:
            part += sign
    yield part


def default_folder(source: str, suffix: str = "") -> Path:
    """The folder that is written when none is named."""
    stem = Path(source).name.split(".")[0] or "run"
    return Path("runs") / f"{stem}{suffix}"
