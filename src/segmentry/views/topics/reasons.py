"""Why these segments: the questions that tell them apart, and what else their customers have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from segmentry.records.columns import Role
from segmentry.records.reasons import Descriptor, DescriptorTest, NotJudged, Rule
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.stages.profiling import rule_words
from segmentry.views.topics.cells import (
    Cell,
    Table,
    feature,
    named,
    numeric,
    prose,
    sentence,
    table,
    tagged,
    text,
)
from segmentry.views.words.numbers import ABSENT, count, ratio, share, style_of

MOST_SAID = 6
LEAST_P, UNLIKE = 0.001, 0.05
"""p-values below it are not told apart; shares of a word that differ by less are alike."""

YES_NO = ("no", "yes")
NEVER = (
    "Features that the segments were made from are not tested: segments are cut so that they differ in them, so a "
    "test would find a difference in pure noise too."
)
WORTH = (
    "A difference counts from an effect of 0.1 (Cramér’s V) or 0.01 (epsilon squared) on, with p below 0.05."
)
SHOWN = (
    "Protected characteristics make no segments and are not tested here. Their composition is shown so that you can "
    "see whether a segment stands for one of them; the findings on the data say how strongly. Do not use segments "
    "for decisions with legal or similarly significant effect on a person, such as price, credit or eligibility."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a rule: whom it is about, and where they go.

    Attributes:
        words: Whom it is about.
        name: The segment.
    """

    words: str
    name: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """The rule for all segments.

    Attributes:
        title: How many questions it asks, and how often it is right.
        lines: The rule, line by line.
        notes: What counts where an answer is not known, and what it was judged on.
        quality: How well each segment is found.
    """

    title: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    quality: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Besides:
    """What else the customers have in common.

    Attributes:
        tested: Descriptors that were tested; None without any.
        protected: The composition by protected characteristics; None without any.
        left_out: Columns that describe nobody, each with its reason.
        never: Why features are not tested.
    """

    tested: Table | None
    protected: Table | None
    left_out: tuple[str, ...]
    never: str


def rule_card(run: Run) -> RuleCard | None:
    """The rule for all segments as the page shows it; None where there is none."""
    rule = run.reasons.rule
    if isinstance(rule, NotJudged):
        return None
    return RuleCard(
        title=f"{_questions(rule.depth)} put {share(rule.fidelity)} of customers where the segments do",
        lines=tuple(
            Line(words=_opened(step.words), name=tagged(run.segments[step.segment], run.k))
            for step in rule_words.steps(rule)
        ),
        notes=(*(sentence(one) for one in rule_words.standing_in(rule)), _judged(rule, run)),
        quality=_quality(rule, run),
    )


def _questions(depth: int) -> str:
    return ("One question", "Two questions", "Up to three questions")[depth - 1]


def _opened(words: str) -> str:
    words = sentence(words)
    return words[:1].upper() + words[1:]


def _judged(rule: Rule, run: Run) -> str:
    placed = sum(segment.customers for segment in run.segments)
    some = (
        f"a sample of {count(rule.customers)}" if rule.customers < placed else f"all {count(rule.customers)}"
    )
    return (
        f"Each customer was judged by a rule that was made without them, in five parts of {some} customers. Use it to "
        "explain the segments and to place people by hand; the model itself places them exactly."
    )


def _quality(rule: Rule, run: Run) -> Table:
    return table(
        "How well the rule finds each segment",
        rule.qualities,
        text("Segment", lambda found: tagged(run.segments[found.segment], run.k)),
        numeric("Given to it", lambda found: count(found.customers)),
        numeric("Of those, in it", lambda found: share(found.precision)),
        numeric("Of its customers, found", lambda found: share(found.recall)),
        note="On customers that the rule was not made from (precision and recall).",
    )


