"""The catalogs are data that a marketer can change: what is wrong in them is said so that they can."""

from collections.abc import Callable
from pathlib import Path

import pytest

from segmentry.edges.catalogs import archetypes, column_lexicon, playbook
from segmentry.errors import UsageError
from segmentry.records.catalog import Audience, Level

CANONICAL = {
    "recency", "frequency", "aov", "spend", "discount", "browse_time", "clicks", "conversion", "returns",
    "tenure", "breadth", "trend",
}  # fmt: skip
NAMES = {
    "Bargain Hunters", "High Spenders", "Window Shoppers", "Loyal Regulars", "Big-Basket Occasionals",
    "One-Time Buyers", "New Customers", "Promising", "At Risk", "Can't Lose", "Lapsed", "Serial Returners",
    "Full-Price Fans", "Explorers", "Specialists", "Seasonal Shoppers", "Weekend Browsers", "Rising Stars",
    "Fading", "Key Accounts",
}  # fmt: skip


def test_the_lexicon_knows_the_canonical_traits() -> None:
    """METHOD 7.1, and two more so that two of METHOD 7.2's names can be given."""
    assert {one.trait for one in column_lexicon().traits} == CANONICAL | {"peak_season", "weekend"}


def test_the_catalog_ships_the_names_of_the_method() -> None:
    """METHOD 7.2."""
    assert {one.name for one in archetypes()} >= NAMES


def test_bargain_hunters_are_what_the_method_says() -> None:
    """METHOD 7.2's example, literally."""
    one = archetypes()[0]
    assert {trait: str(level) for trait, level in one.traits.items()} == {
        "frequency": "high", "aov": "low", "browse_time": "mid", "clicks": "mid", "discount": "high",
    }  # fmt: skip
    assert one.defining == ("discount", "frequency", "aov")
    assert one.one_liner == "Buy often, buy small, buy on offer"
    assert one.avoid_if == {"spend": Level.VERY_LOW}


def test_no_two_archetypes_say_the_same() -> None:
    said = [
        tuple(sorted((trait, str(level)) for trait, level in one.traits.items() if level is not Level.MID))
        for one in archetypes()
        if not one.by_rule
    ]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("one", archetypes(), ids=lambda one: one.name)
def test_nobody_minds_reading_what_they_are_called(one: object) -> None:
    """METHOD 7.2: no demeaning or protected-trait names."""
    lexicon = column_lexicon()
    for text in (one.name, one.one_liner):  # type: ignore[attr-defined]
        assert lexicon.unkind.find(text) is None
        assert lexicon.protected.find(text) is None


def test_descriptive_words_are_kind_too() -> None:
    lexicon = column_lexicon()
    for trait in lexicon.traits:
        assert lexicon.unkind.find(f"{trait.high} {trait.low}") is None


def test_there_is_a_play_without_conditions_for_segments_and_one_for_everyone() -> None:
    assert [(one.id, one.audience) for one in playbook() if not one.when] == [
        ("learn_first", Audience.SEGMENT),
        ("one_audience", Audience.EVERYONE),
    ]


def test_every_play_leaves_out_those_who_object() -> None:
    """METHOD 11: the objection to direct-marketing profiling is absolute."""
    assert all(any("object" in who for who in one.suppressions) for one in playbook())


