"""The name of every segment: an archetype where one fits, plain words where none does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from segmentry.errors import UsageError, unknown
from segmentry.records.arrays import Floats, Ints
from segmentry.records.catalog import Archetype, ColumnLexicon, TraitMatch
from segmentry.records.segment import FeatureProfile, NameSource, Naming, NamingSummary, TraitReading
from segmentry.stages.naming.likeness import (
    BARRED,
    Rival,
    Scores,
    Standing,
    barred,
    candidates,
    chance,
    one_to_one,
    overall,
    points_right,
    relative,
    rivals,
    standing,
)
from segmentry.stages.naming.wording import describe, speaker

GOOD_FIT, CLEAR_MARGIN = 0.75, 0.2
FEWEST_TO_COMPARE, FEWEST_SEGMENTS = 2, 3
"""Archetypes that can be told apart by one another, and segments that can be centred on."""

ONE_AUDIENCE = Naming(
    name="One Audience",
    source=NameSource.ONE_AUDIENCE,
    one_liner="All customers",
    reason="There is one segment, and everybody is in it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSegments:
    """The names, and how good they are as a set.

    Attributes:
        namings: One for each segment, in their order.
        summary: How good they are.
    """

    namings: tuple[Naming, ...]
    summary: NamingSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class _Casting:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSegments:
    """Names segments by how they stand to one another, never by their number (METHOD 7.3).

    Attributes:
        catalog: The archetypes.
        lexicon: What columns are called.
        user_names: Names of one's own, by the name that would be given or by the segment's
            number ("1" is the first).
        seed: The random seed of the chance level.

    >>> from segmentry.edges.catalogs import archetypes, column_lexicon
    >>> NameSegments(catalog=archetypes(), lexicon=column_lexicon())(
    ...     np.zeros((1, 0)), (), (), ((),)
    ... ).namings[0].name
    'One Audience'
    """

    catalog: tuple[Archetype, ...]
    lexicon: ColumnLexicon
    user_names: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0

    def __call__(
        self,
        centres: Floats,
        features: Sequence[str],
        matches: Sequence[TraitMatch],
        profiles: Sequence[Sequence[FeatureProfile]],
    ) -> NamedSegments:
        """Name k segments.

        Args:
            centres: k x p centres in scaled units.
            features: The p feature names.
            matches: Which trait each feature carries.
            profiles: The p feature profiles of each of the k segments.

        Raises:
            UsageError: if a user's name is for no segment, or two segments would be called the same.
        """
        if len(centres) == 1:
            namings: tuple[Naming, ...] = (ONE_AUDIENCE,)
            return NamedSegments(
                namings=self._renamed(namings), summary=_summary(None, features, matches, self.seed)
            )
        casting = self._cast(standing(centres, features, matches, profiles))
        namings = self._described([_judge(casting, at) for at in range(len(centres))], matches, profiles)
        return NamedSegments(
            namings=self._renamed(namings), summary=_summary(casting, features, matches, self.seed)
        )

    def _cast(self, where: Standing) -> _Casting:
        """Stage 1 over the whole catalog, stage 2 among those it chose."""
        cast = candidates(self.catalog, where.traits)
        first = np.where(barred(cast, where), BARRED, overall(cast, where.traits)(where.z))
        chosen = one_to_one(first, where.z)
        used = np.unique(chosen[chosen >= 0])
        assigned = [cast[one] for one in used]
        compared = len(assigned) >= FEWEST_TO_COMPARE and len(where.z) >= FEWEST_SEGMENTS
        final = relative(assigned, where.traits) if compared else overall(assigned, where.traits)
        scores = final(where.z)
        position = np.where(chosen >= 0, np.searchsorted(used, chosen), -1)
        fit = np.full(len(chosen), np.nan)
        fit[chosen >= 0] = scores[chosen >= 0, position[chosen >= 0]]
        nouns = {one.trait: one.noun for one in self.lexicon.traits}
        return _Casting(
            where=where,
            cast=cast,
            first=first,
            chosen=chosen,
            fit=fit,
            others=rivals(scores, position),
            final=final,
            nouns=nouns,
        )

    def _described(
        self,
        namings: Sequence[Naming],
        matches: Sequence[TraitMatch],
        profiles: Sequence[Sequence[FeatureProfile]],
    ) -> tuple[Naming, ...]:
        """The same, with plain words where there is no name yet."""
        nameless = [at for at, one in enumerate(namings) if not one.name]
        taken = [one.name for one in namings if one.name]
        given = describe([profiles[at] for at in nameless], speaker(matches, self.lexicon), taken)
        words = dict(zip(nameless, given, strict=True))
        return tuple(
            replace(one, name=words[at][0], one_liner=words[at][1]) if at in words else one
            for at, one in enumerate(namings)
        )

    def _renamed(self, namings: tuple[Naming, ...]) -> tuple[Naming, ...]:
        """The same under the names that the user wants."""
        wanted: dict[int, str] = {}
        keys = {one.name.casefold(): at for at, one in enumerate(namings)}
        keys |= {str(at + 1): at for at in range(len(namings))}
        for key, name in self.user_names.items():
            if key.casefold() not in keys:
                raise unknown("segment", key, [one.name for one in namings])
            wanted[keys[key.casefold()]] = name
        renamed = tuple(
            replace(
                one,
                name=wanted[at],
                source=NameSource.USER,
                fit=None,
                reason=f"Named by you; it would be {one.name}.",
            )
            if at in wanted
            else one
            for at, one in enumerate(namings)
        )
        _refuse_same_names(renamed)
        return renamed


def _refuse_same_names(namings: Sequence[Naming]) -> None:
    names = [one.name.casefold() for one in namings]
    for one in namings:
        if names.count(one.name.casefold()) > 1 or not one.name.strip():
            raise UsageError(
                f"Two segments would be called '{one.name}'."
                if one.name.strip()
                else "A segment's name is empty.",
                hint="Give each segment a name of its own.",
            )


def _judge(casting: _Casting, segment: int) -> Naming:
    """An archetype's name if it fits; no name yet, but what was found, if none does."""
    number = int(casting.chosen[segment])
    if not casting.cast:
        return _nameless("No archetype can be judged: too few of the columns stand for a trait.")
    if number < 0:
        return _uncast(casting, segment)
    archetype = casting.cast[number]
    readings = _readings(archetype, casting.where, segment)
    found = _with_runner_up(
        casting, segment, replace(_nameless(""), archetype=archetype.name, readings=readings)
    )
    objection = _objection(casting, segment, readings)
    if objection:
        return replace(found, reason=f"{archetype.name} comes nearest, but {objection}.")
    return replace(
        found,
        name=archetype.name,
        source=NameSource.ARCHETYPE,
        one_liner=archetype.one_liner,
        fit=float(casting.fit[segment]),
        reason=_praise(float(casting.fit[segment]), readings, casting.nouns),
    )


