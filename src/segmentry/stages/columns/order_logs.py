"""Recognising a log of orders by what its columns do: customers that repeat beside dates and amounts."""

from collections.abc import Sequence

import numpy as np

from segmentry.errors import DataError
from segmentry.records.arrays import Floats
from segmentry.records.catalogs import ColumnFacts
from segmentry.records.columns import Column, Kind, Role
from segmentry.records.languages import plain_words

LOG_ROWS_PER_CUSTOMER = 1.2
"""Rows a customer from which a table with dates is a log of orders, not a table of customers."""

FEWEST_CUSTOMERS = 20
"""Different values below which a repeating column names a city or a plan rather than customers."""

HALF = 0.5
"""In a log that is sorted by customer and day, the day falls at this share of the customers' beginnings at least."""

NUMBERING = {"id", "no", "nr", "num", "number", "nummer", "code", "key", "ref", "numero"}
"""Words beside the one that says who is numbered."""

CUSTOMERS = (
    "cust", "client", "kund", "klant", "klient", "member", "mitglied", "user", "buyer", "guest", "gast", "abonn",
    "patient", "donor", "masterid", "musteri", "müşteri", "acheteur", "comprador", "socio", "account", "konto", "household",
)  # fmt: skip
"""Beginnings of words for a customer, in the languages of the catalog."""

ORDERS = (
    "order", "invoice", "transaction", "receipt", "ticket", "bestell", "rechnung", "beleg", "commande", "facture",
    "pedido", "factura", "ordine", "fattura", "zamowien", "faktur", "siparis", "sipariş",
)  # fmt: skip
"""Beginnings of words for an order."""


def refuse_order_log(columns: Sequence[Column], facts: Sequence[ColumnFacts], days: Sequence[Floats]) -> None:
    """Recognise a log of orders.

    Args:
        columns: The columns with their roles.
        facts: What is known of each.
        days: The days of each date column.

    Raises:
        DataError: saying what it is and what to do with it.
    """
    dates = [column.name for column in columns if column.format.kind is Kind.DATE]
    if not dates:
        return
    own = next((column.name for column in columns if column.role is Role.ID), "")
    for fact in facts:
        if _repeats(fact) and (fact.name == own or _is_customer(fact, own, days)):
            raise _log(fact, dates[0])


def _repeats(fact: ColumnFacts) -> bool:
    return fact.rows - fact.missing >= LOG_ROWS_PER_CUSTOMER * max(fact.distinct, 1)


def _is_customer(fact: ColumnFacts, own: str, days: Sequence[Floats]) -> bool:
    """Whether a column that is not the id names customers: by its name, or by dates that begin anew with each value."""
    whole = fact.format.kind is Kind.TEXT or (fact.format.kind is Kind.NUMBER and fact.integer)
    if not whole or fact.distinct < FEWEST_CUSTOMERS or _says(own, CUSTOMERS):
        return False
    named = _says(fact.name, CUSTOMERS) and (not own or _says(own, ORDERS))
    return named or (not own and fact.in_blocks and any(_begins_anew(day, fact) for day in days))


def _says(name: str, beginnings: tuple[str, ...]) -> bool:
    """Whether a name is one of some words and nothing else but that it is a number or a code."""
    said = [word for word in plain_words(name) if word not in NUMBERING]
    return bool(said) and all(word.startswith(beginnings) for word in said)


def _begins_anew(days: Floats, fact: ColumnFacts) -> bool:
    """Whether days only rise, but for where the next customer begins: there they mostly fall."""
    falls = int((np.diff(days[~np.isnan(days)]) < 0).sum())
    return HALF * fact.distinct <= falls <= fact.distinct


def _log(fact: ColumnFacts, date: str) -> DataError:
    return DataError(
        f"This looks like an order log, not a customer table: '{fact.name}' repeats ({fact.rows - fact.missing:,} rows, "
        f"{fact.distinct:,} customers) and '{date}' dates every row.",
        hint=(
            "A run takes one row per customer. Add the orders up first: days since the last order, "
            "number of orders and average order value for each customer."
        ),
    )
