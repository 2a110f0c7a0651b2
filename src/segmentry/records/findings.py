"""The catalog of findings: each code, how serious it is, what it means, what is done and what can be set.

Findings are made from it, ``docs/reference/findings.md`` is, and so are the explanations in the report.
"""

from dataclasses import dataclass

from segmentry.records.audit import SUPPRESSED, Action, Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKind:
    """One kind of finding.

    Attributes:
        code: Its code, unique and never given to another kind.
        title: What it is called.
        severities: How serious it is; where there are several, the first is the usual one.
        meaning: What it means for the segments.
        action: What is usually done with the rows or cells.
        done: The same in a sentence.
        setting: The setting that changes what is done; empty when there is none.
        advice: What the reader can do.
    """

    code: str
    title: str
    severities: tuple[Severity, ...]
    meaning: str
    action: Action = Action.KEPT
    done: str
    setting: str = ""
    advice: str


def finding(
    code: str,
    sentence: str,
    *,
    columns: tuple[str, ...] = (),
    rows: int = 0,
    examples: tuple[str, ...] = (),
) -> Finding:
    """A finding of a kind in the catalog, as serious as it usually is.

    Args:
        code: The kind.
        sentence: The finding in one sentence.
        columns: The columns it is about.
        rows: How many rows it touches.
        examples: At most five examples.

    >>> finding("C9", "2 rows are the same as an earlier row but for the id.", rows=2).severity
    <Severity.INFO: 'info'>
    """
    kind = FINDINGS[code]
    return Finding(
        rule=code,
        severity=kind.severities[0],
        columns=columns,
        rows=rows,
        action=kind.action,
        setting=kind.setting,
        sentence=sentence,
        examples=examples,
    )


NOTE, CAUTION = (Severity.INFO,), (Severity.WARN,)

