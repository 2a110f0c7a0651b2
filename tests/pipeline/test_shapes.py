"""Groups that are not round are named; what is round, or one body, is not."""

import numpy as np
import pytest
from numpy.typing import NDArray

import segmentry as sg
from segmentry.stages.evidence.bridge import MOST

Floats = NDArray[np.float64]


def crescents(n: int) -> Floats:
    """Two half moons that reach into each other."""
    rng = np.random.default_rng(0)
    side, turn = np.repeat([0, 1], n // 2), rng.uniform(0, np.pi, n)
    points = np.stack([np.cos(turn) + side, np.sin(turn) * (1 - 2 * side) + 0.35 * side], axis=1)
    return points + rng.normal(0, 0.08, (n, 2))


def ring(n: int) -> Floats:
    """One ring of even width."""
    rng = np.random.default_rng(1)
    turn = rng.uniform(0, 2 * np.pi, n)
    return np.stack([np.cos(turn), np.sin(turn)], axis=1) + rng.normal(0, 0.12, (n, 2))


def judged(points: Floats, **options: object) -> sg.Result:
    """The run on columns whose names say nothing."""
    import pandas as pd

    named = pd.DataFrame(points, columns=[f"measure_{at}" for at in range(points.shape[1])])
    return sg.segment(named, effort="quick", **options)


@pytest.fixture(scope="module")
def moons() -> sg.Result:
    """Half moons, algorithms compared."""
    return judged(crescents(300))


def test_interleaved_half_moons_are_named_and_hdbscan_is_recommended(moons: sg.Result) -> None:
    """K-means cuts both: never natural; HDBSCAN's two islands are in the verdict and in the comparison."""
    shape = moons.evidence.shape
    assert shape is not None
    assert (shape.k, shape.is_number) == (2, False)
    assert moons.verdict.kind != "natural"
    assert "The groups are not round" in moons.verdict.sentence
    assert "choose algorithm = hdbscan" in moons.verdict.sentence
    assert moons.run.comparison.recommended == "hdbscan"


def test_what_was_named_is_what_one_option_ships() -> None:
    """With algorithm = hdbscan there are the two half moons."""
    result = judged(crescents(300), algorithm="hdbscan", compare=False)
    found, truth = result.run.assignment.segment, np.repeat([0, 1], 150)
    assert max((found == truth).mean(), (found == 1 - truth).mean()) >= 0.95
    assert "there are 2, with empty space between all of them" in result.verdict.sentence


def test_one_ring_is_never_groups() -> None:
    """Tighter than its copies, dips and all: one body, so a cut or a construction, and no shape of several groups."""
    result = judged(ring(300), compare=False)
    assert not result.verdict.grouped
    assert result.evidence.shape is None


@pytest.mark.slow
def test_many_customers_are_looked_at_on_a_sample() -> None:
    """Above 2,000 customers the shape is found on a sample of them."""
    assert judged(crescents(MOST + 400), compare=False).evidence.shape is not None
