"""Every segment gets a play, and every play cites numbers that are in the segment's profile."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.edges.catalogs.loading import column_lexicon, playbook
from segmentry.records.catalogs import Audience
from segmentry.records.segment import FeatureProfile, Play, PopulationProfile
from segmentry.stages.columns.traits import map_traits
from segmentry.stages.strategy.plays import choose_plays

LEXICON, PLAYBOOK = column_lexicon(), playbook()


def feature(name: str, mean: float, *, flag: bool = False) -> FeatureProfile:
    return FeatureProfile(
        feature=name, flag=flag, n=100, mean=mean, median=mean, q25=mean, q75=mean, index=None,
        cohens_d=0.0, marker=False, importance=0.0,
    )  # fmt: skip


def everyone(
    name: str, mean: float, sd: float, *, iqr: float | None = None, flag: bool = False
) -> PopulationProfile:
    half = (1.349 * sd if iqr is None else iqr) / 2
    return PopulationProfile(
        feature=name, flag=flag, mean=mean, median=mean, q25=mean - half, q75=mean + half,
        q05=mean - 2 * sd, q95=mean + 2 * sd, sd=sd, eta_squared=0.5, trait=None,
    )  # fmt: skip


INTELLIHACK = (
    everyone("total_purchases", 11.57, 7.02),
    everyone("avg_cart_value", 75.46, 55.07),
    everyone("total_time_spent", 49.35, 32.73),
    everyone("product_click", 28.24, 16.30),
    everyone("discount_counts", 4.31, 4.53),
)
"""METHOD 7.4's data: means and standard deviations over all customers."""
BARGAIN_HUNTERS = (19.7, 30.4, 17.5, 14.9, 9.9)
WINDOW_SHOPPERS = (4.9, 49.0, 90.1, 49.7, 1.0)
HIGH_SPENDERS = (10.2, 147.0, 40.4, 19.9, 2.0)


def plays(
    *segments: tuple[float, ...], population: tuple[PopulationProfile, ...] = INTELLIHACK
) -> tuple[Play, ...]:
    names = [one.feature for one in population]
    profiles = [
        [feature(name, mean, flag=one.flag) for name, mean, one in zip(names, means, population, strict=True)]
        for means in segments
    ]
    matches = (*map_traits(names, LEXICON), *map_traits(names, LEXICON.for_plays))
    return choose_plays(profiles, population, matches, PLAYBOOK, LEXICON)


def play(*pairs: tuple[PopulationProfile, float]) -> Play:
    """The play of one segment beside another that is at the average."""
    population = tuple(one for one, _ in pairs)
    return plays(
        tuple(mean for _, mean in pairs), tuple(one.mean for one in population), population=population
    )[0]


def test_each_intellihack_segment_gets_the_play_of_the_method() -> None:
    """METHOD 8.2, first three rows."""
    found = plays(BARGAIN_HUNTERS, HIGH_SPENDERS, WINDOW_SHOPPERS)
    assert [one.id for one in found] == ["bigger_baskets", "grow_without_discounts", "help_to_decide"]


def test_a_play_cites_the_numbers_that_made_it_apply() -> None:
    fired = plays(BARGAIN_HUNTERS, HIGH_SPENDERS)[0].fired
    assert [one.sentence for one in fired] == [
        "Discount counts: 9.9 against 4.3 for all customers",
        "Total purchases: 19.7 against 11.6 for all customers",
        "Average cart value: 30.4 against 75.5 for all customers",
    ]
    assert [(one.trait, one.level) for one in fired] == [
        ("discount", "high"),
        ("frequency", "high"),
        ("aov", "low"),
    ]
    assert (fired[0].segment_value, fired[0].population_value) == (9.9, 4.31)


