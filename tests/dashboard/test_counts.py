"""Choices of segments and confidence: sums over counts of everybody, against reading the customers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from support.dashboard_pages import Look

from segmentry.dashboard.data.customers import Customers
from segmentry.dashboard.data.filters import Filter
from segmentry.dashboard.data.map_counts import count_ahead, mapped
from segmentry.dashboard.data.query_results import CountGrid, Ordering
from segmentry.dashboard.data.runs import Library

EVERYWHERE = (-1e9, 1e9, -1e9, 1e9)
CHOICES = [
    Filter(segments=segments, levels=levels)
    for segments, levels in product([(), (1,), (2, 3)], [(), ("high",), ("medium", "low")])
]


@pytest.fixture(scope="module")
def customers(runs: Path) -> Customers:
    return Library(runs).opened("first").customers


@pytest.mark.parametrize("chosen", CHOICES, ids=str)
def test_a_choice_that_is_summed_says_what_reading_its_customers_says(
    customers: Customers, chosen: Filter
) -> None:
    """An area that leaves nobody out makes the engine read every customer: the other way to the same."""
    read = Filter(segments=chosen.segments, levels=chosen.levels, area=EVERYWHERE)
    assert chosen.counted
    assert not read.counted
    for own, other in zip(customers.parts(chosen), customers.parts(read), strict=True):
        assert (own.segment, own.customers) == (other.segment, other.customers)
        assert own.value == pytest.approx(other.value, nan_ok=True)
    for own, other in zip(customers.averages(chosen), customers.averages(read), strict=True):
        assert (own.n, own.mean, own.sd) == pytest.approx((other.n, other.mean, other.sd), nan_ok=True)
    grid = CountGrid(left=-3, low=-3, wide=0.1, high=0.1, columns=60, rows=60)
    assert np.array_equal(
        np.unique(customers.cells(chosen, grid), axis=0), np.unique(customers.cells(read, grid), axis=0)
    )
    ordering = Ordering()
    assert repr(customers.listed(chosen, ordering, 20)) == repr(customers.listed(read, ordering, 20))


def test_what_is_counted_while_the_map_is_looked_at_is_every_customer_on_it(runs: Path) -> None:
    opened = Library(runs).opened("first")
    edges = np.linspace(-50, 50, 61)
    none = np.zeros((opened.run.k, 60, 60), dtype=np.int64)
    whole = replace(opened.run.map, x_edges=edges, y_edges=edges, density=none)
    count_ahead(opened.customers, whole).join(30)
    for part in opened.customers.parts(Filter()):
        shown = mapped(opened.customers, Filter(segments=(part.segment,)), whole)
        assert shown.customers == (part.customers if part.segment else 0)


def test_ten_people_who_filter_brush_and_sort_at_once_are_all_answered(look: Look) -> None:
    addresses = [
        *(f"/map?segment={segment}&confidence=high" for segment in (1, 2, 3)),
        *(f"/map?x0={left}&x1={left + 1}&y0=-1&y1=1" for left in range(-2, 2)),
        *(f"/customers?sort={sort}" for sort in ("-value", "id", "-confidence")),
    ]
    with ThreadPoolExecutor(10) as people:
        seen = list(people.map(look, addresses * 3))
    assert {one.status for one in seen} == {200}
