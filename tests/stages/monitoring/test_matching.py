"""Segments keep their identity from run to run (METHOD 7.5)."""

from itertools import permutations

import numpy as np
import pytest

from segmentry.records.lineage import Fate
from segmentry.stages.monitoring.matching import Earlier, align, earlier_order, identities


def test_the_hand_case() -> None:
    """8 of 10 stay: 8/10 = .8, kept; 4 of 10 move over: 4/12 < .6, changed; the third is new."""
    before = np.array([0] * 8 + [1] * 10 + [-1] * 2)
    now = np.array([1] * 8 + [0] * 4 + [2] * 6 + [1] * 2)
    found = align(now, before, k=3, b=2)
    assert found.before == (-1, 0, 1)
    assert found.overlap == pytest.approx((0.0, 1.0, 0.6))
    assert [found.fate(one) for one in range(3)] == [Fate.NEW, Fate.KEPT, Fate.KEPT]
    assert found.customers == 18


def test_the_pairs_have_the_largest_sum_of_jaccards() -> None:
    """Oracle: all permutations, with Jaccards of Python sets."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        now, before = rng.integers(0, 4, 60), rng.integers(0, 4, 60)
        sets = [[set(np.flatnonzero(labels == one)) for one in range(4)] for labels in (now, before)]
        jaccards = np.array([[len(a & b) / len(a | b) for b in sets[1]] for a in sets[0]])
        found = align(now, before, k=4, b=4)
        assert found.jaccards == pytest.approx(jaccards)
        best = max(permutations(range(4)), key=lambda order: jaccards[range(4), order].sum())
        kept = tuple(column if jaccards[row, column] >= 0.3 else -1 for row, column in enumerate(best))
        assert found.before == kept


def test_ids_are_never_given_again_and_colours_stay() -> None:
    before = [
        Earlier(id="S1", name="A", colour=1),
        Earlier(id="S4", name="B", colour=2),
        Earlier(id="S3", name="C", colour=3),
    ]
    now = np.array([0, 0, 1, 1, 2, 2, 2])
    found = align(now, np.array([2, 2, -1, -1, 1, 1, 1]), k=3, b=3)
    given = identities(found, before, issued=5, colours=8)
    assert [(one.id, one.colour, one.fate) for one in given] == [
        ("S3", 3, Fate.KEPT),
        ("S6", 1, Fate.NEW),
        ("S4", 2, Fate.KEPT),
    ]
    assert found.gone == (0,)
    assert earlier_order(found, [0, 1, 2]) == [2, 0, 1]
