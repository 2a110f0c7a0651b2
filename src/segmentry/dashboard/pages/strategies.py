"""Strategies: every play with what fired it and its evidence, which segments to serve, and what a test takes."""

from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.dashboard.pages.audience_form import CONTROLS, PERCENT
from segmentry.dashboard.pages.calculator import worked
from segmentry.dashboard.web.figures import charts
from segmentry.records.run import Run
from segmentry.stages.strategy.targets import targets
from segmentry.views.charts.targets import headline, target_matrix
from segmentry.views.topics.cells import sentence
from segmentry.views.topics.strategy import needed_settings, orphans, strategy_pages
from segmentry.views.topics.targeting import target_table
from segmentry.views.words.numbers import plural

WHAT: dict[str, str] = {
    "mark": "mark it in the list",
    "leave-out": "leave it out of the list",
    "none": "no control group",
}


def show(visit: Visit) -> Words:
    """The words of the page."""
    run = visit.run
    return {
        "finding": sentence(_finding(run)),
        "under": _under(run),
        "needed": needed_settings(run),
        "cards": strategy_pages(run),
        "matrix": charts(target_matrix(run)),
        "target_table": target_table(run),
        "orphans": orphans(run),
        "calculator": worked(visit.address, run),
        "choices": tuple((number, visit.tag(number)) for number in range(1, run.k + 1)),
        "controls": tuple((name, WHAT[name]) for name in CONTROLS),
        "control_share": f"{PERCENT * run.settings.groups.control_share:g}",
        "previewed": visit.preview is not None,
    }


def _finding(run: Run) -> str:
    if run.k == 1:
        customers = run.segments[0].customers
        return f"One play for all {plural(customers, 'customer')}: {run.segments[0].play.objective}"
    return headline(run, targets(run))


def _under(run: Run) -> str:
    tested = sum(bool(segment.play.results) for segment in run.segments)
    said = "none is tested yet" if not tested else f"{tested} of them tested"
    return f"{plural(run.k, 'play')}, {said}. What a play brings is not promised: a test with a control group finds out."


STRATEGIES = Page(path="/strategies", title="Strategies", template="strategies.html", show=show)
