"""The map of a choice of customers, counted by the engine over the cells of the run's own map."""

import threading
from contextlib import suppress
from dataclasses import replace

import duckdb
import numpy as np

from segmentry.dashboard.data.customers import Customers
from segmentry.dashboard.data.filters import Filter
from segmentry.dashboard.data.query_results import CountGrid
from segmentry.dashboard.web.errors import Unanswered
from segmentry.records.arrays import frozen, frozen_ints
from segmentry.records.projection import SegmentMap


def mapped(customers: Customers, chosen: Filter, whole: SegmentMap) -> SegmentMap:
    """A choice of customers on the map of everybody: cells where that has cells, else dots."""
    if not whole.x_edges.size:
        dots = customers.dots(chosen)
        return replace(
            whole,
            x=frozen([x for x, _, _ in dots]),
            y=frozen([y for _, y, _ in dots]),
            segment=frozen_ints([segment - 1 for _, _, segment in dots]),
            customers=len(dots),
        )
    grid = _grid(whole)
    density = np.zeros((len(whole.centres), grid.columns, grid.rows), dtype=np.int64)
    cells = customers.cells(chosen, grid)
    np.add.at(density, (cells[:, 0] - 1, cells[:, 2], cells[:, 3]), cells[:, 4])
    return replace(whole, density=frozen_ints(density), customers=int(density.sum()))


def count_ahead(customers: Customers, whole: SegmentMap) -> threading.Thread:
    """Count everybody while the map is being looked at, so that the first filter is as quick as the next."""

    def count() -> None:
        with suppress(Unanswered, duckdb.Error):  # the run may be gone by then; who asks is told so
            customers.averages(Filter())
            customers.cells(Filter(), _grid(whole))

    work = threading.Thread(target=count, daemon=True)
    work.start()
    return work


def _grid(whole: SegmentMap) -> CountGrid:
    x, y = whole.x_edges, whole.y_edges
    return CountGrid(
        left=float(x[0]),
        low=float(y[0]),
        wide=float(x[1] - x[0]),
        high=float(y[1] - y[0]),
        columns=len(x) - 1,
        rows=len(y) - 1,
    )
