"""What a segment's profile is worked out from: counts, means and variances, whoever counted them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from segmentry.records.arrays import Floats

MARKER_SHARE_OF_RANGE = 0.25
"""A mean this share of the range from the 5th to the 95th percentile away from that of all customers marks a segment
(METHOD 6.1, after Dolnicar & Leisch 2014)."""

MARKER_RATIO = 0.5
"""So does a mean that differs by this share of the mean of all customers, on a ratio scale (METHOD 6.1, as there)."""

MARKER_D = 0.5
"""But only with an effect of medium size or more: Cohen's d against the rest (METHOD 6.1; Cohen 1988)."""

CLEARLY_ABOVE_ZERO = 0.1
"""Shares of a mean mean something if it is above this many standard deviations: near zero they explode
(METHOD 6.1)."""

LARGEST_D = 99.0
"""Where both sides are constant the effect is infinite; it is written as this, as JSON has no infinity."""

NOISE = 1e-12
"""A spread or a difference below this share of the mean is rounding: numbers are written with 12 digits."""

UNKNOWN = (math.nan, math.nan, math.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """One feature among some customers.

    Attributes:
        n: Customers with a value.
        mean: Their mean; NaN for nobody.
        variance: The mean squared distance from it (divided by n); NaN for nobody.
        quartiles: The three quartiles; NaN for nobody and where they were not counted.
    """

    n: int
    mean: float = math.nan
    variance: float = math.nan
    quartiles: tuple[float, float, float] = UNKNOWN

    @classmethod
    def of(cls, values: Floats) -> Self:
        """The moments of values without gaps."""
        if not len(values):
            return cls(n=0)
        low, middle, high = np.quantile(values, (0.25, 0.5, 0.75)).tolist()
        return cls(
            n=len(values),
            mean=float(values.mean()),
            variance=float(values.var()),
            quartiles=(low, middle, high),
        )

    @classmethod
    def from_sums(cls, n: float, total: float, squares: float, *, about: float) -> Self:
        """The moments from the sums of distances and squared distances of n values from the value ``about``."""
        if n <= 0:
            return cls(n=0)
        mean = total / n
        return cls(n=int(n), mean=about + mean, variance=max(squares / n - mean**2, 0.0))


def joined(parts: Sequence[Moments]) -> Moments:
    """Several groups of customers as one; quartiles cannot be joined.

    >>> joined([Moments(n=1, mean=0.0, variance=0.0), Moments(n=3, mean=4.0, variance=0.0)])
    Moments(n=4, mean=3.0, variance=3.0, quartiles=(nan, nan, nan))
    """
    known = [part for part in parts if part.n]
    n = sum(part.n for part in known)
    if not n:
        return Moments(n=0)
    mean = sum(part.n * part.mean for part in known) / n
    within = sum(part.n * (part.variance + (part.mean - mean) ** 2) for part in known)
    return Moments(n=n, mean=mean, variance=within / n)


def skewness(values: Floats) -> float:
    """The moment coefficient of skewness; 0 for a constant.

    >>> round(skewness(np.array([0.0, 0.0, 3.0])), 3)
    0.707
    """
    centred = values - values.mean()
    spread = float(np.sqrt((centred**2).mean()))
    if spread <= NOISE * max(1.0, abs(float(values.mean()))):
        return 0.0
    return float((centred**3).mean()) / spread**3


def eta_squared(parts: Sequence[Moments]) -> float:
    """The share of the variance that lies between groups, SSB / SST; 0 for a constant.

    >>> eta_squared([Moments.of(np.array([1.0, 1.0])), Moments.of(np.array([3.0, 3.0]))])
    1.0
    """
    everybody = joined(parts)
    total = everybody.n * everybody.variance
    between = sum(part.n * (part.mean - everybody.mean) ** 2 for part in parts if part.n)
    return min(between / total, 1.0) if total > 0 else 0.0


def cohens_d(own: Moments, rest: Moments) -> float:
    """Cohen's d with the pooled standard deviation; 0 when either side has fewer than two customers.

    Where both sides are constant, the difference is infinitely many standard deviations: ``LARGEST_D``, with
    its sign.

    >>> round(cohens_d(Moments.of(np.array([2.0, 4.0, 6.0])), Moments.of(np.array([1.0, 3.0, 5.0]))), 2)
    0.5
    """
    if min(own.n, rest.n) < 2:  # noqa: PLR2004 - a variance needs two
        return 0.0
    difference = own.mean - rest.mean
    nothing = NOISE * max(abs(own.mean), abs(rest.mean))
    if abs(difference) <= nothing:
        return 0.0
    pooled = math.sqrt((own.n * own.variance + rest.n * rest.variance) / (own.n + rest.n - 2))
    if pooled <= nothing:
        return math.copysign(LARGEST_D, difference)
    return min(max(difference / pooled, -LARGEST_D), LARGEST_D)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One feature among all customers: what the segments are compared with.

    Attributes:
        feature: Its name.
        flag: Whether it is two-valued.
        mean, sd: Mean and standard deviation (divided by n).
        q05, q95: The 5th and 95th percentiles.
        lowest: The smallest value; NaN, as the others, for nobody.
    """

    feature: str
    flag: bool
    mean: float
    sd: float
    q05: float
    q95: float
    lowest: float

    @property
    def ratio_scale(self) -> bool:
        """Whether shares of the mean mean something: nothing is below zero, and the mean is not close to it."""
        return self.lowest >= 0 and self.mean > CLEARLY_ABOVE_ZERO * self.sd

    def index(self, own: Moments) -> float | None:
        """A segment's mean where that of all customers is 100; None where shares of the mean mean nothing."""
        return 100 * own.mean / self.mean if self.ratio_scale and own.n else None

    def marked_by(self, own: Moments, d: float) -> bool:
        """Whether the feature marks a segment: its mean is far from that of all customers, and the effect is not small."""
        away = abs(own.mean - self.mean)
        far = away >= MARKER_SHARE_OF_RANGE * (self.q95 - self.q05)
        return (far or (self.ratio_scale and away / self.mean >= MARKER_RATIO)) and abs(d) >= MARKER_D
