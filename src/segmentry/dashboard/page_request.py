"""A visit to a page: the run that is looked at, the address, and the words that every page shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from segmentry.dashboard.data.customers import Customers
from segmentry.dashboard.data.filters import Filter, whole
from segmentry.dashboard.data.map_counts import mapped
from segmentry.dashboard.data.opened_run import Opened
from segmentry.dashboard.data.runs import Library
from segmentry.dashboard.web.errors import NotThere
from segmentry.dashboard.web.url import Address
from segmentry.records.projection import SegmentMap
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.views.topics.cells import Cell, colour_class, printable, tagged

Words = dict[str, Any]
"""What a template is given."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request for a page.

    Attributes:
        opened: The run.
        address: Where it goes.
        library: All runs.
        parts: The parts of the path that are filled in, such as a segment's number.
    """

    opened: Opened
    address: Address
    library: Library
    parts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def run(self) -> Run:
        """The run, or the candidate of it that is previewed."""
        return self.opened.run if self.preview is None else self.opened.previewed(self.preview)

    @cached_property
    def customers(self) -> Customers:
        """The customers, in the segments that are looked at."""
        own = self.opened.customers
        return own if self.preview is None else own.with_segments(self.preview)

    @cached_property
    def whole_map(self) -> SegmentMap:
        """Everybody on the map."""
        own = self.run.map
        return own if self.preview is None else mapped(self.customers, Filter(), own)

    @cached_property
    def preview(self) -> int | None:
        """The number of segments that is previewed; None for the run's own.

        Raises:
            NotThere: when the run did not try that number.
        """
        asked = self.address.one("k")
        if not asked or whole(asked, "k") == self.opened.run.k:
            return None
        known = (
            [candidate.k for candidate in self.opened.run.candidates]
            if self.opened.customers.has_pages
            else []
        )
        if int(asked) not in known:
            tried = ", ".join(map(str, sorted([*known, self.opened.run.k])))
            raise NotThere(f"This run did not try {asked} segments.", hint=f"It has: {tried}.")
        return int(asked)

    def segment(self, number: int) -> Segment:
        """The segment of a number.

        Raises:
            NotThere: when there is none.
        """
        if not 1 <= number <= self.run.k:
            raise NotThere(f"There is no segment {number}.", hint=f"This run has segments 1 to {self.run.k}.")
        return self.run.segments[number - 1]

    def numbered(self, name: str) -> int:
        """A number in the path."""
        return whole(self.parts[name], name)

    def tag(self, number: int) -> Cell:
        """A segment as it is shown everywhere; customers who are in none have no colour."""
        if number == 0:
            return Cell(text="in no segment")
        return tagged(self.run.segments[number - 1], self.run.k)

    def colour(self, number: int) -> str:
        """The class of a segment's colour."""
        return colour_class(self.run.segments[number - 1].colour, self.run.k) if number else "seg-none"


Show = Callable[[Visit], Words]


Visiting = Callable[[Request], Visit]
"""Makes the visit of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the dashboard.

    Attributes:
        path: Its address; parts in braces are filled in.
        title: What it is called in the menu.
        template: What lays it out.
        show: From a visit to the words of the template; ``finding`` is the page's headline.
        menu: Whether it stands in the menu.
    """

    path: str
    title: str
    template: str
    show: Show
    menu: bool = True


def customer_path(customer: str) -> str:
    """The path of a customer's page.

    >>> customer_path("a/b c")
    '/customer/a%2Fb%20c'
    """
    return f"/customer/{quote(customer, safe='')}"


def frame(visit: Visit, page: Page, menu: tuple[Page, ...]) -> Words:
    """What the frame around every page shows."""
    run = visit.run
    return {
        "visit": visit,
        "address": visit.address,
        "link": visit.address.to,
        "here": visit.address.here,
        "run": run,
        "page": page,
        "menu": tuple((one.title, visit.address.to(one.path), one is page) for one in menu if one.menu),
        "runs": visit.library.names,
        "run_name": visit.opened.name,
        "source": printable(run.survey.source.name),
        "preview": visit.preview,
    }
