"""The evidence for segments that a team already has, as Python has it."""

import os
from pathlib import Path
from typing import Any

from segmentry.edges.run_folder.evaluation import write_evaluation
from segmentry.edges.run_folder.folder import new_folder
from segmentry.progress import Step, listening
from segmentry.records.evaluation import Evaluation
from segmentry.results.stopwatch import versions
from segmentry.settings import Settings
from segmentry.views.terminal.evaluation import evaluation_summary, plain_evaluation
from segmentry.views.terminal.layout import COLUMNS
from segmentry.workflows.evaluate import judge


def evaluate(
    source: object,
    *,
    labels: str,
    settings: Settings | None = None,
    step: Step | None = None,
    **options: Any,  # noqa: ANN401 - checked by Settings
) -> "Judgement":
    """The evidence for segments that a team already has, in a column of its customer table.

    Args:
        source: As for ``segment``.
        labels: The column that holds the segments; it is not a feature.
        settings: The settings; the defaults when not given.
        step: Called with the name of each step when it starts.
        **options: Settings to change, such as ``features=[...]`` or ``effort="quick"``.

    Returns:
        What the data say of the segments, beside what they say by themselves.

    Raises:
        SegmentryError: as ``segment``, and when the column holds no segments.

    >>> import segmentry as sg
    >>> made = sg.datasets.ecommerce(300)
    >>> table = made.customers.append_column("ours", [made.truth])
    >>> sg.evaluate(table, labels="ours", effort="quick").evaluation.kind.value
    'natural'
    """
    with listening(step):
        return Judgement(judge(source, labels, (settings or Settings()).changed(**options)))


class Judgement:
    """What the data say of segments that were given.

    Attributes:
        evaluation: The record behind everything.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        """Wrap an evaluation; use ``evaluate``."""
        self.evaluation = evaluation

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the evaluation and its tables.

        Raises:
            OutputError: when the folder exists (and ``force`` is not set) or cannot be written.
        """
        with new_folder(folder, force=force) as half:
            write_evaluation(self.evaluation, half, versions=versions())
        return Path(folder)

    def summary(self, width: int = COLUMNS) -> str:
        """The evaluation in a screen of text.

        Args:
            width: How many columns the table of segments may take.
        """
        return evaluation_summary(self.evaluation, width)

    def plain(self) -> dict[str, object]:
        """The evaluation in plain values, for JSON."""
        return plain_evaluation(self.evaluation)

    def __repr__(self) -> str:
        """The summary."""
        return self.summary()
