"""What the features stand for: canonical traits, and what a customer is worth (METHOD 7.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from segmentry.errors import UsageError, unknown
from segmentry.records.catalogs import ColumnLexicon, TraitMatch, TraitWords, words
from segmentry.records.languages import Phrase, plain_words
from segmentry.records.matching import best_pairs
from segmentry.records.run import ValueMeasure

EXACT = 1.0
"""How sure a trait is where the name is in the lexicon (METHOD 7.1)."""

PROXY = 0.9
"""How sure it is where the name stands for something close to it (METHOD 7.1)."""

FUZZY = 0.85
"""How alike a misspelt name must be, and how sure the trait then is (METHOD 7.1)."""

MISSPELT = 1
"""Letters that are wrong, missing, too many or changed about in a misspelt name: more make another word."""

NEGATIONS = frozenset(
    {
        "refused",
        "declined",
        "rejected",
        "unused",
        "not",
        "non",
        "without",
        "never",
        "missed",
        "expired",
        "failed",
        "lost",
    }
)
"""Words that turn the meaning of a name, unless they belong to the trait's own."""

COUNTING = frozenset({"count", "counter", "cnt", "num", "number", "nr", "nb", "no"})
"""Words that make a count of what might else be an amount: the number of tickets is no basket."""

AMOUNTS = frozenset({"aov", "spend"})
"""Traits that are amounts of money."""

SPANS = frozenset({"day", "week", "month", "hour"})
"""Units of time: a frequency in days is the time from one order to the next, and a long one is rare."""

SHORTEST_FUZZY = 5
"""Shorter names are too easily like one another: they must match exactly."""
EXACT_FIRST = 100.0
"""One exact match outweighs any number of near ones, and a near one any number of stand-ins."""
WHOLE_FIRST = 1e-3
"""All of the orders come before those of 30 days."""
EARLIER_FIRST = 1e-6
"""Among equals, the better-known name."""
FEW_COLUMNS = 3
"""Up to this many columns a sentence lists them all."""

LIFETIMES = frozenset({"frequency", "recency", "t"})
"""Columns as tools for customer lifetime value write them (Fader, Hardie & Lee 2005): there T is the time since the
first purchase, and recency the time from the first purchase to the last, so that a large one is a late purchase."""


def tokens(name: str, lexicon: ColumnLexicon) -> Phrase:
    """The words of a column's name that say which trait it is.

    >>> from segmentry.edges.catalogs.loading import column_lexicon
    >>> [tokens(name, column_lexicon()) for name in ("discount_count", "discount_counts", "numDiscounts")]
    [('discount',), ('discount',), ('discount',)]
    """
    return lexicon.tokens(name)


def map_traits(
    features: Sequence[str], lexicon: ColumnLexicon, explicit: Mapping[str, str] | None = None
) -> tuple[TraitMatch, ...]:
    """Which canonical trait each feature carries, at most one to one.

    What is configured comes first, then exact matches of the words, then near ones (at least
    0.85), then columns that only stand in for a trait. The order of the features does not matter.

    Args:
        features: The feature names.
        lexicon: What columns are called.
        explicit: Trait by feature, as configured.

    Returns:
        One match for each feature that carries a trait, in the order of the features.

    Raises:
        UsageError: if ``explicit`` names an unknown feature or trait, or one trait twice.

    >>> from segmentry.edges.catalogs.loading import column_lexicon
    >>> for match in map_traits(["numDiscounts", "recency_days", "shoe_size"], column_lexicon()):
    ...     print(match.feature, match.trait, match.score, match.sign)
    numDiscounts discount 1.0 1
    recency_days recency 1.0 -1
    """
    given = _configured(features, lexicon, explicit or {})
    taken = {match.trait for match in given}
    left = sorted(set(features) - {match.feature for match in given})
    found = _one_to_one(left, [trait for trait in lexicon.traits if trait.trait not in taken], lexicon)
    read = _of_lifetimes(found) if {one.strip().lower() for one in features} >= LIFETIMES else found
    by_feature = {match.feature: match for match in (*given, *read)}
    return tuple(by_feature[feature] for feature in features if feature in by_feature)


def _of_lifetimes(found: Sequence[TraitMatch]) -> list[TraitMatch]:
    """The matches in a table of customer lifetimes, where recency runs the other way."""
    return [
        replace(one, sign=-one.sign, proxy=True) if one.feature.strip().lower() == "recency" else one
        for one in found
    ]


def _configured(
    features: Sequence[str], lexicon: ColumnLexicon, explicit: Mapping[str, str]
) -> list[TraitMatch]:
    known = [one.trait for one in lexicon.traits]
    for feature, trait in explicit.items():
        if feature not in features:
            raise unknown("feature", feature, features)
        if trait not in known:
            raise unknown("trait", trait, known)
    for trait in explicit.values():
        if list(explicit.values()).count(trait) > 1:
            raise UsageError(
                f"More than one feature is configured as the trait '{trait}'.", hint="Keep one of them."
            )
    return [
        TraitMatch(
            feature=feature, trait=trait, score=EXACT, sign=_sign(feature, lexicon.trait(trait), lexicon)
        )
        for feature, trait in explicit.items()
    ]


def _sign(feature: str, trait: TraitWords, lexicon: ColumnLexicon) -> int:
    runs_against = _rank(lexicon.known_as(feature), trait.opposites) is not None
    return -trait.sign if runs_against else trait.sign


def _one_to_one(
    features: Sequence[str], traits: Sequence[TraitWords], lexicon: ColumnLexicon
) -> list[TraitMatch]:
    """The matches with the largest sum of weights."""
    if not features or not traits:
        return []
    candidates = [_candidates(feature, traits, lexicon) for feature in features]
    weights = np.array([[weight for weight, _ in row] for row in candidates])
    rows, columns = best_pairs(weights)
    pairs = (candidates[row][column][1] for row, column in zip(rows, columns, strict=True))
    return [match for match in pairs if match is not None]


