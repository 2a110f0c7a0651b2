"""The part each column plays: id, segmentation, descriptor, outcome, protected or excluded (METHOD 2.1)."""

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from segmentry.errors import MOST_LISTED, DataError, UsageError, listed, shortened, unknown
from segmentry.records.catalogs import ColumnFacts, ColumnLexicon, RoleOverrides, Vocabulary
from segmentry.records.columns import Column, Kind, Role

NEARLY_UNIQUE = 0.95
"""A column may be the id from this share of different values on (METHOD 1.2, C5)."""

NEARLY_CONSTANT = 0.99
"""A column is left out if one value has this share (METHOD 1.2, C4)."""

USABLE = (Kind.NUMBER, Kind.FLAG, Kind.DATE)

FEW_NUMBERS = 2
"""With fewer features than this, columns in words make segments too."""

IDENTIFYING = 0.5
"""A number identifies a person only if at least this share of its values is different: a phone number does, the
number of phone calls does not."""

FEW_NAMES = 10
"""A short word that is a person's name in one language and something else in English (``ad``, ``via``) is believed to
be the name only where it has more different values than this."""

ANSWERING = frozenset({"is", "has", "have", "any", "flag", "fl"})
"""Words that only say that a column answers yes or no."""

ALL_THE_SAME = "To use it all the same, name the columns to use with --features."

Guess = tuple[Role, str]
Rule = Callable[[ColumnFacts, ColumnLexicon], Guess | None]
Refusal = Callable[[ColumnFacts], str | None]


def never(_: ColumnFacts) -> str:
    """Why no column in words makes segments."""
    return "distances need numbers"


def assign_roles(
    facts: Sequence[ColumnFacts],
    lexicon: ColumnLexicon,
    overrides: RoleOverrides | None = None,
    *,
    words: Refusal = never,
) -> tuple[Column, ...]:
    """Give every column its role, with the reason in a short sentence.

    Args:
        facts: What is known of each column, in the order of the input.
        lexicon: What the names of columns say about them.
        overrides: Roles that were asked for; they win.
        words: Why a column in words cannot make segments; None for one that can.

    Returns:
        One column for each of the facts, in their order.

    Raises:
        UsageError: if an override names a column that is not there, names one twice, or asks
            for a feature that cannot be one.
        DataError: if nothing is left to make segments from.

    >>> from segmentry.edges.catalogs.loading import column_lexicon
    >>> from segmentry.records.columns import Format, Kind
    >>> number = Format(kind=Kind.NUMBER)
    >>> facts = [
    ...     ColumnFacts(
    ...         name=name, format=number, rows=200, missing=0, distinct=90, top_share=0.1, integer=True
    ...     )
    ...     for name in ("CustomerID", "Age", "Spending Score")
    ... ]
    >>> for column in assign_roles(facts, column_lexicon()):
    ...     print(column.name, column.role)
    CustomerID id
    Age protected
    Spending Score segmentation
    """
    asked = overrides or RoleOverrides()
    facts = _with_levels(facts, lexicon)
    _refuse_impossible(facts, asked)
    _refuse_words(facts, asked, words)
    id_name, id_guess = _find_id(facts, lexicon, asked)
    columns = tuple(
        _column(fact, id_guess if fact.name == id_name else _role(fact, id_name, lexicon, asked))
        for fact in facts
    )
    if not asked.features:
        columns = _with_words(columns, [fact for fact in facts if _may_make(fact, lexicon, asked, words)])
    _refuse_nothing_left(columns)
    return _told_apart(columns)


def _with_levels(facts: Sequence[ColumnFacts], lexicon: ColumnLexicon) -> list[ColumnFacts]:
    """The facts, with the word that a yes/no column shares with others as the first of its name."""
    said = {fact.name: lexicon.languages.words(fact.name) for fact in facts if _answers(fact)}
    first = {name: words[0] for name, words in said.items() if words}
    shared = [word for word, times in Counter(first.values()).items() if times > 1]
    return [
        replace(fact, level_of=first[fact.name]) if first.get(fact.name) in shared else fact for fact in facts
    ]


def _answers(facts: ColumnFacts) -> bool:
    return facts.format.kind is Kind.FLAG


def _with_words(columns: tuple[Column, ...], usable: Sequence[ColumnFacts]) -> tuple[Column, ...]:
    """Columns in words make segments where numbers alone cannot: with fewer than two of those."""
    numbers = sum(column.role is Role.SEGMENTATION for column in columns)
    describing = {column.name for column in columns if column.role is Role.DESCRIPTOR}
    named = {one.name for one in usable} & describing
    if numbers >= FEW_NUMBERS or numbers + len(named) < FEW_NUMBERS:
        return columns
    return tuple(
        replace(
            column, role=Role.SEGMENTATION, reason="What customers chose, in words: there are few numbers."
        )
        if column.name in named
        else column
        for column in columns
    )


