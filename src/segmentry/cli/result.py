"""``segmentry result``: what tests of the plays found, kept beside the run."""

import json
from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.console import progress, say
from segmentry.cli.options import Json, Quiet

Run = Annotated[Path, typer.Argument(metavar="RUN", help="A folder that 'segmentry run' wrote.")]

result = typer.Typer(
    help="Record what a test of a play found, or list what was recorded.",
    no_args_is_help=False,
    rich_markup_mode=None,
)


@result.command()
def add(  # noqa: PLR0913 - a command's parameters are its options
    run_folder: Run,
    *,
    segment: Annotated[str, typer.Option(help="The segment's name.")],
    treated: Annotated[int, typer.Option(help="Customers in the treated arm, reached or not.")],
    control: Annotated[int, typer.Option(help="Customers in the control arm.")],
    start: Annotated[str, typer.Option("--from", help="The first day that was measured (YYYY-MM-DD).")],
    end: Annotated[str, typer.Option("--to", help="The last day that was measured.")],
    play: Annotated[str, typer.Option(help="The play's id; the segment's own when not given.")] = "",
    treated_conversions: Annotated[int | None, typer.Option(help="Treated customers who bought.")] = None,
    control_conversions: Annotated[int | None, typer.Option(help="Control customers who bought.")] = None,
    treated_margin: Annotated[float | None, typer.Option(help="Margin per treated customer.")] = None,
    treated_sd: Annotated[float | None, typer.Option(help="Its standard deviation.")] = None,
    control_margin: Annotated[float | None, typer.Option(help="Margin per control customer.")] = None,
    control_sd: Annotated[float | None, typer.Option(help="Its standard deviation.")] = None,
    control_share: Annotated[
        float | None,
        typer.Option(help="The planned share of the control arm; as in the run's settings when not given."),
    ] = None,
    note: Annotated[str, typer.Option(help="A remark to keep beside it.")] = "",
    quiet: Quiet = False,
) -> None:
    """Record the result of a test, and show it in the report from then on."""
    from segmentry.records.strategy import ArmResult
    from segmentry.stages.strategy.readout import Conducted
    from segmentry.workflows.readout import record_result

    conducted = Conducted(
        segment=segment,
        play=play,
        start=start,
        end=end,
        treated=ArmResult(
            customers=treated, conversions=treated_conversions, mean=treated_margin, sd=treated_sd
        ),
        control=ArmResult(
            customers=control, conversions=control_conversions, mean=control_margin, sd=control_sd
        ),
        planned_control=control_share,
        note=note,
    )
    with progress(quiet=quiet):
        found = record_result(run_folder, conducted)
    if not quiet:
        say(f"{found.segment}, {found.play}: {found.sentence}\n\nReport: {run_folder / 'report.html'}")


@result.command(name="list")
def list_results(run_folder: Run, *, as_json: Json = False) -> None:
    """List the results that were recorded beside a run."""
    from segmentry.edges.run_folder import codec
    from segmentry.edges.run_folder.store import load_run

    run = load_run(run_folder)
    if as_json:
        typer.echo(json.dumps([codec.plain(one) for one in run.results], ensure_ascii=False, indent=2))
        return
    here = {(one.name, one.play.id) for one in run.segments}
    for one in run.results:
        gone = "" if (one.segment, one.play) in here else " [not a segment and play of this run]"
        say(f"{one.segment}, {one.play}{gone}: {one.sentence}{f' ({one.note})' if one.note else ''}")
    if not run.results:
        say("No result is recorded yet: all plays are untested. Record one with 'segmentry result add'.")
