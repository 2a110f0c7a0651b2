"""Which columns made the segments, which only describe them, and which were left out, in a line each."""

from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.records.columns import Column, Role
from segmentry.records.run import Survey
from segmentry.views.topics.cells import listed
from segmentry.views.topics.wording import feature_label

GROUPS: Mapping[str, tuple[Role, ...]] = {
    "Made the segments": (Role.SEGMENTATION,),
    "Tell what happened": (Role.OUTCOME,),
    "Only describe": (Role.DESCRIPTOR,),
    "Protected, never used": (Role.PROTECTED,),
    "Left out": (Role.EXCLUDED,),
}
"""The roles by what a reader asks; the id is no measure."""
MOST_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnGroup:
    """Columns with the same part in the result.

    Attributes:
        part: Their part.
        names: Their names in one line.
    """

    part: str
    names: str


def columns_used(survey: Survey) -> tuple[ColumnGroup, ...]:
    """The columns by their part; a part that none takes is not there."""
    return tuple(
        ColumnGroup(part=part, names=listed(map(_label, found), MOST_NAMES))
        for part, roles in GROUPS.items()
        if (found := [column for column in survey.columns if column.role in roles])
    )


def _label(column: Column) -> str:
    return feature_label(column.name)