def _may_make(facts: ColumnFacts, lexicon: ColumnLexicon, asked: RoleOverrides, words: Refusal) -> bool:
    """Whether a column in words says what customers do: not who or where they are, nor a code."""
    return (
        facts.format.kind is Kind.TEXT
        and words(facts) is None
        and facts.name not in asked.descriptors
        and facts.missing_share <= asked.max_missing
        and _descriptor(facts, lexicon) is None
    )


def _told_apart(columns: Sequence[Column]) -> tuple[Column, ...]:
    """A date whose days would be called what another column is called gets a name of its own."""
    names = {column.name for column in columns}
    return tuple(
        replace(column, feature=f"{column.feature} (from {column.name})")
        if column.feature != column.name and column.feature in names
        else column
        for column in columns
    )


def _column(facts: ColumnFacts, guess: Guess) -> Column:
    role, reason = guess
    counted_back = facts.format.kind is Kind.DATE and role is not Role.ID
    feature = f"days_since_{facts.name}" if counted_back else facts.name
    return Column(name=facts.name, feature=feature, format=facts.format, role=role, reason=reason)


def _role(facts: ColumnFacts, id_name: str | None, lexicon: ColumnLexicon, asked: RoleOverrides) -> Guess:
    configured = _configured(facts, lexicon, asked)
    if configured:
        return configured
    if id_name is not None and _may_be_id(facts, lexicon):
        return Role.EXCLUDED, f"Also looks like an id; the id is {id_name}."
    role, reason = next(guess for rule in RULES if (guess := rule(facts, lexicon)))
    if role is Role.SEGMENTATION and (hardly_known := _hardly_known(facts, asked.max_missing)):
        return Role.DESCRIPTOR, hardly_known
    if role is Role.SEGMENTATION and asked.features:
        return Role.DESCRIPTOR, "Not among the features that were asked for."
    return role, reason


def _hardly_known(facts: ColumnFacts, most: float) -> str:
    """Why too few customers have a value in a column for it to make segments; empty where enough have."""
    if facts.missing_share > most:
        return f"{facts.missing_share:.0%} of its values are missing."
    if facts.stand_in is not None and facts.stand_in_rows + facts.missing > most * facts.rows:
        return f"It is {facts.stand_in:g} in {facts.stand_in_rows:,} rows, which stands for never or unknown."
    if facts.open_ended > most * facts.rows:
        return f"{facts.open_ended / facts.rows:.0%} of its dates are of the year 9999: no end."
    return ""


def _configured(facts: ColumnFacts, lexicon: ColumnLexicon, asked: RoleOverrides) -> Guess | None:
    if facts.name in asked.excluded:
        return Role.EXCLUDED, "Excluded on request."
    if facts.name in asked.descriptors:
        return Role.DESCRIPTOR, "A descriptor on request."
    if facts.name in asked.features:
        phrase = lexicon.protected.find(facts.name)
        though = f", although '{phrase}' is a protected characteristic" if phrase else ""
        return Role.SEGMENTATION, f"A feature on request{though}."
    return None


def _empty(facts: ColumnFacts, _: ColumnLexicon) -> Guess | None:
    if facts.format.kind is Kind.EMPTY or facts.missing >= facts.rows:
        return Role.EXCLUDED, "It has no values."
    return None


def _label(facts: ColumnFacts, lexicon: ColumnLexicon) -> Guess | None:
    if phrase := lexicon.labels.find(facts.name):
        return Role.EXCLUDED, f"Its name ('{phrase}') says that it is somebody's answer, not behaviour."
    return None


def _protected(facts: ColumnFacts, lexicon: ColumnLexicon) -> Guess | None:
    if lexicon.known_as(facts.name) is not None:
        return None
    if phrase := _meant(facts, lexicon, lexicon.protected):
        return (
            Role.PROTECTED,
            f"'{phrase}' is a protected characteristic or stands for one. {ALL_THE_SAME}",
        )
    return None


