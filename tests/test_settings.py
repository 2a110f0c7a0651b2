"""Settings: one flat TOML, checked when read, every default visible."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from segmentry.errors import UsageError
from segmentry.records.settings import PARTS, ChoiceSettings, catalog
from segmentry.settings import Settings, commented_toml, read_settings


def test_the_written_file_changes_nothing_until_a_line_is_uncommented(tmp_path: Path) -> None:
    file = tmp_path / "segmentry.toml"
    file.write_text(commented_toml())
    assert read_settings(file) == Settings()


def test_every_setting_is_written_with_its_default(tmp_path: Path) -> None:
    """Uncommented, each line with a default gives that default back."""
    lines = [line.removeprefix("# ") for line in commented_toml().splitlines()]
    assigned = [line for line in lines if line.split(" = ")[0] in catalog()]
    assert len(assigned) == len(catalog())
    for line in assigned:
        ((name, value),) = tomllib.loads(line).items()
        default = Settings().flat()[name]
        if default is not None:
            assert Settings.checked({name: value}) == Settings(), name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('mising = "median"', "Did you mean 'missing'"),
        ('missing = "mean"', "'missing' cannot be 'mean'"),
        ("max_segments = 0", "'max_segments' cannot be 0"),
        ("seed = -1", "'seed' cannot be -1"),
        ('as_of = "yesterday"', "'as_of' cannot be 'yesterday'"),
        ("k = 'three'", "'k' cannot be 'three'"),
        ("missing = median", "not valid TOML"),
    ],
)
def test_a_wrong_setting_gets_one_clear_message(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "segmentry.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as failure:
        read_settings(file)
    assert says in str(failure.value)
    assert "segmentry.toml" in str(failure.value)


def test_a_single_name_may_stand_for_a_list() -> None:
    assert Settings.checked({"features": "spend"}).columns.features == ("spend",)


def test_options_win_over_the_file() -> None:
    assert Settings.checked({"k": 3, "seed": 5}).changed(k=4, seed=None) == Settings(k=4, seed=5)


def test_a_treatment_may_be_switched_off_and_on() -> None:
    assert Settings.checked({"clip": False, "themes": False, "transform": False}) == Settings(
        clip="none", themes="none", transform="none"
    )
    assert Settings.checked({"clip": True, "scaling": True}).scaling.clip == "mad"


def test_the_parts_hold_every_setting_once() -> None:
    settings = Settings()
    held = [field.name for part in PARTS for field in fields(getattr(settings, part))]
    assert held == list(catalog()) == list(settings.flat())
    assert all(type(getattr(settings, name)) is part for name, part in PARTS.items())


def test_settings_print_as_the_shortest_call_that_makes_them() -> None:
    given = Settings(k=4, features="spend", seed=0)
    assert repr(given) == "Settings(features=('spend',), k=4, seed=0)"
    assert repr(given.choice) == "ChoiceSettings(k=4)"
    assert eval(repr(given)) == given  # noqa: S307 - what it prints is what is tested


def test_a_setting_that_is_given_is_stated_even_with_the_value_of_the_default() -> None:
    given = Settings(control_share=0.5).changed(seed=3)
    assert given.stated == {"control_share", "seed"}
    assert given == Settings(seed=3)
    assert given.replaced(seed=None if given.choice.k else 0) == Settings()


def test_settings_stay_as_they_are() -> None:
    given = Settings(k=4)
    with pytest.raises(AttributeError):
        given.choice = ChoiceSettings(k=5)  # type: ignore[misc]


@pytest.mark.parametrize("name", [name for name, setting in catalog().items() if setting.default is None])
def test_a_setting_that_is_found_out_has_an_example_that_can_be_used(name: str) -> None:
    line = f"{name} = {catalog()[name].about.example}"
    assert Settings.checked(tomllib.loads(line)).stated == {name}
