"""The figures of the verdict: titles that are true of the numbers, and nothing where there is nothing to show."""

from dataclasses import replace

import pytest
from support.evidence_factory import of_kind, spread
from support.factories import make_run
from support.svg_words import outside, touching, words

from segmentry.errors import UsageError
from segmentry.records.comparison import Alternative
from segmentry.records.evidence import KEvidence
from segmentry.records.run import Run
from segmentry.records.verdict import Verdict, VerdictKind
from segmentry.views.charts import algorithms, choices, evidence, flow, stability, verdict
from segmentry.views.charts.catalog import NEEDS, SEGMENTS
from segmentry.views.charts.stability_words import seen
from segmentry.views.drawing.marks import Bar, Dot, Words
from segmentry.views.topics.verdict import plainly
from segmentry.workflows.figures import figures_named

RUN = make_run()
JUDGED = (
    "elbow",
    "final",
    "verdict",
    "evidence_by_k",
    "segment_stability",
    "segment_flow",
    "algorithm_agreement",
    "choices",
)
NEEDED = ("evidence_by_k", "segment_stability", "segment_flow", "algorithm_agreement", "choices")
each_kind = pytest.mark.parametrize("kind", list(VerdictKind))


def with_row(run: Run, k: int, **changes: object) -> Run:
    """The run with what re-runs say of one k changed."""

    def changed(row: KEvidence) -> KEvidence:
        assert row.resampled is not None
        return replace(row, resampled=replace(row.resampled, **changes))

    rows = tuple(changed(row) if row.k == k else row for row in run.evidence.by_k)
    return replace(run, evidence=replace(run.evidence, by_k=rows))


def with_verdict(run: Run, **changes: object) -> Run:
    told: Verdict = replace(run.verdict, **changes)  # type: ignore[arg-type]
    return replace(run, verdict=told)


@each_kind
@pytest.mark.parametrize("shape", [{}, {"k": 8, "long_names": True}, {"k": 12, "hostile": True}], ids=str)
@pytest.mark.parametrize("name", JUDGED)
def test_every_kind_of_verdict_can_be_drawn(kind: VerdictKind, shape: dict[str, int], name: str) -> None:
    for figure in SEGMENTS[name](of_kind(make_run(**shape), kind)):
        drawing = figure.svg
        assert outside(drawing) == []
        assert touching(drawing) == []


@pytest.mark.parametrize("name", NEEDED)
def test_where_nothing_was_run_again_there_is_no_figure(name: str) -> None:
    assert SEGMENTS[name](make_run(judged=False)) == ()


def test_a_figure_that_is_not_there_says_why() -> None:
    assert set(NEEDS) == {*NEEDED, "targets", "segment_outcomes"}  # these need no re-runs
    with pytest.raises(
        UsageError, match=r"no figure 'choices' in this run: no other choice was tried\. There are: "
    ):
        figures_named(make_run(judged=False), "choices")


def test_the_verdict_without_re_runs_is_a_sentence() -> None:
    figure = verdict.verdict(make_run(judged=False))[0]
    assert figure.title == "3 segments: nothing was run again, so nothing is judged"
    assert [type(mark) for mark in figure.marks] == [Words]
    assert figure.data == ()


def test_the_verdict_sets_the_real_silhouette_beside_the_twins() -> None:
    titles = {kind: verdict.headline(of_kind(RUN, kind)) for kind in VerdictKind}
    against = "copies without groups (0.61 against"
    assert titles == {
        VerdictKind.NATURAL: f"3 natural segments: far tighter than {against} 0.28), and with empty space around each",
        VerdictKind.PARTLY_NATURAL: f"2 of 3 segments stand apart: far tighter than {against} 0.42), but the others touch",
        VerdictKind.DISTINCT_OVERLAPPING: f"3 real segments that touch: tighter than {against} 0.50), but not apart",
        VerdictKind.REPRODUCIBLE_CUT: (
            f"A dependable cut, not islands: 3 segments are hardly tighter than {against} 0.60), but they come back"
        ),
        VerdictKind.CONSTRUCTIVE: (
            "A construction: in re-runs the least stable segment, Bargain Hunters, overlaps with itself by only 56%"
        ),
        VerdictKind.NOT_JUDGED: "3 segments: nothing was run again, so nothing is judged",
    }


def test_one_audience_is_held_against_the_best_that_segments_could_do() -> None:
    found = verdict.headline(make_run(k=1))
    assert found == (
        "One audience: at best, 2 segments would be hardly tighter than copies without groups (0.55 against 0.54)"
    )


