"""A name follows from how a segment stands to the others, and is held against it every time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pyarrow.csv as pa_csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from segmentry.edges.catalogs.loading import archetypes, column_lexicon
from segmentry.errors import UsageError
from segmentry.records.arrays import Floats
from segmentry.records.catalogs import Archetype, Level
from segmentry.records.segment import FeatureProfile, NameSource
from segmentry.stages.columns.traits import map_traits
from segmentry.stages.naming import NamedSegments, NameSegments
from segmentry.stages.naming.archetype_scores import (
    candidates,
    chance,
    one_to_one,
    overall,
    relative,
    rivals,
    softly,
    standing,
)
from segmentry.stages.naming.wording import AVERAGE

LEXICON, CATALOG = column_lexicon(), archetypes()
FEATURES = ("total_purchases", "avg_cart_value", "total_time_spent", "product_click", "discount_counts")
THREE = ("High Spenders", "Window Shoppers", "Bargain Hunters")
ROUNDED = np.array(
    [
        [-0.20, 1.32, -0.25, -0.51, -0.52],
        [-0.96, -0.48, 1.16, 1.32, -0.73],
        [1.16, -0.82, -0.90, -0.82, 1.24],
    ]
)
"""The centres of Intellihack's three segments in standard deviations, in the order of THREE."""


def profiles(
    centres: Floats, features: Sequence[str], means: Floats | None = None
) -> list[list[FeatureProfile]]:
    """Profiles whose effect sizes are the centres; 0.5 and more marks a segment."""
    raw = centres if means is None else means
    return [
        [
            FeatureProfile(
                feature=feature,
                flag=feature.startswith("Accepted"),
                n=10,
                mean=float(mean),
                median=float(mean),
                q25=float(mean),
                q75=float(mean),
                index=None,
                cohens_d=float(d),
                marker=bool(abs(d) >= 0.5),
                importance=0.1,
            )
            for feature, d, mean in zip(features, row, row_means, strict=True)
        ]
        for row, row_means in zip(centres, raw, strict=True)
    ]


def named(
    centres: Floats,
    features: Sequence[str] = FEATURES,
    catalog: tuple[Archetype, ...] = CATALOG,
    **known: object,
) -> NamedSegments:
    matches = map_traits(features, LEXICON)
    given_means = known.pop("means", None)
    name = NameSegments(catalog=catalog, lexicon=LEXICON, **known)  # type: ignore[arg-type]
    return name(np.asarray(centres), features, matches, profiles(centres, features, given_means))  # type: ignore[arg-type]


def names(found: NamedSegments) -> tuple[str, ...]:
    return tuple(one.name for one in found.namings)


def intellihack(real: Path) -> Floats:
    """The 979 complete customers, standardised."""
    table = pa_csv.read_csv(real / "intellihack" / "customer_behavior_analytcis.csv")
    values = np.column_stack([table[name].to_numpy() for name in FEATURES]).astype(float)
    complete = values[~np.isnan(values).any(axis=1)]
    assert len(complete) == 979
    return (complete - complete.mean(axis=0)) / complete.std(axis=0)


def fitted_centres(points: Floats, k: int = 3) -> Floats:
    found = KMeans(k, n_init=20, random_state=0).fit(points).cluster_centers_
    return np.array(sorted(found, key=lambda row: -row[1]))


@pytest.mark.real_data
def test_intellihack_gets_the_three_names_it_was_made_with(real: Path) -> None:
    """METHOD 7.4: .950 / .975 / .979, mean .968, best other assignment .128, all defining traits right."""
    found = named(fitted_centres(intellihack(real)))
    assert names(found) == THREE
    assert [one.source for one in found.namings] == [NameSource.ARCHETYPE] * 3
    assert [one.fit for one in found.namings] == pytest.approx([0.950, 0.975, 0.979], abs=0.002)
    assert found.summary.mean_fit == pytest.approx(0.968, abs=0.001)
    assert found.summary.best_other == pytest.approx(0.128, abs=0.001)
    assert all(reading.agrees for one in found.namings for reading in one.readings if reading.defining)
    assert found.summary.unmapped == ()


@pytest.mark.real_data
def test_stage_one_scores_are_those_of_the_method(real: Path) -> None:
    """METHOD 7.3: .96 / .83 / .85 for the right three, against the whole catalogue."""
    where = standing(fitted_centres(intellihack(real)), FEATURES, map_traits(FEATURES, LEXICON), [()] * 3)
    cast = candidates(CATALOG, where.traits)
    scores = overall(cast, where.traits)(where.z)
    chosen = one_to_one(scores, where.z)
    assert tuple(cast[one].name for one in chosen) == THREE
    assert scores[range(3), chosen] == pytest.approx([0.85, 0.96, 0.83], abs=0.005)


