"""A segment as an audience: the list that ``segmentry export`` would write, from one segment's customers alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from segmentry.dashboard.data.filters import real, whole
from segmentry.dashboard.data.opened_run import Opened
from segmentry.dashboard.web.errors import Misasked
from segmentry.dashboard.web.url import Address
from segmentry.edges.audiences import audience_csv, audience_manifest, digest
from segmentry.records.arrays import frozen, frozen_ints
from segmentry.records.audience import Audience, Control, Wanted
from segmentry.records.customers import Assignment, CustomerTable
from segmentry.records.run import Run
from segmentry.workflows.audience import planned

CONTROLS: Mapping[str, Control | None] = {
    "mark": Control.MARK,
    "leave-out": Control.LEAVE_OUT,
    "none": None,
}
"""What can be done with the control group."""
PLATFORM = "csv"
PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An audience, ready to be handed out.

    Attributes:
        audience: The list and what became of the others.
        csv: The list as text.
        manifest: What goes beside it.
        name: The name of the segment.
    """

    audience: Audience
    csv: str
    manifest: Mapping[str, object]
    name: str


def read_wanted(address: Address, run: Run) -> tuple[int, Wanted]:
    """The segment that an address wants, and how.

    Raises:
        Misasked: when a parameter is not valid.
    """
    number = whole(address.one("segment"), "segment")
    if not 1 <= number <= run.k:
        raise Misasked(f"There is no segment {number}.", hint=f"There are segments 1 to {run.k}.")
    control = address.one("control") or "mark"
    if control not in CONTROLS:
        raise Misasked(
            f"'{control[:40]}' cannot be done with a control group.", hint=f"Take {', '.join(CONTROLS)}."
        )
    drawn = planned(run)
    groups = replace(drawn, control_share=percent(address, "share", drawn.control_share))
    sure, alike = (address.one(name) == "yes" for name in ("sure", "alike"))
    wanted = Wanted(
        segment=str(number),
        platform=PLATFORM,
        control=CONTROLS[control],
        campaign=address.one("campaign"),
        groups=groups,
        sure=sure,
        alike=alike,
    )
    return number, wanted


def percent(address: Address, name: str, blank: float) -> float:
    """A share from 0 to 1 that an address gives in percent.

    Raises:
        Misasked: when it is none.
    """
    found = real(address.one(name), name, blank=PERCENT * blank) / PERCENT
    if not 0 <= found <= 1:
        raise Misasked(f"'{name}' must be from 0 to 100 percent.", hint="Write 10 for 10 percent.")
    return found


def sent(opened: Opened, number: int, wanted: Wanted, made: Mapping[str, str]) -> Sent:
    """The audience of a segment; people on the suppression list are left out as they are on it now.

    Args:
        opened: The run.
        number: The segment from 1.
        wanted: How it is wanted.
        made: When, with which version, and the file's name.

    Raises:
        SegmentryError: when the suppression list is gone, or nobody is in the segment.
    """
    from segmentry.workflows.export import Files, drawn_up  # with what reads files, which no page needs

    run = _only(opened, number)
    found = drawn_up(run, replace(wanted, segment=str(number)), Files())
    text = audience_csv(found)
    about = {**made, "sha256": digest(text)}
    manifest = audience_manifest(found, run, wanted, about)
    return Sent(audience=found, csv=text, manifest=manifest, name=run.segments[number - 1].name)


def _only(opened: Opened, number: int) -> Run:
    """The run with the customers of one segment, as far as an audience needs them."""
    members, run = opened.customers.members(number), opened.run
    n, places = len(members.ids), {name: at for at, name in enumerate(run.model.names)}
    confidence = frozen(np.array(members.confidence, dtype=np.float64))
    unsure = np.array([level == "low" for level in members.levels], dtype=np.float64)
    nothing = frozen(np.full(n, np.nan))
    customers = CustomerTable(
        id_name=run.survey.customers.id_name,
        ids=np.array(members.ids, dtype=object),
        ids_are_integers=run.survey.customers.ids_are_integers,
        names=(),
        values=frozen(np.empty((n, 0))),
    )
    assignment = Assignment(
        segment=frozen_ints(np.full(n, number - 1)),
        rival=frozen_ints(
            np.array([places.get(rival or "", -1) for rival in members.rivals], dtype=np.int64)
        ),
        distance=nothing,
        rival_distance=nothing,
        confidence=confidence,
        missing_share=frozen(unsure),
        out_of_range=np.array(members.out_of_range, dtype=bool),
        placement=np.zeros(n, dtype=np.int8),
    )
    return replace(run, survey=replace(run.survey, customers=customers), assignment=assignment)
