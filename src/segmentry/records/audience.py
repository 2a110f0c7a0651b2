"""An audience: the customers of a segment, as a list that can be sent, and what became of the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from segmentry.errors import SegmentryError, unknown
from segmentry.records.arrays import Texts
from segmentry.records.settings import GroupSettings


class Field(StrEnum):
    """What a column of a contacts file says about a customer."""

    EMAIL = "email"
    PHONE = "phone"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    COUNTRY = "country"
    POSTCODE = "postcode"
    CITY = "city"


Form = Callable[[str, str | None], str | None]
"""From a value as it was written, and the country of telephone numbers, to its normal form; None where it has none."""


class Treatment(StrEnum):
    """What happens to a value before it leaves."""

    PLAIN = "plain"
    HASHED = "hashed"


class Control(StrEnum):
    """What is done with the control group of a campaign."""

    MARK = "mark"
    LEAVE_OUT = "leave-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One column of the file that a platform takes.

    Attributes:
        header: Its name, as the platform asks for it.
        field: What it is filled from.
        treatment: Whether the value is hashed.
        form: What gives the value its normal form.
    """

    header: str
    field: Field
    treatment: Treatment
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """How one platform wants its list, as it said on a certain day.

    Attributes:
        name: What it is called on the command line.
        title: What it is called by people.
        version: The profile's version: platforms change their minds.
        dated: The day that the sources were looked at (ISO).
        sources: Where the platform says so, each with the date it gives itself.
        slots: The columns, in the order of the file.
        consents: The consents that must all be given, each with the names that its column goes by.
        advertises: Whether it is an advertising platform, so that consent has to be shown.
        together: Headers that are of use only if all of them are there.
        smallest: Audience sizes below which it does not serve, each with what it is for.
        note: What else to know.
    """

    name: str
    title: str
    version: str
    dated: str
    sources: tuple[str, ...]
    slots: tuple[Slot, ...]
    consents: tuple[tuple[str, ...], ...] = ()
    advertises: bool = True
    together: tuple[str, ...] = ()
    smallest: tuple[tuple[int, str], ...] = ()
    note: str = ""

    @property
    def keys(self) -> tuple[Slot, ...]:
        """The columns by which people are found: e-mail and telephone."""
        return tuple(slot for slot in self.slots if slot.field in {Field.EMAIL, Field.PHONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """How customers can be reached, as a file given at export says; it is never kept.

    Attributes:
        source: The file's name.
        ids: n ids as text, each once.
        columns: n texts by the name of their column; None where missing.
        fields: Which of the columns says what.
        repeats: Rows of the file whose id stood in an earlier row: they were passed over.
    """

    source: str
    ids: Texts
    columns: Mapping[str, Texts]
    fields: Mapping[Field, str]
    repeats: int = 0

    def __post_init__(self) -> None:
        """Refuse columns of different lengths."""
        if any(len(column) != len(self.ids) for column in self.columns.values()):
            raise SegmentryError("The columns of the contacts differ in length.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which customers are wanted, and how.

    Attributes:
        segment: The segment's name or number, or ``all``.
        platform: The platform's name, or ``csv``.
        control: What is done with the campaign's control group; None for no groups at all.
        campaign: The campaign's name; the segment's when empty.
        groups: How customers are drawn into hold-out and control groups.
        suppressed: Ids that are left out whatever they are.
        sure: Whether only customers are taken whose placement is not of low confidence.
        alike: Whether only customers are taken who are like those the model was made from.
        consent: Consent columns that must say yes; those of the platform when empty.
        legal_basis: The basis in words, where no column shows consent.
        country: The country of telephone numbers without a country code (ISO 3166-1 alpha-2).
    """

    segment: str
    platform: str = "csv"
    control: Control | None = None
    campaign: str = ""
    groups: GroupSettings = field(default_factory=GroupSettings)
    suppressed: frozenset[str] = frozenset()
    sure: bool = False
    alike: bool = False
    consent: tuple[str, ...] = ()
    legal_basis: str = ""
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Customers of the segment who are not in the audience.

    Attributes:
        reason: Why, in a few words.
        customers: How many.
    """

    reason: str
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A list of customers for one platform.

    Attributes:
        segment: The segment's name; ``all segments`` for all of them.
        platform: The platform's name.
        profile: Its profile's version and date, in words.
        columns: The columns of the list by their header, n texts each; empty text where there is none.
        customers: Customers in the segment.
        exclusions: Who was left out and why; with those in the list they add up to ``customers``.
        control: Customers of the list that are marked as control.
        left_blank: Values that could not be used although the customer could, by what they are.
        warnings: What to know before it is sent, as sentences.
        basis: What allows it: the consent columns, or the legal basis as stated.

    Raises:
        SegmentryError: if the numbers do not add up.
    """

    segment: str
    platform: str
    profile: str
    columns: Mapping[str, Texts]
    customers: int
    exclusions: tuple[Exclusion, ...]
    control: int
    left_blank: Mapping[str, int]
    warnings: tuple[str, ...]
    basis: str

    def __post_init__(self) -> None:
        """Refuse an audience whose numbers do not add up to the segment."""
        gone = sum(exclusion.customers for exclusion in self.exclusions)
        if len(self) + gone != self.customers:
            raise SegmentryError(
                f"{len(self)} listed and {gone} left out are not {self.customers} customers."
            )

    def __len__(self) -> int:
        """The number of rows in the list."""
        return len(next(iter(self.columns.values()), ()))


def named_segment(wanted: str, names: tuple[str, ...]) -> int | None:
    """The position of a segment by its name or number; None for ``all``.

    Raises:
        UsageError: naming the segments that there are, and the nearest one.

    >>> named_segment("loyal", ("Loyal", "New")), named_segment("2", ("Loyal", "New"))
    (0, 1)
    >>> named_segment("all", ("Loyal", "New")) is None
    True
    """
    folded = wanted.strip().casefold()
    alike = [index for index, name in enumerate(names) if name.casefold() == folded]
    if alike:
        return alike[0]
    if folded.isdecimal() and 1 <= int(folded) <= len(names):
        return int(folded) - 1
    if folded == "all":
        return None
    raise unknown("segment", wanted, (*names, "all"))
