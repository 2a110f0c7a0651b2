"""The rule on evidence made by hand: what each kind of evidence must lead to."""

from dataclasses import replace
from math import nan

import pytest

from segmentry.records.arrays import frozen
from segmentry.records.evidence import (
    Border,
    Evidence,
    KEvidence,
    Resampled,
    SegmentStability,
    Spread,
    Twins,
)
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose import Choose, VerdictRule
from segmentry.stages.choose.panel import PANEL, first_within_error


def spread(mean: float) -> Spread:
    """A number that was always the same."""
    return Spread(mean=mean, low=mean, lower=mean, upper=mean, high=mean)


def row(
    k: int,
    *,
    lift: float = 0.0,
    jaccard: float = 0.9,
    strength: float = 0.9,
    apart: int = 0,
    gap: float = 0.0,
    bic: float = 0.0,
    smallest: int = 100,
) -> KEvidence:
    """One number of segments; ``apart`` of its segments have empty space around them."""
    segments = tuple(
        SegmentStability(
            segment=one, customers=600 // k, jaccard=spread(jaccard), inherited=1.0, separated=one < apart
        )
        for one in range(k)
    )
    twins = Twins(
        silhouette=0.3 + lift, twin=spread(0.3), p=0.05, eta_squared=(0.5,), eta_squared_high=(0.6,)
    )
    return KEvidence(
        k=k,
        inertia=1_000.0 / k,
        silhouette=0.3 + lift,
        silhouette_low=0.3,
        silhouette_high=0.4,
        silhouette_macro=0.3,
        calinski_harabasz=10.0,
        davies_bouldin=1.0,
        smallest=smallest,
        gap=gap,
        gap_error=0.01,
        bic=bic,
        resampled=Resampled(
            twins=twins,
            prediction_strength=strength,
            agreement=spread(jaccard),
            segments=segments,
            borders=(),
        ),
    )


ONE = replace(row(2, smallest=600, bic=2_000.0), k=1, inertia=1_000.0, silhouette=nan, resampled=None)


def evidence(*rows: KEvidence, one: KEvidence = ONE) -> Evidence:
    """Evidence for one audience and these numbers of segments, on 600 customers."""
    return Evidence(by_k=(one, *rows), elbow=None, fitted=600, silhouette_customers=600, curves=())


GROUPS = evidence(
    row(2, lift=0.15, gap=1.0, bic=900.0),
    row(3, lift=0.30, gap=1.5, bic=500.0, apart=3),
    row(4, lift=0.10, gap=1.4, bic=700.0, jaccard=0.7, strength=0.5),
)


def test_islands_with_all_votes_are_natural_and_sure() -> None:
    """METHOD 3.4: grouped, stable, empty space around every segment; five of five votes."""
    verdict = Choose()(GROUPS)
    assert (verdict.kind, verdict.k, verdict.confidence) == (VerdictKind.NATURAL, 3, "high")
    assert [vote.k for vote in verdict.votes] == [3] * 5
    assert verdict.share == 1.0
    assert verdict.runner_up == 2
    assert verdict.recommended == 3


@pytest.mark.parametrize(
    ("apart", "kind"),
    [(4, VerdictKind.NATURAL), (2, VerdictKind.PARTLY_NATURAL), (1, VerdictKind.DISTINCT_OVERLAPPING)],
)
def test_empty_space_decides_how_natural_groups_are(apart: int, kind: VerdictKind) -> None:
    """All segments apart, those of half of the customers, or fewer."""
    assert Choose()(evidence(row(4, lift=0.2, apart=apart))).kind is kind


def test_without_lift_a_stable_cut_is_the_one_with_most_votes() -> None:
    """No groups: of the numbers at which every segment comes back the panel's, then the most stable one."""
    rows = (
        row(2, bic=9.0),
        row(3, jaccard=0.95, bic=9.0),
        row(4, bic=3.0, lift=0.005),
        row(5, jaccard=0.7, bic=9.0),
    )
    verdict = Choose()(evidence(*rows))
    assert (verdict.kind, verdict.k, verdict.confidence) == (VerdictKind.REPRODUCIBLE_CUT, 4, "low")
    assert not verdict.grouped
    assert verdict.share == 0.0
    assert "continuum" in verdict.sentence
    assert "fair option" in verdict.one_audience


def test_nothing_stable_is_a_construction() -> None:
    """No number comes back: the mixtures' or the most stable one is a construction, empty space or not."""
    rows = (row(2, jaccard=0.5, apart=2, strength=0.5), row(3, jaccard=0.55, strength=0.5))
    verdict = Choose()(evidence(*rows, one=replace(ONE, bic=-1.0)))
    assert (verdict.kind, verdict.k) == (VerdictKind.CONSTRUCTIVE, 3)
    assert Choose()(evidence(*rows)).k == 2
    assert "no natural or dependable grouping" in verdict.sentence


def test_space_without_lift_is_not_natural() -> None:
    """Permuted columns keep their humps: both conditions are needed (METHOD 14)."""
    assert Choose()(evidence(row(3, lift=0.0, apart=3))).kind is VerdictKind.REPRODUCIBLE_CUT


def test_votes_count_only_among_what_is_nearly_as_tight_as_the_best() -> None:
    """Three votes for 6 do not outweigh a lift three times as high at 3."""
    found = evidence(
        row(3, lift=0.38, apart=3, gap=1.73, bic=1_450.0, strength=1.0),
        row(6, lift=0.13, gap=1.77, bic=1_196.0, strength=0.81),
    )
    verdict = Choose()(found)
    assert verdict.k == 3
    assert Choose(rule=VerdictRule(near_best=0.1))(found).k == 6


