"""A run in a screen of text, a notebook's table and plain values."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from segmentry.records.audit import Finding
from segmentry.records.evidence import KEvidence
from segmentry.records.run import Run, Survey
from segmentry.records.segment import Segment
from segmentry.views.report.page import templates
from segmentry.views.terminal.layout import COLUMNS, drawn, filled, finite
from segmentry.views.topics.cells import (
    Table,
    TableColumn,
    abridged,
    named,
    numeric,
    sentence,
    shortened,
    table,
    text,
)
from segmentry.views.topics.columns_used import columns_used
from segmentry.views.topics.opening import headline
from segmentry.views.topics.outcomes import outcome_columns, outcome_line
from segmentry.views.topics.quality import SEVERITIES
from segmentry.views.topics.verdict import one_audience, verdict_line
from segmentry.views.topics.wording import (
    kind_line,
    origin,
    own_tie,
    people,
    readiness_line,
    sets_apart,
    traits,
    value_label,
)
from segmentry.views.words.numbers import ABSENT, count, plural, share

NAME_ROOM = 24
MOST_FINDINGS = 8


def text_summary(run: Run, width: int = COLUMNS) -> str:
    """The run in a screen of text: verdict, segments, data.

    Args:
        run: The run.
        width: The terminal's columns, for the table.
    """
    lead, rest = headline(run)
    first = f"{lead.text if lead else ''}{rest}"
    under = " · ".join((people(run), *origin(run.survey)))
    tie, happened = own_tie(run), outcome_line(run)
    parts = [
        filled(f"{first}\n{under}"),
        drawn(_table(run), width),
        *([filled(happened)] if happened else []),
        filled(f"Verdict: {kind_line(run)}\n{verdict_line(run)}"),
        *([filled(one_audience(run))] if run.k > 1 else []),
        filled("\n".join((*_columns_used(run.survey), f"Data: {readiness_line(run.survey)}"))),
        *([filled(sentence(run.lineage.sentence))] if run.lineage else []),
        *([filled(tie)] if tie else []),
    ]
    return "\n\n".join(parts)


def exploration_summary(survey: Survey) -> str:
    """A survey in a screen of text."""
    rows = plural(survey.exploration.rows, "customer")
    features = plural(len(survey.exploration.distributions), "feature")
    first = f"{rows}, {plural(len(survey.columns), 'column')}, {features} to segment by"
    value = value_label(survey)
    parts = [
        filled(f"{first}\n{' · '.join(origin(survey))}"),
        "\n".join(_roles(survey)),
        filled(f"Value: {value}" if value else "Value: no column says what a customer is worth."),
        filled(f"Data: {readiness_line(survey)}\n{sentence(survey.audit.light_sentence)}"),
        *(["\n".join(_findings(survey.audit.findings))] if survey.audit.findings else []),
    ]
    return "\n\n".join(parts)


def notebook_html(run: Run) -> str:
    """The run as a small table, for a notebook; every name is escaped."""
    lead, rest = headline(run)
    worth: TableColumn[Segment] = numeric("Share of value", lambda segment: share(segment.value_share or 0.0))
    segments = table(
        "",
        run.segments,
        text("Segment", lambda segment: named(f"{segment.number}  {segment.name}")),
        numeric("Customers", lambda segment: count(segment.customers)),
        numeric("Share", lambda segment: share(segment.share)),
        *((worth,) if run.survey.value is not None else ()),
        *outcome_columns(run),
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
            tie=own_tie(run),
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
            "votes": [{"method": vote.method, "k": vote.k, "reason": vote.reason} for vote in verdict.votes],
            "recommended": verdict.recommended,
            "one_audience": verdict.one_audience,
        },
        "segments": [_plain_segment(segment) for segment in run.segments],
        "evidence": [_plain_evidence(row) for row in run.evidence.by_k],
        "near_ties": list(run.evidence.near_ties),
    }


def plain_exploration(survey: Survey) -> dict[str, object]:
    """The survey in plain values, for JSON."""
    return {
        **_origin(survey),
        "columns": [
            {
                "name": column.name,
                "role": str(column.role),
                "kind": str(column.format.kind),
                "reason": column.reason,
            }
            for column in survey.columns
        ],
        "findings": [
            {
                "rule": finding.rule,
                "severity": str(finding.severity),
                "columns": list(finding.columns),
                "rows": finding.rows,
                "sentence": finding.sentence,
            }
            for finding in survey.audit.findings
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
        "silhouette": finite(segment.silhouette),
        "markers": [
            {
                "feature": marker.feature,
                "mean": finite(marker.mean),
                "median": finite(marker.median),
                "cohens_d": finite(marker.cohens_d),
            }
            for marker in segment.markers
        ],
        "play": segment.play.id,
    }


def _plain_evidence(row: KEvidence) -> dict[str, object]:
    return {
        "k": row.k,
        **_plain_reruns(row),
        "inertia": finite(row.inertia),
        "silhouette": finite(row.silhouette),
        "calinski_harabasz": finite(row.calinski_harabasz),
        "davies_bouldin": finite(row.davies_bouldin),
        "smallest": row.smallest,
        "chosen": row.chosen,
    }


def _plain_reruns(row: KEvidence) -> dict[str, object]:
    """What re-runs say; null where nothing was run again."""
    found = row.resampled
    twins = found.twins if found else None
    return {
        "gap": finite(row.gap),
        "gap_error": finite(row.gap_error),
        "bic": finite(row.bic),
        "twin_silhouette": finite(twins.twin.mean) if twins else None,
        "lift": finite(twins.lift) if twins else None,
        "prediction_strength": finite(found.prediction_strength) if found else None,
        "agreement": finite(found.agreement.mean) if found else None,
        "worst_jaccard": finite(found.worst_jaccard) if found else None,
        "separated_share": finite(found.separated_share) if found else None,
    }


def _table(run: Run) -> Table:
    """The segments, one line each, and more lines for traits that need them."""
    worth: TableColumn[Segment] = numeric("Value", lambda segment: share(segment.value_share or 0.0))
    return table(
        "",
        run.segments,
        numeric(" #", lambda segment: str(segment.number)),
        text("Segment", lambda segment: abridged(segment.name)),
        numeric("Customers", lambda segment: count(segment.customers)),
        numeric("Share", lambda segment: share(segment.share)),
        *((worth,) if run.survey.value is not None else ()),
        *outcome_columns(run),
        text("What sets it apart", lambda segment: "\n".join(sets_apart(run, segment))),
    )


def _columns_used(survey: Survey) -> Iterator[str]:
    """What a reader asks first of the columns."""
    yield from (f"{group.part}: {group.names}." for group in columns_used(survey))


def _roles(survey: Survey) -> Iterator[str]:
    """The columns, by the part that they play."""
    roles: dict[str, list[str]] = {}
    for column in survey.columns:
        roles.setdefault(str(column.role), []).append(shortened(column.name, NAME_ROOM))
    for role, names in roles.items():
        lines = wrap(", ".join(names), COLUMNS - 14) or [""]
        yield f"{role:<14}{lines[0]}"
        yield from (f"{'':<14}{line}" for line in lines[1:])


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    """The gravest findings."""
    for finding in findings[:MOST_FINDINGS]:
        yield from wrap(
            f"{SEVERITIES[finding.severity]}: {sentence(finding.sentence)}", COLUMNS, subsequent_indent="  "
        )
    left = len(findings) - MOST_FINDINGS
    if left > 0:
        yield f"and {plural(left, 'more finding', 'more findings')} in the report"
