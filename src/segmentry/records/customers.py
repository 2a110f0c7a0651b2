"""The customers of one input: ids, numbers and where each of them was placed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import SegmentryError, UsageError, shortened
from segmentry.records.arrays import Flags, Floats, Ints, frozen

COMPARED, MOST_COMPARED = 3, 5_000
"""Signs at either end that an id must share to be compared with one that is not there, and how many are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTable:
    """One row per customer: ids and the numbers of every numeric column.

    Attributes:
        id_name: The id column's own name (``row`` when the input has no id).
        ids: n ids as text, in input order.
        ids_are_integers: Whether every id is a plain integer, to be written as one.
        names: The p feature names.
        values: n x p in raw units; NaN where a value is missing.

    Raises:
        SegmentryError: if the shapes disagree.
    """

    id_name: str
    ids: NDArray[np.object_]
    ids_are_integers: bool
    names: tuple[str, ...]
    values: Floats

    def __post_init__(self) -> None:
        """Refuse shapes that disagree."""
        if self.values.shape != (len(self.ids), len(self.names)):
            message = (
                f"{len(self.ids)} ids and {len(self.names)} names do not fit {self.values.shape} values."
            )
            raise SegmentryError(message)

    def __len__(self) -> int:
        """The number of customers."""
        return len(self.ids)

    def column(self, name: str) -> Floats:
        """The values of one feature, n of them."""
        return self.values[:, self.names.index(name)]

    def matrix(self, features: Sequence[str]) -> Floats:
        """The raw values of some features, n x q in the order asked for; NaN where a value is missing."""
        return self.values[:, [self.names.index(feature) for feature in features]]

    def rows(self, kept: Flags | Ints | slice) -> "CustomerTable":
        """The same table of some customers only, by flags or positions."""
        return replace(self, ids=self.ids[kept], values=frozen(self.values[kept]))

    def position(self, customer: str) -> int:
        """The row of a customer.

        Raises:
            UsageError: when there is no such customer; it names one that comes near.
        """
        found = np.flatnonzero(self.ids == customer)
        if len(found):
            return int(found[0])
        near = _nearest(customer, self.ids)
        guess = f"Did you mean '{shortened(near)}'? " if near else ""
        raise UsageError(
            f"There is no customer '{shortened(customer)}' among the {len(self.ids):,} of this run.",
            hint=f"{guess}Ids are those of the column '{shortened(self.id_name)}', such as '{shortened(self.ids[0])}'."
            if len(self.ids)
            else "The run holds no customer.",
        )


def _nearest(asked: str, ids: NDArray[np.object_]) -> str | None:
    """An id that was probably meant: the same but for case, spaces and zeros in front, or one that comes near."""
    plain = asked.strip().casefold().lstrip("0")
    alike = next((str(one) for one in ids if str(one).strip().casefold().lstrip("0") == plain), None)
    if alike is not None:
        return alike
    ends = [
        str(one)
        for one in ids
        if str(one)[:COMPARED] == asked[:COMPARED] or str(one)[-COMPARED:] == asked[-COMPARED:]
    ]
    close = get_close_matches(asked, ends[:MOST_COMPARED], n=1, cutoff=0.7)
    return close[0] if close else None


class Placement(StrEnum):
    """How a customer came to its segment."""

    FITTED = "complete"
    IMPUTED = "imputed for the fit"
    PARTIAL = "placed by partial distance"
    UNPLACED = "not placed: no feature is known"
    NOISE = "in no segment: unlike all of them"


PLACEMENTS = tuple(Placement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The confidences from which a customer's level is medium, and high."""

    medium: float
    high: float


LOW = 2 / 11
"""Margin at which the shadow value 2 d1 / (d1 + d2) is 0.9: a customer near a border."""

BY_MARGIN, BY_RETURNS = Levels(medium=LOW, high=0.5), Levels(medium=0.8, high=0.95)
"""For a confidence that is the margin, and for one that is the share of re-runs (METHOD 4)."""

MOSTLY_MISSING = 0.5
"""A customer who lacks this share of the measures has low confidence (METHOD 1.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where the scorer puts each of n customers.

    Attributes:
        segment: n segment numbers from 0; -1 where nothing is known of the customer, and
            for noise.
        rival: n numbers of the second-nearest segment, for noise of the nearest; -1 where there is none.
        distance: n distances to the own centre, in scaled units; NaN where not placed. A mixture counts
            in standard deviations of the own component; prototypes to the nearest of the own segment.
        rival_distance: n distances to the rival in the same way; NaN where there is none.
        confidence: n numbers in [0, 1]: how often re-runs put customers with such a margin in the same
            segment; where that is not known, and for customers of whom most is missing, the margin
            1 - distance / rival_distance, for a mixture 1 - the rival's probability / the own. 1 with one
            segment, 0 where not placed.
        missing_share: n shares of the features that are missing.
        out_of_range: n flags: farther from its centre than 99.5 % of the training customers.
        placement: n codes into PLACEMENTS.
        levels_from: The confidences from which a level is medium, and high.
    """

    segment: Ints
    rival: Ints
    distance: Floats
    rival_distance: Floats
    confidence: Floats
    missing_share: Floats
    out_of_range: NDArray[np.bool_]
    placement: NDArray[np.int8]
    levels_from: Levels = BY_MARGIN

    def rows(self, kept: Flags | Ints | slice) -> "Assignment":
        """Where some of the customers are, by flags or positions."""
        columns = [field.name for field in fields(self) if field.name != "levels_from"]
        return replace(self, **{name: getattr(self, name)[kept] for name in columns})

    def levels(self) -> NDArray[np.str_]:
        """The n confidence levels; low when more than half is missing, too."""
        medium, high = self.levels_from.medium, self.levels_from.high
        level = np.where(
            self.confidence >= high, "high", np.where(self.confidence >= medium, "medium", "low")
        )
        uncertain = (self.missing_share > MOSTLY_MISSING) | (self.segment < 0)
        return np.where(uncertain, "low", level)

    @property
    def near_border(self) -> NDArray[np.bool_]:
        """For n customers whether enough is known of them and their level is low all the same."""
        known = (self.missing_share <= MOSTLY_MISSING) & (self.segment >= 0)
        return np.asarray(known & (self.levels() == "low"))
