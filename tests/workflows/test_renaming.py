"""What columns are called, and in which order columns and rows stand, decides nothing."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import segmentry as sg
from segmentry.stages.features.order import by_content

NAMES = ("alpha", "beta", "gamma", "delta")
SLOW = ("groups", "bell", "counts")
KINDS = ("shuffled", *(pytest.param(kind, marks=pytest.mark.slow) for kind in SLOW))


def table(kind: str) -> pd.DataFrame:
    """150 customers: groups that touch, none, columns with the same values in other rows, or counts with ties."""
    rng = np.random.default_rng(3)
    bell = rng.standard_normal((150, 4))
    points = {
        "groups": bell + np.repeat([[0, 0, 0, 0], [3, 0, 1, 0], [0, 3, 0, 1]], 50, axis=0),
        "bell": bell,
        "shuffled": np.stack([rng.permutation(bell[:, 0]) for _ in NAMES], axis=1),
        "counts": rng.poisson(4, (150, 4)).astype(float),
    }[kind]
    return pd.DataFrame(points, columns=list(NAMES)).assign(customer_id=[f"K{row:03d}" for row in range(150)])


def outcome(customers: pd.DataFrame) -> tuple[object, ...]:
    """Kind, number, confidence, and each customer's segment number by id."""
    result = sg.segment(customers, effort="quick", compare=False)
    ids, segments = result.run.survey.customers.ids, result.run.assignment.segment
    placed = sorted(zip(ids.tolist(), segments.tolist(), strict=True))
    return result.verdict.kind, result.verdict.k, result.verdict.confidence, placed


@cache
def plain(kind: str) -> tuple[object, ...]:
    """The outcome of the table as it is."""
    return outcome(table(kind))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=2, phases=[Phase.generate])
@given(
    names=st.permutations(NAMES), columns=st.permutations((*NAMES, "customer_id")), seed=st.integers(0, 99)
)
def test_other_names_and_orders_leave_verdict_and_customers_as_they_are(
    kind: str, names: list[str], columns: list[str], seed: int
) -> None:
    """Kind, number, confidence and everybody's segment are those of the table as it was."""
    renamed = table(kind).rename(columns=dict(zip(NAMES, names, strict=True)))
    assert outcome(renamed[columns].sample(frac=1, random_state=seed)) == plain(kind)


@given(st.permutations(range(5)), st.integers(0, 1_000))
def test_the_order_of_features_follows_their_values(columns: list[int], seed: int) -> None:
    """Wherever a feature stands and whatever it is called, it takes the same place."""
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 4, (40, 5)).astype(float)
    values[:, 4] = rng.permutation(values[:, 0])
    values[:7, 1] = np.nan
    moved = rng.permutation(values[:, columns])
    first = values[:, by_content(values, list("abcde"))]
    second = moved[:, by_content(moved, list("vwxyz"))]
    assert np.array_equal(np.sort(first, axis=0), np.sort(second, axis=0), equal_nan=True)
