"""Every number of Overview, Profile and Compare is what a count over customers.parquet gives, to its last digit.

The oracle is NumPy over the run's files (``customers_file.py``). It knows nothing of how the dashboard
counts, and a number fits only within half a unit of its last digit (``shown.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from support.customers_file import CustomersFile
from support.dashboard_pages import Look, Seen, looker
from support.page_numbers import chart_numbers, charts_of, facts, has_table, seen, table
from support.shown import ABSENT, numbers_in, read, same, same_share

from segmentry.edges.run_folder.store import load_record
from segmentry.records.projection import SegmentHistogram

OVERVIEW = "The segments with their sizes and averages"
APART = ("What sets them apart, in the units of the data", "The other features")
SIDE_BY_SIDE = "The segments side by side"


@dataclass(frozen=True, kw_only=True)
class View:
    """A run as it is looked at: its pages, and what its files say.

    Attributes:
        look: The visitor.
        file: The customers.
    """

    look: Look
    file: CustomersFile

    def page(self, path: str, **params: object) -> Seen:
        """A page of this view."""
        return seen(self.look, path, **params, **({"k": self.file.k} if self.file.k else {}))  # type: ignore[arg-type]

    @property
    def own(self) -> bool:
        """Whether these are the run's own segments."""
        return not self.file.k


@pytest.fixture(scope="module", params=["plain", "odd", "preview"])
def view(request: pytest.FixtureRequest, runs: Path, awkward: Path) -> View:
    if request.param == "odd":
        return View(look=looker(awkward), file=CustomersFile(folder=awkward / "odd"))
    return View(
        look=looker(runs), file=CustomersFile(folder=runs / "first", k=5 * (request.param == "preview"))
    )


def test_the_awkward_run_is_as_awkward_as_it_should_be(awkward: Path) -> None:
    file = CustomersFile(folder=awkward / "odd")
    assert 0 < file.placed.sum() < len(file.ids)
    assert any(file.is_flag(one) for one in file.features)
    assert "plan = plus" in file.features
    assert len(file.known("spend")) < len(file.ids)
    assert np.isnan(file.value).any()


def test_the_figures_at_the_top_of_the_overview(view: View) -> None:
    file, found = view.file, facts(view.page("/"))
    same(found["Customers"], len(file.ids))
    same(found["Segments"], len(file.numbers))
    same(found["Total value"], file.worth(file.chosen()))
    under = numbers_in(view.page("/").html.split('class="under">')[1].split("<")[0])
    assert under[:2] == [f"{file.placed.sum():,}", str(len(file.numbers))]
    if not file.placed.all():
        assert under[2] == f"{(~file.placed).sum():,}"


def test_the_table_of_the_overview(view: View) -> None:
    file, rows = view.file, table(view.page("/"), OVERVIEW)
    assert len(rows) == len(file.numbers)
    for number, row in zip(file.numbers, rows, strict=True):
        who = file.of(number)
        assert not view.own or row["Segment"] == file.names[number - 1]
        same(row["Customers"], who.sum())
        same_share(row["Share"], who.sum() / file.placed.sum())
        same(row["Value"], file.worth(who))
        same_share(row["Share of value"], file.worth(who) / file.worth(file.placed))
        own = ("Segment", "Customers", "Share", "Value", "Share of value", "Mean confidence")
        measures = [one for one in row if one not in own]
        assert len(measures) == min(6, len(file.features))
        assert ("Mean confidence" in row) is view.own
        if view.own:
            same_share(row["Mean confidence"], float(file.reals("confidence")[who].mean()))
        for one in measures:
            same(row[one], file.mean(file.feature(one), who))


def test_the_measures_of_the_overview_are_those_that_the_segments_differ_most_in(view: View) -> None:
    file, row = view.file, table(view.page("/"), OVERVIEW)[0]
    shown = [file.feature(one) for one in row if one.replace(" ", "_") in file.features or " = " in one]
    explained = [file.eta_squared(one) for one in shown]
    assert explained == sorted(explained, reverse=True)
    assert min(explained) >= max(
        (file.eta_squared(one) for one in file.features if one not in shown), default=0.0
    )


def test_the_numbers_of_the_charts_of_the_overview(view: View) -> None:
    file, page = view.file, view.page("/")
    for number, row in zip(file.numbers, chart_numbers(page, "segment_sizes"), strict=True):
        who = file.of(number)
        same(row["customers"], who.sum())
        same(row["share"], who.sum() / file.placed.sum())
        same(row["value"], file.worth(who))
        same(row["value share"], file.worth(who) / file.worth(file.placed))
    profiles_are_right(file, chart_numbers(page, "cluster_prof"), file.numbers)


