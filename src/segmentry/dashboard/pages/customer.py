"""One customer: against the own and the second-nearest segment, and exactly why they are where they are."""

from dataclasses import replace

import numpy as np

from segmentry.dashboard.data.query_results import Row
from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.dashboard.web.errors import NotThere
from segmentry.records.run import Run
from segmentry.stages.profiling.reasons import why
from segmentry.stages.scoring.score import score
from segmentry.views.terminal.why import Explanation, explanation
from segmentry.views.topics.cells import FULL_LENGTH, Head, Table, feature, named, printable, said, shortened
from segmentry.views.words.numbers import number, share

AVERAGES = (2, 3)
"""Columns of the reasons that hold the averages of two segments."""
LEVELS = {"high": "clearly", "medium": "fairly surely", "low": "barely"}


def show(visit: Visit) -> Words:
    """The words of a customer's page."""
    asked = visit.parts["id"]
    row = visit.customers.one(asked)
    if row is None:
        raise NotThere(
            f"There is no customer '{shortened(asked, 40)}'.", hint="Search for the beginning of the id."
        )
    alone = _alone(visit.run, row)
    reasons = explanation(alone, 0, why(alone.model, alone.feature_values[0]))
    own = visit.tag(row.segment)
    confidence = float(alone.assignment.confidence[0])
    level = str(alone.assignment.levels()[0])
    where = (
        f"{LEVELS[level]} in {own.text}"
        if row.segment and visit.run.k > 1
        else f"in {own.text}"
        if row.segment
        else own.text
    )
    return {
        "finding": f"{printable(shortened(row.id, 60))} is {where}",
        "own": own,
        "segment": row.segment,
        "rival": _rival(visit, alone),
        "confidence": share(confidence),
        "level": level,
        "placed": row.placed,
        "value": number(row.value) if visit.customers.has_value else "",
        "sentence": reasons.sentence,
        "reasons": _reasons(reasons) if reasons.rows else None,
        "others": _others(visit.run, row),
        "id": named(row.id, length=FULL_LENGTH),
    }


def _reasons(found: Explanation) -> Table:
    """Every measure, and the margin that they add up to."""
    names = (f"average of {head}" if at in AVERAGES else head for at, head in enumerate(found.heads))
    return Table(
        caption="Why, measure by measure",
        heads=tuple(Head(text=name, cell=named(name), numeric=at > 0) for at, name in enumerate(names)),
        rows=tuple((named(row[0]), *map(said, row[1:])) for row in found.rows[:-1]),
        total=tuple(map(said, found.rows[-1])),
        note="What each measure adds to how much nearer the customer is to its own segment than to the next; the parts "
        "add up exactly to the margin.",
    )


def _rival(visit: Visit, alone: Run) -> object:
    rival = int(alone.assignment.rival[0])
    return visit.tag(rival + 1) if rival >= 0 and visit.run.k > 1 else None


def _alone(run: Run, row: Row) -> Run:
    """The run with this one customer, placed by its model."""
    customers = replace(
        run.survey.customers, ids=np.array([row.id], dtype=object), values=np.array([row.features])
    )
    return replace(
        run,
        survey=replace(run.survey, customers=customers),
        assignment=score(customers.matrix(run.model.recipe.features), run.model),
    )


def _others(run: Run, row: Row) -> tuple[tuple[object, str], ...]:
    """The customer's measures that make no segments."""
    used = set(run.model.recipe.features)
    names = run.survey.customers.names
    return tuple(
        (feature(name), number(value))
        for name, value in zip(names, row.features, strict=True)
        if name not in used
    )


CUSTOMER = Page(path="/customer/{id:path}", title="Customer", template="customer.html", show=show, menu=False)
