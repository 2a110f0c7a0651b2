"""Permutation importance: what it is by hand, and what never changes it."""

import numpy as np
import pytest

from segmentry.stages.profiling.importance import by_centres, by_scorer, permuted
from segmentry.stages.scoring.score import place


def _crowd(gaps: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    segment = rng.integers(0, 3, 600)
    centres = np.array([[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 0.0]])
    points = centres[segment] + rng.normal(size=(600, 3)) * 0.5
    points[rng.random(points.shape) < gaps] = np.nan
    points[np.isnan(points).all(axis=1)] = 0.0
    return points, centres


@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_the_quick_way_places_as_the_scorer_does(gaps: float) -> None:
    """Oracle: the scorer itself, asked anew after every shuffle."""
    points, centres = _crowd(gaps)
    quick = permuted(points, [[0], [1, 2]], by_centres(points, centres), k=3, seed=1)
    slow = permuted(
        points,
        [[0], [1, 2]],
        by_scorer(points, lambda one: place(one, centres, reach=np.inf).segment),
        k=3,
        seed=1,
    )
    assert quick == pytest.approx(slow)


def test_a_feature_that_says_nothing_moves_nobody_and_one_that_says_all_moves_by_chance() -> None:
    """By hand: a shuffled feature gives a customer of the second of two halves the first's value half the time."""
    points = np.repeat([[0.0, 1.0], [9.0, 1.0]], 1_000, axis=0)
    moves = permuted(points, [[0], [1]], by_centres(points, np.array([[0.0, 1.0], [9.0, 1.0]])), k=2, seed=0)
    assert moves[:, 0] == pytest.approx([0.5, 0.5], abs=0.01)
    assert moves[:, 1] == pytest.approx([0.0, 0.0])


def test_the_words_of_a_column_are_shuffled_together() -> None:
    words = np.repeat(np.eye(2), 300, axis=0)
    moves = permuted(words, [[0, 1]], by_centres(words, np.eye(2)), k=2, seed=0)
    assert moves[:, 0] == pytest.approx(moves[:, 1])
    assert moves[0, 0] == pytest.approx(0.5, abs=0.03)


def test_a_segment_without_customers_has_no_importance() -> None:
    points = np.zeros((50, 1))
    moves = permuted(points, [[0]], by_centres(points, np.array([[0.0], [9.0]])), k=2, seed=0)
    assert moves[0, 0] == 0
    assert np.isnan(moves[1, 0])
