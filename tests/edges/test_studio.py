"""Drawing by helpers gives what drawing here gives, and survives a helper that dies."""

from factories import make_run

from segmentry.edges.render import render
from segmentry.edges.studio import Studio, render_all
from segmentry.views.charts.catalog import SEGMENTS

FIGURES = [page for name in ("elbow", "segment_sizes", "final") for page in SEGMENTS[name](make_run())]


def test_a_helper_draws_the_same_bytes() -> None:
    assert render_all(FIGURES) == [render(one) for one in FIGURES]


def test_pictures_are_drawn_here_when_a_helper_dies() -> None:
    studio = Studio()
    studio._coming.join()  # noqa: SLF001
    for helper in studio._helpers:  # noqa: SLF001 - the test is about their death
        helper.kill()
        helper.wait()
    assert studio.draw(FIGURES[:1]) == [render(FIGURES[0])]
    studio.close()


def test_without_helpers_pictures_are_drawn_here() -> None:
    assert Studio(helpers=0).draw(FIGURES[:1]) == [render(FIGURES[0])]
