"""A run whose names do not fit its segments is refused, whichever of its files was changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import segmentry as sg
from segmentry.cli import run_app
from segmentry.edges.run_folder import store
from segmentry.edges.run_folder.manifest import Clock, manifest_of, write_manifest

CUSTOMERS = sg.datasets.ecommerce(300).customers
PAIR = ("Bargain Hunters", "Window Shoppers")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> sg.Result:
    return sg.segment(CUSTOMERS, k=3, effort="quick", compare=False)


@pytest.fixture
def folder(made: sg.Result, tmp_path: Path) -> Path:
    """A run folder without its pictures."""
    store.write_tables(made.run, tmp_path)
    clock = Clock(started="", finished="", seconds={})
    write_manifest(manifest_of(made.run, versions={"segmentry": "0"}, clock=clock), tmp_path)
    return tmp_path


def swap(text: str, one: str, other: str) -> str:
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


def swap_json(file: Path, where: Callable[[dict[str, object]], list[dict[str, object]]], key: str) -> None:
    held = json.loads(file.read_text(encoding="utf-8"))
    at = where(held)
    for one in at:
        one[key] = swap(str(one[key]), *PAIR)
    file.write_text(json.dumps(held), encoding="utf-8")


def swap_names(file: Path) -> None:
    """Only the names of the model, not what they rest on."""
    held = json.loads(file.read_text(encoding="utf-8"))
    model = held.get("model", held)
    model["names"] = [swap(one, *PAIR) for one in model["names"]]
    file.write_text(json.dumps(held), encoding="utf-8")


def swap_text(file: Path) -> None:
    """Every mention of the two names."""
    file.write_text(swap(file.read_text(encoding="utf-8"), *PAIR), encoding="utf-8")


def swap_customers(file: Path) -> None:
    table = pq.read_table(file)
    names = [swap(one, *PAIR) for one in table["segment"].to_pylist()]
    at = table.column_names.index("segment")
    pq.write_table(table.set_column(at, "segment", pa.array(names)), file)


def test_a_run_that_was_left_alone_is_read(folder: Path) -> None:
    assert [one.name for one in sg.load(folder).segments] == ["High Spenders", *PAIR]
    assert store.load_model(folder).names == ("High Spenders", *PAIR)


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("model.json", swap_names),
        ("model.json", swap_text),
        ("result.json", swap_names),
        ("result.json", swap_text),
        ("segments.csv", swap_text),
        ("run.json", swap_text),
        ("customers.parquet", swap_customers),
    ],
)
def test_two_names_that_were_swapped_by_hand_are_caught_in_the_file_that_is_read(
    folder: Path, file: str, change: Callable[[Path], None]
) -> None:
    change(folder / file)
    with pytest.raises(sg.ModelError) as error:
        sg.load(folder)
    said = str(error.value)
    assert f"{file}'" in said
    assert "'Bargain Hunters' and 'Window Shoppers' are swapped" in said or (
        "'Window Shoppers' and 'Bargain Hunters' are swapped" in said
    )
    assert "Put the names back" in said
    assert "--force" in said


@pytest.mark.parametrize("change", [swap_names, swap_text])
def test_scoring_needs_nothing_but_the_model_to_refuse(
    folder: Path, tmp_path: Path, change: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    import pyarrow.csv as pa_csv

    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(folder / "model.json", alone / "model.json")
    pa_csv.write_csv(CUSTOMERS, alone / "new.csv")
    given = [str(alone / "model.json"), str(alone / "new.csv")]
    assert run_app(["score", *given, "--out", str(alone / "fine.csv")]) == 0
    change(alone / "model.json")
    assert run_app(["score", *given, "--out", str(alone / "wrong.csv")]) == 2
    assert "are swapped" in " ".join(capsys.readouterr().err.split())
    assert not (alone / "wrong.csv").exists()


def test_every_pair_of_swapped_names_is_caught(made: sg.Result, tmp_path: Path) -> None:
    """Also descriptive ones: here no catalog fits, so every name is a description."""
    from segmentry.edges.run_folder.codec import dumps

    plain = sg.segment(CUSTOMERS, k=6, effort="quick", compare=False)
    assert any(one.naming.source.value == "descriptive" for one in plain.segments)
    for result in (made, plain):
        text = dumps(result.run.model)
        for one in result.segments:
            for other in result.segments[one.number :]:
                (tmp_path / "model.json").write_text(text)
                store.load_model(tmp_path)
                (tmp_path / "model.json").write_text(swap(text, json.dumps(one.name), json.dumps(other.name)))
                with pytest.raises(sg.ModelError):
                    store.load_model(tmp_path)


def test_a_name_that_nobody_gave_is_refused_and_ones_own_go_into_the_settings(folder: Path) -> None:
    file = folder / "model.json"
    file.write_text(file.read_text().replace("High Spenders", "Gold", 1))
    with pytest.raises(sg.ModelError, match="segment 1 is called 'Gold'"):
        store.load_model(folder)


def test_names_of_ones_own_are_marked_and_exempt(tmp_path: Path) -> None:
    own = sg.segment(
        CUSTOMERS,
        k=3,
        effort="quick",
        compare=False,
        names={"High Spenders": "Bronze", "Window Shoppers": "Gold"},
    )
    store.write_tables(own.run, tmp_path)
    found = sg.load(tmp_path)
    assert [(one.name, one.naming.source.value) for one in found.segments] == [
        ("Bronze", "user"),
        ("Bargain Hunters", "archetype"),
        ("Gold", "user"),
    ]


def test_a_run_from_before_names_were_checked_says_how_to_refresh_it(folder: Path) -> None:
    for name in ("model.json", "result.json"):
        held = json.loads((folder / name).read_text())
        held.get("model", held).pop("book")
        (folder / name).write_text(json.dumps(held))
    for read in (sg.load, store.load_model):
        with pytest.raises(sg.ModelError, match="Refresh it: segmentry run <customers> --out"):
            read(folder)


def test_the_model_holds_no_customer(folder: Path) -> None:
    text = (folder / "model.json").read_text()
    assert not [one for one in CUSTOMERS["customer_id"].to_pylist() if f'"{one}"' in text]
