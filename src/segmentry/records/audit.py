"""What is wrong with the data, what was done about it, and a ledger that balances."""

from dataclasses import dataclass
from enum import StrEnum

from segmentry.errors import SegmentryError

POSSIBLE_AGES = (10, 100)
"""Years between which a customer's age is believed (METHOD C8)."""


SUPPRESSED = "P1"
"""The rule of the ledger's line for people on the suppression list (METHOD 11)."""


class Severity(StrEnum):
    """How much a finding should worry the reader."""

    INFO = "info"
    WARN = "warn"
    BLOCK = "block"


class Action(StrEnum):
    """What was done with the rows or cells of a finding."""

    KEPT = "kept"
    CHANGED = "changed"
    SET_ASIDE = "set aside"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing an auditor would write down.

    Attributes:
        rule: The rule's code in METHOD 1 (``C4``), or ``M1`` for missing values.
        severity: How much it matters.
        columns: The columns it is about.
        rows: How many rows it touches.
        action: What was done.
        setting: The setting that changes the default; empty when there is none.
        sentence: The finding in one sentence.
        examples: At most five examples, as text; of customers far from everybody else, all of them.
    """

    rule: str
    severity: Severity
    columns: tuple[str, ...] = ()
    rows: int = 0
    action: Action = Action.KEPT
    setting: str = ""
    sentence: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCount:
    """Some rows of the input.

    Attributes:
        rows: How many.
        value: Their summed value in the value measure, 0.0 when there is none.
    """

    rows: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """Where some of the rows went.

    Attributes:
        rule: The rule that moved them, or ``used``.
        action: What was done with them.
        rows: How many.
        value: Their summed value in the value measure, 0.0 when there is none.
        sentence: Why, in a few words.
    """

    rule: str
    action: Action
    rows: int
    value: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every row of the input, accounted for once.

    Attributes:
        rows_in: Rows read.
        value_in: Their summed value in the value measure (0.0 without one).
        lines: Where they went; the rows and the values add up to what came in.

    Raises:
        SegmentryError: if the lines do not add up.
    """

    rows_in: int
    value_in: float
    lines: tuple[LedgerLine, ...]

    def __post_init__(self) -> None:
        """Refuse a ledger that does not balance to the row and the cent."""
        rows = sum(line.rows for line in self.lines)
        value = sum(line.value for line in self.lines)
        if rows != self.rows_in or abs(value - self.value_in) > max(0.005, 1e-9 * abs(value)):
            message = (
                f"The ledger does not balance: {self.rows_in} rows worth {self.value_in} came in, "
                f"{rows} rows worth {value} are accounted for."
            )
            raise SegmentryError(message)


class Readiness(StrEnum):
    """The audit's verdict on the data; it is printed and never stops a run."""

    READY = "Ready"
    CAUTIONS = "Ready with cautions"
    NOT_READY = "Not ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The audit of one input.

    Attributes:
        readiness: The verdict.
        reasons: Why it is not simply ready; empty when it is.
        light: Sample size against features: green, amber or red (Dolnicar et al. 2014, 2016).
        light_sentence: The light in words.
        findings: In order of severity, then rule.
        ledger: Every row accounted for.
    """

    readiness: Readiness
    reasons: tuple[str, ...]
    light: str
    light_sentence: str
    findings: tuple[Finding, ...]
    ledger: Ledger
