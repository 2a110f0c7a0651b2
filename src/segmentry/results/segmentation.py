"""The Python face: a result that prints, plots, saves and scores."""

import os
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry.edges.run_folder import store
from segmentry.edges.run_folder.columns import customer_table
from segmentry.edges.scoring.tables import score_table
from segmentry.progress import Step, begin, listening
from segmentry.records.audience import Audience, Wanted
from segmentry.records.evidence import Evidence
from segmentry.records.model import Model
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.records.verdict import Verdict
from segmentry.results.chart import Chart
from segmentry.results.stopwatch import Watch, now, versions
from segmentry.settings import Settings
from segmentry.stages.profiling.reasons import why
from segmentry.views.terminal import summary
from segmentry.views.terminal.layout import COLUMNS
from segmentry.views.terminal.why import Explanation, explanation
from segmentry.workflows import segment as workflow
from segmentry.workflows.audience import planned
from segmentry.workflows.export import Files, Ids, NewFile, drawn_up, send
from segmentry.workflows.figures import figures_named, named
from segmentry.workflows.forget import forget as erase
from segmentry.workflows.save import save
from segmentry.workflows.share import Made, share

if TYPE_CHECKING:
    import pyarrow as pa


def segment(
    source: object,
    *,
    settings: Settings | None = None,
    step: Step | None = None,
    name: str | None = None,
    **options: Any,  # noqa: ANN401 - checked by Settings
) -> "Result":
    """From a customer table to named, explained segments.

    Args:
        source: A path (CSV, TSV, Excel, Parquet, JSON lines, DuckDB), or a pandas, Polars,
            PyArrow or Ibis table with one row per customer.
        settings: The settings; the defaults when not given.
        step: Called with the name of each step when it starts.
        name: What to call the source in titles; its file name when not given.
        **options: Settings to change, such as ``k=4``, ``features=[...]`` or ``seed=7``.

    Returns:
        The result: its segments, evidence, charts and scorer.

    Raises:
        SegmentryError: when the source cannot be read or cannot carry segments, or an option
            does not fit it; the message says what to try.

    >>> import segmentry as sg
    >>> result = sg.segment(sg.datasets.ecommerce(300).customers, k=1)
    >>> result.verdict.k, len(result.segments)
    (1, 1)
    """
    watch = Watch()
    with listening(step), listening(watch):
        run = workflow.segment(source, (settings or Settings()).changed(**options))
    return Result(run=replace(run, survey=named(run.survey, name)), watch=watch)


def load(folder: str | os.PathLike[str]) -> "Result":
    """The result that was saved in a run folder.

    Raises:
        ModelError: when the folder is not a run, or a file of it is damaged.
    """
    return Result(run=store.load_run(folder), watch=Watch())


def score_with(
    run: str | os.PathLike[str], source: object, *, settings: Settings | None = None
) -> "pa.Table":
    """Place new customers with the model of a run folder (or a model.json).

    Returns:
        One row per customer: id, segment, confidence, distance, runner-up, ...
    """
    begin("Reading the model")
    model = store.load_model(Path(run))
    begin("Placing customers")
    return _scored(model, source, settings or Settings())


def forget(folder: str | os.PathLike[str], ids: Ids, *, key_file: str | None = None) -> Run:
    """Erase customers from a run folder: it is written anew without them and then takes the old one's place.

    Args:
        folder: The run folder.
        ids: Who is erased: ids, or the path of a file that holds them.
        key_file: The file with the key, where the run is pseudonymised; the environment when not given.

    Returns:
        The run without them. Its model stays as it was fitted: it holds averages, and no customer's row.

    Raises:
        UsageError: when one of them is not in the run; nothing is changed.
        OutputError: when the folder holds more than a run, or cannot be written.
    """
    return erase(Path(folder), ids, key_file=key_file, at=now())


def _scored(model: Model, source: object, chosen: Settings) -> "pa.Table":
    return score_table(model, source, chosen.reading, as_of=chosen.columns.as_of, privacy=chosen.privacy)


