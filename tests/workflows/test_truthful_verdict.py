"""The whole verdict on small tables whose truth is known: what it must say, and what it must never say."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

import segmentry as sg
from segmentry.records.verdict import VerdictKind

Floats = NDArray[np.float64]

NATURAL = {VerdictKind.NATURAL, VerdictKind.PARTLY_NATURAL}
NO_GROUPS = {VerdictKind.REPRODUCIBLE_CUT, VerdictKind.CONSTRUCTIVE, VerdictKind.NOT_JUDGED}


def judged(points: Floats, **options: object) -> sg.Result:
    """The run on columns whose names say nothing."""
    named = pd.DataFrame(points, columns=[f"measure_{at:02d}" for at in range(points.shape[1])])
    return sg.segment(named, compare=False, effort="quick", **options)


def ring(rng: Generator, n: int) -> Floats:
    """One ring of even width."""
    turn = rng.uniform(0, 2 * np.pi, n)
    return np.stack([np.cos(turn), np.sin(turn)], axis=1) + rng.normal(0, 0.1, (n, 2))


def two_rings(rng: Generator, n: int) -> Floats:
    """Two interlocked rings in three features."""
    turn, none = rng.uniform(0, 2 * np.pi, n), np.zeros(n)
    first = np.stack([np.cos(turn), np.sin(turn), none], axis=1)
    second = np.stack([1 + np.cos(turn), none, np.sin(turn)], axis=1)
    return np.where((np.arange(n) < n // 2)[:, None], first, second) + rng.normal(0, 0.05, (n, 3))


def bells(rng: Generator, n: int, distance: float) -> Floats:
    """Two round groups in two features, so many standard deviations apart."""
    points = rng.standard_normal((n, 2))
    points[n // 2 :] += distance / np.sqrt(2)
    return points


def parabola(rng: Generator, n: int) -> Floats:
    """One feature depends on the square of another."""
    first = rng.standard_normal(n)
    return np.stack([first, first**2 + rng.normal(0, 0.5, n), rng.standard_normal(n)], axis=1)


def uneven(rng: Generator, n: int) -> Floats:
    """A bell of which a third is three times as wide."""
    return rng.standard_normal((n, 3)) * np.where(rng.random(n) < 0.3, 3.0, 1.0)[:, None]


def copies(rng: Generator, n: int) -> Floats:
    """Sixty customers, each six times."""
    return np.repeat(rng.standard_normal((60, 4)), 6, axis=0)


def simplex(rng: Generator, n: int) -> Floats:
    """Shares of one whole, evenly spread."""
    return rng.dirichlet(np.ones(5), n)[:, :-1]


@pytest.mark.parametrize("make", [ring, simplex, parabola, uneven, copies])
def test_a_cloud_without_groups_is_a_cut_or_a_construction(make: Callable[[Generator, int], Floats]) -> None:
    """Bent, pointed, uneven and copied clouds are tighter than their copies, but no groups."""
    verdict = judged(make(np.random.default_rng(2), 300)).verdict
    assert verdict.kind in NO_GROUPS
    assert not verdict.grouped
    assert verdict.confidence != "high"


def test_interlocked_rings_are_never_natural_pieces() -> None:
    """K-means cuts both rings; HDBSCAN's two are named."""
    result = judged(two_rings(np.random.default_rng(0), 400))
    assert result.verdict.kind not in NATURAL
    assert result.evidence.shape is not None
    assert result.evidence.shape.k == 2
    assert "The groups are not round" in result.verdict.sentence


@pytest.mark.parametrize(
    ("distance", "kinds"),
    [(6.0, {VerdictKind.NATURAL}), (2.5, {VerdictKind.DISTINCT_OVERLAPPING})],
)
def test_how_far_two_round_groups_lie_apart_decides_the_word(
    distance: float, kinds: set[VerdictKind]
) -> None:
    """Six standard deviations are empty space, two and a half are groups that touch."""
    verdict = judged(bells(np.random.default_rng(0), 500, distance)).verdict
    assert verdict.k == 2
    assert verdict.kind in kinds


def test_a_handful_far_from_everybody_is_named_and_listed() -> None:
    """Sixteen customers at eight standard deviations from a bell: no word of 'not islands', and all sixteen ids."""
    rng = np.random.default_rng(0)
    points = rng.standard_normal((500, 3))
    points[484:] = 0.4 * points[484:] + 8 / np.sqrt(3)
    result = judged(points)
    assert result.evidence.islands == (16,)
    assert "16 customers stand far apart" in result.verdict.sentence
    assert "not islands" not in result.verdict.sentence
    (found,) = [finding for finding in result.run.survey.audit.findings if finding.rule == "E1"]
    assert (found.rows, len(found.examples)) == (16, 16)


def test_columns_of_noise_are_named_and_the_verdict_without_them_is_shown() -> None:
    """Three groups in five features and five normal columns: five are mute, and without them there are three."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((3, 5)) * 2.6
    points = np.repeat(centres, 80, axis=0) + rng.standard_normal((240, 5))
    result = judged(np.hstack([points, rng.standard_normal((240, 5))]))
    quiet = result.evidence.quiet
    assert quiet is not None
    assert sorted(quiet.features) == [f"measure_{at:02d}" for at in range(5, 10)]
    assert quiet.k == 3
    assert "5 of 10 measures" in result.verdict.sentence


def test_where_every_column_is_noise_there_is_nothing_to_find() -> None:
    """Ten independent columns: it is said, and the number is of low confidence."""
    verdict = judged(np.random.default_rng(0).standard_normal((200, 10))).verdict
    assert "little in these data to find groups by" in verdict.sentence
    assert verdict.confidence in {"low", "not_judged"}


def test_high_confidence_is_of_natural_groups_with_three_votes() -> None:
    """Groups that touch, however many methods agree, are at most of medium confidence."""
    apart = judged(bells(np.random.default_rng(0), 500, 6.0)).verdict
    touching = judged(bells(np.random.default_rng(0), 500, 3.5)).verdict
    assert apart.confidence == "high"
    assert sum(vote.k == apart.k for vote in apart.votes) >= 3
    assert touching.confidence != "high"


@pytest.mark.slow
def test_ten_seeds_give_the_same_verdict() -> None:
    """Far from every threshold the seed decides nothing."""
    points = bells(np.random.default_rng(0), 300, 6.5)
    said = {(found.kind, found.k) for found in (judged(points, seed=seed).verdict for seed in range(10))}
    assert said == {(VerdictKind.NATURAL, 2)}
