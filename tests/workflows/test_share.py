"""What is shown around tells of no fewer than ten customers and holds nobody's row (twenty runs)."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from support.factories import make_run

from segmentry.errors import UsageError
from segmentry.records.run import Run
from segmentry.results.segmentation import Result
from segmentry.results.stopwatch import Watch
from segmentry.workflows.share import shareable

LIMIT = 10
RUNS = [
    {
        "k": 1 + seed % 6,
        "p": 3 + seed % 4,
        "n": 60 + 83 * seed,
        "seed": seed,
        "flags": 1 + seed % 2,
        "tiny": seed % 3 == 0,
    }
    for seed in range(20)
]


def result_of(run: Run) -> Result:
    """A result around a run that no analysis made."""
    return Result(run=run, watch=Watch())


@pytest.fixture(scope="module", params=range(20))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    run = make_run(**RUNS[request.param])
    folder = tmp_path_factory.mktemp("shared") / "run"
    return run, result_of(run).share(folder)


def cells(folder: Path) -> list[tuple[str, str, str]]:
    """Every cell of every CSV, with its file and column."""
    found = []
    for file in sorted(folder.rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            found += [
                (file.name, column, cell)
                for row in csv.DictReader(text)
                for column, cell in row.items()
                if cell
            ]
    return found


def test_no_count_is_under_the_limit_and_all_are_to_the_nearest_five(made: tuple[Run, Path]) -> None:
    _, folder = made
    counts = [cell for _, column, cell in cells(folder) if column == "customers"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    counts += re.findall(r"About ([\d,]+) customers", page)
    for one in counts:
        value = int(one.replace(",", ""))
        assert value % 5 == 0
        assert value == 0 or value >= LIMIT
    assert json.loads((folder / "run.json").read_text())["customers"] % 5 == 0


def test_nobodys_row_and_nobodys_id_is_in_it(made: tuple[Run, Path]) -> None:
    run, folder = made
    names = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert not any("customers" in name or "parquet" in name or "model" in name for name in names)
    ids = set(map(str, run.survey.customers.ids))
    long = {one for one in ids if len(one) > 3}
    for file in (one for one in folder.rglob("*") if one.suffix in {".csv", ".json", ".html"}):
        words = set(re.findall(r"[\w-]+", file.read_text(encoding="utf-8")))
        assert not words & long, file


def test_what_is_told_of_a_segment_is_of_enough_customers(made: tuple[Run, Path]) -> None:
    run, _ = made
    shared = shareable(run, LIMIT)
    placed = run.assignment.segment
    values = {
        name: run.survey.customers.values[:, index] for index, name in enumerate(run.survey.customers.names)
    }
    for number, one in enumerate(shared.segments):
        inside = placed == number
        assert one.customers is None or inside.sum() >= LIMIT
        for feature in one.features:
            known = values[feature.feature][inside]
            known = known[~np.isnan(known)]
            if feature.hidden:
                assert feature.mean is None
                continue
            assert len(known) >= LIMIT
            if feature.flag:
                ones = int((known == 1).sum())
                assert not 0 < ones < LIMIT
                assert not 0 < len(known) - ones < LIMIT
    everyone = shared.map.density
    assert not ((everyone > 0) & (everyone < LIMIT)).any()
    assert not len(shared.map.x)


def test_a_hidden_mean_does_not_follow_from_everybodys(made: tuple[Run, Path]) -> None:
    """Of the segments without a number of a feature there are none, or two and more of ten customers together."""
    run, _ = made
    shared = shareable(run, LIMIT)
    for index in range(len(shared.population)):
        gone = [number for number, one in enumerate(shared.segments) if one.features[index].hidden]
        outside = int((run.assignment.segment < 0).sum())
        customers = sum(int((run.assignment.segment == number).sum()) for number in gone) + outside
        several = len(gone) + (outside > 0) >= 2
        assert not gone or (several and customers >= LIMIT) or len(gone) == run.k


def test_a_small_segment_is_hidden_and_another_with_it() -> None:
    run = make_run(k=4, p=3, n=400, seed=2)
    segment = run.assignment.segment.copy()
    moved = np.flatnonzero(segment == 3)
    segment[moved[4:]] = 0
    from dataclasses import replace

    small = replace(run, assignment=replace(run.assignment, segment=segment))
    shared = shareable(small, LIMIT)
    assert shared.segments[3].customers is None
    assert sum(one.customers is None for one in shared.segments) >= 2
    assert all(one.hidden for one in shared.segments[3].features)
    assert not shared.segments[3].typical


def test_the_limit_cannot_be_under_five(tmp_path: Path) -> None:
    result = result_of(make_run(k=2, p=3, n=100))
    with pytest.raises(UsageError, match="smallest_cell"):
        result.share(tmp_path / "shared", smallest_cell=3)
    assert not (tmp_path / "shared").exists()
