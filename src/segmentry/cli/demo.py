"""``segmentry demo``: the whole analysis on customers that it makes up."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import Output, columns
from segmentry.cli.options import Force, SettingsOptions, expanded

if TYPE_CHECKING:
    from segmentry.settings import Settings


@expanded
def demo(
    *,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("runs/demo"),
    force: Force = False,
    customers: Annotated[int, typer.Option(min=30, help="How many customers to make up.")] = 999,
    settings: Annotated["Settings", SettingsOptions("seed", "effort", file=False)],
    output: Output,
) -> None:
    """Make up customers of an online shop and run the whole analysis on them."""
    with output.progress():
        from segmentry.datasets import ecommerce
        from segmentry.edges.run_folder.folder import check_target
        from segmentry.results.segmentation import segment

        check_target(out, force=force)
        made = ecommerce(customers, settings.choice.seed).customers
        result = segment(made, settings=settings, name="demo customers")
        result.save(out, force=force)
    output.show(result.summary(columns()), result.plain(), out)
