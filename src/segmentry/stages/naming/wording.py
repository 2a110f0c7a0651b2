"""Descriptive names, for segments that no archetype fits: their strongest traits in plain words."""

from collections.abc import Callable, Collection, Sequence

from segmentry.records.catalog import ColumnLexicon, TraitMatch
from segmentry.records.segment import FeatureProfile, telling

AVERAGE = "Close to Average"
AVERAGE_LINE = "Near the average in everything that was measured"
IN_A_NAME, IN_A_LINE = 2, 3
TELLING = 0.2
"""Below this, a difference is too small to be named even to tell two segments apart (Cohen)."""

CLEAR = 0.5
"""From here on a difference is named where no feature marks the segment (Cohen's medium effect)."""

Say = Callable[[FeatureProfile], str]


def speaker(matches: Sequence[TraitMatch], lexicon: ColumnLexicon) -> Say:
    """How to say that a segment has much or little of a feature.

    A feature that only stands in for a trait is called by its own name: wine is not all spend.
    """
    by_feature = {one.feature: one for one in matches if not one.proxy}

    def say(profile: FeatureProfile) -> str:
        match = by_feature.get(profile.feature)
        if match is None:
            return _of_column(profile, lexicon)
        trait = lexicon.trait(match.trait)
        return trait.high if profile.cohens_d * match.sign > 0 else trait.low

    return say


def _of_column(profile: FeatureProfile, lexicon: ColumnLexicon) -> str:
    """``high income``, ``few store purchases``, ``often accepted campaign 3``."""
    high = profile.cohens_d > 0
    date = profile.feature.removeprefix("days_since_")
    if date != profile.feature:
        return f"{'long since' if high else 'recent'} {lexicon.say(date)}"
    if profile.word:
        column, word = profile.word
        return f"{profile.how_often} {lexicon.say(column)} {word}"
    said = lexicon.say(profile.feature)
    if profile.flag and said.split()[0].endswith("ed"):
        return f"{'often' if high else 'seldom'} {said}"
    if profile.flag:
        return f"{'mostly' if high else 'rarely'} {said}"
    if lexicon.counts.find(profile.feature):
        return f"{'many' if high else 'few'} {said}"
    return f"{'high' if high else 'low'} {said}"


def describe(
    segments: Sequence[Sequence[FeatureProfile]], say: Say, taken: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """A name and a line for each segment, from its two strongest marker variables.

    Segments that would be called the same get a third trait, the one that tells most of them
    apart; what is still the same then is numbered.

    Args:
        segments: The profiles of each segment that needs a name.
        say: How a feature is said.
        taken: Names that are not free.
    """
    ranked = [_ranked(profiles) for profiles in segments]
    said = [_phrases(row, say)[:IN_A_NAME] for row in ranked]
    for clash in _clashes(said):
        third = _telling_apart([ranked[at] for at in clash], say, said[clash[0]])
        for at, phrase in zip(clash, third, strict=True):
            said[at] = [*said[at], phrase] if phrase else said[at]
    names = _numbered([_joined(phrases) or AVERAGE for phrases in said], taken)
    return tuple((name, _line(row, say)) for name, row in zip(names, ranked, strict=True))


def _ranked(profiles: Sequence[FeatureProfile]) -> list[FeatureProfile]:
    """Markers first, then the largest differences; what hardly differs is left out."""
    differing = [one for one in profiles if one.marker or abs(one.cohens_d) >= TELLING]
    return sorted(telling(differing), key=lambda one: (not one.marker, -abs(one.cohens_d), one.feature))


def _phrases(row: Sequence[FeatureProfile], say: Say) -> list[str]:
    """What the markers say, strongest first, nothing twice; without markers, what clearly differs."""
    telling = [one for one in row if one.marker] or [one for one in row if abs(one.cohens_d) >= CLEAR]
    return list(dict.fromkeys(say(one) for one in telling))


def _clashes(said: Sequence[Sequence[str]]) -> list[list[int]]:
    """Groups of segments of which the same would be said."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for at, phrases in enumerate(said):
        groups.setdefault(tuple(sorted(phrases)), []).append(at)
    return [group for group in groups.values() if len(group) > 1]


def _telling_apart(
    rows: Sequence[Sequence[FeatureProfile]], say: Say, known: Sequence[str]
) -> list[str | None]:
    """One more phrase for each of the segments, about the feature that tells most of them apart.

    None for a segment that is near the average in it.
    """
    features = sorted({one.feature for row in rows for one in row})
    options = [[_about(feature, row, say) for row in rows] for feature in features]
    fresh = [one for one in options if not set(one) & set(known)]
    return max(fresh, key=lambda one: len(set(one)), default=[None] * len(rows))


def _about(feature: str, row: Sequence[FeatureProfile], say: Say) -> str | None:
    return next((say(one) for one in row if one.feature == feature), None)


def _joined(phrases: Sequence[str]) -> str:
    said = ", ".join(phrases)
    return said[:1].upper() + said[1:]


def _line(row: Sequence[FeatureProfile], say: Say) -> str:
    marks = _phrases(row, lambda one: f"{say(one)}{_shares(one)}")[:IN_A_LINE]
    return f"Against the other customers: {', '.join(marks)}" if marks else AVERAGE_LINE


def _shares(profile: FeatureProfile) -> str:
    """How many have a word, and how many of everybody; nothing for other features."""
    if not profile.word:
        return ""
    everybody = "" if profile.everybody is None else f"everybody {profile.everybody:.0%}"
    own = "" if profile.how_often in {"always", "never"} else f"{profile.mean:.0%}"
    said = ", ".join(one for one in (own, everybody) if one)
    return f" ({said})" if said else ""


def _numbered(names: Sequence[str], taken: Collection[str]) -> list[str]:
    used = {name.casefold() for name in taken}
    out = []
    for name in names:
        free = name
        number = 2
        while free.casefold() in used:
            free, number = f"{name} {number}", number + 1
        used.add(free.casefold())
        out.append(free)
    return out
