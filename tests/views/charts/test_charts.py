"""Every figure of the catalog, over runs from plain to hostile: what comes out can be shown to people."""

import re
import struct
import zlib
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from support.factories import make_run, with_outcomes
from support.svg_words import Word, frame, outside, touching, words

from segmentry.edges.rendering.png import png
from segmentry.records.run import Run
from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS
from segmentry.views.drawing.figure import Figure

CASES: dict[str, dict[str, Any]] = {
    "3 segments, 5 features": {},
    "3 segments, 5 features, long names": {"long_names": True},
    "8 segments, 25 features": {"k": 8, "p": 25},
    "8 segments, 25 features, long names": {"k": 8, "p": 25, "long_names": True},
    "12 segments, 5 features, long names": {"k": 12, "long_names": True, "tiny": True},
    "12 segments, 25 features": {"k": 12, "p": 25},
    "3 segments, 40 features": {"p": 40},
    "one segment": {"k": 1},
    "one segment, one feature": {"k": 1, "p": 1},
    "3 segments, one feature": {"p": 1},
    "2 segments, 2 features": {"k": 2, "p": 2},
    "hostile names": {"k": 12, "p": 12, "hostile": True},
    "money, flags, gaps, density": {"k": 4, "p": 8, "n": 6_000, "money": 4, "flags": 3, "missing": True},
    "nothing run again": {"judged": False},
    "no value, a near-empty segment": {"k": 5, "p": 6, "value": False, "tiny": True, "sampled": 500},
}
FIGURES = (*EXPLORATORY, *SEGMENTS)
NAMED = {
    "distributions",
    "correlations",
    "relationships",
    "EDA_1",
    "EDA_2",
    "elbow",
    "cluster_evaluate",
    "cluster_prof",
    "distributions_cluster",
    "clusters_PCA",
    "cluster_feature_final",
    "segment_profile",
    "final",
    "verdict",
    "evidence_by_k",
    "segment_stability",
    "segment_flow",
    "algorithm_agreement",
    "choices",
}
TALLEST = 1_300
each_figure = pytest.mark.parametrize("name", FIGURES)
each_case = pytest.mark.parametrize("case", CASES)


@cache
def run_of(case: str) -> Run:
    return with_outcomes(make_run(**CASES[case]))


@cache
def drawings(case: str, name: str) -> tuple[tuple[Figure, str], ...]:
    run = run_of(case)
    pages = EXPLORATORY[name](run.survey) if name in EXPLORATORY else SEGMENTS[name](run)
    assert not pages or pages[0].name == name, "a figure bears the name under which the catalog has it"
    return tuple((page, page.svg) for page in pages)


def chunks_of(picture: bytes) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    at = 8
    while at < len(picture):
        (size,) = struct.unpack(">I", picture[at : at + 4])
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        assert struct.unpack(">I", picture[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        found.setdefault(kind, []).append(body)
        at += 12 + size
    return found


def test_the_catalog_has_every_figure_that_people_look_for() -> None:
    assert set(FIGURES) >= NAMED


@each_case
@each_figure
def test_no_text_leaves_the_frame_or_lies_on_other_text(case: str, name: str) -> None:
    for figure, drawing in drawings(case, name):
        assert outside(drawing) == [], figure.name
        assert touching(drawing) == [], figure.name


@each_case
@each_figure
def test_a_page_is_800_wide_not_endless_and_no_letter_is_below_12_pixels(case: str, name: str) -> None:
    for _, drawing in drawings(case, name):
        width, height = frame(drawing)
        assert width == 800
        assert height <= TALLEST
        assert min(word.size for word in words(drawing)) >= 12


@each_figure
def test_a_figure_says_what_it_shows(name: str) -> None:
    for figure, _ in drawings("3 segments, 5 features", name):
        assert figure.title
        assert figure.subtitle
        assert "999 customers" in figure.foot
        assert "2026-11-23" in figure.foot
        assert figure.alt.endswith(".")
        assert figure.data


@each_figure
def test_the_picture_is_1600_wide_and_carries_title_and_alt_text(name: str) -> None:
    figure, _ = drawings("3 segments, 5 features", name)[0]
    chunks = chunks_of(png(figure.svg))
    assert struct.unpack(">I", chunks[b"IHDR"][0][:4])[0] == 1600
    texts = [body.decode() for body in chunks[b"iTXt"]]
    assert texts == [f"Title\0\0\0\0\0{figure.title}", f"Description\0\0\0\0\0{figure.alt}"]


def test_the_same_run_gives_the_same_bytes() -> None:
    first, second = (png(SEGMENTS["final"](make_run())[0].svg) for _ in range(2))
    assert first == second


@each_figure
def test_hostile_names_are_nothing_but_text(name: str) -> None:
    for _, drawing in drawings("hostile names", name):
        root = ET.fromstring(drawing)  # noqa: S314 (our own drawing)
        tags = {node.tag.rpartition("}")[2] for node in root.iter()}
        assert tags <= {"svg", "g", "path", "rect", "line", "circle", "text", "title", "desc", "image"}
        assert not [key for node in root.iter() for key in node.attrib if key.lower().startswith("on")]
        links = [value for node in root.iter() for key, value in node.attrib.items() if key.endswith("href")]
        assert all(link.startswith("data:image/png;base64,") for link in links)
        assert "49" not in {word.text for word in words(drawing)}


def test_a_name_that_looks_like_an_attribute_is_left_as_it_is() -> None:
    drawing = drawings("hostile names", "segment_sizes")[0][1]
    assert 'id="a" url(#b) href="#c"' in {word.text for word in words(drawing)}


@each_figure
def test_the_drawing_has_a_name_and_ids_of_its_own(name: str) -> None:
    figure, drawing = drawings("3 segments, 5 features", name)[0]
    root = ET.fromstring(drawing)  # noqa: S314 (our own drawing)
    assert root.attrib["role"] == "img"
    assert [child.text for child in list(root)[:2]] == [figure.title, figure.alt]
    ids = re.findall(r'\sid="([^"]*)"', drawing)
    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{figure.name}-") for one in ids)


@pytest.mark.parametrize("name", SEGMENTS)
def test_segments_keep_their_order_down_the_page(name: str) -> None:
    run = run_of("3 segments, 5 features")
    order = [segment.name for segment in run.segments]
    found = words(drawings("3 segments, 5 features", name)[0][1])
    labels = [word for word in found if word.text in order and word.left < 200]
    if name not in {"clusters_PCA", "cluster_feature_final", "targets"}:
        places = sorted(labels, key=lambda word: word.top)
        laps = [word.text for word in places]
        assert laps == (order * 9)[: len(laps)]


def test_more_segments_or_features_than_fit_go_to_further_pages() -> None:
    names = [figure.name for figure, _ in drawings("3 segments, 40 features", "distributions")]
    assert names == ["distributions", "distributions_2", "distributions_3", "distributions_4"]


def test_the_checker_itself_sees_words_that_touch_and_words_outside() -> None:
    text = '<text text-anchor="start" transform="translate({},20)" font-size="12px" font-weight="normal">abc</text>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="40">{text.format(5)}{text.format(15)}</svg>'
    assert touching(drawing) == [("abc", "abc")]
    assert outside(drawing) == ["abc"]
    assert isinstance(words(drawing)[0], Word)
