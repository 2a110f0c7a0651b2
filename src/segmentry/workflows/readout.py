"""Records the result of a test in a run folder, and shows it there from then on."""

from dataclasses import replace
from pathlib import Path

from segmentry.edges.run_folder import store
from segmentry.edges.run_folder.experiments import locked, read_experiments, replace_files, write_experiments
from segmentry.edges.run_folder.strategy_tables import write_strategies
from segmentry.errors import UsageError
from segmentry.progress import begin
from segmentry.records.run import Run
from segmentry.records.strategy import TestResult
from segmentry.stages.strategy.holdout import ratio_check
from segmentry.stages.strategy.readout import Conducted, conclude, with_results
from segmentry.views.report import report_html
from segmentry.workflows.figures import run_figures, written


def record_result(folder: Path, conducted: Conducted) -> TestResult:
    """Work out what a test found, store it beside the run, and refresh what shows it.

    Args:
        folder: The run folder.
        conducted: What was reported.

    Returns:
        The result with its interval.

    Raises:
        ModelError: when the folder is not a run.
        UsageError: when the report cannot be; then nothing has changed.
    """
    begin("Reading the run")
    run = store.load_run(folder)
    planned = conducted.planned_control
    conducted = replace(
        conducted, planned_control=run.settings.groups.control_share if planned is None else planned
    )
    found = conclude(run, conducted, _ratio(conducted))
    with locked(folder):
        before = read_experiments(folder)
        if found in before:
            raise UsageError(
                f"This result of '{found.segment}' is recorded already.",
                hint="'segmentry result list' shows what is.",
            )
        shown = with_results(run, (*before, found))
        begin("Refreshing the report")
        replace_files(folder, lambda half: _write(shown, half))
    return found


def _ratio(conducted: Conducted) -> float:
    """The p-value of the arms' sizes against the planned split."""
    planned = conducted.planned_control or 0.0
    if not 0 < planned < 1:
        raise UsageError(
            f"The planned share of the control group cannot be {planned}.",
            hint="Give --control-share a number between 0 and 1.",
        )
    for name, arm in (("treated", conducted.treated), ("control", conducted.control)):
        if arm.customers < 1:
            raise UsageError(
                f"The {name} arm cannot have {arm.customers} customers.",
                hint=f"Give --{name} a count from 1 on.",
            )
    sizes = {"control": conducted.control.customers, "treated": conducted.treated.customers}
    return ratio_check(sizes, {"control": planned, "treated": 1 - planned}).p


def _write(run: Run, half: Path) -> None:
    write_experiments(run.results, half)
    write_strategies(run, half)
    figures = run_figures(run)
    with written(figures, half / "figures"):
        store.write_page(report_html(run, figures), half)
