"""The settings: one flat TOML for people, checked when it is read, and in parts for the program."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import inf, isfinite
from pathlib import Path
from typing import Annotated, Any, Self, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    create_model,
)

from segmentry.errors import UsageError, reason, shortened
from segmentry.records.algorithms import EVERY
from segmentry.records.settings import (
    PARTS,
    SEPARATORS,
    CampaignSettings,
    ChoiceSettings,
    CleaningSettings,
    ColumnSettings,
    GroupSettings,
    NamingSettings,
    PrioritySettings,
    PrivacySettings,
    ReadSettings,
    ScalingSettings,
    Setting,
    catalog,
)
from segmentry.records.targets import WEIGHTS

WHOLE = 1e-6
"""How far the weights may be from 1 together."""
MOST_COMPETITIVE = 10
LAST_ASCII = "\x7f"
BOUNDS = ("ge", "gt", "le", "lt")


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Settings:
    """Everything that can be set: given flat, by name, and handed on in parts.

    Attributes:
        columns: Which column plays which part.
        reading: How to read a file, where it does not say so itself.
        privacy: Who is left out, under what name the others appear, and what may be shown.
        cleaning: What happens to missing and impossible values.
        scaling: How features are made ready for distances.
        choice: How segments are made and how many there are.
        naming: What columns stand for, what segments are called, and which plays they may get.
        campaign: What a campaign costs and earns.
        groups: How customers are drawn into hold-out and control groups.
        priorities: How target segments are chosen.
        stated: The names of the settings that were given, even where the value is the default.

    Raises:
        UsageError: naming the setting, what is wrong with it and the nearest name that exists.

    >>> Settings(k=4, scaling="none")
    Settings(scaling='none', k=4)
    >>> Settings(k=4).choice
    ChoiceSettings(k=4)
    """

    columns: ColumnSettings
    reading: ReadSettings
    privacy: PrivacySettings
    cleaning: CleaningSettings
    scaling: ScalingSettings
    choice: ChoiceSettings
    naming: NamingSettings
    campaign: CampaignSettings
    groups: GroupSettings
    priorities: PrioritySettings
    stated: frozenset[str] = field(compare=False)

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - checked here
        """Check the values and put them in their parts."""
        found = _checked(values, "")
        for name, part in PARTS.items():
            said = {key: value for key, value in found.items() if catalog()[key].part == name}
            object.__setattr__(self, name, part(**said))
        object.__setattr__(self, "stated", frozenset(values))

    def __repr__(self) -> str:
        """The shortest call that makes them again."""
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in self.given().items())})"

    def flat(self) -> dict[str, Any]:
        """Every value by the name of its setting, in the order of the settings file."""
        return {name: getattr(getattr(self, setting.part), name) for name, setting in catalog().items()}

    def given(self) -> dict[str, Any]:
        """The values that were stated, by name: with them the same settings are made again."""
        return {name: value for name, value in self.flat().items() if name in self.stated}

    def plain(self) -> dict[str, Any]:
        """The same as JSON has it: lists in place of tuples."""
        return {name: _plain(value) for name, value in self.flat().items()}

    def changed(self, **options: Any) -> Self:  # noqa: ANN401 - checked like the rest
        """A copy with some settings changed, checked like the rest; None leaves a setting alone."""
        return self.replaced(**{name: value for name, value in options.items() if value is not None})

    def replaced(self, **options: Any) -> Self:  # noqa: ANN401 - checked like the rest
        """A copy with some settings changed, where None is a value like any other."""
        return type(self)(**{**self.given(), **options})

    @classmethod
    def checked(cls, values: Mapping[str, Any], *, where: str = "") -> Self:
        """Settings from plain values; ``where`` is named when one of them is wrong."""
        return cls(**_checked(values, where))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def read_settings(path: str | Path) -> Settings:
    """The settings in a TOML file.

    Raises:
        UsageError: when the file is missing, is not TOML, or holds an unknown key or a bad value.
    """
    file = Path(path)
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"There is no settings file '{file}'.", hint="Write one with 'segmentry init'."
        ) from None
    except (OSError, UnicodeDecodeError) as failure:
        raise UsageError(
            f"The settings file '{file}' cannot be read: {reason(failure)}.",
            hint="It must be a TOML file in UTF-8, such as 'segmentry init' writes.",
        ) from None
    except tomllib.TOMLDecodeError as failure:
        raise UsageError(
            f"The settings file '{file}' is not valid TOML: {failure}.",
            hint='A setting is written as name = value, text in quotes: missing = "median".',
        ) from None
    except RecursionError:
        raise UsageError(
            f"The settings file '{file}' has too many brackets inside one another.",
            hint="A setting is a value, a list, or a table of lists.",
        ) from None
    return Settings.checked(values, where=f" (in '{file}')")


def _listed(given: object) -> object:
    """A single name may stand alone where a list is asked for."""
    return (given,) if isinstance(given, str) else given


def _switched(given: object, info: ValidationInfo) -> object:
    """True and false are what people write for on and off."""
    if isinstance(given, bool) and info.field_name:
        return catalog()[info.field_name].default if given else "none"
    return given


def _number_or_column(given: object, info: ValidationInfo) -> object:
    most = inf if info.field_name == "order_value" else 1.0
    least_is_one = info.field_name == "base_rate"
    if given is None or isinstance(given, str):
        return given
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError("Input should be a number, or a column's name in quotes")  # noqa: TRY004 - pydantic's
    if not (0 <= given <= most and isfinite(given)) or (given == 0 and not least_is_one):
        bounds = "above 0" if most == inf else "from 0 to 1, as a share (0.03 is 3 %)"
        raise ValueError(f"Input should be {bounds}")
    return float(given)


def _algorithm(given: str) -> str:
    if given not in EVERY:
        raise ValueError(f"Input should be one of {', '.join(EVERY)}")
    return given


def _weights(given: Mapping[str, float]) -> Mapping[str, float]:
    if wrong := [name for name in given if name not in WEIGHTS]:
        raise ValueError(f"'{wrong[0]}' is no criterion; there are: {', '.join(WEIGHTS)}")
    if any(not weight >= 0 for weight in given.values()) or abs(sum(given.values()) - 1) > WHOLE:
        raise ValueError("Input should have weights from 0 on that sum to 1")
    return given


def _scores(given: Mapping[str, float]) -> Mapping[str, float]:
    if any(not 1 <= score <= MOST_COMPETITIVE for score in given.values()):
        raise ValueError("Input should hold scores from 1 to 10")
    return given


def _lower(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(token.strip().lower() for token in given)


def _day(given: object) -> object:
    from datetime import date

    try:
        return str(date.fromisoformat(str(given))) if given is not None else None
    except ValueError:
        raise ValueError("Input should be a day that there is, as YYYY-MM-DD") from None


def _separator(given: str | None) -> str | None:
    sign = given and SEPARATORS.get(given.lower(), given)
    if sign is not None and (len(sign) != 1 or sign in '"\n\r' or sign > LAST_ASCII):
        raise ValueError("Input should be one character, such as , or ; or the word tab")
    return given


CHECKS: Mapping[str, Any] = {
    "as_of": BeforeValidator(_day),
    "delimiter": AfterValidator(_separator),
    "missing_tokens": AfterValidator(_lower),
    "algorithm": AfterValidator(_algorithm),
    "attractiveness": AfterValidator(_weights),
    "competitiveness": AfterValidator(_scores),
}
"""What is checked of a setting beyond its type and limits."""


def _field(setting: Setting) -> Any:  # noqa: ANN401 - what pydantic takes for a field
    """The field of the model that checks a setting: its type, its limits, and how people write it."""
    bounds = {name: bound for name in BOUNDS if (bound := getattr(setting.about, name)) is not None}
    checks: list[Any] = [Field(allow_inf_nan=False, **bounds)] if bounds else []
    if get_origin(setting.kind) is tuple:
        checks.append(BeforeValidator(_listed))
    if "none" in setting.choices:
        checks.append(BeforeValidator(_switched))
    if setting.kind == float | str | None:
        checks.append(BeforeValidator(_number_or_column))
    if setting.name in CHECKS:
        checks.append(CHECKS[setting.name])
    return Annotated[(setting.kind, *checks)] if checks else setting.kind


FIELDS: dict[str, Any] = {setting.name: (_field(setting), setting.default) for setting in catalog().values()}
MODEL: type[BaseModel] = create_model("Flat", __config__=ConfigDict(extra="forbid"), **FIELDS)
"""Checks flat values; made from the fields of the parts."""


def _checked(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The values that were given, as the program takes them."""
    try:
        return MODEL.model_validate(values).model_dump(exclude_unset=True)
    except ValidationError as failure:
        raise _explained(failure, where) from None


