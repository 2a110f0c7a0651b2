"""About a run: how it was made, with what, what each column is, where it ends, and where the report is."""

from collections.abc import Iterator, Mapping

from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.edges.run_folder.manifest import Manifest
from segmentry.records.columns import Role
from segmentry.records.customers import Placement
from segmentry.records.run import Run
from segmentry.views.topics.cells import Head, Table, named, numeric, said
from segmentry.views.topics.method import PLACED_HOW, run_method
from segmentry.views.words.numbers import ABSENT, count, plural, share

REPORT = "report.html"
ROLES: Mapping[Role, str] = {
    Role.ID: "names the customer",
    Role.SEGMENTATION: "makes the segments",
    Role.DESCRIPTOR: "describes them, and does not make them",
    Role.OUTCOME: "is kept for looking back",
    Role.PROTECTED: "is protected, and takes no part",
    Role.EXCLUDED: "takes no part",
}
OURS = (
    ("segment", "The segment's name; empty for a customer who is in none."),
    ("confidence", "How clear the placement is, from 0 to 1."),
    ("distance", "How far the customer is from the middle of the segment, in the scale of the recipe."),
    ("runner_up", "The second-nearest segment."),
    ("confidence_level", "high, medium or low."),
    ("runner_up_distance", "How far the customer is from the middle of that."),
    ("out_of_range", "Whether the customer is unlike anyone the segments were made from."),
    ("placed", "How the customer came there."),
    ("value", "What the customer is worth by the value measure; not there without one."),
)
"""The columns of customers.parquet that are ours, with their meaning."""


def show(visit: Visit) -> Words:
    """The words of the page; they are about the run, whatever is previewed."""
    run = visit.opened.run
    method = run_method(run)
    return {
        "finding": _finding(run, visit.opened.manifest),
        "under": _under(run),
        "method": method,
        "limits": (*method.limits, *_placed(visit)),
        "made": _made(visit),
        "versions": _versions(visit.opened.manifest),
        "columns": _columns(run),
        "ours": _ours(run),
        "has_report": (visit.opened.folder / REPORT).is_file(),
    }


def _finding(run: Run, manifest: Manifest) -> str:
    made = manifest.clock.finished[:10]
    source = run.survey.source
    day = f", made on {made}" if made else ""
    return f"{plural(run.k, 'segment')} from {plural(source.rows, 'row')} and {plural(source.columns, 'column')}{day}"


def _under(run: Run) -> str:
    used = [one for one in run.survey.columns if one.role is Role.SEGMENTATION]
    return f"{plural(len(used), 'column')} made the segments; everything that is needed to make them again is below."


def _placed(visit: Visit) -> Iterator[str]:
    """How many customers were not placed like the others."""
    found = visit.customers.placements()
    for placement, words in PLACED_HOW.items():
        if amount := found.get(str(placement), 0):
            yield f"{plural(amount, 'customer')} {words if amount > 1 else _one(placement, words)}."


def _one(placement: Placement, words: str) -> str:
    """The words for a single customer."""
    return (
        words.replace("lack ", "lacks ")
        if placement is Placement.PARTIAL
        else words.replace("are ", "is ", 1)
    )


def _made(visit: Visit) -> Table:
    clock = visit.opened.manifest.clock
    lines = (
        ("Run folder", named(visit.opened.name)),
        ("Started", said(clock.started)),
        ("Finished", said(clock.finished)),
        ("Seconds of work", said(f"{sum(clock.seconds.values()):,.1f}")),
        ("Customers", said(count(sum(visit.customers.placements().values())))),
    )
    return Table(
        caption="When and where",
        heads=(Head(text="What"), Head(text="Which", wide=True)),
        rows=tuple((said(label), cell) for label, cell in lines),
    )


def _versions(manifest: Manifest) -> Table:
    return Table(
        caption="Versions",
        heads=(Head(text="Package"), Head(text="Version")),
        rows=tuple((named(name), named(version)) for name, version in manifest.versions.items()),
    )


def _columns(run: Run) -> Table:
    """The data dictionary: every column of the input."""
    missing = {one.name: one.missing for one in run.survey.exploration.columns}
    return Table(
        caption="The columns of the input",
        heads=(
            Head(text="Column"),
            Head(text="Kind"),
            Head(text="Part it plays"),
            *numeric("Missing"),
            Head(text="Why", wide=True),
        ),
        rows=tuple(
            (
                named(one.name),
                said(str(one.format.kind)),
                said(ROLES[one.role]),
                said(_gaps(missing.get(one.name), run.survey.source.rows)),
                named(one.reason, length=240),
            )
            for one in run.survey.columns
        ),
    )


def _gaps(missing: int | None, rows: int) -> str:
    if missing is None:
        return ABSENT
    return f"{count(missing)} ({share(missing / rows)})" if missing and rows else "0"


def _ours(run: Run) -> Table:
    left_out = ("value",) if run.survey.value is None else ()
    return Table(
        caption="What the run adds to each customer (customers.parquet and customers.csv)",
        heads=(Head(text="Column"), Head(text="Meaning", wide=True)),
        rows=tuple((said(name), said(text)) for name, text in OURS if name not in left_out),
    )


ABOUT = Page(path="/about", title="About", template="about.html", show=show)
