"""Descriptive names, for segments that no archetype fits: their strongest traits in plain words."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from segmentry.records.catalogs import ColumnLexicon, TraitMatch
from segmentry.records.name_basis import Claim
from segmentry.records.segment import FeatureProfile, telling
from segmentry.stages.naming.absolute import LATELY, long_ago, typical

AVERAGE = "Close to average"
AVERAGE_LINE = "Near the average in everything that was measured"
UNSAID = "Unlike the others in what is not named"
UNSAID_LINE = "Set apart by columns that no segment is named by"
IN_A_NAME = 2
"""Traits in a name that describes: more cannot be said in one breath."""

IN_A_LINE = 3
"""Traits in the sentence below a name."""

TELLING = 0.2
"""Below this, a difference is too small to be named even to tell two segments apart (Cohen)."""

CLEAR = 0.5
"""From here on a difference is named where no feature marks the segment (Cohen's medium effect)."""

LONGEST = 36
"""Longest column in a name, in signs."""

DEGREES = frozenset({"high", "low", "many", "few", "mostly", "rarely", "often", "seldom"})
"""Words that two phrases of one name can share."""

GRADED = ("frequency", "freq")
"""Last words of what is high or low, even where it is the frequency of something that is counted."""

Say = Callable[[FeatureProfile], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Something said of a segment.

    Attributes:
        text: The words.
        claims: What they say.
    """

    text: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A descriptive name.

    Attributes:
        name: The name.
        line: One sentence.
        claims: What the name says of the features.
    """

    name: str
    line: str
    claims: tuple[Claim, ...]


def speaker(matches: Sequence[TraitMatch], lexicon: ColumnLexicon) -> Say:
    """How to say that a segment has much or little of a feature; None for what no segment is named by.

    A feature that only stands in for a trait is called by its own name: wine is not all spend.
    Protected characteristics and words that nobody should be called by are never said.
    """
    by_feature = {one.feature: one for one in matches if not one.proxy}

    def say(profile: FeatureProfile) -> str | None:
        match = by_feature.get(profile.feature)
        if lexicon.protected.find(profile.feature) or lexicon.unkind.find(profile.feature):
            return None
        if match is None:
            return _of_column(profile, lexicon)
        if long_ago(profile, matches):
            return _of_column(profile, lexicon) if profile.cohens_d > 0 else None
        trait = lexicon.trait(match.trait)
        return trait.high if profile.cohens_d * match.sign > 0 else trait.low

    return say


def _of_column(profile: FeatureProfile, lexicon: ColumnLexicon) -> str:
    """``high income``, ``few store purchases``, ``often accepted campaign 3``."""
    high = profile.cohens_d > 0
    if profile.feature.startswith("days_since_"):
        return _of_date(profile, lexicon)
    if profile.word:
        column, word = profile.word
        return f"{profile.how_often} {_cut(lexicon.say(column))} {_cut(word)}"
    said = _cut(lexicon.say(profile.feature))
    if profile.flag and said.split()[0].endswith("ed"):
        return f"{'often' if high else 'seldom'} {said}"
    if profile.flag:
        return f"{'mostly' if high else 'rarely'} {said}"
    if lexicon.counts.find(profile.feature) and not said.endswith(GRADED):
        return f"{'many' if high else 'few'} {said}"
    return f"{'high' if high else 'low'} {said}"


def _of_date(profile: FeatureProfile, lexicon: ColumnLexicon) -> str:
    """``long since first order``, ``recent last visit``; recent is said of the last 90 days only."""
    date = _cut(lexicon.say(profile.feature.removeprefix("days_since_")))
    if profile.cohens_d > 0:
        return f"long since {date}"
    return f"recent {date}" if typical(profile) <= LATELY else f"not so long since {date}"


def _cut(said: str) -> str:
    """The first words of a long column name."""
    if len(said) <= LONGEST:
        return said
    return f"{said[:LONGEST].rsplit(' ', 1)[0].rstrip(' -–,')}…"


def describe(
    segments: Sequence[Sequence[FeatureProfile]], say: Say, taken: Collection[str]
) -> tuple[Description, ...]:
    """A name and a line for each segment, from its two strongest marker variables.

    Segments that would be called the same get what tells most of them apart, until they are not:
    a name never differs from another by a number alone, unless two segments are exactly alike.

    Args:
        segments: The profiles of each segment that needs a name.
        say: How a feature is said.
        taken: Names that are not free.
    """
    ranked = [_ranked(profiles) for profiles in segments]
    said = [_phrases(row, say)[:IN_A_NAME] for row in ranked]
    for clash in _clashes(said, ranked):
        third = _telling_apart([ranked[at] for at in clash], say, said[clash[0]])
        for at, phrase in zip(clash, third, strict=True):
            said[at] = [*said[at], phrase] if phrase else said[at]
    features = sorted({one.feature for row in segments for one in row})
    for _ in features:
        for clash in _clashes(said, ranked, taken):
            _compared([segments[at] for at in clash], [said[at] for at in clash], say)
    names = _free([_name(phrases, row) for phrases, row in zip(said, ranked, strict=True)], taken)
    return tuple(
        Description(
            name=name, line=_line(row, say), claims=tuple(claim for one in phrases for claim in one.claims)
        )
        for name, row, phrases in zip(names, ranked, said, strict=True)
    )


def _ranked(profiles: Sequence[FeatureProfile]) -> list[FeatureProfile]:
    """Markers first, then the largest differences; what hardly differs is left out."""
    differing = [profile for profile in profiles if profile.marker or abs(profile.cohens_d) >= TELLING]
    return sorted(telling(differing), key=lambda one: (not one.marker, -abs(one.cohens_d), one.feature))


def _phrases(row: Sequence[FeatureProfile], say: Say) -> list[Phrase]:
    """What the markers say, strongest first, nothing twice; without markers, what clearly differs."""
    telling = [one for one in row if one.marker] or [one for one in row if abs(one.cohens_d) >= CLEAR]
    found: dict[str, Phrase] = {}
    for one in telling:
        phrase = _phrase(one, say)
        if phrase:
            found.setdefault(phrase.text, phrase)
    return list(found.values())


def _phrase(profile: FeatureProfile, say: Say) -> Phrase | None:
    text = say(profile)
    claim = Claim(feature=profile.feature, more=profile.cohens_d > 0)
    return None if text is None else Phrase(text=text, claims=(claim,))


def _clashes(
    said: Sequence[Sequence[Phrase]],
    ranked: Sequence[Sequence[FeatureProfile]],
    taken: Collection[str] = (),
) -> list[list[int]]:
    """Groups of segments of which the same would be said; also those of which something else is said already."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for at, phrases in enumerate(said):
        groups.setdefault(
            tuple(sorted(phrase.text for phrase in phrases)) or (_name((), ranked[at]),), []
        ).append(at)
    names = {name.casefold() for name in taken}
    return [
        group
        for group in groups.values()
        if len(group) > 1 or _name(said[group[0]], ranked[group[0]]).casefold() in names
    ]


def _telling_apart(
    rows: Sequence[Sequence[FeatureProfile]], say: Say, known: Sequence[Phrase]
) -> list[Phrase | None]:
    """One more phrase for each of the segments, about the feature that tells most of them apart.

    None for a segment that is near the average in it.
    """
    texts = {one.text for one in known}
    features = sorted({one.feature for row in rows for one in row})
    options = [[_about(feature, row, say) for row in rows] for feature in features]
    fresh = [option for option in options if not {phrase.text for phrase in option if phrase} & texts]
    return max(
        fresh,
        key=lambda one: len({phrase.text if phrase else None for phrase in one}),
        default=[None] * len(rows),
    )


def _about(feature: str, row: Sequence[FeatureProfile], say: Say) -> Phrase | None:
    return next((_phrase(one, say) for one in row if one.feature == feature), None)


def _compared(rows: Sequence[Sequence[FeatureProfile]], said: Sequence[list[Phrase]], say: Say) -> None:
    """Tell segments of which the same would be said apart by who has the most and the least of something."""
    texts = {one.text for one in said[0]}
    gaps: dict[str, float] = {}
    for profiles in zip(*rows, strict=True):
        apart = [profile.cohens_d for profile in profiles]
        fresh = (
            not {f"{degree} {_noun(profiles[0], say)}" for degree in ("the highest", "the lowest")} & texts
        )
        if say(profiles[0]) is not None and fresh:
            gaps[profiles[0].feature] = max(apart) - min(apart) if len(apart) > 1 else abs(apart[0])
    if not gaps or max(gaps.values()) <= 0:
        return
    best = max(sorted(gaps), key=lambda feature: gaps[feature])
    own = [next(one for one in row if one.feature == best) for row in rows]
    order = sorted(range(len(own)), key=lambda at: own[at].cohens_d)
    if len(own) == 1:
        order = [*order, -1] if own[0].cohens_d < 0 else [-1, *order]
    for at, degree in ((order[0], "less"), (order[-1], "more")):
        if at >= 0:
            said[at].append(Phrase(text=f"{degree} {_noun(own[at], say)}", claims=()))


def _noun(profile: FeatureProfile, say: Say) -> str:
    """A feature without a word of degree: ``many store purchases`` are store purchases."""
    text = say(replace(profile, cohens_d=1.0)) or ""
    first, _, rest = text.partition(" ")
    return rest if first in DEGREES and rest else text


def _name(phrases: Sequence[Phrase], row: Sequence[FeatureProfile]) -> str:
    if phrases:
        return _joined([phrase.text for phrase in phrases])
    return UNSAID if any(one.marker or abs(one.cohens_d) >= CLEAR for one in row) else AVERAGE


def _joined(phrases: Sequence[str]) -> str:
    """Phrases as one name: few web purchases, few store purchases are few web and store purchases."""
    said: list[str] = []
    for phrase in phrases:
        both = _together(said[-1], phrase) if said else None
        said = [*said[:-1], both] if both else [*said, phrase]
    text = ", ".join(said)
    return text[:1].upper() + text[1:]


def _together(one: str, other: str) -> str | None:
    """Two phrases of the same degree as one; None where they do not go together."""
    first, second = one.split(), other.split()
    plain = "and" not in first and first[0] == second[0] in DEGREES and len(first) > 1 < len(second)
    if not plain:
        return None
    if first[-1] == second[-1] and len(first) > 2 < len(second):  # noqa: PLR2004 - a word between
        first = first[:-1]
    return f"{' '.join(first)} and {' '.join(second[1:])}"


def _line(row: Sequence[FeatureProfile], say: Say) -> str:
    def fully(profile: FeatureProfile) -> str | None:
        text = say(profile)
        return None if text is None else f"{text}{_shares(profile)}"

    marks = [phrase.text for phrase in _phrases(row, fully)][:IN_A_LINE]
    if marks:
        return f"Against the other customers: {', '.join(marks)}"
    return UNSAID_LINE if _name((), row) == UNSAID else AVERAGE_LINE


def _shares(profile: FeatureProfile) -> str:
    """How many have a word, and how many of everybody; nothing for other features."""
    if not profile.word:
        return ""
    everybody = "" if profile.everybody is None else f"everybody {profile.everybody:.0%}"
    own = "" if profile.how_often in {"always", "never"} else f"{profile.mean:.0%}"
    said = ", ".join(one for one in (own, everybody) if one)
    return f" ({said})" if said else ""


def _free(names: Sequence[str], taken: Collection[str]) -> list[str]:
    """Each name once: only segments that are exactly alike in everything measured still share theirs here."""
    used = {name.casefold() for name in taken}
    out = []
    for name in names:
        free, number = name, 2
        while free.casefold() in used:
            free, number = f"{name} {number}", number + 1
        used.add(free.casefold())
        out.append(free)
    return out
