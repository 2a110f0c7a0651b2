"""The notebook runs from the start, and what it shows is what it was committed with."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
COMMITTED = NOTEBOOKS / "customer_segmentation.ipynb"
SECONDS = 180
LARGEST = 1_500_000

Notebook = dict[str, Any]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Notebook:
    """The notebook executed now, in a process of its own: Jupyter's own warnings are not ours."""
    target = tmp_path_factory.mktemp("notebook") / "fresh.ipynb"
    command = [sys.executable, str(NOTEBOOKS / "execute.py"), str(target)]
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    done = subprocess.run(
        command, timeout=SECONDS, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return read(target)


def read(path: Path) -> Notebook:
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def sources(notebook: Notebook) -> list[tuple[str, str]]:
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]


def texts(notebook: Notebook) -> list[tuple[str, str]]:
    """What each code cell says in words, after its code."""
    return [
        ("".join(cell["source"]), "".join(said(output) for output in cell["outputs"]))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def said(output: dict[str, Any]) -> str:
    if "text" in output:
        return "".join(output["text"])
    data = output.get("data", {})
    return "[picture]" if "image/png" in data else "".join(data.get("text/plain", ()))


@pytest.mark.slow
def test_the_notebook_runs_without_an_error(fresh: Notebook) -> None:
    outputs = [one for cell in fresh["cells"] for one in cell.get("outputs", ())]
    assert [one for one in outputs if one["output_type"] == "error"] == []
    assert [one for one in outputs if one.get("name") == "stderr"] == []


@pytest.mark.slow
def test_it_is_committed_as_it_is_built(fresh: Notebook) -> None:
    assert sources(read(COMMITTED)) == sources(fresh), "run: python notebooks/execute.py"


@pytest.mark.slow
def test_it_says_what_it_was_committed_with(fresh: Notebook) -> None:
    assert texts(read(COMMITTED)) == texts(fresh), "run: python notebooks/execute.py"


def test_it_shows_every_figure_and_is_small() -> None:
    shown = [text for _, text in texts(read(COMMITTED))]
    assert sum("[picture]" in text for text in shown) == 14
    assert COMMITTED.stat().st_size < LARGEST


def test_it_finds_the_groups_that_the_customers_were_made_of() -> None:
    truth = next(text for code, text in texts(read(COMMITTED)) if "adjusted_rand_score(made.truth" in code)
    assert all(float(line.rpartition(" ")[2]) > 0.9 for line in truth.strip().splitlines())


def test_it_holds_nothing_of_the_machine_it_was_made_on() -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    assert str(Path.home()) not in text
    assert str(NOTEBOOKS.parent) not in text
    assert '"execution"' not in text
