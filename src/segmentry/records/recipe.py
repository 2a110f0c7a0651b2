"""The recipe: how raw columns become the numbers that distances are taken in, replayable.

The SQL that the store writes does the same, number for number.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from segmentry.records.arrays import Floats
from segmentry.records.columns import Format

NEARLY_ZERO = 1e-8
"""Powers below it are taken for 0, where the power transform becomes a logarithm."""


class Transform(StrEnum):
    """The simplest transform that tames a feature's skew."""

    IDENTITY = "identity"
    LOG1P = "log1p"
    YEO_JOHNSON = "yeo-johnson"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureStep:
    """What happens to one feature, in this order: read, fill, transform, clip, centre, scale.

    Attributes:
        column: The input column.
        feature: The feature's name.
        format: How the column's text is read.
        as_of: For a date, the day (ISO) that it counts back from; else None.
        valid_low, valid_high: Values outside are impossible and count as missing; None for no limit.
        sentinels: Values that stand for missing.
        missing_means_zero: Whether a missing value means 0.
        fill: The value put in place of a missing one (raw units); None: partial distance.
        transform: The transform.
        power: Yeo-Johnson's lambda; None for the other transforms.
        clip_low, clip_high: Limits after the transform, for distances only; None for no limit.
        centre, scale: Subtracted, then divided by.
        reason: Why this transform and these limits, in words.
    """

    column: str
    feature: str
    format: Format
    as_of: str | None = None
    valid_low: float | None = None
    valid_high: float | None = None
    sentinels: tuple[float, ...] = ()
    missing_means_zero: bool = False
    fill: float | None = None
    transform: Transform = Transform.IDENTITY
    power: float | None = None
    clip_low: float | None = None
    clip_high: float | None = None
    centre: float = 0.0
    scale: float = 1.0
    reason: str = ""

    def possible(self, values: Floats) -> Floats:
        """Raw values with the impossible taken out, and zeros where missing means zero."""
        low = -np.inf if self.valid_low is None else self.valid_low
        high = np.inf if self.valid_high is None else self.valid_high
        kept = np.where((values >= low) & (values <= high) & np.isfinite(values), values, np.nan)
        if self.sentinels:
            kept = np.where(np.isin(kept, self.sentinels), np.nan, kept)
        return np.where(np.isnan(kept), 0.0, kept) if self.missing_means_zero else kept

    def __call__(self, values: Floats) -> Floats:
        """One column of raw values to scaled ones; NaN where a value stays missing."""
        kept = self.possible(values)
        if self.fill is not None:
            kept = np.where(np.isnan(kept), self.fill, kept)
        moved = transformed(kept, self.transform, self.power)
        if self.clip_low is not None or self.clip_high is not None:
            moved = np.clip(moved, self.clip_low, self.clip_high)
        return np.asarray((moved - self.centre) / self.scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The steps of every feature; a call replays them, and it prints in words what it does and why."""

    steps: tuple[FeatureStep, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The p feature names, in the order of the steps."""
        return tuple(step.feature for step in self.steps)

    def __call__(self, values: Floats) -> Floats:
        """Scaled features (n x p) from raw values (n x p, columns in the order of the steps)."""
        columns = [step(values[:, index]) for index, step in enumerate(self.steps)]
        return np.column_stack(columns)

    def possible(self, values: Floats) -> Floats:
        """Raw values (n x p) with the impossible taken out."""
        return np.column_stack([step.possible(values[:, index]) for index, step in enumerate(self.steps)])

    def missing_share(self, values: Floats) -> Floats:
        """The n shares of columns without a value: a column in words counts once, whatever its features."""
        return np.asarray(np.isnan(self.possible(values))[:, self.one_each].mean(axis=1))

    @property
    def one_each(self) -> tuple[int, ...]:
        """The positions of the first feature of each column in words, and of every other feature."""
        kept: dict[str | int, int] = {}
        for at, step in enumerate(self.steps):
            kept.setdefault(at if step.format.level is None else step.column, at)
        return tuple(kept.values())

    def __str__(self) -> str:
        """One line per feature."""
        return "\n".join(f"{step.feature}: {step.reason}" for step in self.steps)


def transformed(values: Floats, transform: Transform, power: float | None) -> Floats:
    """The values after one transform; NaN stays NaN.

    log1p counts a value below 0 as 0: new customers may hold what the training data never did.

    >>> transformed(np.array([0.0, 3.0]), Transform.YEO_JOHNSON, 0.5)
    array([0., 2.])
    """
    if transform is Transform.LOG1P:
        return np.asarray(np.log1p(np.maximum(values, 0.0)))
    if transform is Transform.YEO_JOHNSON:
        return _yeo_johnson(values, 1.0 if power is None else power)
    return values


def _yeo_johnson(values: Floats, power: float) -> Floats:
    """Yeo & Johnson 2000, equation 2.1."""
    up, down = np.maximum(values, 0.0), np.maximum(-values, 0.0)
    above = np.log1p(up) if abs(power) < NEARLY_ZERO else ((up + 1) ** power - 1) / power
    other = 2 - power
    below = -np.log1p(down) if abs(other) < NEARLY_ZERO else -((down + 1) ** other - 1) / other
    return np.where(values >= 0, above, np.where(values < 0, below, np.nan))
