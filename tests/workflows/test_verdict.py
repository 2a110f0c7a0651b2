"""METHOD 14: what the verdict must say of sets whose answer is known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import segmentry as sg
from segmentry.records.verdict import VerdictKind

NATURAL = {VerdictKind.NATURAL, VerdictKind.PARTLY_NATURAL}


def table(points: NDArray[np.float64]) -> pd.DataFrame:
    """Columns whose names say nothing."""
    return pd.DataFrame(points, columns=[f"measure_{chr(97 + j)}" for j in range(points.shape[1])])


@pytest.fixture(scope="module")
def intellihack() -> pd.DataFrame:
    """The three hidden groups of an online shop."""
    found = Path(__file__).parents[3] / "shared/data/intellihack/customer_behavior_analytcis.csv"
    if not found.exists():
        pytest.skip("the real data (../shared/data) are not on this machine")
    return pd.read_csv(found)


def test_three_hidden_groups_are_natural(intellihack: pd.DataFrame) -> None:
    """METHOD 14: 3, natural, high; lift .35 +- .02; prediction strength and Jaccard 1.00; p < .001."""
    result = sg.segment(intellihack, compare=False)
    verdict, row = result.verdict, result.evidence.at(3)
    assert (verdict.k, verdict.kind, verdict.confidence) == (3, VerdictKind.NATURAL, "high")
    assert row.resampled is not None
    assert row.resampled.twins.lift == pytest.approx(0.35, abs=0.02)
    assert row.resampled.prediction_strength == pytest.approx(1.0, abs=0.005)
    assert [round(one.jaccard.mean, 2) for one in row.resampled.segments] == [1.0, 1.0, 1.0]
    assert all(one.p_holm < 0.001 for one in row.resampled.borders)
    votes = {vote.method: vote.k for vote in verdict.votes}
    assert votes["Gap statistic"] == 3
    assert votes["Gaussian mixtures (BIC)"] == 3
    assert row.mixture == "diag"
    assert "3 segments (high confidence)" in verdict.sentence
    assert verdict.one_audience


def test_columns_permuted_alone_have_no_groups(intellihack: pd.DataFrame) -> None:
    """METHOD 14: single columns stay two-humped and the gap test alone still rejects; both are needed."""
    rng = np.random.default_rng(0)
    permuted = intellihack.dropna().copy()
    for name in permuted.columns.drop("customer_id"):
        permuted[name] = rng.permutation(permuted[name].to_numpy())
    verdict = sg.segment(permuted, compare=False).verdict
    assert not verdict.grouped
    assert verdict.kind not in NATURAL


def crowd(shape: str) -> NDArray[np.float64]:
    """A set without groups."""
    rng = np.random.default_rng(7)
    return {
        "gaussian": lambda: rng.standard_normal((600, 5)),
        "correlated": lambda: rng.multivariate_normal(
            np.zeros(5), np.full((5, 5), 0.7) + 0.3 * np.eye(5), 600
        ),
        "uniform": lambda: rng.random((600, 5)),
        "log-normal": lambda: rng.lognormal(size=(600, 5)),
        "geometric": lambda: rng.geometric(0.3, size=(1_000, 3)).astype(float),
    }[shape]()


@pytest.mark.parametrize(
    "shape",
    [
        "gaussian",
        *(pytest.param(shape, marks=pytest.mark.slow) for shape in ("correlated", "uniform", "log-normal")),
        pytest.param("geometric", marks=pytest.mark.slow),
    ],
)
def test_a_crowd_without_groups_is_never_natural(shape: str) -> None:
    """METHOD 14: never natural, not grouped, and one audience is on the table."""
    verdict = sg.segment(table(crowd(shape)), compare=False).verdict
    assert verdict.kind not in NATURAL
    assert not verdict.grouped
    assert "One audience is a fair option" in verdict.one_audience


def test_a_group_apart_is_told_among_groups_that_touch() -> None:
    """A fifth of the customers far away from two groups that run into each other."""
    rng = np.random.default_rng(0)
    middles = np.repeat([[-9.0, 0.0], [0.0, 0.0], [0.0, 2.8]], [150, 300, 300], axis=0)
    customers = pd.DataFrame(middles + rng.standard_normal((750, 2)), columns=["spend", "visits"])
    verdict = sg.segment(customers, k=3, effort="quick", compare=False).verdict
    assert verdict.kind is VerdictKind.DISTINCT_OVERLAPPING
    assert "only 1 of them stands apart with empty space around" in verdict.sentence


@pytest.mark.real_data
def test_five_mall_segments_touch(real: Path) -> None:
    """METHOD 14: income and score: 5, distinct and overlapping or partly natural; the gap says 1."""
    mall = pd.read_csv(real / "mall" / "Mall_Customers.csv")
    features = ["Annual Income (k$)", "Spending Score (1-100)"]
    result = sg.segment(mall, features=features, compare=False)
    assert result.verdict.k == 5
    assert result.verdict.kind in {VerdictKind.DISTINCT_OVERLAPPING, VerdictKind.PARTLY_NATURAL}
    assert next(vote.k for vote in result.verdict.votes if vote.method == "Gap statistic") == 1


def recency_frequency_value(orders: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """The logarithms of recency, frequency and mean order value of each customer."""
    found = orders.groupby("customer").agg(
        last=("day", "max"), frequency=("order", "nunique"), spend=("amount", "sum")
    )
    found = found[found["spend"] > 0]
    recency = (pd.Timestamp(as_of) - found["last"]).dt.total_seconds() / 86_400
    return pd.DataFrame(
        {
            "log_r": np.log(recency.clip(lower=0.5)),
            "log_f": np.log(found["frequency"]),
            "log_aov": np.log(found["spend"] / found["frequency"]),
        }
    )


@pytest.mark.real_data
@pytest.mark.slow
def test_buyers_of_compact_discs_are_a_continuum(real: Path) -> None:
    """METHOD 14: CDNOW's log R, F, AOV: a reproducible cut, never natural; lift under .05."""
    [log] = [path for path in (real / "cdnow").iterdir() if "master" in path.name.lower()]
    lines = pd.read_csv(log, sep=r"\s+", header=0, names=["customer", "day", "items", "amount"])
    lines = lines[lines["amount"] > 0]
    lines["day"] = pd.to_datetime(lines["day"].astype(str))
    lines["order"] = lines["day"]
    result = sg.segment(recency_frequency_value(lines, "1998-07-01"), transform="none", compare=False)
    assert result.verdict.kind is VerdictKind.REPRODUCIBLE_CUT
    assert all(row.resampled.twins.lift < 0.05 for row in result.evidence.judged if row.resampled)


