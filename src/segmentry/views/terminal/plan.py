"""What a run would do, as text and as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from textwrap import wrap

from segmentry.records.plan import Plan
from segmentry.views.topics.cells import shortened
from segmentry.views.words.numbers import plural

COLUMNS = 80
LABEL, ROLE, NAME = 11, 14, 24
BASIS = (
    "Worked out from what was measured for generated customers with five features on two cores "
    "(docs/benchmarks.md); half or twice as much on other tables and machines."
)


def plan_text(plan: Plan) -> str:
    """The plan in a screen of text."""
    parts = (
        _labelled("Read", _source(plan)),
        _labelled("Customers", _customers(plan)),
        _columns(plan),
        _work(plan),
        _labelled("Expect", _cost(plan)),
    )
    return "\n\n".join("\n".join(lines) for lines in parts)


def written_text(folder: Path, *, shared: bool, taken: bool) -> str:
    """Where the run would be written, and what a run folder holds."""
    what = (
        "a folder that may be shown around: report, figures and counts, no customer's row"
        if shared
        else "a run folder: report, figures, customers, segments, evidence, model, SQL and run.json"
    )
    there = " Something is there already: the run replaces a run only with --force." if taken else ""
    return "\n".join(_labelled("Write", f"{folder}: {what}.{there}"))


def plain_plan(plan: Plan) -> dict[str, object]:
    """The plan as plain values, for JSON."""
    return {
        "source": asdict(plan.source),
        "engine": plan.engine,
        "columns": [
            {"name": column.name, "role": str(column.role), "reason": column.reason}
            for column in plan.columns
        ],
        "features": plan.features,
        "customers": asdict(plan.customers),
        "steps": [asdict(step) for step in plan.steps],
        "algorithms": plan.algorithms,
        "expected": {**asdict(plan.cost), "basis": BASIS},
    }


def plain_written(folder: Path, *, shared: bool, taken: bool) -> Mapping[str, object]:
    """Where the run would be written, as plain values."""
    return {"folder": str(folder), "shared": shared, "folder_is_taken": taken}


def _source(plan: Plan) -> str:
    source = plan.source
    size = f"{plural(source.rows, 'row')} and {plural(source.columns, 'column')}"
    return " ".join([f"{source.name} ({source.kind}): {size}.", f"{plan.engine}.", *source.notes])


def _customers(plan: Plan) -> str:
    who = plan.customers
    said = [f"{plural(who.fitted, 'customer')} to make segments from"]
    if who.placed:
        said.append(f"{who.placed:,} with too many gaps, who are only placed")
    if who.repeated:
        said.append(f"{plural(who.repeated, 'row')} left out as repeats of another one")
    if who.suppressed:
        said.append(f"{plural(who.suppressed, 'row')} left out by the suppression list")
    return f"{'; '.join(said)}."


def _columns(plan: Plan) -> Iterator[str]:
    """Every column with its part and the reason."""
    yield f"{plural(len(plan.features), 'measure')} to segment by, from these columns:"
    for column in plan.columns:
        start = f"  {shortened(column.name, NAME):<{NAME}} {column.role:<{ROLE}}"
        lines = wrap(column.reason, COLUMNS - len(start)) or [""]
        yield start + lines[0]
        yield from (f"{'':<{len(start)}}{line}" for line in lines[1:])


def _work(plan: Plan) -> Iterator[str]:
    """The steps that fit K-means again and again, and what it is compared with."""
    yield "Work"
    for step in plan.steps:
        yield f"  {step.name:<37} {step.fits:,} fits of K-means on {plural(step.customers, 'customer')}"
    yield "  The search is made twice where features turn out to move together."
    if plan.algorithms:
        yield from wrap(
            f"Other choices are tried on a sample, and these algorithms: {', '.join(plan.algorithms)}.",
            COLUMNS,
            initial_indent="  ",
            subsequent_indent="  ",
        )


def _cost(plan: Plan) -> str:
    cost = plan.cost
    return (
        f"About {cost.seconds:,.0f} processor seconds ({cost.least_seconds:,.0f} to {cost.most_seconds:,.0f}) and "
        f"{cost.megabytes:,} MB of memory. {BASIS}"
    )


def _labelled(label: str, text: str) -> Iterator[str]:
    first, *rest = wrap(text, COLUMNS - LABEL)
    yield f"{label:<{LABEL}}{first}"
    yield from (f"{'':<{LABEL}}{line}" for line in rest)