def test_the_three_answers_are_those_of_the_numbers() -> None:
    def answers(kind: VerdictKind) -> list[str]:
        drawing = verdict.verdict(of_kind(RUN, kind))[0].svg
        return [one.text for one in words(drawing) if one.text.startswith(("Yes", "No", "In part"))]

    assert answers(VerdictKind.NATURAL) == [
        "Yes, far tighter: 0.61 against 0.28 in copies without groups",
        "Yes: the least stable, Bargain Hunters, overlaps with itself by 91%",
        "Yes: 2 of 2 borders are empty. Each shape is how customers lie from one segment's middle to the other's",
    ]
    assert [one[:3] for one in answers(VerdictKind.CONSTRUCTIVE)] == ["No,", "No:", "No:"]
    assert answers(VerdictKind.PARTLY_NATURAL)[2].startswith("In part: 1 of 2 borders is empty.")


def test_of_many_borders_the_fullest_are_shown_and_the_rest_counted() -> None:
    found = seen(make_run(k=12))
    assert found is not None
    shown = verdict.fullest(found.borders)
    left = [one for one in found.borders if one not in shown]
    assert len(shown) == verdict.MOST
    assert min(one.customers for one in shown) >= max(one.customers for one in left)


def test_a_border_is_drawn_in_the_colours_of_its_segments() -> None:
    marks = verdict.verdict(RUN)[0].marks
    dots = {mark.colour for mark in marks if isinstance(mark, Dot)}
    assert {"#2370bd", "#cd7c20", "#02a671"} <= dots


def test_the_evidence_counts_the_votes() -> None:
    assert evidence.headline(RUN) == "4 of 5 methods vote for 3 segments"
    votes = tuple(replace(one, k=5) for one in RUN.verdict.votes[:3])
    assert evidence.headline(with_verdict(RUN, votes=votes)) == (
        "None of 3 methods votes for 3 segments; 3 vote for 5"
    )
    one = (replace(votes[0], k=3), replace(votes[1], k=None))
    assert evidence.headline(with_verdict(RUN, votes=one)) == "1 of 2 methods votes for 3 segments"
    cut = of_kind(RUN, VerdictKind.REPRODUCIBLE_CUT)
    assert evidence.headline(cut) == (
        "No clear groups: 3 segments are hardly tighter than copies without groups, 0.61 against 0.60"
    )


def test_a_panel_says_what_it_votes_for_and_why_the_number_was_chosen() -> None:
    texts = [one.text for one in words(evidence.evidence_by_k(RUN)[0].svg)]
    assert texts.count("votes for 3") == 4
    assert texts.count("votes for 4") == 1
    assert "Why 3" in texts
    assert RUN.verdict.sentence in texts
    abstains = (replace(RUN.verdict.votes[0], k=None), *RUN.verdict.votes[1:])
    found = words(evidence.evidence_by_k(with_verdict(RUN, votes=abstains))[0].svg)
    assert "abstains" in [one.text for one in found]


def test_the_numbers_behind_the_evidence_are_those_of_the_record() -> None:
    rows = evidence.evidence_by_k(RUN)[0].data
    third, ninth = rows[2], rows[8]
    assert third["k"] == 3
    assert third["lift"] == pytest.approx(0.61 - 0.276)
    assert third["gap_low"] == pytest.approx(0.88)
    assert third["chosen"] is True
    assert ninth["lift"] is None


def test_stability_names_the_least_stable_segment() -> None:
    assert (
        stability.segment_stability(RUN)[0].title
        == "Every segment comes back: even the least stable, Bargain Hunters, overlaps with itself by 91%"
    )
    found = seen(RUN)
    assert found is not None
    loose = (replace(found.segments[0], jaccard=spread(0.58)), *found.segments[1:])
    assert stability.segment_stability(with_row(RUN, 3, segments=loose))[0].title == (
        "1 of 3 segments does not come back dependably: the least stable, High Spenders, overlaps with itself by "
        "only 58%"
    )
    rows = stability.segment_stability(with_row(RUN, 3, segments=loose))[0].data
    assert [row["reading"] for row in rows] == ["not to be trusted", "highly stable", "highly stable"]


def test_segments_that_come_back_whole_have_no_least_stable_one() -> None:
    found = seen(RUN)
    assert found is not None
    whole = tuple(replace(one, jaccard=spread(1.0)) for one in found.segments)
    run = with_row(RUN, 3, segments=whole)
    assert stability.segment_stability(run)[0].title == (
        "Every segment comes back whole when the customers are drawn again"
    )
    texts = {one.text for one in words(verdict.verdict(run)[0].svg)}
    assert "Yes: every segment comes back whole" in texts
    assert "every segment comes back whole." in plainly(run)


