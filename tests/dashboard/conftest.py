"""A folder of runs as a shop has it, and a visitor who looks at it without a browser."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from support.dashboard_pages import Look, looker

import segmentry as sg


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run, ``first``, of 999 generated customers."""
    folder = tmp_path_factory.mktemp("runs")
    sg.segment(sg.datasets.ecommerce(999).customers, name="shop.csv", effort="quick").save(folder / "first")
    return folder


@pytest.fixture(scope="session")
def look(runs: Path) -> Look:
    """A visitor of the folder of runs."""
    return looker(runs)


@pytest.fixture(scope="session")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run, ``odd``: gaps, customers in no segment, a yes/no column and one in words."""
    folder = tmp_path_factory.mktemp("awkward")
    sg.segment(
        awkward_customers(),
        name="odd.csv",
        effort="quick",
        algorithm="hdbscan",
        features=["spend", "visits", "minutes", "newsletter", "plan"],
        k=4,
    ).save(folder / "odd")
    return folder


@pytest.fixture(scope="session")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run, ``many``, whose map has cells rather than dots."""
    folder = tmp_path_factory.mktemp("dense")
    shop = sg.datasets.ecommerce(20_400).customers
    sg.segment(shop, name="shop.csv", effort="quick", k=3).save(folder / "many")
    return folder


def awkward_customers(n: int = 700) -> pa.Table:
    """Three loose groups, gaps in every kind of column, and some who are like nobody."""
    rng = np.random.default_rng(5)
    group = rng.integers(0, 3, n)
    spend = np.array([40.0, 400.0, 1500.0])[group] * rng.lognormal(0, 0.25, n)
    visits = rng.poisson(np.array([20, 4, 9])[group])
    minutes = np.array([12.0, 55.0, 30.0])[group] + rng.normal(0, 4, n)
    agreed = rng.random(n) < np.array([0.9, 0.1, 0.5])[group]
    plan = np.array(["basic", "plus", "premium"])[
        np.where(rng.random(n) < 0.85, group, rng.integers(0, 3, n))
    ]
    odd = rng.choice(n, 40, replace=False)
    spend[odd] *= rng.choice([0.05, 9], 40)
    minutes[odd] = rng.uniform(0, 140, 40)
    return pa.table(
        {
            "customer_id": [f"A{one:04d}" for one in range(n)],
            "spend": _with_gaps(rng, spend.round(2).tolist(), 0.06),
            "visits": visits.tolist(),
            "minutes": _with_gaps(rng, minutes.round(1).tolist(), 0.1),
            "newsletter": ["yes" if one else "no" for one in agreed],
            "plan": _with_gaps(rng, plan.tolist(), 0.03),
        }
    )


def _with_gaps(rng: np.random.Generator, values: list[Any], part: float) -> list[Any]:
    return [None if gone else one for one, gone in zip(values, rng.random(len(values)) < part, strict=True)]
