"""Figures on a phone: panels below one another, on a sheet as wide as the window."""

import re

import pytest
from support.factories import make_run

from segmentry.records.run import Run
from segmentry.views.charts.catalog import SEGMENTS

STACKED = (
    "verdict",
    "final",
    "segment_sizes",
    "cluster_prof",
    "segment_profile",
    "clusters_PCA",
    "cluster_feature_final",
    "distributions_cluster",
    "evidence_by_k",
    "cluster_evaluate",
)


@pytest.fixture(scope="module")
def run() -> Run:
    return make_run(k=5, p=7, missing=True, long_names=True)


@pytest.mark.parametrize("name", STACKED)
def test_a_figure_for_a_phone_holds_every_word_within_its_sheet(run: Run, name: str) -> None:
    """A phone of 360 pixels leaves 320 for a drawing; words that begin right of it cannot be read."""
    for page in SEGMENTS[name](run):
        box = re.search(r'viewBox="24 -6 320 ', page.phone_body)
        places = [float(x) for x in re.findall(r'<text x="([\d.]+)"', page.phone_body)]
        assert box is not None
        assert places
        assert min(places) >= 24
        assert max(places) <= 344


def test_panels_stand_below_one_another_on_a_phone(run: Run) -> None:
    """Two bar charts side by side become two bar charts below one another: twice as high."""
    (sizes,) = SEGMENTS["segment_sizes"](run)
    assert sizes.phone is not None
    assert sizes.phone.height > 1.9 * sizes.height