@pytest.mark.real_data
def test_the_names_survive_a_bootstrap(real: Path) -> None:
    """METHOD finding 7: names identical in 100 of 100 bootstraps (ten of them here)."""
    points = intellihack(real)
    rng = np.random.default_rng(0)
    for _ in range(10):
        sample = points[rng.integers(0, len(points), len(points))]
        assert names(named(fitted_centres(sample))) == THREE


@pytest.mark.real_data
def test_a_missing_column_that_defines_no_name_changes_no_name(real: Path) -> None:
    points = intellihack(real)
    kept = [feature != "product_click" for feature in FEATURES]
    found = named(fitted_centres(points[:, kept]), [one for one in FEATURES if one != "product_click"])
    assert names(found) == THREE


@pytest.mark.real_data
@pytest.mark.parametrize("missing", ["total_purchases", "avg_cart_value", "discount_counts"])
def test_nobody_is_a_bargain_hunter_where_a_trait_that_defines_one_is_unknown(
    real: Path, missing: str
) -> None:
    points = intellihack(real)
    kept = [feature != missing for feature in FEATURES]
    found = named(fitted_centres(points[:, kept]), [one for one in FEATURES if one != missing])
    assert "Bargain Hunters" not in names(found)
    assert len(set(names(found))) == 3


@given(st.permutations(range(5)), st.permutations(range(3)))
def test_the_order_of_columns_and_segments_changes_no_name(columns: list[int], segments: list[int]) -> None:
    found = named(ROUNDED[np.ix_(segments, columns)], [FEATURES[one] for one in columns])
    assert names(found) == tuple(THREE[one] for one in segments)
    straight = named(ROUNDED).summary
    assert found.summary.best_other == pytest.approx(straight.best_other)
    assert (found.summary.mean_fit, found.summary.chance_p95) == pytest.approx(
        (straight.mean_fit, straight.chance_p95)
    )


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.randoms(use_true_random=False))
def test_names_are_unique_and_follow_their_segment_whatever_the_order(
    seed: int, k: int, random: object
) -> None:
    """METHOD 13: one name twice; label order flips."""
    features = ("recency_days", "orders", "total_spend", "n_categories", "Income", "AcceptedCmp1")
    centres = np.random.default_rng(seed).normal(size=(k, 6))
    first = names(named(centres, features))
    assert len({one.casefold() for one in first}) == k
    order = random.sample(range(k), k)  # type: ignore[attr-defined]
    columns = random.sample(range(6), 6)  # type: ignore[attr-defined]
    again = names(named(centres[np.ix_(order, columns)], [features[one] for one in columns]))
    assert list(again) == [first[one] for one in order]
    assert not [
        one for one in first if one != "Often accepted campaign 1" and one.endswith(tuple("23456789"))
    ]


def test_renamed_columns_change_no_name() -> None:
    renamed = ("numOrders", "avgOrderValue", "minutes_on_site", "pageViews", "couponsUsed")
    assert names(named(ROUNDED, renamed)) == THREE


def test_units_of_the_columns_change_no_name() -> None:
    assert names(named(ROUNDED * 3)) == THREE


def test_the_one_audience_is_called_that() -> None:
    found = named(np.zeros((1, 5)))
    assert (found.namings[0].name, found.namings[0].one_liner) == ("One Audience", "All customers")
    assert found.namings[0].source is NameSource.ONE_AUDIENCE
    assert (found.summary.mean_fit, found.summary.chance_p95) == (None, None)


RFM = ("recency_days", "orders", "total_spend")


def test_many_days_since_the_last_order_make_nobody_a_champion() -> None:
    """METHOD 13: recency orientation."""
    gone, here = [1.5, -0.5, -0.5], [-1.5, 0.5, 0.5]
    assert names(named(np.array([gone, here]), RFM)) == ("Lapsed", "Champions")
    gone_but_good, new = [1.5, 1.5, 1.5], [-1.5, -1.5, -1.5]
    assert names(named(np.array([gone_but_good, new]), RFM)) == ("Can't Lose", "New Customers")


