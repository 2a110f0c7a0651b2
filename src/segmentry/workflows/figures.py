"""The figures of a run, made from its records and drawn into a folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from segmentry.edges.rendering.background import drawn
from segmentry.edges.run_folder import store
from segmentry.errors import UsageError, unknown
from segmentry.records.run import Run, Survey
from segmentry.views.charts.catalog import EXPLORATORY, NEEDS, SEGMENTS
from segmentry.views.drawing.figure import Figure

Figures: TypeAlias = Mapping[str, tuple[Figure, ...]]
"""The pages of every figure, by its file's name."""


@contextmanager
def written(figures: Figures, folder: Path) -> Iterator[None]:
    """Write every figure's PNG and numbers into a new folder while the block runs; then all are there."""
    pages = [page for several in figures.values() for page in several]
    if pages:
        store.write_numbers(((page.name, page.data) for page in pages), folder)
    with drawn({folder / f"{page.name}.png": page.svg for page in pages}):
        yield


def explored(survey: Survey) -> Figures:
    """Every exploratory figure by its file's name, in pages."""
    return {name: chart(survey) for name, chart in EXPLORATORY.items()}


def run_figures(run: Run) -> Figures:
    """Every figure of a run by its file's name, in pages."""
    return {**explored(run.survey), **{name: chart(run) for name, chart in SEGMENTS.items()}}


SHAREABLE = ("cluster_prof", "clusters_PCA", "elbow")
"""The figures that can be drawn from what may be told."""


def shared_figures(run: Run) -> Figures:
    """The figures of a shared run; without a feature that is told in all segments there is no profile."""
    names = [name for name in SHAREABLE if run.population or name != "cluster_prof"]
    return {name: pages for name in names if (pages := SEGMENTS[name](run))}


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
        known = ", ".join(name for name in (*EXPLORATORY, *SEGMENTS) if name not in NEEDS)
        raise UsageError(f"There is no figure '{name}' in this run: {why}.", hint=f"There are: {known}.")
    return pages


def named(survey: Survey, name: str | None) -> Survey:
    """The survey under another name of its source; as it is without one."""
    return survey if name is None else replace(survey, source=replace(survey.source, name=name))
