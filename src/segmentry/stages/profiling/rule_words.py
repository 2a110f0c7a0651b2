"""Rules in plain words: what is asked, and where the answers lead."""

from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.records.reasons import REST, Question, Rule, Split, Turn

SINCE = "days_since_"
DIGITS_FROM = 1_000
"""Thresholds from here on are written without decimals."""

DIGITS = 4
"""Significant digits of smaller ones."""

OTHERWISE, ARROW = "otherwise", "→"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a rule.

    Attributes:
        words: Whom it is about: ``total time spent over 60``, ``otherwise``.
        segment: Where they go, from 0; ``REST`` for any other segment.
        customers: How many of those that the rule was made from.
    """

    words: str
    segment: int
    customers: int


def steps(rule: Rule) -> tuple[Step, ...]:
    """The rule line by line; each ``otherwise`` is about those whom no line before took.

    Where both answers lead on there is no ``otherwise``: every line says all that it asks.
    """
    return tuple(_chain(rule)) if _is_chain(rule) else tuple(_paths(rule))


def sentence(rule: Rule, names: Sequence[str]) -> str:
    """The rule for all segments in one sentence.

    Args:
        rule: The rule.
        names: The k names of the segments.
    """
    parts = [
        f"otherwise {names[step.segment]}"
        if step.words == OTHERWISE
        else f"{step.words} {ARROW} {names[step.segment]}"
        for step in steps(rule)
    ]
    return _capital("; ".join(parts)) + "."


def alone(rule: Rule) -> str:
    """The rule for one segment: whom it takes for it, the largest part first."""
    paths = sorted((path for path in _paths(rule) if path.segment != REST), key=lambda one: -one.customers)
    return _capital(", or ".join(path.words for path in paths))


def standing_in(rule: Rule) -> tuple[str, ...]:
    """What counts where an answer is not known; nothing where everybody could answer."""
    return tuple(_standing_in(question) for question in rule.questions if question.unknown)


def _standing_in(question: Question) -> str:
    asked = label(question.split.feature)
    answer = condition(question.split, yes=True)
    usual = f"it is taken for {answer if question.usual else condition(question.split, yes=False)}"
    if question.instead is None:
        return f"Where {asked} is not known, {usual}."
    instead = condition(question.instead, yes=not question.instead.turned)
    return f"Where {asked} is not known, {instead} stands for {answer}."


def condition(split: Split, *, yes: bool) -> str:
    """Who gives this answer, in words.

    >>> condition(Split(feature="plan = premium", flag=True, threshold=0.5), yes=True)
    'plan is premium'
    >>> condition(Split(feature="days_since_last_order", flag=False, threshold=90.0), yes=False)
    'at most 90 days since last order'
    """
    column, between, word = split.feature.partition(" = ")
    if split.flag and between:
        return f"{label(column)} is {'' if yes else 'not '}{word}"
    if split.flag:
        return f"{label(split.feature)}: {'yes' if yes else 'no'}"
    return _ranged(split.feature, split.threshold if yes else None, None if yes else split.threshold)


def label(feature: str) -> str:
    """A feature's name as it is read aloud.

    >>> label("avg_cart_value")
    'avg cart value'
    """
    return " ".join(feature.replace("_", " ").split())


def written(threshold: float) -> str:
    """A threshold as people write it.

    >>> written(60.0), written(1200.0), written(59.94), written(-0.045)
    ('60', '1,200', '59.94', '−0.045')
    """
    size = abs(threshold)
    text = f"{size:,.0f}" if size == round(size) or size >= DIGITS_FROM else f"{size:.{DIGITS}g}"
    return f"−{text}" if threshold < 0 else text


def _ranged(feature: str, over: float | None, most: float | None) -> str:
    """A feature above one threshold, up to another, or both."""
    date = feature.removeprefix(SINCE)
    if date != feature:
        low = "" if over is None else f"more than {written(over)}"
        high = "" if most is None else f"at most {written(most)}"
        return f"{' and '.join(one for one in (low, high) if one)} days since {label(date)}"
    low = "" if over is None else f" over {written(over)}"
    high = "" if most is None else f" at most {written(most)}"
    return f"{label(feature)}{' and'.join(one for one in (low, high) if one)}"


def _is_chain(rule: Rule) -> bool:
    return all(question.yes.question is None or question.no.question is None for question in rule.questions)


def _chain(rule: Rule) -> list[Step]:
    found: list[Step] = []
    at: int | None = 0
    while at is not None:
        one = rule.questions[at]
        first = one.yes.question is None
        out, on = (one.yes, one.no) if first else (one.no, one.yes)
        words = condition(one.split, yes=first)
        found.append(_step(f"{OTHERWISE} {words}" if found else words, out))
        at = on.question
        if at is None:
            found.append(_step(OTHERWISE, on))
    return found


def _paths(rule: Rule) -> list[Step]:
    found: list[Step] = []
    waiting: list[tuple[int, tuple[tuple[Split, bool], ...]]] = [(0, ())]
    while waiting:
        at, asked = waiting.pop()
        one = rule.questions[at]
        for turn, yes in ((one.no, False), (one.yes, True)):
            path = (*asked, (one.split, yes))
            if turn.question is None:
                found.append(_step(_joined(path), turn))
            else:
                waiting.append((turn.question, path))
    return found


def _step(words: str, turn: Turn) -> Step:
    return Step(words=words, segment=REST if turn.segment is None else turn.segment, customers=turn.customers)


def _joined(path: Sequence[tuple[Split, bool]]) -> str:
    """All that a path asks, each feature once with the narrowest range."""
    said: dict[str, str] = {}
    for split, yes in path:
        if split.flag:
            said[split.feature] = condition(split, yes=yes)
            continue
        own = [(one.threshold, up) for one, up in path if one.feature == split.feature]
        over = max((at for at, up in own if up), default=None)
        most = min((at for at, up in own if not up), default=None)
        said[split.feature] = _ranged(split.feature, over, most)
    return " and ".join(said.values())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
