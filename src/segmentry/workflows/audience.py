"""The customers of a run's segment as an audience for one platform: pure, so that every face can use it."""

from dataclasses import replace
from typing import Any

import numpy as np

from segmentry.errors import unknown
from segmentry.records.audience import Audience, Contacts, Draw, Wanted, named_segment
from segmentry.records.run import Run
from segmentry.stages.audience import PLATFORMS, Member, draw_up
from segmentry.stages.strategy.holdout import Arm, Split

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


def planned(run: Run, campaign: str = "", **asked: str | float | None) -> Draw:
    """How a campaign's customers are drawn: as the run's settings say, but for what is asked otherwise.

    Args:
        run: The run.
        campaign: The campaign's name; the segment's when empty.
        **asked: ``salt``, ``holdout`` or ``share`` of a ``Draw``; None leaves the run's.
    """
    own = {"salt": "holdout_salt", "holdout": "holdout_share", "share": "control_share"}
    drawn = Draw(campaign=campaign)
    kept: dict[str, Any] = {name: run.settings[known] for name, known in own.items() if known in run.settings}
    said: dict[str, Any] = {name: one for name, one in asked.items() if one is not None}
    return replace(drawn, **(kept | said))


def _member(run: Run, wanted: Wanted) -> Member:
    names, placed = run.model.names, run.assignment.segment
    number = named_segment(wanted.segment, names)
    inside = np.flatnonzero(placed >= 0 if number is None else placed == number)
    customers, assignment = run.survey.customers, run.assignment
    known = np.array([*names, None], dtype=object)
    ids, of = customers.ids[inside], EVERYBODY if number is None else names[number]
    draw = wanted.split
    split = Split(salt=draw.salt, campaign=draw.campaign or of, holdout=draw.holdout, control=draw.share)
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
