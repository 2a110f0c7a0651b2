"""Each platform gets e-mails, telephones and names in the form that it publishes, hashed as it publishes.

The oracle is what the platforms print themselves, looked at on 2026-11-27: hashes where they print some,
else the normal form that they print, hashed here with hashlib.
"""

import hashlib

import numpy as np
import pytest

from segmentry.errors import DataError, UsageError
from segmentry.records.audience import Audience, Contacts, Control, Field, Wanted
from segmentry.stages.audience import PLATFORMS, Member, draw_up

CONSENTS = {"ad_user_data": "granted", "ad_personalization": "granted"}


def members(n: int, **changes: object) -> Member:
    nobody = np.zeros(n, dtype=bool)
    given: dict[str, object] = {
        "of": "Loyal",
        "ids": np.array([f"C{one}" for one in range(n)], dtype=object),
        "id_name": "customer_id",
        "segments": np.array(["Loyal"] * n, dtype=object),
        "runners_up": np.array(["New"] * n, dtype=object),
        "confidence": np.full(n, 0.6),
        "levels": np.array(["high"] * n),
        "out_of_range": nobody,
        "held_out": nobody,
        "control": nobody,
    }
    return Member(**(given | changes))  # type: ignore[arg-type]


def contacts(fields: dict[Field, list[str | None]], **columns: list[str | None]) -> Contacts:
    n = len(next(iter(fields.values())))
    texts = {str(what): np.array(values, dtype=object) for what, values in fields.items()}
    texts |= {name: np.array(values, dtype=object) for name, values in columns.items()}
    return Contacts(
        source="people.csv",
        ids=np.array([f"C{one}" for one in range(n)], dtype=object),
        columns=texts,
        fields={what: str(what) for what in fields},
    )


def listed(
    platform: str, what: Field, values: list[str | None], country: str | None = "US"
) -> tuple[Audience, list[str]]:
    """The list for a platform from one column of contacts, and that column as it left."""
    n = len(values)
    consents = {name: [answer] * n for name, answer in CONSENTS.items()}
    fields: dict[Field, list[str | None]] = {what: values}
    if what not in {Field.EMAIL, Field.PHONE}:
        fields[Field.EMAIL] = [f"p{one}@example.com" for one in range(n)]
    wanted = Wanted(segment="Loyal", platform=platform, country=country, control=Control.LEAVE_OUT)
    found = draw_up(members(n), wanted, PLATFORMS[platform], contacts(fields, **consents))
    header = next(one.header for one in PLATFORMS[platform].slots if one.field is what)
    return found, [str(one) for one in found.columns.get(header, [])]


def one(platform: str, what: Field, value: str, country: str | None = "US") -> str:
    return listed(platform, what, [value], country)[1][0]


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


PRINTED = [
    (
        "meta",
        Field.EMAIL,
        "John_Smith@gmail.com",
        "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f",
    ),
    (
        "meta",
        Field.PHONE,
        "(650)555-1212",
        "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176",
    ),
    ("meta", Field.FIRST_NAME, "Mary", "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"),
    ("meta", Field.FIRST_NAME, "정", "8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14"),
    ("meta", Field.FIRST_NAME, "Valéry", "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c"),
    (
        "tiktok",
        Field.EMAIL,
        "JaneDoe@gmail.com",
        "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69",
    ),
    (
        "tiktok",
        Field.PHONE,
        "+374 93 828222",
        "65b7e6dcf6f4310f8d7cbfbd78289a753062fb054d6664fb9aaac5df66a422d4",
    ),
]
"""Hashes that the platforms print: Meta's customer information parameters (9 January 2026), TikTok's customer
file (September 2025)."""


@pytest.mark.parametrize(("platform", "what", "value", "printed"), PRINTED)
def test_a_hash_is_the_one_that_the_platform_prints(
    platform: str, what: Field, value: str, printed: str
) -> None:
    assert one(platform, what, value) == printed


