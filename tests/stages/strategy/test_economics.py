"""What must be true for a play to pay, worked out by hand; nothing is guessed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from segmentry.records.strategy import Economics, Input, OfferType, Terms
from segmentry.stages.strategy.economics import break_even, incremental_profit, weigh_play

DISCOUNT = Terms(
    offer_type=OfferType.DISCOUNT,
    inputs=(
        Input.MARGIN,
        Input.ORDER_VALUE,
        Input.BASE_RATE,
        Input.CONTACT_COST,
        Input.DISCOUNT_DEPTH,
        Input.DISCOUNT_USE,
    ),
)
GIVEN = {
    Input.MARGIN: 0.40,
    Input.ORDER_VALUE: 50.0,
    Input.BASE_RATE: 0.20,
    Input.CONTACT_COST: 0.0,
    Input.DISCOUNT_DEPTH: 0.15,
    Input.DISCOUNT_USE: 1.0,
}


@pytest.mark.parametrize(
    ("changed", "rise"),
    [
        ({}, 0.12),
        ({Input.BASE_RATE: 0.03}, 0.018),
        ({Input.CONTACT_COST: 0.5}, 0.16),
        ({Input.DISCOUNT_USE: 0.5}, 0.2 * 0.075 / 0.325),
        ({Input.BASE_RATE: 0.0, Input.CONTACT_COST: 1.0}, 0.08),
    ],
)
def test_the_break_even_is_what_the_method_says(changed: dict[Input, float], rise: float) -> None:
    """METHOD 8.3: (p0 dl u + c / A) / (m - dl u).

    .2 x .15 / .25 = .12, .03 x .15 / .25 = .018; with a contact cost of 1 % of the order
    (.03 + .01) / .25 = .16; with nobody buying .02 / .25 = .08.
    """
    found = weigh_play(DISCOUNT, GIVEN | changed)
    assert found.break_even == pytest.approx(rise, abs=1e-12)
    assert not found.never


@pytest.mark.parametrize(
    "changed",
    [
        {Input.DISCOUNT_DEPTH: 0.40},
        {Input.DISCOUNT_DEPTH: 0.60},
        {Input.MARGIN: 0.15},
        {Input.CONTACT_COST: 11.0},
    ],
)
def test_a_play_that_cannot_pay_back_is_said_to_be_so(changed: dict[Input, float]) -> None:
    """The last one: (.03 + 11 / 50) / .25 = 1.0, on top of 20 % more than everybody."""
    found = weigh_play(DISCOUNT, GIVEN | changed)
    assert (found.never, found.break_even) == (True, None)


def test_that_a_discount_eats_the_margin_is_said_before_the_rest_is_known() -> None:
    found = weigh_play(DISCOUNT, {Input.MARGIN: 0.1, Input.DISCOUNT_DEPTH: 0.2, Input.DISCOUNT_USE: 1.0})
    assert found.never
    assert found.missing == (Input.ORDER_VALUE, Input.BASE_RATE, Input.CONTACT_COST)


def test_a_play_that_gives_nothing_away_pays_when_it_earns_its_contact() -> None:
    """By hand: c / (A m) = 1 / (50 x .4) = .05; neither depth nor use is asked for."""
    found = weigh_play(Terms(), {one: GIVEN[one] for one in Terms().inputs} | {Input.CONTACT_COST: 1.0})
    assert (found.depth, found.use, found.missing) == (0.0, 0.0, ())
    assert found.break_even == pytest.approx(0.05)


def test_what_is_not_given_is_named_and_nothing_is_worked_out() -> None:
    found = weigh_play(DISCOUNT, {Input.MARGIN: 0.4})
    assert found.missing == DISCOUNT.inputs[1:]
    assert (found.break_even, found.never) == (None, False)


def test_the_plays_own_limit_holds_against_a_deeper_discount() -> None:
    """By hand: .2 x .1 / (.4 - .1) = .0667."""
    found = weigh_play(replace(DISCOUNT, depth_max=0.1), GIVEN)
    assert (found.depth, found.capped) == (0.1, True)
    assert found.break_even == pytest.approx(0.02 / 0.3)
    assert not weigh_play(replace(DISCOUNT, depth_max=0.2), GIVEN).capped


KNOWN = st.builds(
    Economics,
    margin=st.floats(0.05, 1),
    order_value=st.floats(1, 500),
    base_rate=st.floats(0.001, 0.9),
    contact_cost=st.floats(0, 5),
    depth=st.floats(0.01, 0.9),
    use=st.floats(0.01, 1),
)


@given(KNOWN)
def test_at_the_break_even_a_contact_neither_earns_nor_costs(known: Economics) -> None:
    rise = break_even(known)
    assume(rise is not None)
    assert rise is not None
    assert rise >= 0
    base, order = known.base_rate or 0, known.order_value or 0
    assert incremental_profit(known, base + rise) == pytest.approx(0, abs=1e-6 * (1 + order))
    assert incremental_profit(known, base) <= 1e-9


def test_without_all_six_numbers_there_is_no_break_even() -> None:
    with pytest.raises(ValueError, match="A break-even needs margin"):
        break_even(Economics(margin=0.4))
