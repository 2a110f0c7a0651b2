"""The recipe: how raw columns become the numbers that distances are taken in, replayable."""

from dataclasses import dataclass
from enum import StrEnum

from segmentry.records.columns import Format


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
    missing_means_zero: bool = False
    fill: float | None = None
    transform: Transform = Transform.IDENTITY
    power: float | None = None
    clip_low: float | None = None
    clip_high: float | None = None
    centre: float = 0.0
    scale: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The steps of every feature; it prints in words what it does and why."""

    steps: tuple[FeatureStep, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The p feature names, in the order of the steps."""
        return tuple(step.feature for step in self.steps)

    def __str__(self) -> str:
        """One line per feature."""
        return "\n".join(f"{step.feature}: {step.reason}" for step in self.steps)