FORMS = [
    ("google", Field.EMAIL, "cloudy.sanfrancisco+shopping@gmail.com", "cloudysanfrancisco@gmail.com"),
    ("google", Field.EMAIL, "A.B+c@GoogleMail.com", "ab@googlemail.com"),
    ("google", Field.EMAIL, " user.name+NYC@Example.com ", "user.name+nyc@example.com"),
    ("google", Field.PHONE, "(800)555-0100", "+18005550100"),
    ("meta", Field.EMAIL, " Jane.Doe+x@Gmail.com", "jane.doe+x@gmail.com"),
    ("meta", Field.PHONE, "0049 30 1234567", "49301234567"),
    ("meta", Field.LAST_NAME, "O'Neil-Pérez", "oneilpérez"),
    ("meta", Field.CITY, "Saint-Étienne", "saintétienne"),
    ("meta", Field.COUNTRY, "FR", "fr"),
    ("meta", Field.POSTCODE, "94016-1234", "94016"),
    ("tiktok", Field.EMAIL, "First.Last+Shop@Example.com", "first.last@example.com"),
    ("tiktok", Field.PHONE, "(657)777-0000", "16577770000"),
    ("x", Field.EMAIL, " Support@Twitter.com ", "support@twitter.com"),
    ("x", Field.EMAIL, "a.b+c@gmail.com", "a.b+c@gmail.com"),
    ("x", Field.PHONE, "+44 (0)20 7183 8750", "442071838750"),
]
"""Normal forms that the platforms print or describe; Google's Data Manager page, TikTok's list of August 2025,
X's user data page and hashing tool."""


@pytest.mark.parametrize(("platform", "what", "value", "form"), FORMS)
def test_a_value_has_the_platforms_normal_form(platform: str, what: Field, value: str, form: str) -> None:
    assert one(platform, what, value) == sha(form)


def test_klaviyo_gets_plain_values_and_telephones_as_e164() -> None:
    assert one("klaviyo", Field.EMAIL, " Ann@Shop.com") == "ann@shop.com"
    assert one("klaviyo", Field.PHONE, "030 1234567", "DE") == "+49301234567"
    assert one("klaviyo", Field.FIRST_NAME, " Zoë ") == "Zoë"


def test_google_gets_names_hashed_and_country_and_postcode_plain() -> None:
    fields: dict[Field, list[str | None]] = {
        Field.EMAIL: ["a@b.com"],
        Field.FIRST_NAME: [" Zoë"],
        Field.LAST_NAME: ["Pérez"],
        Field.COUNTRY: ["SG"],
        Field.POSTCODE: ["WC2H 8LG"],
    }
    consents = {name: [answer] for name, answer in CONSENTS.items()}
    found = draw_up(
        members(1), Wanted(segment="1", platform="google"), PLATFORMS["google"], contacts(fields, **consents)
    )
    row = {name: values[0] for name, values in found.columns.items()}
    assert row == {
        "Email": sha("a@b.com"),
        "First Name": sha("zoë"),
        "Last Name": sha("pérez"),
        "Country": "sg",
        "Zip": "WC2H 8LG",
    }


def test_google_gets_no_address_where_a_part_of_it_is_missing() -> None:
    found, _ = listed("google", Field.FIRST_NAME, ["Zoë"])
    assert list(found.columns) == ["Email"]


HASHING = [name for name, platform in PLATFORMS.items() if platform.advertises]


@pytest.mark.parametrize("platform", HASHING)
def test_what_is_hashed_already_passes_through_in_lower_case(platform: str) -> None:
    given = sha("ann@shop.com").upper()
    assert one(platform, Field.EMAIL, given) == given.lower()


@pytest.mark.parametrize("platform", [*HASHING, "klaviyo"])
def test_nothing_empty_is_ever_hashed_or_listed(platform: str) -> None:
    found, values = listed(platform, Field.EMAIL, ["", "  ", None, "ann@shop.com"])
    assert len(values) == 1
    assert sha("") not in values
    assert {one.reason: one.customers for one in found.exclusions} == {"no e-mail or telephone number": 3}


@pytest.mark.parametrize("platform", HASHING)
def test_a_name_written_with_two_letters_has_the_hash_of_the_one_letter(platform: str) -> None:
    assert one(platform, Field.EMAIL, "zoe\u0308@shop.com") == one(platform, Field.EMAIL, "zo\u00eb@shop.com")


@pytest.mark.parametrize("platform", [*HASHING, "klaviyo"])
def test_a_telephone_number_without_a_country_is_dropped_with_a_reason(platform: str) -> None:
    found, values = listed(platform, Field.PHONE, ["030 1234567", "+49 30 1234567", "call me"], country=None)
    assert len(values) == 1
    assert {one.reason: one.customers for one in found.exclusions} == {
        "no usable e-mail or telephone number": 2
    }
    assert sum(found.left_blank.values()) == 2
    assert "--country" in next(iter(found.left_blank))


def test_an_address_that_would_be_a_formula_is_none() -> None:
    found, _ = listed("klaviyo", Field.EMAIL, ["=cmd@shop.com", "+ann@shop.com", "ann@shop.com"])
    assert len(found) == 1


