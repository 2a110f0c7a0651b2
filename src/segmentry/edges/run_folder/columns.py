"""customers.* as a table, and back: each column is found by its name, never by its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from segmentry.edges.run_folder.name_check import refuse_unknown_names
from segmentry.records.arrays import Floats, Texts, frozen, frozen_ints
from segmentry.records.columns import Kind
from segmentry.records.customers import PLACEMENTS, Assignment, CustomerTable
from segmentry.records.rounding import rounded
from segmentry.records.run import Run
from segmentry.stages.scoring.customer_columns import (
    CUSTOMER_COLUMNS,
    VALUE,
    CustomerColumn,
    PlacedCustomers,
    Values,
    columns_of,
)

TYPES = {Kind.NUMBER: pa.float64(), Kind.FLAG: pa.bool_()}
"""How the columns of the catalog are written, where they are not text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNames:
    """What the columns of one customers.* are called in the file, where an id or a feature may have one of our names.

    Attributes:
        id: The column of ids, under its own name.
        ours: The name in the file of each column of the catalog.
        features: The names in the file of the p features, in their order.
    """

    id: str
    ours: dict[str, str]
    features: tuple[str, ...]

    def written(self) -> Iterator[str]:
        """The names in the order in which they are written."""
        yield self.id
        yield from self.ours.values()
        yield from self.features


def names_of(columns: Sequence[CustomerColumn], id_name: str, features: Sequence[str] = ()) -> ColumnNames:
    """What the columns are called: where names meet, ours give way to the id's, and the features' to both.

    >>> names_of(columns_of(valued=False), "segment", ["distance", "spend"]).features
    ('distance (feature)', 'spend')
    """
    ours = {
        column.name: f"{column.name} (segmentry)" if column.name == id_name else column.name
        for column in columns
    }
    taken = {id_name, *ours.values()}
    written = []
    for feature in features:
        name = feature
        while name in taken:
            name = f"{name} (feature)"
        taken.add(name)
        written.append(name)
    return ColumnNames(id=id_name, ours=ours, features=tuple(written))


def names_in(run: Run) -> ColumnNames:
    """What the columns of a run's customers.* are called."""
    customers = run.survey.customers
    return names_of(columns_of(valued=run.survey.worth is not None), customers.id_name, customers.names)


def types_in(run: Run) -> dict[str, pa.DataType]:
    """The types of the columns of a run's customers.parquet, by their names in the file."""
    names = names_in(run)
    id_type = pa.int64() if run.survey.customers.ids_are_integers else pa.string()
    kinds = {column.name: column.kind for column in CUSTOMER_COLUMNS}
    ours = {written: TYPES.get(kinds[name], pa.string()) for name, written in names.ours.items()}
    return {names.id: id_type, **ours, **dict.fromkeys(names.features, pa.float64())}


def customer_table(run: Run) -> pa.Table:
    """One row per customer: the id under its own name, where it was placed, then every feature."""
    customers, names = run.survey.customers, names_in(run)
    placed = PlacedCustomers(assignment=run.assignment, names=run.model.names, worth=run.survey.worth)
    ours = _arrays(columns_of(valued=placed.worth is not None), placed)
    ids = id_array(customers.ids, integers=customers.ids_are_integers)
    features = [_numbers(customers.column(feature)) for feature in customers.names]
    return pa.table([ids, *ours, *features], names=list(names.written()))


def placement_table(id_name: str, ids: pa.Array, placed: PlacedCustomers) -> pa.Table:
    """One row per customer who was placed: the id and where it is, without features."""
    columns = columns_of(valued=False)
    return pa.table([ids, *_arrays(columns, placed)], names=list(names_of(columns, id_name).written()))


def id_array(ids: Texts, *, integers: bool) -> pa.Array:
    """Ids as they were: integers where all of them are plain ones, else text."""
    return pa.array([int(one) for one in ids], pa.int64()) if integers else pa.array(list(ids), pa.string())


def _arrays(columns: Sequence[CustomerColumn], placed: PlacedCustomers) -> list[pa.Array]:
    return [_array(column.kind, column.values(placed)) for column in columns]


def _array(kind: Kind, values: Values) -> pa.Array:
    if kind is Kind.NUMBER:
        return _numbers(values)
    return pa.array(values, TYPES.get(kind, pa.string()))


def _numbers(values: Floats) -> pa.Array:
    return pa.array(rounded(values), pa.float64(), from_pandas=True)


def with_customers(run: Run, table: pa.Table) -> Run:
    """The run with the customers of its Parquet file.

    Raises:
        LookupError: when a column is missing.
        ValueError: when a value cannot be one of that column.
    """
    names, nobody = names_in(run), run.survey.customers
    worth = None if run.survey.worth is None else _floats(table, names.ours[VALUE.name])
    customers = replace(
        nobody,
        ids=np.array([str(value) for value in table[names.id].to_pylist()], dtype=object),
        values=frozen(np.column_stack([_floats(table, name) for name in names.features])),
    )
    assignment = _assignment(run, table, names, customers)
    return replace(run, survey=replace(run.survey, customers=customers, worth=worth), assignment=assignment)


def _assignment(run: Run, table: pa.Table, names: ColumnNames, customers: CustomerTable) -> Assignment:
    """What the columns of the catalog say of where everybody is."""
    ours = names.ours
    numbers: dict[str | None, int] = {name: index for index, name in enumerate(run.model.names)}
    codes = {str(placement): code for code, placement in enumerate(PLACEMENTS)}
    refuse_unknown_names(table[ours["segment"]].unique().to_pylist(), run.model.names)
    return Assignment(
        segment=frozen_ints([numbers.get(name, -1) for name in table[ours["segment"]].to_pylist()]),
        rival=frozen_ints([numbers.get(name, -1) for name in table[ours["runner_up"]].to_pylist()]),
        distance=frozen(_floats(table, ours["distance"])),
        rival_distance=frozen(_floats(table, ours["runner_up_distance"])),
        confidence=frozen(_floats(table, ours["confidence"])),
        missing_share=frozen(np.isnan(customers.matrix(run.model.recipe.features)).mean(axis=1)),
        out_of_range=np.array(table[ours["out_of_range"]].to_pylist(), dtype=bool),
        placement=np.array([codes[how] for how in table[ours["placed"]].to_pylist()], dtype=np.int8),
        levels_from=run.model.levels,
    )


def _floats(table: pa.Table, name: str) -> Floats:
    return np.asarray(table[name].to_numpy(), dtype=np.float64)
