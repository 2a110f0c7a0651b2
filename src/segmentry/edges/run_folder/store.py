"""A run as files: written into a folder, and read back whole."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.edges.run_folder import codec
from segmentry.edges.run_folder.columns import customer_table, with_customers
from segmentry.edges.run_folder.evidence_tables import write_evidence
from segmentry.edges.run_folder.experiments import read_experiments
from segmentry.edges.run_folder.manifest import check_format, write_entries
from segmentry.edges.run_folder.map_positions import with_candidates, without_labels, write_pages
from segmentry.edges.run_folder.name_check import (
    check_customers,
    check_model,
    check_record,
)
from segmentry.edges.run_folder.reason_tables import write_reasons
from segmentry.edges.run_folder.row_check import check_rows, check_values
from segmentry.edges.run_folder.segment_tables import profile_rows, segment_rows
from segmentry.edges.run_folder.strategy_tables import write_strategies
from segmentry.edges.run_folder.tables import write_csv, write_parquet, write_rows
from segmentry.edges.work_folder import restore
from segmentry.errors import ModelError, reason
from segmentry.records.customers import BY_MARGIN
from segmentry.records.model import Model
from segmentry.records.run import Run, Survey
from segmentry.stages.columns.parsing_sql import value_sql
from segmentry.stages.scoring.scoring_sql import has_no_sql, scoring_sql
from segmentry.stages.strategy.readout import with_results

Rows: TypeAlias = Sequence[Mapping[str, object]]


def save_model(model: Model, path: Path) -> None:
    """The model as JSON: recipe, centres and names, nothing executable."""
    path.write_text(codec.dumps(model), encoding="utf-8")


def load_model(path: Path) -> Model:
    """The model from a run folder or a model.json.

    Raises:
        ModelError: when there is none, it is damaged, or its names do not fit its segments.
    """
    restore(path)
    file = path / "model.json" if path.is_dir() else path
    check_format(file.parent)
    return check_model(codec.loads(_text(file), Model, where=f"'{file}'"), file)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ModelError(
            f"There is no '{file}'.", hint="Give the folder that 'segmentry run' wrote."
        ) from None
    except (OSError, UnicodeDecodeError) as failure:
        raise ModelError(
            f"'{file}' cannot be read: {reason(failure)}.", hint="Give the folder that 'segmentry run' wrote."
        ) from None


def write_tables(run: Run, folder: Path) -> None:
    """Everything of a run that is a table or a record, without its pictures and pages."""
    customers = customer_table(run)
    write_parquet(customers, folder / "customers.parquet")
    write_csv(customers, folder / "customers.csv")
    write_pages(run, folder)
    save_model(run.model, folder / "model.json")
    if has_no_sql(run.model.scorer) is None:
        (folder / "scoring.sql").write_text(scoring_sql(run.model, value_sql), encoding="utf-8")
    (folder / "result.json").write_text(codec.dumps(_without_customers(run)), encoding="utf-8")
    write_rows(segment_rows(run), folder / "segments.csv")
    write_rows(profile_rows(run), folder / "profiles.csv")
    write_evidence(run, folder)
    write_reasons(run, folder)
    write_rows([codec.plain(line) for line in run.survey.audit.ledger.lines], folder / "ledger.csv")
    write_strategies(run, folder)


def write_numbers(numbers: Iterable[tuple[str, Rows]], folder: Path) -> None:
    """The numbers behind every figure as CSV.

    Args:
        numbers: The figure's name and its numbers.
        folder: The folder to make and fill.
    """
    folder.mkdir()
    for name, rows in numbers:
        write_rows(rows, folder / f"{name}.csv")


def write_page(page: str, folder: Path) -> None:
    """report.html, the page that shows it all."""
    (folder / "report.html").write_text(page, encoding="utf-8")


def write_survey(survey: Survey, folder: Path, *, versions: dict[str, str]) -> None:
    """The tables of an exploration; its run.json marks the folder as ours."""
    write_rows([codec.plain(column) for column in survey.exploration.columns], folder / "columns.csv")
    write_rows([codec.plain(line) for line in survey.audit.ledger.lines], folder / "ledger.csv")
    findings = [
        {
            **codec.plain(finding),
            "columns": "; ".join(finding.columns),
            "examples": "; ".join(finding.examples),
        }
        for finding in survey.audit.findings
    ]
    write_rows(findings, folder / "findings.csv", columns=("rule", "severity", "sentence"))
    write_entries({"source": codec.plain(survey.source)}, folder, versions=versions)


def load_run(path: str | os.PathLike[str]) -> Run:
    """A run as it was when it was written.

    Raises:
        ModelError: when the folder is not a run, a file of it is missing or damaged, or its names
            do not fit its segments.
    """
    folder = Path(path)
    run = load_record(folder)
    check_rows(run, folder)
    try:
        with (folder / "customers.parquet").open("rb") as file:
            found = with_candidates(with_customers(run, pq.read_table(file)), folder)
            complete = with_results(found, read_experiments(folder))
    except (OSError, pa.ArrowException, LookupError, ValueError) as failure:
        raise ModelError(
            f"'{folder / 'customers.parquet'}' cannot be read: {failure}.", hint="Make the run again."
        ) from None
    check_values(complete, folder / "customers.parquet")
    return check_customers(complete, folder / "customers.parquet")


def load_record(folder: Path) -> Run:
    """A run without its customers: quick to read, however many there are.

    Raises:
        ModelError: when the folder is not a run, the record is missing or damaged, or its names do
            not fit its segments.
    """
    restore(folder)
    check_format(folder)
    run = codec.loads(_text(folder / "result.json"), Run, where=f"'{folder / 'result.json'}'")
    return check_record(run, folder)


def _without_customers(run: Run) -> Run:
    """The run without any one customer's row: those are in customers.parquet."""
    survey = run.survey
    nobody = slice(0)
    return replace(
        with_results(without_labels(run), ()),
        survey=replace(
            survey,
            customers=survey.customers.rows(nobody),
            worth=None if survey.worth is None else survey.worth[nobody],
        ),
        assignment=replace(run.assignment.rows(nobody), levels_from=BY_MARGIN),
    )
