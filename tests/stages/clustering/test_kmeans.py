"""K-means finds what the best outside searches find, and never does worse with more segments."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as pa_csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.cluster import KMeans as Outside
from sklearn.metrics import adjusted_rand_score

from segmentry.stages.clustering.kmeans import KMeans, assign, lloyd_pass, polish

PUBLISHED = [2432.75, 884.58, 778.82, 700.34, 638.50, 571.14, 540.49, 507.16, 480.29]


def intellihack(real: Path) -> NDArray[np.float64]:
    table = pa_csv.read_csv(real / "intellihack" / "customer_behavior_analytcis.csv")
    values = np.column_stack([table[name].to_numpy() for name in table.column_names[:5]]).astype(float)
    filled = np.where(np.isnan(values), np.nanmedian(values, axis=0), values)
    return (filled - filled.mean(axis=0)) / filled.std(axis=0)


@pytest.mark.real_data
@pytest.mark.parametrize("seed", range(10))
def test_inertia_is_as_good_as_the_published_one_for_every_seed(real: Path, seed: int) -> None:
    """The notebook project's inertias for k = 2..10: at most 0.25 % above, not above at k = 2..4."""
    points = intellihack(real)
    order = np.lexsort(points.T)
    found = KMeans()(points[order], ks=range(2, 11), seed=seed)
    for one, published in zip(found, PUBLISHED, strict=True):
        assert one.inertia <= published * (1.0000057 if one.k <= 4 else 1.0025), one.k


def blobs(seed: int, n: int, p: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)) + 4 * rng.integers(0, 3, size=(n, 1))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(30, 120), p=st.integers(1, 4))
def test_more_segments_never_leave_more_unexplained(seed: int, n: int, p: int) -> None:
    found = KMeans(starts=2, splits=3)(blobs(seed, n, p), ks=range(1, 7), seed=seed)
    inertias = [one.inertia for one in found]
    assert all(later <= earlier * (1 + 1e-9) for earlier, later in pairwise(inertias))


def test_the_search_is_at_least_as_good_as_ten_outside_starts() -> None:
    """scikit-learn's KMeans with ten k-means++ starts is the outside search."""
    points = np.random.default_rng(3).gamma(2.0, size=(600, 4))
    for one in KMeans()(points, ks=range(2, 8), seed=1):
        outside = Outside(one.k, n_init=10, random_state=0).fit(points).inertia_
        assert one.inertia <= outside * 1.0005


def test_the_same_seed_gives_the_same_bytes() -> None:
    points = blobs(5, 400, 3)
    first, again = (KMeans()(points, ks=(4,), seed=9)[0] for _ in range(2))
    assert first.centres.tobytes() == again.centres.tobytes()


class OneThread(ThreadPoolExecutor):
    """A pool of one."""

    def __init__(self, **options: Any) -> None:
        """Whatever else is asked for, one thread."""
        super().__init__(**{**options, "max_workers": 1})


def test_threads_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    points = blobs(6, 400, 3)
    monkeypatch.setattr("segmentry.stages.clustering.kmeans.PARALLEL_FROM", 1)
    monkeypatch.setattr("segmentry.stages.clustering.kmeans.ThreadPoolExecutor", OneThread)
    alone = KMeans()(points, ks=(5,), seed=2)[0]
    monkeypatch.undo()
    monkeypatch.setattr("segmentry.stages.clustering.kmeans.PARALLEL_FROM", 1)
    together = KMeans()(points, ks=(5,), seed=2)[0]
    assert alone.centres.tobytes() == together.centres.tobytes()


def test_polishing_a_sample_reaches_the_outside_solution_on_all() -> None:
    """Lloyd from the sample's centres ends where scikit-learn ends from the same start."""
    points = blobs(7, 20_000, 3)
    start = KMeans()(points[::20], ks=(3,), seed=0)[0].centres
    centres, inertia, _ = polish(points, start, passes=300, tolerance=0.0)
    outside = Outside(3, init=start, n_init=1, tol=0, max_iter=300).fit(points)
    assert inertia == pytest.approx(outside.inertia_, rel=1e-9)
    assert adjusted_rand_score(assign(points, centres)[0], outside.labels_) == 1.0


def test_one_pass_counts_and_sums_by_hand() -> None:
    """Worked out by hand: 0 and 1 are nearest to 0, 10 to 10."""
    points = np.array([[0.0], [1.0], [10.0]])
    sums, counts, inertia = lloyd_pass(points, np.array([[0.0], [10.0]]))
    assert sums.tolist() == [[1.0], [10.0]]
    assert counts.tolist() == [2.0, 1.0]
    assert inertia == pytest.approx(1.0)


def test_two_solutions_that_tie_are_called_a_near_tie() -> None:
    """A ring cut in two: every direction of the cut is as good as another."""
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    assert KMeans()(ring, ks=(2,), seed=0)[0].near_tie


def test_clear_groups_are_not_a_near_tie() -> None:
    rng = np.random.default_rng(0)
    groups = np.vstack([rng.normal(centre, 0.3, size=(100, 2)) for centre in (0.0, 5.0, 10.0)])
    assert not KMeans()(groups, ks=(3,), seed=0)[0].near_tie


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "k", "outside"),
    [("hepta", 7, 1.0), ("lsun", 3, 0.441), ("s1", 15, 0.987), ("aggregation", 7, 0.762), ("iris", 3, 0.730)],
)
def test_known_groups_are_found_as_well_as_outside_k_means_finds_them(
    real: Path, name: str, k: int, outside: float
) -> None:
    """The adjusted Rand indices computed outside for the labelled sets at the true k."""
    points = np.loadtxt(real / "labelled" / f"{name}.data.gz")
    labels = np.loadtxt(real / "labelled" / f"{name}.labels.gz")
    found = KMeans()(points, ks=(k,), seed=0)[0]
    assert adjusted_rand_score(labels, assign(points, found.centres)[0]) >= outside - 0.03
