"""Every column gets the part that an analyst would give it, and says why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.errors import DataError, UsageError
from segmentry.records.catalogs import ColumnFacts, RoleOverrides
from segmentry.records.columns import Column, Format, Kind, Role
from segmentry.stages.columns.nominal import refusal
from segmentry.stages.columns.roles import assign_roles

LEXICON = column_lexicon()


def column(name: str, kind: Kind = Kind.NUMBER, **known: float | bool) -> ColumnFacts:
    facts = ColumnFacts(
        name=name, format=Format(kind=kind), rows=1000, missing=0, distinct=100, top_share=0.1, integer=True
    )
    return replace(facts, **known)


def roles(*facts: ColumnFacts, overrides: RoleOverrides | None = None) -> dict[str, Role]:
    return {one.name: one.role for one in assign_roles(facts, LEXICON, overrides)}


def given_role(facts: ColumnFacts) -> Column:
    return assign_roles([facts, column("orders")], LEXICON)[0]


MARKETING = {
    "ID": (column("ID", distinct=1000, top_share=0.001), Role.ID),
    "Year_Birth": (column("Year_Birth"), Role.PROTECTED),
    "Education": (column("Education", Kind.TEXT, distinct=5), Role.DESCRIPTOR),
    "Marital_Status": (column("Marital_Status", Kind.TEXT, distinct=8), Role.PROTECTED),
    "Income": (column("Income", distinct=900, missing=11), Role.SEGMENTATION),
    "Kidhome": (column("Kidhome", distinct=3, top_share=0.58), Role.DESCRIPTOR),
    "Teenhome": (column("Teenhome", distinct=3, top_share=0.52), Role.DESCRIPTOR),
    "Dt_Customer": (column("Dt_Customer", Kind.DATE, distinct=663), Role.SEGMENTATION),
    "Recency": (column("Recency"), Role.SEGMENTATION),
    "MntWines": (column("MntWines"), Role.SEGMENTATION),
    "NumDealsPurchases": (column("NumDealsPurchases", distinct=15), Role.SEGMENTATION),
    "NumStorePurchases": (column("NumStorePurchases", distinct=14), Role.SEGMENTATION),
    "NumWebVisitsMonth": (column("NumWebVisitsMonth", distinct=16), Role.SEGMENTATION),
    "AcceptedCmp2": (column("AcceptedCmp2", Kind.FLAG, distinct=2, top_share=0.9866), Role.SEGMENTATION),
    "Complain": (column("Complain", Kind.FLAG, distinct=2, top_share=0.9906), Role.EXCLUDED),
    "Z_CostContact": (column("Z_CostContact", distinct=1, top_share=1.0), Role.EXCLUDED),
    "Response": (column("Response", Kind.FLAG, distinct=2, top_share=0.85), Role.OUTCOME),
}


@pytest.mark.parametrize("name", MARKETING)
def test_the_marketing_campaign_columns_play_the_parts_they_should(name: str) -> None:
    facts = [known for known, _ in MARKETING.values()]
    assert roles(*facts)[name] is MARKETING[name][1]


def test_the_mall_is_segmented_by_income_and_score_and_nothing_else() -> None:
    """METHOD 14: Mall income + score; sex and age are protected, also under their other header."""
    for sex in ("Gender", "Genre"):
        found = roles(
            column("CustomerID", distinct=1000, in_sequence=True),
            column(sex, Kind.TEXT, distinct=2),
            column("Age"),
            column("Annual Income (k$)"),
            column("Spending Score (1-100)"),
        )
        assert list(found.values()) == [
            Role.ID,
            Role.PROTECTED,
            Role.PROTECTED,
            Role.SEGMENTATION,
            Role.SEGMENTATION,
        ]


@pytest.mark.parametrize(
    "name",
    ["sex", "is_female", "AgeGroup", "date_of_birth", "ethnicity", "Religion", "health_condition", "nationality",
     "disability", "sexual_orientation", "MaritalStatus", "PostCode", "zip", "ZIPCode", "SeniorCitizen"],
)  # fmt: skip
def test_protected_characteristics_are_never_guessed_into_a_distance(name: str) -> None:
    """METHOD 2.1's list."""
    for kind in (Kind.NUMBER, Kind.FLAG, Kind.TEXT, Kind.DATE):
        assert given_role(column(name, kind)).role is Role.PROTECTED


@pytest.mark.parametrize(
    "name", ["account_age", "average_basket", "page_views", "membership_age", "usage", "message_count"]
)
def test_harmless_names_are_not_taken_for_protected_ones(name: str) -> None:
    assert given_role(column(name)).role is Role.SEGMENTATION


