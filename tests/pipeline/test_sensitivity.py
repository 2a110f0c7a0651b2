"""Other choices beside the run's: which of them matters, and what shares a weight."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

import segmentry as sg
from segmentry.stages.features.themes import themes, weights


def groups(seed: int, n: int = 600) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Three overlapping groups in three features, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=n)
    centres = np.array([[0, 0, 0], [3, 0, 2], [0, 3, -2]]) * 0.9
    return rng.normal(size=(n, 3)) + centres[truth], truth


def table(points: NDArray[np.float64]) -> pd.DataFrame:
    """Columns whose names say nothing."""
    return pd.DataFrame(points, columns=[f"measure_{chr(97 + j)}" for j in range(points.shape[1])])


@pytest.mark.parametrize("seed", range(3))
def test_near_copies_of_noise_do_not_take_over(seed: int) -> None:
    """METHOD 14: two near-copies of a noise feature cost at most .03 of truth-ARI under theme weights."""
    points, truth = groups(seed)
    rng = np.random.default_rng(100 + seed)
    noise = rng.normal(size=len(points))
    copies = [noise + 0.3 * rng.normal(size=len(points)) for _ in range(3)]

    def agreement(made: pd.DataFrame, **options: str) -> float:
        result = sg.segment(made, k=3, effort="quick", compare=False, **options)
        return float(adjusted_rand_score(truth, result.customers["segment"].to_pylist()))

    once = agreement(table(np.column_stack([points, copies[0]])))
    thrice = table(np.column_stack([points, *copies]))
    assert agreement(thrice) >= once - 0.03
    assert agreement(thrice, themes="none") < once - 0.2


def test_what_the_segments_make_is_no_theme() -> None:
    """Two features that only the groups correlate keep their weight; two that move together inside share one."""
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1], 200)
    apart = rng.normal(size=(400, 2)) + 6.0 * truth[:, None]
    assert abs(np.corrcoef(apart.T)[0, 1]) > 0.85
    assert themes(apart, truth) == ()
    together = np.column_stack([apart, apart[:, 0] + 0.3 * rng.normal(size=400)])
    assert themes(together, truth) == ((0, 2),)
    assert weights([(0, 2)], 3).tolist() == pytest.approx([2**-0.5, 1.0, 2**-0.5])


def test_clear_groups_are_the_same_whatever_is_chosen() -> None:
    """Every other choice gives the same segments, and the run says that scaling does not matter."""
    compared = sg.segment(sg.datasets.ecommerce(400, seed=1).customers, effort="quick").run.comparison
    choices = {one.choice for one in compared.alternatives}
    assert {"scaling", "outliers", "skew", "gaps", "seed"} <= choices
    assert all(one.agreement > 0.9 for one in compared.alternatives if one.choice != "algorithm")
    assert compared.scaling_sentence.startswith("Scaling does not matter here")
    matrix = np.array(compared.between_scalings)
    assert matrix.shape == (4, 4)
    assert (np.diag(matrix) == 1).all()


def test_one_loud_feature_makes_scaling_matter() -> None:
    """In raw units a feature in thousands makes the segments alone; the run says which basis is better."""
    points, _ = groups(1)
    loud = table(points * np.array([5_000.0, 1.0, 1.0]))
    compared = sg.segment(loud, k=3, effort="quick").run.comparison
    raw = next(one for one in compared.alternatives if one.option == "raw units")
    assert raw.agreement < 0.7
    assert compared.scaling_sentence.startswith("Scaling matters here")
    assert compared.most_influential is not None


def test_all_combinations_are_tried_with_thorough_effort() -> None:
    """Scaling x outliers x skew: 16 of them, without gaps in the data."""
    points, _ = groups(2, 120)
    compared = sg.segment(table(points), k=3, effort="thorough").run.comparison
    assert (
        next(one for one in compared.alternatives if one.choice == "all choices").option
        == "all 16 combinations"
    )


def test_comparing_can_be_left_out() -> None:
    """Then only what is shipped is in the table."""
    points, _ = groups(3, 120)
    compared = sg.segment(table(points), k=2, effort="quick", compare=False).run.comparison
    assert [row.shipped for row in compared.algorithms] == [True]
    assert compared.alternatives == ()
