"""What programs send and get: every field with its meaning, as it stands in the OpenAPI document."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from segmentry.records.columns import Kind
from segmentry.stages.scoring.customer_columns import PLACEMENT_COLUMNS, CustomerColumn

TYPES: Mapping[Kind, Any] = {Kind.TEXT: str, Kind.NUMBER: float, Kind.FLAG: bool}
"""What a column of the catalog is in JSON."""


class Shape(BaseModel):
    """A record that is sent as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Marker(Shape):
    """One thing that sets a segment apart."""

    feature: str = Field(description="The feature.")
    mean: float | None = Field(description="The segment's mean in the unit of the data.")
    cohens_d: float = Field(description="How far it is from the others' mean, in standard deviations.")


class SegmentShape(Shape):
    """One segment."""

    number: int = Field(description="From 1, in the order of value per customer.")
    name: str = Field(description="Its name.")
    one_liner: str = Field(description="Who they are, in a sentence.")
    customers: int = Field(description="How many they are.")
    share: float = Field(description="Their share of all placed customers, from 0 to 1.")
    value: float | None = Field(description="What they are worth together; null without a value measure.")
    value_share: float | None = Field(description="Their share of everybody's value.")
    mean_confidence: float | None = Field(description="How clearly they are placed, on average, from 0 to 1.")
    markers: list[Marker] = Field(description="What sets them apart, strongest first.")
    play: str = Field(description="The id of the play that fits them.")


class SegmentsShape(Shape):
    """The segments of a run."""

    run: str = Field(description="The run's name.")
    k: int = Field(description="How many segments there are.")
    kind: str = Field(description="natural, partly_natural, distinct_overlapping, reproducible_cut, ...")
    verdict: str = Field(description="The verdict in a sentence.")
    in_no_segment: int = Field(description="Customers who are in no segment.")
    segments: list[SegmentShape] = Field(description="The segments, in their order.")


def _fields(columns: Iterable[CustomerColumn]) -> dict[str, Any]:
    """A field for each column of the catalog."""
    return {
        column.name: (
            TYPES[column.kind] if column.always else TYPES[column.kind] | None,
            Field(description=column.meaning),
        )
        for column in columns
    }


class Placed(Shape):
    """Who is placed, and in which segment by its number."""

    id: str = Field(description="The customer's id; the number of the row where none was sent.")
    number: int | None = Field(description="The segment's number from 1; null for none.")


if TYPE_CHECKING:
    Placement = Placed
else:
    Placement = create_model(
        "Placement", __base__=Placed, __doc__="Where a customer is.", **_fields(PLACEMENT_COLUMNS)
    )


class CustomerShape(Placement):
    """A customer of a run."""

    run: str = Field(description="The run's name.")
    value: float | None = Field(description="What the customer is worth; null where that is not known.")
    features: dict[str, float | None] = Field(description="The features in the unit of the data.")


class ScoredShape(Shape):
    """New customers, placed."""

    run: str = Field(description="The run whose model placed them.")
    customers: list[Placement] = Field(description="One for each customer sent, in the same order.")


class Where(Shape):
    """A value that is not valid."""

    row: int = Field(description="Which of the customers that were sent, from 1; 0 for the whole body.")
    column: str = Field(description="Which column; empty for the whole row.")
    problem: str = Field(description="What is wrong.")


class Problem(Shape):
    """What went wrong, and what to try."""

    error: str = Field(description="What is wrong, in a sentence.")
    hint: str = Field(description="What to try.")
    where: list[Where] = Field(default=[], description="The values that are wrong, at most 50.")
