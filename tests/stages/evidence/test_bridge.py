"""The bridge between segments: thin where there is empty space whatever the shape, thick inside one body."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from segmentry.records.evidence import CONNECTED, EMPTY
from segmentry.stages.evidence.bridge import bridges, landscape

Floats = NDArray[np.float64]


def thinness(points: Floats, labels: NDArray[np.int64]) -> list[float]:
    """How crowded the way between each pair is at its thinnest."""
    k = int(labels.max()) + 1
    return [way.thinness for way in bridges(landscape(points), {k: labels})[k]]


def bells(distance: float, *, n: int = 400, p: int = 3) -> tuple[Floats, NDArray[np.int64]]:
    """Two bells of equal size, so many standard deviations apart, cut halfway."""
    points = np.random.default_rng(1).standard_normal((n, p))
    points[n // 2 :, 0] += distance
    return points, (points[:, 0] > distance / 2).astype(np.int64)


def rings(n: int = 250) -> tuple[Floats, NDArray[np.int64]]:
    """Two interlocked rings in three dimensions, and which of them a customer is on."""
    rng = np.random.default_rng(2)
    turn, none = rng.uniform(0, 2 * np.pi, n), np.zeros(n)
    first = np.stack([np.cos(turn), np.sin(turn), none], axis=1)
    second = np.stack([1 + np.cos(turn), none, np.sin(turn)], axis=1)
    return np.vstack([first, second]) + 0.06 * rng.standard_normal((2 * n, 3)), np.repeat([0, 1], n)


@pytest.mark.parametrize(
    ("distance", "least", "most"), [(8.0, 0.0, EMPTY), (2.0, CONNECTED, np.inf), (0.0, 1.0, np.inf)]
)
def test_two_bells_are_apart_only_when_they_are_far_apart(distance: float, least: float, most: float) -> None:
    """Eight standard deviations leave empty space, two do not, and a cut through one bell is no border."""
    (found,) = thinness(*bells(distance))
    assert least <= found <= most


def test_interlocked_rings_are_two_bodies_and_pieces_of_a_ring_are_one() -> None:
    """Each ring is connected along itself, however straight lines run; the two rings are not."""
    points, ring = rings()
    assert max(thinness(points, ring)) < EMPTY
    halves = 2 * ring + (points[:, 1] + points[:, 2] > 0)
    within = {(0, 1), (2, 3)}
    for way in bridges(landscape(points), {4: halves})[4]:
        assert (way.thinness > EMPTY) == ((way.first, way.second) in within)


def test_a_cut_along_parallel_bars_is_through_bodies() -> None:
    """Bars four times as long as they are apart: the cut across leaves no empty space, the one between does."""
    rng = np.random.default_rng(3)
    points = np.stack([rng.uniform(0, 4, 600), np.repeat([0.0, 1.0], 300) + rng.normal(0, 0.06, 600)], axis=1)
    assert max(thinness(points, (points[:, 0] > 2).astype(np.int64))) > EMPTY
    assert max(thinness(points, np.repeat([0, 1], 300))) < EMPTY


def test_customers_who_are_all_alike_are_one_body() -> None:
    """Where most customers have more than ten copies there is no scale to measure emptiness by."""
    points = np.repeat([[0.0, 0.0], [1.0, 1.0]], 50, axis=0)
    assert thinness(points, np.repeat([0, 1], 50)) == [1.0]


@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_unit_and_order_change_nothing(seed: int, unit: float) -> None:
    """Other units, and the customers in another order: the same way."""
    rng = np.random.default_rng(seed)
    points, labels = rng.standard_normal((60, 3)), rng.integers(0, 3, 60)
    labels[:3] = range(3)
    order = rng.permutation(60)
    plain, other = thinness(points, labels), thinness(points[order] * unit, labels[order])
    assert other == pytest.approx(plain, rel=1e-6)
