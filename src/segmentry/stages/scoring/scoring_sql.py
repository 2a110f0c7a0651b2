"""The whole scorer as one SELECT: read, clean, transform, clip, scale, nearest, runner-up."""

from collections.abc import Callable, Sequence
from textwrap import fill

from segmentry.errors import ModelError
from segmentry.records.columns import Format, Kind
from segmentry.records.model import TIE, Model
from segmentry.records.quoting import identifier, literal, number
from segmentry.records.recipe import NEARLY_ZERO, FeatureStep, Recipe, Transform
from segmentry.records.scorers import Centroids, Rows, Scorer
from segmentry.stages.scoring.customer_columns import PLACEMENT_COLUMNS

HEADER = """\
-- Places every row of the table `customers` in its segment, exactly as `segmentry score` does.
-- Put your own table's name in its place, or create a view of that name. One row in, one row out.
-- distance: to the centre of the own segment, in standardised units, over the features that are known.
-- out_of_range: unlike anyone the model was made from. margin: 1 - distance / runner_up_distance.
"""

BY_MARGIN = """\
-- confidence: the margin.
"""
BY_RETURNS = """\
-- confidence: how often re-runs put customers with such a margin in the same segment.
"""


NAMES_WIDTH = 54
"""Signs in a line of column names: two lines of them today."""

WITHOUT_SQL = {
    "posterior": "a mixture asks for a density of its own for every combination of missing values",
    "classes": "the logarithms of every share would be a statement that nobody can read",
    "prototypes": "the nearest of up to 200 prototypes would be a statement that nobody can read",
}
"""Why a kind of scorer has no SQL form."""


Read = Callable[[str, Format], str]
"""SQL for the value in a column, from the column as SQL and how its text is read."""


def has_no_sql(scorer: Scorer | None) -> str | None:
    """Why a scorer has no SQL form; None when it has one.

    >>> has_no_sql(None) is None
    True
    """
    if scorer is None or isinstance(scorer, Centroids):
        return None
    return f"{WITHOUT_SQL[scorer.kind]}: 'segmentry score' places new customers"


def scoring_sql(model: Model, read: Read) -> str:
    """The model as one SELECT statement in DuckDB's dialect.

    Args:
        model: The model.
        read: How a cell becomes a value; the reading of files uses the same.

    Returns:
        A statement that reads a table called ``customers`` holding the columns of the training
        file under their own names, as text or typed, and gives one row per row of it.

    Raises:
        ModelError: when the model's scorer has no SQL form.
    """
    if reason := has_no_sql(model.scorer):
        raise ModelError(f"The model cannot be written as SQL: {reason}.")
    steps, k = model.recipe.steps, len(model.names)
    parts = [
        ("raw", _raw(model, read)),
        ("possible", _possible(steps)),
        ("scaled", _scaled(model.recipe)),
        ("distances", _distances(model)),
        ("ranked", _nearest(k)),
        ("rivals", _rivals(k)),
    ]
    ctes = ",\n".join(f"{name} AS (\n{body}\n)" for name, body in parts)
    told = BY_RETURNS if model.returns else BY_MARGIN
    return f"{HEADER}{told}WITH {ctes}\n{_final(model)};\n"


def _raw(model: Model, read: Read) -> str:
    columns = [f"  {_value(step, read)} AS v{index}" for index, step in enumerate(model.recipe.steps)]
    return "SELECT\n" + ",\n".join([f"  {identifier(model.id_name)} AS id", *columns]) + "\nFROM customers"


def _value(step: FeatureStep, read: Read) -> str:
    value = read(identifier(step.column), step.format)
    if step.format.kind is not Kind.DATE:
        return value
    return f"CAST(DATE {literal(step.as_of or '')} - {value} AS DOUBLE)"


def _possible(steps: Sequence[FeatureStep]) -> str:
    columns = [f"  {_limits(step, f'v{index}')} AS v{index}" for index, step in enumerate(steps)]
    return "SELECT\n" + ",\n".join(["  id", *columns]) + "\nFROM raw"


def _limits(step: FeatureStep, value: str) -> str:
    tests = []
    if step.valid_low is not None:
        tests.append(f"{value} >= {number(step.valid_low)}")
    if step.valid_high is not None:
        tests.append(f"{value} <= {number(step.valid_high)}")
    tests.extend(f"{value} <> {number(sentinel)}" for sentinel in step.sentinels)
    kept = f"CASE WHEN {' AND '.join(tests)} THEN {value} END" if tests else value
    return f"COALESCE({kept}, 0.0)" if step.missing_means_zero else kept


def _scaled(recipe: Recipe) -> str:
    columns = [f"  {_scale(step, f'v{index}')} AS z{index}" for index, step in enumerate(recipe.steps)]
    missing = " + ".join(f"CASE WHEN v{index} IS NULL THEN 1 ELSE 0 END" for index in recipe.one_each)
    share = f"  CAST({missing} AS DOUBLE) / {len(recipe.one_each)} AS missing_share"
    return "SELECT\n" + ",\n".join(["  id", *columns, share]) + "\nFROM possible"


