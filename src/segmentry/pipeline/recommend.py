"""From segments segments to strategies: a play for each, what must be true for it to pay, what a test takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from segmentry.edges.catalogs.loading import column_lexicon, playbook
from segmentry.errors import UsageError, listed, unknown
from segmentry.records.arrays import Floats, Ints
from segmentry.records.catalogs import TraitMatch
from segmentry.records.segment import FeatureProfile, Play, PopulationProfile
from segmentry.records.strategy import Input
from segmentry.records.targets import Targeting
from segmentry.settings import Settings
from segmentry.stages.columns.traits import map_traits
from segmentry.stages.strategy.economics import weigh_play
from segmentry.stages.strategy.experiment import learn
from segmentry.stages.strategy.plays import choose_plays

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfiledSegments:
    """What is known of the segments before anything is advised.

    Attributes:
        profiles: k times the p profiles.
        population: The p features over all customers.
        traits: Which trait each feature carries.
        values: n x p raw values, NaN where missing.
        segment: n segment numbers from 0; -1 for those in none.
        names: The k names.
    """

    profiles: tuple[tuple[FeatureProfile, ...], ...]
    population: tuple[PopulationProfile, ...]
    traits: tuple[TraitMatch, ...]
    values: Floats
    segment: Ints
    names: tuple[str, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The p names."""
        return tuple(profile.feature for profile in self.population)


def advise(segments: ProfiledSegments, settings: Settings) -> tuple[Play, ...]:
    """A play for each segment, with its economics and what a test of it can find out.

    Raises:
        UsageError: when the playbook is wrong, or a setting names a column that does not do.
    """
    lexicon = column_lexicon()
    matches = (*segments.traits, *map_traits(segments.features, lexicon.for_plays))
    entries = playbook(Path(settings.naming.playbook) if settings.naming.playbook else None)
    chosen = choose_plays(segments.profiles, segments.population, matches, entries, lexicon)
    given = _given(segments, settings)
    reachable = _by_segment("reachable", settings.campaign.reachable, segments)
    return tuple(
        _weighed(play, given[number], _in_a_test(segments, number, reachable[number], settings))
        for number, play in enumerate(chosen)
    )


def _weighed(play: Play, given: Mapping[Input, float | None], customers: int) -> Play:
    economics = weigh_play(play.terms, given)
    return replace(
        play,
        economics=economics,
        learning=learn(customers, economics.base_rate, economics.break_even),
    )


def _in_a_test(segments: ProfiledSegments, number: int, reachable: float | None, settings: Settings) -> int:
    """Customers who can be in a test: those who can be reached, without the global hold-out, on average."""
    inside = int((segments.segment == number).sum())
    return int(inside * (1.0 if reachable is None else reachable) * (1 - settings.groups.holdout_share))


def _given(segments: ProfiledSegments, settings: Settings) -> tuple[Mapping[Input, float | None], ...]:
    """What the settings say for each segment."""
    orders = _by_segment("order_value", settings.campaign.order_value, segments)
    rates = _by_segment("base_rate", settings.campaign.base_rate, segments)
    return tuple(
        {
            Input.MARGIN: settings.campaign.margin,
            Input.ORDER_VALUE: order,
            Input.BASE_RATE: rate,
            Input.CONTACT_COST: settings.campaign.contact_cost,
            Input.DISCOUNT_DEPTH: settings.campaign.discount_depth,
            Input.DISCOUNT_USE: settings.campaign.discount_use,
        }
        for order, rate in zip(orders, rates, strict=True)
    )


def _by_segment(
    setting: str, given: float | str | None, segments: ProfiledSegments
) -> tuple[float | None, ...]:
    """A number for every segment: the one that was given, or the segment's mean of the column that was named."""
    k = len(segments.names)
    if given is None or isinstance(given, float):
        return (given,) * k
    if given not in segments.features:
        wrong = unknown("feature", given, segments.features)
        raise UsageError(
            f"The setting '{setting}' names the column '{given}', which is none of the features.",
            hint=f"{wrong.hint} Or give a number.",
        )
    values = segments.values[:, segments.features.index(given)]
    known = values[~np.isnan(values)]
    share = setting != "order_value"
    if (share and ((known < 0) | (known > 1)).any()) or (not share and (known < 0).any()):
        raise UsageError(
            f"The setting '{setting}' names the column '{given}', which holds values "
            f"{'outside 0 to 1' if share else 'below 0'}.",
            hint="Name a yes/no column, or give a number from 0 to 1."
            if share
            else "Name the column of the average order, or give a number above 0.",
        )
    return tuple(_mean(values[segments.segment == number], share=share) for number in range(k))


def _mean(values: NDArray[np.float64], *, share: bool) -> float | None:
    """None where nothing is known; an order of 0 is no order."""
    known = values[~np.isnan(values)]
    mean = float(known.mean()) if len(known) else None
    return mean if share or mean else None


def targeting(segments: ProfiledSegments, settings: Settings) -> Targeting:
    """What the settings say about the choice of target segments.

    Raises:
        UsageError: when they speak of a segment that there is not.
    """
    return Targeting(
        weights=dict(settings.priorities.attractiveness),
        competitiveness=_named("competitiveness", settings.priorities.competitiveness, segments.names),
        suits_us=_named("suits_us", settings.priorities.suits_us, segments.names),
        reachable=_by_segment("reachable", settings.campaign.reachable, segments),
        least_customers=settings.choice.min_segment_customers,
    )


def _named(setting: str, given: Mapping[str, T], names: Sequence[str]) -> tuple[T | None, ...]:
    """What was said of each segment, by its name or its number."""
    found: list[T | None] = [None] * len(names)
    numbers = {str(number): number - 1 for number in range(1, len(names) + 1)}
    folded = {name.casefold(): number for number, name in enumerate(names)}
    for key, value in given.items():
        number = numbers.get(key, folded.get(key.strip().casefold()))
        if number is None:
            raise UsageError(
                f"The setting '{setting}' speaks of a segment '{key}', which there is not.",
                hint=f"The segments of this run are: {listed(names)}.",
            )
        found[number] = value
    return tuple(found)
