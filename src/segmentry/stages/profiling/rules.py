"""Rules made, rounded and judged: one for all segments, and one for each against the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentry.records.arrays import Floats, Ints
from segmentry.records.reasons import REST, NotJudged, Question, Rule, RuleQuality, Split, Turn
from segmentry.stages.profiling.rule_tree import Cuts, Node, cut, grow, pruned

ONE_SEGMENT = NotJudged(reason="There is one segment: no question tells it from another.")
TOO_FEW = NotJudged(reason="There are too few customers to make a rule on some and judge it on others.")
NO_QUESTION = NotJudged(reason="No question about one feature parts these segments.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The customers that rules are made from.

    Attributes:
        features: The p names.
        flags: p flags: whether the feature is two-valued.
        values: n x p raw values, NaN where missing, the customers in an order of their own.
        segment: n segments from 0.
        k: The number of segments.
    """

    features: tuple[str, ...]
    flags: tuple[bool, ...]
    values: Floats
    segment: Ints
    k: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeRules:
    """Shallow trees in raw units with round thresholds (METHOD 6.5).

    Attributes:
        depth: Questions a customer is asked at most.
        least: Customers that every answer leads on, at least.
        least_share: The same as a share of the customers.
        folds: Parts of the customers, each judged by a rule that is made from the others.
        near: The smallest depth within this of the best is taken; a threshold is rounded to two
            digits when F1 loses no more.
    """

    depth: int = 3
    least: int = 20
    least_share: float = 0.02
    folds: int = 5
    near: float = 0.01

    def __call__(self, asked: Asked, *, seed: int) -> tuple[Rule | NotJudged, tuple[Rule | NotJudged, ...]]:
        """The rule for all segments, and the k rules for one segment each.

        The order of the features changes nothing; that of the customers says who is judged with whom.
        """
        if asked.k == 1:
            return ONE_SEGMENT, (ONE_SEGMENT,)
        if len(asked.values) < 2 * self.least:
            return TOO_FEW, (TOO_FEW,) * asked.k
        order = sorted(range(len(asked.features)), key=lambda j: asked.features[j])
        one = replace(
            asked,
            features=tuple(asked.features[j] for j in order),
            flags=tuple(asked.flags[j] for j in order),
            values=asked.values[:, order],
        )
        cuts = cut(one.features, one.flags, one.values)
        fold = np.random.default_rng(seed).permutation(len(one.values)) % self.folds
        everything = _Task(asked=one, cuts=cuts, fold=fold, target=one.segment, segments=tuple(range(one.k)))
        alone = (
            replace(everything, target=(one.segment == number).astype(np.int64), segments=(REST, number))
            for number in range(one.k)
        )
        return self._rule(everything), tuple(self._rule(task) for task in alone)

    def _rule(self, task: "_Task") -> Rule | NotJudged:
        """The rule for one task: grown on all, judged where it was not grown, as deep as is worth it."""
        held_out = self._held_out(task)
        scores = [task.score(found) for found in held_out]
        depth = next(at for at, score in enumerate(scores) if score >= max(scores) - self.near)
        rule = self._made(task, np.arange(len(task.target)), depth + 1)
        if rule is None:
            return NO_QUESTION
        qualities = task.qualities(held_out[depth])
        if not any(quality.customers for quality in qualities):
            return NO_QUESTION
        return replace(rule, fidelity=float((held_out[depth] == task.goal).mean()), qualities=qualities)

    def _held_out(self, task: "_Task") -> list[Ints]:
        """For each depth, where rules that were made without a customer put that customer."""
        n = len(task.target)
        found = [np.full(n, REST, dtype=np.int64) for _ in range(self.depth)]
        for part in range(self.folds):
            made_of, judged = np.flatnonzero(task.fold != part), np.flatnonzero(task.fold == part)
            tree = self._tree(task, made_of)
            for depth in range(1, self.depth + 1):
                found[depth - 1][judged] = task.placed(
                    self._finished(task, tree, made_of, depth), judged, tree
                )
        return found

    def _made(self, task: "_Task", rows: Ints, depth: int) -> Rule | None:
        return self._finished(task, self._tree(task, rows), rows, depth)

    def _tree(self, task: "_Task", rows: Ints) -> Node:
        least = int(np.ceil(max(self.least, self.least_share * len(rows))))
        return grow(task.cuts, task.target, rows, depth=self.depth, least=least)

    def _finished(self, task: "_Task", tree: Node, rows: Ints, depth: int) -> Rule | None:
        """The tree as a rule with round thresholds; None when it asks nothing."""
        node = pruned(tree, depth)
        if node.split is None:
            return None
        rule = Rule(
            questions=_flat(node, task.segments),
            depth=_depth(node),
            fidelity=0.0,
            qualities=(),
            customers=len(rows),
        )
        features, values = task.asked.features, task.asked.values[rows]
        return _counted(_rounded(rule, task, rows, self.near), values, features)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What a rule is to tell apart.

    Attributes:
        asked: The customers.
        cuts: Their cuts.
        fold: n parts, for judging.
        target: n classes from 0.
        segments: What each class is: a segment, or ``REST``.
    """

    asked: Asked
    cuts: Cuts
    fold: Ints
    target: Ints
    segments: tuple[int, ...]

    @property
    def goal(self) -> Ints:
        """The n segments that the rule should give, ``REST`` for any other."""
        return np.asarray(np.array(self.segments)[self.target])

    @property
    def wanted(self) -> tuple[int, ...]:
        """The segments that it is about."""
        return tuple(segment for segment in self.segments if segment != REST)

    def placed(self, rule: Rule | None, rows: Ints, tree: Node) -> Ints:
        """Where a rule puts some customers; one that asks nothing puts all in the commonest class."""
        if rule is None:
            return np.full(len(rows), self.segments[tree.answer])
        return rule(self.asked.values[rows], self.asked.features)

    def score(self, found: Ints) -> float:
        """What the depth is chosen by: the share put right; for one segment its F1."""
        if len(self.wanted) == len(self.segments):
            return float((found == self.goal).mean())
        return _f1(found, self.goal, self.wanted)

    def qualities(self, found: Ints) -> tuple[RuleQuality, ...]:
        """How well each segment is found."""
        return tuple(_quality(found, self.goal, segment) for segment in self.wanted)


def _quality(found: Ints, goal: Ints, segment: int) -> RuleQuality:
    given, inside = found == segment, goal == segment
    right = int((given & inside).sum())
    return RuleQuality(
        segment=segment,
        precision=right / int(given.sum()) if given.any() else float("nan"),
        recall=right / int(inside.sum()) if inside.any() else float("nan"),
        customers=int(given.sum()),
    )


def _f1(found: Ints, goal: Ints, wanted: Sequence[int]) -> float:
    """The mean F1 of some segments: 2 x right / (given + inside)."""
    scores = []
    for segment in wanted:
        given, inside = found == segment, goal == segment
        both = int(given.sum()) + int(inside.sum())
        scores.append(2 * int((given & inside).sum()) / both if both else 0.0)
    return float(np.mean(scores))


def _flat(root: Node, segments: tuple[int, ...]) -> tuple[Question, ...]:
    """The questions in the order they are asked, the first one first."""
    inner = list(_inner(root))
    place = {id(node): at for at, node in enumerate(inner)}
    return tuple(_question(node, place, segments) for node in inner)


def _inner(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop(0)
        if node.split is not None:
            yield node
            waiting += [one for one in (node.yes, node.no) if one is not None]


def _question(node: Node, place: dict[int, int], segments: tuple[int, ...]) -> Question:
    def turn(way: Node | None) -> Turn:
        if way is None:
            raise AssertionError("a question has two answers")
        if way.split is not None:
            return Turn(question=place[id(way)], segment=None, customers=0)
        return Turn(question=None, segment=segments[way.answer], customers=0)

    if node.split is None:
        raise AssertionError("an end asks nothing")
    return Question(
        split=node.split, yes=turn(node.yes), no=turn(node.no), instead=node.instead, usual=node.usual
    )


def _depth(node: Node | None) -> int:
    return 0 if node is None or node.split is None else 1 + max(_depth(node.yes), _depth(node.no))


def _rounded(rule: Rule, task: _Task, rows: Ints, loss: float) -> Rule:
    """The rule with each threshold at two significant digits, where F1 loses no more than is allowed."""
    values, features = task.asked.values[rows], task.asked.features
    goal = task.goal[rows]
    floor = _f1(rule(values, features), goal, task.wanted) - loss
    for at, question in enumerate(rule.questions):
        rounder = replace(
            question, split=_round(question.split), instead=question.instead and _round(question.instead)
        )
        if rounder == question:
            continue
        tried = replace(rule, questions=(*rule.questions[:at], rounder, *rule.questions[at + 1 :]))
        if _f1(tried(values, features), goal, task.wanted) >= floor:
            rule = tried
    return rule


def _round(split: Split) -> Split:
    """Two significant digits.

    >>> _round(Split(feature="time", flag=False, threshold=59.94)).threshold
    60.0
    """
    return split if split.flag else replace(split, threshold=float(f"{split.threshold:.2g}"))


def _counted(rule: Rule, values: Floats, features: tuple[str, ...]) -> Rule:
    """The rule with how many customers go which way."""
    questions = list(rule.questions)
    for one in rule.asked(values, features):
        question = questions[one.question]
        questions[one.question] = replace(
            question,
            yes=replace(question.yes, customers=len(one.yes)),
            no=replace(question.no, customers=len(one.no)),
            unknown=one.unknown,
        )
    return replace(rule, questions=tuple(questions))
