"""The settings: one flat TOML, checked when it is read, every default visible."""

import tomllib
from difflib import get_close_matches
from math import inf, isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from segmentry.errors import UsageError, reason, shortened
from segmentry.records.targets import WEIGHTS

WHOLE = 1e-6
"""How far the weights may be from 1 together."""
MOST_COMPETITIVE = 10


class Settings(BaseModel):
    """Everything that can be set, in the order a run uses it. ``segmentry init`` writes it out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Reading
    id: Annotated[
        str | None, Field(description="The column that says who a customer is; found when not set.")
    ] = None
    features: Annotated[
        tuple[str, ...], Field(description="The columns to segment by; found by role when empty.")
    ] = ()
    descriptors: Annotated[
        tuple[str, ...], Field(description="Columns that describe segments but do not make them.")
    ] = ()
    exclude: Annotated[tuple[str, ...], Field(description="Columns to leave out altogether.")] = ()
    as_of: Annotated[
        str | None,
        Field(
            description="The day that dates count back from (YYYY-MM-DD); the newest date + 1 day when not set."
        ),
    ] = None
    delimiter: Annotated[
        str | None, Field(description="The sign between CSV columns; found when not set.")
    ] = None
    encoding: Annotated[str | None, Field(description="The file's encoding; found when not set.")] = None
    decimal: Annotated[
        Literal["point", "comma"] | None, Field(description="The decimal sign; found when not set.")
    ] = None
    date_order: Annotated[
        Literal["dmy", "mdy"] | None, Field(description="Whether 3/4/2026 is 3 April (dmy) or 4 March (mdy).")
    ] = None
    table: Annotated[
        str | None, Field(description="The sheet of an Excel file, or the table of a DuckDB file.")
    ] = None
    missing_tokens: Annotated[
        tuple[str, ...],
        Field(description="Further words that stand for a missing value, beside NA, null, - and the like."),
    ] = ()

    # Privacy
    suppression: Annotated[
        str | None,
        Field(
            description="A file with the ids of people who are to be in no fit, no score and no export: one on "
            "each line, or a CSV with a column of ids."
        ),
    ] = None
    pseudonymise: Annotated[
        bool,
        Field(description="Whether ids are written as keyed hashes (HMAC-SHA256); the key is never written."),
    ] = False
    key_file: Annotated[
        str | None,
        Field(
            description="The file with the key for pseudonyms; SEGMENTRY_KEY in the environment when not set."
        ),
    ] = None

    shared: Annotated[
        bool,
        Field(
            description="Whether only what may be shown around is written: no customer's row, no small cell."
        ),
    ] = False
    smallest_cell: Annotated[
        int, Field(ge=5, description="What is shared tells of no fewer customers than this.")
    ] = 10

    # Cleaning
    missing: Annotated[
        Literal["knn", "median"],
        Field(
            description="knn: gaps are filled from the nearest complete customers for the fit, and customers "
            "are placed by what is known of them. median: the median stands in everywhere."
        ),
    ] = "knn"
    missing_means_zero: Annotated[
        tuple[str, ...], Field(description="Columns where a missing value means 0.")
    ] = ()
    max_missing_column: Annotated[
        float, Field(ge=0, le=1, description="Columns with a larger share missing do not make segments.")
    ] = 0.4
    max_missing_row: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="Customers with a larger share of features missing are placed, not fitted.",
        ),
    ] = 0.5
    sentinels: Annotated[
        dict[str, tuple[float, ...]],
        Field(description="Values that stand for missing, by column, such as {age = [999]}."),
    ] = Field(default_factory=dict)

    # Features
    transform: Annotated[
        Literal["auto", "none"],
        Field(
            description="auto: the simplest transform that tames a feature's skew. none: values as they are."
        ),
    ] = "auto"
    clip: Annotated[
        Literal["mad", "none"],
        Field(description="mad: extreme values are pulled in, for distances only. none: they are not."),
    ] = "mad"
    clip_width: Annotated[float, Field(gt=0, description="How far out, in robust standard deviations.")] = 3.5
    scaling: Annotated[
        Literal["standard", "minmax", "robust", "none"],
        Field(
            description="standard: every feature has mean 0 and standard deviation 1. minmax: it goes from 0 "
            "to 1. robust: it is scaled by its quartiles. none: raw units."
        ),
    ] = "standard"
    themes: Annotated[
        Literal["auto", "none"],
        Field(
            description="auto: of features that say the same thing one is kept, and features that move together inside segments count as one. none: all are kept and count alike."
        ),
    ] = "auto"
    near_duplicate: Annotated[
        float,
        Field(gt=0, le=1, description="Features with a rank correlation from here on say the same thing."),
    ] = 0.95

    # Segments
    k: Annotated[
        int | None, Field(ge=1, description="The number of segments; the evidence decides when not set.")
    ] = None
    max_segments: Annotated[
        int, Field(ge=1, le=50, description="As many segments as your team can run different campaigns for.")
    ] = 6
    min_segment_customers: Annotated[
        int, Field(ge=1, description="The smallest useful segment, in customers.")
    ] = 20
    min_segment_share: Annotated[
        float, Field(ge=0, le=0.5, description="The smallest useful segment, as a share of the customers.")
    ] = 0.02
    effort: Annotated[
        Literal["quick", "standard", "thorough"],
        Field(
            description="How often everything is run again for the evidence, and how many starts are tried. quick: a third of "
            "standard. thorough: several times as many re-runs."
        ),
    ] = "standard"
    compare: Annotated[
        bool, Field(description="Whether other algorithms and other choices are tried beside.")
    ] = True
    algorithm: Annotated[
        str,
        Field(
            description="What makes the segments: kmeans, bisecting, mixture, ward, hdbscan, kmedoids, birch, spectral; "
            "with columns in words also kprototypes and latent_class."
        ),
    ] = "kmeans"
    value: Annotated[
        tuple[str, ...],
        Field(description="The columns that say what a customer is worth (summed); found when empty."),
    ] = ()
    seed: Annotated[int, Field(ge=0, lt=2**31, description="The random seed.")] = 0

    # Names
    traits: Annotated[
        dict[str, str],
        Field(description='What a column stands for, such as {"Orders 2025" = "frequency"}.'),
    ] = Field(default_factory=dict)
    names: Annotated[
        dict[str, str], Field(description='Your own names by segment number, such as {"1" = "Gold"}.')
    ] = Field(default_factory=dict)
    archetypes: Annotated[
        str | None,
        Field(description="A YAML or TOML file with your own archetypes, in place of the built-in ones."),
    ] = None
    previous: Annotated[
        str | None,
        Field(
            description="The folder of an earlier run, whose segments keep their id, name, colour and place."
        ),
    ] = None
    playbook: Annotated[
        str | None,
        Field(description="A YAML or TOML file with your own plays, in place of the built-in ones."),
    ] = None

    # Strategies
    margin: Annotated[
        float | None,
        Field(gt=0, le=1, description="The margin of an order at full price, as a share: 0.4 is 40 %."),
    ] = None
    order_value: Annotated[
        float | str | None,
        Field(description="The value of an average order: a number, or the column that holds it."),
    ] = None
    base_rate: Annotated[
        float | str | None,
        Field(
            description="The share who buy without a campaign while a test runs, from 0 to 1: a number, or a "
            "yes/no column of the features."
        ),
    ] = None
    contact_cost: Annotated[
        float | None,
        Field(ge=0, allow_inf_nan=False, description="What it costs to reach one customer once."),
    ] = None
    discount_depth: Annotated[
        float | None,
        Field(
            gt=0,
            lt=1,
            description="What an offer gives away, as a share of the order: 0.15 is 15 %. Only for plays "
            "whose offer gives something away.",
        ),
    ] = None
    discount_use: Annotated[
        float | None,
        Field(gt=0, le=1, description="The share of orders in a campaign that use the offer."),
    ] = None
    reachable: Annotated[
        float | str | None,
        Field(
            description="The share of customers who can be contacted, from 0 to 1: a number, or a yes/no column "
            "of the features."
        ),
    ] = None
    holdout_share: Annotated[
        float, Field(ge=0, lt=1, description="The share of customers who are left out of every campaign.")
    ] = 0.05
    control_share: Annotated[
        float,
        Field(gt=0, lt=1, description="The share of a campaign's customers who are its control group."),
    ] = 0.5
    holdout_salt: Annotated[
        str,
        Field(
            description="What the hash begins with that draws hold-out and control groups; another word "
            "draws others."
        ),
    ] = "segmentry"
    attractiveness: Annotated[
        dict[str, float],
        Field(
            description="How much each criterion counts in choosing target segments: value_share, value_each, "
            "size, growth, reachable and response; the weights sum to 1."
        ),
    ] = Field(default_factory=lambda: dict(WEIGHTS))
    competitiveness: Annotated[
        dict[str, float],
        Field(
            description="How well you serve each segment beside your competitors, from 1 to 10, by its name or "
            'number, such as {"1" = 7}.'
        ),
    ] = Field(default_factory=dict)
    suits_us: Annotated[
        dict[str, bool],
        Field(
            description='Whether a segment suits your strengths, by its name or number, such as {"1" = true}.'
        ),
    ] = Field(default_factory=dict)

    @field_validator(
        "features", "descriptors", "exclude", "missing_means_zero", "value", "missing_tokens", mode="before"
    )
    @classmethod
    def _one_is_a_list(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @field_validator("transform", "clip", "scaling", "themes", mode="before")
    @classmethod
    def _switched(cls, given: object, info: ValidationInfo) -> object:
        """True and false are what people write for on and off."""
        if isinstance(given, bool) and info.field_name:
            return cls.model_fields[info.field_name].default if given else "none"
        return given

    @field_validator("algorithm", mode="after")
    @classmethod
    def _algorithm(cls, given: str) -> str:
        from segmentry.stages.clustering.catalog import ALGORITHMS, MIXED

        names = (*ALGORITHMS, *MIXED)
        if given not in names:
            raise ValueError(f"Input should be one of {', '.join(names)}")
        return given

    @field_validator("order_value", "base_rate", "reachable", mode="before")
    @classmethod
    def _number_or_column(cls, given: object, info: ValidationInfo) -> object:
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

    @field_validator("attractiveness", mode="after")
    @classmethod
    def _weights(cls, given: dict[str, float]) -> dict[str, float]:
        if wrong := [name for name in given if name not in WEIGHTS]:
            raise ValueError(f"'{wrong[0]}' is no criterion; there are: {', '.join(WEIGHTS)}")
        if any(not weight >= 0 for weight in given.values()) or abs(sum(given.values()) - 1) > WHOLE:
            raise ValueError("Input should have weights from 0 on that sum to 1")
        return given

    @field_validator("competitiveness", mode="after")
    @classmethod
    def _scores(cls, given: dict[str, float]) -> dict[str, float]:
        if any(not 1 <= score <= MOST_COMPETITIVE for score in given.values()):
            raise ValueError("Input should hold scores from 1 to 10")
        return given

    @field_validator("missing_tokens", mode="after")
    @classmethod
    def _lower(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(token.strip().lower() for token in given)

    @field_validator("as_of", mode="before")
    @classmethod
    def _day(cls, given: object) -> object:
        from datetime import date

        try:
            return str(date.fromisoformat(str(given))) if given is not None else None
        except ValueError:
            raise ValueError("Input should be a day that there is, as YYYY-MM-DD") from None

    def changed(self, **options: Any) -> Self:  # noqa: ANN401 - checked by the model itself
        """A copy with some options changed, checked like the rest; None leaves an option alone."""
        given = {key: value for key, value in options.items() if value is not None}
        return self.checked({**self.model_dump(exclude_unset=True), **given})

    @classmethod
    def checked(cls, values: dict[str, Any], *, where: str = "") -> Self:
        """Settings from plain values.

        Raises:
            UsageError: naming the key, what is wrong with it and the nearest key that exists.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as failure:
            raise _explained(failure, where, list(cls.model_fields)) from None


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
    return Settings.checked(values, where=f" (in '{file}')")


