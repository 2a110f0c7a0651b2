"""What goes wrong on the way to a page, as sentences with the status that browsers expect."""

from segmentry.errors import SegmentryError


class Unanswered(SegmentryError):  # noqa: N818 - what it is to the visitor
    """A request that cannot be answered.

    Attributes:
        status: The HTTP status.
    """

    status = 400


class NotThere(Unanswered):
    """There is no such page, run, segment or customer."""

    status = 404


class Misasked(Unanswered):
    """The parameter is not valid."""

    status = 400


class Outdated(Unanswered):
    """The run folder lacks what the page needs, or changed while it was read."""

    status = 409


class TooMuch(Unanswered):
    """More than is taken at once."""

    status = 413


class Busy(Unanswered):
    """More people ask at once than can be answered."""

    status = 503
