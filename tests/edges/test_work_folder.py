"""What a program makes takes its place whole or not at all, whenever the program is killed and whoever comes between."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from support.kills import changes, ended, in_child, killed_before

from segmentry.edges.run_folder.experiments import replace_files
from segmentry.edges.run_folder.folder import check_target, new_folder, write_new
from segmentry.edges.run_folder.new_file import write_whole
from segmentry.edges.work_folder import restore, tidy, work_folder
from segmentry.errors import OutputError

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="programs are killed where there is fork"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

RUN = '{"segmentry": "0.1.0", "source": {}, "versions": {}}'


def a_run(home: Path) -> int:
    """Make a run, in place of an earlier one."""
    with new_folder(home / "good", force=True) as half:
        (half / "figures").mkdir()
        (half / "figures" / "elbow.csv").write_text("new")
        (half / "run.json").write_text(RUN + "\n")
    return 0


def a_first_run(home: Path) -> int:
    with new_folder(home / "deep" / "fresh") as half:
        (half / "run.json").write_text("new")
    return 0


def a_list(home: Path) -> int:
    """Two files that belong together."""
    write_new({home / "new.csv": "ids", home / "new.json": "about them"}, force=False)
    return 0


def a_list_over_another(home: Path) -> int:
    write_new({home / "list.csv": "new", home / "list.json": "about the new"}, force=True)
    return 0


def a_result(home: Path) -> int:
    """Several files of a run that change together."""

    def write(half: Path) -> None:
        (half / "figures").mkdir()
        for name in ("experiments.json", "report.html", "figures/elbow.csv"):
            (half / name).write_text("with the result")

    replace_files(home / "good", write)
    return 0


def home_of(folder: Path) -> Path:
    """A folder with a run and a list."""
    (folder / "good").mkdir(parents=True)
    for name, text in {"good/run.json": RUN, "list.csv": "old", "list.json": "about the old"}.items():
        (folder / name).write_text(text)
    return folder


def files(home: Path) -> Mapping[str, str]:
    return {str(one.relative_to(home)): one.read_text() for one in home.rglob("*") if one.is_file()}


def next_command(home: Path) -> None:
    """What every command does before it reads the run, and before it writes beside it."""
    restore(home / "good")
    for folder in (home, home / "deep"):
        tidy(folder)


@pytest.mark.parametrize("act", [a_run, a_first_run, a_list, a_list_over_another, a_result])
def test_a_program_killed_before_any_of_its_changes_loses_nothing(
    act: Callable[[Path], int], tmp_path: Path
) -> None:
    """Oracle: all files are those of before or those of after; nothing hidden is there, and the act can be done."""
    before, after = home_of(tmp_path / "before"), home_of(tmp_path / "after")
    steps = changes(after, partial(act, after))
    assert steps > 3
    for step in range(1, steps + 1):
        home = home_of(tmp_path / str(step))
        assert killed_before(step, home, partial(act, home)) == -9
        next_command(home)
        found = files(home)
        assert found in (files(before), files(after)), step
        if found == files(before):
            act(home)
            assert files(home) == files(after), step


def test_the_work_of_a_living_program_is_left_alone(tmp_path: Path) -> None:
    with work_folder(tmp_path, "good") as work:
        (work / "new" / "run.json").write_text("half")
        assert ended(in_child(lambda: tidy(tmp_path) or 0)) == 0
        assert (work / "new" / "run.json").read_text() == "half"
    assert list(tmp_path.iterdir()) == []


def test_what_another_program_left_without_a_lock_is_cleared_only_when_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".a.unfinished").mkdir()
    (tmp_path / ".b.unfinished").mkdir()
    (tmp_path / ".b.unfinished" / "thesis.txt").write_text("years of work")
    tidy(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [".b.unfinished"]


@pytest.mark.parametrize("link", ["new", "old", "placing", "replacing", "replacing/figures", "../figures"])
def test_a_work_folder_that_somebody_made_up_reaches_no_file_outside(tmp_path: Path, link: str) -> None:
    """A run folder from a stranger can hold anything: where its links lead to, nothing is moved, made or removed."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "keep.txt").write_text("mine")
    work = tmp_path / "run" / ".x.unfinished"
    (work / "replacing").mkdir(parents=True)
    (work / "owner").touch()
    if link == "../figures":
        (work / "replacing" / "figures").mkdir()
        (work / "replacing" / "figures" / "keep.txt").write_text("theirs")
    if link == "replacing":
        (work / link).rmdir()
    (work / link).symlink_to(victim)
    restore(tmp_path / "run")
    assert files(victim) == {"keep.txt": "mine"}
    assert not work.exists()


def saved(home: Path, *, force: bool, meanwhile: Callable[[Path], object]) -> None:
    """Save a run under a name under which something appears meanwhile."""
    with new_folder(home / "run", force=force) as half:
        (half / "run.json").write_text("slow")
        meanwhile(home / "run")


def notes(folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("precious")


def quicker(folder: Path) -> None:
    with new_folder(folder) as quick:
        (quick / "run.json").write_text("quick")


def a_file(path: Path) -> None:
    path.write_text("precious")


@pytest.mark.parametrize(
    ("force", "meanwhile", "said", "stays"),
    [
        (False, notes, "exists already", {"run/notes.txt": "precious"}),
        (False, a_file, "is a file", {"run": "precious"}),
        (False, quicker, "exists already", {"run/run.json": "quick"}),
        (True, notes, "something other than a run", {"run/notes.txt": "precious"}),
        (True, a_file, "is a file", {"run": "precious"}),
    ],
)
def test_what_appears_while_a_run_is_saved_stays(
    tmp_path: Path, *, force: bool, meanwhile: Callable[[Path], None], said: str, stays: Mapping[str, str]
) -> None:
    """Notes, a file, a quicker run: --force replaces a run and nothing else, however late that comes."""
    with pytest.raises(OutputError, match=said):
        saved(tmp_path, force=force, meanwhile=meanwhile)
    assert files(tmp_path) == stays


def test_a_file_that_appears_while_a_list_is_written_stays_and_nothing_is_put_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(half: Path) -> None:
        half.write_text("ours")
        (tmp_path / "list.json").write_text("precious")

    with pytest.raises(OutputError, match="exists already"):
        write_whole({tmp_path / "list.csv": slowly, tmp_path / "list.json": slowly}, force=False)
    assert files(tmp_path) == {"list.json": "precious"}


def test_files_get_their_names_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path, __: Path) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    a_list(tmp_path)
    assert files(tmp_path) == {"new.csv": "ids", "new.json": "about them"}


def test_the_place_of_a_run_is_tried_without_leaving_a_trace(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mtime_ns
    check_target(tmp_path / "run", force=False)
    assert list(tmp_path.iterdir()) == []
    assert tmp_path.stat().st_mtime_ns == before or sys.platform != "linux"


@pytest.mark.slow
def test_the_whole_life_survives_twenty_kills() -> None:
    """``make kill`` does it a thousand times."""
    drill = [sys.executable, "-m", "support.kill_drill", "--kills", "20"]
    done = subprocess.run(drill, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
