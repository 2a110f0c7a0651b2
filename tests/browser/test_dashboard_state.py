"""The address is the only state: what a visitor did is there again after a reload, behind a link, and on the way back."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.dashboard_visits import Watch, assert_counted, brush, everybody, listed, settled, state, taken
from support.shops import LATER

from segmentry.views.words.numbers import share

Act = Callable[[Any], object]


def _click(selector: str) -> Act:
    return lambda page: page.click(selector)


def _search(page: Any) -> None:
    page.fill("#q", "C001")
    page.click("form.filter button")


def _draw(page: Any) -> None:
    brush(page, (0.35, 0.3), (0.6, 0.6))


def _for_another(page: Any) -> None:
    page.select_option("#for", "2")


def _calculate(page: Any) -> None:
    for name, value in {
        "base": "5",
        "rise": "1",
        "margin": "40",
        "order_value": "60",
        "contact_cost": "0.1",
    }.items():
        page.fill(f"#c-{name}", value)
    page.click("#calculator button")


def _other_run(page: Any) -> None:
    page.select_option("#before", "first")


def _next_page(page: Any) -> None:
    page.click("nav.pager a[rel=next]")


WALKS: Mapping[str, tuple[Act, ...]] = {
    "/": (_click("text=Choose k"), _click("td a:has-text('Preview 2')"), _click("nav >> text=Map")),
    "/customers": (
        _click("#segment-1"),
        _click("thead >> text=Confidence"),
        _next_page,
        _click("#confidence-high"),
        _search,
        _click("table.list tbody a >> nth=0"),
    ),
    "/map": (_click("#segment-2"), _draw, _click("#confidence-high"), _click("text=Show all")),
    "/compare": (_click("#segment-3"), _click("nav >> text=Overview")),
    "/models": (_click("td a:has-text('Preview 2')"), _click("text=Back to the")),
    "/changes": (
        _click("text=List them >> nth=0"),
        _next_page,
        _other_run,
        _click("text=List them >> nth=0"),
    ),
    "/strategies": (
        _calculate,
        _for_another,
    ),
}
"""By page: what a visitor does there with the mouse, one thing after another; each leads to another view."""


@pytest.mark.parametrize("path", WALKS)
def test_reload_link_and_back_show_the_same_view(chromium: Any, page: Any, served: str, path: str) -> None:
    watch = Watch.of(page)
    page.goto(f"{served}{path}?run={LATER}" + ("&before=twelve" if path == "/changes" else ""))
    seen = [state(page)]
    for act in WALKS[path]:
        settled(page, lambda act=act: act(page))
        seen.append(state(page))
        assert seen[-1] != seen[-2]
        other = chromium.new_context().new_page()
        other.goto(page.url)
        assert state(other) == seen[-1], f"the link {page.url} shows something else"
        other.context.close()
        page.reload()
        assert state(page) == seen[-1], f"a reload of {page.url} shows something else"
    for before in reversed(seen[:-1]):
        settled(page, page.go_back)
        assert state(page) == before, f"Back to {page.url} shows something else"
    for after in seen[1:]:
        settled(page, page.go_forward)
        assert state(page) == after, f"Forward to {page.url} shows something else"
    assert (watch.said, watch.refused, watch.outside(served)) == ([], [], [])


def test_the_keys_go_back_and_forth_quickly_and_end_where_the_address_is(page: Any, served: str) -> None:
    """Also when an answer comes after another view was asked for."""
    page.goto(f"{served}/customers?run=first")
    for at in (1, 2):
        settled(page, lambda at=at: page.click(f"#segment-{at}"))
    page.evaluate("history.go(-1); setTimeout(() => history.go(1), 5)")
    page.wait_for_timeout(500)
    page.wait_for_function("!document.body.ariaBusy && location.search.includes('segment=2')")
    assert page.is_checked("#segment-2")
    assert page.is_checked("#segment-1")


def test_customers_in_a_drawn_area_are_those_that_the_run_placed_there(
    page: Any, served: str, shops: Path
) -> None:
    """The number under the map against NumPy over pages.parquet."""
    page.goto(f"{served}/map?run=first")
    brush(page, (0.35, 0.3), (0.6, 0.6))
    assert_counted(page, shops / "first")


def test_the_movers_that_are_downloaded_are_those_that_are_listed(page: Any, served: str) -> None:
    page.goto(f"{served}/changes?run={LATER}&before=first")
    settled(page, lambda: page.click("text=List them >> nth=0"))
    rows = taken(page, lambda: page.click("text=Download them (CSV)"))
    shown = everybody(page)
    assert len(shown) == len(rows) > 0
    assert sorted((row[0], row[3]) for row in shown) == sorted(
        (row["customer_id"], share(float(row["confidence"]))) for row in rows
    )


def test_the_audience_that_is_downloaded_is_the_segment_without_its_unsure(page: Any, served: str) -> None:
    page.goto(f"{served}/customers?run=first&segment=2&confidence=high&confidence=medium")
    wanted = {row[0] for row in everybody(page)}
    page.goto(f"{served}/strategies?run=first")
    page.select_option("#segment", "2")
    page.fill("#campaign", "Spring")
    page.select_option("#control", "none")
    page.check("[name=sure]")
    rows = taken(page, lambda: page.click("text=Download the list (CSV)"))
    assert {row["customer_id"] for row in rows} == wanted
    page.goto(f"{served}/segment/2?run=first")
    with page.expect_download() as download:
        page.click("a:has-text('CSV') >> nth=0")
    assert download.value.suggested_filename.endswith(".csv")


def test_a_list_keeps_its_rows_when_it_is_sorted_by_the_mouse(page: Any, served: str) -> None:
    page.goto(f"{served}/customers?run=first&q=C0011")
    before = {row[0] for row in listed(page)}
    for _ in range(2):
        settled(page, lambda: page.click("thead >> text=Customer"))
        ids = [row[0] for row in listed(page)]
        assert set(ids) == before
    assert ids == sorted(before, reverse=True)