def test_a_tie_goes_to_the_mixtures() -> None:
    """Lift for 2, mixtures for 3, the others for neither."""
    found = evidence(
        row(2, lift=0.31, bic=600.0, strength=0.7, jaccard=0.7),
        row(3, lift=0.30, bic=500.0, strength=0.7, jaccard=0.7),
        one=replace(ONE, gap=9.0, gap_error=0.1),
    )
    assert Choose()(found).k == 3


def test_segments_that_are_too_many_or_too_small_are_out() -> None:
    """The limits of the business come before all votes."""
    assert Choose(max_segments=2)(GROUPS).k == 2
    assert Choose(floor_customers=101)(GROUPS).k == 1
    assert "one audience" in Choose(floor_customers=101)(GROUPS).sentence


def test_a_number_that_is_asked_for_is_judged_and_the_other_one_named() -> None:
    """The kind is that of the number asked for; the sentence says what the evidence speaks for."""
    verdict = Choose(k=2)(GROUPS)
    assert (verdict.k, verdict.recommended, verdict.kind) == (2, 3, VerdictKind.DISTINCT_OVERLAPPING)
    assert verdict.sentence.startswith("2 segments were asked for; the evidence speaks for 3 segments.")
    assert Choose(k=3)(GROUPS).sentence == Choose()(GROUPS).sentence
    alone = Choose(k=1)(GROUPS)
    assert (alone.kind, alone.confidence) == (VerdictKind.NOT_JUDGED, "not_judged")


def test_every_seat_of_the_panel_votes_or_says_why_not() -> None:
    """Five different methods; without gap and mixtures two abstain with a reason."""
    rows = [replace(one, gap=nan, bic=nan) for one in GROUPS.by_k]
    votes = Choose()(replace(GROUPS, by_k=tuple(rows))).votes
    assert len({vote.method for vote in votes}) == len(PANEL) == 5
    assert [vote.k is None for vote in votes] == [False, True, True, False, False]
    assert all(vote.reason for vote in votes)


def test_the_gap_s_rule_is_that_of_clusgap() -> None:
    """By hand, clusGap's firstSEmax: the first peak is 4, but 3 is within its error; later peaks do not count."""
    gaps = [(1, 0.1, 0.02), (2, 0.3, 0.02), (3, 0.49, 0.02), (4, 0.5, 0.02), (5, 0.4, 0.02), (6, 0.9, 0.02)]
    assert first_within_error(gaps) == 3
    assert first_within_error([(1, 1.0, 0.1), (2, 0.5, 0.1)]) == 1
    assert first_within_error([]) is None


def test_borders_are_not_needed_to_choose() -> None:
    """The verdict reads segments, not borders: a record with a border gives the same."""
    border = Border(
        first=0,
        second=1,
        customers=9,
        p=1.0,
        p_holm=1.0,
        empty=False,
        places=frozen([0.0]),
        counts=frozen([]),
    )
    rows = [
        replace(one, resampled=replace(one.resampled, borders=(border,))) if one.resampled else one
        for one in GROUPS.by_k
    ]
    assert Choose()(replace(GROUPS, by_k=tuple(rows))) == Choose()(GROUPS)


def test_tightness_alone_is_no_group() -> None:
    """Bent and uneven clouds are tighter than their copies too: without a witness it is a cut, and it says so."""
    bent = evidence(row(2, lift=0.06), one=replace(ONE, gap=9.0, gap_error=0.1))
    verdict = Choose()(bent)
    assert (verdict.kind, verdict.grouped) == (VerdictKind.REPRODUCIBLE_CUT, False)
    assert "nothing else says groups" in verdict.sentence


@pytest.mark.parametrize(
    ("witness", "one"),
    [
        (row(2, lift=0.06, gap=9.5), replace(ONE, gap=1.0, gap_error=0.1)),
        (row(2, lift=0.12), replace(ONE, gap=9.0, gap_error=0.1)),
    ],
)
def test_a_second_witness_makes_groups(witness: KEvidence, one: KEvidence) -> None:
    """The gap statistic's own answer, or a plain lift that one half of the customers predicts for the other."""
    assert Choose()(evidence(witness, one=one)).grouped


def test_high_confidence_needs_three_votes_and_empty_space() -> None:
    """Votes without empty space are medium at best, and empty space without votes is not high either."""
    touching = tuple(replace(one, resampled=_touching(one)) for one in GROUPS.judged)
    assert Choose()(evidence(*touching)).confidence == "medium"
    elsewhere = evidence(
        row(2, lift=0.30, apart=2, strength=0.85, jaccard=0.9, bic=900.0),
        row(3, lift=0.25, strength=0.9, jaccard=0.95, bic=500.0, gap=1.0),
        one=replace(ONE, gap=0.1),
    )
    for verdict in (Choose()(elsewhere), Choose(k=2)(elsewhere)):
        votes = sum(vote.k == verdict.k for vote in verdict.votes)
        assert verdict.confidence != "high" or votes >= 3


def _touching(one: KEvidence) -> Resampled:
    seen = one.resampled
    assert seen is not None
    return replace(seen, segments=tuple(replace(segment, separated=False) for segment in seen.segments))
