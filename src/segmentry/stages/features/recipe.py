"""From raw columns to the numbers that distances are taken in: the recipe, and why it is so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.records.arrays import Floats
from segmentry.records.columns import Column, Kind, Role
from segmentry.records.dip import dip_p
from segmentry.records.moments import skewness
from segmentry.records.recipe import FeatureStep, Recipe, Transform, transformed
from segmentry.records.rounding import rounded
from segmentry.records.settings import ScalingSettings

SKEW_IDENTITY = 1.5
"""Values with no more skewness than this stay as they are (METHOD 2.3)."""

SKEW_BIMODAL = 2.0
"""Nor are two heaps of values changed below this skewness: they are not skew (METHOD 2.3)."""

SKEW_LOG = 1.0
"""The logarithm is enough if it leaves no more skewness than this (METHOD 2.3)."""

DIP_LEVEL = 0.05
"""The level of the dip test for two heaps (METHOD 2.3)."""

MAD_TO_SD = 1.4826
"""Median absolute deviations times this are standard deviations, for a bell shape (METHOD 2.3)."""

IQR_TO_SD = 1.349
"""Interquartile ranges divided by this are, for a bell shape."""

OUTER = (0.01, 0.99)
"""Clipping takes in no more than this share on either side: a tail that holds a quarter of the customers
is no outlier, and pulled in to one value it would look like a group."""

JUDGED_ON = 20_000
"""Values that the dip test and Yeo-Johnson's power are worked out on, evenly spaced by rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the cleaning step has settled about a column: limits of the possible, zeros, dates."""

    column: Column
    valid_low: float | None = None
    valid_high: float | None = None
    sentinels: tuple[float, ...] = ()
    missing_means_zero: bool = False
    as_of: str | None = None

    def possible(self, values: Floats) -> Floats:
        """The values with the impossible taken out, as the recipe will do it."""
        return self.step().possible(values)

    def step(self) -> FeatureStep:
        """The recipe's step, as far as cleaning has settled it."""
        return FeatureStep(
            column=self.column.name,
            feature=self.column.feature,
            format=self.column.format,
            as_of=self.as_of,
            valid_low=self.valid_low,
            valid_high=self.valid_high,
            sentinels=self.sentinels,
            missing_means_zero=self.missing_means_zero,
        )


def fit_recipe(
    values: Floats, given: Sequence[Given], how: ScalingSettings, *, missing: str = "knn", seed: int
) -> Recipe:
    """Decide every feature's steps from the customers that are used for the fit.

    Args:
        values: n x p raw values, NaN where missing, columns in the order of ``given``.
        given: The p columns.
        how: How they are made ready for distances.
        missing: ``median`` puts the median in place of a missing value; else it stays missing, and distances
            are taken over the features that are known.
        seed: For the jitter of tied values in the dip test.

    Returns:
        A recipe whose numbers are rounded to 12 significant digits, as they are written.
    """
    steps = (_step(values[:, index], feature, how, missing, seed) for index, feature in enumerate(given))
    return Recipe(steps=tuple(steps))


def weighted(recipe: Recipe, themes: Sequence[Sequence[int]], weights: Floats) -> Recipe:
    """The recipe with the features of a theme counting together as one: their scales are widened.

    Args:
        recipe: p steps.
        themes: Positions of the features that share a theme.
        weights: p weights of the scaled features.
    """
    steps = list(recipe.steps)
    for theme in themes:
        for one in theme:
            others = ", ".join(recipe.features[other] for other in theme if other != one)
            steps[one] = replace(
                steps[one],
                scale=float(rounded(steps[one].scale / weights[one])),
                reason=f"{steps[one].reason}; weighted by {weights[one]:.2f}: it moves with {others} inside segments",
            )
    return Recipe(steps=tuple(steps))


def _step(values: Floats, given: Given, how: ScalingSettings, missing: str, seed: int) -> FeatureStep:
    present = np.sort(values[~np.isnan(values)])
    fill = float(rounded(np.median(present))) if missing == "median" and len(present) else None
    step = replace(given.step(), fill=fill)
    if step.fill is not None:
        present = np.sort(np.where(np.isnan(values), step.fill, values))
    if step.format.level is not None:
        return replace(step, reason=given.column.reason)
    if step.format.kind is Kind.FLAG:
        return replace(step, reason="two-valued: kept as 0 and 1, not scaled")
    return _numeric(step, present, how, seed)


def _numeric(step: FeatureStep, present: Floats, how: ScalingSettings, seed: int) -> FeatureStep:
    step, reasons = _choose_transform(step, present, how, seed)
    moved = transformed(present, step.transform, step.power)
    step, clipped = _choose_clip(step, moved, how)
    if clipped:
        reasons.append(f"{clipped:,} value{'s' * (clipped != 1)} pulled in to the limits, for distances only")
    measure, reason = SCALINGS[how.scaling]
    centre, scale = (float(rounded(one)) for one in measure(np.clip(moved, step.clip_low, step.clip_high)))
    step = replace(step, centre=centre, scale=scale if scale > 0 else 1.0)
    return replace(step, reason="; ".join([*reasons, reason]))


def _quartiles(values: Floats) -> tuple[float, float]:
    lower, middle, upper = np.quantile(values, [0.25, 0.5, 0.75])
    return float(middle), float(upper - lower) / IQR_TO_SD


