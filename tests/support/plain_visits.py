"""A visit to a page of the dashboard without a server: the run is made up, and so are its customers' counts."""

from pathlib import Path
from types import SimpleNamespace

from segmentry.dashboard.data.query_results import Part
from segmentry.dashboard.page_request import Visit
from segmentry.dashboard.web.url import Address
from segmentry.records.run import Run
from segmentry.views.topics.method import placements


def visit(run: Run, **parts: str) -> Visit:
    """A visit to a page that asks no more of the customers than how many there are.

    Args:
        run: The run.
        **parts: The parts of the path that are filled in.
    """
    counts = tuple(
        Part(segment=segment.number, customers=segment.customers, value=segment.value or 0.0)
        for segment in run.segments
    )
    customers = SimpleNamespace(
        parts=lambda _: counts, placements=lambda: placements(run), has_pages=False, has_value=True
    )
    clock = SimpleNamespace(started="", finished="2026-11-30", seconds={})
    opened = SimpleNamespace(
        run=run,
        customers=customers,
        name="run",
        folder=Path("nowhere"),
        manifest=SimpleNamespace(clock=clock, versions={}),
    )
    return Visit(
        opened=opened,  # type: ignore[arg-type]
        address=Address(path="/", params=()),
        library=SimpleNamespace(names=("run",)),  # type: ignore[arg-type]
        parts=parts,
    )
