"""What every test may ask for: the real data, and a refusal to skip where all parts must be there."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

SHARED = Path(__file__).parents[2] / "shared" / "data"

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # read when NumPy and scikit-learn are imported
    os.environ.setdefault(variable, "1")  # threads of several test runs on two cores only wait for each other

settings.register_profile("shop", deadline=None)  # how long an example takes decides nothing
settings.load_profile("shop")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests of real data, with a reason, where the data are not beside the project."""
    for item in items:
        if item.get_closest_marker("real_data") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="the real data (../shared/data) are not on this machine"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Under SEGMENTRY_REQUIRE=all a skip is a failure: nothing may be left untested unseen."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("SEGMENTRY_REQUIRE") == "all":
        report.outcome = "failed"
        report.longrepr = f"SEGMENTRY_REQUIRE=all, but this was skipped: {report.longrepr}"


@pytest.fixture
def real() -> Path:
    """The folder of real data; tests that use it carry the mark ``real_data``."""
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def blank_pictures() -> Iterator[None]:
    """Figures are saved blank, which takes no time, unless a test asks for ``drawn_pictures``."""
    from support.pictures import without_drawing

    with without_drawing():
        yield


@pytest.fixture
def drawn_pictures() -> Iterator[None]:
    """The figures that this test saves are drawn, as people get them."""
    from support.pictures import with_drawing

    with with_drawing():
        yield