SCALINGS: Mapping[str, tuple[Callable[[Floats], tuple[float, float]], str]] = {
    "standard": (lambda values: (float(values.mean()), float(values.std())), "standardised"),
    "minmax": (lambda values: (float(values.min()), float(np.ptp(values))), "scaled to 0 to 1, as set"),
    "robust": (_quartiles, "scaled by its quartiles, as set"),
    "none": (lambda _: (0.0, 1.0), "not scaled, as set"),
}
"""What is subtracted and divided by, and how that is said."""


def _choose_transform(
    step: FeatureStep, present: Floats, how: ScalingSettings, seed: int
) -> tuple[FeatureStep, list[str]]:
    if how.transform == "none":
        return step, ["left as it is, as set"]
    skew = skewness(present)
    if present.min() >= 0 and present.max() <= 1:
        return step, ["a share between 0 and 1: left as it is"]
    if abs(skew) <= SKEW_IDENTITY:
        return step, [f"skew {skew:.2f}, mild: left as it is"]
    few = _evenly(present)
    if abs(skew) < SKEW_BIMODAL and _dip_p(few, seed) < DIP_LEVEL:
        return step, [f"skew {skew:.2f} comes from two humps, not from a tail: left as it is"]
    if present.min() >= 0 and abs(after := skewness(np.log1p(present))) <= SKEW_LOG:
        return replace(step, transform=Transform.LOG1P), [
            f"skew {skew:.2f}: log(1 + x) brings it to {after:.2f}"
        ]
    power = float(rounded(_yeo_johnson_power(few)))
    after = skewness(transformed(present, Transform.YEO_JOHNSON, power))
    return (
        replace(step, transform=Transform.YEO_JOHNSON, power=power),
        [f"skew {skew:.2f}: Yeo-Johnson with power {power:.2f} brings it to {after:.2f}"],
    )


def _choose_clip(step: FeatureStep, moved: Floats, how: ScalingSettings) -> tuple[FeatureStep, int]:
    if how.clip == "none":
        return step, 0
    median = float(np.median(moved))
    reach = how.clip_width * MAD_TO_SD * float(np.median(np.abs(moved - median)))
    least, most = np.quantile(moved, OUTER) if reach > 0 else np.quantile(moved, [0.005, 0.995])
    low = float(rounded(min(median - reach, least) if reach > 0 else least))
    high = float(rounded(max(median + reach, most) if reach > 0 else most))
    if low >= high:
        return step, 0
    clipped = int(((moved < low) | (moved > high)).sum())
    return replace(step, clip_low=low, clip_high=high), clipped


def _evenly(ordered: Floats) -> Floats:
    if len(ordered) <= JUDGED_ON:
        return ordered
    return np.asarray(ordered[np.linspace(0, len(ordered) - 1, JUDGED_ON).round().astype(int)])


def _dip_p(ordered: Floats, seed: int) -> float:
    """Hartigan's dip test against one hump; tied values are spread over half the gap around them."""
    distinct = np.unique(ordered)
    if len(distinct) < 4:  # noqa: PLR2004 - two or three values have no shape
        return 1.0
    gaps = np.diff(distinct)
    below = np.concatenate([gaps[:1], gaps]) / 2
    above = np.concatenate([gaps, gaps[-1:]]) / 2
    place = np.searchsorted(distinct, ordered)
    jitter = np.random.default_rng(seed).random(len(ordered))
    spread = ordered - below[place] + jitter * (below + above)[place]
    return dip_p(spread if len(distinct) < len(ordered) else ordered)


def _yeo_johnson_power(values: Floats) -> float:
    from scipy.stats import yeojohnson_normmax

    return float(yeojohnson_normmax(values))


def near_duplicates(
    values: Floats, features: Sequence[str], spearman: Floats, *, limit: float = 0.95
) -> dict[str, str]:
    """Features that say the same as another one: |Spearman| at or above the limit (METHOD 2.5).

    Of a near-duplicate pair the measure stays and its score goes: the one with at least twice as many
    different values. Then fewer missing values, the shorter name and the alphabet decide; the order of the
    columns does not.

    Args:
        values: n x p raw values.
        features: The p names.
        spearman: p x p rank correlations.
        limit: From where two features count as the same.

    Returns:
        Each feature to leave out, with the one that stands for it.
    """
    missing = np.isnan(values).sum(axis=0)
    fine = [_fineness(values[:, j]) for j in range(len(features))]
    order = sorted(range(len(features)), key=lambda j: (-fine[j], missing[j], len(features[j]), features[j]))
    kept: list[int] = []
    stands_for: dict[str, str] = {}
    for j in order:
        twin = next((i for i in kept if abs(spearman[i, j]) >= limit), None)
        if twin is None:
            kept.append(j)
        else:
            stands_for[features[j]] = features[twin]
    return stands_for


def _fineness(values: Floats) -> int:
    """How finely a feature measures: the number of its different values, in powers of two."""
    return len(np.unique(rounded(values[~np.isnan(values)]))).bit_length()


def without_twins(
    columns: Sequence[Column], given: Sequence[Given], twins: Mapping[str, str]
) -> tuple[Column, ...]:
    """The columns, with those left out that another feature stands for."""
    gone = {
        feature.column.name: twins[feature.column.feature]
        for feature in given
        if feature.column.feature in twins
    }
    return tuple(
        replace(column, role=Role.EXCLUDED, reason=f"Says nearly the same as '{gone[column.name]}'")
        if column.name in gone
        else column
        for column in columns
    )


def open_to_traits(given: Sequence[Given], explicit: Mapping[str, str]) -> list[str]:
    """The features that may stand for a trait: one word of a column does only when that is set."""
    return [
        feature.column.feature
        for feature in given
        if feature.column.format.level is None or feature.column.feature in explicit
    ]
