"""Writes a run into its folder: tables, model, SQL, figures, report and manifest."""

from collections.abc import Callable, Mapping
from pathlib import Path

from segmentry.edges.run_folder import store
from segmentry.edges.run_folder.experiments import read_experiments, write_experiments
from segmentry.edges.run_folder.folder import check_target, new_folder
from segmentry.edges.run_folder.manifest import Clock, manifest_of, write_manifest
from segmentry.edges.run_folder.name_check import check_names
from segmentry.progress import begin
from segmentry.records.run import Run
from segmentry.stages.strategy.readout import with_results
from segmentry.views.report import report_html
from segmentry.workflows.figures import run_figures, written


def save(
    run: Run, folder: Path, *, force: bool, versions: Mapping[str, str], clock: Callable[[], Clock]
) -> None:
    """Write the run folder; results that were recorded beside an earlier run of that name stay.

    Args:
        run: The run.
        folder: The folder to make.
        force: Whether an earlier run may be replaced.
        versions: The versions of what made it.
        clock: When it was made and how long each step took; asked when all else is written.

    Raises:
        OutputError: when the folder exists (and ``force`` is not set) or cannot be written.
    """
    check_target(folder, force=force)
    run = with_results(run, (*read_experiments(folder), *run.results))
    with new_folder(folder, force=force) as half:
        write_run(run, half)
        write_manifest(manifest_of(run, versions=versions, clock=clock()), half)
        recorded = with_results(run, (*run.results, *read_experiments(folder)))
        write_experiments(recorded.results, half)


def write_run(run: Run, half: Path) -> None:
    """Everything of a run folder but its manifest and the recorded results.

    Raises:
        ModelError: when the names do not fit the segments: nobody could read the folder again.
    """
    check_names(run, half / "result.json")
    begin("Drawing the figures")
    figures = run_figures(run)
    with written(figures, half / "figures"):
        store.write_tables(run, half)
        begin("Writing the report")
        store.write_page(report_html(run, figures), half)