def _nameless(reason: str) -> Naming:
    return Naming(name="", source=NameSource.DESCRIPTIVE, one_liner="", reason=reason)


def _uncast(casting: _Casting, segment: int) -> Naming:
    """Like none of the archetypes, or only like one that another segment has."""
    best = int(np.argmax(casting.first[segment]))
    name, alike = casting.cast[best].name, casting.first[segment, best] > 0
    reason = (
        f"It is most like {name}, which fits another segment better." if alike else "It is like no archetype."
    )
    return replace(_nameless(reason), archetype=name if alike else None)


def _readings(archetype: Archetype, where: Standing, segment: int) -> tuple[TraitReading, ...]:
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


def _with_runner_up(casting: _Casting, segment: int, naming: Naming) -> Naming:
    """The best archetype that nobody has, by its score over the whole catalog."""
    free = [one for one in range(len(casting.cast)) if one not in casting.chosen]
    open_to_it = [one for one in free if casting.first[segment, one] > BARRED]
    if not open_to_it:
        return naming
    best = max(open_to_it, key=lambda one: casting.first[segment, one])
    return replace(
        naming, runner_up=casting.cast[best].name, runner_up_fit=float(casting.first[segment, best])
    )


def _objection(casting: _Casting, segment: int, readings: Sequence[TraitReading]) -> str:
    """Why the archetype is not accepted; empty when it is."""
    fit = float(casting.fit[segment])
    wrong = [casting.nouns[one.trait] for one in readings if one.defining and not one.agrees]
    if wrong:
        return f"its {' and '.join(wrong)} {'points' if len(wrong) == 1 else 'point'} the other way"
    if fit < GOOD_FIT:
        return f"its fit is {fit:.2f} and {GOOD_FIT:.2f} is needed"
    if casting.others[segment].margin < CLEAR_MARGIN:
        return "another way to give out the names fits the segments nearly as well"
    return ""


def _praise(fit: float, readings: Sequence[TraitReading], nouns: Mapping[str, str]) -> str:
    right = sum(one.agrees for one in readings)
    defining = [f"{one.expected} {nouns[one.trait]}" for one in readings if one.defining]
    return (
        f"It fits at {fit:.2f}: {' and '.join(defining)}, as the name says; "
        f"{right} of {len(readings)} traits are where it puts them."
    )


def _summary(
    casting: _Casting | None, features: Sequence[str], matches: Sequence[TraitMatch], seed: int
) -> NamingSummary:
    mapped = {one.feature for one in matches}
    summary = NamingSummary(
        mean_fit=None,
        best_other=None,
        chance_p95=None,
        trait_map=tuple((one.feature, one.trait, one.score) for one in matches if one.feature in features),
        unmapped=tuple(feature for feature in features if feature not in mapped),
    )
    if casting is None or casting.mean_fit is None:
        return summary
    best_other = max(one.mean for one in casting.others)
    by_chance = chance(casting.final, casting.where.z.shape, seed=seed)
    return replace(
        summary,
        mean_fit=casting.mean_fit,
        best_other=best_other if np.isfinite(best_other) else None,
        chance_p95=float(np.quantile(by_chance, 0.95)),
    )
