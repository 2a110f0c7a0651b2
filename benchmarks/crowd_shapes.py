"""What crowds look like: customers without groups, and customers of known groups, as numbers.

A crowd without groups is a function of dice, customers n and features p. A crowd with groups is a
function of where its customers' groups lie and of dice; it throws the same dice whatever the
distance between the groups, so that moving them apart moves nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import special, stats

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

LEAST_RATE = 5.0
"""Counts of every group are at least this large on average: one value in five is never the same."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Who belongs where.

    Attributes:
        labels: n group numbers from 0.
        centres: k x p centres; a distance of 1 is one standard deviation within the groups.
    """

    labels: Ints
    centres: Floats

    @property
    def at(self) -> Floats:
        """The n x p centres of the customers' own groups."""
        return np.asarray(self.centres[self.labels])


Crowding = Callable[[Generator, int, int], Floats]
Grouping = Callable[[Groups, Generator], Floats]


# Customers without groups.


def linked(dice: Generator, n: int, p: int) -> Floats:
    """Standard normal features, independent or with one factor behind them."""
    loadings = dice.uniform(0.2, 0.8, p) * dice.choice([-1.0, 1.0], p) * dice.integers(0, 2)
    return _factor(dice, n, loadings)


def _factor(dice: Generator, n: int, loadings: Floats) -> Floats:
    own = dice.normal(size=(n, len(loadings)))
    return np.asarray(dice.normal(size=(n, 1)) * loadings + own * np.sqrt(1 - loadings**2))


def in_units(values: Floats, dice: Generator) -> Floats:
    """Each feature in a unit of its own: half of them around zero, half far from it."""
    p = values.shape[1]
    scale = 10 ** dice.uniform(-0.5, 2.5, p)
    return np.asarray(scale * (values + dice.choice([0.0, 12.0], p)))


def amounts(values: Floats, dice: Generator) -> Floats:
    """Positive features around 1 as amounts of money or time."""
    return np.asarray(np.round(values * 10 ** dice.uniform(1.3, 2.7, values.shape[1]), 2))


def gaussian(dice: Generator, n: int, p: int) -> Floats:
    """One bell without correlations."""
    return in_units(dice.normal(size=(n, p)), dice)


def equicorrelated(dice: Generator, n: int, p: int) -> Floats:
    """One bell, every pair of features correlated alike, by .3 to .8."""
    return in_units(_factor(dice, n, np.full(p, np.sqrt(dice.uniform(0.3, 0.8)))), dice)


def one_factor(dice: Generator, n: int, p: int) -> Floats:
    """One bell stretched along one factor, with signs."""
    return in_units(_factor(dice, n, dice.uniform(0.3, 0.95, p) * dice.choice([-1.0, 1.0], p)), dice)


def box(dice: Generator, n: int, p: int) -> Floats:
    """Uniform in a box."""
    return in_units(dice.uniform(-1.7, 1.7, (n, p)), dice)


def ball(dice: Generator, n: int, p: int) -> Floats:
    """Uniform in a ball."""
    towards = dice.normal(size=(n, p))
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    return in_units(towards * dice.random((n, 1)) ** (1 / p) * np.sqrt(p + 2), dice)


def lognormal(dice: Generator, n: int, p: int) -> Floats:
    """Amounts with a long tail."""
    return amounts(np.exp(linked(dice, n, p) * dice.uniform(0.4, 1.2, p)), dice)


def student(dice: Generator, n: int, p: int) -> Floats:
    """Heavy tails to both sides: of each feature alone, or of all together."""
    freedom = dice.uniform(3, 5)
    weight = dice.chisquare(freedom, (n, int(dice.choice([1, p])))) / freedom
    return in_units(linked(dice, n, p) / np.sqrt(weight), dice)


def gamma(dice: Generator, n: int, p: int) -> Floats:
    """Gamma and exponential features linked by a Gaussian copula."""
    shape = np.maximum(dice.uniform(0.5, 3, p), 1.0)
    return amounts(stats.gamma.ppf(special.ndtr(linked(dice, n, p)), shape) / shape, dice)


def poisson(dice: Generator, n: int, p: int) -> Floats:
    """Counts that vary as chance does."""
    return np.asarray(stats.poisson.ppf(special.ndtr(linked(dice, n, p)), dice.uniform(6, 25, p)))


def geometric(dice: Generator, n: int, p: int) -> Floats:
    """Counts with a constant chance to stop."""
    mean = dice.uniform(9, 25, p)
    return np.asarray(stats.geom.ppf(special.ndtr(linked(dice, n, p)), 1 / (1 + mean))) - 1


