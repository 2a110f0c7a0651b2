"""What a run takes over from an earlier one: ids, names, colours and places (METHOD 7.5)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segmentry.edges.run_folder.store import load_run
from segmentry.edges.sources.columns import ROW_NUMBER
from segmentry.records.arrays import Ints, frozen_ints
from segmentry.records.customers import CustomerTable
from segmentry.records.lineage import Basis, Gone, Identity, Lineage
from segmentry.records.run import Run, Survey
from segmentry.settings import Settings
from segmentry.stages.monitoring.matching import Alignment, Earlier, align, earlier_order, identities
from segmentry.stages.naming import Carried
from segmentry.stages.scoring.score import score

FEWEST_SHARED, SHARED = 30, 0.5
"""Segments are matched by the customers in both runs from this number on, or this share of the smaller run."""

COLOURS = 8
"""Colours that segments have, after which they begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """How the segments of now follow from those of before.

    Attributes:
        found: The alignment.
        basis: What they were compared by.
        earlier: The earlier run.
    """

    found: Alignment
    basis: Basis
    earlier: Run

    @property
    def issued(self) -> int:
        """The highest number that an id of the line has had."""
        own = [int(segment.id[1:]) for segment in self.earlier.segments]
        return max([*own, self.earlier.lineage.issued if self.earlier.lineage else 0])

    def identities(self) -> tuple[Identity, ...]:
        """The identity of each segment of now."""
        before = [
            Earlier(id=segment.id, name=segment.name, colour=segment.colour)
            for segment in self.earlier.segments
        ]
        return identities(self.found, before, issued=self.issued, colours=COLOURS)

    def names(self) -> dict[int, Carried]:
        """The earlier name of each segment that there was before."""
        book = self.earlier.model.book
        if book is None:
            return {}
        return {
            at: Carried(given=book.given[before], overlap=self.found.overlap[at])
            for at, before in enumerate(self.found.before)
            if before >= 0
        }

    def lineage(self) -> Lineage:
        """What was carried over, in words."""
        gone = tuple(
            Gone(id=self.earlier.segments[at].id, name=self.earlier.segments[at].name)
            for at in self.found.gone
        )
        carried = sum(at >= 0 for at in self.found.before)
        issued = max([self.issued, *(int(identity.id[1:]) for identity in self.identities())])
        return Lineage(
            basis=self.basis,
            customers=self.found.customers,
            gone=gone,
            issued=issued,
            sentence=self._sentence(carried),
        )

    def _sentence(self, carried: int) -> str:
        how = {
            Basis.CUSTOMERS: f"by the {self.found.customers:,} customers that both runs have",
            Basis.MODEL: "by where the earlier model places the customers, as the runs share too few",
        }
        if self.basis is Basis.NOTHING:
            return (
                "Nothing could be carried over from the earlier run: the two share too few customers, and the "
                "earlier model needs columns that are not here."
            )
        return f"Compared with the earlier run {how[self.basis]}, {carried} of {len(self.found.before)} segments are known from it."


def earlier_run(settings: Settings) -> Run | None:
    """The run that is to be followed; None for none.

    Raises:
        ModelError: when the folder is not a run, or its names do not fit its segments.
    """
    return None if settings.naming.previous is None else load_run(Path(settings.naming.previous))


def succession(earlier: Run, survey: Survey, segment: Ints, k: int) -> Succession:
    """Which segment of now is which of before.

    By the customers that both runs have; where they are too few, by where the earlier model places the
    customers of now; where it cannot, nothing is carried over.
    """
    now, before = _shared(survey.customers, earlier.survey.customers)
    fewer = min(len(survey.customers), len(earlier.survey.customers))
    if len(now) >= FEWEST_SHARED or len(now) >= SHARED * fewer > 0:
        pair, basis = (segment[now], earlier.assignment.segment[before]), Basis.CUSTOMERS
    elif set(earlier.model.recipe.features) <= set(survey.customers.names):
        values = survey.customers.matrix(earlier.model.recipe.features)
        placed = score(values, earlier.model).segment
        pair, basis = (segment, placed), Basis.MODEL
    else:
        none = frozen_ints([])
        pair, basis = (none, none), Basis.NOTHING
    return Succession(found=align(*pair, k=k, b=earlier.k), basis=basis, earlier=earlier)


def in_earlier_places(earlier: Run | None, survey: Survey, segment: Ints, canonical: list[int]) -> list[int]:
    """The order of the segments: as before where they were there before, else canonical."""
    if earlier is None:
        return canonical
    return earlier_order(succession(earlier, survey, segment, len(canonical)).found, canonical)


def _shared(now: CustomerTable, before: CustomerTable) -> tuple[Ints, Ints]:
    """The positions of the customers that both tables have; row numbers are no customers."""
    if ROW_NUMBER in {now.id_name, before.id_name}:
        return frozen_ints([]), frozen_ints([])
    _, first, second = np.intersect1d(
        now.ids.astype(str), before.ids.astype(str), assume_unique=False, return_indices=True
    )
    return frozen_ints(first), frozen_ints(second)
