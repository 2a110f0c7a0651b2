"""The data: what came in, what is wrong with it, what was done, and what each column is for."""

from dataclasses import dataclass

from segmentry.records.audit import Ledger, LedgerLine, Severity
from segmentry.records.columns import Column, Kind
from segmentry.records.recipe import FeatureStep, Recipe, Transform
from segmentry.records.run import Run, Survey
from segmentry.views.topics.cells import (
    Cell,
    Head,
    Table,
    feature,
    listed,
    named,
    numeric,
    said,
    sentence,
    shortened,
)
from segmentry.views.topics.wording import value_label
from segmentry.views.words.numbers import ABSENT, Style, count, number, share

SEVERITIES = {Severity.BLOCK: "Serious", Severity.WARN: "Caution", Severity.INFO: "Note"}
KINDS = {
    Kind.NUMBER: "number",
    Kind.FLAG: "yes/no",
    Kind.DATE: "date",
    Kind.TEXT: "text",
    Kind.EMPTY: "empty",
}
LIGHTS = {"green": "good", "amber": "caution", "red": "bad"}
MOST_EXAMPLES, EXAMPLE_LENGTH = 5, 40
WHOLE_FROM = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The part of the page about the data.

    Attributes:
        light: Green, amber or red.
        tone: good, caution or bad.
        light_sentence: Whether there are customers enough.
        ledger: Every row accounted for.
        findings: What an auditor would write down; None when there is nothing.
        columns: What each column is for.
        recipe: What happens to each feature; None before segments are made.
    """

    light: str
    tone: str
    light_sentence: str
    ledger: Table
    findings: Table | None
    columns: Table
    recipe: Table | None


def quality(survey: Survey) -> Quality:
    """The data of a survey."""
    return _quality(survey, None)


def run_quality(run: Run) -> Quality:
    """The data of a run, with what happened to each feature."""
    return _quality(run.survey, run.model.recipe)


def _quality(survey: Survey, recipe: Recipe | None) -> Quality:
    audit = survey.audit
    return Quality(
        light=sentence(audit.light).capitalize(),
        tone=LIGHTS.get(audit.light, "caution"),
        light_sentence=sentence(audit.light_sentence),
        ledger=_ledger(audit.ledger, value_label(survey)),
        findings=_findings(survey) if audit.findings else None,
        columns=_columns(survey),
        recipe=_recipe(recipe) if recipe is not None else None,
    )


def _ledger(ledger: Ledger, value: str) -> Table:
    """Every line, and the total that came in."""
    values = _in_full([*(line.value for line in ledger.lines), ledger.value_in])
    heads = (Head(text="What happened to the rows", wide=True), Head(text="Rows are"), *numeric("Rows"))
    worth = numeric("Value") if value else ()
    lines = tuple(
        (*_line(line), *((said(text),) if value else ()))
        for line, text in zip(ledger.lines, values[:-1], strict=True)
    )
    total = (said("Rows read"), said(""), said(count(ledger.rows_in)))
    return Table(
        caption="The ledger: every row of the input, accounted for once",
        heads=(*heads, *worth),
        rows=lines,
        total=(*total, *((said(values[-1]),) if value else ())),
        note=f"Value is {value}." if value else "",
    )


def _in_full(values: list[float]) -> tuple[str, ...]:
    """Amounts as an account shows them: never in thousands, with cents where they matter."""
    decimals = 2 if max(abs(value) for value in values) < WHOLE_FROM else 0
    style = Style(unit=1.0, suffix="", decimals=decimals)
    return tuple(style.write(value) for value in values)


def _line(line: LedgerLine) -> tuple[Cell, ...]:
    text = sentence(line.sentence)
    return said(f"{text[:1].upper()}{text[1:]}"), said(str(line.action)), said(count(line.rows))


def _findings(survey: Survey) -> Table:
    return Table(
        caption="What an auditor would write down",
        heads=(
            Head(text="Finding", wide=True),
            Head(text="How serious"),
            *numeric("Rows"),
            Head(text="What was done"),
            Head(text="Examples"),
            Head(text="Change it with"),
        ),
        rows=tuple(
            (
                named(one.sentence, length=420),
                said(SEVERITIES[one.severity]),
                said(count(one.rows) if one.rows else ABSENT),
                said(str(one.action)),
                named(_examples(one.examples), length=240) if one.examples else said(ABSENT),
                named(one.setting) if one.setting else said(ABSENT),
            )
            for one in survey.audit.findings
        ),
    )


def _examples(examples: tuple[str, ...]) -> str:
    return listed((shortened(one, EXAMPLE_LENGTH) for one in examples), limit=MOST_EXAMPLES)


def _columns(survey: Survey) -> Table:
    state = {one.name: one for one in survey.exploration.columns}
    rows = survey.source.rows
    return Table(
        caption="What each column is, and the part it plays",
        heads=(
            Head(text="Column"),
            Head(text="Part"),
            Head(text="Because", wide=True),
            Head(text="Holds"),
            *numeric("Missing", "Different values"),
        ),
        rows=tuple(
            (*_column_cells(one), *_state_cells(state[one.name], rows))
            if one.name in state
            else (*_column_cells(one), said(ABSENT), said(ABSENT))
            for one in survey.columns
        ),
    )


def _column_cells(one: Column) -> tuple[Cell, ...]:
    reason = shortened(one.reason, 240) if one.reason else ABSENT
    return (
        named(one.name),
        said(str(one.role)),
        named(f"{reason[:1].upper()}{reason[1:]}", length=240),
        said(KINDS[one.format.kind]),
    )


def _state_cells(state: object, rows: int) -> tuple[Cell, ...]:
    missing = int(getattr(state, "missing", 0))
    return said(share(missing / rows) if rows else ABSENT), said(count(int(getattr(state, "distinct", 0))))


def _recipe(recipe: Recipe) -> Table:
    return Table(
        caption="What happens to each feature before distances are measured, in this order",
        heads=(
            Head(text="Feature"),
            Head(text="Read"),
            Head(text="Where it is missing"),
            Head(text="Transform"),
            Head(text="Extremes"),
            Head(text="Centre and scale"),
            Head(text="Because", wide=True),
        ),
        rows=tuple(_step(one) for one in recipe.steps),
    )


def _step(step: FeatureStep) -> tuple[Cell, ...]:
    return (
        feature(step.feature),
        said(_reading(step)),
        said(_filling(step)),
        said(_transform(step)),
        said(_clipping(step)),
        said(f"minus {number(step.centre)}, divided by {number(step.scale)}"),
        named(step.reason or ABSENT, length=240),
    )


def _reading(step: FeatureStep) -> str:
    parts = [KINDS[step.format.kind] if step.as_of is None else f"days before {step.as_of}"]
    low, high = step.valid_low, step.valid_high
    if low is not None and high is not None:
        parts.append(f"possible from {number(low)} to {number(high)}")
    elif low is not None:
        parts.append(f"possible from {number(low)}")
    elif high is not None:
        parts.append(f"possible up to {number(high)}")
    if step.sentinels:
        parts.append(f"{', '.join(number(one) for one in step.sentinels)} means missing")
    return "; ".join(parts)


def _filling(step: FeatureStep) -> str:
    if step.missing_means_zero:
        return "counts as 0"
    return "left out of the distance" if step.fill is None else f"{number(step.fill)} stands in"


def _transform(step: FeatureStep) -> str:
    words = {
        Transform.IDENTITY: "as it is",
        Transform.LOG1P: "logarithm of 1 + value",
        Transform.YEO_JOHNSON: f"Yeo-Johnson power {_power(step.power)}",
    }
    return words[step.transform]


def _power(power: float | None) -> str:
    """A power with two decimals."""
    return ABSENT if power is None else f"{power:.2f}"


def _clipping(step: FeatureStep) -> str:
    low, high = step.clip_low, step.clip_high
    if low is None and high is None:
        return "as they are"
    if low is None:
        return f"pulled in to {number(high or 0.0)} at most"
    if high is None:
        return f"pulled in to {number(low)} at least"
    return f"pulled in to {number(low)} to {number(high)}"
