"""Which archetype goes to which segment, and whether it is accepted (METHOD 7.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.catalogs import Archetype
from segmentry.records.segment import NameSource, Naming, TraitReading
from segmentry.stages.naming.archetype_scores import (
    BARRED,
    Rival,
    Scores,
    Standing,
    barred,
    candidates,
    one_to_one,
    overall,
    points_right,
    relative,
    rivals,
    softly,
)

GOOD_FIT = 0.75
"""A name is taken from this relative cosine on (METHOD 7.3)."""

CLEAR_MARGIN = 0.2
"""And if it is this far ahead of the next (METHOD 7.3)."""

FEWEST_TO_COMPARE, FEWEST_SEGMENTS = 2, 3
"""Archetypes that can be told apart by one another, and segments that can be centred on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Casting:
    """Which archetype goes to which segment, and how sure that is.

    Attributes:
        where: Where the segments stand.
        cast: The c archetypes that could be used.
        first: k x c scores of stage 1; ``BARRED`` where a name is ruled out.
        chosen: The archetype of each segment, as a position in ``cast``; -1 for none.
        fit: k scores that acceptance rests on; NaN for none.
        others: The best other way to give out the names, for each segment.
        final: The scores that ``fit`` is taken from.
        nouns: What each trait is called in a sentence.
    """

    where: Standing
    cast: tuple[Archetype, ...]
    first: Floats
    chosen: Ints
    fit: Floats
    others: tuple[Rival, ...]
    final: Scores
    nouns: Mapping[str, str]

    @property
    def mean_fit(self) -> float | None:
        """The mean fit of the archetypes that were assigned; None for none."""
        return float(np.nanmean(self.fit)) if (self.chosen >= 0).any() else None

    @property
    def given_out(self) -> tuple[Archetype, ...]:
        """The archetypes that some segment got, accepted or not."""
        return tuple(self.cast[one] for one in np.unique(self.chosen[self.chosen >= 0]))

    def archetype(self, segment: int) -> Archetype | None:
        """The archetype of a segment, accepted or not."""
        number = int(self.chosen[segment])
        return None if number < 0 else self.cast[number]

    def accepted(self, segment: int) -> Archetype | None:
        """The archetype of a segment if its name is given; else None."""
        one = self.archetype(segment)
        return None if one is None or self.objection(segment) else one

    def objection(self, segment: int) -> str:
        """Why the archetype of a segment is not accepted; empty when it is."""
        one = self.archetype(segment)
        readings = () if one is None else read(one, self.where, segment)
        fit = float(self.fit[segment])
        wrong = [self.nouns[reading.trait] for reading in readings if reading.defining and not reading.agrees]
        if wrong:
            return f"its {' and '.join(wrong)} {'points' if len(wrong) == 1 else 'point'} the other way"
        if fit < GOOD_FIT:
            return f"its fit is {fit:.2f} and {GOOD_FIT:.2f} is needed"
        if self.others[segment].margin < CLEAR_MARGIN:
            return "another way to give out the names fits the segments nearly as well"
        return ""


def cast(catalog: Sequence[Archetype], where: Standing, nouns: Mapping[str, str]) -> Casting:
    """Stage 1 over the whole catalog, stage 2 among those it chose."""
    known = candidates(catalog, where.traits)
    first = np.where(barred(known, where), BARRED, overall(known, where.traits)(where.z))
    chosen = one_to_one(first, where.z)
    used = np.unique(chosen[chosen >= 0])
    assigned = [known[one] for one in used]
    compared = len(assigned) >= FEWEST_TO_COMPARE and len(where.z) >= FEWEST_SEGMENTS
    final = relative(assigned, where.traits) if compared else overall(assigned, where.traits)
    scores = final(where.z)
    position = np.where(chosen >= 0, np.searchsorted(used, chosen), -1)
    fit = np.full(len(chosen), np.nan)
    fit[chosen >= 0] = scores[chosen >= 0, position[chosen >= 0]]
    return Casting(
        where=where,
        cast=known,
        first=first,
        chosen=chosen,
        fit=fit,
        others=rivals(scores, position),
        final=final,
        nouns=nouns,
    )


def judge(casting: Casting, segment: int) -> Naming:
    """An archetype's name if it fits; no name yet, but what was found, if none does."""
    archetype = casting.archetype(segment)
    if not casting.cast:
        return _nameless("No archetype can be judged: too few of the columns stand for a trait.")
    if archetype is None:
        return _uncast(casting, segment)
    readings = read(archetype, casting.where, segment)
    found = _with_runner_up(
        casting,
        segment,
        replace(
            _nameless(""),
            archetype=archetype.name,
            readings=readings,
            soft_fit=softly(archetype, casting.where, segment),
        ),
    )
    objection = casting.objection(segment)
    if objection:
        return replace(found, reason=f"{archetype.name} comes nearest, but {objection}.")
    fit = float(casting.fit[segment])
    return replace(
        found,
        name=archetype.name,
        source=NameSource.ARCHETYPE,
        one_liner=archetype.one_liner,
        fit=fit,
        reason=_praise(fit, readings, casting.nouns),
    )


def read(archetype: Archetype, where: Standing, segment: int) -> tuple[TraitReading, ...]:
    """The archetype's traits held against a segment."""
    at = {trait: float(where.z[segment, column]) for column, trait in enumerate(where.traits)}
    return tuple(
        TraitReading(
            trait=trait,
            expected=str(level),
            z=at[trait],
            defining=trait in archetype.defining,
            agrees=points_right(level, at[trait]),
        )
        for trait, level in archetype.traits.items()
        if trait in at
    )


def _nameless(reason: str) -> Naming:
    return Naming(name="", source=NameSource.DESCRIPTIVE, one_liner="", reason=reason)


def _uncast(casting: Casting, segment: int) -> Naming:
    """Like none of the archetypes, or only like one that another segment has."""
    best = int(np.argmax(casting.first[segment]))
    name, alike = casting.cast[best].name, casting.first[segment, best] > 0
    reason = (
        f"It is most like {name}, which fits another segment better." if alike else "It is like no archetype."
    )
    return replace(_nameless(reason), archetype=name if alike else None)


def _with_runner_up(casting: Casting, segment: int, naming: Naming) -> Naming:
    """The best archetype that nobody has, by its score over the whole catalog."""
    free = [number for number in range(len(casting.cast)) if number not in casting.chosen]
    open_to_it = [one for one in free if casting.first[segment, one] > BARRED]
    if not open_to_it:
        return naming
    best = max(open_to_it, key=lambda one: casting.first[segment, one])
    return replace(
        naming, runner_up=casting.cast[best].name, runner_up_fit=float(casting.first[segment, best])
    )


def _praise(fit: float, readings: Sequence[TraitReading], nouns: Mapping[str, str]) -> str:
    right = sum(reading.agrees for reading in readings)
    defining = [f"{reading.expected} {nouns[reading.trait]}" for reading in readings if reading.defining]
    return (
        f"It fits at {fit:.2f}: {' and '.join(defining)}, as the name says; "
        f"{right} of {len(readings)} traits are where it puts them."
    )