CATALOG = (
    FindingKind(
        code="T0",
        title="A column was read by a guess",
        severities=NOTE,
        meaning="The column's decimal sign, date order or yes/no words were not certain from its values.",
        done="The likeliest reading is used.",
        advice="If the guess is wrong, write the column in an unambiguous form, such as 2026-03-01 for dates.",
    ),
    FindingKind(
        code="T1",
        title="Values that could not be read",
        severities=CAUTION,
        meaning="Some values of a column are there, but are not what the others are: a word among numbers, or a date that no "
        "calendar has.",
        action=Action.SET_ASIDE,
        done="The values are left out where the column describes segments; a column that makes segments is refused instead.",
        setting="exclude",
        advice="Mend the values in the file, or leave the column out.",
    ),
    FindingKind(
        code="T2",
        title="Dates without an end",
        severities=NOTE,
        meaning="A contract or a membership that has no end is often given one in the year 9999.",
        action=Action.SET_ASIDE,
        done="Such dates count as no date.",
        setting="exclude",
        advice="If whether there is an end matters, make a yes/no column of it.",
    ),
    FindingKind(
        code="C1",
        title="Rows were dropped",
        severities=CAUTION,
        meaning="Rows repeat an earlier row with its id, or a later row of the same customer replaces them.",
        action=Action.DROPPED,
        done="One row a customer stays: the latest where a date tells which it is.",
        advice="Export one row per customer if the wrong one stays.",
    ),
    FindingKind(
        code="C2",
        title="A value may stand for missing",
        severities=CAUTION,
        meaning="A round value such as -1 or 999 is frequent and far from every other value of the column.",
        done="It is taken as a number until you say otherwise.",
        setting="sentinels",
        advice="Name the values that stand for missing.",
    ),
    FindingKind(
        code="C3",
        title="Impossible values",
        severities=CAUTION,
        meaning="A count is negative, or a share lies outside 0 to 1.",
        action=Action.CHANGED,
        done="These values are treated as missing.",
        advice="Correct them at the source.",
    ),
    FindingKind(
        code="C3b",
        title="Columns contradict each other",
        severities=NOTE,
        meaning="Two columns cannot both be right for a customer, such as more discounts than purchases.",
        done="Nothing: it is not known which of the two is wrong.",
        advice="Look at the examples, and leave out the column that you do not trust.",
    ),
    FindingKind(
        code="C4",
        title="A column is the same for nearly everyone",
        severities=(Severity.WARN, Severity.INFO),
        meaning="The column has one value in 95% of the rows or more, so it says little about customers.",
        done="From 99% on it is left out; below, it is used.",
        setting="exclude",
        advice="Leave it out, or name the features yourself to keep it.",
    ),
    FindingKind(
        code="C5",
        title="No column names the customer",
        severities=CAUTION,
        meaning="Without an id, results cannot be joined to your own tables or to later runs.",
        done="Row numbers are used as ids.",
        setting="id",
        advice="Name the column if there is one.",
    ),
    FindingKind(
        code="C6",
        title="A column was left out",
        severities=NOTE,
        meaning="The column is another id, a label of somebody's, or otherwise no measure of a customer.",
        action=Action.SET_ASIDE,
        done="It takes no part in the segments.",
        setting="features",
        advice="Name the features yourself if it should make segments.",
    ),
    FindingKind(
        code="C7",
        title="Extreme values",
        severities=CAUTION,
        meaning="Some values lie far beyond all others and would dominate the distances between customers.",
        done="The customers and their values are kept; the values are pulled in when distances are measured.",
        setting="clip",
        advice="Check that the values are real. Set clip to none to measure distances with them as they are.",
    ),
    FindingKind(
        code="C8",
        title="Impossible ages",
        severities=CAUTION,
        meaning="A birth year makes a customer younger than 10 or older than 100.",
        action=Action.CHANGED,
        done="These values are treated as missing.",
        advice="Correct them at the source.",
    ),
    FindingKind(
        code="C9",
        title="Customers are alike in every column",
        severities=NOTE,
        meaning="Rows are the same as an earlier row but for the id.",
        done="They are kept, since two customers can be alike.",
        advice="If they are copies of one customer, remove them at the source.",
    ),
    FindingKind(
        code="F1",
        title="Many features",
        severities=NOTE,
        meaning="More than 12 features make segments that are harder to read and less stable.",
        done="All of them are used.",
        setting="features",
        advice="Choose the features that matter.",
    ),
    FindingKind(
        code="F2",
        title="Columns in words",
        severities=NOTE,
        meaning="Words became features of 0 and 1; rare words have no feature of their own.",
        done="They are used unscaled, so that a word counts about as much as a number does.",
        setting="features",
        advice="Choose the columns that should make segments.",
    ),
    FindingKind(
        code="M1",
        title="Values are missing",
        severities=(Severity.INFO, Severity.WARN),
        meaning="Customers lack the same columns together. A caution: of some customers no measure is known.",
        done="Customers are placed by what is known of them; those with no known measure are in no segment.",
        advice="Leave out the columns that are often missing.",
    ),
    FindingKind(
        code="M2",
        title="Whether values are missing by chance",
        severities=(Severity.INFO, Severity.WARN),
        meaning="Customers with a gap are compared with the others. A caution: they differ, not by chance.",
        done="Nothing: the finding tells how far results about these customers can be trusted.",
        advice="Find out why the values are missing before you act on segments with many such customers.",
    ),
    FindingKind(
        code="M3",
        title="How customers with gaps were placed",
        severities=NOTE,
        meaning="It says how many customers lack a measure and how many the method of filling moved.",
        done="They are placed by what is known of them; or the median stands in, where that is set.",
        setting="missing",
        advice="Try the other method: customers who move are not firmly in a segment.",
    ),
    FindingKind(
        code="A1",
        title="Customers unlike all segments",
        severities=NOTE,
        meaning="The algorithm that was set leaves out customers who are far from every segment.",
        action=Action.SET_ASIDE,
        done="They are in no segment, and shares are of the others.",
        setting="algorithm",
        advice="Choose another algorithm if everyone must be in a segment.",
    ),
    FindingKind(
        code="E1",
        title="A few customers far from everybody else",
        severities=NOTE,
        meaning="They stand apart like a segment of their own, but are too few for one.",
        done="They are in the segment that is nearest, and listed by their ids.",
        setting="min_segment_customers",
        advice="Look at them by hand: they may be dealers, staff, tests or your best customers.",
    ),
    FindingKind(
        code=SUPPRESSED,
        title="Customers on the suppression list",
        severities=NOTE,
        meaning="These people must not be used. The code stands in the ledger.",
        action=Action.SET_ASIDE,
        done="They are left out before anything is learned.",
        setting="suppression",
        advice="Keep the list up to date.",
    ),
    FindingKind(
        code="P2",
        title="Customers were erased",
        severities=NOTE,
        meaning="Customers were erased from the run folder on request.",
        action=Action.DROPPED,
        done="Counts, averages and figures are of the others; the model is as it was fitted.",
        advice="Make a new run to fit the model without them.",
    ),
    FindingKind(
        code="P3",
        title="Segments and protected characteristics",
        severities=(Severity.WARN, Severity.INFO),
        meaning="How much belonging to a segment says about a protected characteristic, which did not make it.",
        done="Nothing: the segments are as they are.",
        advice="Do not decide about prices, credit or access by segments that stand in for such a characteristic.",
    ),
)
"""Every kind of finding."""

FINDINGS = {kind.code: kind for kind in CATALOG}
"""The same by code."""
