"""Pictures that are fair: one scale for all panels of a profile, and names that do not hide customers."""

from dataclasses import replace

import numpy as np
import pytest
from support.factories import make_run

from segmentry.views.charts.cluster_prof import Reach, columns_of
from segmentry.views.charts.maps import LINE, Place, settled
from segmentry.views.drawing.panels import Panel

PANEL = Panel(left=0, top=0, width=600, height=400)


def test_a_small_difference_is_as_small_in_every_panel() -> None:
    """One standard deviation takes the same pixels, whatever the unit and the spread of the measure."""
    columns = [one for one in columns_of(make_run(k=4, p=6)) if not one.is_share]
    reach = Reach.of(columns)
    pixels = []
    for column in columns:
        scale, middle = reach.scale(column, PANEL), column.everybody.mean
        pixels.append(abs(scale.at(middle + 0.25 * column.everybody.sd) - scale.at(middle)))
    assert pixels == pytest.approx([pixels[0]] * len(pixels))
    assert pixels[0] > 0


def test_shares_are_drawn_from_zero_to_the_largest_of_them() -> None:
    columns = [one for one in columns_of(make_run(k=4, p=6, flags=3)) if one.is_share]
    scales = [Reach.of(columns).scale(column, PANEL) for column in columns]
    assert {scale.low for scale in scales} == {0.0}
    assert len({scale.high for scale in scales}) == 1


def test_a_name_stands_beside_its_customers_and_touches_no_other() -> None:
    """A dense disc of customers around the middle: free room begins 80 pixels away from it."""
    angle, radius = np.meshgrid(np.linspace(0, 2 * np.pi, 60), np.linspace(0, 80, 20))
    x, y = 300 + (radius * np.cos(angle)).ravel(), 200 + (radius * np.sin(angle)).ravel()
    crowded = np.column_stack([x, y, np.full(len(x), 1 / len(x))])
    place = Place(text="Regular buyers", ink="#000000", x=300, y=200, home=(300, 200))
    first, second = settled([place, replace(place, text="Rare buyers")], PANEL, crowded)
    for one in (first, second):
        covered = (np.abs(x - one.x) < one.half) & (np.abs(y - one.y) < LINE / 2)
        assert covered.mean() < 0.01
    assert abs(first.y - second.y) > LINE or abs(first.x - second.x) >= first.half + second.half