def test_with_two_segments_the_first_stage_is_what_is_reported() -> None:
    """METHOD 7.3: with k = 2 stage 1 alone decides and its score is reported."""
    found = named(np.array([[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0]]), RFM)
    assert [one.fit for one in found.namings] == pytest.approx([1.0, 1.0])
    assert found.summary.best_other == pytest.approx(-1.0)


def test_one_time_buyers_is_said_only_of_customers_who_bought_about_once() -> None:
    """The name speaks of a number, and a standing among segments is not one."""
    centres = np.array([[0.0, -1.0, -1.0], [-1.0, 1.2, 1.2], [1.0, 1.0, 1.0]])
    once = np.array([[100, 1.1, 40], [10, 12, 900], [200, 10, 800]], dtype=float)
    often = once * [1, 8, 1]
    assert named(centres, RFM, means=once).namings[0].name == "One-Time Buyers"
    assert named(centres, RFM, means=often).namings[0].name != "One-Time Buyers"


def test_a_trait_in_which_segments_do_not_differ_says_nothing() -> None:
    same = ROUNDED.copy()
    same[:, 3] = [1e-4, -1e-4, 0]
    where = standing(same, FEATURES, map_traits(FEATURES, LEXICON), [()] * 3)
    assert not where.z[:, where.traits.index("clicks")].any()
    assert names(named(same)) == THREE


def test_segments_that_are_all_alike_still_get_different_names() -> None:
    found = named(np.zeros((3, 5)))
    assert names(found) == (AVERAGE, f"{AVERAGE} 2", f"{AVERAGE} 3")
    assert found.summary.mean_fit is None


def test_a_segment_at_the_average_takes_no_archetype() -> None:
    found = named(np.vstack([ROUNDED, ROUNDED.mean(axis=0)]))
    assert names(found)[:3] == THREE
    assert names(found)[3] == AVERAGE


def test_more_segments_than_archetypes_are_named_by_what_they_do() -> None:
    few = tuple(one for one in CATALOG if one.name in THREE)
    found = named(np.vstack([ROUNDED, -ROUNDED]), catalog=few)
    assert len(set(names(found))) == 6
    assert sum(one.source is NameSource.ARCHETYPE for one in found.namings) <= 3


def test_no_catalog_at_all_is_no_fault() -> None:
    found = named(ROUNDED, catalog=())
    assert names(found) == (
        "Big baskets, full-price",
        "Many clicks, long browsing",
        "Discount-led, frequent",
    )
    assert found.namings[0].archetype is None


def archetype(name: str, traits: Mapping[str, Level], **known: object) -> Archetype:
    made = Archetype(
        name=name, traits=traits, defining=tuple(traits)[:1], one_liner=name, avoid_if={}, at_most={}
    )
    return replace(made, **known)  # type: ignore[arg-type]


def test_a_name_that_is_ruled_out_is_not_given() -> None:
    barred = tuple(
        replace(one, avoid_if={"clicks": Level.LOW}) if one.name == "High Spenders" else one
        for one in CATALOG
    )
    assert names(named(ROUNDED, catalog=barred))[0] != "High Spenders"


def test_a_rule_name_is_never_given_for_likeness() -> None:
    rule = archetype("Key Accounts", {"aov": Level.HIGH, "discount": Level.LOW}, by_rule=True)
    assert candidates((rule,), ("aov", "discount")) == ()


def test_an_archetype_needs_two_known_traits_and_all_that_define_it() -> None:
    one = archetype("X", {"aov": Level.HIGH, "discount": Level.LOW, "clicks": Level.LOW})
    assert candidates((one,), ("aov", "clicks")) == (one,)
    assert candidates((one,), ("discount", "clicks")) == ()
    assert candidates((one,), ("aov",)) == ()


def test_a_name_is_refused_when_a_defining_trait_points_the_other_way() -> None:
    """METHOD 7.3: whatever the cosine."""
    wide = archetype(
        "Wide", {"frequency": Level.HIGH, "browse_time": Level.LOW, "clicks": Level.LOW, "discount": Level.HIGH,
                 "aov": Level.HIGH}, defining=("aov",)
    )  # fmt: skip
    other = archetype("Other", {"browse_time": Level.HIGH, "clicks": Level.HIGH}, defining=("clicks",))
    found = named(ROUNDED, catalog=(wide, other))
    assert found.namings[2].archetype == "Wide"
    assert found.namings[2].source is NameSource.DESCRIPTIVE
    assert found.namings[2].reason == "Wide comes nearest, but its average basket points the other way."


