"""Why this customer: the reasons add up to the margin, for every customer and every kind of model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.records.columns import Format, Kind
from segmentry.records.model import Model
from segmentry.records.reasons import NotJudged, Why
from segmentry.records.recipe import FeatureStep, Recipe, Transform
from segmentry.records.scorers import Gaussians, LatentClasses, Prototypes, Scorer, row, rows
from segmentry.stages.profiling.reasons import why
from segmentry.stages.scoring.score import score, squared_distances

P = 4


def _model(seed: int, k: int, scorer: Scorer | None = None) -> Model:
    rng = np.random.default_rng(seed)
    steps = tuple(
        FeatureStep(
            column=f"f{j}",
            feature=f"f{j}",
            format=Format(kind=Kind.NUMBER),
            transform=Transform.LOG1P if j == 0 else Transform.IDENTITY,
            clip_low=-2.0 if j == 1 else None,
            clip_high=2.0 if j == 1 else None,
            centre=float(rng.normal()),
            scale=float(rng.uniform(0.5, 2)),
        )
        for j in range(P)
    )
    return Model(
        id_name="id",
        recipe=Recipe(steps=steps),
        centres=rows(rng.normal(size=(k, P)) * 2),
        names=tuple(f"Segment {one}" for one in range(k)),
        reach=9.0,
        as_of=None,
        scorer=scorer,
    )


def _customers(seed: int, n: int = 40) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.abs(rng.normal(size=(n, P)) * 2)
    values[rng.random(values.shape) < 0.25] = np.nan
    return values


def _each(model: Model, values: np.ndarray) -> list[tuple[int, Why]]:
    """Every customer's reasons, each held against where the scorer puts them."""
    placed = score(values, model)
    found = []
    for at, one in enumerate(values):
        said = why(model, one)
        if placed.segment[at] < 0:
            assert isinstance(said, NotJudged)
            continue
        assert isinstance(said, Why)
        assert (said.segment, said.rival) == (placed.segment[at], placed.rival[at])
        assert sum(each.weight for each in said.because) + said.beforehand == pytest.approx(
            said.margin, abs=1e-9
        )
        found.append((at, said))
    return found


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), k=st.integers(2, 6))
def test_the_reasons_add_up_to_the_margin_for_every_customer(seed: int, k: int) -> None:
    """Oracle: the distances of the scorer; margin = d_rival^2 - d_own^2 over what is known (METHOD 6.4, 1.3)."""
    model, values = _model(seed, k), _customers(seed)
    squared = squared_distances(model.recipe(values), model.centre_matrix)
    for at, said in _each(model, values):
        expected = squared[at, said.rival] - squared[at, said.segment]
        assert said.margin == pytest.approx(expected, rel=1e-9, abs=1e-9)
        assert said.margin >= -1e-6
        assert said.beforehand == 0
        assert {one.feature for one in said.because} | set(said.unknown) == set(model.recipe.features)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 100_000), k=st.integers(2, 4))
def test_a_mixtures_reasons_add_up_to_twice_the_log_of_how_much_likelier_it_is(seed: int, k: int) -> None:
    """Oracle: scipy's multivariate normal density over the observed features."""
    from scipy.stats import multivariate_normal

    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(k, P, P)) * 0.5
    covariances = factors @ factors.transpose(0, 2, 1) + 0.5 * np.eye(P)
    shares = rng.dirichlet(np.full(k, 5.0))
    scorer = Gaussians(
        weights=row(shares),
        means=rows(rng.normal(size=(k, P)) * 2),
        covariances=tuple(rows(one) for one in covariances),
        shape="full",
    )
    model, values = _model(seed, k, scorer), _customers(seed, 15)
    points = model.recipe(values)
    for at, said in _each(model, values):
        seen = ~np.isnan(points[at])
        logs = [
            np.log(scorer.weights[one])
            + multivariate_normal.logpdf(
                points[at][seen],
                np.array(scorer.means[one])[seen],
                np.array(scorer.covariances[one])[np.ix_(seen, seen)],
            )
            for one in (said.segment, said.rival)
        ]
        assert said.margin == pytest.approx(2 * (logs[0] - logs[1]), rel=1e-6, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_prototypes_are_explained_by_the_nearest_one_of_each_segment(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scorer = Prototypes(
        points=rows(rng.normal(size=(12, P)) * 2),
        segments=(0, 1, 2) * 4,
        reach=row(np.full(12, 3.0)) if seed % 2 else None,
    )
    model, values = _model(seed, 3, scorer), _customers(seed, 20)
    placed = score(values, model)
    for at, said in _each(model, values):
        expected = placed.rival_distance[at] ** 2 - placed.distance[at] ** 2
        assert said.margin == pytest.approx(expected, rel=1e-6, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_latent_classes_are_explained_column_by_column(seed: int) -> None:
    """Two numbers, a yes/no answer and one word: the model's own confidence is the oracle, 1 - p_rival / p_own."""
    rng = np.random.default_rng(seed)
    scorer = LatentClasses(
        weights=row([0.5, 0.3, 0.2]),
        means=rows(np.column_stack([rng.normal(size=(3, 2)) * 2, rng.uniform(0.1, 0.9, size=(3, 2))])),
        variances=rows(np.column_stack([rng.uniform(0.5, 2, size=(3, 2)), np.zeros((3, 2))])),
        groups=((2,), (3,)),
        yes=(1.0, 1.0, 1.0, 1.0),
    )
    model = _model(seed, 3, scorer)
    flags = tuple(FeatureStep(column=f"f{j}", feature=f"f{j}", format=Format(kind=Kind.FLAG)) for j in (2, 3))
    from dataclasses import replace

    model = replace(model, recipe=Recipe(steps=(*model.recipe.steps[:2], *flags)))
    values = _customers(seed, 20)
    values[:, 2:] = np.where(np.isnan(values[:, 2:]), np.nan, values[:, 2:] > 1.3)
    placed = score(values, model)
    for at, said in _each(model, values):
        assert -np.expm1(-said.margin / 2) == pytest.approx(placed.confidence[at], abs=1e-6)


def test_nothing_known_and_one_segment_are_said_rather_than_explained() -> None:
    nobody = why(_model(0, 3), np.full(P, np.nan))
    assert isinstance(nobody, NotJudged)
    assert "Nothing is known" in nobody.reason
    alone = why(_model(0, 1), np.ones(P))
    assert isinstance(alone, NotJudged)
    assert "one segment" in alone.reason
