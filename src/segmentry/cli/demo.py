"""``segmentry demo``: the whole analysis on customers that it makes up."""

from pathlib import Path
from typing import Annotated

import typer

from segmentry.cli.console import progress, report
from segmentry.cli.options import Effort, Force, Json, Quiet, Seed, chosen


def demo(  # noqa: PLR0913 - a command's parameters are its options
    *,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("runs/demo"),
    force: Force = False,
    customers: Annotated[
        int, typer.Option("--customers", min=30, help="How many customers to make up.")
    ] = 999,
    seed: Seed = None,
    effort: Effort = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make up customers of an online shop and run the whole analysis on them."""
    settings = chosen(None, seed=seed, effort=effort)
    with progress(quiet=quiet or as_json):
        from segmentry.datasets import ecommerce
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.segmentation import segment_to_save

        check_target(out, force=force)
        made = ecommerce(customers, settings.choice.seed).customers
        result = segment_to_save(made, settings, name="demo customers")
        result.save(out, force=force)
    report(result, out, quiet=quiet, as_json=as_json)
