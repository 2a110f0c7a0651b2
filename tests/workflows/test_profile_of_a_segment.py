"""A segment's profile is worked out in five places, from rows, sums and SQL; all say what pandas and SciPy say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway, ttest_ind

import segmentry as sg
from segmentry.dashboard.data.preview import preview
from segmentry.dashboard.data.runs import Library
from segmentry.pipeline.name_stability import Crowd, name_stability
from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile
from segmentry.stages.evidence import stability
from segmentry.workflows.forget import erased
from segmentry.workflows.share import shareable

LIMIT = 10
pytestmark = pytest.mark.filterwarnings("ignore:Precision loss occurred:RuntimeWarning")
"""SciPy warns where all customers of a segment have the same value."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over customers with gaps, a feature below zero and a two-valued one."""
    rng = np.random.default_rng(8)
    group = np.arange(300) % 3
    table = pd.DataFrame(
        {
            "customer_id": [f"c{number}" for number in range(300)],
            "visits": rng.poisson(np.array([4, 20, 45])[group]).astype(float),
            "spend": rng.normal(np.array([900.0, 120.0, 400.0])[group], 60).round(2),
            "change": rng.normal(np.array([-3.0, 0.0, 4.0])[group], 1).round(3),
            "member": (rng.random(300) < np.array([0.1, 0.5, 0.9])[group]).astype(int),
        }
    )
    table.loc[::17, "spend"] = np.nan
    path = tmp_path_factory.mktemp("profiles") / "run"
    return sg.segment(table, effort="quick", compare=False).save(path)


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return sg.load(folder).run


def values_of(run: Run) -> pd.DataFrame:
    """The customers' raw values of the features."""
    features = run.model.recipe.features
    return pd.DataFrame(run.feature_values, columns=list(features))


def same(found: Sequence[Sequence[FeatureProfile]], values: pd.DataFrame, labels: np.ndarray) -> None:
    """Hold profiles against pandas; Cohen's d is the t statistic of SciPy times sqrt(1/n + 1/m)."""
    for number, features in enumerate(found):
        for profile in features:
            column = values[profile.feature]
            own = column[labels == number].dropna()
            rest = column[(labels != number) & (labels >= 0)].dropna()
            t = ttest_ind(own, rest).statistic
            d = t * np.sqrt(1 / len(own) + 1 / len(rest))
            ratio = column.min() >= 0 and column.mean() > 0.1 * column.std(ddof=0)
            away = abs(own.mean() - column.mean())
            far = away >= 0.25 * (column.quantile(0.95) - column.quantile(0.05))
            assert (profile.n, profile.flag) == (len(own), set(column.dropna()) == {0, 1})
            assert profile.mean == pytest.approx(own.mean())
            assert profile.cohens_d == pytest.approx(d)
            assert profile.index == (pytest.approx(100 * own.mean() / column.mean()) if ratio else None)
            assert profile.marker == ((far or (ratio and away / column.mean() >= 0.5)) and abs(d) >= 0.5)
            if not np.isnan(profile.median):
                quartiles = (profile.q25, profile.median, profile.q75)
                assert quartiles == pytest.approx(own.quantile([0.25, 0.5, 0.75]).tolist())


def same_shares(run: Run, values: pd.DataFrame, labels: np.ndarray) -> None:
    """eta^2 = F df1 / (F df1 + df2), with scipy.stats.f_oneway as the oracle."""
    k = int(labels.max()) + 1
    for whole in run.population:
        groups = [values[whole.feature][labels == number].dropna() for number in range(k)]
        f, df2 = f_oneway(*groups).statistic, sum(len(group) for group in groups) - k
        assert whole.eta_squared == pytest.approx(f * (k - 1) / (f * (k - 1) + df2))


def test_the_profile_of_a_run_is_what_pandas_and_scipy_say(run: Run) -> None:
    same([segment.features for segment in run.segments], values_of(run), run.assignment.segment)
    same_shares(run, values_of(run), run.assignment.segment)


def test_the_profile_of_a_preview_is_counted_by_the_engine_and_says_the_same(run: Run, folder: Path) -> None:
    for candidate in run.candidates[:2]:
        seen = preview(run, Library(folder).opened().customers, candidate.k)
        same([segment.features for segment in seen.segments], values_of(run), candidate.labels)
        same_shares(seen, values_of(run), candidate.labels)


def test_the_profile_after_customers_are_forgotten_is_that_of_those_who_are_left(run: Run) -> None:
    gone = frozenset(run.survey.customers.ids[:40].tolist())
    left = erased(run, gone, "2026-01-01")
    assert len(values_of(left)) == 260
    same([segment.features for segment in left.segments], values_of(left), left.assignment.segment)
    same_shares(left, values_of(left), left.assignment.segment)


def test_the_profile_of_a_shared_run_is_the_same_with_fewer_digits(run: Run) -> None:
    values, labels = values_of(run), run.assignment.segment
    shared = shareable(run, LIMIT)
    checked = 0
    for number, segment in enumerate(shared.segments):
        for told, whole in zip(segment.features, run.segments[number].features, strict=True):
            own = values[told.feature][labels == number].dropna()
            rest = values[told.feature][labels != number].dropna()
            if told.hidden or told.flag:
                continue
            d = ttest_ind(own, rest).statistic * np.sqrt(1 / len(own) + 1 / len(rest))
            assert (told.mean, told.median) == pytest.approx((own.mean(), own.median()), rel=0.005)
            assert told.cohens_d == pytest.approx(d, abs=0.0051)
            assert told.marker == whole.marker
            checked += 1
    assert checked >= 3 * len(shared.segments) - 2


@dataclass
class Listener:
    """A namer that names nothing and keeps what it was given."""

    seed: int = 0
    heard: list[Sequence[tuple[FeatureProfile, ...]]] = field(default_factory=list)

    def derived(
        self, centres: np.ndarray, _: object, __: object, profiles: Sequence[tuple[FeatureProfile, ...]]
    ) -> list[str]:
        """No name for any segment."""
        self.heard.append(profiles)
        return [""] * len(centres)


def test_the_profile_of_a_draw_is_worked_out_from_weighted_sums_and_says_the_same(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draw that has every customer once is the run itself."""
    monkeypatch.setattr(
        stability, "bootstrap_weights", lambda n, draws, **_: np.ones((draws, n), dtype=np.float32)
    )
    values, listener = values_of(run), Listener()
    crowd = Crowd(
        features=run.model.recipe.features,
        flags=tuple(whole.flag for whole in run.population),
        matches=(),
        points=np.nan_to_num(run.model.recipe(values.to_numpy())),
        values=values.to_numpy(),
        segment=run.assignment.segment,
        centres=run.model.centre_matrix,
        refitted=False,
    )
    name_stability(crowd, [""] * run.k, listener, 1)  # type: ignore[arg-type]
    same(listener.heard[0], values, run.assignment.segment)
