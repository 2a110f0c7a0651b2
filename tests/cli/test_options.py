"""Options come from the settings' own fields: name, type, default and help are said once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from segmentry.cli import app
from segmentry.cli.options import SettingsOptions, expanded
from segmentry.errors import UsageError
from segmentry.records.settings import catalog
from segmentry.settings import Settings

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
OF_THEIR_OWN = {("init", "playbook"), ("why", "id"), ("forget", "id")}
"""Options that are called as a setting and mean something else: a copy to write, a customer."""

OPTIONED = [
    (command.name, parameter.name)
    for command in COMMANDS.values()
    for parameter in command.params
    if parameter.name in catalog() and (command.name, parameter.name) not in OF_THEIR_OWN
]


def settings_from(*arguments: str, names: tuple[str, ...], **marks: Any) -> Settings:
    """The settings that a command with options for some of them is given."""
    seen: list[Settings] = []
    shell = typer.Typer()

    @shell.command()
    @expanded
    def command(*, settings: Annotated[Settings, SettingsOptions(*names, **marks)]) -> None:
        seen.append(settings)

    with typer.main.get_command(shell).make_context("command", list(arguments)) as context:
        context.command.invoke(context)
    return seen[0]


@pytest.mark.parametrize(("command", "name"), OPTIONED)
def test_an_option_says_what_its_setting_says(command: str, name: str) -> None:
    option = next(one for one in COMMANDS[command].params if one.name == name)
    setting = catalog()[name]
    assert option.help.startswith(setting.about.text)
    assert option.opts == [f"--{(setting.about.option or name).replace('_', '-')}"]


def test_every_setting_can_have_an_option_by_naming_it() -> None:
    """A new setting needs no more than its field: here all get an option but tables and what is on by default."""
    off = (name for name, setting in catalog().items() if setting.default is not True)
    names = tuple(name for name in off if not isinstance(catalog()[name].default, dict))
    assert settings_from(names=names) == Settings()
    given = settings_from(
        *("--margin", "0.4", "--min-segment-customers", "30", "--missing", "median", "--shared"),
        *("--missing-means-zero", "visits,spend (EUR, net)", "--missing-means-zero", "age", "--salt", "mine"),
        names=names,
    )
    assert given == Settings(
        margin=0.4,
        min_segment_customers=30,
        missing="median",
        shared=True,
        missing_means_zero=("visits", "spend (EUR, net)", "age"),
        holdout_salt="mine",
    )


def test_an_option_wins_over_the_file_and_only_what_is_given_is_stated(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text("k = 3\nseed = 5\n")
    given = settings_from("--config", str(file), "--k", "2", names=("k", "effort"))
    assert given == Settings(k=2, seed=5)
    assert given.stated == {"k", "seed"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--k", "0"], "'k' cannot be 0: it should be greater than or equal to 1"),
        (["--effort", "fast"], "'effort' cannot be 'fast': it should be 'quick', 'standard' or 'thorough'"),
        (["--features", " , "], "--features names no column"),
    ],
)
def test_a_bad_value_is_refused_as_in_a_file(arguments: list[str], says: str) -> None:
    with pytest.raises(UsageError) as failure:
        settings_from(*arguments, names=("k", "effort", "features"))
    assert says in str(failure.value)


def test_the_default_that_help_tells_is_the_settings_or_what_holds_otherwise() -> None:
    helps = {one.name: one.help for one in COMMANDS["run"].params}
    assert helps["max_segments"].endswith("Default: 6.")
    assert "Default" not in helps["k"] + helps["pseudonymise"]
    helps = {one.name: one.help for one in COMMANDS["export"].params}
    assert helps["control_share"].endswith("Default: the run's own.")


def test_a_record_of_options_stands_as_one_option_for_each_field() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Visit:
        day: Annotated[str, typer.Option("--on", help="The day.")]
        guests: int = 2

    seen: list[Visit] = []
    shell = typer.Typer()

    @shell.command()
    @expanded
    def command(*, visit: Visit) -> None:
        seen.append(visit)

    built = typer.main.get_command(shell)
    assert [one.opts for one in built.params if one.name != "help"][:2] == [["--on"], ["--guests"]]
    with built.make_context("command", ["--on", "2026-05-01"]) as context:
        context.command.invoke(context)
    assert seen == [Visit(day="2026-05-01", guests=2)]


@pytest.mark.parametrize("name", ["compare", "sentinels"])
def test_a_setting_that_no_option_can_express_is_refused_when_the_command_is_made(name: str) -> None:
    """A switch cannot turn off what is on by default, and a table does not fit on a command line."""
    with pytest.raises(TypeError, match=f"'{name}' cannot be an option"):
        list(SettingsOptions(name).parameters())
