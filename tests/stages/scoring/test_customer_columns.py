"""Every column of customers.* keeps what the catalog says of it; a new column is tested by being in it."""

import duckdb
import numpy as np
import pytest
from support.factories import make_run

from segmentry.records.columns import Kind
from segmentry.stages.columns.parsing_sql import value_sql
from segmentry.stages.scoring.customer_columns import (
    CUSTOMER_COLUMNS,
    VALUE,
    CustomerColumn,
    PlacedCustomers,
    columns_of,
)
from segmentry.stages.scoring.scoring_sql import scoring_sql

RUN = make_run(k=3, p=4, n=60)
PLACED = PlacedCustomers(
    assignment=RUN.assignment, names=RUN.model.names, worth=np.arange(len(RUN.survey.customers), dtype=float)
)


def known(column: CustomerColumn) -> list[object]:
    return [one for one in column.values(PLACED).tolist() if one is not None and one == one]  # noqa: PLR0124


@pytest.mark.parametrize("column", CUSTOMER_COLUMNS, ids=lambda column: column.name)
def test_a_column_has_a_value_of_its_kind_for_every_customer(column: CustomerColumn) -> None:
    kinds = {Kind.TEXT: str, Kind.NUMBER: float, Kind.FLAG: bool}
    assert column.values(PLACED).shape == (len(RUN.survey.customers),)
    assert {type(one) for one in known(column)} <= {kinds[column.kind]}
    if column.always:
        assert len(known(column)) == len(RUN.survey.customers)


def test_a_column_has_a_name_of_its_own_and_says_what_it_means_in_a_sentence() -> None:
    names = [column.name for column in CUSTOMER_COLUMNS]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(name.isidentifier() for name in names)
    assert all(column.meaning[0].isupper() and column.meaning.endswith(".") for column in CUSTOMER_COLUMNS)


def test_the_value_is_there_only_with_a_measure() -> None:
    assert VALUE not in columns_of(valued=False)
    assert [*columns_of(valued=False), VALUE] == list(columns_of(valued=True))


def test_scoring_sql_has_the_columns_that_have_sql() -> None:
    """DuckDB is the reader."""
    engine = duckdb.connect()
    recipe = RUN.model.recipe
    named = ", ".join(f'NULL::DOUBLE AS "{step.column}"' for step in recipe.steps)
    engine.execute(f"CREATE TABLE customers AS SELECT 'a' AS \"{RUN.model.id_name}\", {named}")
    found = engine.sql(scoring_sql(RUN.model, value_sql)).columns
    assert set(found) == {RUN.model.id_name, *(column.name for column in CUSTOMER_COLUMNS if column.sql)}
