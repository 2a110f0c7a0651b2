"""The name of every segment: an archetype where one fits, plain words where none does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from segmentry.errors import UsageError, unknown
from segmentry.records.arrays import Floats
from segmentry.records.catalogs import Archetype, ColumnLexicon, TraitMatch
from segmentry.records.name_basis import Claim, GivenName, NameBook, seal
from segmentry.records.segment import FeatureProfile, NameSource, Naming, NamingSummary
from segmentry.stages.naming import absolute
from segmentry.stages.naming.archetype_choice import Casting, cast, judge
from segmentry.stages.naming.archetype_scores import chance, standing
from segmentry.stages.naming.recheck import (
    Seen,
    archetype_claims,
    claims_true,
    limits,
    profiles_seen,
    true_claims,
)
from segmentry.stages.naming.wording import describe, speaker

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
        book: What they follow from.
    """

    namings: tuple[Naming, ...]
    summary: NamingSummary
    book: NameBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The name of a segment's earlier self.

    Attributes:
        given: The name, and what it said.
        overlap: The customers in both, as a share of those in either.
    """

    given: GivenName
    overlap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Names as the numbers give them.

    Attributes:
        namings: One for each segment.
        claims: What each says of its segment.
        casting: What archetypes went where; None at one segment.
    """

    namings: tuple[Naming, ...]
    claims: tuple[tuple[Claim, ...], ...]
    casting: Casting | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segments:
    """What is named."""

    centres: Floats
    features: Sequence[str]
    matches: Sequence[TraitMatch]
    profiles: Sequence[Sequence[FeatureProfile]]

    @property
    def seen(self) -> tuple[Seen, Seen]:
        """The numbers that every claim must agree with: the centres, and the profiles that readers are shown."""
        return Seen(features=self.features, values=self.centres), profiles_seen(self.profiles)

    def claims(self, archetype: Archetype) -> tuple[Claim, ...]:
        """What the name of an archetype says."""
        return archetype_claims(archetype, self.matches, self.features)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSegments:
    """Names segments by how they stand to one another, never by their number (METHOD 7.3).

    Attributes:
        catalog: The archetypes.
        lexicon: What columns are called.
        user_names: Names of one's own, by the name that would be given or by the segment's
            number ("1" is the first).
        seed: The random seed of the chance level.
        carried: For segments that there were in an earlier run (from 0), their names there.

    >>> from segmentry.edges.catalogs.loading import archetypes, column_lexicon
    >>> NameSegments(catalog=archetypes(), lexicon=column_lexicon())(
    ...     np.zeros((1, 0)), (), (), ((),)
    ... ).namings[0].name
    'One Audience'
    """

    catalog: tuple[Archetype, ...]
    lexicon: ColumnLexicon
    user_names: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    carried: Mapping[int, Carried] = field(default_factory=dict)

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
        segments = _Segments(centres=centres, features=features, matches=matches, profiles=profiles)
        found = self._found(segments, {})
        kept = self._kept(segments, found)
        if any(found.namings[at].name != one.given.name for at, one in kept.items()):
            found = self._found(segments, kept)
        namings = self._renamed(_with_kept(found.namings, kept, self.carried))
        return NamedSegments(
            namings=namings,
            summary=_summary(found.casting, features, matches, self.seed),
            book=_book(segments, found, namings),
        )

    def derived(
        self,
        centres: Floats,
        features: Sequence[str],
        matches: Sequence[TraitMatch],
        profiles: Sequence[Sequence[FeatureProfile]],
    ) -> tuple[str, ...]:
        """Only the names that the numbers give."""
        segments = _Segments(centres=centres, features=features, matches=matches, profiles=profiles)
        return tuple(naming.name for naming in self._found(segments, {}).namings)

    def _found(self, segments: _Segments, kept: Mapping[int, Carried]) -> _Found:
        """The names that the numbers give, none of them a name that another segment keeps."""
        if len(segments.centres) == 1:
            return _Found(namings=(ONE_AUDIENCE,), claims=((),), casting=None)
        names = {one.given.name.casefold() for one in kept.values()}
        catalog = [one for one in self.catalog if one.name.casefold() not in names]
        casting = self._cast(segments, catalog)
        namings = [judge(casting, at) for at in range(len(segments.centres))]
        accepted = [casting.accepted(at) for at in range(len(namings))]
        claims = [() if one is None else segments.claims(one) for one in accepted]
        nameless = [at for at, naming in enumerate(namings) if not naming.name]
        taken = [*(naming.name for naming in namings if naming.name), *names]
        said = describe(
            [absolute.spoken_of(segments.profiles[at]) for at in nameless],
            speaker(segments.matches, self.lexicon),
            taken,
        )
        for at, one in zip(nameless, said, strict=True):
            namings[at] = replace(namings[at], name=one.name, one_liner=one.line)
            claims[at] = true_claims(one.claims, at, *segments.seen)
        return _Found(namings=tuple(namings), claims=tuple(claims), casting=casting)

    def _cast(self, segments: _Segments, catalog: list[Archetype]) -> Casting:
        """Give out archetypes, none of them to a segment whose numbers say the opposite."""
        nouns = {trait.trait: trait.noun for trait in self.lexicon.traits}
        where = standing(segments.centres, segments.features, segments.matches, segments.profiles)
        casting = cast(catalog, where, nouns)
        untrue = {
            one.name
            for at in range(len(segments.centres))
            if (one := casting.accepted(at))
            and (
                absolute.untrue(one, segments.profiles[at], segments.matches)
                or not claims_true(segments.claims(one), at, *segments.seen)
            )
        }
        if untrue:
            return self._cast(segments, [one for one in catalog if one.name not in untrue])
        return casting

    def _kept(self, segments: _Segments, found: _Found) -> dict[int, Carried]:
        """The earlier names that are still true, but for those that the user changes."""
        if len(found.namings) == 1:
            return {}
        return {
            at: one
            for at, one in self.carried.items()
            if one.given.source is not NameSource.ONE_AUDIENCE
            and claims_true(one.given.claims, at, *segments.seen)
        }

    def _renamed(self, namings: tuple[Naming, ...]) -> tuple[Naming, ...]:
        """The same under the names that the user wants."""
        wanted: dict[int, str] = {}
        keys = {naming.name.casefold(): at for at, naming in enumerate(namings)}
        keys |= {str(at + 1): at for at in range(len(namings))}
        for key, name in self.user_names.items():
            if key.casefold() not in keys:
                raise unknown("segment", key, [naming.name for naming in namings])
            wanted[keys[key.casefold()]] = name
        renamed = tuple(
            replace(
                naming,
                name=wanted[at],
                source=NameSource.USER,
                fit=None,
                derived=naming.from_data,
                reason=f"Named by you; it would be {naming.name}.",
            )
            if at in wanted
            else naming
            for at, naming in enumerate(namings)
        )
        _refuse_same_names(renamed)
        return renamed


