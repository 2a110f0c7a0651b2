"""Given segments, judged: a screen of text and plain values."""

import math
from collections.abc import Iterator
from textwrap import wrap

from segmentry.records.evaluation import Evaluation, GivenFeature, GivenSegment
from segmentry.records.evidence import Spread
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose.verdict_words import VERDICT_WORDS
from segmentry.views.terminal.layout import COLUMNS, drawn, filled, finite
from segmentry.views.topics.cells import Table, abridged, listed, numeric, sentence, shortened, table, text
from segmentry.views.topics.wording import feature_label
from segmentry.views.words.numbers import ABSENT, ALMOST_ALL, count, plural, ratio, share

OUTSTANDING, ENOUGH = 0.75, 20
"""Share of a segment's customers who would stay, and their number, from which it is known by itself."""

NAME_ROOM, QUESTION_ROOM = 26, 15
MOST_FEATURES, MOST_MEASURES = 3, 9
SAME, SIMILAR, RELATED = 0.9, 0.6, 0.2
"""Adjusted Rand indices from which two ways of dividing customers are nearly the same, alike and related."""


def evaluation_summary(found: Evaluation, width: int = COLUMNS) -> str:
    """The evaluation in a screen of text: what it is, the segments, five answers.

    Args:
        found: The evaluation.
        width: The terminal's columns, for the table.
    """
    parts = [
        filled(f"{_headline(found)}\n{_under(found)}"),
        f"{drawn(_table(found), width)}\n{filled(MEANING)}",
        "\n".join(line for question, answer in answers(found) for line in _hanging(question, answer)),
    ]
    return "\n\n".join(parts)


def answers(found: Evaluation) -> tuple[tuple[str, str], ...]:
    """What people ask about segments that they have, and what the data answer."""
    left_out = _left_out(found)
    return (
        ("Real?", sentence(found.sentence)),
        ("Told apart?", sentence(_apart(found))),
        ("Made of what?", sentence(_made_of(found))),
        ("Our advice?", sentence(_advice(found))),
        *((("Left out?", sentence(left_out)),) if left_out else ()),
    )


def plain_evaluation(found: Evaluation) -> dict[str, object]:
    """The evaluation in plain values, for JSON; what is not known is null."""
    row, ours, twins = found.evidence, found.recommended, found.twins
    seen = row.resampled
    return {
        "source": {
            "name": found.source.name,
            "kind": found.source.kind,
            "rows": found.source.rows,
            "columns": found.source.columns,
            "fingerprint": found.source.fingerprint,
        },
        "labels": found.labels,
        "seed": found.seed,
        "customers": found.customers,
        "left_out": {
            "unlabelled": found.unlabelled,
            "unclear": found.unclear,
            "unmeasured": found.unmeasured,
        },
        "set_aside": list(found.set_aside),
        "k": found.k,
        "kind": str(found.kind),
        "known": found.known,
        "sentence": found.sentence,
        "silhouette": {
            "micro": finite(row.silhouette),
            "low": finite(row.silhouette_low),
            "high": finite(row.silhouette_high),
            "macro": finite(row.silhouette_macro),
            "twins": finite(twins.twin.mean),
            "lift": finite(twins.lift),
            "p": finite(twins.p),
        },
        "kept": {"share": found.kept, "by_chance": found.kept_by_chance, "index": finite(found.kept_index)},
        "reruns": {
            "prediction_strength": finite(seen.prediction_strength) if seen else None,
            "agreement": finite(seen.agreement.mean) if seen else None,
        },
        "kmeans": {"silhouette": finite(found.kmeans_silhouette), "agreement": finite(found.like_kmeans)},
        "recommended": {
            "k": ours.k,
            "kind": str(ours.kind),
            "confidence": ours.confidence,
            "sentence": ours.sentence,
            "agreement": finite(found.like_recommended),
        },
        "segments": [_plain_segment(segment) for segment in found.segments],
        "features": [
            {
                "feature": profile.feature,
                "eta_squared": finite(profile.eta_squared),
                "twin": finite(profile.twin),
                "twin_high": finite(profile.twin_high),
                "alone": finite(profile.alone),
                "separates": profile.separates,
            }
            for profile in found.features
        ],
        "borders": [
            {
                "first": found.segments[border.first].name,
                "second": found.segments[border.second].name,
                "p_holm": finite(border.p_holm),
                "empty": border.empty,
            }
            for border in found.borders
        ],
    }


def _plain_segment(segment: GivenSegment) -> dict[str, object]:
    return {
        "segment": segment.name,
        "customers": segment.customers,
        "share": segment.share,
        "silhouette": finite(segment.silhouette),
        "kept": segment.kept,
        "jaccard": finite(segment.jaccard.mean) if segment.jaccard else None,
        "separated": segment.separated,
        "most_alike": segment.alike,
    }


def _headline(found: Evaluation) -> str:
    kind = "Unknown to these data" if not found.known else VERDICT_WORDS[found.kind].name
    return f"{plural(found.k, 'segment')} in '{shortened(found.labels, NAME_ROOM)}': {kind}"


def _under(found: Evaluation) -> str:
    """Who and by what: a number that is no measure, such as another segmentation's codes, is seen here."""
    measures = listed(
        sorted(feature_label(profile.feature) for profile in found.features), limit=MOST_MEASURES
    )
    who = f"{plural(found.customers, 'customer')} · {shortened(found.source.name, 40)}"
    return f"{who}\nMeasured by {measures}"


