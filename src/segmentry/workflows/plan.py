"""What a run would do: the table is read and surveyed, the work is counted, and there it stops.

The work is counted from the same limits that the run keeps. Its cost is a line through what the benchmarks
measured (docs/benchmarks.md, generated customers with five features, two cores).
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from segmentry.pipeline.evidence import judged_up_to
from segmentry.pipeline.lineage import earlier_run
from segmentry.pipeline.resample import FRESH
from segmentry.pipeline.sensitivity import LIMITS
from segmentry.pipeline.survey import Surveyed, make_survey
from segmentry.pipeline.sweep import ALL_UP_TO, SAMPLE, complete_enough, searched_up_to, searcher
from segmentry.records.plan import Cost, Plan, PlannedCustomers, PlannedStep
from segmentry.settings import Settings
from segmentry.stages.cleaning import clean
from segmentry.stages.evidence.budgets import EFFORTS

ENGINE = "DuckDB in memory reads the table once; NumPy and scikit-learn make the segments"

BASE_SECONDS, SECONDS_A_CELL = 4.8, 5.9e-6
"""Processor seconds of any run (imports, 22 figures, the report), and of reading, exploring, placing and
writing one value: least squares over `segmentry run` at 999, 20,000 and 1,000,000 customers."""

SEARCH_SECONDS, RERUN_SECONDS, RERUN_BASE = 2.4e-8, 1.5e-8, 0.9
"""Processor seconds of a comparison in the search and in the re-runs (each stands for all passes of a fit), and
of the rest of the evidence: least squares over the same sizes and the three efforts."""

OTHER_SECONDS: Mapping[str, float] = {"quick": 0.2, "standard": 1.5, "thorough": 9.5}
"""Processor seconds of the other ways, which are tried on a sample: measured from 20,000 customers on."""

BASE_MEGABYTES, SAMPLE_MEGABYTES, SAMPLED_FROM, BYTES_A_CELL = 300, 80, 20_000, 120
"""Memory of any run, of the re-runs once their samples are full, and of a value: measured as above."""

MARGIN = 2
"""How many times less or more other tables and machines may take."""


def plan(source: object, settings: Settings) -> Plan:
    """What a run would do with a customer table.

    Args:
        source: A path, a table in memory or an Ibis table.
        settings: The settings.

    Raises:
        SegmentryError: when the run would refuse the source or a setting before it makes segments.
    """
    earlier_run(settings)
    surveyed = make_survey(source, settings)
    customers = _customers(surveyed, settings)
    clean.refuse_too_few(customers.fitted)
    features = tuple(given.column.feature for given in surveyed.given)
    steps = tuple(_steps(customers.fitted, len(features), settings))
    survey, choice = surveyed.survey, settings.choice
    return Plan(
        source=survey.source,
        engine=ENGINE,
        columns=survey.columns,
        features=features,
        customers=customers,
        steps=steps,
        algorithms=LIMITS[choice.effort].names if choice.compare else (),
        cost=_cost(steps, survey.source.rows * survey.source.columns, customers.fitted, settings),
    )


def _customers(surveyed: Surveyed, settings: Settings) -> PlannedCustomers:
    features = [given.column.feature for given in surveyed.given]
    enough = complete_enough(surveyed.survey.customers.matrix(features), surveyed.given, settings.cleaning)
    fitted = int(np.count_nonzero(enough))
    return PlannedCustomers(
        fitted=fitted,
        placed=len(enough) - fitted,
        repeated=surveyed.dropped.rows,
        suppressed=surveyed.suppressed,
    )


def _steps(customers: int, features: int, settings: Settings) -> Iterator[PlannedStep]:
    """The search for every number of segments, then the re-runs that judge those of use."""
    choice = settings.choice
    sampled = customers > ALL_UP_TO
    searched = min(customers, SAMPLE) if sampled else customers
    search = searcher(choice.effort, sampled=sampled)
    last = searched_up_to(choice, searched)
    each = search.starts + search.splits + 1
    yield _step(f"Search for 2 to {last} segments", range(2, last + 1), each, searched, features)
    budget = EFFORTS[choice.effort]
    drawn, few = min(customers, budget.customers), min(customers, budget.twin_customers)
    judged = [*range(2, min(judged_up_to(choice, customers), last) + 1)]
    again = (1 + FRESH) * 2 * (budget.pairs + budget.halves)
    yield _step("Re-runs on samples of the customers", judged, again, drawn, features)
    beside = (1 + FRESH) * (budget.twins + budget.references)
    yield _step("Runs on copies without groups", judged, beside, few, features)


def _step(name: str, ks: Sequence[int], fits: int, customers: int, features: int) -> PlannedStep:
    """A step that fits each number of segments as often."""
    return PlannedStep(
        name=name,
        fits=fits * len(ks),
        customers=customers,
        comparisons=fits * customers * features * sum(ks),
    )


def _cost(steps: Sequence[PlannedStep], cells: int, customers: int, settings: Settings) -> Cost:
    search, *again = (step.comparisons for step in steps)
    seconds = (
        BASE_SECONDS
        + SECONDS_A_CELL * cells
        + SEARCH_SECONDS * search
        + RERUN_BASE
        + RERUN_SECONDS * sum(again)
        + (OTHER_SECONDS[settings.choice.effort] if settings.choice.compare else 0.0)
    )
    filled = min(1.0, customers / SAMPLED_FROM)
    megabytes = BASE_MEGABYTES + SAMPLE_MEGABYTES * filled + BYTES_A_CELL * cells / 1e6
    return Cost(
        seconds=round(seconds, 1),
        least_seconds=round(seconds / MARGIN, 1),
        most_seconds=round(seconds * MARGIN, 1),
        megabytes=round(megabytes),
    )
