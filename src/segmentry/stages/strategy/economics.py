"""What must be true for a play to pay: exact arithmetic on what was given, and never a guess (METHOD 8.3)."""

from collections.abc import Mapping
from dataclasses import replace

from segmentry.records.strategy import Economics, Input, Terms


def break_even(economics: Economics) -> float | None:
    """The rise of the conversion rate from which on a contact pays: (p0 dl u + c / A) / (m - dl u).

    Args:
        economics: All of m, A, p0, c, dl and u.

    Returns:
        The rise as a share; None when the play cannot pay: what is given away eats the margin
        (m <= dl u), or not even every customer buying would be enough (p0 + rise > 1).

    >>> known = Economics(margin=0.4, order_value=50, base_rate=0.2, contact_cost=0, depth=0.15, use=1)
    >>> round(break_even(known), 4), round(break_even(replace(known, base_rate=0.03)), 4)
    (0.12, 0.018)
    >>> break_even(replace(known, depth=0.4)) is None
    True
    """
    m, a, p0, c, dl, u = _all(economics)
    left = m - dl * u
    if left <= 0:
        return None
    rise = (p0 * dl * u + c / a) / left
    return rise if p0 + rise <= 1 else None


def incremental_profit(economics: Economics, treated: float) -> float:
    """The profit that one contact adds when the treated customers' rate is p1: p1 A (m - dl u) - c - p0 A m.

    Args:
        economics: All of m, A, p0, c, dl and u.
        treated: The rate p1 that a test has measured, in [0, 1].

    >>> known = Economics(margin=0.4, order_value=50, base_rate=0.2, contact_cost=1, depth=0.15, use=1)
    >>> round(incremental_profit(known, 0.4), 2)
    0.0
    >>> round(incremental_profit(known, 0.2), 2)
    -2.5
    """
    m, a, p0, c, dl, u = _all(economics)
    return treated * a * (m - dl * u) - c - p0 * a * m


def weigh_play(terms: Terms, given: Mapping[Input, float | None]) -> Economics:
    """The economics of a play in one segment, as far as they were given.

    Args:
        terms: What the play says: which inputs it rests on, and how deep its discount may be.
        given: What the settings say, for this segment; what is not there was not given.

    >>> weigh_play(Terms(), {Input.MARGIN: 0.4}).missing
    (<Input.ORDER_VALUE: 'order_value'>, <Input.BASE_RATE: 'base_rate'>, <Input.CONTACT_COST: 'contact_cost'>)
    """
    needs = set(terms.inputs)
    missing = tuple(one for one in terms.inputs if given.get(one) is None)
    depth, use = given.get(Input.DISCOUNT_DEPTH), given.get(Input.DISCOUNT_USE)
    if Input.DISCOUNT_DEPTH not in needs:
        depth, use = 0.0, 0.0
    elif Input.DISCOUNT_USE not in needs:
        use = 1.0
    capped = depth is not None and terms.depth_max is not None and depth > terms.depth_max
    found = Economics(
        margin=given.get(Input.MARGIN),
        order_value=given.get(Input.ORDER_VALUE),
        base_rate=given.get(Input.BASE_RATE),
        contact_cost=given.get(Input.CONTACT_COST),
        depth=terms.depth_max if capped else depth,
        use=use,
        missing=missing,
        capped=capped,
    )
    if _eaten(found):
        return replace(found, never=True)
    if not complete(found):
        return found
    rise = break_even(found)
    return replace(found, break_even=rise, never=rise is None)


def complete(economics: Economics) -> bool:
    """Whether everything is known that a break-even rests on."""
    known = (
        economics.margin,
        economics.order_value,
        economics.base_rate,
        economics.contact_cost,
        economics.depth,
        economics.use,
    )
    return all(one is not None for one in known)


def _eaten(economics: Economics) -> bool:
    """Whether what is given away eats the whole margin: three numbers are enough to tell."""
    m, dl, u = economics.margin, economics.depth, economics.use
    return m is not None and dl is not None and u is not None and m <= dl * u


def _all(economics: Economics) -> tuple[float, float, float, float, float, float]:
    """The six numbers, which are known by now."""
    m, a, p0 = economics.margin, economics.order_value, economics.base_rate
    c, dl, u = economics.contact_cost, economics.depth, economics.use
    if m is None or a is None or p0 is None or c is None or dl is None or u is None:
        missing = "margin, order value, base rate, contact cost, depth and use"
        raise ValueError(f"A break-even needs {missing}.")
    return m, a, p0, c, dl, u
