"""The command line answers at once: nothing heavy is imported before it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "numpy",
    "pandas",
    "sklearn",
    "scipy",
    "ibis",
    "duckdb",
    "resvg",
    "pyarrow",
    "pydantic",
    "jinja2",
    "fastapi",
    "uvicorn",
}


@pytest.mark.parametrize(
    "start", ["import segmentry", "import segmentry.cli; segmentry.cli.run_app(['--help'])"]
)
def test_nothing_heavy_is_imported_to_start(start: str) -> None:
    code = f"{start}; import sys; print('LOADED', *sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split("LOADED", 1)[1].split()
    assert not HEAVY & set(loaded)


def test_the_public_names_are_all_there() -> None:
    import segmentry

    assert all(getattr(segmentry, name) is not None for name in segmentry.__all__)
    assert set(segmentry.__all__) <= set(dir(segmentry))
    with pytest.raises(AttributeError, match="no attribute 'segmnt'"):
        _ = segmentry.segmnt


def test_starting_the_dashboard_loads_nothing_that_its_pages_do_without() -> None:
    """Each costs 15 to 40 MB and a tenth of a second before anybody sees a page."""
    code = "import sys, segmentry.dashboard.serve; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded & {"ibis", "scipy", "resvg", "sklearn", "pandas", "polars"} == set()


def test_reading_and_exploring_a_file_loads_nothing_that_fits(tmp_path: Path) -> None:
    """SciPy, scikit-learn and pandas take a second to come up; a file with gaps is audited without them."""
    rows = [f"C{one},{one % 7},{'' if one % 9 == 0 else one * one % 83},{one % 2}" for one in range(120)]
    (tmp_path / "customers.csv").write_text("\n".join(["customer_id,visits,spend,member", *rows]))
    code = (
        "import sys; from segmentry.pipeline.survey import make_survey; from segmentry.settings import Settings;"
        "make_survey(sys.argv[1], Settings()); print(*sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "customers.csv")]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "ibis" in loaded
    assert loaded & {"scipy", "sklearn", "pandas", "resvg"} == set()
