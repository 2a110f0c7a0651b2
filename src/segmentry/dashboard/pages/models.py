"""How many segments: the verdict with its exhibits, every number and algorithm that was tried, and previews."""

from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.dashboard.web.figures import placed
from segmentry.records.run import Run
from segmentry.views.charts.catalog import NEEDS, SEGMENTS, Place, in_place
from segmentry.views.topics.cells import Cell, Table, numeric, said, sentence, table, text
from segmentry.views.topics.choice import choice
from segmentry.views.topics.wording import kind_line
from segmentry.views.words.numbers import count, plural, ratio, share

PLACES = (Place.VERDICT, Place.BY_NUMBER, Place.OF_THESE, Place.ALGORITHMS, Place.CHOICES)
"""The parts of the page that hold figures."""


def show(visit: Visit) -> Words:
    """The words of the page; they are about the run, whatever is previewed."""
    run = visit.opened.run
    return {
        "finding": sentence(_finding(run)),
        "under": kind_line(run),
        "verdict": sentence(run.verdict.sentence),
        "one_audience": sentence(run.verdict.one_audience),
        "choice": choice(run),
        "candidates": _candidates(visit, run),
        "previews": len(_kept(visit, run)) > 1,
        "exhibits": placed(run, Place.VERDICT),
        "by_number": placed(run, Place.BY_NUMBER),
        "of_these": placed(run, Place.OF_THESE),
        "algorithm_charts": placed(run, Place.ALGORITHMS),
        "choice_charts": placed(run, Place.CHOICES),
        "missing": _missing(run),
    }


def _finding(run: Run) -> str:
    """The number, how it came about and what speaks for it."""
    tried = [row.k for row in run.evidence.by_k if row.k > 1]
    asked = run.verdict.recommended
    if asked is not None and asked != run.k:
        return (
            f"{plural(run.k, 'segment')} because that number was asked for; the evidence speaks for {asked}"
        )
    if run.k == 1:
        return "One segment: everybody is one audience"
    if len(tried) <= 1:
        return f"{plural(run.k, 'segment')}: no other number was tried"
    found = run.evidence.at(run.k)
    votes = len(run.verdict.votes)
    for_it = sum(vote.k == run.k for vote in run.verdict.votes)
    why = f"{for_it} of {votes} methods speak for it" if votes else f"silhouette {ratio(found.silhouette)}"
    return f"{run.k} segments of {min(tried)} to {max(tried)} that were tried: {why}"


def _kept(visit: Visit, run: Run) -> frozenset[int]:
    """The numbers of segments that can be looked at."""
    return frozenset(
        (run.k, *(candidate.k for candidate in run.candidates if visit.opened.customers.has_pages))
    )


def _candidates(visit: Visit, run: Run) -> Table:
    """Every number that was tried, and what it would look like where the run kept it."""
    fitted = max(run.evidence.fitted, 1)
    return table(
        "The numbers that were tried",
        run.evidence.by_k,
        text("Segments", lambda row: said(str(row.k), badge=_note(row.k, run))),
        numeric("Silhouette", lambda row: ratio(row.silhouette)),
        numeric("Smallest segment", lambda row: f"{count(row.smallest)} ({share(row.smallest / fitted)})"),
        text("Shown", lambda row: _shown(visit, run, row.k)),
    )


def _shown(visit: Visit, run: Run, k: int) -> Cell | str:
    """A link to the pages with a number of segments."""
    if k == (visit.preview or run.k):
        return "now"
    if k not in _kept(visit, run):
        return "not kept"
    verb = "Back to" if k == run.k else "Preview"
    return said(f"{verb} {plural(k, 'segment')}").to(visit.address.to("/", k=None if k == run.k else k))


def _note(k: int, run: Run) -> str:
    """What a number is to the run."""
    if k == run.k:
        return "chosen"
    if k == run.verdict.recommended:
        return "recommended"
    return "next best" if k == run.verdict.runner_up else ""


def _missing(run: Run) -> tuple[str, ...]:
    """Which figures are not there, and why."""
    of_page = [name for place in PLACES for name in in_place(place)]
    lacking = [name for name in of_page if name in NEEDS and not SEGMENTS[name](run)]
    return tuple(f"{name.replace('_', ' ').capitalize()}: {NEEDS[name]}." for name in lacking)


MODELS = Page(path="/models", title="Choose k", template="models.html", show=show)
