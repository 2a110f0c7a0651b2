"""The catalogs as records: what columns are called, what segments are called, what to do with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from segmentry.records.columns import Format
from segmentry.records.languages import Language, Languages, Phrase, plain_words, singular
from segmentry.records.strategy import Terms

ENGLISH = Languages(english=Language(code="en", forms={}))
"""Headers as they stand: English, without abbreviations."""

_WINDOW_SAID = re.compile(r"(?<=[a-z])(?: in)?(?: last| past)? (\d+ (?:days|weeks|months|years))$")
"""The days or months that a column looks back over, at the end of what is said."""

_WINDOW_UNITS = frozenset({"day", "week", "month", "year"})

SHORTEST_GLUED = 2
"""Filler words no longer than this are not looked for inside other words."""

COUNTING = ("num", "n", "nr")
"""Words that only say that something is counted."""


def words(name: str) -> Phrase:
    """The words of a column's name: lower-case, split at signs and camel humps, singular.

    What stands in brackets is a unit and is left out, unless there is nothing else.

    >>> words("NumDealsPurchases"), words("Spending Score (1-100)")
    (('num', 'deal', 'purchase'), ('spending', 'score'))
    """
    return tuple(singular(word) for word in plain_words(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words that give a column's nature away.

    Attributes:
        anywhere: Phrases that may stand anywhere in the name.
        whole: Phrases that must be the whole name.
        unless: Phrases that, anywhere in the name, say that it means something else.
        loose: Phrases with other meanings as well, which count anywhere but in the name of a yes/no answer.
        languages: The languages that names are read in.
    """

    anywhere: tuple[Phrase, ...] = ()
    whole: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()
    loose: tuple[Phrase, ...] = ()
    languages: Languages = ENGLISH

    def find(self, name: str) -> str | None:
        """The phrase that gives the name away; None when none does.

        >>> Vocabulary(anywhere=(("age",),), unless=(("account",),)).find("Age_group")
        'age'
        >>> Vocabulary(anywhere=(("age",),), unless=(("account",),)).find("account_age") is None
        True
        """
        said = self.languages.words(name)
        if any(_contains(said, phrase) for phrase in self.unless):
            return None
        if said in self.whole:
            return " ".join(said)
        found = (phrase for phrase in (*self.anywhere, *self.loose) if _contains(said, phrase))
        return next((" ".join(phrase) for phrase in found), None)

    def find_firm(self, name: str) -> str | None:
        """The phrase that gives a yes/no answer away, whatever else its name says.

        >>> Vocabulary(loose=(("health",),)).find_firm("health and beauty") is None
        True
        """
        return replace(self, loose=()).find(name)


def _without_window(said: Phrase) -> Phrase:
    """The words but for a number of days, weeks, months or years, and that they are the last."""
    at = next(
        (at for at, word in enumerate(said[:-1]) if word.isdigit() and said[at + 1] in _WINDOW_UNITS), None
    )
    if at is None or "since" in said:
        return said
    return tuple(word for word in said[:at] + said[at + 2 :] if word not in {"last", "past", "in"})


