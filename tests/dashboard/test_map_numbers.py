"""Every number of the map is what a count over customers.parquet and pages.parquet gives, under every filter.

The oracle is NumPy over the two files (``customers_file.py``), exact to the last digit that is shown.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.customers_file import CustomersFile, Mask, Reals
from support.dashboard_pages import Look, Seen, looker
from support.page_numbers import chart_numbers, has_table, seen, table
from support.shown import ABSENT, numbers_in, read, same, same_share

from segmentry.dashboard.data.filters import Filter
from segmentry.dashboard.data.map_counts import mapped
from segmentry.dashboard.data.runs import Library
from segmentry.edges.run_folder.store import load_record

MIX, DIFFERENT, LIST = "Segments of the chosen customers", "How the chosen customers differ", "Customers"
AREA = {"x0": "-0.5", "x1": "2.5", "y0": "-1", "y1": "1.5"}
CHOICES: list[dict[str, Any]] = [
    {},
    *({"segment": [one]} for one in (1, 2, 3)),
    *({"segment": list(pair)} for pair in ((1, 2), (1, 3), (2, 3))),
    *({"confidence": [one]} for one in ("high", "medium", "low")),
    {"confidence": ["medium", "low"], "segment": [2]},
    {"segment": [0]},
    AREA,
    {**AREA, "segment": [1]},
    {**AREA, "confidence": ["high"]},
    {"x0": "1"},
    {"y1": "-0.25", "segment": [2, 3]},
    {"q": "C0000"},
    {"q": "A01", "segment": [1, 2]},
    {"q": "nobody"},
    {"x0": "900", "x1": "901"},
]


@pytest.fixture(scope="module", params=["plain", "odd", "many", "preview"])
def view(request: pytest.FixtureRequest) -> tuple[Look, CustomersFile]:
    fixture, run = {
        "plain": ("runs", "first"),
        "odd": ("awkward", "odd"),
        "many": ("dense", "many"),
        "preview": ("runs", "first"),
    }[request.param]
    folder: Path = request.getfixturevalue(fixture)
    k = 5 * (request.param == "preview")
    return looker(folder), CustomersFile(folder=folder / run, k=k)


def visited(view: tuple[Look, CustomersFile], asked: dict[str, Any]) -> tuple[Seen, CustomersFile, Mask]:
    """The map under a choice, the file, and who is chosen."""
    look, file = view
    page = seen(look, "/map", **asked, **({"k": file.k} if file.k else {}))
    return page, file, file.chosen(**asked)


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_how_many_are_chosen(view: tuple[Look, CustomersFile], asked: dict[str, Any]) -> None:
    page, _, who = visited(view, asked)
    found = re.search(r"<h2>([\d,]+) customers, (\S+) of all</h2>", page.html)
    assert found
    assert found[1] == f"{who.sum():,}"
    same_share(found[2].replace("&lt;", "<").replace("&gt;", ">"), who.sum() / len(who))


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_which_segments_the_chosen_are_in(view: tuple[Look, CustomersFile], asked: dict[str, Any]) -> None:
    page, file, who = visited(view, asked)
    wanted = list(file.by_segment(who))
    rows = table(page, MIX) if has_table(page, MIX) else []
    assert len(rows) == len(wanted)
    for row, (number, inside) in zip(rows, wanted, strict=True):
        if not file.k:
            assert row["Segment"] == (file.names[number - 1] if number else "in no segment")
        assert row["Chosen"] == f"{inside.sum():,}"
        same_share(row["Share of the chosen"], inside.sum() / who.sum())
        same_share(row["Share of all"], file.of(number).sum() / len(who))
        nobody = not (~np.isnan(file.value[inside])).any()
        same(row["Value each"], np.nan if nobody else file.worth(inside) / inside.sum())


def apart(file: CustomersFile, feature: str, who: Mask) -> float:
    """How far the chosen are from everybody, in standard deviations of all."""
    return (file.mean(feature, who) - file.mean(feature)) / file.sd(feature)


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_how_the_chosen_differ(view: tuple[Look, CustomersFile], asked: dict[str, Any]) -> None:
    page, file, who = visited(view, asked)
    shown = has_table(page, DIFFERENT)
    assert shown is bool(asked and who.any())
    if not shown:
        return
    rows = table(page, DIFFERENT)
    assert {file.feature(row["Measure"]) for row in rows} == {
        one for one in file.features if len(file.known(one, who))
    }
    for row in rows:
        feature = file.feature(row["Measure"])
        write = same_share if file.is_flag(feature) else same
        write(row["Mean of the chosen"], file.mean(feature, who))
        write(row["Mean of all"], file.mean(feature))
        same(row["Standard deviations apart"], apart(file, feature, who))
    sizes = [abs(apart(file, file.feature(row["Measure"]), who)) for row in rows]
    assert sizes == pytest.approx(sorted(sizes, reverse=True))


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_headline_of_the_map(view: tuple[Look, CustomersFile], asked: dict[str, Any]) -> None:
    page, file, who = visited(view, asked)
    if not who.any():
        assert page.finding == "No customer is in this choice"
        return
    numbers = numbers_in(page.finding)
    assert numbers[0] == f"{who.sum():,}"
    if not asked:
        explained = load_record(file.folder).map.projection.explained
        same_share(numbers[1], float(np.sum(explained)))
        return
    first = table(page, DIFFERENT)[0]
    size = apart(file, file.feature(first["Measure"]), who)
    said = page.finding.partition(" chosen: ")[2]
    if abs(size) < 0.2:
        assert said == "much like everybody"
        return
    word = f"{'much ' if abs(size) >= 0.8 else ''}{'higher' if size > 0 else 'lower'}"
    assert said == (
        f"{word} {first['Measure']}, {first['Mean of the chosen']} against {first['Mean of all']}"
    )


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_first_customers_of_a_choice(view: tuple[Look, CustomersFile], asked: dict[str, Any]) -> None:
    page, file, who = visited(view, asked)
    places = np.flatnonzero(who)[:15]
    rows = table(page, LIST) if has_table(page, LIST) else []
    assert len(rows) == len(places)
    own = ("Customer", "Segment", "Confidence", "Value")
    for row, at in zip(rows, places, strict=True):
        assert row["Customer"] == file.ids[at]
        number = int(file.segment[at])
        if not file.k:
            assert row["Segment"] == (file.names[number - 1] if number else "in no segment")
            same_share(row["Confidence"], float(file.reals("confidence")[at]))
        same(row["Value"], float(file.value[at]))
        measures = [one for one in row if one not in own]
        assert measures
        for one in measures:
            same(row[one], float(file.reals(file.feature(one))[at]))


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_numbers_beside_the_map(view: tuple[Look, CustomersFile], asked: dict[str, Any]) -> None:
    page, file, who = visited(view, asked)
    rows = chart_numbers(page, "map")
    drawn = who & ~np.isnan(file.plane[0])
    assert [
        read(row["customers shown"]).fits((drawn & file.of(number)).sum())
        for row, number in zip(rows, file.numbers, strict=True)
    ] == [True] * len(rows)
    title = re.search(r'data-chart="map">\s*<figcaption>\s*<h2>(.*?)</h2>', page.html)
    assert title
    count, *rest = numbers_in(title[1])
    assert count == f"{(drawn & file.placed).sum():,}"
    everybody = (file.placed & ~np.isnan(file.plane[0])).sum()
    assert rest == ([f"{everybody:,}"] if asked else [str(len(file.numbers))])


def binned(file: CustomersFile, who: Mask, edges: tuple[Reals, Reals]) -> np.ndarray:
    """Customers by segment and cell of the map, by NumPy; who lies beyond an edge is in the last cell."""
    x, y = (np.clip(one, ends[0], ends[-1]) for one, ends in zip(file.plane, edges, strict=True))
    return np.array(
        [
            np.histogram2d(x[who & file.of(number)], y[who & file.of(number)], bins=edges)[0]
            for number in file.numbers
        ]
    )


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_cells_of_the_map(dense: Path, asked: dict[str, Any]) -> None:
    opened, file = Library(dense).opened("many"), CustomersFile(folder=dense / "many")
    whole = opened.run.map
    area = tuple(
        float(asked.get(one, end))
        for one, end in zip(("x0", "x1", "y0", "y1"), (-np.inf, np.inf, -np.inf, np.inf), strict=True)
    )
    chosen = Filter(
        segments=tuple(asked.get("segment", ())),
        levels=tuple(asked.get("confidence", ())),
        begins=asked.get("q", ""),
        area=area if {"x0", "x1", "y0", "y1"} & set(asked) else None,  # type: ignore[arg-type]
    )
    found = mapped(opened.customers, chosen, whole)
    assert whole.x_edges.size
    wanted = binned(file, file.chosen(**asked), (np.asarray(whole.x_edges), np.asarray(whole.y_edges)))
    assert np.abs(found.density - wanted).sum() <= 2 * 6  # a position on an edge, in single precision
    assert found.density.sum() == wanted.sum()


def test_the_map_as_the_run_wrote_it_is_that_of_its_files(dense: Path) -> None:
    whole, file = load_record(dense / "many").map, CustomersFile(folder=dense / "many")
    wanted = binned(file, file.chosen(), (np.asarray(whole.x_edges), np.asarray(whole.y_edges)))
    assert np.abs(whole.density - wanted).sum() <= 2 * 6
    assert whole.density.sum() == wanted.sum()


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_dots_of_the_map_are_the_chosen(awkward: Path, asked: dict[str, Any]) -> None:
    file = CustomersFile(folder=awkward / "odd")
    page = seen(looker(awkward), "/map", **asked)
    who = file.chosen(**asked) & ~np.isnan(file.plane[0])
    clouds = re.findall(r'<path fill="none" d="((?:M[^"MLHV]+h0)+)"', page.html)
    wanted = [(file.placed & ~np.isnan(file.plane[0]) & file.of(one)).sum() for one in file.numbers]
    chosen = [amount for one in file.numbers if (amount := (who & file.of(one)).sum())]
    assert [one.count("M") for one in clouds] == [*wanted, *(chosen if asked else [])]


def test_a_mean_of_nobody_is_a_dash(awkward: Path) -> None:
    """Somebody whose spend is not known is worth a dash, and not nothing."""
    file = CustomersFile(folder=awkward / "odd")
    at = int(np.flatnonzero(np.isnan(file.value) & file.placed)[0])
    page = seen(looker(awkward), "/map", q=file.ids[at])
    assert table(page, MIX)[0]["Value each"] == ABSENT
    assert "spend" not in [row["Measure"] for row in table(page, DIFFERENT)]
