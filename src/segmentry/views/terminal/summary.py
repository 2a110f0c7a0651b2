"""A run in a screen of text, a notebook's table and plain values."""

import math
from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len, set_cell_size

from segmentry.records.audit import Finding
from segmentry.records.evidence import KEvidence
from segmentry.records.run import Run, Survey
from segmentry.records.segment import Segment
from segmentry.views.report.page import templates
from segmentry.views.topics.cells import Column, named, numeric, sentence, shortened, table, text
from segmentry.views.topics.opening import headline
from segmentry.views.topics.quality import SEVERITIES
from segmentry.views.topics.verdict import one_audience, verdict_line
from segmentry.views.topics.wording import (
    kind_line,
    near_ties,
    origin,
    people,
    readiness_line,
    traits,
    value_label,
)
from segmentry.views.words.numbers import ABSENT, count, plural, share

COLUMNS = 80
NAME_ROOM = 24
MOST_FINDINGS = 8


def text_summary(run: Run) -> str:
    """The run in a screen of text, 80 columns wide: verdict, segments, data."""
    lead, rest = headline(run)
    first = f"{shortened(lead.text, 40) if lead else ''}{rest}"
    under = " · ".join((people(run), *origin(run.survey)))
    ties = near_ties(run)
    parts = [
        _filled(f"{first}\n{under}"),
        "\n".join(_table(run)),
        _filled(f"Verdict: {kind_line(run)}\n{verdict_line(run)}"),
        *([_filled(one_audience(run))] if run.k > 1 else []),
        _filled(f"Data: {readiness_line(run.survey)}"),
        *([_filled(sentence(run.lineage.sentence))] if run.lineage else []),
        *([_filled(ties)] if ties else []),
    ]
    return "\n\n".join(parts)


def exploration_summary(survey: Survey) -> str:
    """A survey in a screen of text."""
    rows = plural(survey.exploration.rows, "customer")
    features = plural(len(survey.exploration.distributions), "feature")
    first = f"{rows}, {plural(len(survey.columns), 'column')}, {features} to segment by"
    value = value_label(survey)
    parts = [
        _filled(f"{first}\n{' · '.join(origin(survey))}"),
        "\n".join(_roles(survey)),
        _filled(f"Value: {value}" if value else "Value: no column says what a customer is worth."),
        _filled(f"Data: {readiness_line(survey)}\n{sentence(survey.audit.light_sentence)}"),
        *(["\n".join(_findings(survey.audit.findings))] if survey.audit.findings else []),
    ]
    return "\n\n".join(parts)


def notebook_html(run: Run) -> str:
    """The run as a small table, for a notebook; every name is escaped."""
    lead, rest = headline(run)
    worth: Column[Segment] = numeric("Share of value", lambda segment: share(segment.value_share or 0.0))
    segments = table(
        "",
        run.segments,
        text("Segment", lambda segment: named(f"{segment.number}  {segment.name}")),
        numeric("Customers", lambda segment: count(segment.customers)),
        numeric("Share", lambda segment: share(segment.share)),
        *((worth,) if run.survey.value is not None else ()),
        text("What sets it apart", lambda segment: named("; ".join(traits(segment)) or ABSENT, length=160)),
        text("What to do", lambda segment: sentence(segment.play.objective)),
    )
    return (
        templates()
        .get_template("notebook.html")
        .render(
            headline=f"{lead.text if lead else ''}{rest}",
            under=" · ".join((people(run), *origin(run.survey))),
            heads=segments.heads,
            rows=segments.rows,
            kind=kind_line(run),
            verdict=verdict_line(run),
            readiness=readiness_line(run.survey),
            ties=near_ties(run),
        )
    )


def plain(run: Run) -> dict[str, object]:
    """The run in plain values, for JSON; what is not known is null."""
    verdict = run.verdict
    return {
        **_origin(run.survey),
        "seed": run.seed,
        "sampled": run.sampled,
        "verdict": {
            "kind": str(verdict.kind),
            "k": verdict.k,
            "runner_up": verdict.runner_up,
            "confidence": verdict.confidence,
            "sentence": verdict.sentence,
            "grouped": verdict.grouped,
            "share": verdict.share,
            "votes": [{"method": one.method, "k": one.k, "reason": one.reason} for one in verdict.votes],
            "recommended": verdict.recommended,
            "one_audience": verdict.one_audience,
        },
        "segments": [_plain_segment(one) for one in run.segments],
        "evidence": [_plain_evidence(row) for row in run.evidence.by_k],
        "near_ties": list(run.evidence.near_ties),
    }


def plain_exploration(survey: Survey) -> dict[str, object]:
    """The survey in plain values, for JSON."""
    return {
        **_origin(survey),
        "columns": [
            {"name": one.name, "role": str(one.role), "kind": str(one.format.kind), "reason": one.reason}
            for one in survey.columns
        ],
        "findings": [
            {
                "rule": one.rule,
                "severity": str(one.severity),
                "columns": list(one.columns),
                "rows": one.rows,
                "sentence": one.sentence,
            }
            for one in survey.audit.findings
        ],
    }


