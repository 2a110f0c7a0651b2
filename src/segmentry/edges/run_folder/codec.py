"""Records to JSON and back: arrays as lists, NaN as null, nothing executable."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_origin

import cattrs
import numpy as np
from cattrs.gen import make_dict_unstructure_fn, override
from numpy.typing import NDArray

from segmentry.errors import ModelError, SegmentryError
from segmentry.records.columns import Format
from segmentry.records.model import Model
from segmentry.records.run_settings import RunSettings
from segmentry.records.scorers import SCORERS, Scorer

T = TypeVar("T")

DAMAGED = (cattrs.BaseValidationError, TypeError, ValueError, LookupError, AttributeError, RecursionError)
"""What goes wrong when a text is not JSON, or not the JSON of the record that is looked for."""


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook_func(_is_array, _lists)
    converter.register_unstructure_hook(float, _plain)
    converter.register_structure_hook(float, lambda value, _: float("nan") if value is None else float(value))
    converter.register_structure_hook_func(_is_array, _array)
    converter.register_structure_hook_func(_is_any_mapping, lambda value, _: dict(value))
    converter.register_structure_hook_func(_is_scorer, lambda value, _: _scorer(converter, value))
    converter.register_structure_hook(RunSettings, lambda value, _: RunSettings.of(value))
    converter.register_unstructure_hook(RunSettings, lambda settings: converter.unstructure(settings.every))
    unset = override(omit_if_default=True)
    converter.register_unstructure_hook(
        Model, make_dict_unstructure_fn(Model, converter, scorer=unset, book=unset, returns=unset)
    )
    converter.register_unstructure_hook(
        Format, make_dict_unstructure_fn(Format, converter, level=unset, no_value=unset)
    )
    return converter


def _is_scorer(kind: Any) -> bool:  # noqa: ANN401 - any annotation
    return kind in (Scorer, Scorer | None)


def _scorer(converter: cattrs.Converter, value: Any) -> Scorer | None:  # noqa: ANN401 - what JSON holds
    """A scorer by its kind; none where there is none."""
    if value is None:
        return None
    if value["kind"] not in SCORERS:
        raise ValueError(f"no scorer is of the kind '{value['kind']}'")
    return converter.structure(value, SCORERS[value["kind"]])


def _lists(array: NDArray[Any]) -> Any:  # noqa: ANN401 - nested lists of any depth
    """An array as nested lists; an empty one as its shape, which lists would lose."""
    return {"shape": list(array.shape)} if array.size == 0 else _plain(array.tolist())


def _plain(value: Any) -> Any:  # noqa: ANN401 - nested lists of any depth
    """JSON has no NaN and no infinity: both are written as null."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _is_array(kind: Any) -> bool:  # noqa: ANN401 - any annotation
    return get_origin(kind) is np.ndarray


def _array(value: Any, kind: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """A read-only array of the annotated type, null as NaN."""
    scalar = kind.__args__[1].__args__[0]
    array = (
        np.empty(value["shape"], dtype=scalar) if isinstance(value, dict) else np.array(value, dtype=scalar)
    )
    array.flags.writeable = False
    return array


def _is_any_mapping(kind: Any) -> bool:  # noqa: ANN401 - any annotation
    return get_origin(kind) in {Mapping, dict} and kind.__args__[1] is object


def plain(record: object) -> Any:  # noqa: ANN401 - plain JSON values
    """A record as plain dicts, lists, numbers and text."""
    return _converter().unstructure(record)


def dumps(record: object) -> str:
    """A record as JSON text, the same bytes for the same record."""
    return json.dumps(plain(record), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def loads(text: str, kind: type[T], *, where: str) -> T:
    """A record from JSON text.

    Args:
        text: The JSON.
        kind: The record's class.
        where: The file, for the message.

    Raises:
        ModelError: when the text is not such a record.
    """
    try:
        return from_plain(json.loads(text), kind, where=where)
    except (ValueError, RecursionError) as failure:
        raise _damaged(failure, where) from None


def from_plain(value: object, kind: type[T], *, where: str) -> T:
    """A record from the plain values that JSON holds.

    Raises:
        ModelError: when they are not such a record.
    """
    try:
        return _converter().structure(value, kind)
    except DAMAGED as failure:
        raise _damaged(failure, where) from None


def _damaged(failure: BaseException, where: str) -> ModelError:
    return ModelError(
        f"{where} is damaged or from another version: {_first_reason(failure)}.", hint="Make the run again."
    )


def _first_reason(failure: BaseException) -> str:
    """The innermost complaint, in one line."""
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    if isinstance(failure, SegmentryError):
        return failure.what.rstrip(".")
    return (str(failure).splitlines() or [type(failure).__name__])[0].rstrip(".")