def negative_binomial(dice: Generator, n: int, p: int) -> Floats:
    """Counts that vary more than chance does."""
    shape, mean = dice.uniform(1.5, 5, p), dice.uniform(8, 25, p)
    return np.asarray(stats.nbinom.ppf(special.ndtr(linked(dice, n, p)), shape, shape / (shape + mean)))


def zeros(dice: Generator, n: int, p: int) -> Floats:
    """Amounts cut off at zero and counts with many zeros: 6 to 19 % of each feature."""
    latent = linked(dice, n, p)
    cut = dice.uniform(0.06, 0.19, p)
    floor = np.array([np.quantile(latent[:, j], cut[j]) for j in range(p)])
    censored = np.round(np.maximum(latent - floor, 0) * 10 ** dice.uniform(1, 2.5, p), 2)
    shape, none = 0.8, np.minimum(cut, 0.12)
    mean = shape * (none ** (-1 / shape) - 1)
    counts = stats.nbinom.ppf(special.ndtr(latent), shape, shape / (shape + mean))
    return np.asarray(np.where(np.arange(p) % 2 == 0, censored, counts))


def marginals(dice: Generator, n: int, p: int) -> Floats:
    """Money, times, counts and plain measures side by side, linked by a Gaussian copula."""
    latent = linked(dice, n, p)
    chance = special.ndtr(latent)
    columns = (
        amounts(np.exp(0.8 * latent), dice),
        amounts(stats.gamma.ppf(chance, 1.5), dice),
        np.asarray(stats.nbinom.ppf(chance, 2.0, 2 / 14)),
        in_units(latent, dice),
    )
    return np.choose(np.arange(p) % len(columns), columns)


def arc(dice: Generator, n: int, p: int) -> Floats:
    """A curved continuum in two features: half a moon; the other features are bells."""
    values = dice.normal(size=(n, p))
    angle = dice.uniform(0, dice.uniform(0.6, 1.0) * np.pi, n)
    radius = 1 + dice.uniform(0.08, 0.2) * dice.normal(size=n)
    values[:, 0], values[:, 1] = radius * np.cos(angle), radius * np.sin(angle)
    return in_units(values, dice)


def rounded(dice: Generator, n: int, p: int) -> Floats:
    """Bells in whole numbers."""
    return np.asarray(np.round(linked(dice, n, p) * dice.uniform(2.8, 8, p) + 40))


def buyers(dice: Generator, n: int, p: int) -> Floats:
    """Days since the last order, orders, basket and further activity of a BG/NBD crowd (METHOD 9).

    Customers buy at rates of their own (gamma), leave after an order with a chance of their own
    (beta) and spend amounts of their own: a continuum throughout.
    """
    weeks, rate = dice.uniform(60, 104, n), dice.gamma(2.0, 0.15, n) + 0.05
    left_after = dice.geometric(np.clip(dice.beta(1.0, 9.0, n), 0.01, 0.9)) / rate
    active = np.minimum(weeks, left_after)
    orders = 1 + dice.poisson(rate * active)
    last = active * dice.beta(orders, 1.0)
    basket = np.exp(3.5 + 0.6 * dice.normal(size=n))
    columns: list[Floats] = [np.round(7 * (weeks - last)), orders.astype(np.float64)]
    columns += [np.asarray(np.round(basket, 2), dtype=np.float64), np.round(7 * weeks)]
    while len(columns) < p:
        activity = rate ** dice.uniform(0.3, 1.0) * np.exp(dice.uniform(0.4, 0.8) * dice.normal(size=n))
        columns.append(np.round(activity * 10 ** dice.uniform(2, 3)))
    return np.column_stack(columns[:p])


STRUCTURELESS: Mapping[str, Crowding] = MappingProxyType(
    {
        "one bell": gaussian,
        "equally correlated": equicorrelated,
        "one factor": one_factor,
        "uniform box": box,
        "uniform ball": ball,
        "log-normal": lognormal,
        "Student t": student,
        "gamma copula": gamma,
        "Poisson counts": poisson,
        "geometric counts": geometric,
        "negative binomial counts": negative_binomial,
        "many zeros": zeros,
        "mixed marginals": marginals,
        "arc": arc,
        "whole numbers": rounded,
        "recency, frequency, spend": buyers,
    }
)
"""Every crowd without groups, by the name of its shape."""


# Customers of known groups.


