"""Columns find the trait they stand for whatever they are called, and in whatever order they come."""

from pathlib import Path

import pyarrow.csv as pa_csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.errors import UsageError
from segmentry.records.run import ValueMeasure
from segmentry.stages.columns.traits import map_traits, tokens, value_measure

LEXICON = column_lexicon()
INTELLIHACK = ("total_purchases", "avg_cart_value", "total_time_spent", "product_click", "discount_counts")
AMOUNTS = ("MntWines", "MntFruits", "MntMeatProducts", "MntFishProducts", "MntSweetProducts", "MntGoldProds")


def mapped(*features: str) -> dict[str, tuple[str, float, int]]:
    return {one.feature: (one.trait, one.score, one.sign) for one in map_traits(features, LEXICON)}


def value(*features: str) -> ValueMeasure | None:
    return value_measure(features, map_traits(features, LEXICON), LEXICON)


@pytest.mark.parametrize(
    "name", ["discount_count", "discount_counts", "numDiscounts", "Discounts", "DISCOUNT COUNT"]
)
def test_spellings_of_one_column_are_one_trait(name: str) -> None:
    """METHOD 7.1: Intellihack's mismatch (discount_count, discount_counts) resolves with score 1.00."""
    assert tokens(name, LEXICON) == ("discount",)
    assert mapped(name) == {name: ("discount", 1.0, 1)}


def test_the_intellihack_columns_are_five_traits() -> None:
    """METHOD 7.4 names its segments by these five."""
    found = {feature: trait for feature, (trait, score, _) in mapped(*INTELLIHACK).items() if score == 1.0}
    assert list(found.values()) == ["frequency", "aov", "browse_time", "clicks", "discount"]


@pytest.mark.parametrize(
    ("names", "traits"),
    [
        (("orders", "avg_order_value", "minutes_on_site", "page_views", "coupons_used"), 5),
        (("numOrders", "avgOrderValue", "sessionDuration", "pageViews", "numCoupons"), 5),
        (("totalpurchases", "avgcartvalue", "timespent", "productclicks", "discountcounts"), 5),
    ],
)
def test_renamed_columns_find_the_same_traits(names: tuple[str, ...], traits: int) -> None:
    assert [one.trait for one in map_traits(names, LEXICON)] == [
        "frequency",
        "aov",
        "browse_time",
        "clicks",
        "discount",
    ][:traits]


@pytest.mark.parametrize(
    "name", ["recency", "Recency", "recency_days", "days_since_last_order", "days_since_LastPurchase"]
)
def test_many_days_since_the_last_order_are_little_recency(name: str) -> None:
    """METHOD 7.1: orientation matters, recency_days high = bad."""
    assert mapped(name)[name] == ("recency", 1.0, -1)


def test_a_recency_score_runs_the_other_way() -> None:
    assert mapped("r_score")["r_score"] == ("recency", 1.0, 1)


def test_in_a_table_of_customer_lifetimes_a_large_recency_is_a_late_purchase() -> None:
    """Fader, Hardie & Lee 2005: recency there is the time from the first purchase to the last, T that to today."""
    found = {one.feature: one for one in map_traits(["ID", "frequency", "recency", "T"], LEXICON)}
    assert (found["recency"].trait, found["recency"].sign) == ("recency", 1)
    assert (found["T"].trait, found["T"].sign) == ("tenure", 1)
    [days] = map_traits(["recency", "orders"], LEXICON)[:1]
    assert days.sign == -1, "elsewhere it is the days since the last purchase"


def test_an_average_order_is_a_basket_and_an_order_is_a_frequency() -> None:
    assert mapped("avg_order")["avg_order"][0] == "aov"
    assert mapped("n_orders")["n_orders"][0] == "frequency"
    assert mapped("avg_spend")["avg_spend"][0] == "aov"


def test_two_columns_never_share_a_trait() -> None:
    found = map_traits(("total_spend", "revenue", "monetary", "spend"), LEXICON)
    assert len(found) == len({one.trait for one in found}) == 1


def test_an_exact_match_wins_over_a_near_one_and_a_near_one_over_a_stand_in() -> None:
    assert mapped("discuont", "discounts") == {"discounts": ("discount", 1.0, 1)}
    assert mapped("MntWines", "total_spend") == {"total_spend": ("spend", 1.0, 1)}
    assert mapped("MntWines")["MntWines"] == ("spend", 0.9, 1)