ARCHETYPE = """
- name: Night Owls
  traits: {frequency: high, discount: low}
  defining: [frequency]
  one_liner: Buy when others sleep
"""
PLAY = """
- {id: last, when: {}, objective: o, hypothesis: h, offer: o, channel: [c], message: m, do: d, dont: d,
   guardrails: [g], suppressions: [s], kpi: k}
- {id: all, audience: everyone, when: {}, objective: o, hypothesis: h, offer: o, channel: [c], message: m, do: d,
   dont: d, guardrails: [g], suppressions: [s], kpi: k}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def to_file(text: str) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def test_a_catalog_of_ones_own_takes_the_place_of_the_shipped_one(write: Callable[[str], Path]) -> None:
    assert [one.name for one in archetypes(write(ARCHETYPE))] == ["Night Owls"]
    assert [one.id for one in playbook(write(PLAY))] == ["last", "all"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("high", "hgh"), "mine.yaml, entry 'Night Owls': 'traits.frequency' is wrong (it is 'hgh')."),
        (("discount:", "discounts:"), "mine.yaml, entry 'Night Owls': no trait is called 'discounts'. There are: recency,"),
        (("[frequency]", "[aov]"), "mine.yaml, entry 'Night Owls': the defining trait 'aov' is not low or high"),
        (("one_liner", "slogan"), "mine.yaml, entry 'Night Owls': 'one_liner' is wrong. Add it."),
        (("  one_liner", "  colour: red\n  one_liner"), "mine.yaml, entry 'Night Owls': 'colour' is wrong (it is 'red'). No such key"),
        (("Night Owls", "Poor Souls"), "mine.yaml, entry 'Poor Souls': 'poor' is no word to call customers by."),
        (("Night Owls", "Women by Gender"), "mine.yaml, entry 'Women by Gender': 'gender' is no word"),
        ((ARCHETYPE, "name: Night Owls"), "The catalog 'mine.yaml' is not a list of entries."),
        (("{frequency", "{{frequency"), "The catalog 'mine.yaml' is not valid YAML:"),
    ],
)  # fmt: skip
def test_a_wrong_archetype_says_which_and_how_to_mend_it(
    write: Callable[[str], Path], change: tuple[str, str], says: str
) -> None:
    with pytest.raises(UsageError) as error:
        archetypes(write(ARCHETYPE.replace(*change)))
    assert str(error.value).startswith(says)
    assert error.value.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ARCHETYPE + ARCHETYPE, "mine.yaml, entry 'night owls' is there twice."),
        ("- just text", "mine.yaml, entry 1: 'the whole of it' is wrong"),
        ("", "The catalog 'mine.yaml' is not a list of entries."),
    ],
)
def test_a_wrong_list_of_archetypes_says_what_is_wrong(
    write: Callable[[str], Path], text: str, says: str
) -> None:
    with pytest.raises(UsageError) as error:
        archetypes(write(text))
    assert str(error.value).startswith(says)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("{id: last, when: {}", "{id: last, when: {discount: high}"), "mine.yaml: the last play for 'segment'"),
        (("everyone", "anyone"), "mine.yaml, entry 'all': 'audience' is wrong (it is 'anyone')."),
        (("kpi: k", "kpi: k, evidence: proven"), "mine.yaml, entry 'last': 'evidence' is wrong (it is 'proven')."),
        (("{id: last, when: {}", "{id: last, when: {mood: high}"), "mine.yaml, entry 'last': no trait is called 'mood'."),
        (("[g]", "[]"), "mine.yaml, entry 'last': 'guardrails' is wrong"),
    ],
)  # fmt: skip
def test_a_wrong_play_says_which_and_how_to_mend_it(
    write: Callable[[str], Path], change: tuple[str, str], says: str
) -> None:
    with pytest.raises(UsageError) as error:
        playbook(write(PLAY.replace(*change)))
    assert str(error.value).startswith(says)


def test_a_catalog_that_is_not_there_says_where_to_start(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"Start from a copy of the archetypes\.yaml that ships with segmentry"
    ):
        archetypes(tmp_path / "nowhere.yaml")


def test_one_name_for_two_traits_is_refused(write: Callable[[str], Path]) -> None:
    text = (Path(__file__).parents[1] / "src/segmentry/catalogs/columns.yaml").read_text(encoding="utf-8")
    twice = text.replace("synonyms: [trend,", "synonyms: [trend, coupons,")
    with pytest.raises(UsageError) as error:
        column_lexicon(write(twice))
    assert str(error.value).startswith("mine.yaml, entry 'trend': 'coupon' is also a name of 'discount'.")


@pytest.mark.parametrize(
    ("name", "counts", "shares"),
    [
        ("total_purchases", True, False),
        ("NumDealsPurchases", True, False),
        ("discount_counts", True, False),
        ("avg_order_value", False, False),
        ("order_growth", False, False),
        ("discount_share", False, True),
        ("return_rate", False, True),
        ("growth_rate", False, False),
        ("days_since_last_order", False, False),
    ],
)
def test_what_must_not_be_negative_and_what_is_a_share_is_known_by_name(
    name: str,
    counts: bool,  # noqa: FBT001 - a fact about the name
    shares: bool,  # noqa: FBT001 - likewise
) -> None:
    """METHOD 1.2 C3."""
    lexicon = column_lexicon()
    assert (lexicon.counts.find(name) is not None, lexicon.shares.find(name) is not None) == (counts, shares)
