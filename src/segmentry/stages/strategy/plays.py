"""What to do with a segment, and the numbers that say so (METHOD 8.1, 8.2)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.records.catalogs import (
    Audience,
    ColumnLexicon,
    Level,
    PlaybookEntry,
    TraitMatch,
)
from segmentry.records.segment import FeatureProfile, Fired, Play, PopulationProfile, covered

CLEARLY = 0.5
"""Spreads of all customers from which a segment's mean is high or low."""
NORMAL_IQR = 1.349
"""The interquartile range of a normal distribution in standard deviations."""
WHOLE_FROM = 100
"""Amounts from here on are written without decimals."""

MOST_OTHERS = 3
"""Other plays that are named beside the one that was chosen."""
SHARED, HOPELESS = 1e3, 1e9
"""What it costs to give a play to a second segment, and to give one that does not apply: a thousand
steps down the playbook, and more than anything."""
CALLS, STRONGEST = 1e-3, 100.0
"""How much a clearer call counts beside one step in the playbook, and the clearest that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One trait of a segment: the feature that carries it, and where the segment's mean lies.

    ``z`` is in spreads of all customers, more of the trait upwards.
    """

    feature: FeatureProfile
    population: PopulationProfile
    match: TraitMatch
    z: float
    in_days: bool = False

    @property
    def level(self) -> Level:
        return Level.HIGH if self.z >= CLEARLY else Level.LOW if self.z <= -CLEARLY else Level.MID


def choose_plays(
    profiles: Sequence[Sequence[FeatureProfile]],
    population: Sequence[PopulationProfile],
    matches: Sequence[TraitMatch],
    playbook: Sequence[PlaybookEntry],
    lexicon: ColumnLexicon,
) -> tuple[Play, ...]:
    """For each segment a play whose traits all hold, a different one for each where there is one.

    A segment's level on a trait is (segment mean - population mean) / population spread in the
    column's own units, turned so that more of the trait is up: high from 0.5, low from -0.5, mid
    between. The spread is the smaller of the standard deviation and IQR / 1.349, so that a few
    very large customers do not make everybody else look alike; for yes/no columns, and where the
    middle half shares one value, it is the standard deviation. Every number that a play cites is
    in the segment's profile.

    Of the plays that hold, the highest in the playbook is taken. Where several segments would get
    the same, the one that its numbers call for least clearly gets its next: of all ways to give
    out plays, the one that shares least and then steps down least (an assignment problem). The
    play of last resort is no way out: it is given only where nothing else holds.

    Args:
        profiles: The features of each segment; with one segment the play is for everyone.
        population: The same features over all customers.
        matches: Which trait each feature carries; one feature may carry several.
        playbook: The plays, in order of priority.
        lexicon: What columns are called.

    >>> from segmentry.edges.catalogs.loading import column_lexicon, playbook
    >>> [play.id for play in choose_plays([()], (), (), playbook(), column_lexicon())]
    ['one_audience']
    """
    audience = Audience.EVERYONE if len(profiles) == 1 else Audience.SEGMENT
    entries = [one for one in playbook if one.audience is audience]
    readings = [_readings(profile, population, matches, lexicon) for profile in profiles]
    fitting = [[one for one in entries if _holds(one, known)] for known in readings]
    chosen = _given_out(entries, fitting, readings)
    return tuple(
        _play(entry, tuple(_fired(trait, known[trait], lexicon) for trait in _asked(entry)), others)
        for entry, known, others in zip(chosen, readings, fitting, strict=True)
    )


def _given_out(
    entries: Sequence[PlaybookEntry],
    fitting: Sequence[Sequence[PlaybookEntry]],
    readings: Sequence[Mapping[str, _Reading]],
) -> list[PlaybookEntry]:
    """One entry for each segment: as few shared and as high in the playbook as can be."""
    from scipy.optimize import linear_sum_assignment

    copies = len(fitting)
    cost = np.full((copies, len(entries) * copies), HOPELESS)
    for row, (able, known) in enumerate(zip(fitting, readings, strict=True)):
        own = [one for one in able if one.when] or list(able)
        for rank, entry in enumerate(own):
            column = entries.index(entry) * copies
            step = rank - CALLS * _call(entry, known)
            cost[row, column : column + copies] = step + SHARED * np.arange(copies)
    _, columns = linear_sum_assignment(cost)
    return [entries[column // copies] for column in columns]


def _call(entry: PlaybookEntry, known: Mapping[str, _Reading]) -> float:
    """How clearly the numbers call for a play: the spreads of the traits that it wants high or low, summed."""
    asked = [abs(known[trait].z) for trait, level in entry.when.items() if level is not Level.MID]
    return min(sum(asked), STRONGEST)


def _asked(entry: PlaybookEntry) -> tuple[str, ...]:
    """Every trait that a play asks for, each once."""
    return tuple(dict.fromkeys((*entry.when, *entry.at_least, *entry.at_most, *entry.at_most_days)))


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
    profile: Sequence[FeatureProfile],
    population: Sequence[PopulationProfile],
    matches: Sequence[TraitMatch],
    lexicon: ColumnLexicon,
) -> Mapping[str, _Reading]:
    """The traits that can be measured."""
    own = {one.feature: one for one in covered(profile)}
    everyone = {one.feature: one for one in population}
    known = [match for match in matches if match.feature in own and match.feature in everyone]
    found = {one.trait: _reading(own[one.feature], everyone[one.feature], one) for one in known}
    return {
        trait: replace(reading, in_days="day" in lexicon.words(reading.feature.feature))
        for trait, reading in found.items()
        if reading is not None
    }


def _reading(own: FeatureProfile, everyone: PopulationProfile, match: TraitMatch) -> _Reading | None:
    """None where nothing is known, or where all customers are the same."""
    spread = _spread(everyone)
    if not spread > 0 or not math.isfinite(own.mean):
        return None
    z = match.sign * (own.mean - everyone.mean) / spread
    return _Reading(feature=own, population=everyone, match=match, z=z)


def _spread(everyone: PopulationProfile) -> float:
    middle = (everyone.q75 - everyone.q25) / NORMAL_IQR
    return everyone.sd if everyone.flag or not middle > 0 else min(everyone.sd, middle)


def _holds(entry: PlaybookEntry, known: Mapping[str, _Reading]) -> bool:
    return (
        all(trait in known and known[trait].level is level for trait, level in entry.when.items())
        and all(_is(known.get(trait), least=least) for trait, least in entry.at_least.items())
        and all(_is(known.get(trait), most=most) for trait, most in entry.at_most.items())
        and all(
            _is(known.get(trait), most=most) and known[trait].in_days
            for trait, most in entry.at_most_days.items()
        )
    )


def _is(reading: _Reading | None, *, least: float = -math.inf, most: float = math.inf) -> bool:
    """Whether the segment's mean lies between, in the units of a column that carries the whole trait."""
    return reading is not None and not reading.match.proxy and least <= reading.feature.mean <= most


def _play(entry: PlaybookEntry, fired: tuple[Fired, ...], fitting: Sequence[PlaybookEntry]) -> Play:
    others = tuple(dict.fromkeys(one.objective for one in fitting if one.when and one.id != entry.id))
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
        terms=entry.terms,
        also=tuple(other for other in others if other != entry.objective)[:MOST_OTHERS],
    )


def _number(value: float, reading: _Reading) -> str:
    """A mean as people write it: 1,234, 7.9, 0.034; a share of ones as a percentage."""
    if reading.feature.flag:
        return f"{value:.0%}"
    if abs(value) >= WHOLE_FROM:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 or value == 0 else f"{value:.2g}"
