"""A shop's folder with a customer table in it, and the command line to use there."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from support.runs import each_run_made_once

from segmentry.cli import run_app


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command left behind: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """The message on standard error, after the lines that tell the steps."""
        lines = [line for line in self.err.splitlines() if not line.endswith(" ...")]
        assert len(lines) == 1, f"one message was expected, this came: {self.err}"
        return lines[0]


def customer_lines(n: int, seed: int = 0) -> list[str]:
    """A customer table as lines of CSV: three groups by visits and spend."""
    rng = np.random.default_rng(seed)
    visits = np.maximum(rng.normal(np.array([5, 20, 50])[np.arange(n) % 3], 3), 0)
    spend = np.maximum(rng.normal(np.array([100, 30, 60])[np.arange(n) % 3], 9), 1)
    rows = [
        f"C{one:05d},{visits[one]:.0f},{spend[one]:.2f},{'Oslo' if one % 2 else 'Rome'}" for one in range(n)
    ]
    return ["customer_id,visits,spend,city", *rows]


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A folder to work in.

    Attributes:
        folder: The folder; it is the current one.
        capture: What takes in the printed text.
    """

    folder: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Outcome:
        """The command line in this process."""
        self.capture.readouterr()
        code = run_app(arguments)
        out, err = self.capture.readouterr()
        return Outcome(code=code, out=out, err=err)

    def process(self, *arguments: str, **environment: str) -> Outcome:
        """The command line in a process of its own, as people start it."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)

    def refusal(self, *arguments: str) -> str:
        """The one message of a command that must fail with exit code 2 and change nothing here."""
        before = self.files()
        outcome = self(*arguments)
        assert outcome.code == 2, outcome
        assert not outcome.out
        assert outcome.message.startswith("segmentry: ")
        assert self.files() == before
        return outcome.message.removeprefix("segmentry: ")

    def write(self, name: str, content: str | bytes | Sequence[str]) -> str:
        """A file in the folder, from text, bytes or lines; its name."""
        if not isinstance(content, str | bytes):
            content = "\n".join(content) + "\n"
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    def files(self) -> dict[str, bytes]:
        """Everything in the folder, with what it holds."""
        return {
            str(path.relative_to(self.folder)): b""
            if path.is_dir() or path.is_symlink()
            else path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
        }


COMMAND = (sys.executable, "-m", "segmentry")


@pytest.fixture(scope="module", autouse=True)
def _runs_made_once() -> Iterator[None]:
    """What commands do with a run is tested here; that runs come out alike is tested on whole runs."""
    with each_run_made_once():
        yield


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    """A folder with ``customers.csv`` in it: 60 customers in three groups."""
    monkeypatch.chdir(tmp_path)
    found = Shop(folder=tmp_path, capture=capsys)
    found.write("customers.csv", customer_lines(60))
    return found


@pytest.fixture(scope="session")
def customers() -> list[str]:
    """The lines of ``customers.csv``, the header first."""
    return customer_lines(60)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over ``customers.csv``, made once; tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "customers.csv").write_text("\n".join(customer_lines(60)) + "\n")
    with each_run_made_once():
        assert run_app(["run", str(folder / "customers.csv"), "--out", str(folder / "run"), "--quiet"]) == 0
    return folder / "run"
