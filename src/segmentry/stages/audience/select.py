"""Who of a segment is on the list: every customer is listed or has one reason for not being."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import DataError, UsageError, listed, shortened, unknown
from segmentry.records.arrays import Floats, Texts
from segmentry.records.audience import (
    Audience,
    Contacts,
    Control,
    Exclusion,
    Field,
    Platform,
    Slot,
    Treatment,
    Wanted,
)
from segmentry.records.rounding import rounded
from segmentry.stages.audience import forms

YES = frozenset(
    {
        *("1", "true", "t", "yes", "y", "granted", "accepted", "allowed", "consented"),
        *("opt-in", "opt in", "opted in", "opted-in", "subscribe", "subscribed"),
    }
)
"""Answers that give consent; everything else, an empty cell included, does not."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """The n customers of a segment, or of all segments.

    Attributes:
        of: What they are customers of, in words: the segment's name, or ``all segments``.
        ids: Their ids.
        id_name: What the id is called.
        segments: The name of the segment of each.
        runners_up: The name of the second-nearest segment of each; None where there is none.
        confidence: How sure each placement is.
        levels: The same in words: high, medium, low.
        out_of_range: Who is unlike all customers that the model was made from.
        held_out: Who gets no campaign at all.
        control: Who is in the control group of this campaign.
    """

    of: str
    ids: Texts
    id_name: str
    segments: Texts
    runners_up: Texts
    confidence: Floats
    levels: NDArray[np.str_]
    out_of_range: Mask
    held_out: Mask
    control: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is to be drawn up, and for which platform."""

    wanted: Wanted
    platform: Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """The columns of a list in the platform's form.

    Attributes:
        columns: A value for every customer of the segment.
        blanks: How many values of each kind could not be used.
        basis: What allows the customers to be contacted, in words.
    """

    columns: Mapping[str, Texts]
    blanks: Mapping[str, int]
    basis: str


class _Sieve:
    """Who is still on the list; everybody who falls through is counted with the first reason."""

    def __init__(self, customers: int) -> None:
        self.on: Mask = np.ones(customers, dtype=bool)
        self.exclusions: list[Exclusion] = []

    def drop(self, gone: Mask, reason: str) -> None:
        """Take those off the list who are still on it."""
        now = self.on & gone
        if now.any():
            self.exclusions.append(Exclusion(reason=reason, customers=int(now.sum())))
            self.on = self.on & ~gone


def draw_up(member: Member, wanted: Wanted, platform: Platform, contacts: Contacts | None) -> Audience:
    """Draw up the list of one segment for one platform.

    Args:
        member: The customers of the segment.
        wanted: Who is wanted, and how.
        platform: How the platform wants its list.
        contacts: How customers can be reached; needed by every platform but ``csv``.

    Returns:
        The audience; its exclusions and its list add up to the segment.

    Raises:
        UsageError: when an option does not fit the platform, or consent cannot be shown.
        DataError: when the segment is empty or the contacts hold nothing that the platform takes.
    """
    if not len(member.ids):
        raise DataError(
            f"'{shortened(member.of)}' has no customers.",
            hint="Export a segment that has some, or --segment all.",
        )
    order = _Order(wanted=wanted, platform=platform)
    _refuse_marking(wanted, platform)
    sieve = _Sieve(len(member.ids))
    _sift_placement(sieve, member, wanted)
    if contacts is None:
        _refuse_unreachable(platform)
        filled = _Filled(columns=_described(member, wanted), blanks={}, basis="")
        return _audience(member, order, sieve, filled)
    slots = _slots(contacts, platform)
    rows = _rows(member, contacts)
    sieve.drop(rows < 0, "no row in the contacts")
    place = np.maximum(rows, 0)
    filled = _filled(sieve, contacts, place, order, slots)
    described = {} if platform.advertises else _described(member, wanted)
    columns = {**described, **filled.columns} if platform.name == "csv" else {**filled.columns, **described}
    return _audience(member, order, sieve, replace(filled, columns=columns), repeats=contacts.repeats)


def _refuse_marking(wanted: Wanted, platform: Platform) -> None:
    if platform.advertises and wanted.control is Control.MARK:
        raise UsageError(
            f"A control group cannot be marked for {platform.title}: it would see the advertisements.",
            hint="Leave it out: --control leave-out.",
        )


def _refuse_unreachable(platform: Platform) -> None:
    if platform.name != "csv":
        raise UsageError(
            f"{platform.title} finds people by e-mail or telephone, and a run keeps neither.",
            hint="Give the file that has them: --contacts customers.csv.",
        )


