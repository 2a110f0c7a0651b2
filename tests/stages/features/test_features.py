"""The recipe: transforms, clipping and scaling, against SciPy and scikit-learn."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import skew, yeojohnson
from sklearn.impute import KNNImputer
from sklearn.preprocessing import StandardScaler

from segmentry.records.columns import Column, Format, Kind, Role
from segmentry.records.recipe import Transform, transformed
from segmentry.records.settings import ScalingSettings
from segmentry.stages.cleaning.impute import knn_imputed, median_imputed
from segmentry.stages.features.recipe import Given, fit_recipe, near_duplicates


def column(name: str, kind: Kind = Kind.NUMBER) -> Given:
    return Given(
        column=Column(name=name, feature=name, format=Format(kind=kind), role=Role.SEGMENTATION, reason="")
    )


def recipe_of(values: NDArray[np.float64], how: ScalingSettings | None = None, kind: Kind = Kind.NUMBER):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return fit_recipe(values[:, None], (column("x", kind),), how or ScalingSettings(), seed=0)


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (RNG.normal(size=500), Transform.IDENTITY),
        (RNG.uniform(size=500), Transform.IDENTITY),
        (RNG.lognormal(3, 1, 500), Transform.LOG1P),
        (RNG.geometric(0.3, 500).astype(float) - 1, Transform.LOG1P),
        (-RNG.lognormal(0, 1, 500), Transform.YEO_JOHNSON),
        (np.append(RNG.normal(0, 1, 450), RNG.normal(9, 1, 80)), Transform.IDENTITY),
    ],
    ids=["bell", "share", "money", "counts", "negative tail", "two humps"],
)
def test_the_simplest_transform_that_tames_the_skew_is_taken(
    values: NDArray[np.float64], expected: Transform
) -> None:
    """METHOD 2.3's rule; bimodal is not skew."""
    assert recipe_of(values).steps[0].transform is expected


def test_yeo_johnson_is_that_of_scipy() -> None:
    """scipy.stats.yeojohnson with the power that it chooses itself is the oracle."""
    values = RNG.normal(size=400) ** 3
    outside, power = yeojohnson(values)
    np.testing.assert_allclose(transformed(values, Transform.YEO_JOHNSON, power), outside, atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(power=st.floats(-3, 5).map(lambda one: round(one, 3)), seed=st.integers(0, 999))
def test_yeo_johnson_agrees_with_scipy_for_any_power(power: float, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=50) * 3
    np.testing.assert_allclose(
        transformed(values, Transform.YEO_JOHNSON, power), yeojohnson(values, power), rtol=1e-7, atol=1e-9
    )


def test_scaling_is_that_of_scikit_learn() -> None:
    """StandardScaler (population standard deviation) is the oracle."""
    values = RNG.normal(50, 7, (300, 1))
    ours = fit_recipe(values, (column("x"),), ScalingSettings(clip="none"), seed=0)(values)
    np.testing.assert_allclose(ours, StandardScaler().fit_transform(values), atol=1e-9)


def test_extremes_are_pulled_in_for_distances_only() -> None:
    """By hand: the median of 0..100 is 50 and its MAD 25, so the limit is 50 + 3.5 x 1.4826 x 25."""
    values = np.append(np.arange(101.0), 1e6)
    step = recipe_of(values, ScalingSettings(transform="none")).steps[0]
    assert step.clip_high == pytest.approx(50.5 + 3.5 * 1.4826 * 25.5, abs=0.6)
    assert "1 value pulled in" in step.reason


def test_two_valued_columns_stay_nought_and_one() -> None:
    step = recipe_of(np.array([0.0, 1.0, 1.0, 0.0]), kind=Kind.FLAG).steps[0]
    assert (step.centre, step.scale, step.transform) == (0.0, 1.0, Transform.IDENTITY)


def test_the_median_stands_in_where_it_is_asked_for() -> None:
    values = np.array([1.0, 2.0, np.nan, 9.0])
    recipe = fit_recipe(values[:, None], (column("x"),), ScalingSettings(), missing="median", seed=0)
    assert recipe.steps[0].fill == 2.0


def test_of_near_duplicates_one_is_kept_whatever_the_order() -> None:
    values = RNG.normal(size=(100, 3))
    values[:, 2] = values[:, 0] + 1e-6
    spearman = np.corrcoef(values, rowvar=False)
    assert near_duplicates(values, ("spend", "visits", "spend_eur"), spearman) == {"spend_eur": "spend"}
    turned = spearman[::-1, ::-1]
    assert near_duplicates(values[:, ::-1], ("spend_eur", "visits", "spend"), turned) == {
        "spend_eur": "spend"
    }


def test_gaps_are_filled_as_scikit_learns_knn_imputer_fills_them() -> None:
    """KNNImputer(10, weights='distance') on the complete rows is the oracle."""
    points = RNG.normal(size=(200, 4))
    points[:20, 1] = np.nan
    outside = KNNImputer(n_neighbors=10, weights="distance").fit(points[20:]).transform(points)
    np.testing.assert_allclose(knn_imputed(points), outside)


def test_donors_are_complete_customers_only() -> None:
    """A customer with a gap of its own is no donor, though its value is nearest."""
    points = np.vstack([np.full((15, 2), 5.0), [[0.0, np.nan]], [[np.nan, 0.0]]])
    assert knn_imputed(points)[15, 1] == pytest.approx(5.0)


def test_nothing_known_of_anyone_is_filled_with_the_middle() -> None:
    assert median_imputed(np.array([[np.nan], [np.nan]])).tolist() == [[0.0], [0.0]]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999))
def test_the_recipe_does_not_depend_on_the_order_of_the_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.geometric(0.2, 120).astype(float)
    one, other = (recipe_of(some).steps[0] for some in (values, rng.permutation(values)))
    assert replace(one, centre=0, scale=1) == replace(other, centre=0, scale=1)
    assert other.centre == pytest.approx(one.centre, rel=1e-11)


def test_skew_is_that_of_scipy() -> None:
    """scipy.stats.skew is the oracle for what the reasons say."""
    values = RNG.lognormal(3, 1, 500)
    assert f"skew {skew(values):.2f}" in recipe_of(values).steps[0].reason