def profiles_are_right(file: CustomersFile, rows: Sequence[dict[str, str]], segments: Sequence[int]) -> None:
    """See that the rows of a profile, feature by feature and segment by segment, are those of the file."""
    assert rows
    assert len(rows) % len(segments) == 0
    for at, row in enumerate(rows):
        feature, number = row["feature"], segments[at % len(segments)]
        who = file.of(number)
        same(row["mean"], file.mean(feature, who))
        for name, part in (("q25", 0.25), ("median", 0.5), ("q75", 0.75)):
            same(row[name], file.quartile(feature, part, who))
        same(row["all customers"], file.mean(feature))
        same(row["cohens d"], file.cohens_d(feature, number))
        same(row["eta squared"], file.eta_squared(feature))
        assert row["marker"] == ("yes" if file.marks(feature, number) else "no"), row


def test_the_line_of_a_profile_that_says_how_large_it_is(view: View) -> None:
    file = view.file
    for number in file.numbers:
        who = file.of(number)
        said = view.page(f"/segment/{number}").html.split('class="under">')[1].split("<")[0]
        customers, share, value, each = numbers_in(said)
        assert customers == f"{who.sum():,}"
        same_share(share, who.sum() / file.placed.sum())
        same_share(value, file.worth(who) / file.worth(file.placed))
        same(each, file.worth(who) / who.sum())


def test_what_sets_a_segment_apart(view: View) -> None:
    file = view.file
    stored = {(row["number"], row["feature"]): row for row in file.csv("profiles.csv")} if view.own else {}
    for number in file.numbers:
        page = view.page(f"/segment/{number}")
        rows = [row for one in APART if has_table(page, one) for row in table(page, one)]
        assert len(rows) == len(file.features)
        for row in rows:
            label = row["Feature"].removesuffix(" marker")
            feature, who = file.feature(label), file.of(number)
            assert (label != row["Feature"]) is file.marks(feature, number), row
            if file.is_flag(feature):
                same_share(row["Median"], file.mean(feature, who))
                same_share(row["Median of all"], file.mean(feature))
                assert row["Middle half"] == ABSENT
            else:
                low, high = row["Middle half"].split(" to ")
                same(low, file.quartile(feature, 0.25, who))
                same(row["Median"], file.quartile(feature, 0.5, who))
                same(high, file.quartile(feature, 0.75, who))
                same(row["Median of all"], file.quartile(feature, 0.5))
            same(row["Index, all = 100"], file.index(feature, number))
            same(row["Cohen’s d"], file.cohens_d(feature, number))
            if view.own:
                same_share(row["Weight"], float(stored[str(number), feature]["importance"]))
                same_share(row["Importance"], float(stored[str(number), feature]["permuted"]))


def test_the_weights_of_a_segment_are_those_of_its_centre(runs: Path) -> None:
    """The oracle is NumPy over the centres of model.json and the scaled customers, gaps filled by means."""
    file, record = CustomersFile(folder=runs / "first"), load_record(runs / "first")
    look = looker(runs)
    centres, everybody = np.asarray(record.model.centres), record.map.projection.mean
    for number in file.numbers:
        parts = (centres[number - 1] - everybody) ** 2
        rows = table(seen(look, f"/segment/{number}"), APART[0])
        shown = {file.feature(row["Feature"].removesuffix(" marker")): row["Weight"] for row in rows}
        for feature, part in zip(record.model.recipe.features, parts / parts.sum(), strict=True):
            same_share(shown[feature], float(part))


def test_a_typical_customer_is_the_mean_of_the_ten_nearest_to_the_centre(view: View) -> None:
    file = view.file
    for number in file.numbers:
        page = view.page(f"/segment/{number}")
        if not view.own:
            assert not has_table(page, "A typical customer")
            continue
        whole = ~np.isnan(np.column_stack([file.reals(one) for one in file.features])).any(axis=1)
        inside = np.flatnonzero(file.of(number) & whole)
        near = inside[np.argsort(file.reals("distance")[inside], kind="stable")][:10]
        for row in table(page, "A typical customer"):
            feature = file.feature(row["Measure"])
            same(row["Typical"], float(file.reals(feature)[near].mean()))
            same(row["Mean of all"], file.mean(feature))


def test_the_least_sure_of_a_segment_are_those_of_the_file(view: View) -> None:
    file, caption = view.file, "The nearest to a border"
    for number in file.numbers:
        page = view.page(f"/segment/{number}")
        if not view.own:
            assert not has_table(page, caption)
            continue
        said = page.words.split("Near a border ")[1]
        stored = int(file.csv("segments.csv")[number - 1]["borderline_customers"])
        assert said.startswith(f"{stored:,} customer" if stored else "Nobody in it is near a border.")
        rows = table(page, caption) if has_table(page, caption) else []
        sure = file.reals("confidence")
        for row in rows:
            at = int(np.flatnonzero(file.ids == row["Customer"])[0])
            assert file.segment[at] == number
            assert row["Might also be"] == file.words("runner_up")[at]
            same(row["Confidence"], float(sure[at]))
        shown = [float(sure[file.ids == row["Customer"]][0]) for row in rows]
        assert shown == sorted(shown)


