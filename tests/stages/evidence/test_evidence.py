"""The evidence for k against scikit-learn's own numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    calinski_harabasz_score,
    davies_bouldin_score,
    silhouette_samples,
    silhouette_score,
)

from segmentry.stages.evidence import elbow, separation, silhouette


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 9999), n=st.integers(6, 90), k=st.integers(2, 5))
def test_silhouettes_are_those_of_scikit_learn(seed: int, n: int, k: int) -> None:
    """sklearn.metrics.silhouette_samples is the oracle, segments of one included."""
    rng = np.random.default_rng(seed)
    points, labels = rng.normal(size=(n, 3)), np.append(np.arange(k), rng.integers(0, k, n - k))
    ours = silhouette.silhouettes(points, [labels])[0]
    np.testing.assert_allclose(ours, silhouette_samples(points, labels), atol=1e-7)


def test_every_labeling_is_judged_from_one_set_of_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small blocks give what one block gives; sklearn's silhouette_score is the oracle."""
    monkeypatch.setattr(silhouette, "CELLS", 64 * 500)
    rng = np.random.default_rng(1)
    points = rng.normal(size=(500, 4))
    labelings = [rng.integers(0, k, 500) for k in (2, 3, 7)]
    for scores, labels in zip(silhouette.silhouettes(points, labelings), labelings, strict=True):
        assert scores.mean() == pytest.approx(silhouette_score(points, labels), abs=1e-8)


def test_macro_silhouette_lets_a_small_bad_segment_count() -> None:
    """By hand: segment means 1.0 and -0.5, whatever their sizes."""
    scores, labels = np.array([1.0] * 98 + [-0.5] * 2), np.array([0] * 98 + [1] * 2)
    assert silhouette.macro(scores, labels) == pytest.approx(0.25)
    assert scores.mean() == pytest.approx(0.97)


def test_separation_indices_are_those_of_scikit_learn() -> None:
    """calinski_harabasz_score and davies_bouldin_score are the oracles."""
    rng = np.random.default_rng(2)
    points, labels = rng.normal(size=(300, 3)), rng.integers(0, 4, 300)
    centres = np.array([points[labels == one].mean(axis=0) for one in range(4)])
    distances = np.linalg.norm(points - centres[labels], axis=1)
    total = float(((points - points.mean(axis=0)) ** 2).sum())
    ours = separation.calinski_harabasz(total=total, within=float((distances**2).sum()), k=4, n=300)
    assert ours == pytest.approx(calinski_harabasz_score(points, labels))
    assert separation.davies_bouldin(distances, labels, centres) == pytest.approx(
        davies_bouldin_score(points, labels)
    )


def test_the_published_curve_bends_at_three() -> None:
    """The notebook project's inertias, elbow at 3."""
    published = [2432.75, 884.58, 778.82, 700.34, 638.50, 571.14, 540.49, 507.16, 480.29]
    assert elbow.elbow(range(2, 11), published) == 3


def test_a_straight_line_has_no_elbow() -> None:
    """Whatever rounding makes of it."""
    assert elbow.elbow([2, 3, 4, 5], [4.0, 3.0, 2.0, 1.0]) is None
    assert elbow.elbow([2, 3, 4, 5, 6], [4.0, 3.2, 2.4000000000000004, 1.6, 0.8]) is None


@settings(max_examples=60, deadline=None)
@given(drops=st.lists(st.floats(0.01, 100), min_size=3, max_size=12))
def test_the_elbow_is_that_of_kneed(drops: list[float]) -> None:
    """kneed.KneeLocator (convex, decreasing, S = 1, without interpolation) is the oracle."""
    from kneed import KneeLocator

    inertias = list(np.cumsum(sorted(drops))[::-1])
    ks = list(range(2, 2 + len(inertias)))
    outside = KneeLocator(ks, inertias, S=1.0, curve="convex", direction="decreasing").knee
    if np.allclose(np.diff(inertias, 2), 0, atol=1e-9 * np.ptp(inertias)):  # straight: kneed sees rounding
        outside = None
    assert elbow.elbow(ks, inertias) == (None if outside is None else int(outside))
