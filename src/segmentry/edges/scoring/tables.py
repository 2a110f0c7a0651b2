"""New customers through a saved model: read as the training data was, placed, one row each."""

from dataclasses import replace
from difflib import get_close_matches

import numpy as np
import pyarrow as pa

from segmentry.edges.pseudonym_key import pseudonyms
from segmentry.edges.run_folder.columns import id_array, placement_table
from segmentry.edges.sources import ReadTable, read_table
from segmentry.edges.sources.columns import ROW_NUMBER, ids_of, numbers_of, texts_of, written_as_integers
from segmentry.edges.sources.contacts import read_ids
from segmentry.edges.sources.suppression import without
from segmentry.errors import DataError, listed, shortened
from segmentry.records.arrays import Floats
from segmentry.records.columns import Kind
from segmentry.records.model import Model
from segmentry.records.settings import PrivacySettings, ReadSettings
from segmentry.stages.cleaning.clean import days_before
from segmentry.stages.columns.parsing import level_values
from segmentry.stages.scoring.customer_columns import PlacedCustomers
from segmentry.stages.scoring.score import score


def score_table(
    model: Model,
    source: object,
    options: ReadSettings,
    *,
    as_of: str | None = None,
    privacy: PrivacySettings | None = None,
) -> pa.Table:
    """Place every customer of a source.

    Args:
        model: The model.
        source: A path or a table with the columns that the model was made from.
        options: How to read it.
        as_of: The day that dates count back from; the model's own when not given.
        privacy: Who is not to be scored, and under what name the others appear.

    Returns:
        One row per customer, in the order of the source, with the columns of customers.parquet
        but for the features. Without the model's id column the rows are numbered.

    Raises:
        DataError: when the source lacks a column of the model; it names those that come near.
    """
    model = for_new_customers(model, as_of)
    formats = {step.column: step.format.of_column for step in model.recipe.steps}
    read = read_table(source, options, known=formats)
    _refuse_lacking(read, list(formats))
    id_name = model.id_name if model.id_name in read.formats else None
    private = privacy or PrivacySettings()
    if private.suppression is not None:
        _refuse_nameless(read, id_name, model.id_name)
        suppressed = read_ids(private.suppression, id_name)
        read = without(read, model.id_name, suppressed, options, formats).read
    ids = ids_of(read, id_name)
    if private.pseudonymise and id_name:
        ids = pseudonyms(private.key_file).of(ids)
    placed = PlacedCustomers(assignment=score(_values(model, read), model), names=model.names)
    written = id_array(ids, integers=written_as_integers(read, id_name, ids))
    return placement_table(id_name or ROW_NUMBER, written, placed)


def _refuse_nameless(read: ReadTable, id_name: str | None, wanted: str) -> None:
    if id_name is None:
        raise DataError(
            f"A suppression list needs ids, and '{shortened(read.source.info.name)}' has no column "
            f"'{shortened(wanted)}'.",
            hint="Bring the id under the name that it had when the model was made.",
        )


def for_new_customers(model: Model, as_of: str | None) -> Model:
    """The model with dates counted from another day; nobody new was filled in for a fit."""
    steps = tuple(replace(step, as_of=as_of) if as_of and step.as_of else step for step in model.recipe.steps)
    return replace(model, recipe=replace(model.recipe, steps=steps), max_missing=0.0)


def _values(model: Model, read: ReadTable) -> Floats:
    steps = model.recipe.steps
    numbers = numbers_of(read, list(dict.fromkeys(one.column for one in steps if one.format.level is None)))
    words = texts_of(read, list(dict.fromkeys(one.column for one in steps if one.format.level is not None)))
    columns = []
    for step in steps:
        if step.format.level is not None:
            columns.append(level_values(words[step.column], step.format))
            continue
        values = numbers[step.column]
        if step.format.kind is Kind.DATE and step.as_of is not None:
            values = days_before(step.as_of, values)
        columns.append(values)
    return np.column_stack(columns)


def _refuse_lacking(read: ReadTable, needed: list[str]) -> None:
    there = list(read.formats)
    lacking = [name for name in needed if name not in there]
    if not lacking:
        return
    near = get_close_matches(lacking[0], there, n=1, cutoff=0.6)
    guess = f" '{shortened(near[0])}' comes near '{shortened(lacking[0])}': rename it." if near else ""
    raise DataError(
        f"'{read.source.info.name}' lacks {len(lacking)} column{'s' * (len(lacking) != 1)} that the model needs: "
        f"{listed(lacking)}.",
        hint=f"Bring the columns that the model was made from.{guess}",
    )