def test_every_profile_is_dated_and_says_where_from() -> None:
    for platform in PLATFORMS.values():
        assert platform.dated == "2026-11-27"
        assert platform.sources or platform.name == "csv"
        assert all("(" in source and source.endswith(")") for source in platform.sources)


def test_who_did_not_agree_is_not_sent() -> None:
    emails: list[str | None] = [f"p{one}@shop.com" for one in range(6)]
    answers = {
        "ad_user_data": ["granted", "GRANTED", "yes", "denied", "", None],
        "ad_personalization": ["granted", "denied", "1", "granted", "granted", "granted"],
    }
    found = draw_up(
        members(6),
        Wanted(segment="1", platform="google"),
        PLATFORMS["google"],
        contacts({Field.EMAIL: emails}, **answers),
    )
    assert sorted(found.columns["Email"]) == sorted([sha("p0@shop.com"), sha("p2@shop.com")])
    assert {one.reason: one.customers for one in found.exclusions} == {
        "no consent in 'ad_user_data'": 3,
        "no consent in 'ad_personalization'": 1,
    }
    assert found.basis == "consent in ad_user_data, ad_personalization"


@pytest.mark.parametrize("platform", HASHING)
def test_without_a_consent_column_nothing_goes_to_an_advertising_platform(platform: str) -> None:
    people = contacts({Field.EMAIL: ["ann@shop.com"]}, accepts_marketing=["yes"])
    with pytest.raises(UsageError, match="ad_user_data and ad_personalization"):
        draw_up(members(1), Wanted(segment="1", platform=platform), PLATFORMS[platform], people)
    stated = Wanted(segment="1", platform=platform, legal_basis="contract of 1 May, section 3")
    assert draw_up(members(1), stated, PLATFORMS[platform], people).basis == "contract of 1 May, section 3"


def test_half_of_the_consent_is_not_enough() -> None:
    people = contacts({Field.EMAIL: ["ann@shop.com"]}, ad_user_data=["yes"])
    with pytest.raises(UsageError, match="ad_user_data but not ad_personalization"):
        draw_up(members(1), Wanted(segment="1", platform="meta"), PLATFORMS["meta"], people)


def test_everybody_is_listed_or_left_out_for_one_reason() -> None:
    n = 8
    emails: list[str | None] = [f"p{one}@shop.com" for one in range(n - 2)] + ["P5@shop.com ", None]
    member = members(
        n,
        levels=np.array(["high"] * 3 + ["low"] + ["high"] * 4),
        out_of_range=np.arange(n) == 2,
        control=np.arange(n) == 1,
    )
    people = contacts({Field.EMAIL: emails}, ok=["yes"] * n)
    wanted = Wanted(
        segment="1",
        platform="tiktok",
        control=Control.LEAVE_OUT,
        suppressed=frozenset({"C0", "nobody"}),
        sure=True,
        alike=True,
        consent=("OK",),
    )
    found = draw_up(member, wanted, PLATFORMS["tiktok"], people)
    assert {one.reason: one.customers for one in found.exclusions} == {
        "on the suppression list": 1,
        "in the control group": 1,
        "placed with low confidence": 1,
        "unlike the customers that the model was made from": 1,
        "no e-mail or telephone number": 1,
        "the same contact as a customer already listed": 1,
    }
    assert len(found) == 2
    assert list(found.columns) == ["Email_SHA256"]


def test_small_lists_are_warned_about() -> None:
    found, _ = listed("google", Field.EMAIL, [f"p{one}@shop.com" for one in range(120)])
    warned = " ".join(found.warnings)
    assert "1,000" in warned
    assert "YouTube" in warned
    assert "the 100 " not in warned
    few, _ = listed("google", Field.EMAIL, ["p@shop.com"])
    assert "the 100 " in " ".join(few.warnings)


def test_a_control_group_cannot_be_marked_for_those_who_show_advertisements() -> None:
    people = contacts({Field.EMAIL: ["ann@shop.com"]})
    with pytest.raises(UsageError, match="leave-out"):
        draw_up(
            members(1),
            Wanted(segment="1", platform="x", control=Control.MARK, legal_basis="contract"),
            PLATFORMS["x"],
            people,
        )


def test_contacts_of_other_people_are_refused() -> None:
    people = contacts({Field.EMAIL: ["ann@shop.com"]})
    with pytest.raises(DataError, match="--contacts-id"):
        draw_up(
            members(1, ids=np.array(["other"], dtype=object)),
            Wanted(segment="1", platform="klaviyo"),
            PLATFORMS["klaviyo"],
            people,
        )