def _meant(facts: ColumnFacts, lexicon: ColumnLexicon, vocabulary: Vocabulary) -> str | None:
    """The phrase that gives a column away, if its values can be that.

    A yes/no answer is about its whole name: ``dependents`` and ``country_fr`` beside ``country_de`` say who a
    customer is, ``children_menu`` and ``cross-country skiing`` what they chose.
    """
    phrase = vocabulary.find(facts.name)
    if phrase is None or not _answers(facts) or phrase.split()[0] == facts.level_of:
        return phrase
    said = " ".join(word for word in lexicon.tokens(facts.name) if word not in ANSWERING)
    return phrase if phrase == said else vocabulary.find_firm(facts.name)


def _constant(facts: ColumnFacts, _: ColumnLexicon) -> Guess | None:
    if facts.distinct <= 1:
        return Role.EXCLUDED, "Constant: every row holds the same value."
    if facts.top_share >= NEARLY_CONSTANT:
        return Role.EXCLUDED, f"Nearly constant: {facts.top_share:.1%} of the rows hold the same value."
    return None


def _personal(facts: ColumnFacts, lexicon: ColumnLexicon) -> Guess | None:
    if (phrase := _names_person(facts, lexicon)) and _can_identify(facts):
        return Role.EXCLUDED, f"'{phrase}' identifies a person. {ALL_THE_SAME}"
    return None


def _names_person(facts: ColumnFacts, lexicon: ColumnLexicon) -> str | None:
    """The phrase that says that a column names persons; in texts with many values, in whatever language."""
    if phrase := lexicon.personal.find(facts.name):
        return phrase
    many = facts.format.kind is Kind.TEXT and facts.distinct > FEW_NAMES
    meanings = lexicon.languages.meanings(facts.name) if many else ()
    return next((phrase for one in meanings if (phrase := lexicon.personal.find(one))), None)


def _can_identify(facts: ColumnFacts) -> bool:
    """Whether the values can tell who somebody is: texts, and whole numbers that hardly repeat."""
    if facts.format.kind is Kind.NUMBER:
        return facts.integer and facts.unique_ratio >= IDENTIFYING
    return facts.format.kind is Kind.TEXT


def _outcome(facts: ColumnFacts, lexicon: ColumnLexicon) -> Guess | None:
    if phrase := lexicon.outcomes.find(facts.name):
        return Role.OUTCOME, f"'{phrase}' is an outcome: kept for checking, never used to make segments."
    return None


def _text(facts: ColumnFacts, _: ColumnLexicon) -> Guess | None:
    if facts.format.kind is Kind.TEXT:
        return Role.DESCRIPTOR, "Text describes customers; distances need numbers."
    return None


def _date(facts: ColumnFacts, lexicon: ColumnLexicon) -> Guess | None:
    if facts.format.kind is not Kind.DATE:
        return None
    if phrase := lexicon.bookkeeping.find(facts.name):
        return Role.EXCLUDED, f"A date about the record ('{phrase}'), not about the customer."
    return Role.SEGMENTATION, "A date, counted as days back from the as-of date."


def _descriptor(facts: ColumnFacts, lexicon: ColumnLexicon) -> Guess | None:
    if lexicon.known_as(facts.name) is not None:
        return None
    if phrase := _meant(facts, lexicon, lexicon.descriptors):
        return Role.DESCRIPTOR, f"'{phrase}' says who or where a customer is, not what they do."
    if not _answers(facts) and (phrase := lexicon.codes.find(facts.name)):
        return Role.DESCRIPTOR, f"A code ('{phrase}'), not a quantity."
    return None


def _behaviour(facts: ColumnFacts, _: ColumnLexicon) -> Guess:
    what = "yes/no answer" if facts.format.kind is Kind.FLAG else "number"
    return Role.SEGMENTATION, f"A {what} about behaviour or value."


RULES: tuple[Rule, ...] = (
    _empty,
    _label,
    _protected,
    _constant,
    _personal,
    _outcome,
    _text,
    _date,
    _descriptor,
    _behaviour,
)
"""Tried in this order; the last one always answers."""


def _find_id(
    facts: Sequence[ColumnFacts], lexicon: ColumnLexicon, asked: RoleOverrides
) -> tuple[str | None, Guess]:
    """The one id column, and why; None when there is none."""
    if asked.numbered:
        return None, (Role.EXCLUDED, "")
    if asked.id is not None:
        return asked.id, (Role.ID, "The id on request.")
    spoken_for = {*asked.features, *asked.descriptors, *asked.excluded}
    open_facts = [fact for fact in facts if fact.name not in spoken_for and fact.missing < fact.rows]
    for phrase in (*lexicon.ids, *lexicon.weak_ids):
        for fact in open_facts:
            if _named_id(fact, phrase, lexicon):
                return fact.name, (Role.ID, "Its name says that it is the customer's id.")
    for fact in open_facts:
        if _looks_like_id(fact, lexicon):
            return fact.name, (Role.ID, f"{fact.unique_ratio:.0%} of its values are different: it is an id.")
    return None, (Role.EXCLUDED, "")