def test_two_names_that_could_be_swapped_are_not_given() -> None:
    twins = (
        archetype("A", {"frequency": Level.HIGH, "discount": Level.HIGH}),
        archetype("B", {"frequency": Level.HIGH, "discount": Level.HIGH, "aov": Level.MID}),
    )
    centres = np.vstack([ROUNDED[2], ROUNDED[2] * 0.99, -ROUNDED[2], ROUNDED[0]])
    assert not {"A", "B"} & set(names(named(centres, catalog=twins)))


def test_one_clear_name_is_not_lost_because_two_others_could_be_swapped() -> None:
    """The margin is what a renamed segment loses: as a mean over all segments it shrinks with k."""
    scores = np.array([[0.99, -0.5, -0.5], [-0.5, 0.9, 0.89], [-0.5, 0.9, 0.89]])
    clear, *swapped = rivals(scores, np.array([0, 1, 2]))
    assert clear.margin > 0.2
    assert [one.margin for one in swapped] == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("k", [2, 5, 10])
def test_a_margin_does_not_depend_on_how_many_other_segments_there_are(k: int) -> None:
    """Every swap loses 1 for each of the two segments that it renames."""
    found = rivals(np.eye(k), np.arange(k))
    assert [one.margin for one in found] == pytest.approx([1.0] * k)
    assert [one.mean for one in found] == pytest.approx([1 - 2 / k] * k)


def test_a_name_is_refused_when_it_fits_too_little() -> None:
    """METHOD 7.3: cosine >= 0.75."""
    some = archetype("Some", {"frequency": Level.HIGH, "clicks": Level.MID})
    found = named(ROUNDED, catalog=(some,)).namings[2]
    assert (found.archetype, found.fit) == ("Some", None)
    assert found.reason == "Some comes nearest, but its fit is 0.52 and 0.75 is needed."


def test_a_segment_is_like_none_rather_than_taking_a_name_from_another() -> None:
    """Two archetypes, the second of which suits nobody: the first goes to the segment it suits."""
    scores = np.array([[0.8, -0.1], [0.7, -0.9]])
    assert one_to_one(scores, np.array([[1.0], [-1.0]])).tolist() == [0, -1]


def test_ties_do_not_depend_on_the_order_of_the_segments() -> None:
    z = np.array([[1.0, 0.0], [0.0, 1.0]])
    scores = np.full((2, 1), 0.5)
    first = one_to_one(scores, z).tolist()
    assert one_to_one(scores, z[::-1]).tolist() == first[::-1]


def test_relative_likeness_is_centred_on_the_archetypes_that_are_compared() -> None:
    """METHOD 7.3, stage 2, by hand: with two archetypes every expectation becomes -1, 0 or 1."""
    pair = (archetype("A", {"aov": Level.HIGH, "clicks": Level.MID}), archetype("B", {"aov": Level.LOW}))
    z = np.array([[1.0, 1.0], [-1.0, 0.0]])
    assert relative(pair, ("aov", "clicks"))(z) == pytest.approx(np.array([[2**-0.5, -1.0], [-1.0, 1.0]]))


def test_the_second_best_assignment_is_found_among_all_permutations() -> None:
    scores = np.random.default_rng(3).normal(size=(4, 4))
    means = sorted((scores[range(4), order].mean() for order in permutations(range(4))), reverse=True)
    best = np.array(max(permutations(range(4)), key=lambda order: scores[range(4), order].mean()))
    assert max(one.mean for one in rivals(scores, best)) == pytest.approx(means[1])


def test_chance_is_what_the_method_measured() -> None:
    """METHOD 7.3: Hungarian mean cosine for random 3 x 5 profiles: median .43, p95 .73, p99 .84."""
    traits = tuple(sorted(one.trait for one in map_traits(FEATURES, LEXICON)))
    three = tuple(one for one in CATALOG if one.name in THREE)
    drawn = chance(relative(three, traits), (3, 5), seed=0, draws=10_000)
    assert np.quantile(drawn, [0.5, 0.95, 0.99]) == pytest.approx([0.43, 0.73, 0.84], abs=0.015)


def test_chance_is_the_same_for_the_same_seed() -> None:
    assert named(ROUNDED, seed=5).summary == named(ROUNDED, seed=5).summary


