"""The experiment calculator: from what a visitor fills in to how many customers a test takes and what must be true."""

from dataclasses import dataclass
from math import nan

from segmentry.dashboard.data.filters import real, whole
from segmentry.dashboard.pages.audience_form import PERCENT, percent
from segmentry.dashboard.web.errors import Misasked
from segmentry.dashboard.web.url import Address
from segmentry.records.run import Run
from segmentry.records.strategy import Economics
from segmentry.stages.strategy.economics import break_even
from segmentry.stages.strategy.experiment import Sureness, sample_size, smallest_effect, too_small
from segmentry.views.topics.cells import sentence
from segmentry.views.topics.strategy import points
from segmentry.views.words.numbers import count, plural

MOST_CUSTOMERS = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A field of the form.

    Attributes:
        name: Its parameter.
        label: What it asks for, with the unit.
        value: What stands in it; empty for nothing.
    """

    name: str
    label: str
    value: str


FIELDS: tuple[tuple[str, str], ...] = (
    ("base", "Buy without the campaign, %"),
    ("rise", "Rise to be seen, points"),
    ("control_share", "Control group, %"),
    ("alpha", "False alarm, %"),
    ("power", "Power, %"),
    ("margin", "Margin of an order, %"),
    ("order_value", "Value of an order"),
    ("contact_cost", "Cost of a contact"),
    ("depth", "Discount, %"),
    ("used", "Orders that use it, %"),
)
"""The fields, in their order."""
GIVEN = {"control_share": "50", "alpha": "5", "power": "80"}
"""What stands in a field before anybody fills it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """The form, and what comes of it.

    Attributes:
        segment: The chosen segment from 1.
        customers: How many customers it has.
        fields: The fields.
        answers: What comes of it, a sentence each.
    """

    segment: int
    customers: int
    fields: tuple[Blank, ...]
    answers: tuple[str, ...]


def worked(address: Address, run: Run) -> Worked:
    """The form as the address fills it in, and what comes of it.

    Raises:
        Misasked: when a field cannot be meant.
    """
    asked = address.one("for")
    number = whole(asked, "for") if asked else 1
    if not 1 <= number <= run.k:
        raise Misasked(f"There is no segment {number}.", hint=f"There are segments 1 to {run.k}.")
    segment = run.segments[number - 1]
    fields = tuple(
        Blank(name=name, label=label, value=address.one(name) or GIVEN.get(name, ""))
        for name, label in FIELDS
    )
    return Worked(
        segment=number,
        customers=segment.customers,
        fields=fields,
        answers=tuple(sentence(answer) for answer in _answers(address, segment.customers)),
    )


def _answers(address: Address, customers: int) -> list[str]:
    base = percent(address, "base", nan) if address.one("base") else None
    if base is None:
        return [
            "Fill in how many buy without the campaign: everything else rests on that. It is not guessed."
        ]
    if not 0 < base < 1:
        raise Misasked("'base' must be more than 0 and less than 100 percent.", hint="Write 3 for 3 percent.")
    sure = Sureness(alpha=_inside(address, "alpha", 0.05), power=_inside(address, "power", 0.8))
    control = _inside(address, "control_share", 0.5)
    found = [*_needed(address, base, sure), *_seen((base, customers, control), sure)]
    economics = _economics(address, base)
    if economics is None:
        return [*found, "For the break-even, fill in margin, value of an order and cost of a contact."]
    return [*found, *_pays(economics, (base, customers, control), sure)]


def _inside(address: Address, name: str, blank: float) -> float:
    """A share that is neither nothing nor all."""
    found = percent(address, name, blank)
    if not 0 < found < 1:
        raise Misasked(
            f"'{name}' must be more than 0 and less than 100 percent.", hint="Write 10 for 10 percent."
        )
    return found


def _needed(address: Address, base: float, sure: Sureness) -> list[str]:
    """How many customers a rise of the wanted size takes."""
    if not address.one("rise"):
        return []
    rise = real(address.one("rise"), "rise", blank=nan) / PERCENT
    if rise == 0 or not 0 <= base + rise <= 1:
        raise Misasked(
            "'rise' must be other than 0 and leave the rate between 0 and 100 percent.",
            hint="Write 0.6 for 0.6 points.",
        )
    needed = sample_size(base, base + rise, sure)
    if needed > MOST_CUSTOMERS:
        return ["So small a rise cannot be seen in any number of customers that a shop has."]
    return [
        f"To see a change of {points(rise)} from {PERCENT * base:g} %, each of two equal arms takes {plural(needed, 'customer')}."
    ]


def _seen(test: tuple[float, int, float], sure: Sureness) -> list[str]:
    """What a test in the whole segment can see."""
    base, customers, control = test
    found = smallest_effect(base, customers, control=control, sure=sure)
    if found is None:
        return [f"A test of {count(customers)} customers would see no rise at all."]
    among = f"A test of all {count(customers)} customers of the segment, {PERCENT * control:g} % of them as control,"
    return [f"{among} sees a rise of {points(found)} or more."]


def _economics(address: Address, base: float) -> Economics | None:
    """What a break-even rests on; None while something is not filled in."""
    if not all(address.one(name) for name in ("margin", "order_value", "contact_cost")):
        return None
    order = real(address.one("order_value"), "order_value", blank=nan)
    contact = real(address.one("contact_cost"), "contact_cost", blank=nan)
    if not order > 0 or contact < 0:
        raise Misasked(
            "An order is worth more than 0, and a contact costs 0 or more.", hint="Mend that field."
        )
    depth = percent(address, "depth", 0.0)
    return Economics(
        margin=_inside_or_all(address, "margin"),
        order_value=order,
        base_rate=base,
        contact_cost=contact,
        depth=depth,
        use=percent(address, "used", 1.0) if depth else 0.0,
    )


def _inside_or_all(address: Address, name: str) -> float:
    found = percent(address, name, nan)
    if not found > 0:
        raise Misasked(f"'{name}' must be more than 0 percent.", hint="Write 40 for 40 percent.")
    return found


def _pays(economics: Economics, test: tuple[float, int, float], sure: Sureness) -> list[str]:
    """From what rise on a contact pays, and whether a test in the segment can tell."""
    base, customers, control = test
    rise = break_even(economics)
    if rise is None:
        return [
            "It cannot pay: what is given away eats the margin, or not even every customer buying would be enough."
        ]
    if rise == 0:
        return ["It costs nothing, so every rise pays."]
    found = [
        f"It pays from a rise of {points(rise)} on: then {PERCENT * (base + rise):.3g} % buy instead of {PERCENT * base:g} %."
    ]
    seen = smallest_effect(base, customers, control=control, sure=sure)
    if too_small(seen, rise):
        return [
            *found,
            "The segment is too small to learn that: pool segments, run longer, or use a bigger contrast.",
        ]
    needed = sample_size(base, base + rise, sure)
    return [*found, f"To see just that rise, each of two equal arms takes {plural(needed, 'customer')}."]