def _contains(said: Phrase, phrase: Phrase) -> bool:
    """Whether the phrase stands in the name, its words side by side."""
    span = len(phrase)
    return any(said[start : start + span] == phrase for start in range(len(said) - span + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitWords:
    """A canonical trait and the names that columns give it.

    Attributes:
        trait: The canonical trait.
        noun: What it is called inside a sentence.
        high, low: What a segment with much or little of it is called in a descriptive name.
        sign: 1 when a larger column value means more of the trait, -1 when it means less
            (days since the last order: many days are little recency).
        synonyms: Names of columns that carry it, best known first.
        opposites: Names of columns that carry it the other way round.
        proxies: Names of columns that stand in for it when no column carries the whole of it.
    """

    trait: str
    noun: str
    high: str
    low: str
    sign: int
    synonyms: tuple[Phrase, ...]
    opposites: tuple[Phrase, ...] = ()
    proxies: tuple[Phrase, ...] = ()

    @property
    def names(self) -> tuple[Phrase, ...]:
        """Every name that a column may give it."""
        return (*self.synonyms, *self.opposites, *self.proxies)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLexicon:
    """What the names of columns say about them.

    Attributes:
        traits: The canonical traits.
        fillers: Words that say nothing about which trait it is (count, total, avg, ...).
        ids: Whole names of a customer's id, surest first.
        weak_ids: The same for names that are an id only when their values are nearly unique.
        labels: Someone else's segments and predictions.
        protected: Protected characteristics and their proxies.
        personal: Columns that identify a person.
        outcomes: What a campaign or a model wanted to bring about.
        bookkeeping: Dates about the record, not about the customer.
        descriptors: Who and where a customer is, not what they do.
        codes: Numbers that are codes, not quantities.
        counts: Numbers that cannot be negative because they count something.
        shares: Numbers that lie between 0 and 1 (or 0 and 100).
        measures: Quantities, which no run of values turns into an id.
        money: Amounts of money that add up to what a customer spent.
        unkind: Words that no segment is to be called by.
        spoken: Words and phrases of column names, and how people say them.
        trailing: Words that people say at the end (``MntWines`` is wine spend).
        answers: The words for yes and no, in every language.
        languages: The languages that names are read in.
        play_traits: Traits that only plays ask for: no name is given for them.
    """

    traits: tuple[TraitWords, ...]
    fillers: frozenset[str]
    ids: tuple[Phrase, ...]
    weak_ids: tuple[Phrase, ...]
    labels: Vocabulary
    protected: Vocabulary
    personal: Vocabulary
    outcomes: Vocabulary
    bookkeeping: Vocabulary
    descriptors: Vocabulary
    codes: Vocabulary
    counts: Vocabulary
    shares: Vocabulary
    measures: Vocabulary
    money: Vocabulary
    unkind: Vocabulary
    spoken: Mapping[str, str]
    trailing: Mapping[str, str]
    answers: tuple[tuple[str, str], ...] = ()
    languages: Languages = ENGLISH
    play_traits: tuple[TraitWords, ...] = ()

    @property
    def for_plays(self) -> "ColumnLexicon":
        """The same words, with the traits that only plays ask for."""
        return replace(self, traits=self.play_traits, play_traits=())

    def tokens(self, name: str) -> Phrase:
        """The words of a name that say which trait it is; all of them when all are fillers."""
        said = self.words(name)
        return tuple(word for word in said if word not in self.fillers) or said

    def words(self, name: str) -> Phrase:
        """The words of a name, in English and singular, without the days or months that it looks back over.

        ``orders_30d`` are orders; a name that says nothing else is taken whole.
        """
        said = self.languages.words(name)
        return _without_window(said) or said

    def trait(self, name: str) -> TraitWords:
        """The words of one canonical trait."""
        return next(one for one in self.traits if one.trait == name)

    def say(self, name: str) -> str:
        """A column's name as people would say it, lower-case.

        A name whose words all go unsaid is given back as it is.
        """
        every = self._sayable(name)
        said = [self.spoken.get(word, word) for word in every if word not in self.trailing]
        last = [self.trailing[word] for word in every if word in self.trailing]
        text = " ".join(word for word in (*said, *last) if word)
        for phrase in (one for one in self.spoken if " " in one):
            text = text.replace(phrase, self.spoken[phrase])
        return _WINDOW_SAID.sub(r" in \1", text.removeprefix("of ")) or name

    def _sayable(self, name: str) -> Phrase:
        """The words of a name in English; as it stands where some of them are in no catalog."""
        reading = self.languages.read(name)
        if not reading.foreign:
            return reading.words
        return plain_words(name) if reading.unknown else reading.spoken

    def title(self, name: str) -> str:
        """A column's name as the head of a line: ``avg_cart_value`` is "Average cart value"."""
        whole = self._sayable(name)
        every = [word for word in whole if word not in COUNTING] or list(whole)
        said = [self.spoken.get(word) or word for word in every if word not in self.trailing]
        last = [self.trailing[word] for word in every if word in self.trailing]
        text = " ".join((*said, *last)) or name
        return text[:1].upper() + text[1:]

    def known_as(self, name: str) -> str | None:
        """The trait name that a column goes by, its words run together; None when it has none.

        All the words are tried before the telling ones, so that "average order" is a basket and
        "orders" a frequency; fillers that are glued to a single word come off last.
        """
        said, telling = "".join(self.words(name)), "".join(self.tokens(name))
        known = {"".join(phrase): phrase for trait in self.traits for phrase in trait.names}
        forms = (said, telling, *self._unglued(said))
        return next((form for form in forms if form in known), None) or self._in_any_order(name, known)

    def _in_any_order(self, name: str, known: Mapping[str, Phrase]) -> str | None:
        """The trait name of which a header in another language has all the words, in an order of its own."""
        if not self.languages.read(name).foreign:
            return None
        said = sorted(self.tokens(name))
        return next(
            (form for form, phrase in known.items() if len(phrase) > 1 and sorted(phrase) == said), None
        )

    def _unglued(self, word: str) -> list[str]:
        long = sorted(filler for filler in self.fillers if len(filler) > SHORTEST_GLUED)
        front = [word.removeprefix(one) for one in long if word.startswith(one)]
        return front + [word.removesuffix(one) for one in long if word.endswith(one)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitMatch:
    """A feature and the canonical trait that it carries.

    Attributes:
        feature: The feature.
        trait: The trait.
        score: 1.00 when configured or an exact match of the words, less for a stand-in or a
            near match.
        sign: 1 when a larger value means more of the trait, -1 when it means less.
        proxy: Whether the feature only stands in for the trait.
    """

    feature: str
    trait: str
    score: float
    sign: int
    proxy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """What is known of one input column before it is given a role.

    Attributes:
        name: The name in the file.
        format: How its values are read.
        rows: Rows of the input.
        missing: Rows without a value.
        distinct: Distinct values among those present.
        top_share: The share of the commonest value among those present; 0.0 when none is.
        integer: Whether every value is a whole number.
        in_sequence: Whether the values are evenly spaced or monotone with the row order.
        level_of: The first word of its name, where another yes/no column begins with it too: ``country_fr`` and
            ``country_de`` are levels of a country. Empty for any other column.
        in_blocks: Whether equal values of a column of whole numbers stand in neighbouring rows.
        stand_in: The one negative value of a column of numbers that are not negative otherwise, such as -1,
            which stands for never or unknown; None where there is none.
        stand_in_rows: How many rows have it.
        open_ended: For dates, how many rows are of the year 9999, which means that there is no end.
    """

    name: str
    format: Format
    rows: int
    missing: int
    distinct: int
    top_share: float
    integer: bool = False
    in_sequence: bool = False
    level_of: str = ""
    in_blocks: bool = False
    stand_in: float | None = None
    stand_in_rows: int = 0
    open_ended: int = 0

    @property
    def missing_share(self) -> float:
        """The share of rows without a value; 1.0 for a table without rows."""
        return self.missing / self.rows if self.rows else 1.0

    @property
    def unique_ratio(self) -> float:
        """Distinct values for each value that is present; 0.0 when none is."""
        present = self.rows - self.missing
        return self.distinct / present if present else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleOverrides:
    """Roles that were asked for; they win over everything that is guessed.

    Attributes:
        id: The id column; None to find it.
        numbered: Whether there is no id to find: row numbers serve.
        features: Exactly the columns to make segments from; empty to choose by the rules.
        descriptors: Columns that only describe the segments.
        excluded: Columns to leave out.
        max_missing: Columns with a larger share of values missing only describe.
    """

    id: str | None = None
    numbered: bool = False
    features: tuple[str, ...] = ()
    descriptors: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    max_missing: float = 0.4


class Level(StrEnum):
    """How much of a trait; the outer two are for what a name must not be given to."""

    VERY_LOW = "very_low"
    LOW = "low"
    MID = "mid"
    HIGH = "high"
    VERY_HIGH = "very_high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archetype:
    """A kind of customer with a name that people know.

    Attributes:
        name: The name.
        traits: The level of each trait that it mentions (low, mid or high).
        defining: The traits that must point the right way.
        one_liner: The name in one short sentence.
        avoid_if: Levels that rule the name out for a segment.
        at_most: The largest mean, in the column's own units, that the name is true of.
        by_rule: Whether only a rule gives this name, never the likeness of profiles.
    """

    name: str
    traits: Mapping[str, Level]
    defining: tuple[str, ...]
    one_liner: str
    avoid_if: Mapping[str, Level]
    at_most: Mapping[str, float]
    by_rule: bool = False


class Audience(StrEnum):
    """Whom a play is written for."""

    SEGMENT = "segment"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookEntry:
    """One play, and the traits of a segment that call for it (METHOD 8.2).

    Attributes:
        id: A short name, unique in the playbook.
        audience: A segment, or everyone (one audience).
        when: The level that each trait must have; empty for the play of last resort.
        at_least, at_most: The smallest and largest mean of a trait's column, in its own units.
        at_most_days: The largest mean of a trait whose column is in days.
        objective, hypothesis, offer, channel, message, do, dont: See ``Play``.
        guardrails, suppressions, kpi, evidence, terms: See ``Play``.
    """

    id: str
    audience: Audience
    when: Mapping[str, Level]
    at_least: Mapping[str, float]
    at_most: Mapping[str, float]
    at_most_days: Mapping[str, float]
    objective: str
    hypothesis: str
    offer: str
    channel: tuple[str, ...]
    message: str
    do: str
    dont: str
    guardrails: tuple[str, ...]
    suppressions: tuple[str, ...]
    kpi: str
    evidence: str
    terms: Terms
