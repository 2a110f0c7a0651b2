"""The strategy of each segment on a page of its own: what to do, why, when it pays, and how to find out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile, Play, PopulationProfile, Segment, telling
from segmentry.records.strategy import Economics, Input, Learning, Measure, TestResult, signed
from segmentry.stages.strategy.economics import complete, incremental_profit
from segmentry.views.topics import reasons
from segmentry.views.topics.cells import Cell, Table, feature, numeric, sentence, table, tagged, text
from segmentry.views.topics.segments import size_line
from segmentry.views.words.numbers import ABSENT, count, number, plural, share, style_of

MOST_FEATURES, MOST_BECAUSE = 5, 5
CONFIG = "segmentry.toml"
LABELS = {
    Input.MARGIN: "Margin of an order",
    Input.ORDER_VALUE: "Value of an order",
    Input.BASE_RATE: "Share who buy without it",
    Input.CONTACT_COST: "Cost of a contact",
    Input.DISCOUNT_DEPTH: "Given away, of an order",
    Input.DISCOUNT_USE: "Share of orders that use it",
}
SHARES = (Input.MARGIN, Input.BASE_RATE, Input.DISCOUNT_DEPTH, Input.DISCOUNT_USE)
Line = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyPage:
    """One segment's strategy.

    Attributes:
        anchor: Its anchor.
        portrait: The anchor of the segment's portrait.
        name: The segment's name with colour and number.
        one_liner: Who they are.
        size: How many, and how much.
        apart: What sets them apart.
        rule: The questions that find them, with how well they do; empty where there is none.
        objective: What the play is for.
        evidence: ``untested``, or what the newest test found.
        tested: Whether a result is recorded.
        do, dont: The one thing to do and the one to leave.
        because: The numbers that made the play apply.
        play: The rest of the play, labels and what stands beside them.
        pays: From what rise on it pays, in a sentence.
        inputs: What that rests on.
        test: How to find out, in sentences.
        results: Every recorded test, in sentences.
    """

    anchor: str
    portrait: str
    name: Cell
    one_liner: str
    size: str
    apart: Table | None
    rule: str
    objective: str
    evidence: str
    tested: bool
    do: str
    dont: str
    because: tuple[str, ...]
    play: tuple[Line, ...]
    pays: str
    inputs: tuple[Line, ...]
    test: tuple[str, ...]
    results: tuple[str, ...]


def strategy_pages(run: Run) -> tuple[StrategyPage, ...]:
    """Every segment's strategy, in their order."""
    return tuple(_page(segment, run) for segment in run.segments)


def _page(segment: Segment, run: Run) -> StrategyPage:
    play = segment.play
    return StrategyPage(
        anchor=f"strategy-{segment.number}",
        portrait=f"segment-{segment.number}",
        name=tagged(segment, run.k),
        one_liner=sentence(segment.naming.one_liner),
        size=size_line(segment),
        apart=_apart(segment, run) if run.k > 1 else None,
        rule=reasons.alone(run, segment),
        objective=sentence(play.objective),
        evidence=sentence(play.standing),
        tested=bool(play.results),
        do=sentence(play.do),
        dont=sentence(play.dont),
        because=tuple(sentence(condition.sentence) for condition in play.fired[:MOST_BECAUSE]),
        play=tuple(_play_lines(segment, run)),
        pays=pays(play.economics),
        inputs=tuple(_inputs(play)),
        test=tuple(trial_lines(play, segment, run)),
        results=tuple(sentence(_result_line(result, play, segment)) for result in play.results),
    )


def _apart(segment: Segment, run: Run) -> Table:
    """The few features that set a segment apart, as means in the units of the data."""
    everybody = {profile.feature: profile for profile in run.population}
    ranked = sorted(telling(segment.features), key=lambda one: (not one.marker, -abs(one.cohens_d)))
    return table(
        "What sets them apart: averages",
        ranked[:MOST_FEATURES],
        text("Feature", lambda one: feature(one.feature)),
        numeric("Segment", lambda one: _means(one, everybody)[0]),
        numeric("All customers", lambda one: _means(one, everybody)[1]),
    )


def _means(profile: FeatureProfile, everybody: Mapping[str, PopulationProfile]) -> tuple[str, str]:
    """A segment's mean and that of all customers, in one style."""
    overall = everybody[profile.feature].mean
    write = share if profile.flag else style_of([profile.mean, overall]).write
    return write(profile.mean), write(overall)


