"""How many customers it takes to find out, and what can be found out with those there are (METHOD 8.4)."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from segmentry.errors import UsageError
from segmentry.records.strategy import Learning

TIMES = 3.0
"""A segment is too small to learn in when its smallest detectable effect is more than this many break-evens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sureness:
    """How sure a comparison of two conversion rates is to be.

    Attributes:
        alpha: The two-sided error of seeing an effect where there is none, in (0, 1).
        power: The chance of seeing an effect that is there, in (0, 1).

    Raises:
        UsageError: when one of them is no probability.
    """

    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        for name in ("alpha", "power"):
            if not 0 < getattr(self, name) < 1:
                raise UsageError(
                    f"The {name} of a test cannot be {getattr(self, name)}.",
                    hint="Give a number between 0 and 1.",
                )

    @property
    def z_squared(self) -> float:
        """(z at 1 - alpha / 2 + z at power) squared."""
        normal = NormalDist()
        return (normal.inv_cdf(1 - self.alpha / 2) + normal.inv_cdf(self.power)) ** 2


STANDARD = Sureness()


def sample_size(base: float, treated: float, sure: Sureness = STANDARD) -> int:
    """Customers in each of two equal arms that it takes to tell two conversion rates apart.

    n = (z_{1-a/2} + z_{power})^2 [p0 (1 - p0) + p1 (1 - p1)] / (p1 - p0)^2, rounded up: the
    normal approximation with unpooled variances (Fleiss, Levin & Paik 2003, ch. 4; METHOD 8.4).

    Args:
        base: The control's conversion rate p0, in (0, 1).
        treated: The treated customers' conversion rate p1, in [0, 1], other than p0.
        sure: How sure it is to be.

    Raises:
        UsageError: when a rate is none, or both are the same.

    >>> sample_size(0.03, 0.036), sample_size(0.03, 0.033), sample_size(0.10, 0.12)
    (13911, 53208, 3839)
    """
    _refuse_rate(base)
    if not 0 <= treated <= 1 or treated == base:
        raise UsageError(
            f"No test can tell a conversion rate of {treated} from {base}.",
            hint="Give a rate from 0 to 1 that differs from the base rate.",
        )
    spread = base * (1 - base) + treated * (1 - treated)
    return math.ceil(sure.z_squared * spread / (treated - base) ** 2)


def smallest_effect(
    base: float, customers: int, *, control: float = 0.5, sure: Sureness = STANDARD
) -> float | None:
    """The smallest rise of a conversion rate that a test of this many customers would see.

    The d > 0 with d^2 = z^2 [p1 (1 - p1) / n1 + p0 (1 - p0) / n0], p1 = p0 + d: the formula of
    ``sample_size`` solved for the effect, with n0 = control share of the customers and n1 the rest.

    Args:
        base: The control's conversion rate p0, in (0, 1).
        customers: Customers in both arms together.
        control: The control group's share of them, in (0, 1).
        sure: How sure it is to be.

    Returns:
        The rise, as a share (0.01 is one percentage point); None when not even a rate of 100 %
        would be seen.

    >>> round(smallest_effect(0.05, 333), 3), round(smallest_effect(0.05, 333, control=0.1), 3)
    (0.089, 0.122)
    >>> smallest_effect(0.5, 4) is None
    True
    """
    _refuse_rate(base)
    if not 0 < control < 1:
        raise UsageError(
            f"The control group's share cannot be {control}.", hint="Give a share between 0 and 1."
        )
    n0, n1 = control * customers, (1 - control) * customers
    if not customers > 0:
        return None
    per_treated, spread = sure.z_squared / n1, base * (1 - base)
    a, b = 1 + per_treated, per_treated * (1 - 2 * base)
    c = sure.z_squared * spread * (1 / n1 + 1 / n0)
    rise = (b + math.sqrt(b * b + 4 * a * c)) / (2 * a)
    return rise if base + rise <= 1 else None


def too_small(smallest: float | None, break_even: float | None) -> bool:
    """Whether a segment is too small to learn in: nothing near the break-even could be seen (METHOD 8.4).

    Args:
        smallest: The smallest effect that would be seen; None when none would.
        break_even: The rise at which the play pays; None when it is not known, and 0 when the play
            costs nothing: then only a segment in which nothing can be seen at all is too small.

    >>> too_small(0.089, 0.018), too_small(0.03, 0.018), too_small(None, None)
    (True, False, True)
    """
    if smallest is None:
        return True
    return break_even is not None and break_even > 0 and smallest > TIMES * break_even


def learn(customers: int, base: float | None, break_even: float | None) -> Learning:
    """What a test among a number of customers can find out.

    Args:
        customers: Those who can be in a test.
        base: The conversion rate without the play; None where it was not given, 0 and 1 where a
            rise cannot be measured by this formula.
        break_even: The rise from which on the play pays; None where it is not known.

    >>> found = learn(333, 0.05, None)
    >>> round(found.halves, 3), round(found.tenth, 3), found.needed, found.too_small
    (0.089, 0.122, None, False)
    >>> learn(333, 0.03, 0.018).needed, learn(333, 0.03, 0.018).too_small
    (1812, True)
    """
    if base is None or not 0 < base < 1:
        return Learning(customers=customers)
    halves, tenth = smallest_effect(base, customers), smallest_effect(base, customers, control=0.1)
    needed = sample_size(base, base + break_even) if break_even and base + break_even <= 1 else None
    return Learning(
        customers=customers,
        needed=needed,
        halves=halves,
        tenth=tenth,
        too_small=too_small(halves, break_even),
    )


def _refuse_rate(base: float) -> None:
    if not 0 < base < 1:
        raise UsageError(
            f"A base conversion rate cannot be {base}.",
            hint="Give the share who buy without the campaign, between 0 and 1: 0.03 is 3 %.",
        )
