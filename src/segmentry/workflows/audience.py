"""The customers of a run's segment as an audience for one platform: pure, so that every face can use it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from segmentry.errors import unknown
from segmentry.records.audience import Audience, Contacts, Wanted, named_segment
from segmentry.records.run import Run
from segmentry.records.settings import GroupSettings
from segmentry.stages.audience import PLATFORMS, Member, draw_up
from segmentry.stages.strategy.holdout import Arm, HoldoutSplit

EVERYBODY = "all segments"


def audience(run: Run, wanted: Wanted, contacts: Contacts | None = None) -> Audience:
    """The list of a segment's customers for a platform, and what became of those who are not on it.

    Args:
        run: The run.
        wanted: Which segment, which platform, and who of its customers.
        contacts: How customers can be reached, as ``edges.contacts.read_contacts`` read them.

    Raises:
        UsageError: when the segment or the platform is unknown, or an option does not fit it.
        DataError: when the segment is empty, or the contacts do not fit the run.
    """
    if wanted.platform not in PLATFORMS:
        raise unknown("platform", wanted.platform, PLATFORMS)
    return draw_up(_member(run, wanted), wanted, PLATFORMS[wanted.platform], contacts)


def planned(run: Run, stated: Mapping[str, object] | None = None) -> GroupSettings:
    """How a campaign's customers are drawn: as the run's settings say, but for what is stated otherwise.

    Args:
        run: The run.
        stated: Settings by name; those that are about other things are passed over.
    """
    known = {field.name for field in fields(GroupSettings)}
    chosen: dict[str, Any] = {name: value for name, value in (stated or {}).items() if name in known}
    return replace(run.settings.groups, **chosen)


def _member(run: Run, wanted: Wanted) -> Member:
    names, placed = run.model.names, run.assignment.segment
    number = named_segment(wanted.segment, names)
    inside = np.flatnonzero(placed >= 0 if number is None else placed == number)
    customers, assignment = run.survey.customers, run.assignment
    known = np.array([*names, None], dtype=object)
    ids, of = customers.ids[inside], EVERYBODY if number is None else names[number]
    split = HoldoutSplit(
        salt=wanted.groups.holdout_salt,
        campaign=wanted.campaign or of,
        holdout=wanted.groups.holdout_share,
        control=wanted.groups.control_share,
    )
    arms = np.array(split([str(one) for one in ids]), dtype=object)
    return Member(
        of=of,
        ids=ids,
        id_name=customers.id_name,
        segments=known[placed[inside]],
        runners_up=known[assignment.rival[inside]],
        confidence=assignment.confidence[inside],
        levels=assignment.levels()[inside],
        out_of_range=assignment.out_of_range[inside],
        held_out=arms == Arm.HOLDOUT,
        control=arms == Arm.CONTROL,
    )
