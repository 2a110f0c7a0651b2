"""Generated customers for the demo, the tests and the benchmarks: nobody's data, known truth."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from segmentry.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

GROUPS = ("High Spenders", "Bargain Hunters", "Window Shoppers")
"""The three groups that generated customers belong to."""

COLUMNS = (
    "total_purchases",
    "avg_cart_value",
    "total_time_spent",
    "product_click",
    "discount_counts",
    "customer_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """Generated customers and the truth about them.

    Attributes:
        customers: The table that a shop would have.
        truth: n group names, one of GROUPS for each row.
        impossible: Positions of the rows that hold an impossible value.
        incomplete: Positions of the rows that lack a block of values.
    """

    customers: "pa.Table"
    truth: "NDArray[np.object_]"
    impossible: "NDArray[np.int64]"
    incomplete: "NDArray[np.int64]"


_CENTRES = {
    # purchases, cart value, minutes on site, clicks, discounts used; each with its spread
    "High Spenders": ((10.0, 3.2), (147.0, 22.0), (40.0, 13.0), (20.0, 4.5), (1.0, 1.0)),
    "Bargain Hunters": ((19.5, 4.4), (30.0, 8.0), (17.5, 6.0), (15.0, 3.9), (9.9, 3.1)),
    "Window Shoppers": ((5.0, 2.2), (49.0, 12.0), (90.0, 16.0), (50.0, 7.0), (1.0, 1.0)),
}


def ecommerce(n: int = 999, seed: int = 0) -> Generated:
    """Customers of an online shop in three groups of about a third each.

    2 % of the rows lack cart value, time and clicks together; three in a thousand (at least two)
    hold a negative count, which no shop can have counted.

    Args:
        n: How many customers, at least 30.
        seed: The random seed.

    Returns:
        The customers and the truth.

    >>> made = ecommerce(300, seed=1)
    >>> made.customers.column_names[:2], made.customers.num_rows
    (['total_purchases', 'avg_cart_value'], 300)
    """
    import pyarrow as pa

    if n < 30:  # noqa: PLR2004 - the smallest table that a run accepts
        raise UsageError(f"{n} customers are too few to generate.", hint="Ask for 30 or more.")
    rng = np.random.default_rng(seed)
    group = rng.permutation(np.arange(n) % len(GROUPS))
    table = np.empty((n, 5))
    for number, name in enumerate(GROUPS):
        inside = group == number
        for column, (mean, spread) in enumerate(_CENTRES[name]):
            table[inside, column] = rng.normal(mean, spread, inside.sum())
    table[:, [0, 3, 4]] = np.maximum(np.round(table[:, [0, 3, 4]]), 0)
    table[:, [1, 2]] = np.round(np.maximum(table[:, [1, 2]], 1.0), 2)
    incomplete = np.sort(rng.choice(n, size=max(1, n // 50), replace=False))
    table[incomplete, 1:4] = np.nan
    left = np.setdiff1d(np.arange(n), incomplete)
    impossible = np.sort(rng.choice(left, size=max(2, 3 * n // 1000), replace=False))
    table[impossible, 4] = -1.0
    width = max(5, len(str(n)))
    ids = [f"C{number:0{width}d}" for number in range(n)]
    arrays = [pa.array(column, from_pandas=True) for column in table.T]
    return Generated(
        customers=pa.table(dict(zip(COLUMNS, [*arrays, pa.array(ids)], strict=True))),
        truth=np.array(GROUPS, dtype=object)[group],
        impossible=impossible,
        incomplete=incomplete,
    )