def _explained(failure: ValidationError, where: str, keys: list[str]) -> UsageError:
    """The first thing that is wrong, in words."""
    error = failure.errors()[0]
    key = ".".join(str(part) for part in error["loc"]) or "?"
    if error["type"] == "extra_forbidden":
        close = get_close_matches(key, keys, n=1, cutoff=0.6)
        guess = (
            f"Did you mean '{close[0]}'?" if close else "'segmentry init' writes a file with every setting."
        )
        return UsageError(f"There is no setting called '{shortened(key)}'{where}.", hint=guess)
    field = Settings.model_fields.get(str(error["loc"][0]))
    help_text = f"{key.partition('.')[0]}: {field.description}" if field and field.description else ""
    needed = error["msg"].removeprefix("Value error, ").partition(", unable to parse")[0]
    return UsageError(
        f"The setting '{shortened(key)}' cannot be {shortened(repr(error['input']))}{where}: "
        f"{needed.replace('Input', 'it', 1)}.",
        hint=help_text,
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
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        lines += [
            "",
            f"# {field.description}",
            f"# {name} = {_toml(default) if default is not None else EXAMPLES[name]}",
        ]
    return "\n".join(lines) + "\n"


EXAMPLES = {
    "id": '"customer_id"',
    "as_of": '"2026-01-31"',
    "delimiter": '";"',
    "encoding": '"cp1252"',
    "decimal": '"comma"',
    "date_order": '"dmy"',
    "table": '"customers"',
    "suppression": '"do-not-contact.csv"',
    "key_file": '"segmentry.key"',
    "k": "4",
    "archetypes": '"archetypes.yaml"',
    "playbook": '"playbook.yaml"',
    "margin": "0.4",
    "order_value": "50",
    "base_rate": "0.03",
    "contact_cost": "0.05",
    "discount_depth": "0.15",
    "discount_use": "0.6",
    "reachable": "0.8",
    "previous": '"runs/first"',
}
"""What to write for a setting whose default is to find out."""


def _toml(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)
