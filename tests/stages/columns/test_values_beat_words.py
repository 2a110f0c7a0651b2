"""What a column's values are decides before a word in its name does."""

import numpy as np
import pytest

from segmentry.edges.catalogs.loading import column_lexicon
from segmentry.records.catalogs import ColumnFacts, RoleOverrides
from segmentry.records.columns import Format, Kind, Role
from segmentry.stages.cleaning import clean
from segmentry.stages.columns.roles import assign_roles

LEXICON = column_lexicon()


def column(name: str, kind: Kind, distinct: int = 2, *, integer: bool = True) -> ColumnFacts:
    return ColumnFacts(
        name=name,
        format=Format(kind=kind),
        rows=200,
        missing=0,
        distinct=distinct,
        top_share=0.6 if distinct == 2 else 0.1,
        integer=integer,
    )


SPEND = column("spend", Kind.NUMBER, 150, integer=False)


def roles(*facts: ColumnFacts, asked: RoleOverrides | None = None) -> dict[str, Role]:
    return {one.name: one.role for one in assign_roles([SPEND, *facts], LEXICON, asked)}


@pytest.mark.parametrize(
    "name",
    [
        "Phone Service", "flEmail", "has_email_bill", "street_lamp_tariff", "device_protection_plan", "mobile_app",
        "address_book_used", "health and beauty", "cross-country skiing", "good.job", "children_menu", "race day entry",
        "family_plan", "city trip", "medical_insurance", "birthday_offer", "source_code_repository",
    ],
)  # fmt: skip
def test_a_yes_or_no_about_a_service_or_a_motive_is_behaviour(name: str) -> None:
    """Two values cannot identify anybody, and one word of a motive does not name who a customer is."""
    assert roles(column(name, Kind.FLAG))[name] is Role.SEGMENTATION


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("is_female", Role.PROTECTED),
        ("health_condition", Role.PROTECTED),
        ("has_disability", Role.PROTECTED),
        ("Dependents", Role.DESCRIPTOR),
        ("has_children", Role.DESCRIPTOR),
        ("homeowner", Role.DESCRIPTOR),
    ],
)
def test_a_yes_or_no_about_who_a_customer_is_stays_out(name: str, role: Role) -> None:
    assert roles(column(name, Kind.FLAG))[name] is role


def test_the_levels_of_a_country_describe_customers() -> None:
    """``country_fr`` beside ``country_de`` is a country written as yes and no, not a service."""
    found = roles(*(column(f"country_{level}", Kind.FLAG) for level in ("fr", "de", "it")))
    assert {found[f"country_{level}"] for level in ("fr", "de", "it")} == {Role.DESCRIPTOR}


def test_phone_calls_are_counted_and_phone_numbers_identify() -> None:
    """A number that repeats identifies nobody, whatever it is called."""
    found = roles(column("phone_calls", Kind.NUMBER, 30), column("phone", Kind.NUMBER, 190))
    assert (found["phone_calls"], found["phone"]) == (Role.SEGMENTATION, Role.EXCLUDED)


@pytest.mark.parametrize("name", ["last_name", "First Name", "customer_name"])
def test_a_name_of_a_person_is_no_id_however_different_its_values(name: str) -> None:
    assert roles(column(name, Kind.TEXT, 199))[name] is Role.EXCLUDED


def test_the_reason_says_what_to_do_if_it_is_wrong() -> None:
    columns = assign_roles(
        [SPEND, column("address", Kind.TEXT, 199), column("age", Kind.NUMBER, 50)], LEXICON
    )
    assert all("--features" in one.reason for one in columns[1:])


def test_who_has_no_id_can_say_so() -> None:
    """With ``--id none`` no column is taken for the id, even one that is called so."""
    facts = column("customer_id", Kind.TEXT, 200)
    assert roles(facts)["customer_id"] is Role.ID
    assert Role.ID not in roles(facts, asked=RoleOverrides(numbered=True)).values()


@pytest.mark.parametrize("largest", [41_500.0, 60.0, 1.5])
def test_zeros_are_no_evidence_for_a_share(largest: float) -> None:
    """Only what is not zero can show whether ``shares`` and ``rate`` lie between 0 and 1."""
    values = np.append(np.zeros(240), np.linspace(largest / 2, largest, 10))
    assert clean.limits(values, counts=False, share=True) == (None, None)
    assert clean.limits(np.linspace(0, 1, 50), counts=False, share=True) == (0.0, 1.0)
