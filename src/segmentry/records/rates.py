"""Shares of customers to whom something happened, with their 95 % interval."""

import math

Z95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution: half of a 95 % interval, in standard errors."""


def wilson(events: int, customers: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a rate (Wilson 1927).

    Args:
        events: How often it happened.
        customers: To how many it could have happened; 1 at least.

    >>> [round(bound, 4) for bound in wilson(0, 10)]
    [0.0, 0.2775]
    """
    rate, squared = events / customers, Z95**2
    centre = (rate + squared / (2 * customers)) / (1 + squared / customers)
    half = (
        Z95
        * math.sqrt(rate * (1 - rate) / customers + squared / (4 * customers**2))
        / (1 + squared / customers)
    )
    return max(centre - half, 0.0), min(centre + half, 1.0)
