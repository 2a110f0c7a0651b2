"""Refuses a saved run or model whose names do not fit its segments: every face reads through here."""

import csv
import json
from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from segmentry.edges.run_folder.manifest import FILE, read_manifest
from segmentry.edges.run_folder.tables import harmless
from segmentry.errors import ModelError, listed, shortened
from segmentry.records.arrays import Floats, Ints
from segmentry.records.model import Model
from segmentry.records.run import Run
from segmentry.stages.naming import Misfit, claims_true, misfits, profiles_seen

Bools: TypeAlias = NDArray[np.bool_]

Told = TypeVar("Told")
MEND = (
    "Put the names back where they were, or make the run again: segmentry run <customers> --out {folder} --force. "
    'Names of your own belong in the settings, such as names = {{ "1" = "Gold" }}.'
)


SLIGHT = 1e-9
"""Squared standard deviations by which averages may differ that were added up in another order."""


def check_model(model: Model, file: Path) -> Model:
    """The model, if its names fit its segments.

    The names are derived again from the model's centres, its traits and the archetypes that were given
    out. Names that the user set are exempt.

    Args:
        model: The model.
        file: Where it was read from.

    Raises:
        ModelError: naming the segments that are called wrongly; or the model is too old to tell.
    """
    book = model.book
    if book is None:
        raise ModelError(
            f"'{file}' was written before names could be checked.",
            hint=f"Refresh it: segmentry run <customers> --out {_folder(file)} --force.",
        )
    if wrong := _told(file, lambda _: misfits(model, book)):
        raise _misnamed(file, wrong)
    return model


def check_record(run: Run, folder: Path) -> Run:
    """The run, if all its files but the customers' call the segments what their numbers say.

    Args:
        run: The run, as it was read from result.json.
        folder: The folder that it was read from.

    Raises:
        ModelError: naming the file and the segments that are called wrongly.
    """
    names = check_names(run, folder / "result.json").model.names
    written = tuple(harmless(one) for one in names)  # as a table for spreadsheets has them
    for name, told, called in (
        ("model.json", _of_model, names),
        ("segments.csv", _of_table, written),
        (FILE, lambda file: list(read_manifest(file.parent).names), names),
    ):
        if (folder / name).is_file():
            _compare(folder / name, _told(folder / name, told), called)
    return run


def check_names(run: Run, file: Path) -> Run:
    """The run, if its names are true: asked before it is written and whenever it is read.

    Args:
        run: The run.
        file: The file that it is written to, or was read from.

    Raises:
        ModelError: naming the segments that are called wrongly.
    """
    _compare(file, [segment.name for segment in run.segments], check_model(run.model, file).names)
    _check_features(run, file)
    _check_profiles(run, file)
    return run


def _check_features(run: Run, file: Path) -> None:
    """Segments and customers overall must be told in the same features."""
    features = [one.feature for one in run.population]
    if any([one.feature for one in segment.features] != features for segment in run.segments):
        raise ModelError(
            f"'{file}' is damaged: its segments have other features.", hint="Make the run again."
        )


def _check_profiles(run: Run, file: Path) -> None:
    """What a name says of its segment must be so in the profiles, not in the centres only."""
    book = run.model.book
    if book is None or run.k == 1:
        return
    seen = profiles_seen([segment.features for segment in run.segments])
    wrong = [
        Misfit(segment=at, name=given.name, belongs=None)
        for at, given in enumerate(book.given)
        if not given.exempt and not claims_true(given.claims, at, seen)
    ]
    if wrong:
        raise _misnamed(file, wrong)


def check_customers(run: Run, file: Path) -> Run:
    """The run, if the customers under each name are like the segment of that name, and not like another.

    Args:
        run: The run with its customers.
        file: The file that they were read from.

    Raises:
        ModelError: naming the segments whose customers are swapped.
    """
    from scipy.optimize import linear_sum_assignment

    features = [feature.feature for feature in run.segments[0].features]
    customers = run.survey.customers
    if run.k == 1 or not set(features) <= set(customers.names):
        return run
    found = _means(customers.matrix(features), run.assignment.segment, run.k)
    told = np.array([[feature.mean for feature in segment.features] for segment in run.segments])
    spread = np.array([profile.sd if profile.sd > 0 else 1.0 for profile in run.population])
    away = np.nan_to_num(((found[:, None] - told[None]) / spread) ** 2).sum(axis=2)
    rows, columns = linear_sum_assignment(away)
    empty: Bools = np.asarray(np.isnan(found).all(axis=1))
    wrong = [
        Misfit(segment=int(row), name=run.segments[row].name, belongs=run.segments[column].name)
        for row, column in zip(rows, columns, strict=True)
        if row != column and not empty[row] and away[row, row] > away[row, column] + SLIGHT
    ]
    if wrong:
        raise _misnamed(file, wrong, who="customers")
    return run


def refuse_unknown_names(found: Iterable[str | None], known: Container[str]) -> None:
    """Refuse a file of customers who are in a segment that there is not.

    Raises:
        ValueError: naming the segments.
    """
    if strange := sorted({one for one in found if one is not None and one not in known}):
        raise ValueError(f"no segment is called {listed(strange)}")


def _means(values: Floats, segment: Ints, k: int) -> Floats:
    rows = []
    for number in range(k):
        inside = values[segment == number]
        known = ~np.isnan(inside)
        total, n = np.where(known, inside, 0.0).sum(axis=0), known.sum(axis=0)
        rows.append(np.divide(total, n, out=np.full(len(total), np.nan), where=n > 0))
    return np.array(rows)


def _told(file: Path, read: Callable[[Path], Told]) -> Told:
    """What a file tells, where it is not damaged."""
    try:
        return read(file)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, csv.Error):
        raise ModelError(f"'{file}' is damaged.", hint="Make the run again.") from None


def _of_model(file: Path) -> list[str]:
    return [str(one) for one in json.loads(file.read_text(encoding="utf-8")).get("names", ())]


def _of_table(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row["segment"] for row in csv.DictReader(lines)]


def _compare(file: Path, told: Iterable[str], names: Sequence[str]) -> None:
    """A file must call the segments what the model calls them, in the same order."""
    called = list(told)
    wrong = [
        Misfit(segment=at, name=one, belongs=name)
        for at, (one, name) in enumerate(zip(called, names, strict=False))
        if one != name
    ]
    if wrong or len(called) != len(names):
        raise _misnamed(file, wrong)


def _misnamed(file: Path, wrong: Sequence[Misfit], *, who: str = "segments") -> ModelError:
    return ModelError(
        f"The names in '{file}' do not fit its {who}: {_said(wrong)}.",
        hint=MEND.format(folder=_folder(file)),
    )


def _said(wrong: Sequence[Misfit]) -> str:
    if not wrong:
        return "there are more or fewer names than segments"
    by_name = {fault.name: fault for fault in wrong}
    for fault in wrong:
        other = by_name.get(fault.belongs or "")
        if other is not None and other is not fault and other.belongs in {fault.name, None}:
            return f"'{shortened(fault.name)}' and '{shortened(other.name)}' are swapped"
    if len(wrong) == 2 and all(fault.belongs is None for fault in wrong):  # noqa: PLR2004 - a pair
        return f"'{shortened(wrong[0].name)}' and '{shortened(wrong[1].name)}' are swapped or changed"
    one = wrong[0]
    belongs = f", by its numbers it is '{shortened(one.belongs)}'" if one.belongs else ""
    return f"segment {one.segment + 1} is called '{shortened(one.name)}'{belongs}"


def _folder(file: Path) -> Path:
    return file.parent
