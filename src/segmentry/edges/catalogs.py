"""Reads the YAML catalogs that ship with the package, or a person's own copies of them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from segmentry.errors import UsageError, reason
from segmentry.records.catalog import (
    Archetype,
    Audience,
    ColumnLexicon,
    Level,
    Phrase,
    PlaybookEntry,
    TraitWords,
    Vocabulary,
    words,
)

T = TypeVar("T")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader written in C where there is one: it is ten times faster."""

AskedLevel = Literal["low", "mid", "high"]
Text = Annotated[str, Field(min_length=1)]
Words = Annotated[Phrase, BeforeValidator(lambda value: words(value) if isinstance(value, str) else value)]


class _Entry(BaseModel):
    """What all entries have in common: an unknown key is a slip, not an extra."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _TraitEntry(_Entry):
    noun: Text
    high: Text
    low: Text
    orientation: Literal["direct", "reversed"] = "direct"
    synonyms: tuple[Words, ...] = Field(min_length=1)
    opposites: tuple[Words, ...] = ()
    proxies: tuple[Words, ...] = ()


class _VocabularyEntry(_Entry):
    anywhere: tuple[Words, ...] = ()
    whole: tuple[Words, ...] = ()
    unless: tuple[Words, ...] = ()

    def record(self) -> Vocabulary:
        return Vocabulary(anywhere=self.anywhere, whole=self.whole, unless=self.unless)


class _LexiconEntry(_Entry):
    fillers: tuple[Text, ...]
    traits: dict[str, _TraitEntry]
    ids: tuple[Words, ...]
    weak_ids: tuple[Words, ...]
    labels: _VocabularyEntry
    protected: _VocabularyEntry
    personal: _VocabularyEntry
    outcomes: _VocabularyEntry
    bookkeeping: _VocabularyEntry
    descriptors: _VocabularyEntry
    codes: _VocabularyEntry
    counts: _VocabularyEntry
    shares: _VocabularyEntry
    measures: _VocabularyEntry
    money: _VocabularyEntry
    unkind: _VocabularyEntry
    spoken: dict[str, str]
    trailing: dict[str, str]


class _ArchetypeEntry(_Entry):
    name: Text
    traits: dict[str, AskedLevel] = Field(min_length=2)
    defining: tuple[str, ...] = Field(min_length=1)
    one_liner: Text
    avoid_if: dict[str, Level] = Field(default_factory=dict)
    at_most: dict[str, float] = Field(default_factory=dict)
    by_rule: bool = False


class _PlayEntry(_Entry):
    id: Text
    audience: Audience = Audience.SEGMENT
    when: dict[str, AskedLevel]
    objective: Text
    hypothesis: Text
    offer: Text
    channel: tuple[Text, ...] = Field(min_length=1)
    message: Text
    do: Text
    dont: Text
    guardrails: tuple[Text, ...] = Field(min_length=1)
    suppressions: tuple[Text, ...] = Field(min_length=1)
    kpi: Text
    evidence: Literal["untested"] = "untested"


VOCABULARIES = (
    "labels",
    "protected",
    "personal",
    "outcomes",
    "bookkeeping",
    "descriptors",
    "codes",
    "counts",
    "shares",
    "measures",
    "money",
    "unkind",
)


@cache
def column_lexicon(path: Path | None = None) -> ColumnLexicon:
    """What the names of columns say about them.

    Args:
        path: A file of one's own; None for the lexicon that ships with the package.

    Raises:
        UsageError: if the file cannot be read or an entry is wrong; it says which and how to mend it.

    >>> column_lexicon().tokens("discount_counts")
    ('discount',)
    """
    name, raw = _read("columns", path)
    entry = _checked(TypeAdapter(_LexiconEntry), raw, name)
    _refuse_shared_synonyms(entry, name)
    return ColumnLexicon(
        traits=tuple(_trait_words(trait, one) for trait, one in entry.traits.items()),
        fillers=frozenset(word for text in entry.fillers for word in words(text)),
        ids=entry.ids,
        weak_ids=entry.weak_ids,
        spoken=MappingProxyType(entry.spoken),
        trailing=MappingProxyType(entry.trailing),
        **{field: getattr(entry, field).record() for field in VOCABULARIES},
    )


@cache
def archetypes(path: Path | None = None) -> tuple[Archetype, ...]:
    """The kinds of customer whose names a segment may be given.

    Args:
        path: A file of one's own; None for the catalog that ships with the package.

    Raises:
        UsageError: if the file cannot be read or an entry is wrong; it says which and how to mend it.

    >>> [one.name for one in archetypes()][:3]
    ['Bargain Hunters', 'High Spenders', 'Window Shoppers']
    """
    name, raw = _read("archetypes", path)
    entries = [
        _checked(TypeAdapter(_ArchetypeEntry), one, _place(name, one, at)) for at, one in _listed(raw, name)
    ]
    _refuse_repeats([one.name.casefold() for one in entries], name)
    for one in entries:
        place = f"{name}, entry '{one.name}'"
        _refuse_unknown_traits((*one.traits, *one.avoid_if, *one.at_most), place)
        _refuse_undefined(one, place)
        _refuse_unkind(one, place)
    return tuple(
        Archetype(
            name=one.name,
            traits=_levels(one.traits),
            defining=one.defining,
            one_liner=one.one_liner,
            avoid_if=_levels(one.avoid_if),
            at_most=MappingProxyType(one.at_most),
            by_rule=one.by_rule,
        )
        for one in entries
    )


@cache
def playbook(path: Path | None = None) -> tuple[PlaybookEntry, ...]:
    """The plays, in order of priority: the first whose traits all hold is the one.

    Args:
        path: A file of one's own; None for the playbook that ships with the package.

    Raises:
        UsageError: if the file cannot be read or an entry is wrong; it says which and how to mend it.

    >>> playbook()[-1].when
    mappingproxy({})
    """
    name, raw = _read("playbook", path)
    entries = [
        _checked(TypeAdapter(_PlayEntry), one, _place(name, one, at)) for at, one in _listed(raw, name)
    ]
    _refuse_repeats([one.id for one in entries], name)
    for one in entries:
        _refuse_unknown_traits(one.when, f"{name}, entry '{one.id}'")
    for audience in Audience:
        _refuse_missing_last_resort([one for one in entries if one.audience is audience], audience, name)
    return tuple(
        PlaybookEntry(**{**one.model_dump(exclude={"when"}), "when": _levels(one.when)}) for one in entries
    )


def _trait_words(trait: str, entry: _TraitEntry) -> TraitWords:
    return TraitWords(
        trait=trait,
        noun=entry.noun,
        high=entry.high,
        low=entry.low,
        sign=-1 if entry.orientation == "reversed" else 1,
        synonyms=entry.synonyms,
        opposites=entry.opposites,
        proxies=entry.proxies,
    )


def _levels(levels: Mapping[str, str]) -> Mapping[str, Level]:
    return MappingProxyType({trait: Level(level) for trait, level in levels.items()})


def _read(catalog: str, path: Path | None) -> tuple[str, object]:
    """The file's name and what it holds."""
    shipped = f"{catalog}.yaml"
    if path is None:
        text = files("segmentry").joinpath("catalogs", shipped).read_text(encoding="utf-8")
        return shipped, yaml.load(text, LOADER)  # noqa: S506 - a safe loader
    try:
        return path.name, yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError) as error:
        message = f"The catalog '{path}' cannot be read: {reason(error)}."
        raise UsageError(
            message, hint=f"Start from a copy of the {shipped} that ships with segmentry."
        ) from error
    except yaml.YAMLError as error:
        message = f"The catalog '{path.name}' is not valid YAML: {' '.join(str(error).split())}."
        raise UsageError(message, hint="Check the indentation and the quotes near that line.") from error