DAYS, ORDERS, SPEND = (
    everyone("recency_days", 90, 60),
    everyone("orders", 4, 2),
    everyone("total_spend", 900, 500),
)
TENURE, RETURNS, TREND = (
    everyone("tenure_days", 400, 200),
    everyone("return_rate", 0.1, 0.1),
    everyone("trend", 0, 1),
)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (((DAYS, 200), (SPEND, 1500)), "save_the_best"),
        (((DAYS, 200), (ORDERS, 6)), "save_regulars"),
        (((DAYS, 200), (SPEND, 100)), "let_go_kindly"),
        (((DAYS, 10), (ORDERS, 6), (SPEND, 1500)), "ask_champions"),
        (((DAYS, 10), (ORDERS, 1), (SPEND, 900)), "second_look"),
        (((TENURE, 20), (ORDERS, 1)), "second_order"),
        (((TENURE, 20), (ORDERS, 4)), "welcome"),
        (((TENURE, 150), (ORDERS, 1)), "younger_customers"),
        (((everyone("overdue", 1, 1), 2.5), (SPEND, 1500)), "save_the_overdue"),
        (((everyone("overdue", 1, 1), 1.9), (SPEND, 1500)), "keep_the_valuable"),
        (((everyone("tenure_months", 40, 20), 20), (SPEND, 900)), "learn_first"),
        (((SPEND, 1500), (everyone("discount_count", 4, 2), 1)), "grow_at_full_price"),
        (((DAYS, 95), (ORDERS, 2), (SPEND, 100)), "a_reason_to_return"),
        (((RETURNS, 0.4), (ORDERS, 6)), "fewer_returns"),
        (((TREND, -1), (ORDERS, 4)), "catch_the_slide"),
        (((ORDERS, 4), (SPEND, 900)), "learn_first"),
        (((everyone("Income", 50, 10), 90), (everyone("shoe_size", 40, 2), 45)), "learn_first"),
    ],
)
def test_the_pattern_of_traits_decides(
    pairs: tuple[tuple[PopulationProfile, float], ...], expected: str
) -> None:
    """METHOD 8.2; many days since the last order are little recency."""
    assert play(*pairs).id == expected


@pytest.mark.parametrize(
    ("mean", "expected"), [(5.0, "reward_the_habit"), (4.99, "learn_first"), (3.0, "find_the_reason")]
)
def test_high_and_low_begin_half_a_standard_deviation_from_the_average(mean: float, expected: str) -> None:
    assert play((ORDERS, mean)).id == expected


def test_a_few_very_large_customers_do_not_make_the_others_look_alike() -> None:
    """Spend of Online Retail: mean 2,054, sd 8,989, quartiles 307 and 1,662."""
    whales = replace(everyone("total_spend", 2054, 8989), q25=307, q75=1662)
    assert play((whales, 350)).id == "low_cost_care"


SCORE, INCOME = everyone("Spending Score (1-100)", 50, 26), everyone("Annual Income (k$)", 60, 26)
MALL = (SCORE, INCOME)
"""The two columns of the Mall data; its segments lie in the corners and in the middle."""


def test_the_corners_of_income_and_spending_get_a_play_of_their_own() -> None:
    found = plays((50, 55), (82, 87), (17, 88), (21, 26), (79, 26), population=MALL)
    assert [one.id for one in found] == [
        "learn_first", "premium_circle", "more_of_their_purse", "entry_range", "value_they_trust",
    ]  # fmt: skip


def test_two_segments_share_a_play_only_where_nothing_else_holds() -> None:
    """Both spend much; the one that has more reasons gives way, and one that has none does not."""
    shared = plays((1500.0, 4.0), (1600.0, 6.0), (400.0, 2.0), population=(SPEND, ORDERS))
    assert [one.id for one in shared] == ["keep_the_valuable", "reward_the_habit", "find_the_reason"]
    alike = plays((1500.0,), (1600.0,), (400.0,), population=(SPEND,))
    assert [one.id for one in alike] == ["keep_the_valuable", "keep_the_valuable", "low_cost_care"]


def test_of_two_segments_the_one_with_the_clearer_numbers_keeps_the_play() -> None:
    pair = (ORDERS, everyone("total_time_spent", 50, 20))
    for first, second in (((1.0, 70.0), (2.5, 61.0)), ((2.5, 61.0), (1.0, 70.0))):
        found = dict(zip((first, second), plays(first, second, population=pair), strict=True))
        assert found[(1.0, 70.0)].id == "help_to_decide"
        assert found[(2.5, 61.0)].id == "ease_the_choice"


