"""Drawing by helpers gives what drawing here gives, and survives a helper that dies."""

from support.factories import make_run

from segmentry.edges.rendering.png import png
from segmentry.edges.rendering.pool import Studio, begin, pictures
from segmentry.views.charts.catalog import SEGMENTS
from segmentry.workflows.figures import on_paper, sheet

DRAWN = [
    on_paper(sheet(page))
    for name in ("elbow", "segment_sizes", "final")
    for page in SEGMENTS[name](make_run())
]


def test_helpers_draw_the_same_bytes_in_the_order_asked_for() -> None:
    begin(DRAWN[::-1])
    assert pictures(DRAWN) == [png(one) for one in DRAWN]


def test_what_was_begun_and_is_not_asked_for_leaves_no_trace() -> None:
    begin(DRAWN)
    assert pictures(DRAWN[:1]) == pictures(DRAWN[:1])


def test_pictures_are_drawn_here_when_a_helper_dies() -> None:
    studio = Studio()
    for helper in studio._helpers:  # noqa: SLF001 - the test is about their death
        helper.kill()
        helper.wait()
    assert studio.pictures(DRAWN[:1]) == [png(DRAWN[0])]
    studio.close()


def test_without_helpers_pictures_are_drawn_here() -> None:
    assert Studio(helpers=0).pictures(DRAWN[:1]) == [png(DRAWN[0])]
