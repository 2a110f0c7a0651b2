"""Why these segments: the questions that tell them apart, and what else their customers have in common."""

from dataclasses import dataclass
from math import isfinite

from segmentry.records.columns import Role
from segmentry.records.reasons import Descriptor, DescriptorTest, NotJudged, Rule
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.stages.profiling import rule_words
from segmentry.views.topics.cells import Cell, Head, Table, feature, named, numeric, said, sentence, tagged
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
    placed = sum(one.customers for one in run.segments)
    some = (
        f"a sample of {count(rule.customers)}" if rule.customers < placed else f"all {count(rule.customers)}"
    )
    return (
        f"Each customer was judged by a rule that was made without them, in five parts of {some} customers. Use it to "
        "explain the segments and to place people by hand; the model itself places them exactly."
    )


def _quality(rule: Rule, run: Run) -> Table:
    return Table(
        caption="How well the rule finds each segment",
        heads=(Head(text="Segment"), *numeric("Given to it", "Of those, in it", "Of its customers, found")),
        rows=tuple(
            (
                tagged(run.segments[one.segment], run.k),
                said(count(one.customers)),
                said(share(one.precision)),
                said(share(one.recall)),
            )
            for one in rule.qualities
        ),
        note="On customers that the rule was not made from (precision and recall).",
    )


def alone(run: Run, segment: Segment) -> str:
    """How to tell one segment from all the others, in a sentence or two; empty with one segment."""
    rules = run.reasons.rules
    if run.k == 1 or len(rules) != run.k:
        return ""
    rule = rules[segment.number - 1]
    if isinstance(rule, NotJudged):
        return "No few questions single them out."
    quality = rule.qualities[0]
    return sentence(
        f"{rule_words.alone(rule)}. This finds {share(quality.recall)} of them, and {share(quality.precision)} of those "
        "it finds belong to them."
    )


def besides(run: Run) -> Besides | None:
    """What else tells the segments apart; None with one segment or without such columns."""
    found = run.reasons
    if run.k == 1 or not (found.descriptors or found.left_out):
        return None
    open_ones = [one for one in found.descriptors if one.role is not Role.PROTECTED]
    protected = [one for one in found.descriptors if one.role is Role.PROTECTED]
    return Besides(
        tested=_tested(open_ones, run) if open_ones else None,
        protected=_composition(protected, run) if protected else None,
        left_out=tuple(sentence(f"{rule_words.label(name)}: {reason}") for name, reason in found.left_out),
        never=NEVER,
    )


def _tested(descriptors: list[Descriptor], run: Run) -> Table:
    ranked = sorted(descriptors, key=lambda one: -_strength(one))
    return Table(
        caption="Columns that made no segments: do the segments differ in them?",
        heads=(
            Head(text="Column"),
            Head(text="They differ"),
            *numeric("Effect", "p after Holm"),
            Head(text="What it says", wide=True),
        ),
        rows=tuple(_test_row(one, run) for one in ranked),
        note=f"{WORTH}{_sampled(run)}",
    )


def _sampled(run: Run) -> str:
    placed = sum(one.customers for one in run.segments)
    looked = run.reasons.looked_at
    return f" Worked out on a sample of {count(looked)} customers." if looked < placed else ""


def _strength(one: Descriptor) -> float:
    """The effect on one scale: V, or the root of epsilon squared, which is of its size."""
    if isinstance(one.test, NotJudged):
        return -1.0
    return one.test.effect if one.test.test == "chi2" else max(one.test.effect, 0.0) ** 0.5


def _test_row(one: Descriptor, run: Run) -> tuple[Cell, ...]:
    test = one.test
    if isinstance(test, NotJudged):
        return feature(one.name), said("not tested"), said(ABSENT), said(ABSENT), said(test.reason)
    sign = "V" if test.test == "chi2" else "ε²"
    return (
        feature(one.name, badge="outcome" if one.role is Role.OUTCOME else ""),
        said("yes" if test.different else "no"),
        said(f"{sign} {ratio(test.effect)}"),
        said(_p(test)),
        named(_extremes(one, run), length=240) if test.different else said("No difference worth a word."),
    )


def _p(test: DescriptorTest) -> str:
    return "< 0.001" if test.p_holm < LEAST_P else f"{test.p_holm:.3f}"


