"""A run folder that somebody changed by hand, or a disc damaged, is refused in one message by every reader."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.runs import FAST, run_of_shop

import segmentry as sg
from segmentry.dashboard.data.runs import Library
from segmentry.dashboard.web.errors import Outdated
from segmentry.errors import ModelError

Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of_shop(150, k=2, **FAST).save(tmp_path_factory.mktemp("saved") / "run")


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "run"))


def rewritten(file: str, change: Callable[[pa.Table], pa.Table]) -> Change:
    def act(folder: Path) -> None:
        with (folder / file).open("rb") as opened:
            table = pq.read_table(opened)
        with (folder / file).open("wb") as opened:
            pq.write_table(change(table), opened)

    return act


def column(name: str, value: Any) -> Change:
    """A column that holds the same value for everybody."""

    def change(table: pa.Table) -> pa.Table:
        return table.set_column(table.column_names.index(name), name, pa.array([value] * len(table)))

    return rewritten("customers.parquet", change)


def text(file: str, content: str) -> Change:
    return lambda folder: (folder / file).write_text(content)


ROWS: dict[str, Change] = {
    "no rows": rewritten("customers.parquet", lambda table: table.slice(0, 0)),
    "fewer rows": rewritten("customers.parquet", lambda table: table.slice(0, 40)),
    "more rows": rewritten("customers.parquet", lambda table: pa.concat_tables([table, table])),
    "a column twice": rewritten(
        "customers.parquet", lambda table: table.append_column("segment", table["segment"])
    ),
    "a column less": rewritten("customers.parquet", lambda table: table.drop_columns(["confidence"])),
    "ids that are missing": column("customer_id", None),
    "segments that are numbers": column("segment", 3),
    "segments that are bytes": column("segment", b"\xff"),
    "placements in lists": column("placed", ["complete"]),
    "confidence as text": column("confidence", "high"),
    "confidence that is missing": column("confidence", None),
    "features in structs": column("avg_cart_value", {"a": 1}),
    "pages with fewer rows": rewritten("pages.parquet", lambda table: table.slice(0, 40)),
    "pages with more rows": rewritten("pages.parquet", lambda table: pa.concat_tables([table, table])),
    "pages without places": rewritten("pages.parquet", lambda table: table.drop_columns(["x"])),
    "pages with text": rewritten(
        "pages.parquet",
        lambda table: table.set_column(2, table.column_names[2], pa.array(["A"] * len(table))),
    ),
    "pages with segments that there are not": rewritten(
        "pages.parquet",
        lambda table: table.set_column(2, table.column_names[2], pa.array([99] * len(table), pa.int8())),
    ),
    "no table": text("customers.parquet", "PAR1 or not"),
}
"""What the footers of the two tables tell: the dashboard refuses it when it opens the run."""

VALUES: dict[str, Change] = {
    "features that are missing": rewritten(
        "customers.parquet",
        lambda table: table.set_column(
            len(table.column_names) - 1, table.column_names[-1], pa.nulls(len(table), pa.float64())
        ),
    ),
    "features without an end": column("avg_cart_value", float("inf")),
    "everybody in a segment": column("segment", "Nobody"),
}
"""What only the rows tell: those who read them all refuse it."""

TEXTS: dict[str, Change] = {
    f"{file} {how}": text(file, content)
    for file in ("result.json", "model.json", "run.json", "segments.csv")
    for how, content in {
        "nested deeply": "[" * 100_000,
        "with objects nested deeply": '{"a":' * 50_000,
        "empty": "",
        "of another kind": "[3]",
        "with a long cell": f"number,segment\n1,{'x' * 200_000}\n",
    }.items()
}


@pytest.mark.parametrize(
    "change", [pytest.param(act, id=name) for name, act in (ROWS | VALUES | TEXTS).items()]
)
def test_a_changed_run_is_refused_in_one_message(folder: Path, change: Change) -> None:
    change(folder)
    with pytest.raises(ModelError, match=r"(?s)^.{10,900}$") as refused:
        sg.load(folder)
    assert str(folder) in str(refused.value)


@pytest.mark.parametrize("change", [pytest.param(act, id=name) for name, act in (ROWS | TEXTS).items()])
def test_the_dashboard_refuses_a_changed_run_when_it_opens_it(folder: Path, change: Change) -> None:
    library = Library(folder)
    change(folder)
    with pytest.raises(Outdated, match="cannot be read now"):
        library.opened()


def test_a_run_as_it_was_written_is_refused_by_nobody(folder: Path) -> None:
    assert sg.load(folder).run.k == Library(folder).opened().run.k == 2
