"""A run on a local file speaks to nobody."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

WALL = """
import socket

def refuse(*_, **__):
    raise AssertionError("something asked for the network")

socket.socket.connect = socket.socket.connect_ex = socket.socket.bind = socket.socket.sendto = refuse
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
"""
"""Imported by Python before anything else: every way out raises."""


def cut_off() -> list[str]:
    """What starts a process without any network; nothing where the system does not allow that."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    command = [unshare, "--map-root-user", "--net"]
    return (
        command
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        else []
    )


def test_a_whole_run_and_a_score_need_no_network(shop: Any) -> None:
    """Python's sockets raise, and where the system allows it the process has no network at all."""
    wall = Path("wall")
    wall.mkdir()
    (wall / "sitecustomize.py").write_text(WALL)
    environment = {**os.environ, "PYTHONPATH": str(wall.absolute())}
    blocked = "import socket; socket.create_connection(('localhost', 9))"
    for arguments, succeeds in (
        (["-c", blocked], False),
        (["-m", "segmentry", "run", "customers.csv", "--effort", "quick"], True),
        (["-m", "segmentry", "score", "runs/customers", "customers.csv", "--out", "placed.csv"], True),
    ):
        done = subprocess.run(
            [*cut_off(), sys.executable, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) == succeeds, done.stderr
        assert ("asked for the network" in done.stderr) != succeeds
    assert Path("runs/customers/report.html").is_file()
    assert Path("placed.csv").is_file()
