"""Why one customer is in a segment, as a sentence and a small table."""

from dataclasses import dataclass
from html import escape

from segmentry.records.reasons import Because, NotJudged, Why
from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile
from segmentry.views.terminal.layout import drawn
from segmentry.views.topics.cells import Head, Table, abridged, said, shortened
from segmentry.views.topics.wording import feature_label
from segmentry.views.words.numbers import ABSENT, ratio, share, style_of

SAID, AGAINST = 2, 0.15
"""Features that the sentence names, and from which share of the margin on one that speaks for the rival is."""

WIDEST, HALF = 34, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one customer is where they are; prints as a sentence and a table.

    Attributes:
        id: The customer.
        why: The reasons; ``NotJudged`` where there is nothing to explain.
        sentence: The reasons in words.
        heads: The table's columns.
        rows: Its rows, the strongest feature first; the last one is the margin they add up to.
    """

    id: str
    why: Why | NotJudged
    sentence: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def __str__(self) -> str:
        """The sentence, and the table below it."""
        if not self.rows:
            return self.sentence
        return f"{self.sentence}\n\n{drawn(self.table)}"

    @property
    def table(self) -> Table:
        """The reasons, and the margin that they add up to."""
        return Table(
            caption="Why, measure by measure",
            heads=tuple(Head(text=head, numeric=at > 0) for at, head in enumerate(self.heads)),
            rows=tuple(tuple(map(said, row)) for row in self.rows[:-1]),
            total=tuple(map(said, self.rows[-1])),
        )

    def __repr__(self) -> str:
        """The same."""
        return str(self)

    def _repr_html_(self) -> str:
        """The same for notebooks."""
        heads = "".join(f"<th>{escape(head)}</th>" for head in self.heads)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in row)}</tr>" for row in self.rows)
        return f"<p>{escape(self.sentence)}</p><table><tr>{heads}</tr>{rows}</table>"


def explanation(run: Run, position: int, why: Why | NotJudged) -> Explanation:
    """The reasons in words.

    Args:
        run: The run.
        position: The customer's row.
        why: What ``stages.why`` says of them.
    """
    name = shortened(str(run.survey.customers.ids[position]), WIDEST)
    if isinstance(why, NotJudged):
        return Explanation(id=name, why=why, sentence=f"{name}: {why.reason}")
    own, rival = run.segments[why.segment], run.segments[why.rival]
    profiles = {
        feature.feature: (feature, other) for feature, other in zip(own.features, rival.features, strict=True)
    }
    rows = [_row(reason, profiles[reason.feature]) for reason in why.because]
    if why.beforehand:
        rows.append(("what each starts with", ABSENT, ABSENT, ABSENT, _signed(why.beforehand)))
    rows.append(("together: the margin", "", "", "", _signed(why.margin)))
    heads = ("feature", "customer", _short(own.name), _short(rival.name), "evidence")
    return Explanation(
        id=name, why=why, sentence=_sentence(run, position, why, name), heads=heads, rows=tuple(rows)
    )


def _sentence(run: Run, position: int, why: Why, name: str) -> str:
    own, rival = run.segments[why.segment], run.segments[why.rival]
    of_own = {profile.feature: profile for profile in own.features}
    of_rival = {profile.feature: profile for profile in rival.features}
    for_it = [reason for reason in why.because if reason.weight > 0][:SAID]
    against = [reason for reason in why.because if reason.weight < -AGAINST * abs(why.margin)][:1]
    said = " and ".join(_said(one, of_own[one.feature], of_rival[one.feature]) for one in for_it)
    parts = [f"{name} is in “{_short(own.name)}” rather than in “{_short(rival.name)}”"]
    if said:
        parts[0] += f", mostly because of {said}"
    if against:
        name_of_it = feature_label(against[0].feature)
        parts.append(f"{name_of_it[:1].upper()}{name_of_it[1:]} speaks for “{_short(rival.name)}”")
    if run.assignment.near_border[position]:
        parts.append(f"The customer could as well be in “{_short(rival.name)}”")
    if why.unknown:
        known = len(why.because)
        parts.append(f"It rests on the {known} of {known + len(why.unknown)} features that are known")
    return ". ".join(parts) + "."


def _said(reason: Because, own: FeatureProfile, rival: FeatureProfile) -> str:
    """A feature with its value, and what is usual in both segments."""
    if own.flag:
        holds = reason.value > HALF
        inside, outside = (share(each.mean if holds else 1 - each.mean) for each in (own, rival))
        return f"{_answer(reason.feature, holds=holds)} ({inside} of them against {outside})"
    write = style_of([reason.value, own.mean, rival.mean]).write
    averages = f"average {write(own.mean)} against {write(rival.mean)}"
    return f"{feature_label(reason.feature)} {write(reason.value)} ({averages})"


def _answer(feature: str, *, holds: bool) -> str:
    column, between, word = feature.partition(" = ")
    if between:
        return f"{feature_label(column)} {'is' if holds else 'is not'} {word}"
    return f"{feature_label(feature)} is {'yes' if holds else 'no'}"


def _row(reason: Because, profiles: tuple[FeatureProfile, FeatureProfile]) -> tuple[str, ...]:
    own, rival = profiles
    name = abridged(feature_label(reason.feature), WIDEST)
    if own.flag:
        answer = "yes" if reason.value > HALF else "no"
        return name, answer, share(own.mean), share(rival.mean), _signed(reason.weight)
    write = style_of([reason.value, own.mean, rival.mean]).write
    return name, write(reason.value), write(own.mean), write(rival.mean), _signed(reason.weight)


def _short(name: str) -> str:
    return abridged(name, WIDEST)


def _signed(weight: float) -> str:
    text = ratio(weight)
    return f"+{text}" if weight > 0 and text.strip("0.") else text
