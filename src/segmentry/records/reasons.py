"""Why these segments: the questions that tell them apart, and what else the customers have in common."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan

import numpy as np

from segmentry.records.arrays import Flags, Floats, Ints
from segmentry.records.columns import Role

REST = -1
"""The segment that stands for all the others in the rule of one segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """An answer that there is none, and why.

    Attributes:
        reason: Why, as a sentence.
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One feature, cut in two.

    Attributes:
        feature: Its name.
        flag: Whether it is two-valued: then yes is 1.
        threshold: In raw units; yes is above it. Whole for features of whole numbers.
        turned: Whether yes is at or below it instead; only where it stands in for another question.
    """

    feature: str
    flag: bool
    threshold: float
    turned: bool = False

    def says_yes(self, values: Floats) -> Flags:
        """Whether each value is a yes; a missing one is not."""
        return np.asarray((values <= self.threshold) if self.turned else (values > self.threshold))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Where an answer leads.

    Attributes:
        question: The position of the next question; None where the rule ends.
        segment: The segment it ends in, from 0; ``REST`` for any other; None where it goes on.
        customers: Customers that came here, of those the rule was made from.
    """

    question: int | None
    segment: int | None
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a rule.

    Attributes:
        split: What is asked.
        yes, no: Where the answers lead.
        unknown: Customers who were asked and had no value.
        instead: What is asked of those, where another feature answers alike (a surrogate split,
            Breiman et al. 1984, 5.3); None without one.
        usual: Whether yes stands for who cannot answer that either.
    """

    split: Split
    yes: Turn
    no: Turn
    unknown: int = 0
    instead: Split | None = None
    usual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleQuality:
    """How well a rule finds one segment, on customers it was not made from.

    Attributes:
        segment: The segment, from 0.
        precision: Of the customers it gives to the segment, the share who are in it; NaN where it gives none.
        recall: Of the segment's customers, the share it gives to it.
        customers: Customers it gives to the segment, of those it was judged on.
    """

    segment: int
    precision: float
    recall: float
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A few questions in raw units that stand for the model: a shallow tree (METHOD 6.5).

    Attributes:
        questions: The questions; the first one is asked of everybody.
        depth: How many a customer is asked at most.
        fidelity: The share of customers that it puts where the model does, each judged by a rule made
            without them.
        qualities: How well it finds each segment that it is about.
        customers: Customers it was made from and judged on.
    """

    questions: tuple[Question, ...]
    depth: int
    fidelity: float
    qualities: tuple[RuleQuality, ...]
    customers: int

    def __call__(self, values: Floats, features: tuple[str, ...]) -> Ints:
        """The segment that the rule gives to each of n customers, from 0; ``REST`` for any other.

        Args:
            values: n x p raw values, NaN where missing.
            features: The p names.
        """
        found = np.full(len(values), REST, dtype=np.int64)
        for one in self.asked(values, features):
            question = self.questions[one.question]
            for turn, went in ((question.yes, one.yes), (question.no, one.no)):
                if turn.question is None:
                    found[went] = REST if turn.segment is None else turn.segment
        return found

    def asked(self, values: Floats, features: tuple[str, ...]) -> Iterator["Asking"]:
        """Who is asked what, and what they answer, from the first question on."""
        place = {name: at for at, name in enumerate(features)}
        waiting = [(0, np.arange(len(values)))]
        while waiting:
            at, rows = waiting.pop(0)
            question = self.questions[at]
            yes = _answers(question, values[rows], place)
            unknown = int(np.isnan(values[rows, place[question.split.feature]]).sum())
            found = Asking(question=at, yes=rows[yes], no=rows[~yes], unknown=unknown)
            yield found
            for turn, went in ((question.yes, found.yes), (question.no, found.no)):
                if turn.question is not None:
                    waiting.append((turn.question, went))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question, put to the customers who come to it.

    Attributes:
        question: Its position.
        yes, no: Positions of the customers by their answer.
        unknown: How many had no value of their own.
    """

    question: int
    yes: Ints
    no: Ints
    unknown: int


