"""From a customer table to a complete run: it reads from top to bottom as the product."""

from segmentry.pipeline.candidates import candidates
from segmentry.pipeline.describe import complete, describe
from segmentry.pipeline.explain import explain
from segmentry.pipeline.final_model import fit, place_everyone
from segmentry.pipeline.lineage import earlier_run
from segmentry.pipeline.sensitivity import other_ways
from segmentry.pipeline.survey import make_survey
from segmentry.progress import begin
from segmentry.records.run import Run, Survey
from segmentry.settings import Settings


def survey(source: object, settings: Settings) -> Survey:
    """Read, clean, audit and explore a customer table, without making segments."""
    return make_survey(source, settings).survey


def segment(source: object, settings: Settings) -> Run:
    """From a customer table to a complete run.

    Args:
        source: A path, a table in memory or an Ibis table.
        settings: The settings.

    Raises:
        SegmentryError: when the source cannot be read, cannot carry segments, or a setting
            does not fit it.
    """
    earlier = earlier_run(settings)
    surveyed = make_survey(source, settings)
    fitted = fit(surveyed, settings, earlier)
    placed = place_everyone(fitted, settings, earlier)
    begin("Naming and describing")
    described = describe(placed, explain(placed, seed=settings.choice.seed), settings)
    begin("Trying other ways")
    comparison = other_ways(fitted, placed.assignment, settings)
    others = candidates(fitted.swept, surveyed.survey.worth, placed.placer.k)
    return complete(described, others, comparison, settings)
