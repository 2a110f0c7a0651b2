"""A strategy: the terms of a play, what must be true for it to pay, what a test takes, and what tests found."""

from dataclasses import dataclass
from enum import StrEnum

UNTESTED = "untested"
MISMATCH = 0.001
"""The p-value below which the arms' sizes do not fit the planned split (METHOD 8.4)."""
HUNDRED = 100
"""Amounts from here on are written without decimals."""


class OfferType(StrEnum):
    """What an offer is, as far as its cost goes."""

    NOTHING = "nothing"
    INFORMATION = "information"
    SERVICE = "service"
    ACCESS = "early access"
    POINTS = "points"
    REFERRAL = "referral reward"
    BUNDLE = "bundle"
    THRESHOLD = "threshold"
    DISCOUNT = "discount"

    @property
    def gives_away(self) -> bool:
        """Whether it costs a part of the order's value, so that a depth and a use must be known."""
        return self in {self.POINTS, self.REFERRAL, self.BUNDLE, self.THRESHOLD, self.DISCOUNT}


class Input(StrEnum):
    """What the economics of a play may rest on; each is a setting of the same name."""

    MARGIN = "margin"
    ORDER_VALUE = "order_value"
    BASE_RATE = "base_rate"
    CONTACT_COST = "contact_cost"
    DISCOUNT_DEPTH = "discount_depth"
    DISCOUNT_USE = "discount_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a play says beside its texts (METHOD 8.1).

    Attributes:
        offer_type: What the offer is.
        depth_max: The deepest discount that the play allows, a share; None for no limit of its own.
        budget: The most that the play may cost; None where nobody has set one.
        per_week_max: Messages a week at most.
        quiet_days: Days without a message before it begins.
        trigger: What starts it.
        kpi_guardrail: The number that stops the play when it gets worse.
        unit: What is drawn at random.
        arms: The arms of its test, the control first.
        days: How long its test measures.
        stop_rule: When the test ends.
        inputs: What its economics rest on.
        owner: Who owns it; None where nobody does yet.
    """

    offer_type: OfferType = OfferType.INFORMATION
    depth_max: float | None = None
    budget: float | None = None
    per_week_max: float = 1.0
    quiet_days: int = 7
    trigger: str = ""
    kpi_guardrail: str = ""
    unit: str = "customer"
    arms: tuple[str, ...] = ("control", "treated")
    days: int = 56
    stop_rule: str = ""
    inputs: tuple[Input, ...] = (Input.MARGIN, Input.ORDER_VALUE, Input.BASE_RATE, Input.CONTACT_COST)
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """What a play rests on in one segment, and from what rise of the conversion rate on it pays (METHOD 8.3).

    Attributes:
        margin: The margin rate m of an order at full price, in (0, 1]; None where not given.
        order_value: The average order A; None where not given.
        base_rate: The conversion rate p0 without the play; None where not given.
        contact_cost: The cost c of reaching one customer; None where not given.
        depth: The discount depth dl, a share of the order; 0 for a play that gives nothing away;
            None where not given.
        use: The share u of treated orders that use it; likewise.
        missing: The settings that are needed and not given.
        break_even: The rise p1* - p0 from which on the play pays; None where it is not known and
            where the play cannot pay.
        never: Whether it cannot pay: what is given away eats the whole margin, or not even
            every customer buying would do.
        capped: Whether the depth is the play's own limit rather than the deeper one in the settings.
    """

    margin: float | None = None
    order_value: float | None = None
    base_rate: float | None = None
    contact_cost: float | None = None
    depth: float | None = None
    use: float | None = None
    missing: tuple[Input, ...] = ()
    break_even: float | None = None
    never: bool = False
    capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """What a test in one segment can find out (METHOD 8.4).

    Attributes:
        customers: Customers of the segment who can be in a test: without the global hold-out, and
            of those who can be reached where that share is given.
        needed: Customers in each of two equal arms that it takes to see a rise of the size of the
            break-even; None where that is not known, or is no rise.
        halves, tenth: The smallest rise that is seen with two equal arms, and with a tenth as
            control; None where none would be, or without a base rate.
        too_small: Whether the segment is too small to learn in.
    """

    customers: int
    needed: int | None = None
    halves: float | None = None
    tenth: float | None = None
    too_small: bool = False


class Measure(StrEnum):
    """What a test compared."""

    CONVERSION = "conversion"
    MARGIN = "margin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """What was seen in one arm.

    Attributes:
        customers: Customers in it, whether they were reached or not (intention to treat).
        conversions: Those who bought; None for a result in margin.
        mean: The average margin per customer; None for a result in conversions.
        sd: Its standard deviation over customers; likewise.
    """

    customers: int
    conversions: int | None = None
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """A recorded test of one play in one segment.

    Attributes:
        segment: The segment's name.
        play: The play's id.
        start, end: The window that was measured, ISO days.
        measure: What was compared.
        control, treated: The arms.
        effect: Treated less control: a difference of rates, or of margins per customer.
        low, high: Its 95 % confidence interval.
        ratio_p: The p-value of the arms' sizes against the planned split.
        planned_control: The planned share of the control group.
        note: What somebody wrote beside it.
    """

    __test__ = False

    segment: str
    play: str
    start: str
    end: str
    measure: Measure
    control: ArmResult
    treated: ArmResult
    effect: float
    low: float
    high: float
    ratio_p: float
    planned_control: float
    note: str = ""

    @property
    def fits(self) -> bool:
        """Whether the arms have the sizes that were planned; if not, the result is not to be relied on."""
        return self.ratio_p >= MISMATCH

    @property
    def reading(self) -> str:
        """What the test found, in a word: better, worse, or neither shown."""
        if not self.fits:
            return "not to be relied on: the arms do not have the sizes that were planned"
        return (
            "better" if self.low > 0 else "worse" if self.high < 0 else "neither better nor worse was shown"
        )

    @property
    def sentence(self) -> str:
        """The result in a sentence: effect, interval, arms and window.

        >>> rate = {"measure": Measure.CONVERSION, "effect": 0.012, "low": 0.002, "high": 0.022}
        >>> arms = {"control": ArmResult(customers=500), "treated": ArmResult(customers=500)}
        >>> made = {"segment": "Gold", "play": "a", "start": "2026-01-01", "end": "2026-02-25"}
        >>> print(TestResult(**rate, **arms, **made, ratio_p=1.0, planned_control=0.5).sentence)
        tested 2026-01-01 to 2026-02-25: +1.2 points (95 % interval +0.2 to +2.2), better; 500 treated, 500 control
        """
        unit, times = (
            (" points", 100.0) if self.measure is Measure.CONVERSION else (" margin per customer", 1.0)
        )
        effect, low, high = (signed(times * one) for one in (self.effect, self.low, self.high))
        return (
            f"tested {self.start} to {self.end}: {effect}{unit} (95 % interval {low} to {high}), {self.reading}; "
            f"{self.treated.customers:,} treated, {self.control.customers:,} control"
        )


def signed(value: float) -> str:
    """A number with its sign and as many decimals as it needs to be seen.

    >>> signed(1.2), signed(-0.04), signed(0.0), signed(132.4)
    ('+1.2', '-0.04', '0', '+132')
    """
    if value == 0:
        return "0"
    if abs(value) >= HUNDRED:
        return f"{value:+,.0f}"
    return f"{value:+.1f}" if abs(value) >= 1 or round(value, 1) == value else f"{value:+.2g}"