def _origin(survey: Survey) -> dict[str, object]:
    source = survey.source
    return {
        "source": {
            "name": source.name,
            "kind": source.kind,
            "rows": source.rows,
            "columns": source.columns,
            "fingerprint": source.fingerprint,
        },
        "customers": len(survey.customers),
        "as_of": survey.as_of,
        "value": survey.value.label if survey.value else None,
        "readiness": {"verdict": str(survey.audit.readiness), "reasons": list(survey.audit.reasons)},
    }


def _plain_segment(segment: Segment) -> dict[str, object]:
    return {
        "number": segment.number,
        "id": segment.id,
        "name": segment.name,
        "naming": {
            "source": str(segment.naming.source),
            "fit": segment.naming.fit,
            "soft_fit": segment.naming.soft_fit,
            "stability": segment.naming.stability,
            "runner_up": segment.naming.runner_up,
        },
        "customers": segment.customers,
        "share": segment.share,
        "value": segment.value,
        "value_share": segment.value_share,
        "silhouette": _finite(segment.silhouette),
        "markers": [
            {
                "feature": one.feature,
                "mean": _finite(one.mean),
                "median": _finite(one.median),
                "cohens_d": _finite(one.cohens_d),
            }
            for one in segment.markers
        ],
        "play": segment.play.id,
    }


def _plain_evidence(row: KEvidence) -> dict[str, object]:
    return {
        "k": row.k,
        **_plain_reruns(row),
        "inertia": _finite(row.inertia),
        "silhouette": _finite(row.silhouette),
        "calinski_harabasz": _finite(row.calinski_harabasz),
        "davies_bouldin": _finite(row.davies_bouldin),
        "smallest": row.smallest,
        "chosen": row.chosen,
    }


def _plain_reruns(row: KEvidence) -> dict[str, object]:
    """What re-runs say; null where nothing was run again."""
    found = row.resampled
    twins = found.twins if found else None
    return {
        "gap": _finite(row.gap),
        "gap_error": _finite(row.gap_error),
        "bic": _finite(row.bic),
        "twin_silhouette": _finite(twins.twin.mean) if twins else None,
        "lift": _finite(twins.lift) if twins else None,
        "prediction_strength": _finite(found.prediction_strength) if found else None,
        "agreement": _finite(found.agreement.mean) if found else None,
        "worst_jaccard": _finite(found.worst_jaccard) if found else None,
        "separated_share": _finite(found.separated_share) if found else None,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _table(run: Run) -> Iterator[str]:
    """The segments, one line each, and more lines for traits that need them."""
    known = run.survey.value is not None
    worth = f"{'Value':>6}  " if known else ""
    yield f" #  {'Segment':<{NAME_ROOM}} {'Customers':>10} {'Share':>5}  {worth}What sets it apart".rstrip()
    yield "─" * COLUMNS
    for one in run.segments:
        name = set_cell_size(_fit(one.name, NAME_ROOM), NAME_ROOM)
        value = f"{share(one.value_share or 0.0):>6}  " if known else ""
        head = f"{one.number:>2}  {name} {count(one.customers):>10} {share(one.share):>5}  {value}"
        room = COLUMNS - cell_len(head)
        marks = [_fit(mark, room) for mark in traits(one)] or [
            "everybody" if run.k == 1 else "near the average"
        ]
        yield f"{head}{marks[0]}"
        for mark in marks[1:]:
            yield f"{' ' * cell_len(head)}{mark}"


def _roles(survey: Survey) -> Iterator[str]:
    """The columns, by the part that they play."""
    roles: dict[str, list[str]] = {}
    for one in survey.columns:
        roles.setdefault(str(one.role), []).append(shortened(one.name, NAME_ROOM))
    for role, names in roles.items():
        lines = wrap(", ".join(names), COLUMNS - 14) or [""]
        yield f"{role:<14}{lines[0]}"
        yield from (f"{'':<14}{line}" for line in lines[1:])


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    """The gravest findings."""
    for one in findings[:MOST_FINDINGS]:
        yield from wrap(
            f"{SEVERITIES[one.severity]}: {sentence(one.sentence)}", COLUMNS, subsequent_indent="  "
        )
    left = len(findings) - MOST_FINDINGS
    if left > 0:
        yield f"and {plural(left, 'more finding', 'more findings')} in the report"


def _fit(text: str, room: int) -> str:
    """The text in so many terminal cells: signs of double width count twice."""
    short = shortened(text, room)
    while cell_len(short) > room:
        short = shortened(short, len(short) - 1)
    return short


def _filled(text: str) -> str:
    """Paragraphs broken at 80 columns."""
    return "\n".join(line for paragraph in text.split("\n") for line in wrap(paragraph, COLUMNS) or [""])
