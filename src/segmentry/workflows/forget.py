"""A run without some of its customers: erased from every row, list and figure that is made from rows.

What can be counted again from the customers who are left is counted again, so that nobody can find the
erased by subtraction. The evidence, the verdict and the model stay as they were fitted: they hold averages
over many, and only a new run makes them without the erased.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segmentry.edges.pseudonym_key import pseudonyms
from segmentry.edges.run_folder.folder import carry_over, new_folder
from segmentry.edges.run_folder.manifest import Removal, manifest_of, read_manifest, write_manifest
from segmentry.edges.run_folder.store import load_run
from segmentry.errors import UsageError, listed
from segmentry.progress import begin
from segmentry.records.arrays import Floats, frozen
from segmentry.records.audit import Audit, Finding, Ledger, LedgerLine
from segmentry.records.customers import PLACEMENTS, Assignment, CustomerTable
from segmentry.records.exploration import Exploration
from segmentry.records.findings import finding
from segmentry.records.model import Model
from segmentry.records.run import Run, Survey
from segmentry.records.segment import Borderline, FeatureProfile, Segment
from segmentry.stages.cleaning.audit import outliers
from segmentry.stages.exploring import distributions, projection
from segmentry.stages.naming import profiles_seen, true_claims
from segmentry.stages.profiling import profile
from segmentry.workflows.export import Ids, ids_given
from segmentry.workflows.save import write_run

ERASED, OUTLIERS, UNREAD = "P2", "C7", "T1"
"""The rules of the findings that say how many were erased, quote the largest values, and give rows as examples."""

Mask = NDArray[np.bool_]


def forget(folder: Path, ids: Ids, *, key_file: str | None, at: str) -> Run:
    """Erase customers from a run folder: it is written anew without them and then takes the old one's place.

    Args:
        folder: The run folder.
        ids: Who is erased: ids, or the path of a file that holds them.
        key_file: The file with the key, where the run is pseudonymised; that of the run when not given.
        at: This moment (ISO).

    Returns:
        The run without them.

    Raises:
        UsageError: when one of them is not in the run; nothing is changed.
        OutputError: when the folder holds more than a run, or cannot be written.
    """
    begin("Reading the run")
    run = load_run(folder)
    gone = ids_given(ids, run.survey.customers.id_name)
    privacy = run.settings.privacy
    if privacy.pseudonymise:
        names = pseudonyms(key_file or privacy.key_file)
        gone = frozenset(names(customer) for customer in gone)
    before = read_manifest(folder)
    left = erased(run, gone, at[:10])
    with new_folder(folder, force=True) as half:
        write_run(left, half)
        made = manifest_of(left, versions=before.versions, clock=before.clock)
        forgotten = (*before.forgotten, Removal(customers=len(gone), at=at))
        write_manifest(replace(made, forgotten=forgotten), half)
        carry_over(folder, half, gone)
    return left


def erased(run: Run, ids: frozenset[str], day: str) -> Run:
    """The run without some of its customers.

    Args:
        run: The run.
        ids: Who is erased, as the run calls them.
        day: The day (ISO), for the audit.

    Raises:
        UsageError: when one of them is not in the run, or nobody would be left of a segment.
    """
    known = run.survey.customers.ids
    lacking = sorted(ids - set(known.tolist()))
    if not ids or lacking:
        raise UsageError(
            f"The run has no customer {listed([repr(one) for one in lacking])}."
            if lacking
            else "No id is given.",
            hint="Nothing was changed. Ids are those of customers.csv, without quotes.",
        )
    keep = np.array([one not in ids for one in known], dtype=bool)
    _refuse_emptied(run, keep)
    left = _left(run, keep)
    survey = replace(left.survey, audit=_audit(left, ids, int((~keep).sum()), day))
    return replace(left, survey=survey)


def _refuse_emptied(run: Run, keep: Mask) -> None:
    for number, name in enumerate(run.model.names):
        inside = run.assignment.segment == number
        if inside.any() and not (inside & keep).any():
            raise UsageError(
                f"Nobody would be left of '{name}', and its averages would be of the erased alone.",
                hint="Nothing was changed. Delete the run folder, and make a new run without them (--suppress).",
            )


def _left(run: Run, keep: Mask) -> Run:
    """The run with what is made from rows made again from the customers who are left."""
    survey = _survey(run.survey, keep)
    assignment = run.assignment.rows(keep)
    recipe = run.model.recipe
    values = survey.customers.matrix(recipe.features)
    placed = profile.ProfiledCustomers.by(run.model, values, assignment.segment)
    points, centres = recipe(values), run.model.centre_matrix
    known = {distribution.feature: distribution for distribution in survey.exploration.distributions}
    profiles = profile.profiles(placed, centres, run.map.projection.mean)
    traits = {one.feature: one.trait for one in run.population if one.trait is not None}
    return replace(
        run,
        model=_with_true_claims(run.model, profiles),
        survey=survey,
        assignment=assignment,
        candidates=tuple(
            replace(candidate, labels=candidate.labels[keep]) if len(candidate.labels) else candidate
            for candidate in run.candidates
        ),
        segments=tuple(
            replace(
                _segment(segment, survey, assignment, run.model.names),
                features=tuple(
                    replace(new, permuted=old.permuted)
                    for new, old in zip(features, segment.features, strict=True)
                ),
            )
            for segment, features in zip(run.segments, profiles, strict=True)
        ),
        population=profile.populations(placed, traits),
        map=projection.draw_map(points, assignment.segment, centres, run.map.projection),
        histograms=tuple(
            distributions.by_segment(known[feature], placed.values[:, index], placed.segment, placed.k)
            for index, feature in enumerate(placed.features)
        ),
    )


def _with_true_claims(model: Model, profiles: Sequence[Sequence[FeatureProfile]]) -> Model:
    """The model with names that claim only what the customers who are left still show."""
    if model.book is None:
        return model
    given = tuple(
        replace(one, claims=true_claims(one.claims, at, profiles_seen(profiles)))
        for at, one in enumerate(model.book.given)
    )
    return replace(model, book=replace(model.book, given=given))


def _survey(survey: Survey, keep: Mask) -> Survey:
    kept = survey.customers.rows(keep)
    flags = {distribution.feature: distribution.flag for distribution in survey.exploration.distributions}
    related = distributions.correlations(kept.names, kept.values)
    exploration: Exploration = replace(
        survey.exploration,
        rows=len(kept),
        distributions=tuple(
            distributions.distribution(name, kept.column(name), flag=flags[name]) for name in kept.names
        ),
        correlations=related,
        pairs=distributions.pair_densities(kept.values, related),
    )
    worth = None if survey.worth is None else frozen(survey.worth[keep])
    return replace(survey, customers=kept, worth=worth, exploration=exploration)


def _segment(segment: Segment, survey: Survey, assignment: Assignment, names: Sequence[str]) -> Segment:
    """A segment counted again: its size, value and example customers."""
    number = segment.number - 1
    ids, inside = survey.customers.ids, assignment.segment == number
    placed = assignment.segment >= 0
    left = set(ids.tolist())
    border = profile.borderline(assignment, number)
    value, share = None, None
    if survey.worth is not None and segment.value is not None:
        value = float(np.nansum(survey.worth[inside]))
        total = float(np.nansum(survey.worth[placed]))
        share = value / total if segment.value_share is not None and total > 0 else None
    return replace(
        segment,
        customers=int(inside.sum()),
        share=int(inside.sum()) / int(placed.sum()),
        value=value,
        value_share=share,
        mean_confidence=float(assignment.confidence[inside].mean()),
        typical=tuple(who for who in segment.typical if who in left),
        borderline=tuple(
            Borderline(
                id=str(ids[position]),
                rival=names[assignment.rival[position]],
                confidence=float(assignment.confidence[position]),
            )
            for position in border[: profile.BORDERLINE]
        ),
        borderline_customers=len(border),
    )


def _audit(run: Run, ids: frozenset[str], customers: int, day: str) -> Audit:
    """The audit without the erased: no finding names them or quotes their values, and the ledger counts the others."""
    audit = run.survey.audit
    known = {
        one: tuple(_without(one, run.survey.customers, ids)) for one in audit.findings if one.rule != ERASED
    }
    said = {one.sentence: [left.sentence for left in kept] for one, kept in known.items()}
    before = sum(one.rows for one in audit.findings if one.rule == ERASED)
    return replace(
        audit,
        reasons=tuple(kept for reason in audit.reasons for kept in said.get(reason, [reason])),
        findings=(*(left for kept in known.values() for left in kept), _finding(customers + before, day)),
        ledger=_ledger(run),
    )


def _without(found: Finding, customers: CustomerTable, ids: frozenset[str]) -> Iterator[Finding]:
    """A finding of those who are left: made again where it quotes a value, without its examples where they name rows."""
    if found.rule == OUTLIERS:
        (column,) = found.columns
        if column in customers.names:
            yield from outliers(column, customers.column(column), customers.ids)
    elif found.rule == UNREAD:
        yield replace(found, examples=())
    else:
        yield replace(found, examples=tuple(text for text in found.examples if not _names(text, ids)))


def _names(text: str, ids: frozenset[str]) -> bool:
    """Whether an example names one of the erased: alone, or before the value that it is an example of."""
    return text in ids or text.rpartition(": ")[0] in ids


def _finding(customers: int, day: str) -> Finding:
    several = customers != 1
    return finding(
        ERASED,
        f"{customers:,} customer{'s were' if several else ' was'} erased on request, last on {day}: counts, "
        "averages and figures are of the others; the evidence, the verdict, the reasons, the plays and the model are as "
        "they were fitted. A new run makes those without them too.",
        rows=customers,
    )


def _ledger(run: Run) -> Ledger:
    worth = run.survey.worth
    placed = {str(one): run.assignment.placement == code for code, one in enumerate(PLACEMENTS)}
    lines = tuple(_lines(run.survey.audit.ledger, placed, worth))
    return Ledger(
        rows_in=sum(line.rows for line in lines),
        value_in=float(sum(line.value for line in lines)),
        lines=lines,
    )


def _lines(ledger: Ledger, placed: dict[str, Mask], worth: Floats | None) -> Iterator[LedgerLine]:
    for line in ledger.lines:
        rows = placed.get(line.sentence)
        if rows is None:
            yield line
        elif rows.any():
            value = 0.0 if worth is None else float(np.nansum(worth[rows]))
            yield replace(line, rows=int(rows.sum()), value=value)
