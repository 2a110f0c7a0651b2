"""run.json says what a run is, and a folder of another format is refused before anything else is read."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.dashboard_pages import looker
from support.factories import make_run

import segmentry as sg
from segmentry.cli import run_app
from segmentry.edges.run_folder import store
from segmentry.edges.run_folder.manifest import (
    FORMAT,
    Clock,
    Removal,
    check_format,
    manifest_of,
    read_manifest,
    write_manifest,
)

CLOCK = Clock(
    started="2026-01-01T00:00:00+00:00", finished="2026-01-01T00:00:09+00:00", seconds={"Reading": 9.0}
)
VERSIONS = {"segmentry": "0.1.0", "numpy": "2"}


def noted(folder: Path, **changed: object) -> None:
    """Change entries of run.json; None takes one out."""
    file = folder / "run.json"
    entries = json.loads(file.read_text(encoding="utf-8")) | changed
    gone = {name for name, entry in changed.items() if entry is None}
    kept = {name: entry for name, entry in entries.items() if name not in gone}
    file.write_text(json.dumps(kept), encoding="utf-8")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder as segmentry writes it."""
    result = sg.segment(sg.datasets.ecommerce(120).customers, k=2, effort="quick", compare=False)
    return result.save(tmp_path_factory.mktemp("saved") / "run")


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copytree(saved, tmp_path / "run"))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with nothing but a manifest."""
    manifest = manifest_of(make_run(k=3, p=4, n=60), versions=VERSIONS, clock=CLOCK)
    write_manifest(replace(manifest, forgotten=(Removal(customers=2, at="2026-02-01"),)), tmp_path)
    return tmp_path


def test_a_manifest_comes_back_as_it_was_written(written: Path) -> None:
    found = read_manifest(written)
    assert (found.customers, len(found.segments), found.clock) == (60, 3, CLOCK)
    assert found.forgotten == (Removal(customers=2, at="2026-02-01"),)
    assert found.names == tuple(segment.name for segment in make_run(k=3, p=4, n=60).segments)
    text = (written / "run.json").read_text(encoding="utf-8")
    write_manifest(found, written)
    assert (written / "run.json").read_text(encoding="utf-8") == text


def test_the_format_stands_at_the_head_of_every_folder(saved: Path, tmp_path: Path) -> None:
    table = sg.datasets.ecommerce(120).customers
    sg.explore(table).save(tmp_path / "explored")
    sg.load(saved).share(tmp_path / "shared")
    for place in (saved, tmp_path / "explored", tmp_path / "shared"):
        entries = json.loads((place / "run.json").read_text(encoding="utf-8"))
        assert list(entries)[:2] == ["segmentry", "format"]
        assert entries["format"] == FORMAT == 1


def test_entries_are_left_out_where_there_is_nothing_to_say(saved: Path) -> None:
    entries = json.loads((saved / "run.json").read_text(encoding="utf-8"))
    assert not {"suppressed", "scoring_sql", "forgotten"} & set(entries)


@pytest.mark.parametrize("change", [{"clock": None}, {"segments": [{"name": 1}]}, {"columns": {"a": "king"}}])
def test_a_damaged_manifest_is_refused_by_its_name(written: Path, change: dict[str, object]) -> None:
    noted(written, **change)
    with pytest.raises(sg.ModelError, match=r"run\.json.*damaged.*Make the run again"):
        read_manifest(written)


def test_a_manifest_that_is_not_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("half", encoding="utf-8")
    with pytest.raises(sg.ModelError, match=r"run\.json' cannot be read: it is damaged"):
        read_manifest(tmp_path)


def test_a_key_of_a_later_version_is_passed_over(written: Path) -> None:
    noted(written, weather="sunny")
    assert read_manifest(written).customers == 60


def test_a_run_from_before_there_was_a_number_is_of_the_first_format(folder: Path) -> None:
    noted(folder, format=None)
    assert sg.load(folder).run.k == 2


@pytest.mark.parametrize("number", [2, 0, "one"])
def test_a_run_of_another_format_is_refused_wherever_it_is_read(folder: Path, number: object) -> None:
    noted(folder, format=number, segmentry="9.9.9")
    for read in (sg.load, store.load_model, store.load_record, read_manifest, check_format):
        with pytest.raises(sg.ModelError) as error:
            read(folder)
        said = str(error.value)
        assert (
            f"'{folder}' is a folder of format {number!r}, and this version of segmentry reads format 1."
            in said
        )
        assert "Open it with the version that wrote it (9.9.9), or make the run again" in said


def test_a_model_beside_a_manifest_of_another_format_is_refused_too(folder: Path) -> None:
    noted(folder, format=2)
    with pytest.raises(sg.ModelError, match="format 2"):
        store.load_model(folder / "model.json")


@pytest.mark.parametrize(
    "command",
    [
        ["score", "{run}", "{run}/customers.csv", "--out", "placed.csv"],
        ["forget", "{run}", "--id", "1"],
        ["share", "{run}", "--out", "shared"],
        ["export", "{run}", "--segment", "1", "--out", "list.csv"],
        ["why", "{run}", "--id", "1"],
    ],
)
def test_every_command_refuses_a_run_of_another_format(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    monkeypatch.chdir(folder.parent)
    noted(folder, format=2)
    before = {file.name for file in folder.parent.iterdir()}
    assert run_app([part.format(run="run") for part in command]) == 2
    assert "'run' is a folder of format 2" in " ".join(capsys.readouterr().err.split())
    assert {file.name for file in folder.parent.iterdir()} == before


def test_the_dashboard_refuses_a_run_of_another_format_in_one_message(folder: Path) -> None:
    noted(folder, format=2)
    page = looker(folder)("/")
    assert page.status == 409
    assert "is a folder of format 2, and this version of segmentry reads format 1." in page.words


def test_settings_come_back_typed_and_stand_in_the_file_as_they_were(folder: Path) -> None:
    found, run = read_manifest(folder).settings, sg.load(folder).run
    entries = json.loads((folder / "run.json").read_text(encoding="utf-8"))["settings"]
    assert (found.groups, found.privacy) == (run.settings.groups, run.settings.privacy)
    assert found.every == run.settings.every == entries
    assert found.groups.control_share == entries["control_share"] == 0.5


def test_a_setting_of_the_wrong_type_is_refused_when_a_run_is_read(folder: Path) -> None:
    entries = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    noted(folder, settings=entries["settings"] | {"pseudonymise": "no"})
    with pytest.raises(sg.ModelError, match="the setting 'pseudonymise' cannot be 'no'"):
        sg.load(folder)
