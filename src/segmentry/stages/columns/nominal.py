"""Columns in words as features: one two-valued feature for each common word (METHOD 2.6)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from segmentry.records.arrays import Texts
from segmentry.records.audit import Finding
from segmentry.records.catalogs import ColumnFacts
from segmentry.records.columns import Column, Format, Kind, Role
from segmentry.records.findings import finding

MOST_WORDS = 50
"""A column with more different words is text or codes, not a few kinds."""

NEARLY_ALL = 0.98
"""From this share of one word on, a column cannot tell customers apart."""

FEWEST, RAREST, MOST_LEVELS = 20, 0.02, 12
"""A word has a feature of its own from this number and share of customers; at most the 12 commonest have."""

SOME, MOST = 1 / 3, 2 / 3
"""Shares of the columns that are in words, and that are two-valued or in words: lines of METHOD's table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a column that get a feature of their own.

    Attributes:
        words: The words, commonest first; of two words that are all there is, the rarer one.
        rest: How many words count as any other.
        customers: Customers with one of those.
        known: Customers with a word.
    """

    words: tuple[str, ...]
    rest: int
    customers: int
    known: int


def refusal(facts: ColumnFacts) -> str | None:
    """Why a column in words cannot make segments; None when it can.

    >>> text = Format(kind=Kind.TEXT)
    >>> refusal(ColumnFacts(name="town", format=text, rows=900, missing=0, distinct=60, top_share=0.1))
    'it holds 60 different words, and a feature in words has 2 to 50'
    """
    known = facts.rows - facts.missing
    if facts.distinct <= 1 or facts.top_share >= NEARLY_ALL:
        return "nearly all of its rows hold the same word"
    if facts.distinct > MOST_WORDS:
        return f"it holds {facts.distinct:,} different words, and a feature in words has 2 to {MOST_WORDS}"
    if facts.distinct > 2 and facts.top_share * known < _fewest(known):  # noqa: PLR2004 - two words are one flag
        return f"none of its words stands for {_fewest(known):,.0f} customers or more"
    return None


def levels(texts: Texts) -> Words:
    """Which words of a column get a feature of their own.

    Args:
        texts: n trimmed texts, None where missing.

    >>> import numpy as np
    >>> levels(np.array(["gold"] * 30 + ["basic"] * 70 + [None], dtype=object)).words
    ('gold',)
    """
    counts = Counter(text for text in texts if text is not None)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    known = counts.total()
    if len(ranked) == 2:  # noqa: PLR2004 - the other word is the absence of this one
        return Words(words=(ranked[1],), rest=0, customers=0, known=known)
    kept = tuple(word for word in ranked[:MOST_LEVELS] if counts[word] >= _fewest(known))
    own = sum(counts[word] for word in kept)
    return Words(words=kept, rest=len(ranked) - len(kept), customers=known - own, known=known)


def _fewest(known: int) -> float:
    return max(FEWEST, RAREST * known)


def in_words(column: Column) -> bool:
    """Whether segments are made by a column in words."""
    return column.role is Role.SEGMENTATION and column.format.kind is Kind.TEXT


def features(
    columns: Sequence[Column], words: Mapping[str, Texts], no_value: Sequence[str] = ()
) -> list[Column]:
    """The columns that segments are made by, one in words as a two-valued one for each common word.

    Args:
        columns: The columns of the file.
        words: n texts of each column in words, by name.
        no_value: Lower-case words that were set to count as no value.
    """
    made: list[Column] = []
    for column in columns:
        if in_words(column):
            made += _of_words(column, levels(words[column.name]), tuple(no_value))
        elif column.role is Role.SEGMENTATION:
            made.append(column)
    return _told_apart(made, columns)


def _of_words(column: Column, found: Words, no_value: tuple[str, ...]) -> list[Column]:
    rarer = f"; {found.rest:,} rarer words have zeros only" if found.rest else ""
    return [
        replace(
            column,
            feature=f"{column.name} = {word}",
            format=Format(kind=Kind.FLAG, level=word, no_value=no_value),
            reason=f"1 where '{column.name}' is '{word}', 0 for any other word{rarer}: not scaled",
        )
        for word in found.words
    ]


def _told_apart(made: Sequence[Column], columns: Sequence[Column]) -> list[Column]:
    """A word that would be called what another feature is called gets a name of its own."""
    names = Counter(
        [*(column.feature for column in columns), *(one.feature for one in made if one.format.level)]
    )
    return [
        replace(one, feature=f"{one.feature} (from {one.name})")
        if one.format.level is not None and names[one.feature] > 1
        else one
        for one in made
    ]


def whole(twins: Mapping[str, str], column: Mapping[str, str]) -> dict[str, str]:
    """The features to leave out: the words of a column only together, and not for one another.

    Args:
        twins: Features that say the same as another one, with that one.
        column: The column of every feature.

    >>> column = {"plan = a": "plan", "plan = b": "plan", "gold": "gold"}
    >>> whole({"plan = b": "plan = a"}, column), whole({"plan = b": "gold"}, column)
    ({}, {})
    """
    needed = {
        column[feature] for feature in column if column.get(twins.get(feature, feature)) == column[feature]
    }
    return {feature: twin for feature, twin in twins.items() if column[feature] not in needed}


def findings(found: Mapping[str, Words], columns: Sequence[Column]) -> Iterator[Finding]:
    """What the audit says about columns in words that make segments.

    Args:
        found: Their levels, by name.
        columns: All columns.
    """
    for name, levels_of in found.items():
        if levels_of.rest:
            yield _lumped(name, levels_of)
    if found:
        yield _way(found, [column.format.kind for column in columns if column.role is Role.SEGMENTATION])


def _lumped(name: str, found: Words) -> Finding:
    several = found.rest != 1
    return finding(
        "F2",
        f"{found.rest:,} word{'s' * several} of '{name}' {'have' if several else 'has'} no feature of "
        f"{'their' if several else 'its'} own, too rare or beyond the {MOST_LEVELS} commonest ({found.customers:,} customer{'s' * (found.customers != 1)}, "
        f"{found.customers / found.known:.1%}): {'they count' if several else 'it counts'} as any other word.",
        columns=(name,),
        rows=found.customers,
    )


def _way(found: Mapping[str, Words], kinds: Sequence[Kind]) -> Finding:
    """Which line of METHOD's table the columns fall under, and what that means for distances."""
    several, made = len(found) != 1, sum(len(one.words) for one in found.values())
    two_valued = sum(kind in {Kind.FLAG, Kind.TEXT} for kind in kinds)
    aside = ""
    if two_valued > MOST * len(kinds):
        aside = " Most columns are kinds, not amounts: look at what a latent class model makes of them."
    elif len(found) > SOME * len(kinds):
        aside = " That is more than a third: look at how much of the segments they make."
    return finding(
        "F2",
        f"{', '.join(map(repr, found))} {'are' if several else 'is'} in words ({len(found)} of {len(kinds)} "
        f"columns that make segments): {made} word{'s' * (made != 1)} became features of 0 and 1, unscaled, so that "
        f"two words lie about as far apart as two customers do in a number.{aside}",
        columns=tuple(found),
    )
