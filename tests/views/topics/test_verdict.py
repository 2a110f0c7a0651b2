"""The first page of the report: can these segments be relied on, in words that need no statistics?"""

import re
from dataclasses import replace

import pytest
from support.evidence_factory import of_kind
from support.factories import make_run
from support.outlines import read

from segmentry.records.run import Run
from segmentry.records.verdict import VerdictKind
from segmentry.views.charts.verdict import headline
from segmentry.views.report import report_html
from segmentry.views.topics.features import CHANCE, STRONG, WEAK
from segmentry.views.topics.verdict import agreeing, one_audience, plainly, why_so_many

RUN = make_run()
JARGON = re.compile(
    r"silhouette|jaccard|rand index|bic\b|prediction strength|inertia|bootstrap|slsa|twin|lift|p-value|k-means|cluster",
    re.IGNORECASE,
)
CERTAIN = {
    VerdictKind.NATURAL: "Your customers fall into 3 groups that are really there. They are much tighter than chance would produce.",
    VerdictKind.PARTLY_NATURAL: "Some of your 3 groups are islands, the others shade into each other.",
    VerdictKind.DISTINCT_OVERLAPPING: "Your customers gather around 3 centres that are really there, but the groups touch.",
    VerdictKind.REPRODUCIBLE_CUT: "Your customers form a continuum, not separate groups",
    VerdictKind.CONSTRUCTIVE: "We found no natural groups among your customers, and no dependable way to divide them either.",
    VerdictKind.NOT_JUDGED: "Whether these 3 segments are natural groups or a useful way to divide a continuum was not examined.",
}
each_kind = pytest.mark.parametrize("kind", list(VerdictKind))


def page(run: Run) -> str:
    return read(report_html(run, {})).text


def one_apart(run: Run) -> Run:
    """The run with empty space around its first segment."""
    row = run.evidence.at(run.k)
    assert row.resampled is not None
    first, *others = row.resampled.segments
    seen = replace(row.resampled, segments=(replace(first, separated=True), *others))
    rows = tuple(replace(one, resampled=seen) if one.k == run.k else one for one in run.evidence.by_k)
    return replace(run, evidence=replace(run.evidence, by_k=rows))


def told(run: Run, **changes: object) -> Run:
    return replace(run, verdict=replace(run.verdict, **changes))  # type: ignore[arg-type]


@each_kind
def test_the_first_page_says_the_verdict_in_one_paragraph(kind: VerdictKind) -> None:
    run = of_kind(RUN, kind)
    text = page(run)
    first = text.partition("The segments, most valuable customers first")[0]
    assert CERTAIN[kind] in first
    assert plainly(run) in first
    assert one_audience(run) in first


@each_kind
@pytest.mark.parametrize("k", [1, 3, 8])
def test_the_paragraph_needs_no_statistics_and_can_be_read_at_a_glance(kind: VerdictKind, k: int) -> None:
    run = of_kind(make_run(k=k), kind if k > 1 else VerdictKind.NOT_JUDGED)
    said = f"{plainly(run)} {why_so_many(run)}"
    assert not JARGON.search(said)
    assert len(said.split()) <= 130


def test_the_numbers_of_the_paragraph_are_those_of_the_evidence() -> None:
    assert "even Bargain Hunters, the least stable, stays 91% the same" in plainly(RUN)
    built = plainly(of_kind(RUN, VerdictKind.CONSTRUCTIVE))
    assert "Bargain Hunters, the least stable, stays only 56% the same" in built
    partly = plainly(of_kind(make_run(k=5), VerdictKind.PARTLY_NATURAL))
    assert "High Spenders, Loyal Regulars and Bargain Hunters stand apart" in partly


def test_among_segments_that_touch_those_that_stand_apart_are_named() -> None:
    """One of three is less than half of the customers: the kind is overlapping, and one border is empty all the same."""
    run = of_kind(RUN, VerdictKind.DISTINCT_OVERLAPPING)
    assert "There is no empty space between them" in plainly(run)
    run = one_apart(run)
    assert "High Spenders stands apart, with empty space around; customers near the other borders" in plainly(
        run
    )
    assert "no empty space" not in plainly(run)
    assert headline(run).startswith("3 real segments, 1 of them apart: tighter than copies without groups")


def test_a_grouped_set_that_does_not_come_back_is_not_called_groupless() -> None:
    run = told(RUN, kind=VerdictKind.CONSTRUCTIVE)
    assert plainly(run).startswith("Your customers are grouped to some degree, but who belongs where")


def test_the_votes_and_the_next_best_are_said() -> None:
    said = why_so_many(RUN)
    assert said.startswith("4 of 5 independent methods recommend 3, so you can be quite sure of the number.")
    assert said.endswith("Next best: 4 segments.")
    few = told(
        RUN,
        confidence="medium",
        votes=tuple(replace(one, k=3 if at < 2 else 5) for at, one in enumerate(RUN.verdict.votes)),
    )
    assert why_so_many(few).startswith(
        "2 of 5 independent methods recommend 3, so the number is likely, but not settled."
    )
    unsure = told(RUN, confidence="low", runner_up=1)
    assert "so take the number as a suggestion." in why_so_many(unsure)
    assert why_so_many(unsure).endswith("Next best: one audience.")
    assert agreeing(RUN) == "4 of 5 methods agree"


def test_a_number_that_was_asked_for_is_held_against_the_evidence() -> None:
    asked = told(RUN, recommended=4, votes=tuple(replace(one, k=4) for one in RUN.verdict.votes))
    assert why_so_many(asked).startswith(
        "3 segments were asked for; the evidence speaks for 4 segments. None of 5 independent methods recommends 3"
    )


