"""What to do with a segment, and the numbers that say so (METHOD 8.1, 8.2)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentry.records.catalog import Audience, ColumnLexicon, Level, PlaybookEntry, TraitMatch
from segmentry.records.segment import FeatureProfile, Fired, Play, PopulationProfile

CLEARLY = 0.5
"""Spreads of all customers from which a segment's mean is high or low."""
NORMAL_IQR = 1.349
"""The interquartile range of a normal distribution in standard deviations."""
WHOLE_FROM = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One trait of a segment: the feature that carries it, and where the segment's mean lies."""

    feature: FeatureProfile
    population: PopulationProfile
    level: Level


def choose_plays(
    profiles: Sequence[Sequence[FeatureProfile]],
    population: Sequence[PopulationProfile],
    matches: Sequence[TraitMatch],
    playbook: Sequence[PlaybookEntry],
    lexicon: ColumnLexicon,
) -> tuple[Play, ...]:
    """For each segment, the first play of the playbook whose traits all hold.

    A segment's level on a trait is (segment mean - population mean) / population spread in the
    column's own units, turned so that more of the trait is up: high from 0.5, low from -0.5, mid
    between. The spread is the smaller of the standard deviation and IQR / 1.349, so that a few
    very large customers do not make everybody else look alike; for yes/no columns, and where the
    middle half shares one value, it is the standard deviation. Every number that a play cites is
    in the segment's profile.

    Args:
        profiles: The features of each segment; with one segment the play is for everyone.
        population: The same features over all customers.
        matches: Which trait each feature carries.
        playbook: The plays, in order of priority.
        lexicon: What columns are called.

    >>> from segmentry.edges.catalogs import column_lexicon, playbook
    >>> [play.id for play in choose_plays([()], (), (), playbook(), column_lexicon())]
    ['one_audience']
    """
    audience = Audience.EVERYONE if len(profiles) == 1 else Audience.SEGMENT
    entries = [one for one in playbook if one.audience is audience]
    return tuple(_choose(_readings(profile, population, matches), entries, lexicon) for profile in profiles)


def _choose(
    readings: Mapping[str, _Reading], entries: Sequence[PlaybookEntry], lexicon: ColumnLexicon
) -> Play:
    entry = next(one for one in entries if _holds(one, readings))
    return _play(entry, tuple(_fired(trait, readings[trait], lexicon) for trait in entry.when))


def _fired(trait: str, reading: _Reading, lexicon: ColumnLexicon) -> Fired:
    own, everyone = reading.feature.mean, reading.population.mean
    compared = f"{_number(own, reading)} against {_number(everyone, reading)} for all customers"
    return Fired(
        trait=trait,
        feature=reading.feature.feature,
        level=str(reading.level),
        segment_value=own,
        population_value=everyone,
        sentence=f"{lexicon.title(reading.feature.feature)}: {compared}",
    )


def _readings(
    profile: Sequence[FeatureProfile], population: Sequence[PopulationProfile], matches: Sequence[TraitMatch]
) -> Mapping[str, _Reading]:
    """The traits that can be measured."""
    own = {one.feature: one for one in profile}
    everyone = {one.feature: one for one in population}
    known = [one for one in matches if one.feature in own and one.feature in everyone]
    found = {one.trait: _reading(own[one.feature], everyone[one.feature], one.sign) for one in known}
    return {trait: reading for trait, reading in found.items() if reading is not None}


def _reading(own: FeatureProfile, everyone: PopulationProfile, sign: int) -> _Reading | None:
    """None where nothing is known, or where all customers are the same."""
    spread = _spread(everyone)
    if not spread > 0 or not math.isfinite(own.mean):
        return None
    z = sign * (own.mean - everyone.mean) / spread
    level = Level.HIGH if z >= CLEARLY else Level.LOW if z <= -CLEARLY else Level.MID
    return _Reading(feature=own, population=everyone, level=level)


def _spread(everyone: PopulationProfile) -> float:
    middle = (everyone.q75 - everyone.q25) / NORMAL_IQR
    return everyone.sd if everyone.flag or not middle > 0 else min(everyone.sd, middle)


def _holds(entry: PlaybookEntry, readings: Mapping[str, _Reading]) -> bool:
    return all(trait in readings and readings[trait].level is level for trait, level in entry.when.items())


def _play(entry: PlaybookEntry, fired: tuple[Fired, ...]) -> Play:
    return Play(
        id=entry.id,
        objective=entry.objective,
        hypothesis=entry.hypothesis,
        offer=entry.offer,
        channel=entry.channel,
        message=entry.message,
        do=entry.do,
        dont=entry.dont,
        guardrails=entry.guardrails,
        suppressions=entry.suppressions,
        kpi=entry.kpi,
        fired=fired,
        evidence=entry.evidence,
    )


def _number(value: float, reading: _Reading) -> str:
    """A mean as people write it: 1,234, 7.9, 0.034; a share of ones as a percentage."""
    if reading.feature.flag:
        return f"{value:.0%}"
    if abs(value) >= WHOLE_FROM:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 or value == 0 else f"{value:.2g}"
