"""What happened to customers stands on the first screens, and in the same numbers everywhere."""

from support.factories import make_run, with_outcomes

from segmentry.views.charts.outcomes import headline, segment_outcomes
from segmentry.views.terminal.summary import text_summary
from segmentry.views.topics.opening import opening
from segmentry.views.topics.outcomes import outcome_line

RUN = with_outcomes(make_run())


def test_the_first_screens_say_to_whom_it_happened() -> None:
    """Hand-computed: 218 of 435, 77 of 231 and 83 of 333, together 378 of 999."""
    said = outcome_line(RUN)
    assert said.startswith(
        "Churn: 50% of High Spenders, against 38% of all customers. That is 58% of all cases."
    )
    assert said.endswith("Churn did not make the segments.")
    assert " ".join(said.split()) in " ".join(text_summary(RUN).split())
    page = opening(RUN)
    assert page.outcome == said
    assert [person.outcome for person in page.people] == [
        "Churn: 50% (45% to 55%), 58% of all cases",
        "Churn: 33% (28% to 40%), 20% of all cases",
        "Churn: 25% (21% to 30%), 22% of all cases",
    ]


def test_the_figure_has_the_same_headline_and_every_number() -> None:
    (figure,) = segment_outcomes(RUN)
    assert figure.title == headline(RUN)
    assert [row["events"] for row in figure.data if row["outcome"] == "Churn"] == [218, 77, 83]


def test_without_an_outcome_nothing_is_said() -> None:
    for run in (make_run(), with_outcomes(make_run(k=1))):
        assert outcome_line(run) == ""
        assert segment_outcomes(run) == ()
        assert all(not person.outcome for person in opening(run).people)