def _with_kept(
    namings: tuple[Naming, ...], kept: Mapping[int, Carried], carried: Mapping[int, Carried]
) -> tuple[Naming, ...]:
    """The names with those of the earlier run in their places, and why."""
    out = []
    for at, naming in enumerate(namings):
        earlier = carried.get(at)
        if earlier is None or earlier.given.name == naming.name:
            out.append(naming)
        elif at in kept:
            reason = (
                f"Kept from the earlier run, with which it shares {earlier.overlap:.0%} of its customers; "
                f"by its numbers alone it would be {naming.name}."
            )
            out.append(
                replace(
                    naming,
                    name=earlier.given.name,
                    source=NameSource.KEPT,
                    fit=None,
                    derived=naming.name,
                    reason=reason,
                )
            )
        else:
            was = f"In the earlier run it was {earlier.given.name}, which is no longer true of it."
            out.append(replace(naming, reason=f"{naming.reason} {was}".strip()))
    return tuple(out)


def _refuse_same_names(namings: Sequence[Naming]) -> None:
    names = [naming.name.casefold() for naming in namings]
    for naming in namings:
        if names.count(naming.name.casefold()) > 1 or not naming.name.strip():
            raise UsageError(
                f"Two segments would be called '{naming.name}'."
                if naming.name.strip()
                else "A segment's name is empty.",
                hint="Give each segment a name of its own.",
            )


def _book(segments: _Segments, found: _Found, namings: Sequence[Naming]) -> NameBook:
    given_out = () if found.casting is None else found.casting.given_out
    return NameBook(
        matches=tuple(match for match in segments.matches if match.feature in segments.features),
        cast=given_out,
        means=limits(given_out, found.casting.where if found.casting else None, len(namings)),
        given=tuple(
            GivenName(
                name=naming.name,
                source=naming.source,
                derived=naming.from_data,
                claims=claims,
                seal="" if naming.source is NameSource.USER else seal(naming.name, centre),
            )
            for naming, claims, centre in zip(namings, found.claims, segments.centres, strict=True)
        ),
    )


def _summary(
    casting: Casting | None, features: Sequence[str], matches: Sequence[TraitMatch], seed: int
) -> NamingSummary:
    mapped = {match.feature for match in matches}
    summary = NamingSummary(
        mean_fit=None,
        best_other=None,
        chance_p95=None,
        trait_map=tuple(
            (match.feature, match.trait, match.score) for match in matches if match.feature in features
        ),
        unmapped=tuple(feature for feature in features if feature not in mapped),
    )
    if casting is None or casting.mean_fit is None:
        return summary
    best_other = max(other.mean for other in casting.others)
    by_chance = chance(casting.final, casting.where.z.shape, seed=seed)
    return replace(
        summary,
        mean_fit=casting.mean_fit,
        best_other=best_other if np.isfinite(best_other) else None,
        chance_p95=float(np.quantile(by_chance, 0.95)),
        chance_median=float(np.median(by_chance)),
    )