def test_descriptive_names_read_like_speech() -> None:
    features = (
        "avg_cart_value",
        "Income",
        "MntWines",
        "NumStorePurchases",
        "NumWebVisitsMonth",
        "AcceptedCmp1",
    )
    strong = np.eye(6) * 2 - 0.05
    assert names(named(strong, features, catalog=())) == (
        "Big baskets",
        "High income",
        "High wine spend",
        "Many store purchases",
        "Many web visits a month",
        "Often accepted campaign 1",
    )


def test_a_descriptive_name_takes_the_two_strongest_markers() -> None:
    found = named(np.array([[0.6, 0.9, 0.1], [-0.6, -0.9, 0.1]]), ("orders", "coupons", "Income"), catalog=())
    assert names(found) == ("Discount-led, frequent", "Full-price, occasional")


def test_names_that_would_be_the_same_get_the_trait_that_tells_them_apart() -> None:
    centres = np.array([[2.0, 1.5, 0.4], [2.0, 1.5, -0.4], [2.0, 1.5, 0.0], [-2, -1.5, 0.0]])
    found = named(centres, ("orders", "coupons", "Income"), catalog=())
    assert names(found) == (
        "Frequent, discount-led, high income",
        "Frequent, discount-led, low income",
        "Frequent, discount-led",
        "Occasional, full-price",
    )


def test_ones_own_names_win_by_name_or_by_number() -> None:
    found = named(ROUNDED, user_names={"bargain hunters": "Deal Seekers", "1": "Gold"})
    assert names(found) == ("Gold", "Window Shoppers", "Deal Seekers")
    assert found.namings[0].source is NameSource.USER
    assert found.namings[0].reason == "Named by you; it would be High Spenders."


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ({"4": "Gold"}, "No segment is called '4'"),
        (
            {"Bargin Hunters": "Gold"},
            "No segment is called 'Bargin Hunters'. Did you mean 'Bargain Hunters'?",
        ),
        ({"1": "Gold", "2": "gold"}, "Two segments would be called"),
        ({"1": "Window Shoppers"}, "Two segments would be called"),
        ({"1": " "}, "A segment's name is empty"),
    ],
)
def test_ones_own_names_must_fit_the_segments(own: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError) as error:
        named(ROUNDED, user_names=own)
    assert str(error.value).startswith(says)


def test_segments_that_differ_in_degree_alone_are_told_apart_in_words() -> None:
    """Never "Frequent", "Frequent 2": who has the most and the least of something is said."""
    centres = np.array([[3.0, 0.1], [2.0, 0.1], [1.0, 0.1], [-2.0, 0.0]])
    assert names(named(centres, ("orders", "Income"), catalog=())) == (
        "Frequent, more frequent",
        "Frequent",
        "Frequent, less frequent",
        "Occasional",
    )


def test_no_segment_is_called_by_a_protected_characteristic_or_an_unkind_word() -> None:
    """METHOD 7.2: even where somebody made segments from such columns."""
    features = ("age", "problem_tickets", "orders")
    centres = np.array([[2.0, 0.0, 1.0], [-2.0, 0.0, -1.0], [0.0, 2.0, 0.0]])
    found = named(centres, features, catalog=())
    assert names(found) == ("Frequent", "Occasional", "Unlike the others in what is not named")
    assert not [one for one in found.namings if LEXICON.protected.find(f"{one.name} {one.one_liner}")]


def test_two_phrases_of_one_degree_are_said_together() -> None:
    features = ("NumWebPurchases", "NumStorePurchases", "MntFishProducts", "MntSweetProducts")
    centres = np.array([[2.0, 1.5, 0, 0], [0, 0, 2.0, 1.5], [-1.0, 0.0, -2.0, 0.0]])
    assert names(named(centres, features, catalog=())) == (
        "Many web and store purchases",
        "High fish and sweets spend",
        "Low fish spend, few web purchases",
    )


def test_soft_fit_says_how_literally_a_description_holds() -> None:
    """METHOD 7.4's "soft z", by hand: two traits, the defining one twice; 1 - (2 x 0 + 1 x 0.25) / 3."""
    one = archetype("Some", {"frequency": Level.HIGH, "clicks": Level.MID})
    where = standing(
        np.array([[1.0, 0.5], [-1.0, -0.5]]),
        ("orders", "clicks"),
        map_traits(("orders", "clicks"), LEXICON),
        [()] * 2,
    )
    halved = replace(where, z=np.array([[0.5, 1.0], [-0.5, -1.0]]))
    assert softly(one, halved, 0) == pytest.approx(1 - (2 * 0.0 + 1 * 0.25) / 3)
