"""The scikit-learn face passes scikit-learn's own checks and says what the workflow says."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import segmentry as sg


def test_the_estimator_passes_scikit_learns_own_checks() -> None:
    """check_estimator runs every check that scikit-learn has for clusterers and transformers."""
    results = check_estimator(sg.Segmenter(), on_fail=None, on_skip=None)
    failed = [(one["check_name"], one["exception"]) for one in results if one["status"] == "failed"]
    assert not failed
    assert sum(one["status"] == "passed" for one in results) >= 45


def test_it_finds_k_and_the_groups() -> None:
    points, truth = make_blobs(400, centers=4, cluster_std=0.6, random_state=3)
    fitted = sg.Segmenter().fit(points)
    assert fitted.n_clusters_ == 4
    assert adjusted_rand_score(truth, fitted.labels_) == 1.0
    assert fitted.transform(points).argmin(axis=1).tolist() == fitted.labels_.tolist()
    assert fitted.get_feature_names_out().tolist() == [f"segmenter{one}" for one in range(4)]


def test_it_places_customers_with_gaps() -> None:
    points, _ = make_blobs(300, centers=3, random_state=0)
    fitted = sg.Segmenter(n_clusters=3).fit(points)
    gappy = points.copy()
    gappy[:5, 1] = np.nan
    assert set(fitted.predict(gappy)) <= {0, 1, 2}
    assert fitted.predict(np.full((1, 2), np.nan)).tolist() == [-1]


def test_it_works_in_a_pipeline_and_refuses_what_cannot_be() -> None:
    points, _ = make_blobs(200, centers=2, random_state=1)
    assert len(set(make_pipeline(StandardScaler(), sg.Segmenter(n_clusters=2)).fit_predict(points))) == 2
    with pytest.raises(ValueError, match="cannot be made of"):
        sg.Segmenter(n_clusters=201).fit(points)
