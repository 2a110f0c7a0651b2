"""A look at a customer table without making segments, as Python has it."""

import os
from pathlib import Path
from typing import Any

from segmentry.edges.run_folder import store
from segmentry.edges.run_folder.folder import new_folder
from segmentry.errors import unknown
from segmentry.progress import Step, begin, listening
from segmentry.records.run import Survey
from segmentry.results.chart import Chart
from segmentry.results.stopwatch import versions
from segmentry.settings import Settings
from segmentry.views.charts.catalog import EXPLORATORY
from segmentry.views.report import exploration_html
from segmentry.views.terminal import summary
from segmentry.workflows import segment as workflow
from segmentry.workflows.figures import explored, named, written


def explore(
    source: object,
    *,
    settings: Settings | None = None,
    step: Step | None = None,
    name: str | None = None,
    **options: Any,  # noqa: ANN401 - checked by Settings
) -> "Exploration":
    """Look at a customer table without making segments: quality, distributions, relationships.

    Args and errors are those of ``segment``.
    """
    with listening(step):
        survey = workflow.survey(source, (settings or Settings()).changed(**options))
    return Exploration(survey=named(survey, name))


class Exploration:
    """What is known of a table before any segments are made.

    Attributes:
        survey: The record behind everything.
    """

    def __init__(self, survey: Survey) -> None:
        """Wrap a survey; use ``explore``."""
        self.survey = survey

    def chart(self, name: str) -> Chart:
        """One of the exploratory figures, such as ``distributions``.

        Raises:
            UsageError: naming the figures that there are.
        """
        if name not in EXPLORATORY:
            raise unknown("figure", name, EXPLORATORY)
        return Chart(EXPLORATORY[name](self.survey))

    def save(self, folder: str | os.PathLike[str], *, force: bool = False, step: Step | None = None) -> Path:
        """Write the figures, the quality tables and a page that shows them."""
        with listening(step), new_folder(folder, force=force) as half:
            begin("Drawing the figures")
            figures = explored(self.survey)
            with written(figures, half / "figures"):
                begin("Writing the report")
                store.write_page(exploration_html(self.survey, figures), half)
                store.write_survey(self.survey, half, versions=versions())
        return Path(folder)

    def summary(self) -> str:
        """The exploration in a screen of text."""
        return summary.exploration_summary(self.survey)

    def plain(self) -> dict[str, object]:
        """The exploration in plain values, for JSON."""
        return summary.plain_exploration(self.survey)

    def __repr__(self) -> str:
        """The summary."""
        return self.summary()