def _play_lines(segment: Segment, run: Run) -> Iterator[Line]:
    play, terms = segment.play, segment.play.terms
    yield "Hypothesis", (sentence(play.hypothesis),)
    yield "Offer", (_offer(play),)
    yield "Channel", tuple(sentence(way) for way in play.channel)
    yield "Message", (sentence(play.message),)
    if terms.trigger:
        yield "Trigger", (sentence(terms.trigger),)
    yield "How often", (_cadence(play),)
    yield "Success metric", (sentence(play.kpi),)
    guards = [*play.guardrails, *([terms.kpi_guardrail] if terms.kpi_guardrail else [])]
    yield "Guardrails", tuple(sentence(guard) for guard in dict.fromkeys(guards))
    yield "Leave out", tuple(sentence(who) for who in play.suppressions)
    yield (
        "Owner",
        (sentence(terms.owner) if terms.owner else "nobody yet: name one in the playbook",),
    )
    if play.also:
        yield "Also suitable", tuple(sentence(name) for name in play.also)
    if shared := [one.name for one in run.segments if one.play.id == play.id and one is not segment]:
        yield "The same play", tuple(sentence(one) for one in shared)


def _offer(play: Play) -> str:
    terms = play.terms
    limits = [f"{share(terms.depth_max)} deep at most"] if terms.depth_max is not None else []
    limits += [f"budget {number(terms.budget)}"] if terms.budget is not None else []
    return sentence(play.offer + (f" ({', '.join(limits)})" if limits else ""))


def _cadence(play: Play) -> str:
    often = play.terms.per_week_max
    times = f"{often:g} a week" if often >= 1 else f"one in {1 / often:g} weeks"
    return f"At most {times}, after {plural(play.terms.quiet_days, 'day')} without a message"


def points(value: float) -> str:
    """A rise of a rate in percentage points.

    >>> points(0.018), points(0.0025), points(0.12)
    ('+1.8 points', '+0.25 points', '+12.0 points')
    """
    return f"+{100 * value:.{_decimals(value)}f} points"


def _decimals(rise: float) -> int:
    """Enough to see a rise, in points."""
    return 1 if 100 * rise >= 1 else 2


def rate(value: float, decimals: int = 1) -> str:
    """A rate with a decimal, or as many as a rise beside it has.

    >>> rate(0.036), rate(0.0525, 2)
    ('3.6%', '5.25%')
    """
    return f"{100 * value:.{decimals}f}%"


def pays(economics: Economics) -> str:
    """From what rise on a play pays, in a sentence that promises nothing."""
    if economics.never:
        return _never(economics)
    if economics.break_even is not None and economics.base_rate is not None:
        if economics.break_even == 0:
            return "Pays with any rise: it costs nothing and gives nothing away."
        decimals = _decimals(economics.break_even)
        base, top = economics.base_rate, economics.base_rate + economics.break_even
        return (
            f"Pays from a rise of {points(economics.break_even)}: when at least {rate(top, decimals)} buy with it, "
            f"against {rate(base, decimals)} without. Whether it does, only a test can tell."
        )
    missing = ", ".join(setting.value for setting in economics.missing)
    return f"Break-even uplift: needs {missing}."


def _never(economics: Economics) -> str:
    m, dl, u = economics.margin, economics.depth, economics.use
    if m is not None and dl is not None and u is not None and m <= dl * u:
        return (
            f"Cannot pay back: it gives away {rate(dl * u)} of an order, and the margin is {rate(m)}. No rise makes "
            "up for that."
        )
    return "Cannot pay back: even if everybody bought with it, the cost would not come in."


def _inputs(play: Play) -> Iterator[Line]:
    """Every number that the break-even rests on; what was not given is said to be so."""
    known = known_inputs(play.economics)
    for given in play.terms.inputs:
        value = known[given]
        if value is None or given in play.economics.missing:
            yield LABELS[given], (f"not given: set {given.value} in {CONFIG}",)
        else:
            limit = (
                " (the play's own limit)" if given is Input.DISCOUNT_DEPTH and play.economics.capped else ""
            )
            yield LABELS[given], (f"{rate(value) if given in SHARES else _money(value)}{limit}",)


def known_inputs(economics: Economics) -> dict[Input, float | None]:
    """The numbers by their settings."""
    return {
        Input.MARGIN: economics.margin,
        Input.ORDER_VALUE: economics.order_value,
        Input.BASE_RATE: economics.base_rate,
        Input.CONTACT_COST: economics.contact_cost,
        Input.DISCOUNT_DEPTH: economics.depth,
        Input.DISCOUNT_USE: economics.use,
    }


