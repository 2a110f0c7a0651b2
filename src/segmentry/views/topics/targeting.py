"""Which segments to serve: the table beside the target matrix."""

from segmentry.records.run import Run
from segmentry.records.targets import Criterion, KnockOut, Target, Targets
from segmentry.stages.strategy.targets import targets
from segmentry.views.topics.cells import Cell, Head, Table, named, numeric, said, tagged
from segmentry.views.words.numbers import ABSENT, number, share

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
    rows = tuple(
        _row(one, tagged(segment, run.k)) for one, segment in zip(found.targets, run.segments, strict=True)
    )
    return Table(
        caption="Which segments to serve",
        heads=(
            Head(text="Segment"),
            *numeric("Attractiveness, 1 to 10", "Competitiveness, 1 to 10"),
            Head(text="Conditions that are not met", wide=True),
            Head(text="Not known yet", wide=True),
        ),
        rows=rows,
        note=_note(found),
    )


def _row(target: Target, name: Cell) -> tuple[Cell, ...]:
    against = "; ".join(f"{one.condition}: {one.finding}" for one in target.knock_outs if one.met is False)
    return (
        name,
        said(ABSENT if target.attractiveness is None else f"{target.attractiveness:.1f}"),
        said("not given" if target.competitiveness is None else f"{target.competitiveness:g}"),
        named(against, length=240) if against else said("none"),
        said(_unknown(target.knock_outs)),
    )


def _unknown(conditions: tuple[KnockOut, ...]) -> str:
    return "; ".join(one.condition for one in conditions if one.met is None) or "nothing"


def _note(found: Targets) -> str:
    scores = found.targets[0].scores
    weights = ", ".join(f"{CRITERIA[one.criterion]} {share(one.weight)}" for one in scores)
    made = f"Attractiveness is made of {weights}. " if scores else ""
    unmeasured = [CRITERIA[one] for one in found.unmeasured]
    left = f"Not measured, so without weight: {', '.join(unmeasured)}. " if unmeasured else ""
    return f"{made}{left}{'' if found.filled else GREYED}".strip()


def potential(value: float | None) -> str:
    """What a segment holds, as people write it."""
    return ABSENT if value is None else number(value)