def test_other_plays_whose_traits_hold_are_named_beside() -> None:
    found = play((DAYS, 200), (SPEND, 1500))
    assert found.also == ("Keep and grow", "Back in touch")


def test_a_column_in_which_everybody_is_the_same_fires_nothing() -> None:
    assert play((everyone("orders", 4, 0), 4)).id == "learn_first"


def test_a_segment_of_which_nothing_is_known_gets_the_play_of_last_resort() -> None:
    assert play((ORDERS, float("nan"))).id == "learn_first"


def test_one_audience_gets_a_play_for_everyone() -> None:
    (only,) = plays(tuple(one.mean for one in INTELLIHACK))
    assert (only.id, only.fired) == ("one_audience", ())


def test_shares_of_yes_are_said_in_percent() -> None:
    used = everyone("discount_applied", 0.3, 0.46, flag=True)
    assert play((used, 0.8)).fired[0].sentence == "Discount applied: 80% against 30% for all customers"


def test_large_and_small_numbers_are_written_as_people_write_them() -> None:
    assert play((SPEND, 12345.6)).fired[0].sentence == "Total spend: 12,346 against 900 for all customers"
    assert play((RETURNS, 0.4)).fired[0].sentence == "Return rate: 0.4 against 0.1 for all customers"


@pytest.mark.parametrize(
    "wanted", [one for one in PLAYBOOK if one.audience is Audience.SEGMENT], ids=lambda one: one.id
)
def test_every_play_can_be_reached(wanted: object) -> None:
    """A segment that has just the traits a play asks for gets that play, not one above it."""
    traits = (*LEXICON.traits, *LEXICON.play_traits)
    columns = {trait.trait: " ".join(trait.synonyms[0]) for trait in traits} | {"tenure": "tenure days"}
    signs = {trait.trait: trait.sign for trait in traits}
    step = {"low": -1.0, "mid": 0.0, "high": 1.0}
    middle = 20 if wanted.at_most_days else 100  # type: ignore[attr-defined]
    pairs = [
        (everyone(columns[trait], middle, 1), middle + signs[trait] * step[level])
        for trait, level in wanted.when.items()  # type: ignore[attr-defined]
    ]
    pairs += [
        (everyone(columns[trait], most, 1), most)
        for trait, most in wanted.at_most.items()  # type: ignore[attr-defined]
    ]
    assert play(*pairs, (everyone("shoe_size", 5, 1), 5.0)).id == wanted.id  # type: ignore[attr-defined]


@given(st.lists(st.floats(-50, 200), min_size=5, max_size=5), st.permutations(range(5)))
def test_every_segment_gets_a_play_whose_numbers_are_in_its_profile(
    means: list[float], order: list[int]
) -> None:
    first, _ = plays(tuple(means), HIGH_SPENDERS)
    population = tuple(INTELLIHACK[one] for one in order)
    again, _ = plays(
        tuple(means[one] for one in order), tuple(HIGH_SPENDERS[one] for one in order), population=population
    )
    assert first == again
    assert all(one.segment_value in means for one in first.fired)
    assert {one.trait: one.level for one in first.fired} == next(
        dict(one.when) for one in PLAYBOOK if one.id == first.id
    )


@pytest.mark.parametrize("entry", PLAYBOOK, ids=lambda one: one.id)
def test_no_play_promises_an_effect_it_was_not_given(entry: object) -> None:
    """METHOD 8.1: break-even and sample size, never an expected uplift; evidence: untested."""
    assert entry.evidence == "untested"  # type: ignore[attr-defined]
    text = " ".join(
        str(getattr(entry, name))
        for name in ("objective", "hypothesis", "offer", "message", "do", "dont", "kpi")
    )
    assert not re.search(
        r"\d\s*%|percent|uplift|roi\b|double|triple|increase of|will increase|guaranteed", text, re.IGNORECASE
    )
