"""A table without an id, and a rate beside a count, through a whole run."""

import numpy as np
import pandas as pd
import pytest

import segmentry as sg


@pytest.fixture(scope="module")
def guests() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    big = rng.random(160) < 0.5
    return pd.DataFrame(
        {
            "guest_id": np.arange(160) + 1000,
            "orders": np.where(big, rng.poisson(9, 160), 0),
            "spend": rng.normal(np.where(big, 500, 90), 20),
            "discount_share": rng.uniform(0, 1, 160).round(3),
        }
    )


def test_without_an_id_the_rows_are_numbered_and_nothing_is_blocked(guests: pd.DataFrame) -> None:
    run = sg.segment(guests, id="none", features=["orders", "spend"], effort="quick")
    assert run.customers.column("row")[0].as_py() == 1
    assert not [one for one in run.run.survey.audit.findings if one.rule == "C5"]
    assert "No column says who a customer is." not in run.run.survey.audit.reasons


def test_a_share_is_not_compared_with_a_count_of_orders(guests: pd.DataFrame) -> None:
    """No sentence says that customers have more discounts than purchases because 0.4 is above 0."""
    found = sg.explore(guests).survey.audit.findings
    assert not [one.sentence for one in found if "more discounts" in one.sentence]
