"""The generated sets that the verdict is measured on: what they are called is what they are."""

import importlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def sets(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """``benchmarks/crowd_sets.py``; the benchmarks are scripts, not a package."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("crowd_sets")


def test_there_are_as_many_sets_of_each_stratum_as_promised(sets: ModuleType) -> None:
    counted = Counter(spec.stratum for spec in sets.plan())
    assert counted == {"no groups": 320, ".6-.8": 120, ".8-.95": 120, ".95-1": 120, "noise features": 80}


def test_both_halves_hold_the_same_strata_shapes_sizes_and_numbers_of_groups(sets: ModuleType) -> None:
    halves = {
        half: Counter(
            (spec.stratum, spec.shape, spec.band, spec.n, spec.k) for spec in sets.plan() if spec.half == half
        )
        for half in ("calibrate", "report")
    }
    assert halves["calibrate"] == halves["report"]


def test_no_two_sets_share_a_name_or_a_seed(sets: ModuleType) -> None:
    plan = sets.plan()
    assert len({spec.name for spec in plan}) == len({spec.seed for spec in plan}) == len(plan)


def test_the_plan_covers_what_the_claim_speaks_of(sets: ModuleType) -> None:
    plan = sets.plan()
    assert {min(spec.n for spec in plan), max(spec.n for spec in plan)} == {200, 20_000}
    assert {min(spec.p for spec in plan), max(spec.p for spec in plan)} == {2, 20}
    assert {spec.k for spec in plan} == {1, 2, 3, 4, 5, 6}
    assert sum(spec.n == 20_000 for spec in plan) < 0.08 * len(plan)


@pytest.mark.parametrize("stratum", ["no groups", ".6-.8", "noise features"])
def test_a_set_is_drawn_the_same_every_time(sets: ModuleType, stratum: str) -> None:
    spec = next(spec for spec in sets.plan() if spec.stratum == stratum and spec.n <= 500)
    tuning = sets.Tuning(distance=4.0)
    once, again = sets.make(spec, tuning), sets.make(spec, tuning)
    assert once.table.equals(again.table)
    assert (once.labels == again.labels).all()
    assert not once.table.equals(sets.make(replace(spec, seed=spec.seed + 1), tuning).table)


@pytest.mark.parametrize("stratum", [".6-.8", ".8-.95", ".95-1"])
def test_groups_are_as_hard_to_find_as_their_stratum_says(sets: ModuleType, stratum: str) -> None:
    spec = next(spec for spec in sets.plan() if spec.stratum == stratum and spec.n == 200 and spec.k < 4)
    low, high = spec.band
    tuning = sets.tune(spec)
    assert tuning == sets.tune(spec)
    values, labels = sets.drawn(spec, tuning)
    assert low <= sets.reached(values, labels, low=2.0, high=2.0) <= high


def test_every_shape_without_groups_gives_a_table_that_can_be_used(sets: ModuleType) -> None:
    shapes = {spec.shape: spec for spec in sets.plan() if spec.k == 1 and spec.n == 500}
    for spec in shapes.values():
        crowd = sets.make(spec, sets.Tuning())
        names = [f"measure_{j:02d}" for j in range(1, spec.p + 1)]
        assert crowd.table.column_names == ["customer_id", *names]
        values = np.column_stack([crowd.table[name].to_numpy() for name in names])
        assert values.shape == (spec.n, spec.p)
        assert np.isfinite(values).all(), spec.shape
        assert sets.usable(values), spec.shape
        assert not crowd.labels.any()


def test_every_true_group_is_large_enough_to_be_a_segment(sets: ModuleType) -> None:
    small = {spec.shape: spec for spec in sets.plan() if spec.k > 1 and spec.n in {200, 500}}
    for spec in small.values():
        _, labels = sets.grouped(spec, sets.Tuning(distance=4.0))
        sizes = np.bincount(labels)
        assert len(sizes) == spec.k
        assert sizes.min() >= 25, spec
        if spec.shape == "unequal sizes":
            assert sizes.min() == max(25, 0.05 * spec.n)


def test_noise_features_are_added_beside_groups_and_leave_them_alone(sets: ModuleType) -> None:
    spec = next(spec for spec in sets.plan() if spec.noise and spec.n == 200)
    tuning = sets.Tuning(distance=4.0)
    with_noise, truth = sets.drawn(spec, tuning)
    alone, labels = sets.grouped(spec, tuning)
    assert with_noise.shape[1] == alone.shape[1] + spec.noise
    assert (labels == truth).all()
    assert sum(any((one == other).all() for other in alone.T) for one in with_noise.T) == alone.shape[1]


def test_columns_that_repeat_each_other_or_one_value_are_refused(sets: ModuleType) -> None:
    values = np.random.default_rng(0).normal(size=(200, 3))
    assert sets.usable(values)
    assert not sets.usable(np.column_stack([values, 2 * values[:, 0]]))
    assert not sets.usable(np.where(np.arange(200)[:, None] < 50, 0.0, values))


def test_a_set_that_cannot_be_that_hard_says_so(sets: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "ATTEMPTS", 1)
    monkeypatch.setattr(sets, "STEPS", 2)
    spec = replace(next(spec for spec in sets.plan() if spec.k > 1 and spec.n == 200), band=(0.7, 0.7))
    with pytest.raises(sets.UntunableError, match=r"does not reach an ARI of \(0.7, 0.7\)"):
        sets.tune(spec)
