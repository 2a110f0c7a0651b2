"""Names and plays that would be false whatever the other customers do are not given."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import segmentry as sg
from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.stages.columns.traits import map_traits

LATELY = ("lately", "recent", "Champions", "New Customers", "Loyal Regulars", "Promising")


def made(**columns: Any) -> Any:
    """Two groups of 90 customers each, far apart in every column."""
    rng = np.random.default_rng(4)
    table = {
        name: np.concatenate(
            [rng.normal(low, abs(low) * 0.08 + 0.01, 90), rng.normal(high, abs(high) * 0.08 + 0.01, 90)]
        )
        for name, (low, high) in columns.items()
    }
    whole = {name: np.maximum(values, 0).round(2 if "spend" in name else 0) for name, values in table.items()}
    return {"customer_id": [f"c{row:03}" for row in range(180)], **whole}


def names(table: Any) -> list[str]:
    run = sg.segment(pa.table(table), k=2, effort="quick").run
    return [
        f"{segment.name} | {segment.naming.one_liner} | {segment.play.objective}" for segment in run.segments
    ]


def test_nobody_bought_lately_where_the_last_purchase_is_a_year_ago() -> None:
    """The typical customers of the two groups bought 400 and 600 days ago."""
    said = names(made(days_since_last_order=(400, 600), orders=(12, 2), spend=(900, 90)))
    assert not [name for name in said for word in LATELY if word in name]


def test_in_days_of_this_month_the_same_customers_are_champions() -> None:
    said = names(made(days_since_last_order=(20, 70), orders=(12, 2), spend=(900, 90)))
    assert any(word in name for name in said for word in LATELY)


def test_what_few_customers_have_a_value_of_names_nobody() -> None:
    """Four of five customers of the second group never bought: what they lack is neither much nor little."""
    table = made(days_since_last_order=(30, 200), orders=(9, 0), visits=(30, 4))
    days = table["days_since_last_order"].copy()
    days[90:][np.arange(90) % 5 > 0] = np.nan
    table["days_since_last_order"] = pa.array(days, from_pandas=True)
    never = next(name for name in names(table) if "orders" in name or "visits" in name or "One" in name)
    assert not [word for word in (*LATELY, "quiet", "Lapsed", "One-Time", "One purchase") if word in never]


@pytest.mark.parametrize(
    ("column", "trait"),
    [
        ("active_days", "recency"),
        ("discounts_refused", "discount"),
        ("coupons not used", "discount"),
        ("unreturned", "returns"),
        ("page_reviews", "clicks"),
        ("num_tickets", "aov"),
        ("number_of_baskets", "aov"),
        ("total_refunds", "returns"),
    ],
)
def test_a_name_that_says_something_else_carries_no_trait(column: str, trait: str) -> None:
    assert trait not in [match.trait for match in map_traits([column], column_lexicon())]


def test_a_frequency_in_days_is_the_time_between_orders() -> None:
    (orders,) = map_traits(["order_frequency"], column_lexicon())
    assert (orders.trait, orders.sign) == ("frequency", 1)
    assert [match.sign for match in map_traits(["order_frequency_days"], column_lexicon())] in ([], [-1])


@pytest.mark.parametrize(("misspelt", "trait"), [("discuont_count", "discount"), ("recensy_days", "recency")])
def test_a_misspelt_name_is_still_understood(misspelt: str, trait: str) -> None:
    assert [match.trait for match in map_traits([misspelt], column_lexicon())] == [trait]