@pytest.mark.real_data
@pytest.mark.slow
def test_buyers_of_gifts_are_a_continuum(real: Path) -> None:
    """METHOD 14: Online Retail's log R, F, AOV: a reproducible cut, never natural."""
    lines = pd.read_parquet(real / "online_retail" / "online_retail.parquet")
    kept = lines[
        lines["CustomerID"].notna()
        & ~lines["InvoiceNo"].astype(str).str.startswith("C")
        & (lines["UnitPrice"] > 0)
    ]
    orders = pd.DataFrame(
        {
            "customer": kept["CustomerID"].astype(int),
            "day": pd.to_datetime(kept["InvoiceDate"]),
            "order": kept["InvoiceNo"].astype(str),
            "amount": kept["Quantity"] * kept["UnitPrice"],
        }
    )
    result = sg.segment(recency_frequency_value(orders, "2011-12-10"), transform="none", compare=False)
    assert result.verdict.kind is VerdictKind.REPRODUCIBLE_CUT


def test_a_number_that_is_asked_for_is_judged_too() -> None:
    """The verdict speaks of what was asked for, and of what the evidence would have said."""
    made = sg.datasets.ecommerce(600, seed=2)
    verdict = sg.segment(made.customers, k=5, compare=False).verdict
    assert (verdict.k, verdict.recommended) == (5, 3)
    assert verdict.kind is not VerdictKind.NOT_JUDGED
    assert verdict.sentence.startswith("5 segments were asked for; the evidence speaks for 3 segments.")


def test_the_limits_of_the_business_are_kept() -> None:
    """Never more segments than can be run, never one below the smallest useful size."""
    made = sg.datasets.ecommerce(600, seed=2)
    assert sg.segment(made.customers, max_segments=2, compare=False).verdict.k <= 2
    verdict = sg.segment(made.customers, min_segment_customers=400, compare=False).verdict
    assert verdict.k == 1
    assert "one audience" in verdict.sentence
