"""Islands too small for a segment are found, and nothing is taken for one."""

import numpy as np
import pytest

from segmentry.stages.evidence.islands import islands


def bell_and(few: int, distance: float, *, n: int = 600, p: int = 3) -> np.ndarray:
    """A bell, and the last few customers so many standard deviations from it."""
    points = np.random.default_rng(4).standard_normal((n, p))
    points[n - few :] = 0.4 * points[n - few :] + distance / np.sqrt(p)
    return points


def test_customers_far_from_everybody_are_an_island() -> None:
    """Sixteen at eight standard deviations: exactly these are found."""
    (found,) = islands(bell_and(16, 8.0), floor=20)
    assert found.tolist() == list(range(584, 600))


@pytest.mark.parametrize(("few", "distance"), [(30, 8.0), (4, 8.0), (16, 0.0)])
def test_no_island_is_made_up(few: int, distance: float) -> None:
    """Enough for a segment, a mere handful, or in the middle of everybody."""
    assert islands(bell_and(few, distance), floor=20) == ()


def test_heavy_tails_and_copies_are_no_islands() -> None:
    """Sparse edges, and customers who are alike."""
    rng = np.random.default_rng(5)
    assert islands(rng.standard_t(3, (600, 4)), floor=20) == ()
    assert islands(np.repeat(rng.standard_normal((60, 4)), 6, axis=0), floor=20) == ()
