"""A figure in Python: what it shows, what it says, and the files it becomes."""

import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from support.factories import make_run, make_survey, with_outcomes

import segmentry as sg
from segmentry.results.exploration import Exploration
from segmentry.results.segmentation import Result
from segmentry.results.stopwatch import Watch
from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS

RESULT = Result(run=with_outcomes(make_run()), watch=Watch())
LONG = Result(run=with_outcomes(make_run(k=8, p=25)), watch=Watch())


def size(png: bytes) -> tuple[int, ...]:
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("result", [RESULT, LONG], ids=["plain", "long"])
@pytest.mark.parametrize("name", [*EXPLORATORY, *SEGMENTS])
def test_every_figure_has_its_numbers_as_a_table(result: Result, name: str) -> None:
    """As many rows as all pages hold, each value as it was; what is not a number is null."""
    chart = result.chart(name)
    rows = [row for page in chart.figures for row in page.data]
    assert chart.data.num_rows == len(rows) > 0
    assert chart.data.to_pylist() == [
        {name: None if value != value else value for name, value in row.items()}  # noqa: PLR0124 - NaN
        for row in rows
    ]


def test_numbers_go_to_pandas() -> None:
    frame = RESULT.chart("segment_sizes").data.to_pandas()
    assert list(frame["segment"]) == [segment.name for segment in RESULT.segments]
    assert frame["customers"].sum() == sum(segment.customers for segment in RESULT.segments)


def test_a_figure_shows_itself_in_a_notebook_at_the_width_of_the_page() -> None:
    chart = RESULT.chart("elbow")
    data, metadata = chart._repr_mimebundle_()
    assert size(data["image/png"])[0] == 1600
    assert metadata == {"image/png": {"width": 800}}
    assert data["text/plain"] == repr(chart) == f"<Chart elbow: {chart.title}>"


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_figure_is_saved_as_its_ending_says(tmp_path: Path, ending: str) -> None:
    path = RESULT.chart("elbow").save(tmp_path / f"x.{ending}")
    assert path.read_bytes()[:4] == {"svg": b"<svg", "png": b"\x89PNG"}[ending]


def test_a_figure_of_several_pages_shows_them_below_one_another(tmp_path: Path) -> None:
    chart = LONG.chart("segment_profile")
    assert len(chart.pages) > 1
    assert repr(chart).startswith(f"<Chart segment_profile ({len(chart.pages)} pages): ")
    sheets = [ET.fromstring(page.svg) for page in chart.pages]  # noqa: S314 - our own drawing
    whole = ET.fromstring(chart.svg)  # noqa: S314 - our own drawing
    heights = [float(sheet.attrib["height"]) for sheet in sheets]
    assert float(whole.attrib["height"]) == pytest.approx(sum(heights))
    assert [float(page.attrib["y"]) for page in whole] == pytest.approx(
        [sum(heights[:at]) for at in range(len(heights))]
    )
    width, height = size(chart.save(tmp_path / "long.png").read_bytes())
    assert (width, height) == (1600, pytest.approx(2 * sum(heights), abs=2))


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sg.UsageError, match=r"cannot be saved as 'x\.pdf'.*\.svg or in \.png"):
        RESULT.chart("elbow").save(tmp_path / "x.pdf")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(sg.OutputError, match="no such file"):
        RESULT.chart("elbow").save(tmp_path / "nowhere" / "x.svg")


def test_a_name_that_comes_near_is_offered() -> None:
    with pytest.raises(sg.UsageError, match="Did you mean 'elbow'"):
        RESULT.chart("elbows")
    with pytest.raises(sg.UsageError, match="Did you mean 'EDA_1'"):
        Exploration(make_survey()).chart("EDA_11")