def _listed(raw: object, name: str) -> list[tuple[int, object]]:
    if not isinstance(raw, list) or not raw:
        raise UsageError(
            f"The catalog '{name}' is not a list of entries.", hint="Begin each entry with '- '."
        )
    return list(enumerate(raw, start=1))


def _place(name: str, entry: object, number: int) -> str:
    """Where an entry stands, by its own name when it has one."""
    named = entry.get("name", entry.get("id")) if isinstance(entry, dict) else None
    return f"{name}, entry '{named}'" if named else f"{name}, entry {number}"


def _checked(adapter: TypeAdapter[T], raw: object, place: str) -> T:
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole of it"
        given = f" (it is {first['input']!r})" if not isinstance(first["input"], dict) else ""
        message = f"{place}: '{where}' is wrong{given}."
        raise UsageError(message, hint=f"{_advice(first['type'], first['msg'])}") from error


def _advice(kind: str, message: str) -> str:
    known = {
        "missing": "Add it.",
        "extra_forbidden": "No such key is known: check its spelling, or remove it.",
    }
    return known.get(kind, f"{message}.")


def _refuse_repeats(names: list[str], file: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"{file}, entry '{name}' is there twice.", hint="Rename or remove one of the two."
            )


def _refuse_unknown_traits(traits: tuple[str, ...] | Mapping[str, str], place: str) -> None:
    known = [one.trait for one in column_lexicon().traits]
    for trait in traits:
        if trait not in known:
            raise UsageError(
                f"{place}: no trait is called '{trait}'.", hint=f"There are: {', '.join(known)}."
            )


def _refuse_undefined(entry: _ArchetypeEntry, place: str) -> None:
    for trait in entry.defining:
        if entry.traits.get(trait, "mid") == "mid":
            message = f"{place}: the defining trait '{trait}' is not low or high among its traits."
            raise UsageError(message, hint="Give it a level under 'traits', or take it out of 'defining'.")


def _refuse_unkind(entry: _ArchetypeEntry, place: str) -> None:
    """Nobody should mind reading what they are called, or be called after what they are."""
    lexicon = column_lexicon()
    for text in (entry.name, entry.one_liner):
        if phrase := lexicon.unkind.find(text) or lexicon.protected.find(text):
            message = f"{place}: '{phrase}' is no word to call customers by."
            raise UsageError(message, hint="Name what they do, not what they are.")


def _refuse_missing_last_resort(entries: list[_PlayEntry], audience: Audience, name: str) -> None:
    if not entries or entries[-1].when or any(not one.when for one in entries[:-1]):
        message = (
            f"{name}: the last play for '{audience}', and only that one, must need no trait (when: {{}})."
        )
        raise UsageError(message, hint="Without it some segment would have no play at all.")


def _refuse_shared_synonyms(entry: _LexiconEntry, name: str) -> None:
    owner: dict[Phrase, str] = {}
    for trait, one in entry.traits.items():
        for phrase in {*one.synonyms, *one.opposites, *one.proxies}:
            if owner.setdefault(phrase, trait) != trait:
                message = (
                    f"{name}, entry '{trait}': '{' '.join(phrase)}' is also a name of '{owner[phrase]}'."
                )
                raise UsageError(message, hint="Leave it under one of the two.")