def test_without_groups_the_number_is_not_said_to_be_settled() -> None:
    cut = of_kind(RUN, VerdictKind.REPRODUCIBLE_CUT)
    assert why_so_many(cut).startswith("Since there are no clear groups, the data do not settle the number")


@each_kind
def test_one_audience_is_always_an_option(kind: VerdictKind) -> None:
    assert one_audience(of_kind(RUN, kind))
    assert one_audience(told(RUN, one_audience="")) == (
        "One audience, everybody treated alike, is always an option."
    )


def test_one_audience_has_a_first_page_too() -> None:
    text = page(make_run(k=1))
    assert "Why one audience" in text
    assert "One audience: everybody is in one segment." in text


def test_the_panel_is_marked_and_every_measure_says_what_it_is_trusted_for() -> None:
    rows = [row for row in read(report_html(RUN, {})).rows() if len(row) == 5]
    voting = [row for row in rows if row[0].endswith(" vote")]
    assert [row[0].removesuffix(" vote") for row in voting] == [
        "Lift over copies without groups",
        "Gap statistic",
        "Gaussian mixtures (BIC)",
        "Prediction strength",
        "Overlap of the least stable segment",
    ]
    assert [row[1] for row in voting] == ["3", "3", "4", "3", "3"]
    assert voting[0][2] == "0.33"
    assert voting[1][2] == "0.90 ± 0.02"
    assert all(row[4] for row in voting)
    assert next(row for row in rows if row[0] == "Elbow of the inertia")[4].startswith("A picture only")


def test_a_method_that_abstains_says_why() -> None:
    votes = (
        replace(RUN.verdict.votes[0], k=None, reason="nothing could be compared"),
        *RUN.verdict.votes[1:],
    )
    rows = read(report_html(told(RUN, votes=votes), {})).rows()
    row = next(row for row in rows if row[0] == "Lift over copies without groups vote")
    assert row[1:4] == ["–", "–", "It abstains: nothing could be compared."]


def test_every_judged_number_has_its_re_runs() -> None:
    rows = [row for row in read(report_html(RUN, {})).rows() if len(row) == 10]
    assert [row[0].split(" ")[0] for row in rows[1:]] == [str(k) for k in range(1, 9)]
    third = rows[3]
    assert third[0] == "3 chosen"
    assert third[1:4] == ["0.28", "0.33", "0.90 ± 0.02"]
    assert third[-2:] == ["0.91", "100%"]


def test_a_run_without_re_runs_has_neither_panel_nor_their_tables() -> None:
    text = page(make_run(judged=False))
    assert "What re-runs and copies without groups say" not in text
    assert "Which features make the segments" not in text
    assert "Would another choice give the same?" not in text
    assert "has not been judged" in text


def test_algorithms_are_compared_only_by_what_can_be_compared() -> None:
    outline = read(report_html(RUN, {}))
    heads = next(row for row in outline.rows() if row[:2] == ["Algorithm", "Segments"])
    assert not {"Silhouette", "Inertia", "BIC"} & set(heads)
    rows = {row[0]: row for row in outline.rows() if len(row) == len(heads)}
    assert rows["K-means used here, recommended"][2] == "0.95"
    assert set(rows["Spectral clustering not judged"][1:]) == {"–"}
    assert "Not judged: Spectral clustering: It takes too long for so many customers." in outline.text
    assert "All methods but one tell the same story" in outline.text
    grey = next(row for row in outline.rows() if row[:2] == ["Algorithm", "Places new customers"])
    assert {"Silhouette", "Calinski-Harabasz", "Davies-Bouldin", "Inertia", "BIC"} <= set(grey)


def test_other_choices_and_scalings_have_their_tables() -> None:
    outline = read(report_html(RUN, {}))
    assert ["algorithm moves most", "HDBSCAN", "0.62", "–", "–"] in outline.rows()
    assert ["seed", "10 other seeds", "0.99", "0.96", "–"] in outline.rows()
    assert ["robust", "0.97", "1.00", "0.97", "0.95"] in outline.rows()
    assert "The scalings agree" in outline.text


def test_a_feature_that_does_no_better_than_chance_is_flagged() -> None:
    weak = replace(RUN.population[1], eta_squared=0.2)
    run = replace(RUN, population=(RUN.population[0], weak, *RUN.population[2:]))
    rows = [row for row in read(report_html(run, {})).rows() if len(row) == 5 and row[4] in {WEAK, STRONG}]
    assert [row[0] for row in rows if row[4] == WEAK] == ["avg cart value weak"]
    assert len(rows) == 5
    assert rows[-1][1:4] == ["20%", "27%", "37%"]


def test_without_groups_no_feature_is_blamed() -> None:
    cut = of_kind(RUN, VerdictKind.REPRODUCIBLE_CUT)
    low = tuple(replace(one, eta_squared=0.1) for one in cut.population)
    outline = read(report_html(replace(cut, population=low), {}))
    assert WEAK not in outline.text
    assert [row[4] for row in outline.rows() if len(row) == 5 and row[4] == CHANCE] == [CHANCE] * 5


def test_a_single_algorithm_is_not_compared() -> None:
    assert "Would another algorithm see the same?" not in page(make_run(judged=False))


def test_the_page_says_what_the_evidence_rests_on() -> None:
    text = page(RUN)
    assert "999 customers were drawn again (standard effort): 19 copies without groups" in text
    assert "19 copies of the data were made" in text


def test_hostile_names_in_the_verdict_are_only_words() -> None:
    run = of_kind(make_run(k=12, p=12, hostile=True), VerdictKind.PARTLY_NATURAL)
    outline = read(report_html(run, {}))
    assert "script" not in outline.tags
    assert "\u202e" not in outline.text
