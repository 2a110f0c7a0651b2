"""What a test found: the observed effect with its interval, and the run that shows it from then on (METHOD 8.4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from segmentry.errors import UsageError, unknown
from segmentry.records.rates import wilson
from segmentry.records.run import Run
from segmentry.records.strategy import ArmResult, Measure, TestResult

"""The 97.5 % point of the normal distribution."""
SURE = 0.975
"""The quantile of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conducted:
    """A test as somebody reports it.

    Attributes:
        segment, play: What was tested; an empty play is the segment's own.
        start, end: The window that was measured, ISO days.
        control, treated: What was seen in the arms.
        planned_control: The planned share of the control group; None for the one in the run's settings.
        note: A remark.
    """

    segment: str
    start: str
    end: str
    control: ArmResult
    treated: ArmResult
    planned_control: float | None = None
    play: str = ""
    note: str = ""


def conclude(run: Run, conducted: Conducted, ratio_p: float) -> TestResult:
    """The observed effect of a test with its 95 % interval.

    For conversions the difference of two rates with Newcombe's hybrid score interval (Newcombe
    1998, method 10); for margins the difference of two means with Welch's interval (Welch 1947).

    Args:
        run: The run whose play was tested.
        conducted: What was reported.
        ratio_p: The p-value of the arms' sizes against the planned split.

    Raises:
        UsageError: when the segment, its play, the window or a number cannot be.
    """
    segment = next((one for one in run.segments if one.name == conducted.segment), None)
    if segment is None:
        raise unknown("segment", conducted.segment, [one.name for one in run.segments])
    if conducted.play not in {"", segment.play.id}:
        raise UsageError(
            f"The segment '{segment.name}' has the play '{segment.play.id}', not '{conducted.play}'.",
            hint="Record a result for the play that the segment has in this run.",
        )
    _refuse_window(conducted)
    measure = _measure(conducted)
    effect, low, high = (_rates if measure is Measure.CONVERSION else _means)(conducted)
    return TestResult(
        segment=segment.name,
        play=segment.play.id,
        start=conducted.start,
        end=conducted.end,
        measure=measure,
        control=conducted.control,
        treated=conducted.treated,
        effect=effect,
        low=low,
        high=high,
        ratio_p=ratio_p,
        planned_control=conducted.planned_control or 0.5,
        note=conducted.note,
    )


def with_results(run: Run, results: Sequence[TestResult]) -> Run:
    """The run with every recorded test, each beside the play that it tested; earlier ones are replaced."""
    ordered = tuple(sorted(dict.fromkeys(results), key=lambda result: (result.end, result.start)))
    segments = tuple(
        replace(
            segment,
            play=replace(
                segment.play,
                results=tuple(
                    found
                    for found in ordered
                    if (found.segment, found.play) == (segment.name, segment.play.id)
                ),
            ),
        )
        for segment in run.segments
    )
    return replace(run, results=ordered, segments=segments)


def newcombe(treated: tuple[int, int], control: tuple[int, int]) -> tuple[float, float]:
    """The 95 % interval of a difference of two rates, each given as (events, customers).

    >>> [round(one, 4) for one in newcombe((56, 70), (48, 80))]
    [0.0524, 0.3339]
    """
    (x1, n1), (x0, n0) = treated, control
    (low1, high1), (low0, high0) = wilson(x1, n1), wilson(x0, n0)
    p1, p0 = x1 / n1, x0 / n0
    down = math.hypot(p1 - low1, high0 - p0)
    up = math.hypot(high1 - p1, p0 - low0)
    return p1 - p0 - down, p1 - p0 + up


def welch(treated: ArmResult, control: ArmResult) -> tuple[float, float]:
    """The 95 % interval of a difference of two means.

    >>> one, other = ArmResult(customers=10, mean=5, sd=2), ArmResult(customers=20, mean=3, sd=1)
    >>> [round(one, 3) for one in welch(one, other)]
    [0.528, 3.472]
    """
    from scipy.special import stdtrit

    a, b = ((one.sd or 0.0) ** 2 / one.customers for one in (treated, control))
    difference = (treated.mean or 0.0) - (control.mean or 0.0)
    if a + b <= 0:
        return difference, difference
    freedom = (a + b) ** 2 / (a**2 / (treated.customers - 1) + b**2 / (control.customers - 1))
    half = float(stdtrit(freedom, SURE)) * math.sqrt(a + b)
    return difference - half, difference + half


def _rates(conducted: Conducted) -> tuple[float, float, float]:
    treated, control = (
        (one.conversions or 0, one.customers) for one in (conducted.treated, conducted.control)
    )
    low, high = newcombe(treated, control)
    return treated[0] / treated[1] - control[0] / control[1], low, high


def _means(conducted: Conducted) -> tuple[float, float, float]:
    low, high = welch(conducted.treated, conducted.control)
    return (conducted.treated.mean or 0.0) - (conducted.control.mean or 0.0), low, high


def _measure(conducted: Conducted) -> Measure:
    """What was compared; the same in both arms, and possible."""
    arms = {"treated": conducted.treated, "control": conducted.control}
    if all(arm.conversions is not None for arm in arms.values()):
        for name, arm in arms.items():
            _refuse_conversions(name, arm)
        return Measure.CONVERSION
    if all(arm.mean is not None and arm.sd is not None for arm in arms.values()):
        for name, arm in arms.items():
            _refuse_margins(name, arm)
        return Measure.MARGIN
    raise UsageError(
        "A result needs the same of both arms: conversions, or the margin per customer with its "
        "standard deviation.",
        hint="Give --treated-conversions and --control-conversions, or --treated-margin, --treated-sd, "
        "--control-margin and --control-sd.",
    )


def _refuse_conversions(name: str, arm: ArmResult) -> None:
    if arm.customers < 1:
        raise UsageError(
            f"The {name} arm cannot have {arm.customers} customers.", hint=f"Give --{name} a count from 1 on."
        )
    if not 0 <= (arm.conversions or 0) <= arm.customers:
        raise UsageError(
            f"Of {arm.customers:,} customers in the {name} arm {arm.conversions:,} cannot have bought.",
            hint="Count customers who bought, not orders.",
        )


def _refuse_margins(name: str, arm: ArmResult) -> None:
    if arm.customers < 2:  # noqa: PLR2004 - a variance needs two
        raise UsageError(
            f"The {name} arm cannot have {arm.customers} customers.", hint=f"Give --{name} a count from 2 on."
        )
    if not math.isfinite(arm.mean or 0.0) or not math.isfinite(arm.sd or 0.0) or (arm.sd or 0.0) < 0:
        raise UsageError(
            f"The margin of the {name} arm cannot be {arm.mean} with a standard deviation of {arm.sd}.",
            hint="Give the average margin per customer of the arm, those who did not buy included.",
        )


def _refuse_window(conducted: Conducted) -> None:
    days = []
    for option, given in (("--from", conducted.start), ("--to", conducted.end)):
        try:
            days.append(date.fromisoformat(given))
        except ValueError:
            raise UsageError(
                f"{option} cannot be '{given}'.", hint="Give a day that there is, as YYYY-MM-DD."
            ) from None
    if days[0] > days[1]:
        raise UsageError(
            f"The test cannot end on {conducted.end} and begin on {conducted.start}.",
            hint="Give the first day with --from and the last with --to.",
        )
