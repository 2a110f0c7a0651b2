"""What an auditor would write down about a customer table, rule by rule (METHOD 1.2, 1.3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from segmentry.records.arrays import Flags, Floats, Texts
from segmentry.records.audit import POSSIBLE_AGES, Action, Finding, Severity
from segmentry.records.catalogs import ColumnFacts
from segmentry.records.columns import BadValues, Column, Kind, Role
from segmentry.records.exploration import ColumnQuality, MissingBlock
from segmentry.records.findings import finding
from segmentry.records.ranks import rank_sum_p

SENTINELS = (-1.0, -9.0, -99.0, -999.0, 99.0, 999.0, 9999.0, 99999.0)
"""Values that often stand for "missing" (METHOD 1.2, C2)."""

SENTINEL_SHARE = 0.01
"""A value stands for "missing" only if this share of customers has it (METHOD 1.2, C2)."""

SENTINEL_GAP = 1.5
"""And only this many interquartile ranges away from all other values (METHOD 1.2, C2)."""

OUTLIER_Z = 6.0
"""A value is an outlier above this modified z of its logarithm (METHOD 1.2, C7)."""

OUTLIER_TIMES = 5.0
"""Or above this many times the 99.5th percentile (METHOD 1.2, C7)."""

EXAMPLES = 5
"""Examples that a finding shows at most: enough to look up, few enough to read."""

NEARLY_CONSTANT = 0.95
"""A column of which one value has this share is warned about (METHOD 1.2, C4)."""

SMALLEST_SAMPLE = 100
"""Below this many customers, shares and percentiles of a sample are too rough, and the data are not ready (METHOD 1.0)."""

TARGET_FEATURES = 12
"""More features than this are harder to read, and hide groups (METHOD 2.1)."""

FEW_GAPS = 5
"""Rows below which it cannot be tested whether those with gaps differ (METHOD 1.3)."""

LEVEL = 0.05
"""The usual level of that test, after Holm (METHOD 1.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What the auditor looks at.

    Attributes:
        columns: Every column with its role.
        quality: The state of every column, by its name.
        numbers: n raw values of each number, flag or date column (dates as years for births), by
            column name, before anything was taken out.
        labels: n names to give examples by: the customers' ids.
        blocks: Which features are missing together.
        limits: Lowest and highest possible value of a column, where there is one.
        rates: Columns whose names say that they are shares or rates, not counts.
        numbered: Whether row numbers serve as ids because the settings say that there is no id.
        traits: Canonical trait by feature.
        births: Birth-year columns, by name, with the year of the as-of day.
        copies: Rows that are the same as an earlier row but for the id.
        duplicates: Rows dropped because they repeat an earlier row, id and all.
        replaced: Rows dropped because a later row of the same customer replaces them.
        words: n texts of each column in words that makes segments, by its name.
        stand_ins: Columns with one negative value that stands for never or unknown, by their name.
        open_ended: Rows with a date of the year 9999, by the column's name.
        unread: Values that are there but are not what the rest of their column is.
    """

    columns: tuple[Column, ...]
    quality: Mapping[str, ColumnQuality]
    numbers: Mapping[str, Floats]
    labels: Texts
    blocks: tuple[MissingBlock, ...] = ()
    limits: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    rates: frozenset[str] = frozenset()
    numbered: bool = False
    traits: Mapping[str, str] = field(default_factory=dict)
    births: Mapping[str, int] = field(default_factory=dict)
    copies: int = 0
    duplicates: int = 0
    replaced: int = 0
    words: Mapping[str, Texts] = field(default_factory=dict)
    stand_ins: Mapping[str, ColumnFacts] = field(default_factory=dict)
    open_ended: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[BadValues, ...] = ()

    @property
    def segmentation(self) -> tuple[Column, ...]:
        """The columns that segments are made by."""
        return tuple(column for column in self.columns if column.role is Role.SEGMENTATION)


def inspect(seen: Inspected) -> tuple[Finding, ...]:
    """Every finding, the gravest first."""
    found = [finding for rule in RULES for finding in rule(seen)]
    gravity = list(Severity)[::-1]
    return tuple(sorted(found, key=lambda one: (gravity.index(one.severity), one.rule)))


def _reading(seen: Inspected) -> Iterator[Finding]:
    """T0: what had to be guessed to read a column."""
    for column in seen.columns:
        if column.format.note:
            yield finding(
                "T0",
                f"'{column.name}': {column.format.note[:1].lower()}{column.format.note[1:]}",
                columns=(column.name,),
            )


def _unread(seen: Inspected) -> Iterator[Finding]:
    """T1: values that could not be read; a column that makes segments is refused for them."""
    used = {column.name for column in seen.columns if column.role not in {Role.EXCLUDED, Role.ID}}
    for bad in seen.unread:
        if bad.column in used:
            is_are = "is" if bad.count == 1 else "are"
            yield finding(
                "T1",
                f"{_rows(bad.count)} of '{bad.column}' {is_are} there but no {bad.kind}: not read.",
                columns=(bad.column,),
                examples=tuple(f"row {row:,}: {value}" for row, value in bad.examples),
                rows=bad.count,
            )


def _open_ended(seen: Inspected) -> Iterator[Finding]:
    """T2: dates of the year 9999."""
    for name, rows in seen.open_ended.items():
        yield finding(
            "T2",
            f"'{name}' is a day of the year 9999 in {_rows(rows)}: it may mean that there is no end, and counts as no date.",
            columns=(name,),
            rows=rows,
        )


def _no_id(seen: Inspected) -> Iterator[Finding]:
    if not seen.numbered and all(column.role is not Role.ID for column in seen.columns):
        yield finding(
            "C5",
            "No column says who a customer is, so row numbers stand in. Name it with --id, or write --id none if "
            "there is none.",
        )


def _duplicates(seen: Inspected) -> Iterator[Finding]:
    if seen.duplicates:
        yield finding(
            "C1",
            f"{_rows(seen.duplicates)} {_repeat(seen.duplicates)} an earlier row, id and all, and {_was(seen.duplicates)} dropped.",
            rows=seen.duplicates,
        )


def _replaced(seen: Inspected) -> Iterator[Finding]:
    if seen.replaced:
        yield finding(
            "C1",
            f"{_rows(seen.replaced)} {_was(seen.replaced)} dropped for a later row of the same customer, "
            "by the date of the last update.",
            rows=seen.replaced,
        )


def _sentinels(seen: Inspected) -> Iterator[Finding]:
    """C2: a round value that stands alone, as a stand-in for missing does."""
    for column in seen.segmentation:
        values = seen.numbers.get(column.name)
        if values is None or column.format.kind is not Kind.NUMBER:
            continue
        present = values[~np.isnan(values)]
        for sentinel in SENTINELS:
            count = int((present == sentinel).sum())
            rest = present[present != sentinel]
            if count < max(2, SENTINEL_SHARE * len(present)) or len(rest) < SMALLEST_SAMPLE // 4:
                continue
            q25, q75 = np.quantile(rest, (0.25, 0.75))
            if min(abs(rest - sentinel)) > SENTINEL_GAP * (q75 - q25) > 0:
                yield finding(
                    "C2",
                    f"'{column.name}' is {sentinel:g} in {_rows(count)}, far from every other value: it may "
                    f'stand for missing. If so, set sentinels = {{"{column.name}" = [{sentinel:g}]}}.',
                    columns=(column.name,),
                    rows=count,
                )


def _stand_ins(seen: Inspected) -> Iterator[Finding]:
    """C2: a negative value in a column that is not negative otherwise."""
    for name, fact in seen.stand_ins.items():
        yield finding(
            "C2",
            f"'{name}' is {fact.stand_in:g} in {_rows(fact.stand_in_rows)} and never negative otherwise: it stands for "
            f'never or unknown and counts as missing. If it is a value, set sentinels = {{"{name}" = []}}.',
            columns=(name,),
            rows=fact.stand_in_rows,
        )


def _impossible(seen: Inspected) -> Iterator[Finding]:
    """C3: negative counts and shares outside 0 to 1."""
    for column in seen.columns:
        low, high = seen.limits.get(column.name, (None, None))
        values = seen.numbers.get(column.name)
        if values is None or column.name in seen.births:
            continue
        outside = _outside(values, low, high)
        if outside.any():
            what = (
                "negative, which no count can be" if high is None else "outside 0 to 1, which no share can be"
            )
            count = int(outside.sum())
            yield finding(
                "C3",
                f"'{column.name}' is {what}, in {_rows(count)}: treated as missing there.",
                columns=(column.name,),
                rows=count,
                examples=_examples(seen.labels, values, outside),
            )


def _outside(values: Floats, low: float | None, high: float | None) -> Flags:
    below = values < low if low is not None else np.zeros(len(values), dtype=bool)
    above = values > high if high is not None else np.zeros(len(values), dtype=bool)
    return np.asarray(below | above)


def _cross_checks(seen: Inspected) -> Iterator[Finding]:
    """C3b: columns that contradict each other; reported, never mended."""
    by_trait = {trait: feature for feature, trait in seen.traits.items()}
    orders = _by_feature(seen, by_trait.get("frequency"))
    for trait, sentence, wrong in (
        ("discount", "more discounts ('{other}') than purchases ('{orders}')", _more_than_orders),
        (
            "aov",
            "a basket value ('{other}') but no purchases ('{orders}'): it may be of carts, not orders",
            _value_without_orders,
        ),
    ):
        other = _by_feature(seen, by_trait.get(trait))
        if orders is None or other is None or (trait == "discount" and not _counts(seen, other)):
            continue
        rows = wrong(seen.numbers[other], seen.numbers[orders])
        if rows.any():
            count = int(rows.sum())
            yield finding(
                "C3b",
                f"{_customers(count)} {'has' if count == 1 else 'have'} {sentence.format(other=other, orders=orders)}.",
                columns=(other, orders),
                rows=count,
                examples=tuple(seen.labels[i] for i in np.flatnonzero(rows)[:EXAMPLES]),
            )


def _counts(seen: Inspected, name: str) -> bool:
    """Whether a column counts something: whole numbers, and no rate by its name."""
    present = seen.numbers[name][~np.isnan(seen.numbers[name])]
    return name not in seen.rates and bool((present == np.floor(present)).all())


def _more_than_orders(other: Floats, orders: Floats) -> Flags:
    return np.asarray(other > orders)


def _value_without_orders(other: Floats, orders: Floats) -> Flags:
    return np.asarray((orders == 0) & (other > 0))


def _by_feature(seen: Inspected, feature: str | None) -> str | None:
    return next(
        (column.name for column in seen.columns if column.feature == feature and column.name in seen.numbers),
        None,
    )


def _constants(seen: Inspected) -> Iterator[Finding]:
    """C4: a column that says the same of nearly everybody."""
    for column in seen.columns:
        quality = seen.quality[column.name]
        if quality.distinct == 0 or column.role is Role.ID:
            continue
        if column.role is Role.EXCLUDED and quality.top_share >= 0.99:  # noqa: PLR2004 - METHOD C4
            same = (
                "has the same value in every row"
                if quality.distinct == 1
                else (f"has the same value in {quality.top_share:.1%} of the rows")
            )
            said = f"'{column.name}' {same}: it cannot tell customers apart and is left out."
            yield replace(
                finding("C4", said, columns=(column.name,)),
                severity=Severity.INFO,
                action=Action.SET_ASIDE,
                setting="features",
            )
        elif column.role is Role.SEGMENTATION and quality.top_share >= NEARLY_CONSTANT:
            yield finding(
                "C4",
                f"'{column.name}' has the same value in {quality.top_share:.1%} of the rows: it says little.",
                columns=(column.name,),
            )


def _left_out(seen: Inspected) -> Iterator[Finding]:
    """C5 and C6: a second id, or somebody's labels."""
    for column in seen.columns:
        if column.role is Role.EXCLUDED and seen.quality[column.name].top_share < 0.99:  # noqa: PLR2004 - C4 has it
            yield finding("C6", f"'{column.name}' is left out: {column.reason}", columns=(column.name,))


def _outliers(seen: Inspected) -> Iterator[Finding]:
    for column in seen.segmentation:
        values = seen.numbers.get(column.name)
        if values is not None and column.format.kind is Kind.NUMBER:
            yield from outliers(column.name, values, seen.labels)


def outliers(column: str, values: Floats, labels: Texts) -> Iterator[Finding]:
    """C7: a value far beyond everybody else's; kept, and clipped for distances.

    Args:
        column: The column's name.
        values: n values, NaN where missing.
        labels: n names to give examples by.
    """
    far = far_out(values)
    if far.any():
        count = int(far.sum())
        top = float(np.nanmax(np.where(far, values, np.nan)))
        yield finding(
            "C7",
            f"'{column}' is far above everybody else's in {_rows(count)} (up to {top:,.10g}): kept, "
            "but pulled in when distances are measured.",
            columns=(column,),
            rows=count,
            examples=_examples(labels, values, far),
        )


def far_out(values: Floats) -> Flags:
    """Values with a modified z of log1p above 6, or above five times the 99.5 % point.

    Only for columns that are never negative; the modified z is 0.6745 (x - median) / MAD.

    >>> far_out(np.append(np.arange(1.0, 200.0), 1e7)).sum()
    np.int64(1)
    """
    present = values[~np.isnan(values)]
    none = np.zeros(len(values), dtype=bool)
    if len(present) < SMALLEST_SAMPLE // 2 or present.min() < 0:
        return none
    logs = np.log1p(present)
    median = float(np.median(logs))
    mad = float(np.median(np.abs(logs - median)))
    limit = OUTLIER_TIMES * float(np.quantile(present, 0.995))
    far = values > limit if limit > 0 else none
    if mad > 0:
        far |= 0.6745 * (np.log1p(values) - median) / mad > OUTLIER_Z
    return np.asarray(far)


def _births(seen: Inspected) -> Iterator[Finding]:
    """C8: ages that nobody has."""
    for name, year in seen.births.items():
        values = seen.numbers[name]
        impossible = ~np.isnan(values) & (
            (year - values < POSSIBLE_AGES[0]) | (year - values > POSSIBLE_AGES[1])
        )
        if impossible.any():
            count = int(impossible.sum())
            yield finding(
                "C8",
                f"'{name}' makes {_customers(count)} younger than {POSSIBLE_AGES[0]} or older than {POSSIBLE_AGES[1]} in {year}: "
                "treated as missing there.",
                columns=(name,),
                rows=count,
                examples=tuple(
                    f"{seen.labels[i]}: {values[i]:.10g}" for i in np.flatnonzero(impossible)[:EXAMPLES]
                ),
            )


def _copies(seen: Inspected) -> Iterator[Finding]:
    if seen.copies:
        yield finding(
            "C9",
            f"{_rows(seen.copies)} {'is' if seen.copies == 1 else 'are'} the same as an earlier row but for the "
            "id: kept, since two customers can be alike.",
            rows=seen.copies,
        )


def _missing(seen: Inspected) -> Iterator[Finding]:
    """M1: what is missing together."""
    features = {column.feature for column in seen.segmentation}
    for block in seen.blocks[:EXAMPLES]:
        lacking = [one for one in block.columns if one in features]
        if lacking:
            yield finding(
                "M1",
                f"{_customers(block.rows)} {'lacks' if block.rows == 1 else 'lack'} {_listed(lacking)}"
                f"{' together' if len(lacking) > 1 else ''}.",
                columns=tuple(lacking),
                rows=block.rows,
            )


def _missing_at_random(seen: Inspected) -> Iterator[Finding]:
    """M2: whether customers with gaps differ on what is known of them (Mann-Whitney, Holm)."""
    for block in seen.blocks[:1]:
        lacking = [one.name for one in seen.segmentation if one.feature in block.columns]
        others = [
            one.name for one in seen.segmentation if one.name not in lacking and one.name in seen.numbers
        ]
        if not lacking or not others or block.rows < FEW_GAPS:
            continue
        gappy = _gaps(seen, lacking[0])
        tested = holm({name: _rank_p(seen.numbers[name], gappy) for name in others})
        name, p = min(tested.items(), key=lambda pair: (pair[1], pair[0]))
        differs = p < LEVEL
        said = (
            f"The {_customers(block.rows)} without '{lacking[0]}' differ from the others in '{name}' (p = {p:.2g}): "
            "what is missing is not missing by chance."
            if differs
            else f"The {_customers(block.rows)} without '{lacking[0]}' look like the others in what is known of them "
            f"(smallest p = {p:.2g})."
        )
        found = finding("M2", said, columns=(name,), rows=block.rows)
        yield replace(found, severity=Severity.WARN) if differs else found


def _gaps(seen: Inspected, column: str) -> Flags:
    """Which customers lack a column."""
    values = seen.numbers.get(column)
    if values is None:
        return np.array([word is None for word in seen.words[column]], dtype=bool)
    return np.isnan(values)


def _rank_p(values: Floats, gappy: Flags) -> float:
    """Mann-Whitney's p-value between customers with and without the gap; 1 where there are too few."""
    known = ~np.isnan(values)
    one, other = values[known & gappy], values[known & ~gappy]
    return rank_sum_p(one, other) if min(len(one), len(other)) >= FEW_GAPS else 1.0


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down adjustment (1979).

    >>> {name: round(p, 3) for name, p in holm({"a": 0.01, "b": 0.04, "c": 0.03}).items()}
    {'a': 0.03, 'c': 0.06, 'b': 0.06}
    """
    adjusted, highest = {}, 0.0
    ordered = sorted(p_values.items(), key=lambda pair: pair[1])
    for rank, (name, p) in enumerate(ordered):
        highest = max(highest, min(1.0, p * (len(ordered) - rank)))
        adjusted[name] = highest
    return adjusted


def _too_wide(seen: Inspected) -> Iterator[Finding]:
    p = len(seen.segmentation)
    if p > TARGET_FEATURES:
        yield finding(
            "F1",
            f"{p} features make the segments; {TARGET_FEATURES} or fewer are easier to read and more stable. "
            "Choose the ones that matter with --features.",
        )


RULES = (
    _reading, _unread, _open_ended, _no_id, _duplicates, _replaced, _sentinels, _stand_ins, _impossible, _cross_checks, _constants, _left_out,
    _outliers, _births, _copies, _missing, _missing_at_random, _too_wide,
)  # fmt: skip


def _examples(labels: Texts, values: Floats, rows: Flags) -> tuple[str, ...]:
    return tuple(f"{labels[i]}: {values[i]:,.10g}" for i in np.flatnonzero(rows)[:EXAMPLES])


def _listed(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"


def _customers(count: int) -> str:
    return f"{count:,} customer{'s' * (count != 1)}"


def _repeat(count: int) -> str:
    return "repeats" if count == 1 else "repeat"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