def _explained(failure: ValidationError, where: str) -> UsageError:
    """The first thing that is wrong, in words."""
    error = failure.errors()[0]
    key = ".".join(str(part) for part in error["loc"]) or "?"
    if error["type"] == "extra_forbidden":
        close = get_close_matches(key, catalog(), n=1, cutoff=0.6)
        guess = (
            f"Did you mean '{close[0]}'?" if close else "'segmentry init' writes a file with every setting."
        )
        return UsageError(f"There is no setting called '{shortened(key)}'{where}.", hint=guess)
    name = str(error["loc"][0])
    needed = error["msg"].removeprefix("Value error, ").partition(", unable to parse")[0]
    return UsageError(
        f"The setting '{shortened(key)}' cannot be {shortened(repr(error['input']))}{where}: "
        f"{needed.replace('Input', 'it', 1)}.",
        hint=f"{name}: {catalog()[name].about.text}" if name in catalog() else "",
    )


def commented_toml() -> str:
    """A settings file with every setting, its meaning and its default, all commented out.

    >>> print(commented_toml().splitlines()[0])
    # Settings of segmentry. Take the # away from a line to change its default.
    """
    lines = [
        "# Settings of segmentry. Take the # away from a line to change its default.",
        "# Use it with: segmentry run customers.csv --config segmentry.toml",
    ]
    for name, setting in catalog().items():
        shown = setting.about.example if setting.default is None else _toml(setting.default)
        lines += ["", f"# {setting.about.text}", f"# {name} = {shown}"]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)
