"""Words that are true or false whatever the other customers do: who bought lately is said in days."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from segmentry.records.catalogs import Archetype, Level, TraitMatch, words
from segmentry.records.segment import FeatureProfile, covered

LATELY = 90.0
"""Days since the last purchase up to which the typical customer of a segment bought lately (METHOD 7)."""


def typical(profile: FeatureProfile) -> float:
    """The median, or where only averages are known the mean."""
    return profile.median if isfinite(profile.median) else profile.mean


def spoken_of(profiles: Sequence[FeatureProfile]) -> tuple[FeatureProfile, ...]:
    """The features of a segment; of those that too few of its customers have a value of, nothing is said."""
    known = {profile.feature for profile in covered(profiles)}
    return tuple(
        profile if profile.feature in known else replace(profile, cohens_d=0.0, marker=False)
        for profile in profiles
    )


def long_ago(profile: FeatureProfile, matches: Sequence[TraitMatch]) -> bool:
    """Whether a feature says in days that the typical customer did not come lately; not so where it is not in days."""
    match = next((one for one in matches if one.feature == profile.feature), None)
    in_days = (
        match is not None and match.trait == "recency" and match.sign < 0 and "day" in words(profile.feature)
    )
    return in_days and typical(profile) > LATELY


def says_lately(archetype: Archetype) -> bool:
    """Whether an archetype's name speaks of customers who came lately."""
    return archetype.traits.get("recency") is Level.HIGH


def uncovered(
    archetype: Archetype, profiles: Sequence[FeatureProfile], matches: Sequence[TraitMatch]
) -> bool:
    """Whether an archetype rests on a feature that fewer than half of the customers have a value of."""
    known = {profile.feature for profile in covered(profiles)}
    unknown = {profile.feature for profile in profiles} - known
    return any(match.trait in archetype.defining and match.feature in unknown for match in matches)


def never_bought(
    archetype: Archetype, profiles: Sequence[FeatureProfile], matches: Sequence[TraitMatch]
) -> bool:
    """Whether an archetype counts purchases of customers of whom the typical one has none."""
    counted = {
        match.feature
        for match in matches
        if match.trait == "frequency" and match.sign > 0 and not match.proxy
    }
    return "frequency" in archetype.at_most and any(
        profile.feature in counted and typical(profile) < 1 for profile in profiles
    )


def untrue(archetype: Archetype, profiles: Sequence[FeatureProfile], matches: Sequence[TraitMatch]) -> bool:
    """Whether an archetype says what is not so: lately of long ago, a purchase of none, or what few have a value of."""
    late = says_lately(archetype) and any(long_ago(profile, matches) for profile in profiles)
    return late or uncovered(archetype, profiles, matches) or never_bought(archetype, profiles, matches)