def test_a_slip_of_the_pen_is_a_near_match() -> None:
    trait, score, _ = mapped("purchase_frequncy")["purchase_frequncy"]
    assert trait == "frequency"
    assert 0.85 <= score < 1


@pytest.mark.parametrize("name", ["income", "Annual Income (k$)", "shoe_size", "balance", "review_rating"])
def test_what_stands_for_no_trait_stays_unmapped(name: str) -> None:
    assert mapped(name) == {}


def test_what_is_configured_comes_first() -> None:
    found = map_traits(("orders", "Tickets 2025"), LEXICON, {"Tickets 2025": "frequency"})
    assert [(one.feature, one.trait) for one in found] == [("Tickets 2025", "frequency")]


@pytest.mark.parametrize(
    ("explicit", "says"),
    [
        ({"ordrs": "frequency"}, "No feature is called 'ordrs'. Did you mean 'orders'?"),
        ({"orders": "frequencies"}, "No trait is called 'frequencies'. Did you mean 'frequency'?"),
        ({"orders": "frequency", "spend": "frequency"}, "More than one feature is configured as the trait"),
    ],
)
def test_a_wrong_configuration_is_refused(explicit: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("?", r"\?")):
        map_traits(("orders", "spend"), LEXICON, explicit)


COLUMNS = (
    *INTELLIHACK,
    *AMOUNTS,
    "NumStorePurchases",
    "NumWebPurchases",
    "Recency",
    "NumDealsPurchases",
    "Income",
)


@given(st.permutations(COLUMNS))
def test_the_order_of_the_columns_does_not_matter(shuffled: list[str]) -> None:
    assert {(one.feature, one.trait) for one in map_traits(shuffled, LEXICON)} == {
        (one.feature, one.trait) for one in map_traits(COLUMNS, LEXICON)
    }


@given(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=8))
def test_any_names_are_mapped_one_to_one(names: list[str]) -> None:
    found = map_traits(names, LEXICON)
    assert len({one.trait for one in found}) == len({one.feature for one in found}) == len(found)
    assert all(0.85 <= one.score <= 1 for one in found)


def test_one_column_of_spend_is_the_value() -> None:
    measure = value("recency", "frequency", "monetary")
    assert measure == ValueMeasure(label="monetary", columns=("monetary",), product=False)


def test_a_total_is_not_added_to_its_parts() -> None:
    measure = value("online_spend", "store_spend", "total_spend")
    assert measure is not None
    assert measure.columns == ("total_spend",)


def test_purchases_times_basket_is_the_value_where_there_is_no_spend() -> None:
    measure = value(*INTELLIHACK)
    assert measure == ValueMeasure(
        label="total_purchases x avg_cart_value", columns=("total_purchases", "avg_cart_value"), product=True
    )


@pytest.mark.parametrize(
    "name", ["Spending Score (1-100)", "avg_cart_value", "total_time_spent", "discount_amount_per_order"]
)
def test_what_does_not_add_up_is_no_value(name: str) -> None:
    assert value("Annual Income (k$)", name) is None


@pytest.mark.real_data
def test_the_six_amounts_of_the_marketing_campaign_add_up_to_its_spend(real: Path) -> None:
    """data/README: spend 1,356,988."""
    path = real / "marketing_campaign" / "marketing_campaign.csv"
    table = pa_csv.read_csv(path)
    measure = value(*[name for name in table.column_names if not name.startswith("Z_")])
    assert measure is not None
    assert (measure.columns, measure.product) == (AMOUNTS, False)
    assert sum(table[name].to_numpy().sum() for name in measure.columns) == 1_356_988


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (["value_total_ever_online", "orders"], None),
        (
            [
                "customer_value_total_ever_online",
                "customer_value_total_ever_offline",
                "order_num_total_ever_online",
            ],
            "customer_value_total_ever_online + customer_value_total_ever_offline",
        ),
        (["Total_Trans_Amt", "Total_Trans_Ct", "Credit_Limit"], "Total_Trans_Amt"),
    ],
)
def test_value_is_found_where_money_is_and_summed_over_its_parts(names: list[str], label: str | None) -> None:
    lexicon = column_lexicon()
    found = value_measure(names, map_traits(names, lexicon), lexicon)
    assert (found and found.label) == label