def _sift_placement(sieve: _Sieve, member: Member, wanted: Wanted) -> None:
    suppressed = np.array([one in wanted.suppressed for one in member.ids], dtype=bool)
    sieve.drop(suppressed, "on the suppression list")
    if wanted.control is not None:
        sieve.drop(member.held_out, "in the hold-out of all campaigns")
    if wanted.control is Control.LEAVE_OUT:
        sieve.drop(member.control, "in the control group")
    if wanted.sure:
        sieve.drop(member.levels == "low", "placed with low confidence")
    if wanted.alike:
        sieve.drop(member.out_of_range, "unlike the customers that the model was made from")


def _rows(member: Member, contacts: Contacts) -> NDArray[np.int64]:
    """The row of each customer in the contacts; -1 where there is none."""
    rows = {one: row for row, one in enumerate(contacts.ids)}
    place = np.array([rows.get(one, -1) for one in member.ids], dtype=np.int64)
    if not (place >= 0).any():
        raise DataError(
            f"No customer of '{shortened(member.of)}' has a row in '{shortened(contacts.source)}'.",
            hint="The ids must be those of the run: name their column with --contacts-id.",
        )
    return place


def _sift_consent(sieve: _Sieve, contacts: Contacts, place: NDArray[np.int64], order: _Order) -> str:
    """Take off who did not consent; in words, what allows the rest.

    Raises:
        UsageError: when an advertising platform is to be sent people whose consent no column shows.
    """
    wanted, platform = order.wanted, order.platform
    columns = _consent_columns(contacts, wanted, platform)
    for name in columns:
        answers = contacts.columns[name][place]
        agreed = np.array(
            [answer is not None and str(answer).strip().lower() in YES for answer in answers], dtype=bool
        )
        sieve.drop(~agreed, f"no consent in '{name}'")
    if columns:
        shown = f"consent in {listed(columns)}"
        return f"{shown}; {wanted.legal_basis}" if wanted.legal_basis else shown
    if platform.advertises and not wanted.legal_basis:
        needed = " and ".join(consent[0] for consent in platform.consents)
        raise UsageError(
            f"'{shortened(contacts.source)}' does not say who agreed that their data go to {platform.title}.",
            hint=(
                f"Add the columns {needed}, name another with --consent, or state the legal basis that you "
                'rely on: --legal-basis "...". It is written into the manifest.'
            ),
        )
    return wanted.legal_basis


def _consent_columns(contacts: Contacts, wanted: Wanted, platform: Platform) -> tuple[str, ...]:
    """The columns that show consent: those that were named, or those that the platform knows by name."""
    if wanted.consent:
        return tuple(column_named(one, contacts.columns) for one in wanted.consent)
    plain = {_plain(name): name for name in contacts.columns}
    known = [next((plain[one] for one in names if one in plain), None) for names in platform.consents]
    there = tuple(one for one in known if one is not None)
    if there and None in known and not wanted.legal_basis:
        lacking = [names[0] for names, one in zip(platform.consents, known, strict=True) if one is None]
        raise UsageError(
            f"'{shortened(contacts.source)}' has {listed(there)} but not {listed(lacking)}, "
            f"which {platform.title} needs too.",
            hint='Add it, or say what else you rely on: --legal-basis "...".',
        )
    return there


def _plain(name: str) -> str:
    return "_".join("".join(one if one.isalnum() else " " for one in name.lower()).split())