class Result:
    """The frozen result of one run.

    Attributes:
        run: The record behind everything: figures, report, tables and SQL are made from it.
    """

    def __init__(self, run: Run, watch: "Watch") -> None:
        """Wrap a run; use ``segment`` or ``load``."""
        self.run = run
        self._watch = watch

    @property
    def verdict(self) -> Verdict:
        """The recommendation about the number of segments."""
        return self.run.verdict

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments, most valuable first."""
        return self.run.segments

    @property
    def evidence(self) -> Evidence:
        """The evidence for each number of segments."""
        return self.run.evidence

    @property
    def customers(self) -> "pa.Table":
        """One row per customer: id, segment, confidence, ..., features (``.to_pandas()`` works)."""
        return customer_table(self.run)

    def chart(self, name: str) -> Chart:
        """One of the figures, such as ``elbow`` or ``clusters_PCA``.

        Raises:
            UsageError: naming the figures that there are.
        """
        return Chart(figures_named(self.run, name))

    def why(self, customer: object) -> Explanation:
        """Why a customer is in their segment rather than in the runner-up: what each feature adds.

        Args:
            customer: The customer's id.

        Raises:
            UsageError: when there is no such customer; it names one that comes near.

        >>> import segmentry as sg
        >>> made = sg.segment(sg.datasets.ecommerce(300).customers, k=2, effort="quick")
        >>> reasons = made.why(made.run.survey.customers.ids[0]).why
        >>> bool(abs(sum(one.weight for one in reasons.because) - reasons.margin) < 1e-9)
        True
        """
        customers, recipe = self.run.survey.customers, self.run.model.recipe
        position = customers.position(str(customer))
        values = customers.rows(slice(position, position + 1)).matrix(recipe.features)
        return explanation(self.run, position, why(self.run.model, values[0]))

    def score(self, source: object, **options: Any) -> "pa.Table":  # noqa: ANN401 - checked by Settings
        """Place new customers: one row each with segment, confidence, distance and runner-up.

        Args:
            source: A path or a table with the columns that the segments were made from.
            **options: Settings of reading, such as ``as_of="2026-03-01"`` or ``delimiter=";"``.
        """
        return _scored(self.run.model, source, Settings().changed(**options))

    def export(
        self,
        segment: str,
        *,
        to: str = "csv",
        out: str | os.PathLike[str] | None = None,
        files: Files | None = None,
        **options: Any,  # noqa: ANN401 - checked by Wanted
    ) -> Audience:
        """The customers of a segment as a list for a platform, and who is not on it.

        Args:
            segment: Its name or number, or ``all``.
            to: csv, google, meta, tiktok, x or klaviyo.
            out: The CSV to write, with its manifest beside it; nothing is written when not given.
            files: Contacts and suppression list: ``Files(contacts="customers.csv")``.
            **options: What else ``Wanted`` knows, such as ``control=Control.LEAVE_OUT`` or ``country="DE"``.

        Raises:
            SegmentryError: when the segment, the platform or the files do not fit; nothing is written.
        """
        wanted = Wanted(segment=segment, platform=to, **{"groups": planned(self.run), **options})
        if out is None:
            return drawn_up(self.run, wanted, files or Files())
        return self.send(wanted, files or Files(), Path(out))

    def send(self, wanted: Wanted, files: Files, out: Path, *, force: bool = False) -> Audience:
        """Write an audience and its manifest, as ``export`` does, for what was put together before."""
        made = {"at": now(), "segmentry": version("segmentry")}
        return send(self.run, wanted, files, NewFile(path=out, replace=force), made)

    def save(self, folder: str | os.PathLike[str], *, force: bool = False, step: Step | None = None) -> Path:
        """Write the run folder: tables, model, SQL, figures and report.

        Results that were recorded beside an earlier run of that name stay.

        Raises:
            OutputError: when the folder exists (and ``force`` is not set) or cannot be written.
        """
        with listening(step), listening(self._watch):
            save(self.run, Path(folder), force=force, versions=versions(), clock=self._watch.clock)
        return Path(folder)

    def share(
        self,
        folder: str | os.PathLike[str],
        *,
        smallest_cell: int | None = None,
        force: bool = False,
        step: Step | None = None,
    ) -> Path:
        """Write a folder that may be shown around: nobody's row, no cell of few customers, rounded counts.

        Args:
            folder: The folder to make.
            smallest_cell: The smallest number of customers that is told of, 5 or more; as the run's settings
                say when not given.
            force: Whether an earlier one may be replaced.
            step: Called with the name of each step when it starts.

        Raises:
            UsageError: when the smallest cell is under 5.
            OutputError: when the folder exists (and ``force`` is not set) or cannot be written.
        """
        asked = smallest_cell or self.run.settings.privacy.smallest_cell
        with listening(step):
            share(
                self.run,
                Path(folder),
                Settings(smallest_cell=asked).privacy.smallest_cell,
                force=force,
                made=Made(versions=versions(), at=now()),
            )
        return Path(folder)

    def summary(self, width: int = COLUMNS) -> str:
        """The result in a screen of text.

        Args:
            width: How many columns the table of segments may take.
        """
        return summary.text_summary(self.run, width)

    def plain(self) -> dict[str, object]:
        """The result in plain values, for JSON."""
        return summary.plain(self.run)

    def __repr__(self) -> str:
        """The summary."""
        return self.summary()

    def _repr_html_(self) -> str:
        """The summary as a small table, for notebooks."""
        return summary.notebook_html(self.run)
