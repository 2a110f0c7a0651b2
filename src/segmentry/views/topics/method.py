"""How it was made, how to make it again, and where it ends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from segmentry.records.customers import PLACEMENTS, Placement
from segmentry.records.run import Run, Survey
from segmentry.stages.choose.verdict_words import VERDICT_WORDS
from segmentry.views.charts.algorithms import spoken
from segmentry.views.topics.cells import Cell, Table, facts, named
from segmentry.views.topics.glossary import EXPLORING, TERMS
from segmentry.views.topics.wording import unplaced
from segmentry.views.words.numbers import ABSENT, count, plural

PLACED_HOW = {
    Placement.IMPUTED: "had gaps, which were filled for the fit from the customers most like them",
    Placement.PARTIAL: "lack so much that they were placed by what is known of them, and did not shape the segments",
    Placement.UNPLACED: "could not be placed, because nothing is known of them",
    Placement.NOISE: "are in no segment, because they are unlike all of them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The last part of the page.

    Attributes:
        steps: What was done, in order.
        origin: What was read, with its fingerprint and the seed.
        settings: Every setting; None for an exploration.
        limits: What the result does not say.
        terms: Words and what they mean.
    """

    steps: tuple[str, ...]
    origin: Table
    settings: Table | None
    limits: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]


def run_method(run: Run, placed: Mapping[str, int] | None = None) -> Method:
    """How a run was made.

    Args:
        run: The run.
        placed: How many customers were placed in which way, where the run does not hold its customers.
    """
    return Method(
        steps=tuple(_steps(run)),
        origin=_origin(run.survey, {"Random seed": str(run.seed)}),
        settings=_settings(run.settings.every) if run.settings.every else None,
        limits=tuple(_limits(run, placed if placed is not None else placements(run))),
        terms=tuple(TERMS.items()),
    )


def survey_method(survey: Survey) -> Method:
    """How an exploration was made."""
    return Method(
        steps=(
            "Each column was read, given a part by its name and its values, and checked.",
            "Nothing was removed but exact repeats; values that cannot be count as missing.",
        ),
        origin=_origin(survey, {}),
        settings=None,
        limits=("The page describes this one table. It says what is there, not why.",),
        terms=tuple((term, TERMS[term]) for term in EXPLORING),
    )


def _steps(run: Run) -> Iterator[str]:
    tried = [row.k for row in run.evidence.by_k]
    yield "Each column was read, given a part by its name and its values, and checked; the ledger says what was done."
    yield "Every feature was made comparable by its recipe: what matters is how far a customer is from the others, not the unit."
    shipped = next((algorithm.name for algorithm in run.comparison.algorithms if algorithm.shipped), "")
    how = f" with {spoken(shipped)}" if shipped else ""
    if len(tried) > 1:
        yield f"Segments were made{how} for every number from {min(tried)} to {max(tried)}, many times over from different starts; the best solution of each was kept and measured."
    yield from _judgement(run)
    yield f"{'One segment was' if run.k == 1 else f'{run.k} segments were'} chosen by the evidence or as asked, and every customer was placed by the distance to the nearest centre."
    yield "Segments were put in order of value per customer, named by how they differ from each other, and given the play whose conditions they meet."


def _judgement(run: Run) -> Iterator[str]:
    """What was run again to tell groups from chance, and how much."""
    budget = run.evidence.budget
    if budget is None:
        return
    yield f"To tell groups from chance, {plural(budget.twins, 'copy', 'copies')} of the data were made with the same spread, the same skew and the same links between features, but with any groups ironed out, and divided the same way."
    yield f"To see whether segments come back, the customers ({count(budget.customers)} of them at most) were drawn again {plural(2 * budget.pairs, 'time')} and everything was done anew; {plural(budget.halves, 'time')} they were split in halves, and one half had to predict the other."
    yield "Between each pair of neighbouring segments it was tested whether there is empty space, with a border that was found without looking at the customers it was tested on."
    if run.verdict.votes:
        yield f"{plural(len(run.verdict.votes), 'method')} that rest on different ideas voted on the number of segments, among those that are large enough and come back; groups with empty space around each go before votes."


def _origin(survey: Survey, more: Mapping[str, str]) -> Table:
    source = survey.source
    lines: dict[str, Cell | str] = {
        "Source": named(source.name),
        "Kind of source": named(source.kind),
        "Rows and columns": f"{count(source.rows)} × {count(source.columns)}",
        "Fingerprint (SHA-256)": named(source.fingerprint),
        "Dates count back from": survey.as_of or f"{ABSENT} (no dates)",
        **more,
    }
    lines |= {
        f"Noticed while reading{f', {i}' if i > 1 else ''}": named(note, length=240)
        for i, note in enumerate(source.notes, 1)
    }
    note = "The same source, settings and seed give the same result, to the byte."
    return facts("What was read", lines.items(), heads=("What", "Which"), note=note)


def _settings(settings: Mapping[str, object]) -> Table:
    lines = ((named(name), named(plain_value(value), length=240)) for name, value in settings.items())
    return facts("Every setting of this run", lines, heads=("Setting", "Value"))


def plain_value(value: object) -> str:
    """A setting's value in words.

    >>> plain_value(None), plain_value(()), plain_value(("a", "b")), plain_value(False)
    ('found from the data', 'none', 'a, b', 'no')
    """
    if value is None:
        return "found from the data"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {plain_value(one)}" for key, one in value.items()) or "none"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(plain_value(one) for one in value) or "none"
    return str(value) or "nothing"


def _limits(run: Run, placed: Mapping[str, int]) -> Iterator[str]:
    yield "The segments describe the customers of this table, with what was measured of them. Other customers, other features or another day can give other segments."
    yield "A segment says how customers differ, not why. What a campaign brings is known only after a test with a control group; every play here is marked with its evidence."
    yield "No significance tests are made on the features that made the segments: those would always come out well."
    if run.k > 1:
        yield VERDICT_WORDS[run.verdict.kind].limit
    if run.survey.value is None:
        yield "No column says what a customer is worth, so the segments are not weighed by value."
    yield from _placed(placed)
    far = int(run.assignment.out_of_range.sum())
    if far:
        yield f"{plural(far, 'customer')} {_are(far)} farther from the own centre than 99.5% of the others: unlike anyone the segments were made from."


def placements(run: Run) -> Mapping[str, int]:
    """How many customers were placed in which way."""
    found = {
        str(placement): int((run.assignment.placement == PLACEMENTS.index(placement)).sum())
        for placement in PLACEMENTS
    }
    lost = str(Placement.UNPLACED)
    return found | {lost: max(found[lost], unplaced(run))}


def _placed(found: Mapping[str, int]) -> Iterator[str]:
    """How many customers were not placed like the others."""
    for placement, words in PLACED_HOW.items():
        amount = found.get(str(placement), 0)
        if amount:
            said = words if amount > 1 else _of_one(placement, words)
            yield f"{plural(amount, 'customer')} {said}."


def _of_one(placement: Placement, words: str) -> str:
    """The words for a single customer."""
    verb, singular = ("lack", "lacks") if placement is Placement.PARTIAL else ("are", "is")
    return words.replace(f"{verb} ", f"{singular} ", 1)


def _are(amount: int) -> str:
    return "is" if amount == 1 else "are"
