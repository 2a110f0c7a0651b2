"""The documentation is true: its code runs, its outputs are what comes out, its links lead somewhere."""

import contextlib
import doctest
import importlib.util
import io
import os
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import pyarrow.csv as pa_csv
import pytest
import yaml
from support.runs import each_run_made_once

import segmentry as sg
from segmentry.cli import run_app
from segmentry.edges.catalogs import loading
from segmentry.records.settings import catalog
from segmentry.results.exploration import Exploration
from segmentry.settings import Settings
from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *DOCS.rglob("*.md"),
        *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    ]
)
RUNNABLE = {"python", "console", "sh"}
FENCE = re.compile(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
SPOKEN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block of a page."""

    language: str
    title: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(language=one[1], title=one[2] or "", text=one[3], line=text[: one.start()].count("\n") + 1)
        for one in FENCE.finditer(text)
    ]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


each_page = pytest.mark.parametrize("page", PAGES, ids=name)


@pytest.fixture(scope="module", autouse=True)
def _runs_made_once() -> Iterator[None]:
    """Pages begin with the same customers, and many with the same run over them."""
    with each_run_made_once():
        yield


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a customers.csv in it, to be worked in."""
    pa_csv.write_csv(sg.datasets.ecommerce(300).customers, tmp_path / "customers.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "page", [one for one in PAGES if any(block.language in RUNNABLE for block in blocks(one))], ids=name
)
def test_the_code_of_a_page_runs_from_top_to_bottom(page: Path, desk: Path) -> None:
    names: dict[str, object] = {"__name__": "page"}
    said = ""
    for block in blocks(page):
        where = f"{name(page)}, line {block.line}"
        if block.title:
            (desk / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            said = python_output(block, names, where)
        elif block.language in {"console", "sh"}:
            said = "".join(shell_output(line, where) for line in commands(block))
        elif block.language == "text":
            assert doctest.OutputChecker().check_output(block.text, said, SPOKEN), f"{where}: it says\n{said}"


def python_output(block: Block, names: dict[str, object], where: str) -> str:
    code = compile("\n" * block.line + block.text, where, "exec")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, names)  # noqa: S102 - the documentation's own code
    return out.getvalue()


def commands(block: Block) -> list[str]:
    """The commands of a block: every line in sh, those after a prompt in console."""
    lines = block.text.replace("\\\n", " ").splitlines()
    if block.language == "console":
        lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return [line for line in lines if line.strip() and not line.startswith("#")]


def shell_output(line: str, where: str) -> str:
    """What a command says; commands about the checkout are looked at, not run."""
    words = shlex.split(line, comments=True)
    while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
        words = words[1:]
    if words[:3] == ["python", "-m", "segmentry"]:
        words = words[2:]
    if words[0] != "segmentry":
        refuse_unknown_target(words, where)
        return ""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = run_app(words[1:])
    assert code == 0, f"{where}: {line}: {err.getvalue()}"
    return out.getvalue()


def refuse_unknown_target(words: list[str], where: str) -> None:
    """Targets of make must exist; so must the scripts and the extras that are named."""
    if words[0] == "make":
        targets = re.findall(
            r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        assert set(words[1:]) <= set(targets), f"{where}: make has no {words[1:]}"
    elif words[0].endswith("python") and words[1].endswith(".py"):
        assert (ROOT / words[1]).is_file(), f"{where}: there is no {words[1]}"
    elif words[0] == "pip":
        extras = re.findall(r"\[(\w+)\]", " ".join(words))
        assert set(extras) <= set(project()["optional-dependencies"]), f"{where}: no such extra"
    else:
        assert words[0] in {"git", "cd", ".ci/run"}, f"{where}: what is {words[0]}?"


def project() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{name(page)} links to {target}"
        assert found.is_relative_to(ROOT)
        if anchor:
            assert anchor in anchors(found), f"{name(page)} links to {target}"


@cache
def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@each_page
def test_every_page_can_be_reached(page: Path) -> None:
    """From the README or the index of the documentation."""
    if page.is_relative_to(DOCS) and page.name != "index.md":
        assert f"]({page.relative_to(DOCS)})" in (DOCS / "index.md").read_text(encoding="utf-8")
        assert f"](docs/{page.relative_to(DOCS)})" in (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def refresh() -> ModuleType:
    """The script that makes the made parts."""
    spec = importlib.util.spec_from_file_location("refresh", DOCS / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "page",
    [
        "reference/settings.md",
        "reference/findings.md",
        "reference/commands.md",
        "reference/run-folder.md",
        "how-to/choose-an-algorithm.md",
    ],
)
def test_made_tables_are_up_to_date(page: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == refresh().current(page), "run: python docs/refresh.py"


def test_every_setting_is_in_the_reference() -> None:
    page = (DOCS / "reference/settings.md").read_text(encoding="utf-8")
    for setting, found in catalog().items():
        assert f"| `{setting}` |" in page
        assert found.about.text
    assert page.count("\n| `") == len(catalog())


def test_settings_files_are_settings() -> None:
    """Every TOML block is a file that the program takes; one of archetypes or plays is a catalog."""
    found = [block for page in PAGES for block in blocks(page) if block.language == "toml"]
    assert found
    for block in found:
        if not block.text.startswith(("[[archetypes]]", "[[plays]]")):
            Settings.checked(tomllib.loads(block.text))


def test_catalog_entries_are_accepted(tmp_path: Path) -> None:
    """Every YAML block is a list of archetypes or of plays; a single one joins those that ship."""
    found = [block for page in PAGES for block in blocks(page) if block.language == "yaml"]
    assert found
    for number, block in enumerate(found):
        entries = yaml.safe_load(block.text)
        kind = "playbook" if "objective" in entries[0] else "archetypes"
        if not block.title:
            shipped = Path(loading.__file__).parents[2] / "catalogs" / f"{kind}.yaml"
            entries += yaml.safe_load(shipped.read_text(encoding="utf-8"))
        path = tmp_path / f"{number}-{kind}.yaml"
        path.write_text(yaml.safe_dump(entries), encoding="utf-8")
        assert len(getattr(loading, kind)(path)) == len(entries)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run folder and an exploration folder, as they are written."""
    where = tmp_path_factory.mktemp("folders")
    customers = sg.datasets.ecommerce(300).customers
    return sg.segment(customers).save(where / "run"), sg.explore(customers).save(where / "look")


def test_the_run_folder_reference_has_every_file_and_column(folders: tuple[Path, Path]) -> None:
    page = (DOCS / "reference/run-folder.md").read_text(encoding="utf-8")
    for path in (one for folder in folders for one in folder.rglob("*") if one.is_file()):
        if path.suffix == ".png":
            assert f"`{path.stem}`" in page
        elif path.parent.name != "figures":
            assert f"`{path.name}`" in page
        if path.suffix == ".csv" and path.parent.name != "figures":
            header = path.read_text(encoding="utf-8").partition("\n")[0].replace('"', "").split(",")
            ours = header if path.name != "customers.csv" else header[: header.index("value") + 1]
            assert [column for column in ours if f"`{column}`" not in page] == [], path.name


def test_the_figures_reference_is_complete() -> None:
    page = (DOCS / "reference/run-folder.md").read_text(encoding="utf-8")
    listed = set(
        re.findall(
            r"^\| `(\w+)` \|", page.partition("## figures")[2].partition("\n## ")[0], flags=re.MULTILINE
        )
    )
    assert listed == {*EXPLORATORY, *SEGMENTS}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{len(listed)} figures" in readme


def test_the_python_reference_has_every_public_name() -> None:
    page = (DOCS / "reference/python.md").read_text(encoding="utf-8")
    missing = [one for one in sg.__all__ if f"sg.{one}" not in page]
    for kind in (sg.Result, Exploration):
        missing += [one for one in vars(kind) if not one.startswith("_") and f"`{one}" not in page]
    missing += [one for one in sg.Segmenter().get_params() if f"`{one}`" not in page]
    assert missing == []


def listed_in_architecture() -> Iterator[str]:
    """The rooms and files of the tree in ARCHITECTURE.md, with their folders."""
    tree = next(one.text for one in blocks(ROOT / "ARCHITECTURE.md") if one.text.startswith("src/segmentry/"))
    folders: list[str] = []
    for line in tree.splitlines()[1:]:
        path = re.split(r"  +", line.strip())[0]
        depth = (len(line) - len(line.lstrip())) // 2 - 1
        folders = folders[:depth]
        for one in path.split():
            yield "/".join([*folders, one.rstrip("/")])
        if path.endswith("/"):
            folders.append(path.rstrip("/"))


def test_the_architecture_lists_the_rooms_there_are() -> None:
    home = ROOT / "src" / "segmentry"
    listed = set(listed_in_architecture())
    assert [one for one in listed if not (home / one).exists()] == []
    rooms = {str(one.parent.relative_to(home)) for one in home.rglob("__init__.py")} - {"."}
    assert sorted(rooms - listed) == []


def test_the_architecture_has_the_layers_that_are_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = [one.replace("segmentry.", "") for one in contracts[0]["layers"]]
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert "\n".join(layers) in page


def test_the_readme_shows_a_picture_that_is_small() -> None:
    picture = DOCS / "images" / "final.png"
    assert "](docs/images/final.png)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 150_000


@each_page
def test_pages_hold_no_paths_of_one_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(home|root|work|tmp|Users)/", text)
    assert os.sep not in page.name
