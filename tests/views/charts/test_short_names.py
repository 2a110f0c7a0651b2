"""Long names that share a beginning: shortened so that nobody takes one for another."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import pytest
from support.factories import make_run

from segmentry.records.run import Run
from segmentry.views.charts.cluster_prof import cluster_prof
from segmentry.views.charts.distributions_cluster import distributions_cluster
from segmentry.views.charts.segment_profile import segment_profile
from segmentry.views.charts.short_names import short_name
from segmentry.views.drawing.figure import Figure
from segmentry.views.drawing.marks import Words
from segmentry.views.topics.cells import NAME_LENGTH, feature
from segmentry.views.words.text import ELLIPSIS, label, shorten, width

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FAMILIES = {
    "ends differ": [f"how_often_the_application_was_opened_on_a_{day}" for day in DAYS],
    "middles differ": [f"how_often_the_application_was_opened_on_a_{day}_in_the_last_year" for day in DAYS],
    "beginnings differ": [f"{day}_how_often_the_application_was_opened_in_the_last_year" for day in DAYS],
    "numbers in one word": [f"{'x' * 200}{one}{'y' * 200}" for one in range(12)],
    "one begins the other": ["a" * 90, "a" * 91, "a" * 92],
    "mixed": ["visits", "spend", *(f"average_spend_of_{day}_before_any_discount" for day in DAYS)],
}


@pytest.mark.parametrize(("family", "room"), list(product(FAMILIES, (60, 120, 180))))
def test_shortened_names_differ_and_fit(family: str, room: int) -> None:
    names = FAMILIES[family]
    shown = [short_name(one, names, room, 14, bold=True) for one in names]
    assert len(set(shown)) == len(names), shown
    assert all(width(one, 14, bold=True) <= room for one in shown)


def test_a_name_that_fits_or_is_like_no_other_is_written_as_ever() -> None:
    names = FAMILIES["mixed"]
    assert short_name("visits", names, 120, 14) == "visits"
    alone = "a_name_that_has_no_sibling_in_the_table_at_all"
    assert short_name(alone, [*names, alone], 120, 14) == shorten(label(alone), 120, 14)


def test_a_name_is_shortened_alike_whatever_stands_first() -> None:
    names = FAMILIES["ends differ"]
    assert [short_name(one, names, 120, 14) for one in names] == [
        short_name(one, reversed(names), 120, 14) for one in names
    ]


def test_names_in_tables_keep_their_ends() -> None:
    names = [f"how_often_the_application_was_opened_by_the_customer_or_the_family_on_a_{day}" for day in DAYS]
    cells = [feature(one) for one in names]
    assert len({one.text for one in cells}) == len(names)
    assert all(len(one.text) <= NAME_LENGTH and ELLIPSIS in one.text for one in cells)
    assert [one.full for one in cells] == [one.replace("_", " ") for one in names]


def renamed(run: Run, names: Sequence[str]) -> Run:
    """The run with other names for its features."""
    other = dict(zip((one.feature for one in run.population), names, strict=True))
    return replace(
        run,
        population=tuple(replace(one, feature=other[one.feature]) for one in run.population),
        histograms=tuple(replace(one, feature=other[one.feature]) for one in run.histograms),
        segments=tuple(
            replace(
                segment, features=tuple(replace(one, feature=other[one.feature]) for one in segment.features)
            )
            for segment in run.segments
        ),
    )


@pytest.mark.parametrize("chart", [cluster_prof, distributions_cluster, segment_profile])
def test_no_two_features_of_a_chart_look_alike(chart: Callable[[Run], tuple[Figure, ...]]) -> None:
    names = FAMILIES["middles differ"]
    figures = chart(renamed(make_run(k=3, p=len(names)), names))
    texts = [mark.text for figure in figures for mark in figure.marks if isinstance(mark, Words)]
    shown = [text for text in texts if text.startswith(("how", ELLIPSIS)) and ELLIPSIS in text]
    assert len(shown) == len(set(shown)) == len(names), shown