def _answers(question: Question, values: Floats, place: dict[str, int]) -> Flags:
    """Yes or no for each customer: by the feature, by the one that stands in for it, or as is usual."""
    own = values[:, place[question.split.feature]]
    yes = question.split.says_yes(own)
    unknown = np.isnan(own)
    if unknown.any() and question.instead is not None:
        other = values[:, place[question.instead.feature]]
        yes = np.where(unknown, question.instead.says_yes(other), yes)
        unknown &= np.isnan(other)
    return np.asarray(np.where(unknown, question.usual, yes), dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptorTest:
    """Whether the segments differ in a descriptor (METHOD 6.3).

    Attributes:
        test: ``chi2`` for words, ``kruskal`` for numbers.
        statistic: Its statistic.
        freedom: Its degrees of freedom.
        p: The p-value.
        p_holm: After Holm's correction for all the descriptors of the run.
        effect: Cramer's V for words, epsilon squared for numbers.
        different: Whether p_holm is below .05 and the effect is worth a word: V from 0.1 on, epsilon
            squared from 0.01 on, which is the same size (V squared).
    """

    test: str
    statistic: float
    freedom: int
    p: float
    effect: float
    p_holm: float = nan
    different: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """A column that makes no segments, by segment.

    Attributes:
        name: The column, or for a date the days since it.
        role: descriptor, outcome or protected.
        customers: Placed customers with a value.
        words: For a column in words, the words, commonest first; beyond twelve the rest is one.
        counts: For words, k rows: the customers of each segment with each word.
        quartiles: For numbers, k rows: lower quartile, median and upper quartile; NaN where nobody has one.
        test: Whether the segments differ in it; a reason where that is not tested. Protected columns
            never are: their composition is shown, and nothing else is done with them here.
    """

    name: str
    role: Role
    customers: int
    words: tuple[str, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    quartiles: tuple[tuple[float, float, float], ...] = ()
    test: DescriptorTest | NotJudged

    @property
    def shares(self) -> tuple[tuple[float, ...], ...]:
        """For words, the share of each in each segment; NaN in a segment where nobody has one."""
        return tuple(tuple(one / sum(row) if sum(row) else nan for one in row) for row in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalCustomer:
    """Somebody who stands for a segment without being anybody: the mean of its customers nearest the centre.

    Attributes:
        segment: The segment, from 0.
        customers: How many customers were averaged: ten, or none where fewer have every value.
        values: The p means in raw units, in the order of the run's features; empty for none.
    """

    segment: int
    customers: int
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why these segments; computed once, in ``pipeline/explain.py``, and read by every page, table and figure.

    ``run.segments[i].features[j].permuted`` holds the permutation importance; ``stages.why`` says why one
    customer is where they are.

    Attributes:
        rule: The questions that tell all segments apart.
        rules: k rules, one a segment, that tell it from all the others.
        descriptors: The columns that make no segments, by segment, in the order of the input.
        left_out: Columns that describe nobody here, each with the reason.
        typical: k typical customers, each an average of ten: nobody's row, so they may be shared.
        looked_at: Customers that rules and descriptors were worked out on.
        shuffled: Customers whose features were shuffled for the permutation importance; 0 for none.
        repeats: How often each was.
    """

    rule: Rule | NotJudged
    rules: tuple[Rule | NotJudged, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    typical: tuple[TypicalCustomer, ...] = ()
    looked_at: int = 0
    shuffled: int = 0
    repeats: int = 0


UNEXPLAINED = Reasons(
    rule=NotJudged(reason="Reasons are worked out only for the number of segments that was run.")
)
"""What a run has that says nothing of why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribingColumn:
    """The values of a column that makes no segments, in memory only.

    Attributes:
        name: The column, or for a date the days since it.
        role: descriptor, outcome or protected.
        values: n numbers, NaN where missing; for words, positions in ``words``.
        words: The words, commonest first; empty for numbers.
    """

    name: str
    role: Role
    values: Floats
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """What one feature says for a customer's segment.

    Attributes:
        feature: Its name.
        value: The customer's value in raw units; NaN where it is not known.
        weight: What it adds to the margin: above 0 it speaks for the own segment, below for the rival.
    """

    feature: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why one customer is in a segment rather than in the runner-up (METHOD 6.4): exact and additive.

    Attributes:
        segment: The segment, from 0.
        rival: The runner-up.
        margin: By how much the own segment wins: squared distance to the rival minus that to the own, or
            for a model of probabilities twice the log of how many times likelier the own one is.
        because: What each feature adds, the strongest first; they and ``beforehand`` add up to the margin.
        beforehand: What is added whatever the customer does: a likelier or a tighter segment starts
            ahead. 0 for distances.
        unknown: Features without a value: nothing is said of them.
    """

    segment: int
    rival: int
    margin: float
    because: tuple[Because, ...]
    beforehand: float = 0.0
    unknown: tuple[str, ...] = ()
