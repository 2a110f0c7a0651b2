"""A plan says what a run will do: it is held against the work that is really done, counted fit by fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import sklearn.cluster

import segmentry as sg
from segmentry.pipeline.final_model import fit
from segmentry.pipeline.survey import make_survey
from segmentry.records.columns import Role
from segmentry.settings import Settings
from segmentry.stages.clustering import batched_kmeans


@dataclass
class Counted:
    """The fits that were made and the comparisons of a feature with a centre, each pass counted."""

    search: int = 0
    passes: int = 0
    comparisons: int = 0
    again: int = 0
    customers: set[int] = field(default_factory=set)


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """Count every K-means fit at the door of the libraries that make it."""
    counted = Counted()
    fits, refits = sklearn.cluster.KMeans.fit, batched_kmeans.refit

    def counted_fit(self: Any, points: Any, *given: Any, **more: Any) -> Any:
        done = fits(self, points, *given, **more)
        counted.search += self.n_init
        counted.passes += self.n_init * done.n_iter_
        counted.comparisons += self.n_init * done.n_iter_ * points.size * self.n_clusters
        counted.customers.add(len(points))
        return done

    def counted_refit(draws: Any, starts: Any) -> Any:
        starts = list(starts)
        counted.again += len(starts) * len(draws)
        return refits(draws, starts)

    with monkeypatch.context() as patched:
        patched.setattr(sklearn.cluster.KMeans, "fit", counted_fit)
        patched.setattr(batched_kmeans, "refit", counted_refit)
        yield counted


@pytest.mark.parametrize(("customers", "effort"), [(1_000, "standard"), (20_000, "quick")])
def test_the_planned_work_is_that_of_the_run(
    customers: int, effort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fits within a factor of two (themes solve the search again), passes of a fit as the estimate has them."""
    table, settings = sg.datasets.ecommerce(customers).customers, Settings(effort=effort)
    planned = sg.plan(table, settings=settings).plan
    with counting(monkeypatch) as counted:
        fit(make_survey(table, settings), settings)
    search, *again = planned.steps
    assert counted.customers == {planned.customers.fitted} == {search.customers}
    assert search.fits <= counted.search <= 2 * search.fits
    assert 0.5 < counted.again / sum(step.fits for step in again) < 2
    assert 3 < counted.comparisons / search.comparisons < 60


def test_a_plan_tells_more_customers_and_more_effort_apart() -> None:
    """Twenty times the customers cost more, but far from twenty times: most of a small run is start-up."""
    small, large = (sg.datasets.ecommerce(n).customers for n in (1_000, 20_000))
    costs = [sg.plan(small).plan.cost, sg.plan(large).plan.cost, sg.plan(large, effort="quick").plan.cost]
    assert costs[0].seconds < costs[2].seconds < costs[1].seconds < 4 * costs[0].seconds
    assert costs[0].megabytes < costs[1].megabytes < 2 * costs[0].megabytes
    assert all(cost.least_seconds < cost.seconds < cost.most_seconds for cost in costs)


def test_a_plan_says_which_column_takes_which_part_as_the_run_does() -> None:
    table = sg.datasets.ecommerce(300).customers
    table = table.append_column("twice", pa.array(2 * np.asarray(table["total_purchases"], dtype=float)))
    settings = Settings(effort="quick", exclude=("discount_counts",))
    planned, survey = sg.plan(table, settings=settings).plan, make_survey(table, settings).survey
    assert planned.columns == survey.columns
    assert {column.name: column.role for column in planned.columns}["discount_counts"] is Role.EXCLUDED
    assert "twice" in planned.features or "total_purchases" in planned.features
    assert not {"twice", "total_purchases"} <= set(planned.features)


def test_the_customers_of_a_plan_add_up_to_the_rows(tmp_path: Path) -> None:
    lines = ["customer_id,visits,spend,age"]
    lines += [f"C{i:03d},{i % 40},{i * 7 % 90 + i / 100},{20 + i % 50}" for i in range(100)]
    lines += ["C007,7,49.07,27", "C200,,,30"]
    (tmp_path / "shop.csv").write_text("\n".join(lines))
    (tmp_path / "never.txt").write_text("C001\nC002\n")
    planned = sg.plan(
        tmp_path / "shop.csv", suppression=str(tmp_path / "never.txt"), features=["visits", "spend"]
    )
    who = planned.plan.customers
    assert (who.fitted, who.placed, who.repeated, who.suppressed) == (98, 1, 1, 2)
    assert who.fitted + who.placed + who.repeated + who.suppressed == planned.plan.source.rows == 102


def test_what_a_run_refuses_its_plan_refuses_with_the_same_words() -> None:
    table = sg.datasets.ecommerce(300).customers
    for options in ({"features": ["nope"]}, {"id": "nope"}, {"previous": "nowhere"}):
        messages = []
        for make in (sg.plan, sg.segment):
            with pytest.raises(sg.SegmentryError) as failure:
                make(table, **options)
            messages.append(str(failure.value))
        assert messages[0] == messages[1]


def test_a_plan_prints_itself() -> None:
    text = str(sg.plan(sg.datasets.ecommerce(300).customers))
    for said in ("300 rows", "DuckDB", "total_purchases", "279 fits of K-means", "processor seconds", "MB"):
        assert said in text
    assert max(map(len, text.splitlines())) <= 80
