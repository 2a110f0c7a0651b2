"""The data: what came in, what is wrong with it, what was done, and what each column is for."""

from dataclasses import dataclass

from segmentry.records.audit import Finding, Ledger, Severity
from segmentry.records.columns import Column, Kind, Role
from segmentry.records.exploration import ColumnQuality
from segmentry.records.findings import CATALOG, FINDINGS, FindingKind
from segmentry.records.recipe import FeatureStep, Recipe, Transform
from segmentry.records.run import Run, Survey
from segmentry.views.topics.cells import (
    Cell,
    Table,
    feature,
    listed,
    named,
    numeric,
    prose,
    sentence,
    shortened,
    table,
    text,
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
PARTS = {
    Role.ID: "names the customer",
    Role.SEGMENTATION: "makes the segments",
    Role.DESCRIPTOR: "describes them, and does not make them",
    Role.OUTCOME: "is kept for looking back",
    Role.PROTECTED: "is protected, and takes no part",
    Role.EXCLUDED: "takes no part",
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
        kinds: What the codes of the findings mean.
        columns: What each column is for.
        recipe: What happens to each feature; None before segments are made.
    """

    light: str
    tone: str
    light_sentence: str
    ledger: Table
    findings: Table | None
    kinds: tuple[FindingKind, ...]
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
        kinds=tuple(kind for kind in CATALOG if kind.code in {found.rule for found in audit.findings}),
        columns=dictionary(survey),
        recipe=_recipe(recipe) if recipe is not None else None,
    )


def _ledger(ledger: Ledger, value: str) -> Table:
    """Every line, and the total that came in."""
    values = _in_full([*(line.value for line in ledger.lines), ledger.value_in])
    total = ("Rows read", "", count(ledger.rows_in), *(values[-1:] if value else ()))
    return table(
        "The ledger: every row of the input, accounted for once",
        list(zip(ledger.lines, values[:-1], strict=True)),
        prose("What happened to the rows", lambda row: _opened(sentence(row[0].sentence))),
        text("Rows are", lambda row: str(row[0].action)),
        numeric("Rows", lambda row: count(row[0].rows)),
        *([numeric("Value", lambda row: row[1])] if value else []),
        total=total,
        note=f"Value is {value}." if value else "",
    )


def _in_full(values: list[float]) -> tuple[str, ...]:
    """Amounts as an account shows them: never in thousands, with cents where they matter."""
    decimals = 2 if max(abs(value) for value in values) < WHOLE_FROM else 0
    style = Style(unit=1.0, suffix="", decimals=decimals)
    return tuple(style.write(value) for value in values)


def _opened(words: str) -> str:
    return words[:1].upper() + words[1:]


def _findings(survey: Survey) -> Table:
    return table(
        "What an auditor would write down",
        survey.audit.findings,
        prose("Finding", lambda found: named(found.sentence, length=420)),
        text("How serious", lambda found: SEVERITIES[found.severity]),
        numeric("Rows", lambda found: count(found.rows) if found.rows else ABSENT),
        text("What was done", lambda found: str(found.action)),
        text(
            "Examples",
            lambda found: named(_examples(found.examples), length=240) if found.examples else ABSENT,
        ),
        text("Change it with", lambda found: named(found.setting) if found.setting else ABSENT),
        text("Code", _code),
    )


def _code(found: Finding) -> Cell:
    """The code, which leads to what it means."""
    return named(found.rule).to(f"#finding-{found.rule}" if found.rule in FINDINGS else "")


def _examples(examples: tuple[str, ...]) -> str:
    return listed((shortened(example, EXAMPLE_LENGTH) for example in examples), limit=MOST_EXAMPLES)


def dictionary(survey: Survey) -> Table:
    """The data dictionary: every column of the input, the part it plays, and what it holds."""
    state = {column.name: column for column in survey.exploration.columns}
    rows = survey.source.rows
    return table(
        "What each column is, and the part it plays",
        survey.columns,
        text("Column", lambda column: named(column.name)),
        text("Part", lambda column: f"{column.role}: {PARTS[column.role]}"),
        prose("Because", _because),
        text("Holds", lambda column: KINDS[column.format.kind]),
        numeric("Missing", lambda column: _missing(state.get(column.name), rows)),
        numeric(
            "Different values",
            lambda column: count(state[column.name].distinct) if column.name in state else ABSENT,
        ),
    )


def _because(column: Column) -> Cell:
    return named(_opened(shortened(column.reason, 240)) if column.reason else ABSENT, length=240)


def _missing(state: ColumnQuality | None, rows: int) -> str:
    if state is None or not rows:
        return ABSENT
    return f"{count(state.missing)} ({share(state.missing / rows)})" if state.missing else "0"


def _recipe(recipe: Recipe) -> Table:
    return table(
        "What happens to each feature before distances are measured, in this order",
        recipe.steps,
        text("Feature", lambda step: feature(step.feature)),
        text("Read", _reading),
        text("Where it is missing", _filling),
        text("Transform", _transform),
        text("Extremes", _clipping),
        text(
            "Centre and scale", lambda step: f"minus {number(step.centre)}, divided by {number(step.scale)}"
        ),
        prose("Because", lambda step: named(step.reason or ABSENT, length=240)),
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
        parts.append(f"{', '.join(number(sentinel) for sentinel in step.sentinels)} means missing")
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
