"""Who goes with whom: the pairs with the largest sum of scores, without a library that takes half a second to load.

Names are checked whenever a run is read, and features are matched with traits whenever a file is, by processes
that need nothing else of SciPy.
"""

import numpy as np

from segmentry.records.arrays import Floats, Ints


def best_pairs(scores: Floats) -> tuple[Ints, Ints]:
    """Rows and columns of a matrix, each at most once and as many as there can be, with the largest sum.

    Shortest augmenting paths with prices (Jonker and Volgenant 1987, Computing 38, 325-340): rows are
    added one at a time, each along the path that costs least.

    Args:
        scores: k x m finite scores.

    Returns:
        The rows, rising, and the column of each.

    >>> rows, columns = best_pairs(np.array([[3.0, 2.0, 0.0], [3.0, 0.0, 0.0]]))
    >>> rows.tolist(), columns.tolist()
    ([0, 1], [1, 0])
    """
    if scores.shape[0] > scores.shape[1]:
        columns, rows = best_pairs(scores.T)
        order = np.argsort(rows)
        return rows[order], columns[order]
    owners = np.full(scores.shape[1], -1, dtype=np.int64)
    row_prices, column_prices = np.zeros(scores.shape[0]), np.zeros(scores.shape[1])
    for row in range(len(scores)):
        _add(row, -scores, owners, (row_prices, column_prices))
    taken = np.flatnonzero(owners >= 0)
    order = np.argsort(owners[taken])
    return owners[taken][order], taken[order]


def _add(row: int, costs: Floats, owners: Ints, prices: tuple[Floats, Floats]) -> None:
    """Give one more row a column: earlier rows change theirs where that costs less."""
    of_rows, of_columns = prices
    reach = np.full(costs.shape[1], np.inf)
    before = np.full(costs.shape[1], -1, dtype=np.int64)
    done = np.zeros(costs.shape[1], dtype=bool)
    walked, here, column = 0.0, row, -1
    while True:
        reached = walked + costs[here] - of_rows[here] - of_columns
        nearer = ~done & (reached < reach)
        reach[nearer], before[nearer] = reached[nearer], column
        column = int(np.where(done, np.inf, reach).argmin())
        walked = float(reach[column])
        if owners[column] < 0:
            break
        done[column], here = True, int(owners[column])
    of_rows[row] += walked
    of_rows[owners[done]] += walked - reach[done]
    of_columns[done] -= walked - reach[done]
    while column >= 0:
        last = int(before[column])
        owners[column] = row if last < 0 else owners[last]
        column = last
