"""The figures of a run, made from its records and drawn into a folder."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from segmentry.edges.rendering.png import Drawn
from segmentry.edges.rendering.pool import begin, pictures
from segmentry.edges.run_folder import store
from segmentry.errors import UsageError, unknown
from segmentry.records.run import Run, Survey
from segmentry.views.charts.catalog import EXPLORATORY, NEEDS, SEGMENTS
from segmentry.views.drawing.figure import Figure
from segmentry.views.drawing.svg import sheet_svg
from segmentry.views.report import Drawing

Sheets: TypeAlias = Mapping[str, tuple[Drawing, ...]]
"""The pages of every figure, drawn as SVG, by its file's name."""


def sheets(figures: Mapping[str, tuple[Figure, ...]]) -> Sheets:
    """Draw every figure as SVG and begin to make PNGs of them."""
    found = {name: tuple(map(sheet, pages)) for name, pages in figures.items()}
    begin([on_paper(one) for one in every_page(found)])
    return found


def sheet(page: Figure) -> Drawing:
    """One page drawn as SVG."""
    return Drawing(figure=page, svg=sheet_svg(page))


def write(drawings: Sheets, folder: Path) -> None:
    """Every figure's PNG and numbers into a new folder."""
    pages = every_page(drawings)
    made = pictures([on_paper(one) for one in pages])
    figures = [one.figure for one in pages]
    store.write_figures(((one.name, png, one.data) for one, png in zip(figures, made, strict=True)), folder)


def on_paper(drawing: Drawing) -> Drawn:
    """What a PNG is made of."""
    figure = drawing.figure
    return Drawn(name=figure.name, title=figure.title, alt=figure.alt, svg=drawing.svg)


def every_page(drawings: Sheets) -> list[Drawing]:
    """Every page of every figure, in order."""
    return [page for several in drawings.values() for page in several]


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
            sheets(run_figures(replace(known, survey=named(known.survey, name))))
        else:
            sheets(explored(named(known, name)))

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