Candidate = tuple[float, TraitMatch | None]
"""How much a pairing weighs, and the match it would be; 0 and None for no match."""


def _candidates(feature: str, traits: Sequence[TraitWords], lexicon: ColumnLexicon) -> list[Candidate]:
    form, said = lexicon.known_as(feature), set(plain_words(feature))
    if said & NEGATIONS and not (form and any(word in form for word in said & NEGATIONS)):
        return [(0.0, None)] * len(traits)
    if form is None:
        telling = "".join(lexicon.tokens(feature))
        return [_near(feature, telling, trait) for trait in traits]
    late = WHOLE_FIRST * (lexicon.words(feature) != lexicon.languages.words(feature))
    counted = bool(said & COUNTING) and form != "".join(lexicon.words(feature))
    found = [
        (0.0, None) if counted and trait.trait in AMOUNTS else _exact(feature, form, trait)
        for trait in traits
    ]
    if "frequency" in said and SPANS & set(words(feature)):
        found = [(weight, match and replace(match, sign=-match.sign)) for weight, match in found]
    return [(weight - late if match else weight, match) for weight, match in found]


def _exact(feature: str, form: str, trait: TraitWords) -> Candidate:
    rank = _rank(form, trait.synonyms)
    if rank is not None:
        match = TraitMatch(feature=feature, trait=trait.trait, score=EXACT, sign=trait.sign)
        return EXACT_FIRST**2 - rank * EARLIER_FIRST, match
    rank = _rank(form, trait.opposites)
    if rank is not None:
        match = TraitMatch(feature=feature, trait=trait.trait, score=EXACT, sign=-trait.sign)
        return EXACT_FIRST**2 - (rank + len(trait.synonyms)) * EARLIER_FIRST, match
    rank = _rank(form, trait.proxies)
    if rank is not None:
        match = TraitMatch(feature=feature, trait=trait.trait, score=PROXY, sign=trait.sign, proxy=True)
        return PROXY - rank * EARLIER_FIRST, match
    return 0.0, None


def _near(feature: str, telling: str, trait: TraitWords) -> Candidate:
    alike = ["".join(phrase) for phrase in trait.synonyms if _misspelt(telling, "".join(phrase))]
    likeness = max((_likeness(telling, phrase) for phrase in alike), default=0.0)
    if likeness < FUZZY:
        return 0.0, None
    match = TraitMatch(feature=feature, trait=trait.trait, score=round(likeness, 2), sign=trait.sign)
    return EXACT_FIRST * likeness, match


def _rank(form: str | None, phrases: Sequence[Phrase]) -> int | None:
    """Which of the phrases the form is; None for none."""
    return next((rank for rank, phrase in enumerate(phrases) if "".join(phrase) == form), None)


def _misspelt(ours: str, theirs: str) -> bool:
    """Whether one name is the other with a letter wrong, missing, too many or changed about.

    >>> _misspelt("discuont", "discount"), _misspelt("unreturned", "returned"), _misspelt("pagereview", "pageview")
    (True, False, False)
    """
    if ours[:1] != theirs[:1] or abs(len(ours) - len(theirs)) > MISSPELT:
        return False
    wrong = [
        (a1, b1, a2, b2)
        for kind, a1, b1, a2, b2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    changed = sum(max(b1 - a1, b2 - a2) for a1, b1, a2, b2 in wrong)
    about = sorted(ours) == sorted(theirs)
    return changed <= MISSPELT + about


def _likeness(ours: str, theirs: str) -> float:
    """The share of letters in common (Ratcliff and Obershelp)."""
    if min(len(ours), len(theirs)) < SHORTEST_FUZZY:
        return 0.0
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def value_measure(
    features: Sequence[str], traits: Sequence[TraitMatch], lexicon: ColumnLexicon
) -> ValueMeasure | None:
    """What a customer is worth, as far as the columns say.

    The first that applies: the column that carries all the spend; the sum of the columns that
    are amounts spent; the number of purchases times the average basket. A score or an average
    alone orders customers but does not add up to anything, so it is no value measure.

    Args:
        features: The features that have values and are not excluded.
        traits: What they stand for; near matches are not trusted with money.
        lexicon: What columns are called.

    >>> from segmentry.edges.catalogs.loading import column_lexicon
    >>> names, lexicon = ["total_purchases", "avg_cart_value"], column_lexicon()
    >>> value_measure(names, map_traits(names, lexicon), lexicon).label
    'total_purchases x avg_cart_value'
    >>> value_measure(["Spending Score (1-100)"], (), lexicon) is None
    True
    """
    carried = {match.trait: match.feature for match in traits if match.score >= EXACT}
    amounts = tuple(feature for feature in features if lexicon.money.find(feature))
    if "spend" in carried and not _is_score(carried["spend"], lexicon):
        return ValueMeasure(label=carried["spend"], columns=(carried["spend"],), product=False)
    if amounts:
        return ValueMeasure(label=_sum_label(amounts), columns=amounts, product=False)
    if {"frequency", "aov"} <= carried.keys():
        pair = (carried["frequency"], carried["aov"])
        return ValueMeasure(label=" x ".join(pair), columns=pair, product=True)
    return None


def _is_score(feature: str, lexicon: ColumnLexicon) -> bool:
    return "score" in lexicon.tokens(feature)


def _sum_label(columns: tuple[str, ...]) -> str:
    if len(columns) <= FEW_COLUMNS:
        return " + ".join(columns)
    return f"{columns[0]} + {columns[1]} + {len(columns) - 2} more columns of spend"
