"""The pictures of the tour (docs/tour.md): taken by the browser, kept small, and each of them shown.

``SEGMENTRY_PICTURES=1`` takes them for the documentation; without it they are taken too, but kept nowhere.
"""

import io
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support.dashboard_visits import Watch, brush, serving, view_of
from support.shops import LATER, later_customers, made_once

import segmentry as sg
from segmentry.dashboard.page_catalog import PAGES

DOCS = Path(__file__).parents[2] / "docs"
ASKED = os.environ.get("SEGMENTRY_PICTURES") == "1"
WIDTH, COLOURS = 1280, 256
MOST_BYTES = 1_000_000
"""All pictures together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture.

    Attributes:
        path: The page's path in the catalog.
        view: The address, without its run.
        height: Of the picture, in pixels.
        start: What the picture begins with; empty for the top of the page.
    """

    path: str
    view: str
    height: int = 800
    start: str = ""


SHOTS = {
    "overview": Shot(path="/", view="/"),
    "segment": Shot(path="/segment/{number}", view="/segment/1"),
    "map": Shot(path="/map", view="/map", height=1250),
    "customers": Shot(path="/customers", view="/customers?segment=2&sort=-value", height=700),
    "customer": Shot(path="/customer/{id:path}", view="/customer/C00100", height=700),
    "compare": Shot(path="/compare", view="/compare?segment=1&segment=2", height=900),
    "choose-k": Shot(path="/models", view="/models"),
    "changes": Shot(path="/changes", view="/changes", height=1150),
    "strategies": Shot(path="/strategies", view="/strategies"),
    "about": Shot(path="/about", view="/about", height=700),
}
"""The pictures by name."""


def picture(name: str) -> Path:
    return DOCS / "images" / f"tour-{name}.png"


@pytest.fixture(scope="module")
def toured(request: pytest.FixtureRequest, common: Path) -> tuple[Path, str]:
    """A folder of runs and the run that is shown: for the documentation with all of its evidence."""
    if not ASKED:
        return request.getfixturevalue("shops"), "first"
    makers = {
        "september": lambda: sg.segment(later_customers(), name="customers.csv"),
        "october": lambda: sg.segment(sg.datasets.ecommerce(999).customers, name="customers.csv"),
    }
    return made_once(common / "toured", makers), "october"


@pytest.fixture(scope="module")
def guide(toured: tuple[Path, str]) -> Iterator[str]:
    """The address of a dashboard over them."""
    with serving(toured[0]) as address:
        yield address


@pytest.mark.parametrize("name", SHOTS)
def test_the_browser_takes_the_pictures_of_the_tour(
    chromium: Any, guide: str, toured: tuple[Path, str], tmp_path: Path, name: str
) -> None:
    shot = SHOTS[name]
    page = chromium.new_context(viewport={"width": WIDTH, "height": shot.height}).new_page()
    watch = Watch.of(page)
    page.goto(
        guide
        + view_of(shot.view, toured[1])
        + (f"&before={LATER}" if name == "changes" and not ASKED else "")
    )
    if name == "map":
        brush(page, (0.30, 0.25), (0.52, 0.55))
        page.mouse.move(0, 0)
    if shot.start:
        page.locator(shot.start).first.evaluate(
            "one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 16)"
        )
    else:
        page.evaluate("scrollTo(0, 0)")
    taken = small(page.screenshot())
    assert (watch.said, watch.refused, watch.outside(guide)) == ([], [], [])
    page.context.close()
    (picture(name) if ASKED else tmp_path / f"{name}.png").write_bytes(taken)
    assert len(taken) < MOST_BYTES / len(SHOTS)


def small(png: bytes) -> bytes:
    """The same picture in its commonest colours: what is filled keeps its own, and letters nearly so."""
    found = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int64)
    colours, at, many = np.unique(found.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    common = colours[np.argsort(-many, kind="stable")[:COLOURS]]
    nearest = ((colours[:, None] - common[None]) ** 2).sum(axis=2).argmin(axis=1)
    picture = Image.fromarray(nearest[at].reshape(found.shape[:2]).astype(np.uint8), mode="P")
    picture.putpalette(common.astype(np.uint8).tobytes())
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()


@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_the_tour_is_there_and_shown(name: str) -> None:
    data = picture(name).read_bytes()
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == (WIDTH, SHOTS[name].height), "take it again: make tour"
    shown = re.findall(
        rf"!\[([^\]]+)\]\(images/{picture(name).name}\)", (DOCS / "tour.md").read_text(encoding="utf-8")
    )
    assert len(shown) == 1
    assert len(shown[0]) > 30, "say what is to be seen"


def test_the_tour_goes_through_every_page_and_is_small() -> None:
    kept = set((DOCS / "images").glob("tour-*.png"))
    assert kept == {picture(name) for name in SHOTS}
    assert sum(one.stat().st_size for one in kept) < MOST_BYTES
    assert {one.path for one in PAGES if one.menu} <= {one.path for one in SHOTS.values()}
