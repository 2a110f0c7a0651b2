"""The parts that charts are made of: colours, labels, letters and numbers."""

from itertools import combinations
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import make_run

from segmentry.views.charts.captions import run_foot, tags
from segmentry.views.charts.cluster_prof import cluster_prof
from segmentry.views.charts.evidence import evidence_by_k
from segmentry.views.charts.maps import Place, settled
from segmentry.views.charts.segment_sizes import segment_sizes
from segmentry.views.drawing.density import densities, density
from segmentry.views.drawing.marks import Bar, Dot, HairLine, Words
from segmentry.views.drawing.panels import Panel
from segmentry.views.drawing.theme import LEGIBLE, PALETTE, contrast, dark, segment_colour
from segmentry.views.words import numbers
from segmentry.views.words.text import clean, shorten, width, wrap


def test_a_segment_has_one_colour_in_every_figure() -> None:
    run = make_run(k=8)
    assert [tag.colour for tag in tags(run)] == list(PALETTE)
    bars = [mark.colour for mark in segment_sizes(run)[0].marks if isinstance(mark, Bar)]
    dots = [mark.colour for mark in cluster_prof(run)[0].marks if isinstance(mark, Dot)]
    assert bars[:8] == dots[:8] == list(PALETTE)


def test_there_is_no_ninth_colour() -> None:
    assert {segment_colour(number, 12) for number in range(1, 13)} == {PALETTE[0]}


@pytest.mark.parametrize("colour", PALETTE)
def test_labels_in_a_segments_colour_can_be_read_on_white(colour: str) -> None:
    assert contrast(dark(colour)) >= LEGIBLE


@pytest.mark.parametrize("k", [3, 8, 12])
def test_value_labels_cross_neither_the_line_of_all_customers_nor_a_dot(k: int) -> None:
    for page in cluster_prof(make_run(k=k, p=6)):
        lines = [mark for mark in page.marks if isinstance(mark, HairLine) and mark.dashed]
        dots = [mark for mark in page.marks if isinstance(mark, Dot)]
        for word in (mark for mark in page.marks if isinstance(mark, Words) and mark.strong):
            wide = width(word.text, word.size, bold=True)
            left, right = (word.x, word.x + wide) if word.align == "left" else (word.x - wide, word.x)
            assert not [one for one in lines if left < one.x < right and one.y < word.y <= one.y2]
            assert not [
                one
                for one in dots
                if left < one.x + one.radius and one.x - one.radius < right and abs(one.y - word.y) < 14
            ]


def test_small_segments_are_flagged_and_the_foot_says_why() -> None:
    run = make_run(tiny=True)
    assert [tag.fit(200, 13)[-1] == "*" for tag in tags(run)].count(True) == 1
    assert "* fewer than 50 customers: read with care" in run_foot(run)
    assert "*" not in run_foot(make_run())
    assert "*" not in evidence_by_k(run)[0].foot, "no segment is named there"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_cleaned_text_is_one_line_of_valid_xml(text: str) -> None:
    safe = clean(text)
    assert safe == " ".join(safe.split()) != ""
    assert ET.fromstring(f"<a>{escape(safe)}</a>").text == safe  # noqa: S314 (our own text)


@given(st.text(max_size=80), st.integers(min_value=30, max_value=400))
def test_shortened_text_fits_its_room(text: str, room: int) -> None:
    assert width(shorten(clean(text), room, 13), 13) <= room


@given(st.text(max_size=300), st.integers(min_value=1, max_value=4))
def test_wrapped_text_keeps_to_its_room_and_lines(text: str, lines: int) -> None:
    found = wrap(clean(text), 150, 13, lines=lines)
    assert len(found) <= lines
    assert all(width(line, 13) <= 150 for line in found)


@given(st.lists(st.floats(min_value=-1e12, max_value=1e12), min_size=1, max_size=8))
def test_the_numbers_of_a_column_have_the_same_decimals(values: list[float]) -> None:
    texts = numbers.column(values)
    assert len({len(text.partition(".")[2]) for text in texts}) == 1


def test_names_on_the_map_move_apart_and_stay_inside() -> None:
    panel = Panel(left=0, top=0, width=300, height=200)
    places = [Place(text=f"Segment {i}", ink="#000000", x=150, y=199, home=(150, 199)) for i in range(6)]
    found = settled(places, panel, np.zeros((0, 3)))
    for one, other in combinations(found, 2):
        assert abs(one.y - other.y) >= 20 or abs(one.x - other.x) >= one.half + other.half
    assert all(place.y - 10 >= 0 and place.y + 10 <= 200 for place in found)
    assert all(place.half <= place.x <= 300 - place.half for place in found)


def test_density_pictures_cost_the_same_for_any_number_of_customers() -> None:
    few, many = (density(np.full((24, 24), amount), PALETTE[0]) for amount in (1, 10**9))
    assert few == many
    assert densities(np.eye(3, dtype=np.int64)[None].repeat(2, axis=0), PALETTE[:2]).startswith(
        "data:image/png"
    )