def alone(run: Run, segment: Segment) -> str:
    """How to tell one segment from all the others, in a sentence or two; empty with one segment."""
    rules = run.reasons.rules
    if run.k == 1 or len(rules) != run.k:
        return ""
    rule = rules[segment.number - 1]
    if isinstance(rule, NotJudged):
        return sentence(f"No short rule can single them out. {rule.reason}")
    quality = rule.qualities[0]
    if not quality.customers:
        return "No short rule can single them out."
    return sentence(
        f"{rule_words.alone(rule)}. Of those it finds {share(quality.precision)} are in the segment, and it finds "
        f"{share(quality.recall)} of them, judged on customers it was not made from."
    )


def besides(run: Run) -> Besides | None:
    """What else tells the segments apart; None with one segment or without such columns."""
    found = run.reasons
    if run.k == 1 or not (found.descriptors or found.left_out):
        return None
    open_ones = [descriptor for descriptor in found.descriptors if descriptor.role is not Role.PROTECTED]
    protected = [descriptor for descriptor in found.descriptors if descriptor.role is Role.PROTECTED]
    return Besides(
        tested=_tested(open_ones, run) if open_ones else None,
        protected=_composition(protected, run) if protected else None,
        left_out=tuple(sentence(f"{rule_words.label(name)}: {reason}") for name, reason in found.left_out),
        never=NEVER,
    )


def _tested(descriptors: list[Descriptor], run: Run) -> Table:
    return table(
        "Columns that made no segments: do the segments differ in them?",
        sorted(descriptors, key=lambda found: -_strength(found)),
        text(
            "Column", lambda found: feature(found.name, badge="outcome" if found.role is Role.OUTCOME else "")
        ),
        text(
            "They differ",
            lambda found: _of_test(found, lambda test: "yes" if test.different else "no", "not tested"),
        ),
        numeric("Effect", lambda found: _of_test(found, _effect)),
        numeric("p after Holm", lambda found: _of_test(found, _p)),
        prose("What it says", lambda found: _says(found, run)),
        note=f"{WORTH}{_sampled(run)}",
    )


def _of_test(found: Descriptor, write: Callable[[DescriptorTest], str], untested: str = ABSENT) -> str:
    return untested if isinstance(found.test, NotJudged) else write(found.test)


def _effect(test: DescriptorTest) -> str:
    return f"{'V' if test.test == 'chi2' else 'ε²'} {ratio(test.effect)}"


def _says(found: Descriptor, run: Run) -> Cell | str:
    if isinstance(found.test, NotJudged):
        return found.test.reason
    return named(_extremes(found, run), length=240) if found.test.different else "No difference worth a word."


def _sampled(run: Run) -> str:
    placed = sum(segment.customers for segment in run.segments)
    looked = run.reasons.looked_at
    return f" Worked out on a sample of {count(looked)} customers." if looked < placed else ""


def _strength(descriptor: Descriptor) -> float:
    """The effect on one scale: V, or the root of epsilon squared, which is of its size."""
    if isinstance(descriptor.test, NotJudged):
        return -1.0
    return (
        descriptor.test.effect if descriptor.test.test == "chi2" else max(descriptor.test.effect, 0.0) ** 0.5
    )


def _p(test: DescriptorTest) -> str:
    return "< 0.001" if test.p_holm < LEAST_P else f"{test.p_holm:.3f}"


def _extremes(descriptor: Descriptor, run: Run) -> str:
    """The widest difference between two segments in words."""
    names = [each.name for each in run.segments]
    if descriptor.words:
        gaps = [
            (max(column) - min(column), word, column)
            for word, column in zip(descriptor.words, zip(*descriptor.shares, strict=True), strict=True)
            if all(isfinite(each) for each in column)
        ]
        if not gaps:
            return ""
        _, word, column = max(gaps, key=lambda gap: gap[0])
        high, low = column.index(max(column)), column.index(min(column))
        return f"{word}: {share(column[high])} of {names[high]} against {share(column[low])} of {names[low]}"
    medians = [each[1] for each in descriptor.quartiles]
    write = style_of(medians).write
    high, low = medians.index(max(medians)), medians.index(min(medians))
    if medians[high] == medians[low]:
        return "The medians are the same; the segments differ in how the others spread."
    return (
        f"Median {write(medians[high])} among {names[high]} against {write(medians[low])} among {names[low]}"
    )


