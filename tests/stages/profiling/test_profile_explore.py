"""Profiles and exploration against pandas, SciPy and hand-worked cases."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f_oneway

from segmentry.records.moments import LARGEST_D, Moments, cohens_d, eta_squared
from segmentry.stages.exploring import distributions, projection
from segmentry.stages.profiling import profile
from segmentry.stages.scoring.score import place


def placed(values: list[float], segment: list[int], k: int = 2) -> profile.ProfiledCustomers:
    return profile.ProfiledCustomers(
        features=("x",), flags=(False,), values=np.array(values)[:, None], segment=np.array(segment), k=k
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999))
def test_eta_squared_follows_from_the_f_statistic(seed: int) -> None:
    """eta^2 = F df1 / (F df1 + df2), with scipy.stats.f_oneway as the oracle."""
    rng = np.random.default_rng(seed)
    values, groups = rng.normal(size=90), np.arange(90) % 3
    f = f_oneway(*(values[groups == one] for one in range(3))).statistic
    parts = [Moments.of(values[groups == number]) for number in range(3)]
    assert eta_squared(parts) == pytest.approx(f * 2 / (f * 2 + 87))


def test_cohens_d_by_hand() -> None:
    """Means 4 and 1, both variances 4: d = 3 / 2."""
    own, rest = Moments.of(np.array([2.0, 4.0, 6.0])), Moments.of(np.array([-1.0, 1.0, 3.0]))
    assert cohens_d(own, rest) == pytest.approx(1.5)


def test_two_constants_that_differ_by_rounding_alone_do_not_differ() -> None:
    """Ten times 0.1 and seven times 0.1 have means that differ in the last bit; 1 and 2 are infinitely far apart."""
    tenth = [
        Moments(n=10, mean=0.1, variance=0.0),
        Moments(n=7, mean=float(np.nextafter(0.1, 1)), variance=0.0),
    ]
    assert cohens_d(*tenth) == 0.0
    assert cohens_d(Moments.of(np.ones(3)), Moments.of(np.full(3, 2.0))) == -LARGEST_D


def test_importance_is_the_share_of_the_squared_distance_by_hand() -> None:
    """A centre at (3, 4) of a population at (0, 0): 9/25 and 16/25."""
    both = profile.ProfiledCustomers(
        features=("a", "b"),
        flags=(False, False),
        values=np.zeros((4, 2)),
        segment=np.array([0, 0, 1, 1]),
        k=2,
    )
    found = profile.profiles(both, np.array([[3.0, 4.0], [0.0, 1.0]]), np.zeros(2))
    assert [one.importance for one in found[0]] == [0.36, 0.64]


def test_the_median_is_in_raw_units_and_the_index_is_of_means() -> None:
    found = profile.profiles(placed([1, 2, 6, 11], [0, 0, 1, 1]), np.array([[-1.0], [1.0]]), np.zeros(1))
    assert found[1][0].median == 8.5
    assert found[1][0].index == pytest.approx(170.0)


def test_segments_are_ordered_by_value_then_size() -> None:
    segment, value = np.array([0, 0, 1, 2, 2]), np.array([1.0, 1.0, 9.0, 1.0, 1.0])
    assert profile.canonical_order(segment, value, np.array([[0.0], [1.0], [-1.0]])) == [1, 2, 0]
    assert profile.canonical_order(segment, None, np.array([[0.0], [1.0], [-1.0]])) == [2, 0, 1]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999))
def test_correlations_are_those_of_pandas_with_gaps_too(seed: int) -> None:
    """DataFrame.corr (pairwise complete) is the oracle for both kinds."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(60, 3)).cumsum(axis=1).round(1)
    values[rng.random(values.shape) < 0.1] = np.nan
    frame, found = pd.DataFrame(values), distributions.correlations(("a", "b", "c"), values)
    np.testing.assert_allclose(found.pearson, frame.corr(), atol=1e-9)
    np.testing.assert_allclose(found.spearman, frame.corr("spearman"), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=80))
