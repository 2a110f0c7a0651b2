"""Reads the catalogs that ship with the package, or a person's own, in YAML."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from segmentry.edges.catalogs.line_numbers import CatalogEntry, Marked, entries, marked, read_marked
from segmentry.edges.catalogs.playbook import PlayEntry, playbook_schema
from segmentry.errors import UsageError, unknown
from segmentry.records.catalogs import (
    Archetype,
    Audience,
    ColumnLexicon,
    Level,
    PlaybookEntry,
    TraitWords,
    Vocabulary,
    words,
)
from segmentry.records.languages import Language, Languages, Phrase, plain_words, spellings

AskedLevel = Literal["low", "mid", "high"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
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
    loose: tuple[Words, ...] = ()

    def record(self) -> Vocabulary:
        return Vocabulary(anywhere=self.anywhere, whole=self.whole, unless=self.unless, loose=self.loose)


class _LexiconEntry(_Entry):
    fillers: tuple[Text, ...]
    traits: dict[str, _TraitEntry]
    play_traits: dict[str, _TraitEntry]
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


class _LanguageEntry(_Entry):
    compounds: bool
    noun_first: bool
    answers: tuple[tuple[Text, Text], ...] = Field(min_length=1)
    words: dict[str, tuple[Text, ...]]


LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pl", "pt", "tr")
"""English first; of languages that understand a header equally well, the first here reads it."""


@cache
def language_entry(code: str) -> _LanguageEntry:
    """The catalog of one language, checked."""
    source = _read(f"words/{code}", None)
    return CatalogEntry(source=source, keys=(), number=1).checked(_LanguageEntry)


def _language(code: str) -> Language:
    entry = language_entry(code)
    forms = {
        spelling: plain_words(meaning)
        for meaning, written in entry.words.items()
        for form in written
        for spelling in spellings(form)
    }
    return Language(
        code=code, forms=MappingProxyType(forms), compounds=entry.compounds, noun_first=entry.noun_first
    )


@cache
def languages() -> Languages:
    """Every language that headers are read in.

    >>> languages().read("Tage_seit_letztem_Kauf").words
    ('days', 'since', 'last', 'purchases')
    """
    english, *others = (_language(code) for code in LANGUAGES)
    catalogs = files("segmentry").joinpath("catalogs")
    known = set(catalogs.joinpath("words", "shared_with_english.txt").read_text(encoding="utf-8").split())
    known |= set(plain_words(catalogs.joinpath("columns.yaml").read_text(encoding="utf-8")))
    known |= {word for phrase in english.forms.values() for word in (*phrase, *words(" ".join(phrase)))}
    return Languages(english=english, others=tuple(others), known=frozenset(known))


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
    whole = CatalogEntry(source=_read("columns", path), keys=(), number=1)
    entry = whole.checked(_LexiconEntry)
    _refuse_shared_synonyms(entry, whole.source)
    return ColumnLexicon(
        traits=tuple(_trait_words(trait, one) for trait, one in entry.traits.items()),
        play_traits=tuple(_trait_words(trait, one) for trait, one in entry.play_traits.items()),
        fillers=frozenset(word for text in entry.fillers for word in words(text)),
        ids=entry.ids,
        weak_ids=entry.weak_ids,
        spoken=MappingProxyType(entry.spoken),
        trailing=MappingProxyType(entry.trailing),
        languages=languages(),
        answers=tuple(dict.fromkeys(pair for code in LANGUAGES for pair in language_entry(code).answers)),
        **{field: replace(getattr(entry, field).record(), languages=languages()) for field in VOCABULARIES},
    )


def archetypes(path: Path | None = None) -> tuple[Archetype, ...]:
    """The kinds of customer whose names a segment may be given.

    Args:
        path: A file of one's own (YAML); None for the catalog that ships with the package.

    Raises:
        UsageError: if the file cannot be read or an entry is wrong; it says on which line and how to
            mend it.

    >>> [one.name for one in archetypes()][:3]
    ['Bargain Hunters', 'High Spenders', 'Window Shoppers']
    """
    return _shipped_archetypes() if path is None else _archetypes(_read("archetypes", path))


@cache
def _shipped_archetypes() -> tuple[Archetype, ...]:
    return _archetypes(_read("archetypes", None))


def _archetypes(source: Marked) -> tuple[Archetype, ...]:
    listed = [(entry, entry.checked(_ArchetypeEntry)) for entry in entries(source, "archetypes")]
    _refuse_repeats([(place, one.name) for place, one in listed])
    for place, one in listed:
        for field in ("traits", "avoid_if", "at_most"):
            _refuse_unknown_traits(place, field, getattr(one, field), name_traits())
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
        for _, one in listed
    )


def playbook(path: Path | None = None) -> tuple[PlaybookEntry, ...]:
    """The plays, in order of priority: the first whose traits all hold is the one.

    Args:
        path: A file of one's own (YAML); None for the playbook that ships with the package.

    Raises:
        UsageError: if the file cannot be read or an entry is wrong; it says on which line and how to
            mend it.

    >>> playbook()[-1].when
    mappingproxy({})
    """
    return _shipped_playbook() if path is None else _playbook(_read("playbook", path))


@cache
def _shipped_playbook() -> tuple[PlaybookEntry, ...]:
    return _playbook(_read("playbook", None))


def _playbook(source: Marked) -> tuple[PlaybookEntry, ...]:
    listed = [(entry, entry.checked(PlayEntry)) for entry in entries(source, "plays")]
    _refuse_repeats([(place, one.id) for place, one in listed])
    for place, one in listed:
        for field in ("when", "at_least", "at_most", "at_most_days"):
            _refuse_unknown_traits(place, field, getattr(one, field), play_traits())
    for audience in Audience:
        _refuse_missing_last_resort(
            [one for _, one in listed if one.audience is audience], audience, source.file
        )
    return tuple(one.record() for _, one in listed)


def name_traits() -> tuple[str, ...]:
    """Every trait that a name may speak of."""
    return tuple(trait.trait for trait in column_lexicon().traits)


def play_traits() -> tuple[str, ...]:
    """Every trait that a play may ask for."""
    return (*name_traits(), *(trait.trait for trait in column_lexicon().play_traits))


def shipped_texts() -> tuple[str, str, str]:
    """The playbook and the archetypes that ship with the package, to be changed, and the playbook's schema."""
    plays, kinds = (
        files("segmentry").joinpath("catalogs", f"{name}.yaml").read_text(encoding="utf-8")
        for name in ("playbook", "archetypes")
    )
    return (
        f"# yaml-language-server: $schema=playbook.schema.json\n{plays}",
        kinds,
        playbook_schema(play_traits()),
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


def _read(catalog: str, path: Path | None) -> Marked:
    """A catalog that ships with the package, or a person's own."""
    shipped = f"{catalog}.yaml"
    if path is not None:
        return read_marked(path, like=shipped)
    text = files("segmentry").joinpath("catalogs", shipped).read_text(encoding="utf-8")
    return marked(text, shipped)


def _refuse_repeats(listed: list[tuple[CatalogEntry, str]]) -> None:
    """Two entries of one name, however it is written."""
    first: dict[str, CatalogEntry] = {}
    for place, name in listed:
        earlier = first.setdefault(name.strip().casefold(), place)
        if earlier is not place:
            raise UsageError(
                f"{place.place()} is there twice, first on line {earlier.source.line(earlier.keys)}.",
                hint="Rename or remove one of the two.",
            )


def _refuse_unknown_traits(
    place: CatalogEntry, field: str, traits: Mapping[str, object], known: tuple[str, ...]
) -> None:
    for trait in traits:
        if trait not in known:
            wrong = unknown("trait", trait, known)
            raise UsageError(
                f"{place.place(field, trait)}: {wrong.what[:1].lower()}{wrong.what[1:]}", hint=wrong.hint
            )


def _refuse_undefined(entry: _ArchetypeEntry, place: CatalogEntry) -> None:
    for trait in entry.defining:
        if trait not in entry.traits:
            raise UsageError(
                f"{place.place('defining')}: the defining trait '{trait}' is not among its traits.",
                hint=f"Give it a level under 'traits', or take it out of 'defining'. "
                f"Its traits are: {', '.join(entry.traits)}.",
            )
        if entry.traits[trait] == "mid":
            raise UsageError(
                f"{place.place('traits', trait)}: the defining trait '{trait}' is mid, which points no way.",
                hint="Make it low or high, or take it out of 'defining'.",
            )


def _refuse_unkind(entry: _ArchetypeEntry, place: CatalogEntry) -> None:
    """Nobody should mind reading what they are called, or be called after what they are."""
    lexicon = column_lexicon()
    for field in ("name", "one_liner"):
        text = getattr(entry, field)
        if phrase := lexicon.unkind.find(text) or lexicon.protected.find(text):
            raise UsageError(
                f"{place.place(field)}: '{phrase}' is no word to call customers by.",
                hint="Name what they do, not what they are.",
            )


def _refuse_missing_last_resort(entries: list[PlayEntry], audience: Audience, name: str) -> None:
    if not entries or entries[-1].when or any(not entry.when for entry in entries[:-1]):
        message = (
            f"{name}: the last play for '{audience}', and only that one, must need no trait (when: {{}})."
        )
        raise UsageError(message, hint="Without it some segment would have no play at all.")


def _refuse_shared_synonyms(entry: _LexiconEntry, source: Marked) -> None:
    owner: dict[Phrase, str] = {}
    for trait, one in entry.traits.items():
        for phrase in {*one.synonyms, *one.opposites, *one.proxies}:
            if owner.setdefault(phrase, trait) != trait:
                raise UsageError(
                    f"{source.place(('traits', trait))}, trait '{trait}': '{' '.join(phrase)}' is also a name "
                    f"of '{owner[phrase]}'.",
                    hint="Leave it under one of the two.",
                )