def _composition(descriptors: list[Descriptor], run: Run) -> Table:
    """Shares of each word, or quartiles, one column a segment."""
    return table(
        "Protected characteristics by segment",
        [row for found in descriptors for row in _composed(found)],
        text("Column", lambda row: feature(row.column)),
        text("Value", lambda row: named(row.value)),
        *(
            numeric(named(segment.name).text, _of_segment_number(at))
            for at, segment in enumerate(run.segments)
        ),
        note=SHOWN,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A value of a column, and what there is of it in each segment or side."""

    column: str
    value: str
    parts: tuple[str, ...]


def _of_segment_number(at: int) -> Callable[[Composed], str]:
    return lambda row: row.parts[at]


MIDDLE = "median (middle half)"


def _composed(found: Descriptor) -> list[Composed]:
    if found.words:
        return [
            Composed(column=found.name, value=word, parts=tuple(share(part) for part in column))
            for word, column in zip(found.words, zip(*found.shares, strict=True), strict=True)
        ]
    write = style_of([quartiles[1] for quartiles in found.quartiles]).write
    spreads = (
        _spread(quartiles, write) if isfinite(quartiles[1]) else ABSENT for quartiles in found.quartiles
    )
    return [Composed(column=found.name, value=MIDDLE, parts=tuple(spreads))]


def _spread(quartiles: Sequence[float], write: Callable[[float], str]) -> str:
    low, middle, high = quartiles
    return f"{write(middle)} ({write(low)} to {write(high)})"


def of_segment(run: Run, segment: Segment) -> Table | None:
    """What else the customers of one segment have in common, where they are unlike the others."""
    different = [
        found
        for found in run.reasons.descriptors
        if isinstance(found.test, DescriptorTest) and found.test.different
    ]
    here = (
        _here(found, segment.number - 1) for found in sorted(different, key=lambda found: -_strength(found))
    )
    rows = [row for row in here if row is not None][:MOST_SAID]
    if not rows:
        return None
    return table(
        "Who they are besides",
        rows,
        text("Column", lambda row: feature(row.column)),
        text("Value", lambda row: named(row.value)),
        numeric("Here", _of_segment_number(0)),
        numeric("In the other segments", _of_segment_number(1)),
        note="Columns that made no segments, where these customers are unlike the others.",
    )


def _here(found: Descriptor, number: int) -> Composed | None:
    """The word that is most unlike the other segments, or the quartiles; None where there is little to tell."""
    return _words_here(found, number) if found.words else _numbers_here(found, number)


def _words_here(found: Descriptor, number: int) -> Composed | None:
    total = sum(found.counts[number])
    others = [
        sum(row[at] for i, row in enumerate(found.counts) if i != number) for at in range(len(found.words))
    ]
    if not total or not sum(others):
        return None
    here = [customers / total for customers in found.counts[number]]
    there = [customers / sum(others) for customers in others]
    told = [at for at, word in enumerate(found.words) if found.words != YES_NO or word == YES_NO[1]]
    at = max(told, key=lambda i: abs(here[i] - there[i]))
    if abs(here[at] - there[at]) < UNLIKE:
        return None
    return Composed(column=found.name, value=found.words[at], parts=(share(here[at]), share(there[at])))


def _numbers_here(found: Descriptor, number: int) -> Composed | None:
    own = found.quartiles[number]
    others = [row for at, row in enumerate(found.quartiles) if at != number and isfinite(row[1])]
    if not isfinite(own[1]) or own in others:
        return None
    write = style_of([value for row in (own, *others) for value in row]).write
    there = "; ".join(_spread(row, write) for row in others)
    return Composed(column=found.name, value=MIDDLE, parts=(_spread(own, write), there))
