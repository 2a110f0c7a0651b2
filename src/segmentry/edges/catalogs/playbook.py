"""What an entry of the playbook may say: its schema, and the record it becomes (METHOD 8.1)."""

import json
from collections.abc import Sequence
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)

from segmentry.records.catalogs import Audience, Level, PlaybookEntry
from segmentry.records.strategy import UNTESTED, Input, OfferType, Terms

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Share = Annotated[float, Field(gt=0, lt=1)]


class _Part(BaseModel):
    """What all parts have in common: an unknown key is a slip, not an extra."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Offer(_Part):
    type: Annotated[OfferType, Field(description="What the offer is, as far as its cost goes.")]
    what: Annotated[Text, Field(description="The offer in words.")]
    depth_max: Annotated[
        Share | None, Field(description="The deepest discount that the play allows, a share.")
    ] = None
    budget: Annotated[
        Annotated[float, Field(gt=0, allow_inf_nan=False)] | None,
        Field(description="The most that the play may cost."),
    ] = None


class _Message(_Part):
    angle: Annotated[Text, Field(description="How to put it.")]
    do: Annotated[Text, Field(description="The one thing to do.")]
    dont: Annotated[Text, Field(description="The one thing to leave.")]


class _Cadence(_Part):
    per_week_max: Annotated[float, Field(gt=0, le=7, description="Messages a week at most.")] = 1
    quiet_days: Annotated[int, Field(ge=0, le=365, description="Days without a message before it.")] = 7


class _Kpi(_Part):
    primary: Annotated[Text, Field(description="What decides whether it worked.")]
    guardrail: Annotated[Text, Field(description="The number that stops the play when it gets worse.")]


class _Experiment(_Part):
    unit: Annotated[Text, Field(description="What is drawn at random.")] = "customer"
    arms: Annotated[
        tuple[Text, ...], Field(min_length=2, description="The arms of its test, the control first.")
    ] = ("control", "treated")
    days: Annotated[int, Field(ge=1, le=730, description="How long the test measures.")] = 56
    stop_rule: Annotated[Text, Field(description="When the test ends.")] = (
        "On the day that was set, and not before"
    )


class _Economics(_Part):
    inputs: Annotated[
        tuple[Input, ...], Field(min_length=1, description="The settings that the break-even rests on.")
    ]


class _Source(_Part):
    source: Annotated[Text, Field(description="Where it was tried.")]


_EVIDENCE: dict[str, Any] = {
    "description": "untested, or where it was tried.",
    "anyOf": [
        {"const": UNTESTED},
        {
            "type": "object",
            "properties": {"source": {"type": "string", "minLength": 1}},
            "required": ["source"],
            "additionalProperties": False,
        },
    ],
    "default": UNTESTED,
}


class PlayEntry(_Part):
    """One play: the traits that call for it, what to do, and how to find out whether it works."""

    id: Annotated[Text, Field(description="A short name, unique in the playbook.")]
    audience: Annotated[Audience, Field(description="Whom it is written for.")] = Audience.SEGMENT
    when: Annotated[
        dict[str, Literal["low", "mid", "high"]],
        Field(description="The level that each trait must have; {} for the play of last resort."),
    ]
    at_least: Annotated[
        dict[str, float],
        Field(description="The smallest mean of a trait's column, in the column's own units."),
    ] = Field(default_factory=dict)
    at_most: Annotated[
        dict[str, float],
        Field(description="The largest mean of a trait's column, in the column's own units."),
    ] = Field(default_factory=dict)
    at_most_days: Annotated[
        dict[str, float], Field(description="The largest mean of a trait whose column is in days.")
    ] = Field(default_factory=dict)
    objective: Annotated[Text, Field(description="What the play is for.")]
    hypothesis: Annotated[Text, Field(description="Why it might work.")]
    offer: _Offer
    channel: Annotated[tuple[Text, ...], Field(min_length=1, description="Where to reach them.")]
    message: _Message
    cadence: _Cadence = _Cadence()
    trigger: Annotated[Text, Field(description="What starts it.")]
    guardrails: Annotated[tuple[Text, ...], Field(min_length=1, description="What must not get worse.")]
    suppressions: Annotated[tuple[Text, ...], Field(min_length=1, description="Whom to leave out.")]
    kpi: _Kpi
    experiment: _Experiment = _Experiment()
    economics: Annotated[
        _Economics | None, Field(description="Left out: what the type of the offer needs.")
    ] = None
    owner: Annotated[Text | None, Field(description="Who answers for the play.")] = None
    evidence: Annotated[
        _Source | None,
        BeforeValidator(lambda given: None if given == UNTESTED else given),
        WithJsonSchema(_EVIDENCE),
    ] = None

    @property
    def traits(self) -> tuple[str, ...]:
        """Every trait that it asks for."""
        return (*self.when, *self.at_least, *self.at_most, *self.at_most_days)

    def record(self) -> PlaybookEntry:
        """The entry as a record."""
        return PlaybookEntry(
            id=self.id,
            audience=self.audience,
            when=MappingProxyType({trait: Level(level) for trait, level in self.when.items()}),
            at_least=MappingProxyType(self.at_least),
            at_most=MappingProxyType(self.at_most),
            at_most_days=MappingProxyType(self.at_most_days),
            objective=self.objective,
            hypothesis=self.hypothesis,
            offer=self.offer.what,
            channel=self.channel,
            message=self.message.angle,
            do=self.message.do,
            dont=self.message.dont,
            guardrails=self.guardrails,
            suppressions=self.suppressions,
            kpi=self.kpi.primary,
            evidence=self.evidence.source if self.evidence else UNTESTED,
            terms=self._terms(),
        )

    def _terms(self) -> Terms:
        return Terms(
            offer_type=self.offer.type,
            depth_max=self.offer.depth_max,
            budget=self.offer.budget,
            per_week_max=self.cadence.per_week_max,
            quiet_days=self.cadence.quiet_days,
            trigger=self.trigger,
            kpi_guardrail=self.kpi.guardrail,
            unit=self.experiment.unit,
            arms=self.experiment.arms,
            days=self.experiment.days,
            stop_rule=self.experiment.stop_rule,
            inputs=self.economics.inputs if self.economics else needed(self.offer.type),
            owner=self.owner,
        )


def needed(offer: OfferType) -> tuple[Input, ...]:
    """The settings that the economics of an offer rest on: a depth only where a part is given away."""
    always = (Input.MARGIN, Input.ORDER_VALUE, Input.BASE_RATE, Input.CONTACT_COST)
    return (*always, Input.DISCOUNT_DEPTH, Input.DISCOUNT_USE) if offer.gives_away else always


def playbook_schema(traits: Sequence[str]) -> str:
    """The JSON schema of a playbook, for editors and other programs.

    Args:
        traits: The traits that a play may ask for.
    """
    schema: dict[str, Any] = TypeAdapter(list[PlayEntry]).json_schema()
    entry = schema["$defs"]["PlayEntry"]["properties"]
    for key in ("when", "at_least", "at_most", "at_most_days"):
        entry[key]["propertyNames"] = {"enum": sorted(traits)}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The playbook of segmentry",
        **schema,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
