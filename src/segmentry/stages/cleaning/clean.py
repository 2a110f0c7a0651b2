"""What is done about the data: limits of the possible, dates as days, rows that repeat."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import DataError, listed, shortened
from segmentry.records.arrays import Floats, Ints
from segmentry.records.audit import POSSIBLE_AGES, SUPPRESSED, Action, Ledger, LedgerLine, RowCount
from segmentry.records.rounding import rounded

MOSTLY = 0.95
"""A column named as a share is one if this part of its values lies between 0 and 1 (METHOD 1.2, C3)."""

SMALLEST = 30
"""Customers below which no segments are made: two of a useful size would not fit in."""

LARGEST = 1e100
"""Cubes of larger numbers are no numbers any more; those of numbers below its inverse are 0."""
SAME = 1e-12
"""Values that differ by less than this share of the largest are one value, written with rounding."""


def limits(values: Floats, *, counts: bool, share: bool) -> tuple[float | None, float | None]:
    """The lowest and highest possible value of a column (METHOD C3).

    A count cannot be negative and a share lies between 0 and 1; a column whose name says so is
    believed only if nearly all of its values agree. Zeros are no evidence of a share: they may be
    holdings (``shares``) or percentages (``rate``) as well.

    >>> limits(np.append(np.ones(99), -1.0), counts=True, share=False)
    (0.0, None)
    >>> limits(np.append(np.zeros(99), 60.0), counts=False, share=True)
    (None, None)
    """
    present = values[np.isfinite(values)]
    if not len(present):
        return None, None
    telling = present[present != 0]
    if share and len(telling) and ((telling > 0) & (telling <= 1)).mean() >= MOSTLY:
        return 0.0, 1.0
    if counts and (present >= 0).mean() >= MOSTLY:
        return 0.0, None
    return None, None


def birth_limits(as_of: str) -> tuple[float, float]:
    """The first and last birth year of anyone between 10 and 100 years old (METHOD C8)."""
    year = date.fromisoformat(as_of).year
    return float(year - POSSIBLE_AGES[1]), float(year - POSSIBLE_AGES[0])


def newest_day(day_numbers: Sequence[Floats]) -> str | None:
    """The day after the newest date, as ISO; None without any (METHOD T1: never today).

    Args:
        day_numbers: Days since 1970-01-01 of each date column, NaN where missing.
    """
    tops = [float(np.nanmax(days)) for days in day_numbers if not np.isnan(days).all()]
    if not tops:
        return None
    return (date(1970, 1, 1) + timedelta(days=int(max(tops)) + 1)).isoformat()


def days_before(as_of: str, day_numbers: Floats) -> Floats:
    """Days from each date to the as-of day."""
    return (date.fromisoformat(as_of) - date(1970, 1, 1)).days - day_numbers


def worth(columns: Sequence[Floats], *, product: bool) -> Floats:
    """What each customer is worth: the product or the sum of the columns, NaN where all is missing."""
    stacked = np.column_stack(columns)
    if product:
        return np.asarray(stacked.prod(axis=1))
    known = ~np.isnan(stacked)
    return np.where(known.any(axis=1), np.where(known, stacked, 0.0).sum(axis=1), np.nan)


def repeated(ids: NDArray[np.object_]) -> Ints:
    """Positions of the rows whose id stands in an earlier row too."""
    _, first = np.unique(ids.astype(str), return_index=True)
    return np.setdiff1d(np.arange(len(ids)), first)


def superseded(ids: NDArray[np.object_], days: Floats, rows: Ints) -> Ints:
    """Rows that a later row of the same customer replaces (METHOD C1).

    Args:
        ids: n ids.
        days: n days on which the row was last updated, NaN where unknown.
        rows: Positions of the rows to look at.

    Returns:
        Positions to drop. Of a customer whose latest day is unknown or stands in two rows,
        nothing is dropped: that conflict stays.

    >>> superseded(np.array(["a", "a", "b"], dtype=object), np.array([1.0, 2.0, 1.0]), np.arange(3))
    array([0])
    """
    order = rows[np.lexsort((days[rows], ids[rows].astype(str)))]
    same = ids[order][1:] == ids[order][:-1]
    later = same & (days[order][1:] > days[order][:-1])
    replaced = order[:-1][later]
    stuck = set(ids[order[:-1][same & ~later]])
    return np.sort(np.array([row for row in replaced if ids[row] not in stuck], dtype=np.int64))


def refuse_conflicts(id_name: str, ids: NDArray[np.object_], again: Ints) -> None:
    """Refuse ids that stand in several rows with different values (METHOD C1).

    Raises:
        DataError: naming some of them.
    """
    if not len(again):
        return
    some = sorted({str(ids[position]) for position in again})[:5]
    raise DataError(
        f"{len(again):,} row{'s repeat' if len(again) != 1 else ' repeats'} an id in '{shortened(id_name)}' "
        f"with different values (such as {', '.join(repr(shortened(one)) for one in some)}).",
        hint=(
            "A run takes one row per customer: keep the latest row of each, add a date 'updated_at' so that "
            "the latest counts, or name another column with --id."
        ),
    )


def refuse_too_few(rows: int) -> None:
    """Refuse a table that cannot carry segments.

    Raises:
        DataError: under 30 customers.
    """
    if rows < SMALLEST:
        raise DataError(
            f"{rows} customer{'s' * (rows != 1)} {'is' if rows == 1 else 'are'} too few to find segments in.",
            hint=f"Bring at least {SMALLEST}; 100 per feature are enough to trust the answer.",
        )


def refuse_unusable(names: Sequence[str], values: Floats) -> None:
    """Refuse features that nothing is left of, or whose squares are beyond all numbers.

    Args:
        names: The p columns, for the message.
        values: n x p values, the impossible taken out.

    Raises:
        DataError: naming the first such column.
    """
    for name, column in zip(names, values.T, strict=True):
        present = column[~np.isnan(column)]
        if not len(present):
            raise DataError(
                f"No value of '{shortened(name)}' is possible: each is missing, marked as missing, or outside "
                "what there can be (a count below 0, a birth after the as-of day).",
                hint=f'Look at as_of and sentinels, or leave the column out (exclude = ["{name}"]).',
            )
        low, high = float(present.min()), float(present.max())
        furthest, spread = max(high, -low), high - low
        if furthest > LARGEST or 0 < spread < max(1 / LARGEST, SAME * furthest):
            what = "too large" if furthest > LARGEST else "the same for all, but for rounding"
            raise DataError(
                f"'{shortened(name)}' holds numbers that are {what} (up to {furthest:.3g}).",
                hint=f'Mend the file, or leave the column out (exclude = ["{name}"]).',
            )


def refuse_one_point(points: Floats, features: Sequence[str]) -> int:
    """The number of distinct customers; at least two are needed.

    Args:
        points: n x p scaled features without gaps.
        features: The p names, for the message.

    Raises:
        DataError: when all customers are the same.
    """
    distinct = len(np.unique(rounded(points), axis=0))
    if distinct < 2:  # noqa: PLR2004 - one point has no segments
        raise DataError(
            f"All customers have the same values in {listed(features)}.",
            hint="Segments need something to differ by: choose other columns with --features.",
        )
    return distinct


SET_ASIDE = {"not placed": "M1", "in no segment": "A1"}
"""How the placements begin that put nobody in a segment, and the rule that says so."""


def ledger(came_in: RowCount, dropped: RowCount, used: Mapping[str, RowCount], suppressed: int = 0) -> Ledger:
    """Every row accounted for: the suppressed, the dropped, and the used by how they were placed.

    Args:
        came_in: Rows read, without those of suppressed people, and their value.
        dropped: Rows dropped because they repeat another, and their value.
        used: Rows and value by placement, in words.
        suppressed: Rows of people on the suppression list; what they are worth is not looked at.

    Raises:
        SegmentryError: if they do not add up.
    """
    lines = [
        LedgerLine(
            rule=next((rule for start, rule in SET_ASIDE.items() if sentence.startswith(start)), "used"),
            action=Action.SET_ASIDE if sentence.startswith(tuple(SET_ASIDE)) else Action.KEPT,
            rows=flow.rows,
            value=flow.value,
            sentence=sentence,
        )
        for sentence, flow in used.items()
    ]
    if dropped.rows:
        repeats = LedgerLine(
            rule="C1",
            action=Action.DROPPED,
            rows=dropped.rows,
            value=dropped.value,
            sentence="repeat another row or gave way to a later one",
        )
        lines.insert(0, repeats)
    if suppressed:
        left_out = LedgerLine(
            rule=SUPPRESSED,
            action=Action.SET_ASIDE,
            rows=suppressed,
            value=0.0,
            sentence="on the suppression list: left out before anything was learned",
        )
        lines.insert(0, left_out)
    return Ledger(rows_in=came_in.rows + suppressed, value_in=came_in.value, lines=tuple(lines))