def _noise(groups: Groups, dice: Generator) -> Floats:
    return dice.normal(size=groups.at.shape)


def spherical(groups: Groups, dice: Generator) -> Floats:
    """Round bells of one width."""
    return in_units(groups.at + _noise(groups, dice), dice)


def elliptical(groups: Groups, dice: Generator) -> Floats:
    """Bells that each lie in a direction of their own."""
    noise, p = _noise(groups, dice), groups.centres.shape[1]
    for group in range(len(groups.centres)):
        turn, _ = np.linalg.qr(dice.normal(size=(p, p)))
        inside = groups.labels == group
        noise[inside] = noise[inside] * dice.uniform(0.4, 1.5, p) @ turn.T
    return in_units(groups.at + noise, dice)


def unequal(groups: Groups, dice: Generator) -> Floats:
    """Bells of different widths; their sizes differ too (see UNEQUAL)."""
    width = dice.uniform(0.6, 1.4, len(groups.centres))
    return in_units(groups.at + _noise(groups, dice) * width[groups.labels, None], dice)


def tailed(groups: Groups, dice: Generator) -> Floats:
    """Student t within the groups: heavy tails to both sides."""
    freedom = dice.uniform(3.5, 6)
    noise = dice.standard_t(freedom, groups.at.shape) * np.sqrt((freedom - 2) / freedom)
    return in_units(groups.at + noise, dice)


def grouped_lognormal(groups: Groups, dice: Generator) -> Floats:
    """Amounts that are log-normal within the groups."""
    return amounts(np.exp((groups.at + _noise(groups, dice)) * dice.uniform(0.35, 0.7)), dice)


def grouped_gamma(groups: Groups, dice: Generator) -> Floats:
    """Skewed customers: gamma within the groups, with a mean of their own."""
    shape = dice.uniform(1.5, 4, groups.centres.shape[1])
    drawn = dice.gamma(shape, 1 / shape, groups.at.shape)
    return amounts(np.exp(groups.at / np.sqrt(shape)) * drawn, dice)


def grouped_poisson(groups: Groups, dice: Generator) -> Floats:
    """Counts with a rate of the group's own."""
    return _counts(groups, dice, np.ones(groups.at.shape))


def grouped_negative_binomial(groups: Groups, dice: Generator) -> Floats:
    """Counts with a rate around the group's own."""
    shape = dice.uniform(4, 10)
    return _counts(groups, dice, dice.gamma(shape, 1 / shape, groups.at.shape))


def _counts(groups: Groups, dice: Generator, personal: Floats) -> Floats:
    least = dice.uniform(LEAST_RATE, 3 * LEAST_RATE, groups.centres.shape[1])
    rates = least * np.exp((groups.at - groups.centres.min(axis=0)) * dice.uniform(0.2, 0.35))
    return np.asarray(stats.poisson.ppf(dice.random(groups.at.shape), rates * personal))


def signed(groups: Groups, dice: Generator) -> Floats:
    """Balances: large amounts on both sides of zero."""
    middle = groups.at - groups.centres.mean(axis=0)
    return np.asarray(np.sinh(0.5 * (middle + _noise(groups, dice))) * 10 ** dice.uniform(0, 3))


def mixed(groups: Groups, dice: Generator) -> Floats:
    """Money, counts, plain measures and times side by side."""
    columns = tuple(
        draw(groups, dice) for draw in (grouped_lognormal, grouped_poisson, spherical, grouped_gamma)
    )
    return np.choose(np.arange(groups.centres.shape[1]) % len(columns), columns)


STRUCTURED: Mapping[str, Grouping] = MappingProxyType(
    {
        "round bells": spherical,
        "elliptical bells": elliptical,
        "unequal sizes": unequal,
        "heavy tails": tailed,
        "log-normal groups": grouped_lognormal,
        "skewed customers": grouped_gamma,
        "Poisson groups": grouped_poisson,
        "negative binomial groups": grouped_negative_binomial,
        "both signs": signed,
        "mixed columns": mixed,
    }
)
"""Every crowd with groups, by the name of its shape."""

UNEQUAL = frozenset({"unequal sizes"})
"""Shapes whose smallest group has 5 % of the customers; elsewhere sizes differ by half at most."""


def pure_noise(dice: Generator, n: int, p: int) -> Floats:
    """Features that know nothing of any group, each with a shape of its own."""
    columns = (gaussian(dice, n, p), lognormal(dice, n, p), box(dice, n, p), poisson(dice, n, p))
    order = dice.permutation(p)
    return np.choose(order % len(columns), columns)
