"""The figures of a run, made from its records and drawn into a folder."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from segmentry.edges import store
from segmentry.edges.render import Drawn
from segmentry.edges.studio import begin, pictures
from segmentry.errors import UsageError, unknown
from segmentry.records.run import Run, Survey
from segmentry.views.charts.catalog import EXPLORATORY, NEEDS, SEGMENTS
from segmentry.views.charts.figure import Figure
from segmentry.views.report import Drawing
from segmentry.views.svg import sheet_svg


def draw(figures: Mapping[str, tuple[Figure, ...]], folder: Path) -> dict[str, tuple[Drawing, ...]]:
    """Draw every figure once: PNG and CSV into the folder, SVG for the page."""
    pages = pages_of(figures)
    drawn = {page.name: on_paper(page) for page in pages}
    made = pictures(list(drawn.values()))
    store.write_figures(zip(drawn, made, (page.data for page in pages), strict=True), folder)
    return {
        name: tuple(Drawing(figure=page, svg=drawn[page.name].svg) for page in several)
        for name, several in figures.items()
    }


def on_paper(page: Figure) -> Drawn:
    """The figure drawn as SVG."""
    return Drawn(name=page.name, title=page.title, alt=page.alt, svg=sheet_svg(page))


def ahead(figures: Mapping[str, tuple[Figure, ...]]) -> None:
    """Begin to draw figures that will be asked for."""
    begin([on_paper(page) for page in pages_of(figures)])


def pages_of(figures: Mapping[str, tuple[Figure, ...]]) -> list[Figure]:
    """Every page of every figure, in order."""
    return [page for several in figures.values() for page in several]


def explored(survey: Survey) -> dict[str, tuple[Figure, ...]]:
    """Every exploratory figure by its file's name, in pages."""
    return {name: chart(survey) for name, chart in EXPLORATORY.items()}


def run_figures(run: Run) -> dict[str, tuple[Figure, ...]]:
    """Every figure of a run by its file's name, in pages."""
    return explored(run.survey) | {name: chart(run) for name, chart in SEGMENTS.items()}


SHAREABLE = ("cluster_prof", "clusters_PCA", "elbow")
"""The figures that can be drawn from what may be told."""


def shared_figures(run: Run) -> dict[str, tuple[Figure, ...]]:
    """The figures of a shared run; without a feature that is told in all segments there is no profile."""
    names = [one for one in SHAREABLE if run.population or one != "cluster_prof"]
    return {name: pages for name in names if (pages := SEGMENTS[name](run))}


def drawn_ahead(name: str | None) -> Callable[[Survey | Run], None]:
    """Begin to draw what can be drawn of a survey, and of a run that is not compared yet."""

    def seen(known: Survey | Run) -> None:
        if isinstance(known, Run):
            ahead(run_figures(replace(known, survey=named(known.survey, name))))
        else:
            ahead(explored(named(known, name)))

    return seen


def figures_named(run: Run, name: str) -> tuple[Figure, ...]:
    """The pages of one figure.

    Raises:
        UsageError: naming the figures that there are.
    """
    if name in EXPLORATORY:
        return EXPLORATORY[name](run.survey)
    if name not in SEGMENTS:
        raise unknown("figure", name, [*EXPLORATORY, *SEGMENTS])
    pages = SEGMENTS[name](run)
    if not pages:
        why = NEEDS.get(name, "it has nothing to show")
        known = ", ".join(one for one in (*EXPLORATORY, *SEGMENTS) if one not in NEEDS)
        raise UsageError(f"There is no figure '{name}' in this run: {why}.", hint=f"There are: {known}.")
    return pages


def named(survey: Survey, name: str | None) -> Survey:
    """The survey under another name of its source; as it is without one."""
    return survey if name is None else replace(survey, source=replace(survey.source, name=name))
