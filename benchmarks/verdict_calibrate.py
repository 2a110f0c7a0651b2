"""Other thresholds for the rule, tried on evidence that is already there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from verdict_report import exact, markdown, natural, percent, share, structured, structureless, within_one
from verdict_rules import Outcome, ours

from segmentry.stages.choose import Choose, VerdictRule

LIFTS = tuple(round(0.03 * step, 2) for step in range(13))
GRID = {
    "grouped": (0.06, 0.09, 0.12, 0.15, 0.18, 0.24),
    "near_best": (0.5, 0.6, 0.7, 0.8),
    "eligible_jaccard": (0.5, 0.6, 0.7),
    "stable_jaccard": (0.7, 0.75, 0.8),
}
SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a rule makes of the sets: for each set, whether it is so.

    Attributes:
        rule: The thresholds.
        natural, grouped: Of the sets without groups: called natural or partly so; called grouped.
        found, exact, within_one: Of the sets with groups.
    """

    rule: VerdictRule
    natural: Sequence[bool]
    grouped: Sequence[bool]
    found: Sequence[bool]
    exact: Sequence[bool]
    within_one: Sequence[bool]

    @property
    def met(self) -> int:
        """How many of the four absolute targets are met."""
        return sum(
            (
                sum(self.natural) <= 0.01 * len(self.natural),
                sum(self.grouped) <= 0.10 * len(self.grouped),
                sum(self.found) >= 0.90 * len(self.found),
                sum(self.within_one) >= 0.95 * len(self.within_one),
            )
        )

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Higher is better: targets met, k exact, found less falsely found, thresholds left alone."""
        alone = sum(getattr(self.rule, name) == getattr(VerdictRule(), name) for name in GRID)
        return self.met, sum(self.exact), sum(self.found) - sum(self.grouped), alone

    @property
    def cells(self) -> list[str]:
        """The shares, as text."""
        return [percent(one) for one in (self.grouped, self.natural, self.found, self.exact, self.within_one)]


MEASURES = ("called grouped", "called natural", "found", "k exact", "k within one")


def ruled(outcome: Outcome, rule: VerdictRule) -> Outcome:
    """The same set under another rule."""
    verdict = Choose(rule=rule)(outcome.evidence)
    return replace(
        outcome,
        kind=str(verdict.kind),
        k=verdict.k,
        grouped=verdict.grouped,
        confidence=verdict.confidence,
    )


def tried(outcomes: Sequence[Outcome], rule: VerdictRule) -> Trial:
    """What a rule makes of the sets."""
    judged = [ruled(outcome, rule) for outcome in outcomes]
    plain, grouped = structureless(judged), structured(judged)
    return Trial(
        rule=rule,
        natural=[natural(one) for one in plain],
        grouped=[one.grouped for one in plain],
        found=[one.grouped for one in grouped],
        exact=share(grouped, ours, exact, 0),
        within_one=share(grouped, ours, within_one, 0),
    )


def calibration(outcomes: Sequence[Outcome]) -> str:
    """The trade-off curve and the best rules of the grid, as Markdown."""
    plain, grouped = structureless(outcomes), structured(outcomes)
    outcomes = [*plain, *grouped]
    curve = [tried(outcomes, replace(VerdictRule(), grouped=lift)) for lift in LIFTS]
    best = sorted((tried(outcomes, rule) for rule in grid()), key=lambda one: one.rank, reverse=True)
    return "\n\n".join(
        [
            f"Calibration on {len(plain)} sets without groups and {len(grouped)} with groups; shares in per cent.",
            "## Trade-off: the lift from which customers count as grouped",
            markdown(["lift", *MEASURES], ([f"{one.rule.grouped:.3f}", *one.cells] for one in curve)),
            f"## The best {SHOWN} of {len(best)} rules, and the rule as it is",
            markdown(
                [*GRID, "targets met", *MEASURES],
                (_row(one) for one in (tried(outcomes, VerdictRule()), *best[:SHOWN])),
            ),
        ]
    )


def grid() -> Iterator[VerdictRule]:
    """Every rule of the grid."""
    for values in product(*GRID.values()):
        yield replace(VerdictRule(), **dict(zip(GRID, values, strict=True)))


def _row(trial: Trial) -> list[str]:
    return [*(f"{getattr(trial.rule, name):g}" for name in GRID), f"{trial.met} of 4", *trial.cells]