def _table(found: Evaluation) -> Table:
    """The segments, one line each."""
    return table(
        "",
        found.segments,
        text("Segment", lambda segment: abridged(segment.name)),
        numeric("Customers", lambda segment: count(segment.customers)),
        numeric("Share", lambda segment: share(segment.share)),
        numeric("Stay", lambda segment: share(segment.kept)),
        numeric("Return", lambda segment: _back(segment.jaccard)),
        text("Gap", lambda segment: "yes" if segment.separated else "no"),
        text("Most like", lambda segment: abridged(segment.alike)),
    )


MEANING = (
    "Stay: whose measures are nearest to their own segment's average. Return: overlap with the segments that come back "
    "when customers are drawn again. Gap: whether there is empty space around it."
)


def _back(jaccard: Spread | None) -> str:
    return share(jaccard.mean) if jaccard else ABSENT


def _apart(found: Evaluation) -> str:
    """How many customers would stay, and of which segment fewest would."""
    if not found.known:
        return (
            "No: customers of one segment are hardly more alike than customers of different ones "
            f"(silhouette {ratio(found.evidence.silhouette)}).{_exceptions(found)}"
        )
    said = (
        f"Placed by their measures alone, {share(found.kept)} of the customers would stay in their segment "
        f"(by chance: {share(found.kept_by_chance)})."
    )
    worst = min(found.judged or found.segments, key=lambda judgement: judgement.kept)
    if worst.kept < ALMOST_ALL:
        said += f" Fewest would in {_quoted(worst.name)}: {share(worst.kept)}; it is most like {_quoted(worst.alike)}."
    return said


def _exceptions(found: Evaluation) -> str:
    """The segments that the measures know although they do not know the others."""
    known = [
        segment for segment in found.judged if segment.kept >= OUTSTANDING and segment.customers >= ENOUGH
    ]
    names = " and ".join(
        f"{_quoted(one.name)} ({share(one.kept)} would stay)" for one in known[:MOST_FEATURES]
    )
    return f" The exception is {names}." if known else ""


def _made_of(found: Evaluation) -> str:
    """The features that make the segments, and those in which they hardly differ."""
    if not found.known:
        most = found.features[0]
        return (
            f"Of no measure: even in {feature_label(most.feature)}, where they differ most, {share(most.eta_squared)} "
            "of the differences between customers lie between the segments."
        )
    maker, pale = found.maker, [profile for profile in found.features if not profile.separates]
    said = _cut_from(maker) if maker else f"They differ most in {_features(found, separating=True)}."
    others = [one for one in pale if one is not maker]
    if others:
        named = listed((feature_label(other.feature) for other in others), limit=MOST_FEATURES)
        said += f" In {named} they differ no more than segments would in data without groups."
    return said


def _cut_from(maker: GivenFeature) -> str:
    return (
        f"Of one measure above all: {_quoted(feature_label(maker.feature))} alone tells the segment of "
        f"{share(maker.alone)} of the customers."
    )


def _features(found: Evaluation, *, separating: bool) -> str:
    some = [profile for profile in found.features if profile.separates is separating] or list(found.features)
    return ", ".join(feature_label(one.feature) for one in some[:MOST_FEATURES])


def _advice(found: Evaluation) -> str:
    """What is recommended for the same customers, and how the given segments compare."""
    ours = found.recommended
    if ours.k == 1:
        return f"On the same customers we would recommend one audience. {ours.sentence}"
    kind = VERDICT_WORDS[ours.kind].title if ours.kind is not VerdictKind.NOT_JUDGED else ""
    said = (
        f"On the same customers we would make {plural(ours.k, 'segment')}. {kind} "
        f"{_alike(found.like_recommended)} (agreement {ratio(found.like_recommended)})."
    )
    if ours.k != found.k and math.isfinite(found.kmeans_silhouette):
        said += (
            f" The tightest {found.k} that we find have a silhouette of {ratio(found.kmeans_silhouette)}, "
            f"yours {ratio(found.evidence.silhouette)}."
        )
    return said


def _alike(agreement: float) -> str:
    if agreement >= SAME:
        return "Yours are nearly the same"
    if agreement >= SIMILAR:
        return "Yours are similar, but many customers are elsewhere"
    if agreement >= RELATED:
        return "Yours are related, but most customers would be grouped otherwise"
    return "Yours have little to do with them"


def _left_out(found: Evaluation) -> str:
    """Customers, segments and columns that were not judged; empty when there are none."""
    parts = []
    if found.unlabelled:
        parts.append(f"{plural(found.unlabelled, 'customer')} without a segment")
    if found.unclear:
        parts.append(f"{plural(found.unclear, 'customer')} whose rows name different segments")
    if found.unmeasured:
        parts.append(f"{plural(found.unmeasured, 'customer')} of whom too little is known")
    said = f"{'; '.join(parts)}." if parts else ""
    if found.tiny:
        names = listed((one.name for one in found.tiny), limit=MOST_FEATURES)
        said += f" Too few customers to be judged: {names}."
    if found.set_aside:
        said += f" Columns that an earlier run wrote are not measures: {listed(found.set_aside, limit=9)}."
    return said.strip()


def _hanging(question: str, answer: str) -> Iterator[str]:
    """An answer with its question to the left of it."""
    for at, line in enumerate(wrap(answer, COLUMNS - QUESTION_ROOM)):
        yield f"{'' if at else question:<{QUESTION_ROOM}}{line}"


def _quoted(name: str) -> str:
    return f"'{shortened(name, NAME_ROOM)}'"
