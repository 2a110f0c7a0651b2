"""Which segments to serve: the table beside the target matrix."""

from segmentry.records.run import Run
from segmentry.records.targets import Criterion, Target, Targets
from segmentry.stages.strategy.targets import targets
from segmentry.views.topics.cells import Table, named, numeric, prose, table, tagged, text
from segmentry.views.words.numbers import ABSENT, share

CRITERIA = {
    Criterion.VALUE_SHARE: "share of value",
    Criterion.VALUE_EACH: "value per customer",
    Criterion.SIZE: "share of customers",
    Criterion.GROWTH: "growth",
    Criterion.REACHABLE: "share who can be reached",
    Criterion.RESPONSE: "measured response",
}
GREYED = (
    "How well you serve each segment beside your competitors is not in the data and is not guessed: set "
    "competitiveness in segmentry.toml, from 1 to 10 by segment, and the second axis is drawn."
)


def target_table(run: Run) -> Table | None:
    """Every segment as a target; None for one audience, where there is nothing to choose."""
    if run.k == 1:
        return None
    found = targets(run)
    return table(
        "Which segments to serve",
        found.targets,
        text("Segment", lambda target: tagged(run.segments[target.number - 1], run.k)),
        numeric(
            "Attractiveness, 1 to 10",
            lambda target: ABSENT if target.attractiveness is None else f"{target.attractiveness:.1f}",
        ),
        numeric(
            "Competitiveness, 1 to 10",
            lambda target: "not given" if target.competitiveness is None else f"{target.competitiveness:g}",
        ),
        prose(
            "Conditions that are not met",
            lambda target: named(_unmet(target), length=240) if _unmet(target) else "none",
        ),
        prose("Not known yet", lambda target: _unknown(target) or "nothing"),
        note=_note(found),
    )


def _unmet(target: Target) -> str:
    return "; ".join(
        f"{condition.condition}: {condition.finding}"
        for condition in target.knock_outs
        if condition.met is False
    )


def _unknown(target: Target) -> str:
    return "; ".join(condition.condition for condition in target.knock_outs if condition.met is None)


def _note(found: Targets) -> str:
    scores = found.targets[0].scores
    weights = ", ".join(f"{CRITERIA[score.criterion]} {share(score.weight)}" for score in scores)
    made = f"Attractiveness is made of {weights}. " if scores else ""
    unmeasured = [CRITERIA[one] for one in found.unmeasured]
    left = f"Not measured, so without weight: {', '.join(unmeasured)}. " if unmeasured else ""
    return f"{made}{left}{'' if found.filled else GREYED}".strip()