def _scale(step: FeatureStep, value: str) -> str:
    if step.fill is not None:
        value = f"COALESCE({value}, {number(step.fill)})"
    moved = _transform(step, value)
    if step.clip_low is not None and step.clip_high is not None:
        low, high = number(step.clip_low), number(step.clip_high)
        moved = f"CASE WHEN {moved} < {low} THEN {low} WHEN {moved} > {high} THEN {high} ELSE {moved} END"
    return f"({moved} - {number(step.centre)}) / {number(step.scale)}"


def _transform(step: FeatureStep, value: str) -> str:
    if step.transform is Transform.LOG1P:
        return f"LN(1 + CASE WHEN {value} < 0 THEN 0 ELSE {value} END)"
    if step.transform is Transform.YEO_JOHNSON:
        power = 1.0 if step.power is None else step.power
        return f"CASE WHEN {value} >= 0 THEN {_above(value, power)} ELSE {_below(value, power)} END"
    return value


def _above(value: str, power: float) -> str:
    if abs(power) < NEARLY_ZERO:
        return f"LN(1 + {value})"
    return f"(POWER(1 + {value}, {number(power)}) - 1) / {number(power)}"


def _below(value: str, power: float) -> str:
    other = 2 - power
    if abs(other) < NEARLY_ZERO:
        return f"-LN(1 - {value})"
    return f"-(POWER(1 - {value}, {number(other)}) - 1) / {number(other)}"


def _distances(model: Model) -> str:
    p = len(model.recipe.steps)
    observed = " + ".join(f"CASE WHEN z{index} IS NULL THEN 0 ELSE 1 END" for index in range(p))
    weight = f"{number(p)} / NULLIF({observed}, 0)"
    columns = [
        f"  {weight} * ("
        + " + ".join(_term(index, value) for index, value in enumerate(centre))
        + f") AS d{one}"
        for one, centre in enumerate(_centres(model))
    ]
    return "SELECT\n" + ",\n".join(["  id, missing_share", *columns]) + "\nFROM scaled"


def _centres(model: Model) -> Rows:
    """The centres that place: the scorer's own, where they are not the segments' means."""
    return model.scorer.centres if isinstance(model.scorer, Centroids) else model.centres


def _term(index: int, centre: float) -> str:
    away = f"(z{index} - {number(centre)})"
    return f"COALESCE({away} * {away}, 0.0)"


def _nearest(k: int) -> str:
    smallest = _least([f"d{one}" for one in range(k)])
    choices = " ".join(f"WHEN d{one} <= smallest * (1 + {TIE!r}) THEN {one}" for one in range(k))
    return f"SELECT *, CASE {choices} END AS own\nFROM (SELECT *, {smallest} AS smallest FROM distances) AS d"


def _rivals(k: int) -> str:
    if k == 1:
        return "SELECT *, d0 AS own_d, CAST(NULL AS INTEGER) AS rival, CAST(NULL AS DOUBLE) AS rival_d\nFROM ranked"
    others = [f"CASE WHEN own = {one} THEN NULL ELSE d{one} END" for one in range(k)]
    own = "CASE own " + " ".join(f"WHEN {one} THEN d{one}" for one in range(k)) + " END"
    choices = " ".join(
        f"WHEN own <> {one} AND d{one} <= second * (1 + {TIE!r}) THEN {one}" for one in range(k)
    )
    rival_d = "CASE rival " + " ".join(f"WHEN {one} THEN d{one}" for one in range(k)) + " END"
    return (
        f"SELECT *, {own} AS own_d, {rival_d} AS rival_d\n"
        f"FROM (SELECT *, CASE {choices} END AS rival\n"
        f"FROM (SELECT *, {_least(others)} AS second FROM ranked) AS s) AS r"
    )


def _least(values: Sequence[str]) -> str:
    """LEAST skips NULLs in DuckDB and PostgreSQL, which is what is wanted here."""
    return values[0] if len(values) == 1 else f"LEAST({', '.join(values)})"


def _final(model: Model) -> str:
    margin = "CASE WHEN rival_d > 0 THEN 1 - SQRT(own_d) / SQRT(rival_d) ELSE 0.0 END"
    written = [(column, column.sql(model)) for column in PLACEMENT_COLUMNS if column.sql]
    inner = [(column.name, sql) for column, sql in written if not column.from_columns]
    outer = [(column.name, sql) for column, sql in written if column.from_columns]
    names = fill(", ".join(name for name, _ in inner), NAMES_WIDTH, subsequent_indent="  ")
    return (
        f"SELECT\n  id AS {identifier(model.id_name)},\n  {names},\n{_listed(outer)}\n"
        f"FROM (\nSELECT id, own, missing_share,\n{_listed(inner)}\n"
        f"FROM (SELECT *, {margin} AS margin FROM rivals) AS m\n) AS scored"
    )


def _listed(columns: Sequence[tuple[str, str]]) -> str:
    return ",\n".join(f"  {sql} AS {name}" for name, sql in columns)
