"""``segmentry run`` as people start it: the same result as from Python, and a quiet end."""

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


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the manifest, which holds the time."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "run.json"
    }


@pytest.mark.usefixtures("drawn_pictures")
def test_a_run_has_the_same_bytes_from_the_command_line_and_from_python(shop: Any) -> None:
    """It also prints its steps once and in order, and nothing more when it ends."""
    done = shop.process("run", "customers.csv", "--effort", "quick", "--out", "command")
    assert done.code == 0
    steps = done.err.splitlines()
    assert steps[:5] == [
        "Reading ...",
        "Checking and cleaning ...",
        "Exploring ...",
        "Preparing the features ...",
        "Trying 2 to 10 segments ...",
    ]
    assert all(line.endswith(" ...") for line in steps)
    assert len(set(steps)) == len(steps)
    sg.segment("customers.csv", effort="quick").save("face")
    assert contents(Path("command")) == contents(Path("face"))
    manifests = [json.loads((Path(folder) / "run.json").read_text()) for folder in ("command", "face")]
    assert manifests[0]["settings"] == manifests[1]["settings"]


def test_what_it_refuses_is_said_once(shop: Any) -> None:
    """The message of the command is the one that its function gives."""
    rows = (f"C{number},{number},{number % 7}" for number in range(60))
    shop.write("bad.csv", ["customer_id,visits,spend", *rows, "C9,1,1"])
    there = shop.process("run", "bad.csv")
    here = shop("run", "bad.csv")
    assert (there.code, there.message) == (here.code, here.message)
    assert there.code == 2
    assert not Path("runs/bad").exists()


def test_nothing_outlives_a_command_that_is_killed(shop: Any) -> None:
    """No process is left behind that still works in its folder."""
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