def test_a_histogram_counts_everybody_once(values: list[float]) -> None:
    shape = distributions.distribution("x", np.array(values), flag=False)
    assert shape.counts.sum() == len(values)
    assert (np.diff(shape.edges) > 0).all()


def test_a_histogram_by_segment_adds_up_to_the_whole() -> None:
    rng = np.random.default_rng(0)
    values, segment = rng.gamma(2, size=500), rng.integers(0, 3, 500)
    shape = distributions.distribution("x", values, flag=False)
    parts = distributions.by_segment(shape, values, segment, 3)
    np.testing.assert_array_equal(parts.counts.sum(axis=0), shape.counts)


def test_box_statistics_are_those_of_pandas() -> None:
    values = np.random.default_rng(4).lognormal(size=300)
    shape, series = distributions.distribution("x", values, flag=False), pd.Series(values)
    assert shape.median == pytest.approx(series.median())
    assert shape.q25 == pytest.approx(series.quantile(0.25))
    fence = series.quantile(0.75) + 1.5 * (series.quantile(0.75) - series.quantile(0.25))
    assert shape.outliers_high == (series > fence).sum()


def test_the_map_is_scikit_learns_pca_up_to_sign() -> None:
    """sklearn.decomposition.PCA is the oracle for directions and shares."""
    from sklearn.decomposition import PCA

    points = np.random.default_rng(5).normal(size=(200, 4)) @ np.diag([3.0, 2.0, 1.0, 0.5])
    ours, outside = projection.fit_projection(points, tuple("abcd")), PCA(2).fit(points)
    np.testing.assert_allclose(ours.explained, outside.explained_variance_ratio_)
    np.testing.assert_allclose(np.abs(ours.components), np.abs(outside.components_), atol=1e-9)


def test_every_customer_is_on_the_map_at_any_size() -> None:
    rng = np.random.default_rng(6)
    points = rng.normal(size=(21_000, 3))
    segment = rng.integers(0, 2, 21_000)
    drawn = projection.draw_map(
        points, segment, np.zeros((2, 3)), projection.fit_projection(points, tuple("abc"))
    )
    assert drawn.density.sum() == drawn.customers == 21_000
    assert len(drawn.x) == 0


def test_a_customer_with_gaps_is_placed_by_what_is_known() -> None:
    """By hand: only the first feature is known, 1 from 0 and 3 from 4; d^2 = 2/1 x 1."""
    found = place(np.array([[1.0, np.nan]]), np.array([[0.0, 9.0], [4.0, 9.0]]), reach=1.0)
    assert (found.segment[0], found.rival[0]) == (0, 1)
    assert found.distance[0] == pytest.approx(np.sqrt(2))
    assert found.confidence[0] == pytest.approx(1 - 1 / 3)
    assert found.out_of_range[0]


def test_nobody_is_placed_on_nothing() -> None:
    found = place(np.array([[np.nan, np.nan]]), np.zeros((2, 2)), reach=1.0)
    assert (found.segment[0], found.confidence[0]) == (-1, 0.0)
    assert found.levels()[0] == "low"


def test_columns_missing_together_are_a_block() -> None:
    gaps = np.array([[True, True, False]] * 3 + [[False, False, True]] + [[False] * 3] * 5)
    blocks = distributions.missing_blocks(("a", "b", "c"), gaps)
    assert [(one.columns, one.rows) for one in blocks] == [(("a", "b"), 3), (("c",), 1)]


@pytest.mark.parametrize("last", [60, 99, 1_000])
def test_counts_fall_into_bins_of_as_many_whole_numbers_each(last: int) -> None:
    """Every number from 0 equally often: but for the last bin, which may reach beyond, all bins are equally high."""
    found = distributions.distribution("orders", np.repeat(np.arange(last + 1.0), 100), flag=False)
    assert set(np.diff(found.edges)) == {np.ceil(np.diff(found.edges)[0])}
    assert len(set(found.counts[:-1].tolist())) == 1
    assert found.counts.sum() == 100 * (last + 1)
