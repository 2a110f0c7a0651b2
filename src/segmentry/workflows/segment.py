"""The only file that knows the order: it reads from top to bottom as the product."""

from collections.abc import Callable
from dataclasses import replace

from segmentry.pipeline.candidates import candidates
from segmentry.pipeline.describe import Shipped, describe, explained
from segmentry.pipeline.evidence import weigh
from segmentry.pipeline.final_model import canonical, shipped
from segmentry.pipeline.lineage import earlier_run, succession
from segmentry.pipeline.sensitivity import other_ways
from segmentry.pipeline.survey import make_survey
from segmentry.pipeline.sweep import prepare, solve
from segmentry.progress import begin
from segmentry.records.run import Run, Survey
from segmentry.settings import Settings
from segmentry.stages.cleaning import clean
from segmentry.stages.scoring.score import score


def unseen(_: Survey | Run) -> None:
    """Do nothing with what is known so far."""


def survey(source: object, settings: Settings) -> Survey:
    """Read, clean, audit and explore a customer table, without making segments."""
    return make_survey(source, settings).survey


def segment(
    source: object,
    settings: Settings,
    seen: Callable[[Survey | Run], None] = unseen,
) -> Run:
    """From a customer table to a complete run.

    Args:
        source: A path, a table in memory or an Ibis table.
        settings: The settings.
        seen: Given the survey as soon as there is one, and then the run as far as figures show it.

    Raises:
        SegmentryError: when the source cannot be read, cannot carry segments, or a setting
            does not fit it.
    """
    earlier = earlier_run(settings)
    surveyed = make_survey(source, settings)
    seen(surveyed.survey)
    begin("Preparing the features")
    customers = surveyed.survey.customers
    values = customers.matrix([given.column.feature for given in surveyed.given])
    ready = prepare(values, customers.ids, surveyed.given, settings)
    clean.refuse_too_few(len(ready.fitted))
    begin("Trying 2 to 10 segments")
    ready, solved = solve(ready, settings)
    begin("Weighing the evidence")
    weighed = canonical(surveyed, ready, weigh(ready, solved, settings), earlier)
    begin("Placing every customer")
    told, model = shipped(surveyed, ready, weighed, settings, earlier)
    assignment = score(ready.values, model)
    begin("Naming and describing")
    placed = Shipped(
        surveyed=surveyed,
        ready=ready,
        evidence=told.evidence,
        verdict=told.verdict,
        model=model,
        assignment=assignment,
        follows=None
        if earlier is None
        else succession(earlier, surveyed.survey, assignment.segment, len(model.names)),
    )
    described = describe(placed, settings)
    run = replace(described, candidates=candidates(ready, solved, surveyed.survey.worth, described.k))
    seen(run)
    run = explained(run, placed, settings)
    begin("Trying other ways")
    return replace(run, comparison=other_ways(surveyed, ready, weighed, assignment, settings))