def _money(value: float) -> str:
    return f"{value:,.2f}"


def trial_lines(play: Play, segment: Segment, run: Run) -> Iterator[str]:
    """How to find out whether the play works, and what this segment is large enough for."""
    learning = play.learning
    if learning is None:
        return
    holdout = run.settings.groups.holdout_share
    given = run.targeting.reachable
    reached = given[segment.number - 1] if segment.number <= len(given) else None
    parts = [f"{share(reached)} can be reached"] if reached is not None else []
    parts += [f"the hold-out of {share(holdout)} is left out"] if holdout else []
    out = f": {', and '.join(parts)}" if parts else ""
    yield (
        f"Draw customers at random into {' and '.join(play.terms.arms)}, measure for "
        f"{plural(play.terms.days, 'day')}, and end: {_lowered(play.terms.stop_rule)}."
    )
    yield f"{count(learning.customers)} of {count(segment.customers)} customers can take part{out}."
    yield from _seen(learning, play.economics)
    if learning.too_small and not play.results:
        yield "Too small to learn here whether it pays: pool segments, run longer, or test a bigger contrast."


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}" or "on the day that was set"


def _seen(learning: Learning, economics: Economics) -> Iterator[str]:
    if economics.base_rate is None:
        yield f"What a test could see is not known: set base_rate in {CONFIG}."
        return
    if learning.halves is None:
        yield "They are too few for any test: no rise would be seen for sure."
    else:
        tenth = (
            f", {points(learning.tenth)} with a tenth as control"
            if learning.tenth is not None
            else "; with a tenth as control, none"
        )
        yield (
            f"The smallest rise that such a test sees four times in five: {points(learning.halves)} with two equal "
            f"groups{tenth}."
        )
    if learning.needed is not None and economics.break_even is not None:
        enough = "which they are" if 2 * learning.needed <= learning.customers else "more than there are"
        yield (
            f"To see the break-even of {points(economics.break_even)} takes {count(learning.needed)} in each of two "
            f"groups, {enough}."
        )


def _result_line(result: TestResult, play: Play, segment: Segment) -> str:
    """A recorded test, and what each contact was worth where that can be worked out."""
    line = f"{result.sentence[:1].upper()}{result.sentence[1:]}."
    worth = _worth(result, play.economics)
    if worth is None:
        return line
    middle, low, high = worth
    everybody = play.learning.customers if play.learning else segment.customers
    return (
        f"{line} At these rates a contact adds {signed(middle)} ({signed(low)} to {signed(high)}), "
        f"{signed(middle * everybody)} over {count(everybody)} customers."
    )


def _worth(result: TestResult, economics: Economics) -> tuple[float, float, float] | None:
    """The profit of a contact at the measured rates, and at both ends of the interval."""
    bought = result.control.conversions
    if result.measure is not Measure.CONVERSION or bought is None or not result.fits:
        return None
    base = bought / result.control.customers
    known = replace(economics, base_rate=base)
    if not complete(known):
        return None
    middle, low, high = (
        incremental_profit(known, base + one) for one in (result.effect, result.low, result.high)
    )
    return middle, low, high


def standing(play: Play) -> str:
    """How sure a play is, in a few words: tested or not, and from what rise on it pays."""
    newest = play.results[-1] if play.results else None
    tested = f"Tested: {newest.reading}" if newest else sentence(play.evidence)
    said = f"{tested[:1].upper()}{tested[1:]}"
    if play.economics.never:
        return f"{said}. Cannot pay back as it is"
    if play.economics.break_even:
        return f"{said}. Pays from {points(play.economics.break_even)} on"
    return said


def orphans(run: Run) -> tuple[str, ...]:
    """Recorded tests whose segment or play this run does not have."""
    here = {(segment.name, segment.play.id) for segment in run.segments}
    return tuple(
        sentence(f"{result.segment}, {result.play}: {result.sentence}.")
        for result in run.results
        if (result.segment, result.play) not in here
    )


def needed_settings(run: Run) -> str:
    """What to set so that economics can be worked out; empty when all is there."""
    missing = dict.fromkeys(
        setting.value for segment in run.segments for setting in segment.play.economics.missing
    )
    if not missing:
        return ""
    return (
        f"When a play pays is worked out as soon as {', '.join(missing) or ABSENT} "
        f"{'is' if len(missing) == 1 else 'are'} set in {CONFIG}; nothing is guessed."
    )