def test_the_flow_says_who_would_be_divided_next() -> None:
    leaving = [one for one in RUN.evidence.flows if one.k == 4 and one.parent == 0]
    stay = max(one.customers for one in leaving) / sum(one.customers for one in leaving)
    assert flow.headline(RUN) == (
        f"One segment more would divide High Spenders first: {1 - stay:.0%} of them would go elsewhere"
    )
    assert flow.headline(make_run(k=8)) == "How the 8 segments come about, one segment at a time"
    assert flow.headline(make_run(k=1)) == "How customers move as segments are added"


def test_every_customer_flows_through_every_column() -> None:
    rows = flow.segment_flow(RUN)[0].data
    totals = {k: sum(row["customers"] for row in rows if row["k"] == k) for k in range(3, 9)}  # type: ignore[misc]
    assert set(totals.values()) == {999}


def test_the_shipped_column_is_in_the_colours_of_the_segments_and_bears_their_names() -> None:
    figure = flow.segment_flow(RUN)[0]
    assert {"#2370bd", "#cd7c20", "#02a671"} <= {
        mark.colour for mark in figure.marks if isinstance(mark, Bar)
    }
    texts = {mark.text for mark in figure.marks if isinstance(mark, Words)}
    assert {"High Spenders", "Loyal Regulars", "Bargain Hunters", "3 chosen"} <= texts


def test_where_columns_stand_close_the_names_stand_below() -> None:
    many = make_run(k=12).evidence.flows
    run = replace(make_run(k=5), evidence=replace(make_run(k=5).evidence, flows=many))
    drawing = flow.segment_flow(run)[0].svg
    assert outside(drawing) == touching(drawing) == []
    assert "5  Window Shoppers" in {one.text for one in words(drawing)}


def test_algorithms_that_agree_tell_the_same_story() -> None:
    assert algorithms.headline(RUN.comparison) == (
        "Ward and HDBSCAN agree least (0.56), K-means and Gaussian mixture most (0.97)"
    )
    alike = replace(
        RUN.comparison, between=((1.0, 0.95), (0.95, 1.0)), algorithms=RUN.comparison.algorithms[:2]
    )
    assert algorithms.headline(alike) == (
        "Both algorithms find nearly the same segments: agreement at least 0.95"
    )
    apart = replace(alike, between=((1.0, 0.4), (0.4, 1.0)))
    assert (
        algorithms.headline(apart) == "The algorithms differ: K-means and Bisecting K-means agree most (0.40)"
    )


def test_the_most_influential_choice_is_in_the_title() -> None:
    assert choices.headline(RUN) == ("The segments depend on the algorithm (HDBSCAN): agreement 0.62")
    calm = Alternative(choice="scaling", option="robust", agreement=0.97, lowest=0.97)
    quiet = replace(RUN, comparison=replace(RUN.comparison, alternatives=(calm,)))
    assert choices.headline(quiet) == (
        "No other choice changes much: even the most influential, the scaling (robust), agrees by 0.97"
    )


def test_all_choices_together_are_named_as_such() -> None:
    every = Alternative(choice="all choices", option="all 12 combinations", agreement=0.8, lowest=0.3)
    run = replace(RUN, comparison=replace(RUN.comparison, alternatives=(every,)))
    assert choices.headline(run) == "What matters most is all choices (all 12 combinations): agreement 0.80"


def test_a_choice_that_can_go_wrong_once_is_said() -> None:
    single = Alternative(choice="seed", option="10 single starts", agreement=1.0, lowest=0.44)
    run = replace(RUN, comparison=replace(RUN.comparison, alternatives=(single,)))
    assert choices.headline(run) == (
        "No other choice changes the segments; but 10 single starts can agree by as little as 0.44"
    )


def test_many_choices_go_to_further_pages() -> None:
    tried = tuple(
        Alternative(choice=f"choice {i % 7}", option=f"option {i}", agreement=-0.1 + i / 50, lowest=-0.2)
        for i in range(50)
    )
    pages = choices.choices(replace(RUN, comparison=replace(RUN.comparison, alternatives=tried)))
    assert [page.name for page in pages] == ["choices", "choices_2"]
    for page in pages:
        assert outside(page.svg) == touching(page.svg) == []
