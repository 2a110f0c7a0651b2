"""The catalogs are data that a marketer can change: what is wrong in them is said so that they can."""

from collections.abc import Callable
from pathlib import Path

import pytest

from segmentry.edges.catalogs.loading import archetypes, column_lexicon, playbook
from segmentry.errors import UsageError
from segmentry.records.catalogs import Audience, Level

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
- &last {id: last, when: {}, objective: o, hypothesis: h, offer: {type: nothing, what: o}, channel: [c],
   message: {angle: m, do: d, dont: d}, trigger: t, guardrails: [g], suppressions: [s],
   kpi: {primary: k, guardrail: g}}
- {<<: *last, id: all, audience: everyone}
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
        (("high", "hgh"), "mine.yaml, line 3, entry 'Night Owls': 'traits.frequency' is wrong (it is 'hgh'). It should be 'low', 'mid' or 'high'."),
        (("discount:", "discounts:"), "mine.yaml, line 3, entry 'Night Owls': no trait is called 'discounts'. Did you mean 'discount'? There are: recency,"),
        (("[frequency]", "[aov]"), "mine.yaml, line 4, entry 'Night Owls': the defining trait 'aov' is not among its traits. Give it a level"),
        (("high", "mid"), "mine.yaml, line 3, entry 'Night Owls': the defining trait 'frequency' is mid, which points no way."),
        (("one_liner: Buy when others sleep", ""), "mine.yaml, line 2, entry 'Night Owls': 'one_liner' is missing. Add it."),
        (("- name: Night Owls\n ", "-"), "mine.yaml, line 2, entry 1: 'name' is missing. Add it."),
        (("name: Night Owls", "name: ''"), "mine.yaml, line 2, entry 1: 'name' is wrong (it is ''). Write something there."),
        (("name: Night Owls", "name: 24"), "mine.yaml, line 2, entry '24': 'name' is wrong (it is 24). It should be text: put it in quotes."),
        (("one_liner", "oneliner"), "mine.yaml, line 5, entry 'Night Owls': there is no 'oneliner' in an entry. Did you mean 'one_liner'?"),
        (("  one_liner", "  avoid_when: {spend: low}\n  one_liner"), "mine.yaml, line 5, entry 'Night Owls': there is no 'avoid_when' in an entry. Did you mean 'avoid_if'?"),
        (("  one_liner", "  avoid_if: {spent: low}\n  one_liner"), "mine.yaml, line 5, entry 'Night Owls': no trait is called 'spent'. Did you mean 'spend'?"),
        (("  one_liner", "  defining: [discount]\n  one_liner"), "mine.yaml, line 5: 'defining' is there twice, first on line 4. Keep one of the two"),
        (("Night Owls", "Poor Souls"), "mine.yaml, line 2, entry 'Poor Souls': 'poor' is no word to call customers by. Name what they do"),
        (("when others sleep", "like the elderly"), "mine.yaml, line 5, entry 'Night Owls': 'elderly' is no word"),
        (("Night Owls", "Women by Gender"), "mine.yaml, line 2, entry 'Women by Gender': 'gender' is no word"),
        ((ARCHETYPE, "name: Night Owls"), "The catalog 'mine.yaml' is not a list of entries. Begin each entry with '- '."),
        (("{frequency", "{{frequency"), "mine.yaml, line 4: this is not valid YAML (did not find expected ',' or '}', in what begins on line 3). Check"),
        (("- name", "- ] name"), "mine.yaml, line 2: this is not valid YAML ("),
    ],
)  # fmt: skip
def test_a_wrong_archetype_says_which_line_and_how_to_mend_it(
    write: Callable[[str], Path], change: tuple[str, str], says: str
) -> None:
    with pytest.raises(UsageError) as error:
        archetypes(write(ARCHETYPE.replace(*change)))
    assert str(error.value).startswith(says)
    assert error.value.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ARCHETYPE + ARCHETYPE.replace("Owls", "owls"), "mine.yaml, line 7, entry 'Night owls' is there twice, first on line 2."),
        ("- just text", "mine.yaml, line 1, entry 1: it is not a table of values (it is 'just text'). Write it as key: value"),
        ("", "The catalog 'mine.yaml' is not a list of entries."),
        ("a: " + "[" * 5_000 + "]" * 5_000, "mine.yaml: too many lists or brackets stand inside one another."),
        ("archetypes: []", "The catalog 'mine.yaml' is not a list of entries."),
    ],
)  # fmt: skip
def test_a_wrong_list_of_archetypes_says_what_is_wrong(
    write: Callable[[str], Path], text: str, says: str
) -> None:
    with pytest.raises(UsageError) as error:
        archetypes(write(text))
    assert str(error.value).startswith(says)


def test_a_catalog_in_toml_is_told_to_be_yaml(tmp_path: Path) -> None:
    path = tmp_path / "mine.TOML"
    path.write_text('[[archetypes]]\nname = "Night Owls"\n', encoding="utf-8")
    with pytest.raises(
        UsageError, match=r"mine\.TOML' is TOML, which is for settings; catalogs are written in YAML"
    ):
        archetypes(path)


def test_a_file_that_was_mended_is_read_again(write: Callable[[str], Path]) -> None:
    """A notebook stays open while its catalog is changed."""
    first = archetypes(write(ARCHETYPE))
    second = archetypes(write(ARCHETYPE.replace("Night Owls", "Early Birds")))
    assert (first[0].name, second[0].name) == ("Night Owls", "Early Birds")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("{id: last, when: {}", "{id: last, when: {discount: high}"), "mine.yaml: the last play for 'segment'"),
        (("everyone", "anyone"), "mine.yaml, line 5, entry 'all': 'audience' is wrong (it is 'anyone')."),
        (("trigger: t", "trigger: t, evidence: proven"), "mine.yaml, line 3, entry 'last': 'evidence' is wrong (it is 'proven'). It has parts"),
        (("{primary: k, guardrail: g}", "k"), "mine.yaml, line 4, entry 'last': 'kpi' is wrong (it is 'k'). It has parts"),
        ((",\n   kpi: {primary: k, guardrail: g}", ""), "mine.yaml, line 2, entry 'last': 'kpi' is missing. Add it."),
        (("{primary: k, guardrail: g}", "{primary: k}"), "mine.yaml, line 4, entry 'last': 'kpi.guardrail' is missing. Add it."),
        (("type: nothing", "type: gift"), "mine.yaml, line 2, entry 'last': 'offer.type' is wrong (it is 'gift')."),
        (("what: o", "what: o, depth_max: 15"), "mine.yaml, line 2, entry 'last': 'offer.depth_max' is wrong (it is 15)."),
        (("what: o", "what: o, depht_max: 0.15"), "mine.yaml, line 2, entry 'last': there is no 'offer.depht_max' in an entry."),
        (("trigger: t", "trigger: t, at_least: {mood: 1}"), "mine.yaml, line 3, entry 'last': no trait is called 'mood'."),
        (("{id: last, when: {}", "{id: last, when: {mood: high}"), "mine.yaml, line 2, entry 'last': no trait is called 'mood'."),
        (("[g]", "[]"), "mine.yaml, line 3, entry 'last': 'guardrails' is wrong (it is []). It needs at least 1."),
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
    line = twice[: twice.index("\n  trend:\n") + 1].count("\n") + 1
    with pytest.raises(UsageError) as error:
        column_lexicon(write(twice))
    assert str(error.value).startswith(
        f"mine.yaml, line {line}, trait 'trend': 'coupon' is also a name of 'discount'."
    )


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
