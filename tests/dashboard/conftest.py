"""A folder of runs as a shop has it, and a visitor who looks at it without a browser."""

from pathlib import Path

import pytest
from dashboard_pages import Look, looker

import segmentry as sg


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run, ``first``, of 999 generated customers."""
    folder = tmp_path_factory.mktemp("runs")
    sg.segment(sg.datasets.ecommerce(999).customers, name="shop.csv", effort="quick").save(folder / "first")
    return folder


@pytest.fixture(scope="session")
def look(runs: Path) -> Look:
    """A visitor of the folder of runs."""
    return looker(runs)
