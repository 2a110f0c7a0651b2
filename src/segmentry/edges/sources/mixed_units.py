"""How many rows of a column have which currency, or a percent sign: numbers of several units are never added up."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from segmentry.edges.engines.duckdb import fetch_sql
from segmentry.edges.sources.source import TABLE
from segmentry.records.columns import MixedUnits, Notation
from segmentry.stages.columns.notations import MONEY_PATTERN, PERCENT, Unit, currency_of
from segmentry.stages.columns.parsing_sql import literal, quoted

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def mixed_units(engine: "Backend", column: str, unit: Unit) -> Iterator[MixedUnits]:
    """What is mixed in a column of the source; nothing where all of its rows have the same unit."""
    found = _currencies(engine, column) if unit is Unit.CURRENCY else _percentages(engine, column)
    if len(found.units) > 1:
        yield found


def _currencies(engine: "Backend", column: str) -> MixedUnits:
    sign = f"regexp_extract(trim(CAST({quoted(column)} AS VARCHAR)), {literal(MONEY_PATTERN)})"
    query = (
        f"SELECT {sign} AS sign, count(*) AS n FROM {TABLE} WHERE sign <> '' GROUP BY 1 ORDER BY n DESC, 1"  # noqa: S608 - quoted
    )
    rows: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for row in fetch_sql(engine, query).to_pylist():
        currency = currency_of(row["sign"])
        rows[currency] += row["n"]
        shown.setdefault(currency, row["sign"].strip(" -+−–()").strip())
    return MixedUnits(
        column=column,
        what="several currencies",
        units=tuple(Notation(rows=count, example=shown[name]) for name, count in rows.most_common()),
        advice="Convert all of it to one currency, or make a column of each",
    )


def _percentages(engine: "Backend", column: str) -> MixedUnits:
    text = f"trim(CAST({quoted(column)} AS VARCHAR))"
    signed = f"ends_with({text}, '{PERCENT}')"
    query = f"SELECT {signed} AS signed, count(*) AS n, max({text}) AS example FROM {TABLE} WHERE {text} <> '' GROUP BY 1 ORDER BY n DESC"  # noqa: S608 - quoted
    return MixedUnits(
        column=column,
        what="percentages beside fractions of 1",
        units=tuple(
            Notation(rows=row["n"], example=f"'{row['example']}'")
            for row in fetch_sql(engine, query).to_pylist()
        ),
        advice="Write all of it in one way, such as 0.603 for 60.3%",
    )
