"""Sentences on the first screens: nobody is left out of the count, no caution is cut, no two sentences disagree."""

from dataclasses import replace

import numpy as np
from support.factories import make_run

from segmentry.records.customers import PLACEMENTS, Placement
from segmentry.records.run import Run
from segmentry.records.segment import NameSource
from segmentry.stages.profiling.profile import borderline
from segmentry.views.terminal.summary import text_summary
from segmentry.views.topics.wording import own_tie, people, readiness_line

RUN = make_run()


def test_customers_in_no_segment_are_counted_on_the_first_screen() -> None:
    """Hand-computed: of 999 customers the first 60 are noise, and of 5 more nothing is known."""
    segment, placement = RUN.assignment.segment.copy(), RUN.assignment.placement.copy()
    segment[:65] = -1
    placement[:60] = PLACEMENTS.index(Placement.NOISE)
    run = replace(RUN, assignment=replace(RUN.assignment, segment=segment, placement=placement))
    said = "999 customers in 3 segments; 60 in no segment (shares are of the others); 5 could not be placed"
    assert people(run) == said
    assert said in " ".join(text_summary(run).split())


def test_a_caution_is_never_cut() -> None:
    long = (
        "the segments differ by 'Gender', " + "although it did not make them, " * 12 + "so do not use them so"
    )
    audit = replace(RUN.survey.audit, reasons=(long, "second.", "third.", "fourth.", "fifth."))
    line = readiness_line(replace(RUN.survey, audit=audit))
    assert long in line
    assert line.endswith("second; third; and 2 more in the report.")


def test_no_placement_of_high_confidence_is_near_a_border() -> None:
    """Whoever is listed as borderline has a low level, in every segment and in every mixture of confidences."""
    rng = np.random.default_rng(2)
    n = len(RUN.assignment.segment)
    mixed = replace(RUN.assignment, confidence=rng.random(n), missing_share=rng.choice([0.0, 0.3, 0.8], n))
    near = np.concatenate([borderline(mixed, number) for number in range(RUN.k)])
    assert len(near)
    assert set(mixed.levels()[near]) == {"low"}
    assert (mixed.missing_share[near] <= 0.5).all()


def test_a_tie_of_another_number_is_no_news_on_the_first_screen() -> None:
    def tied(*numbers: int) -> Run:
        return replace(RUN, evidence=replace(RUN.evidence, near_ties=numbers))

    assert own_tie(tied(RUN.k + 2)) == ""
    assert f"Another way to form {RUN.k} segments" in text_summary(tied(RUN.k))


def test_a_description_is_quoted_and_singular_in_the_headline() -> None:
    naming = replace(RUN.segments[0].naming, source=NameSource.DESCRIPTIVE)
    first = text_summary(
        replace(RUN, segments=tuple(replace(part, naming=naming) for part in RUN.segments))
    ).splitlines()[0]
    assert first.startswith("“")
    assert "” is " in first
