"""Synthetic customers of synthetic groups: the ground that made-up surveys and runs stand on."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats

FEATURES = (
    "total_purchases",
    "avg_cart_value",
    "total_time_spent",
    "product_click",
    "discount_count",
    "days_since_last_order",
    "email_open_rate",
    "returns",
    "support_tickets",
    "wishlist_items",
    "review_count",
    "session_minutes",
    "pages_per_visit",
    "basket_size",
    "delivery_fee_paid",
    "loyalty_points",
    "coupon_value",
    "referrals",
    "app_visits",
    "newsletter_clicks",
)
SEGMENTS = (
    "High Spenders",
    "Loyal Regulars",
    "Bargain Hunters",
    "Promising Newcomers",
    "Window Shoppers",
    "Occasional Gifters",
    "Seasonal Visitors",
    "Drifting Away",
    "Big Basket Families",
    "Weekend Browsers",
    "Returns-Prone Buyers",
    "Quiet Subscribers",
)
LONG_FEATURE = (
    "Average monthly spend on household and garden articles excluding delivery charges and VAT, item {}"
)
LONG_SEGMENT = (
    "Customers who rarely visit but spend a great deal each time they come back to the shop, group {}"
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}}",
    '=HYPERLINK("x","y")',
    "line\nbreak\ttab\x00\x07",
    "\u202egnp.exe\u200f \u2066right to left\u2069",
    "🛒🎁 cart & <b>gift</b>",
    "datum['x'] || signal.y",
    "a.b[0]['c']\\d",
    "",
    'id="a" url(#b) href="#c"',
    "x" * 10_000,
)

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Synthetic customers.

    Attributes:
        values: n x p raw values, NaN where missing.
        groups: n group numbers from 0.
        flags: p times whether the feature is two-valued.
        money: p times whether the feature is skewed money.
        names: p feature names.
    """

    values: Floats
    groups: NDArray[np.int64]
    flags: tuple[bool, ...]
    money: tuple[bool, ...]
    names: tuple[str, ...]

    @property
    def scaled(self) -> Floats:
        """The values with missing ones filled by the mean, standardised."""
        mean = np.nanmean(self.values, axis=0)
        filled = np.where(np.isnan(self.values), mean, self.values)
        return (filled - mean) / np.where(filled.std(axis=0) > 0, filled.std(axis=0), 1.0)

    def sorted_by(self, worth: Floats, k: int) -> "Crowd":
        """The same customers with the groups renumbered, the most valuable per customer first."""
        means = [worth[self.groups == i].mean() for i in range(k)]
        rank = np.argsort(np.argsort([-one for one in means], kind="stable"), kind="stable")
        return replace(self, groups=rank[self.groups])


def feature_names(p: int, style: str = "plain") -> tuple[str, ...]:
    """The names of p features: plain, long or hostile."""
    if style == "long":
        return tuple(LONG_FEATURE.format(i + 1) for i in range(p))
    return _cycled(HOSTILE if style == "hostile" else FEATURES, p)


def segment_names(k: int, style: str = "plain") -> tuple[str, ...]:
    """The names of k segments: plain, long or hostile."""
    if style == "long":
        return tuple(LONG_SEGMENT.format(i + 1) for i in range(k))
    if style == "plain" and k == 1:
        return ("All Customers",)
    return _cycled(HOSTILE if style == "hostile" else SEGMENTS, k)


def _cycled(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    laps = [names[i % len(names)] for i in range(count)]
    return tuple(name if i < len(names) else f"{name} {i // len(names) + 1}" for i, name in enumerate(laps))


def make_crowd(
    k: int = 3,
    p: int = 5,
    n: int = 999,
    seed: int = 0,
    *,
    names: str = "plain",
    flags: int = 0,
    money: int = 0,
    missing: bool = False,
    tiny: bool = False,
) -> Crowd:
    """Draw n customers of k groups over p features.

    Args:
        k: Groups.
        p: Features.
        n: Customers.
        seed: Of the generator.
        names: plain, long or hostile.
        flags: How many of the last features are 0/1.
        money: How many of the first features are skewed amounts of money.
        missing: Whether values are missing, alone and in blocks.
        tiny: Whether the last group has three customers.
    """
    dice = np.random.default_rng(seed)
    sizes = np.floor(np.linspace(1.5, 0.8, k) / np.linspace(1.5, 0.8, k).sum() * n).astype(int)
    if tiny and k > 1:
        sizes[-1] = 3
    sizes[0] += n - sizes.sum()
    groups = dice.permutation(np.repeat(np.arange(k), sizes))
    spread = np.tile(np.linspace(-1.8, 1.8, k) if k > 1 else np.zeros(1), (p, 1))
    latent = dice.permuted(spread, axis=1).T[groups] + dice.normal(0, 0.55, (n, p))
    values = np.maximum(0.0, np.array([6.0, 30.0, 18.0, 11.0, 3.0])[np.arange(p) % 5] * (latent + 2.6))
    values = np.where(np.arange(p) % 5 == 1, np.round(values, 2), np.round(values))
    is_money, is_flag = np.arange(p) < money, np.arange(p) >= p - flags
    values[:, is_money] = np.round(np.exp(4.2 + 0.9 * latent[:, is_money]), 2)
    values[:, is_flag] = (latent[:, is_flag] + dice.normal(0, 0.6, (n, int(is_flag.sum()))) > 0).astype(float)
    if missing:
        values[dice.random((n, p)) < 0.03] = np.nan
        values[np.ix_(np.flatnonzero(dice.random(n) < 0.02), np.arange(min(2, p)))] = np.nan
    return Crowd(
        values=values,
        groups=groups,
        flags=tuple(bool(one) for one in is_flag),
        money=tuple(bool(one) for one in is_money & ~is_flag),
        names=feature_names(p, names),
    )


def worth(crowd: Crowd) -> Floats:
    """What each customer is worth: the product of the first two features."""
    return np.nan_to_num(crowd.values[:, :2]).prod(axis=1)
