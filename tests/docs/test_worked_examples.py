"""The worked examples of CONTRIBUTING are carried out in a copy of the source, as a contributor would."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = re.compile(r"^```python\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def examples(heading: str) -> list[str]:
    """The Python blocks below a heading of CONTRIBUTING."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return PYTHON.findall(text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0])


def copied(folder: Path) -> Path:
    """The package in a folder of its own."""
    package = folder / "src" / "segmentry"
    shutil.copytree(ROOT / "src" / "segmentry", package, ignore=shutil.ignore_patterns("__pycache__"))
    return package


def run(code: list[str], package: Path) -> subprocess.CompletedProcess[str]:
    """Python with the copy in place of the package."""
    return subprocess.run(
        [sys.executable, *code],
        cwd=ROOT,
        env={
            "PYTHONPATH": f"{package.parent}:{ROOT / 'tests'}",
            "PATH": "/usr/bin:/bin",
            "HOME": str(package.parent),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_algorithm_is_one_file_and_one_entry(tmp_path: Path) -> None:
    """It passes the contract of every algorithm, and settings, help and charts know its name."""
    package = copied(tmp_path)
    written, entry, _ = examples("An algorithm")
    (package / "stages/clustering/minibatch.py").write_text(written, encoding="utf-8")
    catalog = package / "records/algorithms.py"
    before, end, after = catalog.read_text(encoding="utf-8").partition('\n)\n"""Every algorithm')
    catalog.write_text(f"{before}\n{entry[entry.index('Entry(') :].strip()},{end}{after}", encoding="utf-8")

    contract = "tests/stages/clustering/test_algorithms.py"
    options = ["-q", "-p", "no:cacheprovider", "-m", "not real_data", "-k", "minibatch", contract]
    done = run(["-m", "pytest", *options], package)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= 12

    code = (
        "from segmentry.settings import Settings; from segmentry.views.charts.algorithms import spoken;"
        "from segmentry.cli import run_app; Settings(algorithm='minibatch');"
        "print(spoken('minibatch')); run_app(['run', '--help'])"
    )
    said = run(["-c", code], package)
    assert said.stdout.startswith("Mini-batch K-means\n"), said.stderr
    assert "minibatch" in said.stdout


CHART = """
import json, sys
from support.factories import make_run
from support.plain_visits import visit
from segmentry.dashboard.pages import models
from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS
from segmentry.views.report import report_html
sys.path.insert(0, "docs")
import refresh
run = make_run()
figures = {name: chart(run) for name, chart in SEGMENTS.items()}
print(json.dumps({
    "report": 'id="figure-confidence"' in report_html(run, figures),
    "dashboard": [chart.name for chart in models.show(visit(run))["of_these"]],
    "reference": "| `confidence` |" in refresh.figure_table(),
}))
"""


def test_a_new_chart_is_one_file_and_one_entry(tmp_path: Path) -> None:
    """It is in report and dashboard and in the table of figures, and its names do not overlap."""
    package = copied(tmp_path)
    written, entry = examples("A chart")
    (package / "views/charts/confidence.py").write_text(
        written[: written.index("\nfigure = confidence")], encoding="utf-8"
    )
    catalog = package / "views/charts/catalog.py"
    text = catalog.read_text(encoding="utf-8")
    end = '}\n"""Every figure of a run'
    assert text.count(end) == 1
    line = f'    "confidence": {entry[entry.index("Entry(") :].strip()},\n'
    imported = "from segmentry.views.charts.confidence import confidence\n"
    text = text.replace(end, f"{line}{end}").replace(
        "from segmentry.views.charts.choices", f"{imported}from segmentry.views.charts.choices", 1
    )
    catalog.write_text(text, encoding="utf-8")

    said = run(["-c", CHART], package)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["report"]
    assert "confidence" in found["dashboard"]
    assert found["reference"]
    options = ["-q", "-p", "no:cacheprovider", "-k", "confidence", "tests/views/charts/test_charts.py"]
    done = run(["-m", "pytest", *options], package)
    assert done.returncode == 0, done.stdout


def test_a_new_finding_is_one_entry_and_one_line(tmp_path: Path) -> None:
    """It passes the contract of every finding, an audit writes it down, and page and report explain it."""
    package = copied(tmp_path)
    entry, written = examples("A finding")
    catalog = package / "records/findings.py"
    before, end, after = catalog.read_text(encoding="utf-8").partition('\n)\n"""Every kind of finding')
    catalog.write_text(
        f"{before}\n{entry[entry.index('FindingKind(') :].strip()},{end}{after}", encoding="utf-8"
    )
    audit = package / "stages/cleaning/audit.py"
    before, rules, after = audit.read_text(encoding="utf-8").partition("RULES = (\n")
    function = written[written.index("def _rounded") :]
    audit.write_text(f"{before}{function}\n\n{rules}    _rounded,\n{after}", encoding="utf-8")

    done = run(["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/records/test_findings.py"], package)
    assert done.returncode == 0, done.stdout

    code = (
        "import segmentry as sg; import sys; sys.path.insert(0, 'docs'); import refresh;"
        "rows = {'customer_id': [f'C{n}' for n in range(90)], 'spend': [100 * (n % 7) for n in range(90)],"
        "'visits': [n % 11 for n in range(90)]}; import pyarrow as pa; look = sg.explore(pa.table(rows));"
        "print(*(found.rule for found in look.survey.audit.findings));"
        "from segmentry.views.report import exploration_html; page = exploration_html(look.survey, {});"
        "print('id=\"finding-C10\"' in page, '## C10' in refresh.finding_sections())"
    )
    said = run(["-c", code], package)
    assert said.returncode == 0, said.stderr
    codes, shown = said.stdout.splitlines()
    assert codes.split().count("C10") == 1
    assert shown == "True True"


def test_a_new_play_is_one_entry(tmp_path: Path) -> None:
    """It passes the contract of every play, and is the one for a segment that meets its conditions."""
    package = copied(tmp_path)
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("\n## A strategy\n")[2].partition("\n## ")[0]
    entry = section.partition("```yaml\n")[2].partition("```")[0]
    playbook = package / "catalogs/playbook.yaml"
    head, first, second, *others = re.split(r"(?m)^(?=- id: )", playbook.read_text(encoding="utf-8"))
    playbook.write_text("".join([head, first, f"{entry}\n", second, *others]), encoding="utf-8")

    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/edges/catalogs/test_playbook.py",
        "tests/test_catalogs.py",
    ]
    done = run(["-m", "pytest", *options, "-k", "play"], package)
    assert done.returncode == 0, done.stdout
    code = (
        "from segmentry.edges.catalogs.loading import playbook; plays = playbook();"
        "print(plays[1].id, *sorted(plays[1].when), len({play.id for play in plays}) == len(plays))"
    )
    said = run(["-c", code], package)
    assert said.stdout.split() == ["weekend_hours", "conversion", "weekend", "True"], said.stderr