def column_named(asked: str, columns: Mapping[str, Texts]) -> str:
    """A column of the contacts, whatever its case and outer spaces.

    Raises:
        UsageError: naming the columns that there are, and the nearest one.
    """
    alike = [name for name in columns if name.strip().casefold() == asked.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    raise unknown("column of the contacts", asked, columns)


def _filled(
    sieve: _Sieve,
    contacts: Contacts,
    place: NDArray[np.int64],
    order: _Order,
    slots: Sequence[Slot],
) -> _Filled:
    """The columns in the platform's form; who did not consent or cannot be found by any of them is taken off."""
    basis = _sift_consent(sieve, contacts, place, order)
    wanted, platform = order.wanted, order.platform
    columns: dict[str, Texts] = {}
    blanks: dict[str, int] = {}
    given = np.zeros(len(place), dtype=bool)
    for slot in slots:
        texts = contacts.columns[contacts.fields[slot.field]][place]
        values = np.array([_value(slot, text, wanted.country) for text in texts], dtype=object)
        columns[slot.header] = values
        there = np.array([bool(text and str(text).strip()) for text in texts], dtype=bool)
        given |= there if slot in platform.keys else False
        if unusable := int((sieve.on & there & (values == "")).sum()):
            blanks[_what(slot)] = unusable
    keys = [columns[one.header] for one in slots if one in platform.keys]
    if platform.advertises or keys:
        reachable = np.logical_or.reduce([np.asarray(values != "", dtype=bool) for values in keys])
        sieve.drop(~given, "no e-mail or telephone number")
        sieve.drop(~reachable, "no usable e-mail or telephone number")
        sieve.drop(_again(keys, sieve.on), "the same contact as a customer already listed")
    return _Filled(columns=columns, blanks=blanks, basis=basis)


def _slots(contacts: Contacts, platform: Platform) -> list[Slot]:
    """The platform's columns that the contacts can fill.

    Raises:
        DataError: when there is none by which people are found.
    """
    there = [slot for slot in platform.slots if slot.field in contacts.fields]
    if not any(one in platform.keys for one in there) and platform.name != "csv":
        raise DataError(
            f"No column of '{shortened(contacts.source)}' is an e-mail address or a telephone number: "
            f"it has {listed(list(contacts.columns))}.",
            hint="Name the column with --email or --phone.",
        )
    headers = {one.header for one in there}
    whole = set(platform.together) <= headers
    return [one for one in there if whole or one.header not in platform.together]


def _value(slot: Slot, text: object, country: str | None) -> str:
    """One value in the platform's form; empty where there is none, so that nothing empty is ever hashed."""
    given = str(text).strip() if text is not None else ""
    if not given:
        return ""
    if forms.is_hashed(given):
        return given.lower() if slot.treatment is Treatment.HASHED else ""
    form = slot.form(given, country)
    if not form:
        return ""
    return forms.hashed(form) if slot.treatment is Treatment.HASHED else form


def _what(slot: Slot) -> str:
    words = {
        Field.EMAIL: "e-mail addresses that are none",
        Field.PHONE: "telephone numbers that cannot be read (without a country code they need --country)",
    }
    return words.get(slot.field, f"{slot.field.value.replace('_', ' ')}s that cannot be used")


def _again(keys: Sequence[Texts], on: Mask) -> Mask:
    """Who has every contact in common with a customer who stands earlier on the list."""
    seen: set[tuple[str, ...]] = set()
    again = np.zeros(len(on), dtype=bool)
    for row in np.flatnonzero(on):
        key = tuple(str(one[row]) for one in keys)
        again[row] = key in seen
        seen.add(key)
    return again


def _described(member: Member, wanted: Wanted) -> dict[str, Texts]:
    """Who the customers are and where they were placed, for lists that stay in the house."""
    columns: dict[str, Texts] = {
        member.id_name: member.ids,
        "segment": member.segments,
        "confidence": np.array([f"{one:.12g}" for one in rounded(member.confidence)], dtype=object),
        "confidence_level": member.levels.astype(object),
        "runner_up": np.array([one or "" for one in member.runners_up], dtype=object),
    }
    if wanted.control is Control.MARK:
        columns["group"] = np.where(member.control, "control", "treated").astype(object)
    return columns


def _audience(member: Member, order: _Order, sieve: _Sieve, filled: _Filled, *, repeats: int = 0) -> Audience:
    wanted, platform, columns = order.wanted, order.platform, filled.columns
    kept = np.flatnonzero(sieve.on)
    if platform.advertises:
        kept = kept[
            np.argsort(
                [" ".join(str(column[row]) for column in columns.values()) for row in kept], kind="stable"
            )
        ]
    return Audience(
        segment=member.of,
        platform=platform.name,
        profile=f"{platform.version}, sources looked at on {platform.dated}",
        columns={name: values[kept] for name, values in columns.items()},
        customers=len(member.ids),
        exclusions=tuple(sieve.exclusions),
        control=int(member.control[kept].sum()) if wanted.control is Control.MARK else 0,
        left_blank=dict(filled.blanks),
        warnings=tuple(_warnings(len(kept), wanted, platform, repeats)),
        basis=filled.basis,
    )


def _warnings(rows: int, wanted: Wanted, platform: Platform, repeats: int) -> Iterator[str]:
    for smallest, what in platform.smallest:
        if rows < smallest:
            yield (
                f"{rows:,} row{'s' * (rows != 1)} are fewer than the {smallest:,} that {platform.title} asks for "
                f"({what}), and not everyone will be matched."
            )
    if not rows:
        yield "Nobody is left on the list."
    if wanted.control is None:
        yield "There is no control group, so nobody will know what sending this changed: see --control."
    if repeats:
        yield f"{repeats:,} row{'s' * (repeats != 1)} of the contacts repeat an id and were passed over."
    if platform.advertises:
        yield "Hashed addresses and numbers are pseudonymised, not anonymous: treat the file as personal data."