def _named_id(facts: ColumnFacts, phrase: tuple[str, ...], lexicon: ColumnLexicon) -> bool:
    said = lexicon.languages.words(facts.name)
    if said != phrase and "".join(said) != "".join(phrase):
        return False
    fit = facts.format.kind is Kind.TEXT or (facts.format.kind is Kind.NUMBER and _whole(facts))
    return fit and (phrase in lexicon.ids or facts.unique_ratio >= NEARLY_UNIQUE)


def _whole(facts: ColumnFacts) -> bool:
    """Whether the numbers may be ids: nothing speaks against it for a name that says so."""
    return facts.integer or facts.distinct <= 1 or facts.unique_ratio >= NEARLY_UNIQUE


def _looks_like_id(facts: ColumnFacts, lexicon: ColumnLexicon) -> bool:
    """Rule C5, but for quantities: a file sorted by spend does not make the spend an id."""
    if facts.unique_ratio < NEARLY_UNIQUE or facts.distinct <= 1:
        return False
    if facts.missing_share > 1 - NEARLY_UNIQUE:
        return False
    if lexicon.known_as(facts.name) or lexicon.protected.find(facts.name) or _names_person(facts, lexicon):
        return False
    if facts.format.kind is Kind.TEXT:
        return True
    counted = facts.format.kind is Kind.NUMBER and facts.integer and facts.in_sequence
    return counted and not lexicon.measures.find(facts.name)


def _may_be_id(facts: ColumnFacts, lexicon: ColumnLexicon) -> bool:
    said = lexicon.languages.words(facts.name)
    named = said in lexicon.ids and facts.unique_ratio >= NEARLY_UNIQUE
    return named or _looks_like_id(facts, lexicon)


def _refuse_impossible(facts: Sequence[ColumnFacts], asked: RoleOverrides) -> None:
    names = [fact.name for fact in facts]
    given = [
        *([asked.id] if asked.id is not None else []),
        *asked.features,
        *asked.descriptors,
        *asked.excluded,
    ]
    for name in given:
        if name not in names:
            raise unknown("column", name, names)
        if given.count(name) > 1:
            raise UsageError(f"The column '{name}' is given more than one role.", hint="Name it once.")
    for fact in facts:
        if fact.name in asked.features and fact.format.kind not in (*USABLE, Kind.TEXT):
            raise UsageError(
                f"The column '{fact.name}' holds {fact.format.kind} values and cannot be a feature.",
                hint="Features are numbers, yes/no answers, dates or a few words.",
            )


def _refuse_words(facts: Sequence[ColumnFacts], asked: RoleOverrides, words: Refusal) -> None:
    for fact in facts:
        if fact.name in asked.features and fact.format.kind is Kind.TEXT and (reason := words(fact)):
            raise UsageError(
                f"The column '{fact.name}' cannot be a feature: {reason}.",
                hint=(
                    "Put rare words together in the file, or let the column describe the segments "
                    f'(descriptors = ["{fact.name}"]).'
                ),
            )


def _refuse_nothing_left(columns: Iterable[Column]) -> None:
    by_role = {role: [column for column in columns if column.role is role] for role in Role}
    if by_role[Role.SEGMENTATION]:
        return
    left_out = [*by_role[Role.PROTECTED], *by_role[Role.DESCRIPTOR], *by_role[Role.OUTCOME]]
    excluded = [one for one in by_role[Role.EXCLUDED] if one.format.kind in USABLE]
    usable = [one.name for one in left_out if one.format.kind in USABLE]
    if usable or excluded:
        reasons = listed([f"{shortened(one.name)} ({one.role})" for one in (*left_out, *excluded)])
        raise DataError(
            f"No column is left to make segments from: {reasons}.", hint=_use_all_the_same(usable, excluded)
        )
    raise DataError(
        "The table has no column of numbers to make segments from.",
        hint="It needs at least one number per customer besides the id: what they buy, spend or do.",
    )


def _use_all_the_same(usable: Sequence[str], excluded: Sequence[Column]) -> str:
    """How to use what was left out; where that is no use, why it was left out."""
    if not usable:
        return f"{shortened(excluded[0].name)}: {excluded[0].reason}"
    names = ",".join(usable[:MOST_LISTED])
    return f"To use some all the same, name them: --features {shlex.quote(names)}."
