"""``segmentry result``: what tests of the plays found, kept beside the run."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import progress, say
from segmentry.cli.options import Json, Quiet, RunFolder, expanded

if TYPE_CHECKING:
    from segmentry.stages.strategy.readout import Conducted

result = typer.Typer(
    help="Record what a test of a play found, or list what was recorded.",
    no_args_is_help=False,
    rich_markup_mode=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOptions:
    """What somebody reports about a test."""

    segment: Annotated[str, typer.Option(help="The segment's name.")]
    treated: Annotated[int, typer.Option(help="Customers in the treated arm, reached or not.")]
    control: Annotated[int, typer.Option(help="Customers in the control arm.")]
    start: Annotated[str, typer.Option("--from", help="The first day that was measured (YYYY-MM-DD).")]
    end: Annotated[str, typer.Option("--to", help="The last day that was measured.")]
    play: Annotated[str, typer.Option(help="The play's id; the segment's own when not given.")] = ""
    treated_conversions: Annotated[int | None, typer.Option(help="Treated customers who bought.")] = None
    control_conversions: Annotated[int | None, typer.Option(help="Control customers who bought.")] = None
    treated_margin: Annotated[float | None, typer.Option(help="Margin per treated customer.")] = None
    treated_sd: Annotated[float | None, typer.Option(help="Its standard deviation.")] = None
    control_margin: Annotated[float | None, typer.Option(help="Margin per control customer.")] = None
    control_sd: Annotated[float | None, typer.Option(help="Its standard deviation.")] = None
    control_share: Annotated[
        float | None,
        typer.Option(help="The planned share of the control arm; as in the run's settings when not given."),
    ] = None
    note: Annotated[str, typer.Option(help="A remark to keep beside it.")] = ""

    def conducted(self) -> "Conducted":
        """The test as a record."""
        from segmentry.records.strategy import ArmResult
        from segmentry.stages.strategy.readout import Conducted

        return Conducted(
            segment=self.segment,
            play=self.play,
            start=self.start,
            end=self.end,
            treated=ArmResult(
                customers=self.treated,
                conversions=self.treated_conversions,
                mean=self.treated_margin,
                sd=self.treated_sd,
            ),
            control=ArmResult(
                customers=self.control,
                conversions=self.control_conversions,
                mean=self.control_margin,
                sd=self.control_sd,
            ),
            planned_control=self.control_share,
            note=self.note,
        )


@result.command()
@expanded
def add(run_folder: RunFolder, *, test: TestOptions, quiet: Quiet = False) -> None:
    """Record the result of a test, and show it in the report from then on."""
    from segmentry.workflows.readout import record_result

    with progress(quiet=quiet):
        found = record_result(run_folder, test.conducted())
    if not quiet:
        say(f"{found.segment}, {found.play}: {found.sentence}\n\nReport: {run_folder / 'report.html'}")


@result.command(name="list")
def list_results(run_folder: RunFolder, *, as_json: Json = False) -> None:
    """List the results that were recorded beside a run."""
    from segmentry.edges.run_folder import codec
    from segmentry.edges.run_folder.store import load_run

    run = load_run(run_folder)
    if as_json:
        typer.echo(json.dumps([codec.plain(found) for found in run.results], ensure_ascii=False, indent=2))
        return
    here = {(segment.name, segment.play.id) for segment in run.segments}
    for found in run.results:
        gone = "" if (found.segment, found.play) in here else " [not a segment and play of this run]"
        note = f" ({found.note})" if found.note else ""
        say(f"{found.segment}, {found.play}{gone}: {found.sentence}{note}")
    if not run.results:
        say("No result is recorded yet: all plays are untested. Record one with 'segmentry result add'.")
