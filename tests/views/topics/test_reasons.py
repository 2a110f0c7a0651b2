"""What the report says of why: the rule card, the other columns, and how a segment stands."""

from dataclasses import replace

import numpy as np
from support.factories import make_run

from segmentry.records.columns import Role
from segmentry.records.reasons import DescribingColumn, NotJudged, Reasons
from segmentry.records.run import Run
from segmentry.stages.profiling.descriptors import Grouped, describe_segments
from segmentry.stages.profiling.rules import Asked, MakeRules
from segmentry.views.report import report_html
from segmentry.views.topics.reasons import alone, besides, of_segment, rule_card
from segmentry.views.topics.segments import standing


def explained() -> Run:
    """A run with rules, a town that goes with the segment, a coin that does not, and a protected column."""
    run = make_run()
    rng = np.random.default_rng(0)
    segment = np.asarray(run.assignment.segment)
    features, values = run.survey.customers.names, run.survey.customers.values
    rule, rules = MakeRules()(
        Asked(features=features, flags=(False,) * len(features), values=values, segment=segment, k=run.k),
        seed=0,
    )
    town = np.where(rng.random(len(segment)) < 0.4, segment, rng.integers(0, 3, len(segment))).astype(float)
    columns = [
        DescribingColumn(
            name="town", role=Role.DESCRIPTOR, values=town, words=("Bergen", "Oslo", "<b>Rome</b>")
        ),
        DescribingColumn(
            name="coin",
            role=Role.DESCRIPTOR,
            values=rng.integers(0, 2, len(segment)) * 1.0,
            words=("no", "yes"),
        ),
        DescribingColumn(name="gender", role=Role.PROTECTED, values=segment % 2 * 1.0, words=("f", "m")),
    ]
    found, left = describe_segments(
        columns, Grouped(segment=segment, k=run.k, features=features, values=values)
    )
    reasons = Reasons(
        rule=rule,
        rules=rules,
        descriptors=found,
        left_out=(("street", "It holds 900 different values."), *left),
        looked_at=len(segment),
    )
    return replace(run, reasons=reasons)


RUN = explained()


def test_the_rule_stands_in_the_report_with_its_quality() -> None:
    card = rule_card(RUN)
    assert card is not None
    assert "of customers where the segments do" in card.title
    assert {line.name.text for line in card.lines} == {one.name for one in RUN.segments}
    assert len(card.quality.rows) == RUN.k
    assert all(
        "Of those it finds" in alone(RUN, one) or "single them out" in alone(RUN, one) for one in RUN.segments
    )


def test_the_page_says_why_features_are_not_tested_and_tests_no_protected_column() -> None:
    page = report_html(RUN, {})
    assert "Features that the segments were made from are not tested" in page
    assert "Protected characteristics, shown only" in page
    found = besides(RUN)
    assert found is not None
    assert found.tested is not None
    assert [row[0].text for row in found.tested.rows] == ["town", "coin"]
    assert [row[1].text for row in found.tested.rows] == ["yes", "no"]
    assert "<b>Rome" not in page


def test_each_segment_shows_the_columns_in_which_it_is_unlike_the_others() -> None:
    table = of_segment(RUN, RUN.segments[0])
    assert table is not None
    assert [row[0].text for row in table.rows] == ["town"]
    assert table.rows[0][1].text == "Bergen"


def test_a_run_without_reasons_has_a_page_all_the_same() -> None:
    bare = replace(RUN, reasons=Reasons(rule=NotJudged(reason="No question parts them.")))
    assert rule_card(bare) is None
    assert besides(bare) is None
    assert "The segments" in report_html(bare, {})


def test_a_segment_is_separated_stable_or_loose() -> None:
    assert {standing(RUN, one) for one in RUN.segments} <= {"separated", "stable", "loose"}
    assert standing(make_run(judged=False), RUN.segments[0]) == ""
