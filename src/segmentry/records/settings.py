"""What can be set, in parts: each is a small record that goes where it is needed.

A setting is one field here: its type, limits, default and meaning. The settings file, its check, the command
line's options and the reference are all made from it.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from segmentry.records.algorithms import CHOICES
from segmentry.records.cell_grammar import MISSING_TOKENS
from segmentry.records.columns import Decimal
from segmentry.records.targets import WEIGHTS

SEPARATORS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
"""Column separators that may be called by their name."""


@dataclass(frozen=True, slots=True)
class About:
    """What a setting means.

    Attributes:
        text: Its meaning, as a sentence.
        example: What to write for it in TOML, where its default is to find out.
        option: Its option on the command line, where that has another name.
        ge, gt, le, lt: Bounds of its value: from, above, to and below.
    """

    text: str
    example: str = ""
    option: str = ""
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None


def _changes(part: object) -> str:
    """A part as it would be written: only what differs from the defaults.

    >>> ChoiceSettings(k=4, seed=7), ReadSettings()
    (ChoiceSettings(k=4, seed=7), ReadSettings())
    """
    said = [
        f"{setting.name}={value!r}"
        for setting in fields(part)  # type: ignore[arg-type]
        if (value := getattr(part, setting.name)) != default_of(setting)
    ]
    return f"{type(part).__name__}({', '.join(said)})"


def default_of(setting: Any) -> Any:  # noqa: ANN401 - a field's default may be anything
    """The default of a dataclass field."""
    return setting.default_factory() if setting.default is MISSING else setting.default


NO_ID = "none"
"""What is written for the id of a table that has none."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ColumnSettings:
    """Which column plays which part."""

    __repr__ = _changes

    id: Annotated[
        str | None,
        About(
            "The column that says who a customer is; found when not set. Write none where there is no such column: "
            "row numbers then serve.",
            example='"customer_id"',
        ),
    ] = None
    features: Annotated[tuple[str, ...], About("The columns to segment by; found by role when empty.")] = ()
    descriptors: Annotated[
        tuple[str, ...], About("Columns that describe segments but do not make them.")
    ] = ()
    exclude: Annotated[tuple[str, ...], About("Columns to leave out altogether.")] = ()
    as_of: Annotated[
        str | None,
        About(
            "The day that dates count back from (YYYY-MM-DD). When not set: the day after the newest date, or "
            "the model's own day when customers are scored.",
            example='"2026-01-31"',
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReadSettings:
    r"""How to read a file, where it does not say so itself.

    >>> ReadSettings(delimiter="tab").separator
    '\t'
    """

    __repr__ = _changes

    delimiter: Annotated[
        str | None,
        About(
            "What separates the columns of a text file: one character, or the word tab, comma, semicolon, pipe "
            "or space. Found when not set.",
            example='";"',
        ),
    ] = None
    encoding: Annotated[str | None, About("The file's encoding; found when not set.", example='"cp1252"')] = (
        None
    )
    decimal: Annotated[
        Literal["point", "comma"] | None,
        About("The decimal sign; found when not set.", example='"comma"'),
    ] = None
    date_order: Annotated[
        Literal["dmy", "mdy"] | None,
        About("Whether 3/4/2026 is 3 April (dmy) or 4 March (mdy).", example='"dmy"'),
    ] = None
    table: Annotated[
        str | None,
        About("The sheet of an Excel file, or the table of a DuckDB file.", example='"customers"'),
    ] = None
    missing_tokens: Annotated[
        tuple[str, ...],
        About("Further words that stand for a missing value, beside NA, null, - and the like."),
    ] = ()

    @property
    def separator(self) -> str | None:
        """The character between columns."""
        return self.delimiter and SEPARATORS.get(self.delimiter.lower(), self.delimiter)

    @property
    def decimal_sign(self) -> Decimal | None:
        """The decimal sign that was asked for."""
        return None if self.decimal is None else Decimal(self.decimal)

    @property
    def missing_words(self) -> tuple[str, ...]:
        """All that counts as no value; case is ignored."""
        return (*MISSING_TOKENS, *self.missing_tokens)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PrivacySettings:
    """Who is left out, under what name the others appear, and what may be shown."""

    __repr__ = _changes

    suppression: Annotated[
        str | None,
        About(
            "A file with the ids of customers to leave out of every fit, score and export: one id on each line, "
            "or a CSV with a column of ids.",
            example='"do-not-contact.csv"',
            option="suppress",
        ),
    ] = None
    pseudonymise: Annotated[
        bool,
        About(
            "Write keyed hashes (HMAC-SHA256) in place of ids. The key is in SEGMENTRY_KEY or in the key_file, "
            "and is never written."
        ),
    ] = False
    key_file: Annotated[
        str | None,
        About(
            "The file with the key for pseudonyms; SEGMENTRY_KEY in the environment when not set.",
            example='"segmentry.key"',
        ),
    ] = None
    shared: Annotated[
        bool,
        About("Write only what may be shown around: no customer's row, and no count of few customers."),
    ] = False
    smallest_cell: Annotated[
        int, About("The smallest number of customers that shared output tells of, 5 or more.", ge=5)
    ] = 10


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CleaningSettings:
    """What happens to missing and impossible values."""

    __repr__ = _changes

    missing: Annotated[
        Literal["knn", "median"],
        About(
            "knn: gaps are filled from the nearest complete customers for the fit, and customers are placed by "
            "what is known of them. median: the median stands in everywhere."
        ),
    ] = "knn"
    missing_means_zero: Annotated[tuple[str, ...], About("Columns where a missing value means 0.")] = ()
    max_missing_column: Annotated[
        float, About("Columns with a larger share missing do not make segments.", ge=0, le=1)
    ] = 0.4
    max_missing_row: Annotated[
        float,
        About("Customers with a larger share of features missing are placed, not fitted.", ge=0, le=1),
    ] = 0.5
    sentinels: Annotated[
        Mapping[str, tuple[float, ...]],
        About("Values that stand for missing, by column, such as {age = [999]}."),
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ScalingSettings:
    """How features are made ready for distances (METHOD 2.3 to 2.5)."""

    __repr__ = _changes

    transform: Annotated[
        Literal["auto", "none"],
        About("auto: the simplest transform that tames a feature's skew. none: values as they are."),
    ] = "auto"
    clip: Annotated[
        Literal["mad", "none"],
        About("mad: extreme values are pulled in, for distances only. none: they are not."),
    ] = "mad"
    clip_width: Annotated[
        float,
        About(
            "How many robust standard deviations from the median a value may be before it is pulled in.", gt=0
        ),
    ] = 3.5
    scaling: Annotated[
        Literal["standard", "minmax", "robust", "none"],
        About(
            "standard: every feature has mean 0 and standard deviation 1. minmax: it goes from 0 to 1. robust: "
            "it is scaled by its quartiles. none: raw units."
        ),
    ] = "standard"
    themes: Annotated[
        Literal["auto", "none"],
        About(
            "auto: of features that say the same thing one is kept, and features that move together inside "
            "segments count as one. none: all are kept and count alike."
        ),
    ] = "auto"
    near_duplicate: Annotated[
        float, About("From this rank correlation on, two features say the same thing.", gt=0, le=1)
    ] = 0.95


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChoiceSettings:
    """How segments are made and how many there are."""

    __repr__ = _changes

    k: Annotated[
        int | None,
        About(
            "The number of segments; 1 is one audience. The evidence decides when not set.", example="4", ge=1
        ),
    ] = None
    max_segments: Annotated[
        int, About("The most segments that your team can run different campaigns for.", ge=1, le=50)
    ] = 6
    min_segment_customers: Annotated[int, About("The smallest useful segment, in customers.", ge=1)] = 20
    min_segment_share: Annotated[
        float, About("The smallest useful segment, as a share of the customers.", ge=0, le=0.5)
    ] = 0.02
    effort: Annotated[
        Literal["quick", "standard", "thorough"],
        About(
            "How often everything is run again for the evidence, and how many starts are tried. quick: a third "
            "of standard. thorough: several times as many re-runs."
        ),
    ] = "standard"
    compare: Annotated[
        bool, About("Whether other algorithms and other choices are tried beside the chosen one.")
    ] = True
    algorithm: Annotated[
        str,
        About(f"What makes the segments: {CHOICES}."),
    ] = "kmeans"
    value: Annotated[
        tuple[str, ...],
        About("The columns that say what a customer is worth (summed); found when empty."),
    ] = ()
    seed: Annotated[int, About("The random seed.", ge=0, lt=2**31)] = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NamingSettings:
    """What columns stand for, what segments are called, and which plays they may get."""

    __repr__ = _changes

    traits: Annotated[
        Mapping[str, str], About('What a column stands for, such as {"Orders 2025" = "frequency"}.')
    ] = field(default_factory=dict)
    names: Annotated[
        Mapping[str, str], About('Your own names by segment number, such as {"1" = "Gold"}.')
    ] = field(default_factory=dict)
    archetypes: Annotated[
        str | None,
        About(
            "A YAML file with your own archetypes, in place of the built-in ones.",
            example='"archetypes.yaml"',
        ),
    ] = None
    previous: Annotated[
        str | None,
        About(
            "The folder of an earlier run, whose segments keep their id, name, colour and place.",
            example='"runs/first"',
        ),
    ] = None
    playbook: Annotated[
        str | None,
        About(
            "A YAML file with your own plays, in place of the built-in ones.",
            example='"playbook.yaml"',
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CampaignSettings:
    """What a campaign costs and earns."""

    __repr__ = _changes

    margin: Annotated[
        float | None,
        About("The margin of an order at full price, as a share: 0.4 is 40 %.", example="0.4", gt=0, le=1),
    ] = None
    order_value: Annotated[
        float | str | None,
        About("The value of an average order: a number, or the column that holds it.", example="50"),
    ] = None
    base_rate: Annotated[
        float | str | None,
        About(
            "The share who buy without a campaign while a test runs, from 0 to 1: a number, or a yes/no column "
            "of the features.",
            example="0.03",
        ),
    ] = None
    contact_cost: Annotated[
        float | None, About("What it costs to reach one customer once.", example="0.05", ge=0)
    ] = None
    discount_depth: Annotated[
        float | None,
        About(
            "What an offer gives away, as a share of the order: 0.15 is 15 %. Only for plays whose offer gives "
            "something away.",
            example="0.15",
            gt=0,
            lt=1,
        ),
    ] = None
    discount_use: Annotated[
        float | None,
        About("The share of orders in a campaign that use the offer.", example="0.6", gt=0, le=1),
    ] = None
    reachable: Annotated[
        float | str | None,
        About(
            "The share of customers who can be contacted, from 0 to 1: a number, or a yes/no column of the "
            "features.",
            example="0.8",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GroupSettings:
    """How customers are drawn into the hold-out of all campaigns and the control group of one."""

    __repr__ = _changes

    holdout_share: Annotated[
        float,
        About("The share of customers who are left out of every campaign.", option="holdout", ge=0, lt=1),
    ] = 0.05
    control_share: Annotated[
        float, About("The share of a campaign's customers who are its control group.", gt=0, lt=1)
    ] = 0.5
    holdout_salt: Annotated[
        str,
        About(
            "A word that the draw of hold-out and control groups depends on; another word draws others, so "
            "keep yours for good.",
            option="salt",
        ),
    ] = "segmentry"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PrioritySettings:
    """How target segments are chosen."""

    __repr__ = _changes

    attractiveness: Annotated[
        Mapping[str, float],
        About(
            "How much each criterion counts in choosing target segments: value_share, value_each, size, growth, "
            "reachable and response; the weights sum to 1."
        ),
    ] = field(default_factory=lambda: dict(WEIGHTS))
    competitiveness: Annotated[
        Mapping[str, float],
        About(
            "How well you serve each segment beside your competitors, from 1 to 10, by its name or number, such "
            'as {"1" = 7}.'
        ),
    ] = field(default_factory=dict)
    suits_us: Annotated[
        Mapping[str, bool],
        About('Whether a segment suits your strengths, by its name or number, such as {"1" = true}.'),
    ] = field(default_factory=dict)


PARTS: Mapping[str, type] = {
    "columns": ColumnSettings,
    "reading": ReadSettings,
    "privacy": PrivacySettings,
    "cleaning": CleaningSettings,
    "scaling": ScalingSettings,
    "choice": ChoiceSettings,
    "naming": NamingSettings,
    "campaign": CampaignSettings,
    "groups": GroupSettings,
    "priorities": PrioritySettings,
}
"""Every part, in the order of the settings file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting, as its field says.

    Attributes:
        name: Its key in the settings file.
        part: The part that it belongs to.
        kind: Its type.
        default: Its default; None where that is to find out.
        about: What it means.
    """

    name: str
    part: str
    kind: Any
    default: Any
    about: About

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it may be; empty where it is not one of a few."""
        kinds = (self.kind, *get_args(self.kind))
        return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())


@cache
def catalog() -> Mapping[str, Setting]:
    """Every setting by its key, in the order of the settings file.

    >>> catalog()["max_segments"].default, catalog()["effort"].choices
    (6, ('quick', 'standard', 'thorough'))
    """
    return {setting.name: setting for part in PARTS for setting in _of_part(part)}


def _of_part(part: str) -> list[Setting]:
    hints = get_type_hints(PARTS[part], include_extras=True)
    found = []
    for held in fields(PARTS[part]):
        kind, about = get_args(hints[held.name])
        found.append(
            Setting(
                name=held.name,
                part=part,
                kind=kind,
                default=default_of(held),
                about=about,
            )
        )
    return found
