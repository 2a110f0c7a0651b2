"""Features that hide groups are told from those that hold them."""

import numpy as np

from segmentry.stages.evidence.mute import mute


def test_noise_is_mute_and_what_holds_groups_is_not() -> None:
    """Three groups in three features, beside three columns of noise."""
    rng = np.random.default_rng(0)
    centres = np.array([[0.0, 0, 0], [4, 4, 0], [0, 4, 4]])
    points = np.hstack(
        [np.repeat(centres, 80, axis=0) + rng.standard_normal((240, 3)), rng.standard_normal((240, 3))]
    )
    assert mute(points).tolist() == [False] * 3 + [True] * 3


def test_a_bent_link_is_a_link() -> None:
    """A square has no correlation with its root, and is no noise; two humps alone are no noise either."""
    rng = np.random.default_rng(1)
    first = rng.standard_normal(400)
    humps = rng.standard_normal(400) + 8 * (rng.random(400) < 0.5)
    points = np.stack([first, first**2 + rng.normal(0, 0.3, 400), humps, rng.standard_normal(400)], axis=1)
    assert mute(points).tolist() == [False, False, False, True]


def test_features_that_are_all_alike_are_no_trouble() -> None:
    """A constant among them."""
    points = np.stack([np.ones(50), np.arange(50.0)], axis=1)
    assert mute(points).tolist() == [True, True]
