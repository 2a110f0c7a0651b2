"""Why not another number of segments: the answer holds against the evidence of both."""

from dataclasses import replace

from support.factories import make_run

from segmentry.views.topics.other_numbers import TriedNumber, against, other_numbers, what_would_change

RUN = make_run()


def tried(
    k: int, *, votes: int = 2, explained: float = 0.6, lift: float = 0.2, least: float = 0.9
) -> TriedNumber:
    return TriedNumber(k=k, votes=votes, explained=explained, lift=lift, least=least, smallest=50)


def test_the_table_asks_about_one_fewer_and_one_more() -> None:
    found = other_numbers(RUN)
    assert found is not None
    assert found.caption == "Why not 2? Why not 4?"
    assert [(row[0].text, row[0].badge) for row in found.rows] == [("2", ""), ("3", "chosen"), ("4", "")]
    votes = sum(vote.k == 3 for vote in RUN.verdict.votes)
    assert found.rows[1][1].text == f"{votes} of {len(RUN.verdict.votes)}"


def test_what_speaks_against_a_number_is_the_gravest_true_reason() -> None:
    ours = tried(3)
    assert "does not come back" in against(tried(4, least=0.4, votes=0), (ours, tried(4, least=0.4, votes=0)))
    fewer = tried(4, votes=0, explained=0.7)
    assert against(fewer, (ours, fewer)) == "No method for it, but 2 for 3."
    loose = tried(4, lift=0.05, explained=0.7)
    assert against(loose, (ours, loose)).startswith("Less tight than 3")
    assert against(ours, (ours, tried(4, explained=0.7))) == (
        "It explains less of the variation: 60% against 70% with 4."
    )
    assert against(tried(4), (ours, tried(4))).startswith("Nothing that was measured")


def test_nothing_is_said_where_nothing_was_judged_or_tried() -> None:
    assert other_numbers(make_run(judged=False)) is None
    assert other_numbers(make_run(k=1)) is None
    untried = replace(RUN, comparison=replace(RUN.comparison, alternatives=()))
    assert what_would_change(untried) == ""
    assert what_would_change(RUN).endswith(".")