@pytest.mark.parametrize(
    "name", ["segment", "Cluster", "rfm_segment", "cluster_id", "label", "persona", "churn_predicted"]
)
def test_other_peoples_answers_are_left_out(name: str) -> None:
    """METHOD 1.2 C6."""
    assert given_role(column(name)).role is Role.EXCLUDED


@pytest.mark.parametrize("name", ["Response", "churn", "Churned", "is_churned", "converted", "target"])
def test_outcomes_are_kept_for_checking(name: str) -> None:
    assert given_role(column(name, Kind.FLAG, distinct=2, top_share=0.8)).role is Role.OUTCOME


@pytest.mark.parametrize(
    "name",
    ["country", "acquisition_channel", "device", "household_size", "language", "n_children", "store_id"],
)
def test_who_and_where_a_customer_is_describes_segments(name: str) -> None:
    assert given_role(column(name, distinct=9)).role is Role.DESCRIPTOR


@pytest.mark.parametrize(
    "name", ["conversion_rate", "channels_used", "AcceptedCmp3", "device_spend", "yearly_income"]
)
def test_behaviour_and_value_make_segments(name: str) -> None:
    assert given_role(column(name, distinct=9)).role is Role.SEGMENTATION


def test_a_column_without_values_is_left_out() -> None:
    empty = column("spend", Kind.EMPTY, missing=1000, distinct=0, top_share=0.0)
    assert given_role(empty).role is Role.EXCLUDED


def test_a_nearly_constant_column_is_left_out_from_99_percent() -> None:
    """METHOD 1.2 C4."""
    assert given_role(column("visits", top_share=0.99)).role is Role.EXCLUDED
    assert given_role(column("visits", top_share=0.989)).role is Role.SEGMENTATION


def test_a_column_that_is_mostly_missing_only_describes() -> None:
    """METHOD 1.3: missing > 40 % is not a segmentation variable."""
    assert given_role(column("visits", missing=401)).role is Role.DESCRIPTOR
    assert given_role(column("visits", missing=400)).role is Role.SEGMENTATION


def test_a_date_counts_back_from_the_as_of_day() -> None:
    known = given_role(column("LastPurchase", Kind.DATE))
    assert (known.role, known.feature) == (Role.SEGMENTATION, "days_since_LastPurchase")


def test_a_date_about_the_record_is_left_out() -> None:
    assert given_role(column("updated_at", Kind.DATE)).role is Role.EXCLUDED


def test_there_is_one_id_and_the_other_one_is_left_out() -> None:
    found = assign_roles(
        [
            column("Unnamed: 0", distinct=1000, in_sequence=True),
            column("ID", distinct=1000),
            column("customer_id", Kind.TEXT, distinct=1000),
            column("orders"),
        ],
        LEXICON,
    )
    assert [one.role for one in found] == [Role.EXCLUDED, Role.EXCLUDED, Role.ID, Role.SEGMENTATION]
    assert found[0].reason == "Also looks like an id; the id is customer_id."


def test_an_id_is_known_by_its_values_when_its_name_says_nothing() -> None:
    """METHOD 1.2 C5."""
    assert roles(column("Kode", Kind.TEXT, distinct=960), column("orders"))["Kode"] is Role.ID
    assert roles(column("nr", distinct=1000, in_sequence=True), column("orders"))["nr"] is Role.ID
    assert roles(column("nr", distinct=940, in_sequence=True), column("orders"))["nr"] is Role.SEGMENTATION


@pytest.mark.parametrize("name", ["income", "total_spend", "score", "x"])
def test_unique_amounts_are_not_ids(name: str) -> None:
    unique = column(name, distinct=1000, top_share=0.001, integer=False)
    assert roles(unique, column("orders"))[name] is Role.SEGMENTATION


@pytest.mark.parametrize("name", ["total_spend", "annual_income", "loyalty_points"])
def test_a_file_sorted_by_an_amount_does_not_make_the_amount_an_id(name: str) -> None:
    in_order = column(name, distinct=1000, in_sequence=True)
    assert roles(in_order, column("orders"))[name] is Role.SEGMENTATION


def test_repeated_ids_are_still_ids() -> None:
    """Whether that may be is the audit's business (METHOD 1.2 C1)."""
    assert roles(column("customer_id", distinct=300), column("orders"))["customer_id"] is Role.ID


def test_what_is_asked_for_wins() -> None:
    found = roles(
        column("Age"),
        column("orders"),
        column("visits"),
        column("income"),
        column("shop", Kind.TEXT, distinct=1000),
        overrides=RoleOverrides(id="shop", features=("Age", "orders"), excluded=("income",)),
    )
    assert found == {
        "Age": Role.SEGMENTATION,
        "orders": Role.SEGMENTATION,
        "visits": Role.DESCRIPTOR,
        "income": Role.EXCLUDED,
        "shop": Role.ID,
    }


