"""Which segments to serve: knock-outs, scores from the data, and an axis that is never guessed."""

from dataclasses import replace

import pytest
from support.factories import make_run

from segmentry.records.run import Run
from segmentry.records.targets import Criterion, Targeting
from segmentry.stages.strategy.targets import targets
from segmentry.views.charts.targets import target_matrix
from segmentry.views.topics.targeting import target_table


def told(run: Run, **changes: object) -> Run:
    return replace(run, targeting=replace(run.targeting, **changes))  # type: ignore[arg-type]


def test_the_scores_go_from_one_to_ten_and_are_weighted() -> None:
    """By hand: share of customers of 999 in three segments, least 1, most 10, between in proportion."""
    run = told(make_run(value=False), weights={"size": 1.0})
    found = targets(run)
    sizes = [one.share for one in run.segments]
    for one, share in zip(found.targets, sizes, strict=True):
        expected = 1 + 9 * (share - min(sizes)) / (max(sizes) - min(sizes))
        assert one.attractiveness == pytest.approx(expected)
    assert found.unmeasured == ()


def test_what_cannot_be_measured_loses_its_weight_to_the_others() -> None:
    found = targets(make_run())
    assert found.unmeasured == (Criterion.GROWTH, Criterion.REACHABLE, Criterion.RESPONSE)
    weights = {one.criterion: one.weight for one in found.targets[0].scores}
    assert weights == pytest.approx(
        {Criterion.VALUE_SHARE: 0.25 / 0.7, Criterion.VALUE_EACH: 0.25 / 0.7, Criterion.SIZE: 0.2 / 0.7}
    )


def test_how_well_the_shop_competes_is_asked_for_and_never_guessed() -> None:
    run = make_run()
    assert not targets(run).filled
    assert all(one.competitiveness is None for one in targets(run).targets)
    (figure,) = target_matrix(run)
    assert "there is no second axis" in figure.subtitle
    table = target_table(run)
    assert table is not None
    assert "is not guessed" in table.note
    filled = told(run, competitiveness=(7.0, 3.0, 5.0))
    assert targets(filled).filled
    assert "there is no second axis" not in target_matrix(filled)[0].subtitle


def test_a_segment_that_misses_a_condition_is_ruled_out() -> None:
    run = told(make_run(), suits_us=(False, True, None), reachable=(0.9, 0.5, 0.6), least_customers=20)
    first, second, third = targets(run).targets
    assert first.ruled_out == ("suits your strengths",)
    assert second.ruled_out == ("reachable",)
    assert third.ruled_out == ()
    unknown = [one.condition for one in third.knock_outs if one.met is None]
    assert unknown == ["suits your strengths", "identifiable"]


def test_with_one_audience_there_is_nothing_to_choose() -> None:
    assert target_matrix(make_run(k=1)) == ()
    assert target_table(make_run(k=1)) is None


def test_twelve_segments_with_long_names_stay_on_the_sheet() -> None:
    for filled in (False, True):
        run = make_run(k=12, long_names=True)
        run = told(run, competitiveness=(5.0,) * 12 if filled else ())
        (figure,) = target_matrix(run)
        assert len(figure.data) == 12
        places = [getattr(mark, "y2", getattr(mark, "y", 0.0)) for mark in figure.marks]
        assert len(places) > 12
        assert max(places) <= figure.height


def test_what_nobody_said_is_nothing() -> None:
    assert Targeting().competitiveness == ()
