"""The words of a header in English, whatever language it is written in, so that one list says what they mean."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Phrase: TypeAlias = tuple[str, ...]
"""A few words as ``words`` gives them."""

LONGEST_PHRASE = 4
"""Words of the longest phrase that is looked up: "chiffre d affaires", "etat civil"."""

TELLING = 3
"""Letters of the shortest word that shows which language a header is in: "ad" and "il" are words in many."""

PART = 3
"""Letters of the shortest part of a word that is written together: "rabattanteil"."""

JOINTS = ("", "s", "n", "en", "e", "es")
"""What stands between the parts of such a word."""

LEADING = frozenset({"average", "total", "number", "last", "first", "monthly", "annual", "maximum"})
"""Words that come before the noun in English."""

LINKING = frozenset({"since", "per", "in", "days", "months", "weeks", "years"})
"""Words at which the order of what a language says begins anew."""

_BRACKETED = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[\W_]+")
_WINDOW = re.compile(r"(\d+)(days?|d|tage?|jours?|dias?|giorni|dagen|dni|gun|w|wk|m|mo|months?|y|yr|years?)")
"""A number of days, weeks, months or years written as one word: ``orders_30d``."""

_UNITS = {"d": "days", "w": "weeks", "m": "months", "mo": "months", "y": "years"}
_PLAIN_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "đ": "d", "ß": "ss"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SHORTEST_PLURAL = 4
"""Words shorter than this are never plurals: "gas", "is"."""


def singular(word: str) -> str:
    """An English word without the sign of the plural.

    >>> singular("categories"), singular("orders"), singular("gas")
    ('category', 'order', 'gas')
    """
    if len(word) < _SHORTEST_PLURAL or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > _SHORTEST_PLURAL else word[:-1]


def plain_words(name: str) -> Phrase:
    """The words of a column's name as they stand, lower-case.

    >>> plain_words("MntWines"), plain_words("Spending Score (1-100)")
    (('mnt', 'wines'), ('spending', 'score'))
    """
    plain = unicodedata.normalize("NFKC", name)
    return _split(_BRACKETED.sub(" ", plain)) or _split(plain)


def _split(text: str) -> Phrase:
    return tuple(part for part in _BETWEEN.split(_HUMP.sub(" ", text).casefold()) if part)


def without_accents(text: str) -> str:
    """Text in plain letters.

    >>> without_accents("Antigüedad"), without_accents("średnia wartość")
    ('Antiguedad', 'srednia wartosc')
    """
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN_LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def spellings(form: str) -> set[Phrase]:
    """A word or phrase as headers write it: without accents, umlauts as one letter or as two.

    >>> sorted(spellings("Umsätze"))
    [('umsaetze',), ('umsatze',)]
    """
    lower = unicodedata.normalize("NFC", form).casefold()
    return {_split(without_accents(text)) for text in (lower, lower.translate(_UMLAUTS))}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """How headers are written in one language.

    Attributes:
        code: Its two letters.
        forms: What each word or phrase means, in English words.
        compounds: Whether words are written together.
        noun_first: Whether a noun comes before what describes it.
    """

    code: str
    forms: Mapping[Phrase, Phrase]
    compounds: bool = False
    noun_first: bool = False

    def parts(self, word: str) -> Phrase | None:
        """The meaning of a word that is written together; None for any other.

        >>> words = {("rabatt",): ("discount",), ("anteil",): ("share",)}
        >>> Language(code="de", forms=words, compounds=True).parts("rabattanteil")
        ('discount', 'share')
        """
        if known := self.forms.get((word,)):
            return known
        for at in range(len(word) - PART, PART - 1, -1):
            first = self._joined(word[:at])
            rest = self.parts(word[at:]) if self.compounds and first else None
            if first and rest:
                return (*first, *rest)
        return None

    def _joined(self, start: str) -> Phrase | None:
        stems = (start.removesuffix(joint) for joint in JOINTS if start.endswith(joint))
        return next(
            (self.forms[(stem,)] for stem in stems if len(stem) >= PART and (stem,) in self.forms), None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A header in English words.

    Attributes:
        words: The words, plurals and all.
        foreign: Whether it was written in another language.
        unknown: Words that are in no catalog.
    """

    words: Phrase
    foreign: bool = False
    unknown: int = 0

    @property
    def spoken(self) -> Phrase:
        """The words as people say them: of several nouns, and after "last" and "first", only counts are plural.

        >>> Reading(words=("average", "orders", "value"), foreign=True).spoken
        ('average', 'order', 'value')
        """
        ends = {at for at, after in enumerate((*self.words[1:], "0")) if after.isdigit()}
        once = {at for at, before in enumerate(("", *self.words)) if before in {"last", "first"}}
        return tuple(
            word if word in LINKING or at in ends - once else singular(word)
            for at, word in enumerate(self.words)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Languages:
    """Every language that headers are read in.

    Attributes:
        english: English abbreviations: ``qty`` is quantity.
        others: The other languages; the first of those that understand a header equally well reads it.
        known: English words, which are no sign of another language.
    """

    english: Language
    others: tuple[Language, ...] = ()
    known: frozenset[str] = frozenset()

    def read(self, name: str) -> Reading:
        """A header in English words.

        A header is in another language if one of its words shows that, and most are understood; a word that
        English has too (``data``, ``son``, ``media``) shows nothing.
        """
        return _read(self, name)

    def meanings(self, name: str) -> tuple[str, ...]:
        """What a header can mean in any language, even if it is an English word as well: "ad" is a first name."""
        bare = tuple(without_accents(word) for word in plain_words(name))
        return tuple(" ".join(one.forms[bare]) for one in self.others if bare in one.forms)

    def words(self, name: str) -> Phrase:
        """The words of a header, in English and singular."""
        return tuple(singular(word) for word in self.read(name).words)


@lru_cache(maxsize=8192)
def _read(languages: Languages, name: str) -> Reading:
    plain = _windows(plain_words(name))
    bare = tuple(without_accents(word) for word in plain)
    found = [reading for one in languages.others if (reading := _in_language(bare, one, languages))]
    best = min(found, key=lambda one: one.unknown, default=None)
    if best is not None and best.unknown * 2 < len(bare):
        return best
    english = (part if part in languages.known else whole for part, whole in zip(bare, plain, strict=True))
    return Reading(
        words=tuple(word for part in english for word in _meaning((part,), languages.english) or (part,))
    )


def _windows(words: Phrase) -> Phrase:
    """The words with every number of days, weeks, months or years written out: ``30d`` and ``12_m``."""
    parts = [part for word in words for part in _apart(word)]
    before = ("", *parts)
    return tuple(
        _UNITS.get(part, part) if last.isdigit() else part for last, part in zip(before, parts, strict=False)
    )


def _apart(word: str) -> Phrase:
    found = _WINDOW.fullmatch(without_accents(word))
    return (found[1], found[2]) if found else (word,)


def _in_language(words: Sequence[str], language: Language, languages: Languages) -> Reading | None:
    """The header read in one language; None where nothing shows that it is in that language."""
    said: list[Phrase] = []
    shown, unknown, at = False, 0, 0
    while at < len(words):
        span, meaning = _longest(words[at:], language)
        here = words[at : at + span]
        if meaning is not None:
            shown |= any(len(word) >= TELLING and word not in languages.known for word in here)
        elif (meaning := _meaning(here, languages.english)) is None:
            meaning = (here[0],)
            unknown += not (here[0].isdigit() or here[0] in languages.known)
        said.append(meaning)
        at += span
    return Reading(words=_in_order(said, language), foreign=True, unknown=unknown) if shown else None


def _longest(words: Sequence[str], language: Language) -> tuple[int, Phrase | None]:
    """The longest phrase that the words begin with, and its meaning."""
    for span in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        if found := _meaning(tuple(words[:span]), language):
            return span, found
    return 1, None


def _meaning(words: Sequence[str], language: Language) -> Phrase | None:
    return language.forms.get(tuple(words)) or (language.parts(words[0]) if len(words) == 1 else None)


def _in_order(said: Sequence[Phrase], language: Language) -> Phrase:
    """The words as English orders them: what describes a noun before it."""
    ordered: list[Phrase] = []
    group: list[Phrase] = []
    for meaning in (*said, ()):
        if language.noun_first and meaning and meaning[0] not in LINKING and not meaning[0].isdigit():
            group.append(meaning)
            continue
        first = [one for one in group if one[0] in LEADING and len(one) == 1]
        nouns = [one for one in reversed(group) if one not in first and one != ("of",)]
        ordered += [*first, *nouns, meaning]
        group = []
    return tuple(word for meaning in ordered for word in meaning)
