"""A million customers: every page opens as it does for a thousand, and what is chosen is what is taken along."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.dashboard_visits import (
    VIEWS,
    Watch,
    addresses,
    assert_counted,
    brush,
    everybody,
    listed,
    serving,
    settled,
    sideways,
    state,
    taken,
    view_of,
    words,
)
from support.shops import CUSTOMERS

from segmentry.dashboard.page_catalog import PAGES
from segmentry.views.words.numbers import count, share

RUN = "million"
SEEN = tuple(
    one.replace("before=first", "before=second").replace("C001", "C000001") for one in (*VIEWS, "/report")
)


@pytest.fixture(scope="module")
def crowded(crowds: Path) -> Iterator[str]:
    """The address of a dashboard over a million customers."""
    with serving(crowds) as address:
        yield address


@pytest.fixture(scope="module")
def where(crowds: Path) -> dict[str, str]:
    return addresses(crowds, RUN) | {view: view_of(view, RUN) for view in SEEN}


@pytest.mark.parametrize("path", [*(one.path for one in PAGES), *SEEN])
def test_a_page_of_a_million_opens_fits_and_says_the_same_without_scripts(
    chromium: Any, crowded: str, where: dict[str, str], path: str
) -> None:
    """At 1280 and 360 pixels, light and dark."""
    said = []
    for scripts in (True, False):
        page = chromium.new_context(java_script_enabled=scripts).new_page()
        watch = Watch.of(page)
        page.goto(crowded + where[path])
        said.append(page.inner_text("h1"))
        if scripts:
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert sideways(page) == []
        assert (watch.said, watch.refused, watch.outside(crowded)) == ([], [], [])
        page.context.close()
    assert said[0] == said[1] != ""


def test_the_million_are_counted(page: Any, crowded: str) -> None:
    page.goto(f"{crowded}/customers?run={RUN}")
    assert page.inner_text("#list h2") == f"{count(CUSTOMERS)} customers"
    assert "1,000,000" in words(page)


def test_an_area_of_the_map_counts_holds_and_hands_out_its_customers(
    page: Any, crowded: str, crowds: Path
) -> None:
    """Drawn by the mouse, then the beginning of an id: the number against NumPy, the file against the list."""
    page.goto(f"{crowded}/map?run={RUN}")
    brush(page, (0.45, 0.4), (0.55, 0.55))
    assert_counted(page, crowds / RUN)
    page.fill("#q", "C00012")
    settled(page, lambda: page.click("form.filter button"))
    chosen = state(page)
    page.reload()
    assert state(page) == chosen
    rows = taken(page, lambda: page.click("a[download]"))
    shown = everybody(page)
    assert len(shown) == len(rows) > 0
    assert sorted((row[0], row[1], row[2]) for row in shown) == sorted(
        (row["customer_id"], row["segment"], share(float(row["confidence"]))) for row in rows
    )


def test_customers_are_found_by_the_beginning_of_their_id(page: Any, crowded: str) -> None:
    page.goto(f"{crowded}/customers?run={RUN}")
    page.fill("#q", "C0999995")
    settled(page, lambda: page.click("form.filter button"))
    rows = taken(page, lambda: page.click("a[download]"))
    assert [row[0] for row in listed(page)] == [row["customer_id"] for row in rows] == ["C0999995"]
    page.fill("#q", "C09999")
    settled(page, lambda: page.click("form.filter button"))
    rows = taken(page, lambda: page.click("a[download]"))
    assert sorted(row[0] for row in everybody(page)) == sorted(row["customer_id"] for row in rows)
    assert len(rows) == 100


def test_those_who_moved_among_a_million_are_listed_page_by_page(page: Any, crowded: str) -> None:
    page.goto(f"{crowded}/changes?run={RUN}&before=second")
    settled(page, lambda: page.click("text=List them >> nth=0"))
    first = listed(page)
    settled(page, lambda: page.click("nav.pager a[rel=next]"))
    assert {row[0] for row in first}.isdisjoint(row[0] for row in listed(page))
    settled(page, page.go_back)
    assert listed(page) == first
