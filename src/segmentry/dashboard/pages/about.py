"""About a run: how it was made, with what, what each column is, where it ends, and where the report is."""

from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.edges.run_folder.manifest import Manifest
from segmentry.records.columns import Role
from segmentry.records.run import Run
from segmentry.stages.scoring.customer_columns import columns_of
from segmentry.views.topics.cells import Cell, Table, facts, named
from segmentry.views.topics.method import run_method
from segmentry.views.topics.quality import dictionary
from segmentry.views.words.numbers import count, plural

REPORT = "report.html"


def show(visit: Visit) -> Words:
    """The words of the page; they are about the run, whatever is previewed."""
    run = visit.opened.run
    method = run_method(run, visit.customers.placements())
    return {
        "finding": _finding(run, visit.opened.manifest),
        "under": _under(run),
        "method": method,
        "limits": method.limits,
        "made": _made(visit),
        "versions": _versions(visit.opened.manifest),
        "columns": dictionary(run.survey),
        "ours": _ours(run),
        "has_report": (visit.opened.folder / REPORT).is_file(),
    }


def _finding(run: Run, manifest: Manifest) -> str:
    made = manifest.clock.finished[:10]
    source = run.survey.source
    day = f", made on {made}" if made else ""
    return f"{plural(run.k, 'segment')} from {plural(source.rows, 'row')} and {plural(source.columns, 'column')}{day}"


def _under(run: Run) -> str:
    used = [column for column in run.survey.columns if column.role is Role.SEGMENTATION]
    return f"{plural(len(used), 'column')} made the segments; everything that is needed to make them again is below."


def _made(visit: Visit) -> Table:
    clock = visit.opened.manifest.clock
    lines: tuple[tuple[str, Cell | str], ...] = (
        ("Run folder", named(visit.opened.name)),
        ("Started", clock.started),
        ("Finished", clock.finished),
        ("Seconds of work", f"{sum(clock.seconds.values()):,.1f}"),
        ("Customers", count(sum(visit.customers.placements().values()))),
    )
    return facts("When and where", lines, heads=("What", "Which"))


def _versions(manifest: Manifest) -> Table:
    lines = ((named(name), named(version)) for name, version in manifest.versions.items())
    return facts("Versions", lines, heads=("Package", "Version"))


def _ours(run: Run) -> Table:
    return facts(
        "What the run adds to each customer (customers.parquet and customers.csv)",
        ((column.name, column.meaning) for column in columns_of(valued=run.survey.value is not None)),
        heads=("Column", "Meaning"),
    )


ABOUT = Page(path="/about", title="About", template="about.html", show=show)