def _extremes(one: Descriptor, run: Run) -> str:
    """The widest difference between two segments in words."""
    names = [each.name for each in run.segments]
    if one.words:
        gaps = [
            (max(column) - min(column), word, column)
            for word, column in zip(one.words, zip(*one.shares, strict=True), strict=True)
            if all(isfinite(each) for each in column)
        ]
        if not gaps:
            return ""
        _, word, column = max(gaps, key=lambda gap: gap[0])
        high, low = column.index(max(column)), column.index(min(column))
        return f"{word}: {share(column[high])} of {names[high]} against {share(column[low])} of {names[low]}"
    medians = [each[1] for each in one.quartiles]
    write = style_of(medians).write
    high, low = medians.index(max(medians)), medians.index(min(medians))
    if medians[high] == medians[low]:
        return "The medians are the same; the segments differ in how the others spread."
    return (
        f"Median {write(medians[high])} among {names[high]} against {write(medians[low])} among {names[low]}"
    )


def _composition(descriptors: list[Descriptor], run: Run) -> Table:
    """Shares of each word, or quartiles, one column a segment."""
    return Table(
        caption="Protected characteristics by segment",
        heads=(
            Head(text="Column"),
            Head(text="Value"),
            *numeric(*(named(one.name).text for one in run.segments)),
        ),
        rows=tuple(row for one in descriptors for row in _composed(one)),
        note=SHOWN,
    )


def _composed(one: Descriptor) -> list[tuple[Cell, ...]]:
    if one.words:
        return [
            (feature(one.name), named(word), *(said(share(each)) for each in column))
            for word, column in zip(one.words, zip(*one.shares, strict=True), strict=True)
        ]
    write = style_of([each[1] for each in one.quartiles]).write
    spread = (
        f"{write(middle)} ({write(low)} to {write(high)})" if isfinite(middle) else ABSENT
        for low, middle, high in one.quartiles
    )
    return [(feature(one.name), said("median (middle half)"), *(said(each) for each in spread))]


def of_segment(run: Run, segment: Segment) -> Table | None:
    """What else the customers of one segment have in common, where they are unlike the others."""
    different = [
        one for one in run.reasons.descriptors if isinstance(one.test, DescriptorTest) and one.test.different
    ]
    ranked = sorted(different, key=lambda one: -_strength(one))
    found = (_of_segment(one, segment.number - 1) for one in ranked)
    rows = tuple(one for one in found if one is not None)[:MOST_SAID]
    if not rows:
        return None
    return Table(
        caption="Who they are besides",
        heads=(Head(text="Column"), Head(text="Value"), *numeric("Here", "In the other segments")),
        rows=rows,
        note="Columns that made no segments, where these customers are unlike the others.",
    )


def _of_segment(one: Descriptor, number: int) -> tuple[Cell, ...] | None:
    """The word that is most unlike the other segments, or the quartiles; None where there is little to tell."""
    return _words_here(one, number) if one.words else _numbers_here(one, number)


def _words_here(one: Descriptor, number: int) -> tuple[Cell, ...] | None:
    total = sum(one.counts[number])
    others = [sum(row[at] for i, row in enumerate(one.counts) if i != number) for at in range(len(one.words))]
    if not total or not sum(others):
        return None
    here = [each / total for each in one.counts[number]]
    there = [each / sum(others) for each in others]
    told = [at for at, word in enumerate(one.words) if one.words != YES_NO or word == YES_NO[1]]
    at = max(told, key=lambda i: abs(here[i] - there[i]))
    if abs(here[at] - there[at]) < UNLIKE:
        return None
    return feature(one.name), named(one.words[at]), said(share(here[at])), said(share(there[at]))


def _numbers_here(one: Descriptor, number: int) -> tuple[Cell, ...] | None:
    own = one.quartiles[number]
    others = [each for at, each in enumerate(one.quartiles) if at != number and isfinite(each[1])]
    if not isfinite(own[1]) or own in others:
        return None
    write = style_of([*own, *(each for row in others for each in row)]).write
    spreads = [f"{write(middle)} ({write(low)} to {write(high)})" for low, middle, high in (own, *others)]
    return feature(one.name), said("median (middle half)"), said(spreads[0]), said("; ".join(spreads[1:]))
