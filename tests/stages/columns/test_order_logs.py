"""A log of orders is seen by what its columns do, and a table of customers is none."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import segmentry as sg
from segmentry.errors import DataError

RNG = np.random.default_rng(7)
CUSTOMER = np.sort(RNG.integers(1, 80, 400))
DAYS = np.datetime64("2025-01-01") + RNG.integers(0, 300, 400).astype("timedelta64[D]")
ORDERED = DAYS[np.lexsort((DAYS, CUSTOMER))]
AMOUNT = RNG.gamma(2, 30, 400).round(2)
MANY = len(np.unique(CUSTOMER))


@pytest.mark.parametrize(
    "columns",
    [
        {"cust": CUSTOMER, "date": ORDERED, "amount": AMOUNT},
        {"masterid": [f"M{one:04}" for one in CUSTOMER], "tag": DAYS, "umsatz": AMOUNT},
        {"Kundennr": CUSTOMER + 70_000, "Datum": DAYS, "Betrag": AMOUNT},
        {"order_id": np.arange(400) + 1, "client": CUSTOMER, "day": DAYS, "price": AMOUNT},
        {"column_1": CUSTOMER, "when": ORDERED, "paid": AMOUNT},
        {"socio": CUSTOMER, "fecha": ORDERED, "unidades": RNG.integers(1, 9, 400)},
    ],
)
def test_customers_that_repeat_beside_dates_make_a_log(columns: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=rf"order log.* repeats \(400 rows, {MANY} customers\)"):
        sg.explore(pa.table({name: pa.array(values) for name, values in columns.items()}))


@pytest.mark.parametrize(
    "columns",
    [
        {"customer_id": np.arange(400), "branch": CUSTOMER, "joined": DAYS, "spend": AMOUNT},
        {"customer_city": [f"town {one}" for one in CUSTOMER], "signup": DAYS, "spend": AMOUNT},
        {"visits": CUSTOMER, "last_visit": DAYS, "spend": AMOUNT},
        {"tenure_months": CUSTOMER[::-1].copy(), "signup": np.sort(DAYS), "spend": AMOUNT},
        {"age_in_years": RNG.permutation(CUSTOMER), "first_visit": DAYS, "spend": AMOUNT},
        {
            "account_manager": [f"manager {one % 30}" for one in CUSTOMER],
            "since": DAYS,
            "spend": AMOUNT,
            "orders": CUSTOMER,
        },
    ],
)
def test_customers_with_cities_plans_and_dates_are_no_log(columns: dict[str, Any]) -> None:
    assert sg.explore(pa.table({name: pa.array(values) for name, values in columns.items()}))