def test_the_badge_of_a_segment_is_its_stability(view: View) -> None:
    file = view.file
    stored = {
        row["segment"]: float(row["jaccard"])
        for row in file.csv("stability.csv")
        if row["k"] == str(len(file.names))
    }
    for number in file.numbers:
        words = view.page(f"/segment/{number}").words
        said = (
            words.split("it comes back with ")[1].removeprefix("only ")
            if "it comes back with" in words
            else ""
        )
        assert bool(said) is (view.own and bool(stored))
        if said:
            same_share(numbers_in(said)[0], stored[file.names[number - 1]])


def histograms_are_right(view: View, page: Seen, segments: Sequence[int]) -> int:
    """See that the bars of the charts of a page are those of the file; how many features there are."""
    shapes: dict[str, SegmentHistogram] = {
        one.feature: one for one in load_record(view.file.folder).histograms
    }
    rows = [row for name in charts_of(page) if "spread" in name for row in chart_numbers(page, name)]
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["feature"], []).append(row)
    for feature, bars in found.items():
        edges, values = shapes[feature].edges, view.file.reals(feature)
        wanted = [
            (
                low,
                high,
                ((values >= low) & ((values < high) | (high == edges[-1])) & view.file.of(number)).sum(),
            )
            for number in segments
            for low, high in pairwise(edges)
        ]
        for row, (low, high, customers) in zip(bars, wanted, strict=False):
            same(row["from"], low)
            same(row["to"], high)
            same(row["customers"], customers)
    return len(found)


def test_the_histograms_of_a_profile(view: View) -> None:
    for number in view.file.numbers:
        page = view.page(f"/segment/{number}")
        assert histograms_are_right(view, page, [number]) == len(view.file.features)


def choices(view: View) -> list[list[int]]:
    """Two, three and four segments, as far as there are so many."""
    last = len(view.file.numbers)
    found = [[1, 2], [1, last], [2, 3, 1], [1, 2, 3, 4]]
    return [one for one in found if max(one) <= last]


def test_segments_side_by_side(view: View) -> None:
    file = view.file
    for segments in [[], *choices(view)]:
        page = view.page("/compare", segment=segments)
        chosen = sorted(segments) or [1, 2]
        rows = table(page, SIDE_BY_SIDE)
        names = list(rows[0])[1:-2]
        assert not view.own or names == [file.names[one - 1] for one in chosen]
        sized = {row["Average"]: [row[one] for one in names] for row in rows}
        for at, number in enumerate(chosen):
            who = file.of(number)
            same(sized["Customers"][at], who.sum())
            same_share(sized["Share of customers"][at], who.sum() / file.placed.sum())
            same_share(sized["Share of value"][at], file.worth(who) / file.worth(file.placed))
            same(sized["Value each"][at], file.worth(who) / who.sum())
            if view.own:
                same_share(sized["Mean confidence"][at], float(file.reals("confidence")[who].mean()))
        lines = [row for row in rows if row["All customers"]]
        assert len(lines) == len(file.features)
        for row in lines:
            averages_are_right(file, row, chosen)


def averages_are_right(file: CustomersFile, row: dict[str, str], chosen: Sequence[int]) -> None:
    """See that one line of a comparison is what the file says."""
    feature = file.feature(row["Average"])
    means = [file.mean(feature, file.of(number)) for number in chosen]
    for text, mean in zip(list(row.values())[1:-2], means, strict=True):
        same(text, mean)
    same(row["All customers"], file.mean(feature))
    same(row["Farthest apart, in standard deviations"], (max(means) - min(means)) / file.sd(feature))


def test_the_headline_of_a_comparison_is_its_widest_line(view: View) -> None:
    file = view.file
    for segments in choices(view):
        page = view.page("/compare", segment=segments)
        lines = [row for row in table(page, SIDE_BY_SIDE) if row["All customers"]]
        widest = max(lines, key=lambda row: read(row["Farthest apart, in standard deviations"]).high)
        said, _, numbers = page.finding.partition(" differ most in ")[2].partition(": ")
        assert said == widest["Average"]
        high, low = numbers.split(" against ")
        means = [file.mean(file.feature(said), file.of(one)) for one in segments]
        same(high, max(means))
        same(low, min(means))


def test_the_numbers_of_the_charts_of_a_comparison(view: View) -> None:
    for segments in choices(view):
        page = view.page("/compare", segment=segments)
        profiles_are_right(view.file, chart_numbers(page, "compared_averages"), sorted(segments))
        assert histograms_are_right(view, page, sorted(segments))