def test_a_protected_feature_on_request_is_written_down() -> None:
    known = assign_roles([column("Age")], LEXICON, RoleOverrides(features=("Age",)))[0]
    assert known.reason == "A feature on request, although 'age' is a protected characteristic."


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (RoleOverrides(id="custmer_id"), "No column is called 'custmer_id'. Did you mean 'customer_id'?"),
        (RoleOverrides(features=("oders",)), "No column is called 'oders'. Did you mean 'orders'?"),
        (
            RoleOverrides(features=("orders",), excluded=("orders",)),
            "The column 'orders' is given more than one role.",
        ),
        (
            RoleOverrides(features=("city",)),
            "The column 'city' cannot be a feature: it holds 100 different words, and a feature in words has 2 to 50.",
        ),
        (
            RoleOverrides(features=("wish",)),
            "The column 'wish' holds empty values and cannot be a feature.",
        ),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(overrides: RoleOverrides, says: str) -> None:
    facts = [
        column("customer_id", distinct=1000),
        column("orders"),
        column("city", Kind.TEXT),
        column("wish", Kind.EMPTY),
    ]
    with pytest.raises(UsageError) as error:
        assign_roles(facts, LEXICON, overrides, words=refusal)
    assert str(error.value).startswith(says)


WORDS = {"distinct": 4, "top_share": 0.4}


def with_words(*facts: ColumnFacts, overrides: RoleOverrides | None = None) -> dict[str, Role]:
    return {one.name: one.role for one in assign_roles(facts, LEXICON, overrides, words=refusal)}


def test_a_column_in_words_makes_segments_when_it_is_asked_for() -> None:
    facts = [column("orders"), column("spend"), column("contract", Kind.TEXT, **WORDS)]
    assert with_words(*facts)["contract"] is Role.DESCRIPTOR
    asked = with_words(*facts, overrides=RoleOverrides(features=("orders", "contract")))
    assert asked == {"orders": Role.SEGMENTATION, "spend": Role.DESCRIPTOR, "contract": Role.SEGMENTATION}


def test_columns_in_words_make_segments_where_there_are_too_few_numbers() -> None:
    words = [column(name, Kind.TEXT, **WORDS) for name in ("contract", "pays_by", "city", "gender", "device")]
    assert with_words(column("orders"), *words) == {
        "orders": Role.SEGMENTATION,
        "contract": Role.SEGMENTATION,
        "pays_by": Role.SEGMENTATION,
        "city": Role.DESCRIPTOR,
        "gender": Role.PROTECTED,
        "device": Role.DESCRIPTOR,
    }


def test_one_column_in_words_alone_is_no_reason_to_make_segments() -> None:
    with pytest.raises(DataError, match="no column of numbers"):
        with_words(column("id", distinct=1000), column("contract", Kind.TEXT, **WORDS))


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"distinct": 51}, "51 different words"),
        ({"distinct": 3, "top_share": 0.985}, "nearly all of its rows"),
        ({"distinct": 50, "top_share": 0.019}, "none of its words stands for 20 customers"),
        ({"distinct": 2, "top_share": 0.97}, None),
    ],
)
def test_what_cannot_tell_customers_apart_in_words_says_why(known: dict[str, float], why: str | None) -> None:
    found = refusal(column("contract", Kind.TEXT, **known))
    assert found is None if why is None else why in str(found)


def test_a_table_of_protected_columns_says_how_to_use_them_all_the_same() -> None:
    with pytest.raises(DataError) as error:
        assign_roles([column("id", distinct=1000), column("Age"), column("city", Kind.TEXT)], LEXICON)
    assert str(error.value) == (
        "No column is left to make segments from: Age (protected), city (descriptor). "
        "To use some all the same, name them: --features Age."
    )


def test_a_table_with_only_an_id_says_what_is_needed() -> None:
    with pytest.raises(DataError, match="no column of numbers"):
        assign_roles([column("id", distinct=1000)], LEXICON)


NAMES = st.one_of(st.sampled_from([*MARKETING, "segment", "email", "x"]), st.text(min_size=1, max_size=10))


@given(st.lists(st.tuples(NAMES, st.sampled_from(Kind)), unique_by=lambda one: one[0], max_size=8))
def test_any_table_gets_at_most_one_id_and_a_reason_for_every_column(names: list[tuple[str, Kind]]) -> None:
    found = assign_roles([column(name, kind) for name, kind in names] + [column("orders")], LEXICON)
    assert sum(one.role is Role.ID for one in found) <= 1
    assert all(one.reason.endswith(".") for one in found)
