"""Names held against the segments of a model again, from what the model itself knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats
from segmentry.records.catalogs import Archetype, Level, TraitMatch
from segmentry.records.model import Model
from segmentry.records.name_basis import Claim, GivenName, NameBook, seal
from segmentry.records.segment import FeatureProfile, NameSource
from segmentry.stages.naming.archetype_choice import cast
from segmentry.stages.naming.archetype_scores import Standing, standing_of

SLIGHT = 1e-6
"""Differences between centres that say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A segment whose name is not the one its numbers give.

    Attributes:
        segment: Its position.
        name: What it is called.
        belongs: The name that belongs there; None when it is not known.
    """

    segment: int
    name: str
    belongs: str | None


def archetype_claims(
    archetype: Archetype, matches: Sequence[TraitMatch], features: Sequence[str]
) -> tuple[Claim, ...]:
    """What an archetype's name says of features: its defining traits."""
    carried = {match.trait: match for match in matches if match.feature in features}
    return tuple(
        Claim(
            feature=carried[trait].feature,
            more=(archetype.traits[trait] is Level.HIGH) == (carried[trait].sign > 0),
        )
        for trait in archetype.defining
        if trait in carried
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Numbers that the claims of names are held against.

    Attributes:
        features: The p features.
        values: k x p: where each segment stands on them; NaN where it is not known.
    """

    features: Sequence[str]
    values: Floats


def profiles_seen(profiles: Sequence[Sequence[FeatureProfile]]) -> Seen:
    """How far from the other customers each segment is, in the columns' own units: what readers are shown."""
    return Seen(
        features=[one.feature for one in profiles[0]],
        values=np.array([[one.cohens_d for one in row] for row in profiles], dtype=np.float64),
    )


def true_claims(claims: Iterable[Claim], segment: int, *seen: Seen) -> tuple[Claim, ...]:
    """The claims that all numbers show by themselves."""
    return tuple(
        claim for claim in claims if all(_holds(claim, one.values, one.features, segment) for one in seen)
    )


def claims_true(claims: Iterable[Claim], segment: int, *seen: Seen) -> bool:
    """Whether no number says the opposite of a claim; unknown features claim nothing.

    Names are given, and held against a saved run again, by this yardstick.
    """
    return all(
        _holds(claim, one.values, one.features, segment)
        for one in seen
        for claim in claims
        if claim.feature in one.features
    )


def _holds(claim: Claim, centres: Floats, features: Sequence[str], segment: int) -> bool:
    if claim.feature not in features:
        return False
    column = centres[:, list(features).index(claim.feature)]
    away = float(column[segment] - column.mean())
    if np.isnan(away):  # suppressed: nothing is known against it
        return True
    return away > SLIGHT if claim.more else away < -SLIGHT


def limits(
    archetypes: Iterable[Archetype], where: Standing | None, k: int
) -> tuple[Mapping[str, float], ...]:
    """The means of each segment on the traits that an archetype limits; those unknown are left out."""
    traits = sorted({trait for archetype in archetypes for trait in archetype.at_most})
    if where is None:
        return tuple({} for _ in range(k))
    known = [(trait, where.traits.index(trait)) for trait in traits if trait in where.traits]
    return tuple(
        {trait: float(row[at]) for trait, at in known if np.isfinite(row[at])} for row in where.means
    )


def misfits(model: Model, book: NameBook) -> tuple[Misfit, ...]:
    """The segments of a model that are not called what their numbers say.

    Names that the user or an earlier run gave are not for the numbers to say; they only must be where
    they were given.
    """
    k = len(model.names)
    fits = _fits(model, book)
    by_name = {feature.name: at for at, feature in enumerate(book.given)}
    found = []
    for at, name in enumerate(model.names):
        entry = by_name.get(name)
        if entry == at and fits[entry][at] and _sealed(model, book, at, name):
            continue
        belongs = next((one for one in model.names if one != name and _sealed(model, book, at, one)), None)
        if belongs is None:
            belongs = next(
                (book.given[number].name for number in range(k) if number != entry and fits[number][at]), None
            )
        found.append(Misfit(segment=at, name=name, belongs=belongs))
    return tuple(found)


def _sealed(model: Model, book: NameBook, at: int, name: str) -> bool:
    """Whether a name is the one that was given to this centre; a name of the user's always is."""
    given = book.given[at] if at < len(book.given) else None
    if given is None or given.source is NameSource.USER:
        return given is not None
    return given.seal == seal(name, model.centres[at])


def _fits(model: Model, book: NameBook) -> list[list[bool]]:
    """Whether each given name (rows) would be true of each segment (columns)."""
    k, centres, features = len(model.names), model.centre_matrix, model.recipe.features
    if k == 1 or len(book.given) != k or len(book.means) != k:
        return [[len(book.given) == k] * k for _ in book.given]
    where = standing_of(centres, features, book.matches, book.means)
    casting = cast(book.cast, where, {match.trait: match.trait for match in book.matches})
    accepted = [casting.accepted(at) for at in range(k)]
    names = [None if one is None else one.name for one in accepted]

    def fits(given: GivenName, at: int) -> bool:
        if given.exempt:
            return True
        if given.source is NameSource.ARCHETYPE:
            return names[at] == given.derived == given.name
        return names[at] is None and claims_true(given.claims, at, Seen(features=features, values=centres))

    return [[fits(feature, at) for at in range(k)] for feature in book.given]
