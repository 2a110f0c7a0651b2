"""Who is held out is decided by a salted hash: for good, at random, and checked."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.errors import UsageError
from segmentry.stages.strategy.holdout import Arm, HoldoutSplit, bucket, buckets, held_out, ratio_check

MANY = [f"C{number:06d}" for number in range(20_000)]


@given(st.text(), st.text())
def test_a_bucket_is_the_formula_of_the_method(customer: str, salt: str) -> None:
    """METHOD 8.4, spelled out once more."""
    text = f"{salt}|{customer}".encode()
    assert bucket(customer, salt) == int(hashlib.sha256(text).hexdigest()[:8], 16) % 10_000


def test_buckets_are_even_and_know_nothing_of_the_order_of_ids() -> None:
    """20,000 draws in ten bins: chi-squared with 9 degrees of freedom is under 27.9 in 999 of 1,000."""
    found = buckets(MANY, "shop")
    counts = np.bincount(found // 1000, minlength=10)
    assert ((counts - 2000) ** 2 / 2000).sum() < 27.9
    assert abs(np.corrcoef(np.arange(len(MANY)), found)[0, 1]) < 0.03


def test_the_global_hold_out_is_the_same_in_every_campaign_and_the_controls_are_not() -> None:
    spring = HoldoutSplit(salt="shop", campaign="spring", holdout=0.1, control=0.5)(MANY)
    autumn = HoldoutSplit(salt="shop", campaign="autumn", holdout=0.1, control=0.5)(MANY)
    out = np.array([one is Arm.HOLDOUT for one in spring])
    assert out.tolist() == [one is Arm.HOLDOUT for one in autumn]
    assert out.tolist() == held_out(MANY, salt="shop", share=0.1).tolist()
    assert out.mean() == pytest.approx(0.1, abs=0.01)
    both = [(a is Arm.CONTROL) == (b is Arm.CONTROL) for a, b in zip(spring, autumn, strict=True) if a is not Arm.HOLDOUT]  # fmt: skip
    assert np.mean(both) == pytest.approx(0.5, abs=0.02)


def test_the_control_group_is_drawn_from_those_who_are_left() -> None:
    arms = HoldoutSplit(salt="shop", campaign="spring", holdout=0.1, control=0.2)(MANY)
    left = [one for one in arms if one is not Arm.HOLDOUT]
    assert np.mean([one is Arm.CONTROL for one in left]) == pytest.approx(0.2, abs=0.01)


def test_a_customer_keeps_the_arm_whoever_else_is_there() -> None:
    split = HoldoutSplit(salt="shop", campaign="spring")
    assert split(MANY)[:50] == split(MANY[:50])
    assert split(MANY[::-1])[::-1] == split(MANY)


def test_nobody_and_everybody_can_be_a_control() -> None:
    nobody = HoldoutSplit(salt="s", campaign="c", holdout=0, control=0)(MANY[:100])
    everybody = HoldoutSplit(salt="s", campaign="c", holdout=0, control=1)(MANY[:100])
    assert set(nobody) == {Arm.TREATED}
    assert set(everybody) == {Arm.CONTROL}


@pytest.mark.parametrize(("holdout", "control"), [(-0.1, 0.5), (1.0, 0.5), (0.1, 1.5), (0.1, -1)])
def test_a_share_that_is_none_is_refused(holdout: float, control: float) -> None:
    with pytest.raises(UsageError, match="share cannot be"):
        HoldoutSplit(salt="s", campaign="c", holdout=holdout, control=control)


def test_arms_that_do_not_fit_the_plan_are_seen() -> None:
    """By hand: 450 against 550 at 1:1 is 2 x 50^2 / 500 = 10, p = 0.00157; 440 against 560: 14.4, p = 0.000148."""
    near = ratio_check({"control": 450, "treated": 550}, {"control": 0.5, "treated": 0.5})
    assert (near.chi_squared, round(near.p, 5), near.fits) == (10.0, 0.00157, True)
    far = ratio_check({"control": 440, "treated": 560}, {"control": 0.5, "treated": 0.5})
    assert (round(far.chi_squared, 1), round(far.p, 6), far.fits) == (14.4, 0.000148, False)
    assert ratio_check({"control": 100, "treated": 900}, {"control": 0.1, "treated": 0.9}).p == 1.0


def test_a_plan_without_customers_cannot_be_checked() -> None:
    with pytest.raises(UsageError, match="above 0"):
        ratio_check({"control": 0, "treated": 0}, {"control": 0.5, "treated": 0.5})
