"""What the verdict says of its own record."""

import pytest

from segmentry.records.hit_rates import FEWEST, HIT_RATES, hit_rate
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose.verdict_words import how_often_right


def test_more_votes_and_empty_space_were_right_more_often() -> None:
    """High confidence rests on natural groups with most votes: at least 85 % of them had the right number."""
    high, low = hit_rate(natural=True, votes=3), hit_rate(natural=False, votes=2)
    assert high is not None
    assert low is not None
    assert high.right >= 0.85 * high.tables
    assert low.right < 0.6 * low.tables


@pytest.mark.parametrize(
    ("natural", "votes"), [(natural, votes) for natural in (True, False) for votes in range(6)]
)
def test_the_record_is_said_only_where_there_is_enough_of_it(*, natural: bool, votes: int) -> None:
    """Of fewer than five tables nothing is said."""
    rate = hit_rate(natural=natural, votes=votes)
    said = how_often_right(VerdictKind.NATURAL if natural else VerdictKind.DISTINCT_OVERLAPPING, votes)
    assert all(0 <= found.right <= found.tables for found in HIT_RATES.values())
    if rate is None:
        assert said == ""
    else:
        assert rate.tables >= FEWEST
        assert said == (
            f"Of {rate.tables} tables of known groups with evidence like this, {rate.right} had this number."
        )
