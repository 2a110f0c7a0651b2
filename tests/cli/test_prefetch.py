"""A small file is read by a process of its own: nobody can tell from what comes out."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import segmentry as sg

ALONE = "import sys, segmentry.workflows.prefetch as f; f.MOST_BYTES = 0; from segmentry.cli import run_main; run_main()"
"""The command with every file too large for a second process, and for sparing threads."""

KILLED = """
from segmentry.workflows.prefetch import _Forerunner
from segmentry.settings import Settings
found = _Forerunner("customers.csv", Settings())
{kill}
steps = []
survey = found("customers.csv", Settings(), steps.append)
found.end()
print(len(survey.survey.customers.ids), steps[-1])
"""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the manifest, which holds the time."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "run.json"
    }


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.usefixtures("drawn_pictures")
def test_a_run_has_the_same_bytes_with_and_without_it(shop: Any) -> None:
    """Beside it, the Python face: three ways, one result."""
    assert shop.process("run", "customers.csv", "--effort", "quick", "--out", "two").code == 0
    assert python(ALONE, "run", "customers.csv", "--effort", "quick", "--out", "one").returncode == 0
    sg.segment("customers.csv", effort="quick").save("face")
    assert contents(Path("two")) == contents(Path("one")) == contents(Path("face"))
    manifests = [json.loads((Path(one) / "run.json").read_text()) for one in ("two", "one", "face")]
    assert len({json.dumps(one["settings"]) for one in manifests}) == 1


def test_it_is_sent_ahead_of_a_small_file_by_a_process_that_has_loaded_nothing(shop: Any) -> None:
    """So the command as people start it does use it; with NumPy there may be threads, and none is sent."""
    code = (
        "import os, segmentry.cli, segmentry.workflows.prefetch as f; os.cpu_count = lambda: 2; sent = f._is_worthwhile;"
        "print(sent('customers.csv'), sent('nowhere.csv')); f.MOST_BYTES = 9; print(sent('customers.csv'));"
        "f.MOST_BYTES = 9999; import numpy; print(sent('customers.csv'))"
    )
    done = python(code)
    assert done.stdout.split() == [str(sys.platform == "linux"), "False", "False", "False"], done.stderr


def test_the_steps_are_told_once_and_in_order(shop: Any) -> None:
    done = shop.process("run", "customers.csv", "--effort", "quick")
    assert done.err.splitlines()[:5] == [
        "Reading ...",
        "Checking and cleaning ...",
        "Exploring ...",
        "Preparing the features ...",
        "Trying 2 to 10 segments ...",
    ]


@pytest.mark.parametrize(
    "kill", ["", "found._process.kill()", "found._process.kill(); found._process.join()"]
)
def test_where_it_ends_early_the_file_is_read_here(shop: Any, kill: str) -> None:
    done = python(KILLED.format(kill=kill))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split(maxsplit=1)[1] == "Exploring\n"
    assert not done.stderr


def test_what_it_refuses_is_said_once(shop: Any) -> None:
    """The message of another process is the one that this process gives."""
    shop.write(
        "bad.csv", ["customer_id,visits,spend", *(f"C{one},{one},{one % 7}" for one in range(60)), "C9,1,1"]
    )
    there = shop.process("run", "bad.csv")
    here = shop("run", "bad.csv")
    assert (there.code, there.message) == (here.code, here.message)
    assert there.code == 2
    assert not Path("runs/bad").exists()


def test_it_does_not_outlive_the_command(shop: Any) -> None:
    """Killed in the middle, the command leaves no process behind that still knows its folder."""
    command = [sys.executable, "-m", "segmentry", "run", "customers.csv"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if line.startswith("Reading"))
        process.kill()
        process.wait()
        for _ in range(100):
            if not _alive(process.pid):
                break
            time.sleep(0.1)
        assert not _alive(process.pid)


def _alive(group: int) -> bool:
    """Whether a group of processes has anybody in it."""
    try:
        os.killpg(group, signal.SIG_DFL)
    except ProcessLookupError:
        return False
    return True
